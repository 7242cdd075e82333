/** The weekly roll-up of a team, from the admin's window to the channel. */
import { expect, test } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { ADMIN, DAY, gongTask, HOUR, MAYA, MONDAY_NINE, THEO, THEO_GONG } from './cast.ts';
import { digestOf, press, show, type } from './press.ts';
import { lastMessage, modalOf, mustBe, posted, wordsOf } from './read.ts';
import { fieldsOf, inChannel, SALES, sendWindow, setUp, tableOf, toFriday } from './rollup.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

const users = [MAYA, { ...THEO, tz: MAYA.tz }, ADMIN];
const tasks = [
  // Due on the Friday before: one working day late on Monday.
  gongTask({ id: '9007199254740993001', dueDate: new Date(MONDAY_NINE - 3 * DAY).toISOString() }),
  gongTask({ id: '9007199254740993002' }),
  gongTask({ id: '9007199254740993003' }),
  gongTask({ id: '9007199254740993004', userId: THEO_GONG.id }),
];

async function createTeam(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld({
    users,
    tasks,
    gongRateLimits: false,
    overrides: { isPaced: () => false },
    ...options,
  });
  world.slack.setChannel(SALES);
  return world;
}

test('an admin sets it up, and on Friday the channel has one row for each person', async () => {
  const world = await createTeam();
  const digest = await digestOf(world);
  await press(world, digest, 'Whitfield 003', 'Done');
  expect(await setUp(world)).toContain('*Saved.* <#C0SALES> gets it Fridays at 16:00 (America/New_York)');
  expect(inChannel(world).map(({ text }) => text)).toEqual([
    expect.stringContaining('*A weekly roll-up of tasks comes here*, Fridays at 16:00 (America/New_York)'),
  ]);

  await toFriday(world);

  const [, report, ...others] = inChannel(world);
  expect(others).toEqual([]);
  expect(tableOf(mustBe(report))).toEqual([
    'Name | Open | Trend | Overdue | Done | Dismissed | Moved | Note',
    'Maya Lindqvist | 2 | – | 2 (5 days) | 1 | 0 | 0 | –',
    'Theo Brandt | 1 | – | 1 (4 days) | 0 | 0 | 0 | –',
  ]);
  expect(wordsOf(report)).toContain('2 people: 3 open, 3 overdue; in the last seven days 1 done, 0 dismissed, 0 moved');
  expect(wordsOf(report)).toContain('Set up by Ada Fenwick');
  expect(report?.text).toContain('\nMaya Lindqvist: open 2; overdue 2 (5 days); done 1;');
  const said = JSON.stringify([report, inChannel(world)]);
  for (const name of ['Whitfield', 'Harbour', 'Call about']) expect(said).not.toContain(name);
});

test('it comes once each week, also after a restart, with the trend from the second on', async () => {
  const world = await createTeam();
  await digestOf(world);
  await setUp(world);
  await toFriday(world);
  await world.restart();
  await world.pass(HOUR);
  expect(inChannel(world)).toHaveLength(2);
  world.gong.put(gongTask({ id: '9007199254740993005' }));

  for (let morning = 7; morning <= 11; morning += 1) await world.passTo(MONDAY_NINE + morning * DAY);
  await world.passTo(MONDAY_NINE + 11 * DAY + 7 * HOUR);

  const reports = inChannel(world).slice(1);
  expect(reports).toHaveLength(2);
  expect(tableOf(mustBe(reports.at(-1))).slice(1)).toEqual([
    expect.stringMatching(/^Maya Lindqvist \| 4 \| \+1 \|/),
    expect.stringMatching(/^Theo Brandt \| 1 \| same \|/),
  ]);
});

