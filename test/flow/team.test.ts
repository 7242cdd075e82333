/** What an operator sees of the team, and what they can do for one rep. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { ADMIN, MAYA, MONDAY_NINE, THEO } from './cast.ts';
import { answered, digestOf, type Shown, show, type } from './press.ts';
import { lastMessage, mustBe, posted } from './read.ts';
import { createThree } from './start.ts';
import type { World } from './world.ts';

const users = [MAYA, { ...THEO, tz: MAYA.tz }, ADMIN];

/** The table's rows, each as one text. */
function tableOf({ blocks }: { blocks: JsonObject[] }): string[] {
  const table = blocks.find(({ type: kind }) => kind === 'table');
  const rows = (table?.rows ?? []) as { text: string }[][];
  return rows.map((cells) => cells.map(({ text }) => text).join(' | '));
}

async function choose(world: World, message: Shown, action: string, text: string): Promise<Shown> {
  const block = mustBe(message.now().blocks.find((each) => JSON.stringify(each).includes(`"action_id":"${action}"`)));
  const element = mustBe((block.elements as JsonObject[]).find((each) => each.action_id === action));
  const option = mustBe((element.options as JsonObject[]).find((each) => JSON.stringify(each).includes(text)));
  await answered(world, () =>
    world.slack.act(ADMIN.id, { ts: message.ts }, String(block.block_id), { ...element, selected_option: option }),
  );
  return show(world, mustBe(lastMessage(world, ADMIN)));
}

test('the team is a table: tools, the last digest, the last click and what waits; and the same as text', async () => {
  const world = await createThree({ users, gongRateLimits: false });
  const digest = await digestOf(world);
  await digest.press('Whitfield 001', 'Done');

  const team = await type(world, 'team', ADMIN);

  expect(tableOf(team)).toEqual([
    'Name | Gong | Outreach | Reply.io | Last digest | Last click | Waiting',
    'Ada Fenwick | no user found | not signed in | no user found | none yet | never | 0',
    'Maya Lindqvist | linked | linked | linked | 09:00 | 09:00 | 0',
    'Theo Brandt | linked | not signed in | linked | 09:00 | never | 0',
  ]);
  for (const row of tableOf(team).slice(1)) expect(team.text).toContain(row.replaceAll(' | ', ', '));
});

test('filters and pages turn in the same message', async () => {
  const many = Array.from({ length: 45 }, (_, index) => ({
    ...MAYA,
    id: `U0R${index}`,
    name: `r${index}`,
    realName: `Rep ${String(index).padStart(2, '0')}`,
    email: `r${index}@northlight.example`,
  }));
  const gongUsers = many.map(({ email }, index) => ({
    id: `900${index}`,
    emailAddress: String(email),
    active: true,
    firstName: 'R',
    lastName: String(index),
  }));
  const world = await createThree({ users: [ADMIN, ...many], gongUsers, signedIn: [] });
  const team = await type(world, 'team', ADMIN);
  expect(team.text).toContain('Team: 46 people, page 1 of 3');

  await team.button('Next');
  await team.button('Next');

  expect(
    tableOf(team.now())
      .slice(1)
      .map((row) => row.slice(0, 6)),
  ).toEqual(['Rep 39', 'Rep 40', 'Rep 41', 'Rep 42', 'Rep 43', 'Rep 44']);
  const filtered = await choose(world, team, 'team_filter', 'Not linked to any tool');
  expect(tableOf(filtered.now()).slice(1)).toEqual([expect.stringContaining('Ada Fenwick')]);
});

test('for one rep everything answers why none came, and what can be done', async () => {
  const world = await createThree({ users });
  await type(world, 'pause', THEO);
  await world.passTo(MONDAY_NINE);

  const report = await type(world, 'team theo', ADMIN);

  expect(report.words()).toContain('none comes, because they paused their digests.');
  expect(report.words()).toContain('Outreach: not signed in');
  expect(report.words()).toContain('Last click: never');
  await report.button('Remind to connect');
  await world.idle();
  expect(lastMessage(world, THEO)?.text).toContain(`<@${ADMIN.id}> asks you to connect Outreach`);
  const had = posted(world, THEO).length;
  await report.button('Remind to connect');
  expect(posted(world, THEO)).toHaveLength(had);
  await report.button('Send a test digest');
  expect(posted(world, THEO)).toHaveLength(had + 1);
});

test('a name that several have, or nobody, is said', async () => {
  const world = await createThree({ users: [MAYA, { ...THEO, realName: 'Maya Brandt' }, ADMIN] });

  expect(tableOf(await type(world, 'team @maya', ADMIN))).toHaveLength(3);
  expect((await type(world, 'team nobody', ADMIN)).text).toContain('Nobody here is called “nobody”');
  expect((await type(world, `team <@${MAYA.id}|maya>`, ADMIN)).words()).toContain('*Maya Lindqvist*');
});

test('nobody but an admin learns anything of others, whatever they type or press', async () => {
  const world = await createThree({ users });
  const team = await type(world, 'team', ADMIN);
  expect((await type(world, 'team theo', MAYA)).text).toContain('Only admins');
  await world.slack.setUser({ ...ADMIN, isAdmin: false });

  const refused = await choose(world, team, 'team_rep', 'Theo Brandt');

  expect(refused.now().text).toContain('Only admins');
  expect(JSON.stringify(refused.now().blocks)).not.toContain('Theo');
});
