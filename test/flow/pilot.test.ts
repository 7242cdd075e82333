/** A company that tries Docket out with some people first, and an admin who stops all digests. */
import { expect, test } from 'vitest';
import { ADMIN, DAY, gongTask, MAYA, MAYA_GONG, MINUTE, MONDAY_NINE, TASK_A, TASK_B, THEO, THEO_GONG } from './cast.ts';
import { digestOf, openHome, type } from './press.ts';
import { lastMessage, posted } from './read.ts';
import { createWorld, type WorldOptions } from './world.ts';

const OUTSIDE = 'Docket is being tried out by some people first, and you are not one of them yet';
const users = [MAYA, THEO, ADMIN];
/** Nine in New York is three in the afternoon in Berlin: both have had their digest by then. */
const NEW_YORKERS = { users: [MAYA, { ...THEO, tz: MAYA.tz }, ADMIN] };
const tasks = [gongTask({ id: TASK_A }), gongTask({ id: TASK_B, userId: THEO_GONG.id })];

const pilot = (people: string, more: WorldOptions = {}) =>
  createWorld({ ...NEW_YORKERS, tasks, ...more, env: { PILOT: people, ...more.env } });

test.each<[string, string]>([
  ['an id', MAYA.id],
  ['an address, in other capitals', 'Someone@else.example, MAYA@northlight.example'],
])('only who is in the pilot by %s is linked and written to', async (_name, people) => {
  const world = await pilot(people);

  await world.passTo(MONDAY_NINE);

  expect(posted(world)).not.toEqual([]);
  expect(posted(world, THEO)).toEqual([]);
  expect((await type(world, 'team', ADMIN)).words()).toContain('*Gong*: 1 rep linked');
});

test('everyone else is told in one line, whom to ask too, wherever they come in, and Gong is not asked about them', async () => {
  const world = await pilot(MAYA.id, { env: { ADMINS: ADMIN.id } });
  const before = world.gong.requests.length;

  for (const text of ['', 'help', 'digest', 'status', 'connect']) {
    expect((await type(world, text, THEO)).text).toBe(`${OUTSIDE}: ask <@${ADMIN.id}> to add you.`);
  }
  expect((await openHome(world, THEO)).words()).toContain(OUTSIDE);
  await world.slack.say(THEO.id, 'overdue');
  await expect.poll(() => lastMessage(world, THEO)?.text).toContain(OUTSIDE);
  expect(world.gong.requests.length).toBe(before);
});

test('an admin looks after a pilot that they are not in', async () => {
  const world = await pilot(MAYA.id);

  expect((await type(world, 'team', ADMIN)).words()).toContain('rep linked');
  expect((await type(world, '', ADMIN)).text).toContain(OUTSIDE);
});

test('a user group is the pilot: who joins it is in, and who leaves it gets no more, but what they pressed is done', async () => {
  const world = await pilot('S0PILOT', { start: false });
  world.slack.setGroup('S0PILOT', [MAYA.id]);
  await world.app.start();
  await world.app.idle();
  const digest = await digestOf(world);
  expect(posted(world, THEO)).toEqual([]);

  world.slack.setGroup('S0PILOT', [THEO.id]);
  await world.pass(6 * MINUTE);
  await digest.press('Whitfield 001', 'Done');
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  const had = posted(world).length;
  // The daily look links who joined.
  await world.passTo(MONDAY_NINE + DAY - 60 * MINUTE);
  await world.passTo(MONDAY_NINE + DAY);

  expect(posted(world)).toHaveLength(had);
  expect(posted(world, THEO)).not.toEqual([]);
  expect((await type(world, '')).text).toContain(OUTSIDE);
});

test('a group that cannot be read is told at the start, and lets nobody in', async () => {
  const world = await pilot('S0PILOT', { start: false });
  world.slack.grant('usergroups:read', false);

  await world.app.start();
  await world.passTo(MONDAY_NINE);

  expect(world.lines.map(({ message }) => message)).toContain(
    'cannot read who is in a user group; it stays as it was last read',
  );
  expect(posted(world)).toEqual([]);
  // Nothing is wrong with the token.
  expect(await world.status('/readyz')).toBe(200);
});

test('ADMINS says who is one, and the rights in Slack no more', async () => {
  const world = await createWorld({ users, env: { ADMINS: 'maya@northlight.example' } });

  expect((await type(world, 'team', MAYA)).words()).toContain('linked');
  expect((await type(world, 'team', ADMIN)).text).toContain('Only admins');
});

test('an admin stops all digests without a restart, after one question, and lets them come again', async () => {
  const world = await createWorld({ ...NEW_YORKERS, tasks });
  const question = await type(world, 'team pause', ADMIN);
  expect(question.text).toContain('2 reps would get none');
  // Nothing is stopped by the asking.
  expect((await type(world, 'status')).words()).not.toContain('stopped');
  await question.button('Stop all digests');
  expect(lastMessage(world, ADMIN)?.text).toContain('*All digests are stopped*');

  await world.restart();
  await world.passTo(MONDAY_NINE);
  expect([posted(world), posted(world, THEO)]).toEqual([[], []]);
  expect((await type(world, 'status')).words()).toContain(`*All digests are stopped* by <@${ADMIN.id}>`);
  expect((await type(world, '')).rows()).toHaveLength(1);

  await (await type(world, 'team resume', ADMIN)).button('Let digests come again');
  await world.pass(MINUTE);
  // What was left out is not sent later.
  expect(posted(world)).toEqual([]);
  await world.passTo(MONDAY_NINE + DAY);
  expect(posted(world)).not.toEqual([]);
});

test('nobody but an admin stops digests, whatever button they press', async () => {
  const world = await createWorld({ ...NEW_YORKERS, tasks, gongUsers: [MAYA_GONG, THEO_GONG] });
  expect((await type(world, 'team pause', MAYA)).text).toContain('Only admins');
  const question = await type(world, 'team pause', ADMIN);
  await world.slack.setUser({ ...ADMIN, isAdmin: false });

  await question.button('Stop all digests');

  expect(lastMessage(world, ADMIN)?.text).toContain('Only admins');
  await world.passTo(MONDAY_NINE);
  expect(posted(world)).not.toEqual([]);
});