test('whoever is put on it is told once, and sees the very row that the others read', async () => {
  const world = await createTeam();
  const digest = await digestOf(world);
  await press(world, digest, 'Whitfield 003', 'Done');

  await setUp(world);

  const told = posted(world).filter(({ text }) => text.includes('You are in a weekly roll-up now'));
  expect(told.map(({ text }) => text)).toEqual([
    expect.stringContaining(
      `<@${ADMIN.id}> set it up: Fridays at 16:00 (America/New_York), <#C0SALES> gets, about you and one other person,`,
    ),
  ]);
  await toFriday(world);
  expect(posted(world).filter(({ text }) => text.includes('You are in a weekly roll-up now'))).toHaveLength(1);
  const status = await type(world, 'status', MAYA);
  const mine = 'open 2; overdue 2 (5 days); done 1; dismissed 0; moved 0';
  expect(wordsOf(status)).toContain(`You are in the weekly roll-up that <#C0SALES> gets`);
  expect(wordsOf(status)).toContain(mine);
  expect(inChannel(world).at(-1)?.text).toContain(mine);
  const own = await type(world, 'rollup', MAYA);
  expect(own.text).toContain(mine);
  expect(own.text).not.toContain('Theo');
});

test('who joins the user group is told and in the next one; who leaves it is out', async () => {
  const world = await createTeam();
  world.slack.setGroup('S0TEAM', [MAYA.id]);
  await digestOf(world);
  await setUp(world, { people: [], groups: '<!subteam^S0TEAM|@team>' });
  world.slack.setGroup('S0TEAM', [THEO.id]);

  await toFriday(world);

  expect(tableOf(mustBe(inChannel(world).at(-1))).slice(1)).toEqual([expect.stringMatching(/^Theo Brandt/)]);
  expect(posted(world, THEO).some(({ text }) => text.includes('You are in a weekly roll-up now'))).toBe(true);
  expect((await type(world, 'rollup', MAYA)).text).toContain('you are in none');
});

test('a person whom no tool knows has a row that says so, and one who left Slack has none', async () => {
  const world = await createTeam();
  await digestOf(world);
  await setUp(world, { people: [MAYA, THEO, ADMIN] });
  await world.slack.setUser({ ...THEO, deleted: true });
  await world.idle();

  await toFriday(world);

  expect(tableOf(mustBe(inChannel(world).at(-1))).slice(1)).toEqual([
    expect.stringMatching(/^Maya Lindqvist/),
    'Ada Fenwick | – | – | – | 0 | 0 | 0 | not connected',
  ]);
});

// slack.md 1.4
test('a channel without Docket is refused in the window, with what to do and all that was filled in', async () => {
  const world = await createTeam();
  world.slack.setChannel({ id: 'C0SECRET', name: 'secret', isPrivate: true });
  await digestOf(world);

  const said = await setUp(world, { channel: 'C0SECRET', day: 3 });

  expect(said).toContain('*Not saved.* Docket is no member of that channel. Type `/invite @Docket` there');
  const fields = JSON.stringify(modalOf(world, ADMIN));
  expect(fields).toContain('"initial_conversation":"C0SECRET"');
  expect(fields).toContain(`"initial_users":["${MAYA.id}","${THEO.id}"]`);
  world.slack.setChannel({ id: 'C0SECRET', name: 'secret', isPrivate: true, hasApp: true });
  expect(await sendWindow(world, { channel: 'C0SECRET', day: 3 })).toContain('*Saved.*');
  await toFriday(world);
  expect(inChannel(world, 'C0SECRET')).toHaveLength(2);
});

test('an archived channel is told to the admin who set it up', async () => {
  const world = await createTeam();
  await digestOf(world);
  await setUp(world);
  world.slack.setChannel({ ...SALES, isArchived: true });

  await toFriday(world);

  const said = mustBe(posted(world, ADMIN).at(-1)).text;
  expect(said).toContain("*This week's roll-up for <#C0SALES> was not sent.* That channel is archived.");
  expect(said).toContain('The next one is planned for Fri 4 Dec, 16:00');
  expect(inChannel(world)).toHaveLength(1);
});

