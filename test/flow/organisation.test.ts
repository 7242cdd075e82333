/** The app in a whole organisation of Enterprise Grid: one person is one rep, whichever of its workspaces they are in. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { ADMIN, DAY, MAYA, MINUTE, MONDAY_NINE, TASK_A, TASK_B, THEO } from './cast.ts';
import { installFrom, openBrowser } from './installable.ts';
import { createOrganisation, createOrganised, NORTH, ORGANISATION, SOUTH, WEST } from './organised.ts';
import { digestOf, openHome, submit, type } from './press.ts';
import { dueAt, posted } from './read.ts';
import { inStore } from './workspaces.ts';
import type { World } from './world.ts';

const repsOf = (world: World, teamId = ORGANISATION) => inStore(world, ({ store }) => store.reps.list(teamId));
const linksOf = (world: World) => inStore(world, ({ store }) => store.links.list(ORGANISATION));
const askedFor = (world: World, method: string) => world.slack.calls.filter((call) => call.method === method);
const teamsAsked = (world: World, method: string) => askedFor(world, method).map(({ args }) => args.team_id);

// slack.md 9.3: team is null
test('from the page into the whole organisation: the page says what its admin does next, and it is one workspace', async () => {
  const { world, org } = await createOrganisation();
  const page = await installFrom(world, openBrowser(), ORGANISATION);

  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Docket is in the organisation Sandbox') });
  expect(page.text).toContain('adds it to the workspaces');
  expect(await inStore(world, ({ store }) => store.installs.find(ORGANISATION))).toMatchObject({
    teamId: ORGANISATION,
    enterpriseId: ORGANISATION,
  });
  for (const place of [NORTH, SOUTH]) {
    org.slack.enter(place);
    expect((await type(org, 'help')).words()).toContain('/tasks digest');
  }
  expect(await world.status('/readyz')).toBe(200);
  expect(await installFrom(world, openBrowser(), ORGANISATION)).toMatchObject({
    status: 200,
    text: expect.stringContaining('anew'),
  });
});

// slack.md 10.2, 10.3
test('a rep who is in two workspaces gets one digest at nine, and presses, types and looks at Home in either', async () => {
  const { world, org } = await createOrganised();
  expect(new Set(teamsAsked(org, 'users.list'))).toEqual(new Set([NORTH, WEST, SOUTH]));
  expect((await linksOf(world)).map(({ userId }) => userId).toSorted()).toEqual([MAYA.id, THEO.id]);

  const digest = await digestOf(org);
  expect(posted(org)).toHaveLength(1);
  org.slack.enter(SOUTH);
  await digest.press('Whitfield 001', 'Done');
  expect(org.slack.sent.at(-1)?.payload).toMatchObject({ team: null, is_enterprise_install: true });
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  await digest.open('Whitfield 002', 'Reschedule');
  await submit(org, {
    when_picker: { type: 'datetimepicker', selected_date_time: (MONDAY_NINE + DAY) / 1_000 },
    when_typed: { type: 'plain_text_input', value: null },
  });
  expect(dueAt(world, TASK_B)).toBe(new Date(MONDAY_NINE + DAY).toISOString());

  const seen: string[] = [];
  for (const place of [NORTH, SOUTH]) {
    org.slack.enter(place);
    seen.push((await type(org, '')).words());
    expect((await openHome(org)).rows().map(({ text }) => text)).toMatchObject([expect.stringContaining('Whitfield')]);
  }
  expect(seen[0]).toContain('Whitfield 002');
  expect(seen[1]).toBe(seen[0]);
  await world.pass(MINUTE, 5);
  expect(posted(org)).toHaveLength(1);
  expect(org.slack.unexpected).toEqual([]);
});

test('what is typed to the app in its conversation counts, whichever workspace the message names', async () => {
  const { org } = await createOrganised();
  await digestOf(org);
  org.slack.enter(SOUTH);
  await org.slack.say(MAYA.id, 'status');
  await org.idle();

  expect(JSON.stringify(org.slack.messages(MAYA.id).at(-1))).toContain('*Gong*: linked');
});

async function tell(org: World, user: SandboxUser): Promise<void> {
  const { acked } = await org.slack.event({
    type: 'user_change',
    user: { id: user.id, deleted: true },
    event_ts: '1.1',
  });
  expect(acked).toBe(true);
  await org.idle();
}

// slack.md 10.4
test.each([NORTH, SOUTH])(
  'who leaves %s and stays in another workspace keeps links and digests; who leaves the organisation does not',
  async (left) => {
    const { world, org } = await createOrganised();
    await digestOf(org);
    org.slack.setTeam(left, [ADMIN.id]);
    org.slack.enter(left);
    await tell(org, MAYA);
    await world.pass(DAY);
    expect((await repsOf(world)).find(({ userId }) => userId === MAYA.id)).toMatchObject({ active: true });
    expect(posted(org)).toHaveLength(2);
    expect((await linksOf(world)).map(({ userId }) => userId)).toContain(MAYA.id);

    await org.slack.setUser({ ...MAYA, deleted: true });
    await org.idle();
    await world.pass(DAY);

    expect(posted(org)).toHaveLength(2);
    expect((await linksOf(world)).map(({ userId }) => userId)).not.toContain(MAYA.id);
  },
);

test('a workspace that gets the app later is found within a day, and one that loses it is not asked any more', async () => {
  const { world, org } = await createOrganised({ there: { teams: { [NORTH]: [ADMIN.id, THEO.id], [WEST]: [] } } });
  await world.passTo(MONDAY_NINE);
  expect(posted(org)).toHaveLength(0);
  org.slack.setTeam(SOUTH, [MAYA.id]);
  org.slack.setTeam(WEST, undefined);
  const before = org.slack.calls.length;
  await world.pass(DAY);
  await world.pass(MINUTE);

  expect((await linksOf(world)).map(({ userId }) => userId)).toContain(MAYA.id);
  const asked = org.slack.calls.slice(before).filter(({ method }) => method === 'users.list');
  expect(new Set(asked.map(({ args }) => args.team_id))).toEqual(new Set([NORTH, SOUTH]));
  await world.pass(DAY);
  expect(posted(org)).toHaveLength(1);
});

test('a workspace that loses the app while everyone is read fails nobody else', async () => {
  const { world, org } = await createOrganised();
  org.slack.failNext('users.list', { error: 'team_access_not_granted' });
  await world.pass(DAY);

  expect((await linksOf(world)).map(({ userId }) => userId).toSorted()).toEqual([MAYA.id, THEO.id]);
  const gone = 'a workspace of the organisation does not have the app any more';
  expect(world.lines.filter(({ message }) => message === gone)).toMatchObject([{ fields: { workspace: NORTH } }]);
  expect(await world.status('/readyz')).toBe(200);
  expect(world.lines.filter(({ message }) => message.includes('Slack refuses our own token'))).toEqual([]);
});

test('an admin of the organisation is an admin everywhere; who is none is none', async () => {
  const { org } = await createOrganised({
    there: { users: [ADMIN, { ...MAYA, isOrgAdmin: true }, THEO] },
  });
  await digestOf(org);

  expect((await type(org, 'team', MAYA)).words()).toContain('Gong');
  expect((await type(org, 'team', THEO)).words()).not.toContain('linked');
});

test.each([
  ['of another organisation', { enterprise_user: { enterprise_id: 'E0OTHER', teams: ['T9'] }, team_id: 'T9' }],
  ['met in a shared channel', { is_stranger: true }],
])('people who are none of the organisation are not linked, and told so: %s', async (_name, said) => {
  const { world, org } = await createOrganised({ there: { users: [ADMIN, { ...MAYA, said }, THEO] } });
  await world.passTo(MONDAY_NINE);

  expect(posted(org)).toHaveLength(0);
  expect((await type(org, '')).text).toContain('you belong to another one');
  await org.slack.say(MAYA.id, 'status');
  await org.idle();
  expect(JSON.stringify(org.slack.messages(MAYA.id))).not.toContain('linked');
});

test('the removal from the organisation forgets all of it; that from one workspace nothing', async () => {
  const { world, org } = await createOrganised();
  await digestOf(org);
  await org.slack.event({ type: 'app_uninstalled', event_ts: '1.1' });
  await world.pass(MINUTE);
  expect((await repsOf(world)).length).toBeGreaterThan(0);

  org.slack.refuseToken('token_revoked');
  await org.slack.event({ type: 'app_uninstalled', event_ts: '1.2' });
  await world.pass(MINUTE, 3);

  expect(await repsOf(world)).toEqual([]);
  expect(await inStore(world, ({ store }) => store.installs.list())).toEqual([]);
  const { rows } = await inStore(world, ({ db }) => sql`select * from tools`.execute(db));
  expect(rows).toEqual([]);
});