test('the window asks for people and for one reader, and knows ids of user groups', async () => {
  const world = await createTeam();

  const errors = JSON.parse(await setUp(world, { people: [], groups: '', person: MAYA.id }));
  expect(Object.keys(errors)).toEqual(['rollup_people', 'rollup_channel']);
  expect(await sendWindow(world, { groups: 'sales' })).toContain('“sales” is no id of a user group');
  expect(await sendWindow(world, { groups: 'S0NOBODY' })).toContain('Slack knows no such user group any more');
});

test('it can go to a person, is shown to admins, and stopped', async () => {
  const world = await createTeam();
  await digestOf(world);
  await setUp(world, { channel: null, person: MAYA.id });
  expect(lastMessage(world, MAYA)?.text).toMatch(
    /You are in a weekly roll-up now|A weekly roll-up of tasks comes here/,
  );

  const list = await type(world, 'rollup', ADMIN);
  expect(list.words()).toContain(`<@${MAYA.id}>: Fridays at 16:00 (America/New_York), about 2 people`);
  await list.button('Show');
  expect(tableOf(list.now())).toHaveLength(3);
  const again = await type(world, 'team', ADMIN);
  await again.button('Weekly roll-ups');
  const listed = show(world, mustBe(lastMessage(world, ADMIN)));
  await listed.button('Stop');

  expect(listed.now().text).toBe('Stopped: nobody gets it any more.');
  const before = posted(world).length;
  await toFriday(world);
  expect(
    posted(world)
      .slice(before)
      .filter(({ text }) => text.startsWith('Weekly roll-up')),
  ).toEqual([]);
});

test('the off switch silences it, and it comes again with the digests', async () => {
  const world = await createTeam();
  await digestOf(world);
  await setUp(world);
  await (await type(world, 'team pause', ADMIN)).button('Stop all digests');
  await toFriday(world);
  expect(inChannel(world)).toHaveLength(1);
  await (await type(world, 'team resume', ADMIN)).button('Let digests come again');

  await world.passTo(MONDAY_NINE + 11 * DAY + 7 * HOUR);

  expect(inChannel(world)).toHaveLength(2);
});

test('nobody but an admin sets one up, sees one, changes one or stops one, whatever they send', async () => {
  const world = await createTeam({ slackRateLimits: false });
  await digestOf(world);
  await setUp(world);
  expect((await type(world, 'rollup', THEO)).now().blocks.some(({ type: kind }) => kind === 'actions')).toBe(false);
  const list = await type(world, 'rollup', ADMIN);
  const { response_url: _, ...mould } = structuredClone(
    mustBe(world.slack.sent.findLast(({ payload }) => payload.type === 'view_submission')).payload,
  );
  const forged = (more: JsonObject) =>
    world.slack.deliver('interactive', { ...mould, user: { id: THEO.id }, ...more } as JsonObject);
  const view = mould.view as JsonObject;
  const values = Object.fromEntries(
    Object.entries(fieldsOf({ channel: null, person: THEO.id })).map(([id, value]) => [id, { [id]: value }]),
  );

  for (const private_metadata of ['new', '1', '2']) {
    await forged({ view: { ...view, private_metadata, state: { values } } });
    await world.idle();
  }
  await world.slack.setUser({ ...ADMIN, isAdmin: false });
  await list.button('Stop');
  await toFriday(world);

  expect(list.now().text).toContain('Only admins');
  expect(posted(world, THEO).filter(({ text }) => /^Weekly roll-up|comes here/.test(text))).toEqual([]);
  expect(inChannel(world)).toHaveLength(2);
});

test('outside of the pilot nobody is in one, and none goes there', async () => {
  const world = await createTeam({ env: { PILOT: `${MAYA.id},${ADMIN.id}` } });
  await digestOf(world);
  expect(await setUp(world, { channel: null, person: THEO.id })).toContain('That person is not in the pilot');
  expect(await sendWindow(world, {})).toContain('*Saved.*');

  await toFriday(world);

  expect(tableOf(mustBe(inChannel(world).at(-1))).slice(1)).toEqual([expect.stringMatching(/^Maya Lindqvist/)]);
  expect(posted(world, THEO)).toEqual([]);
});
