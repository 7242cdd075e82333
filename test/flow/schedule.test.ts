import { expect, test } from 'vitest';
import type { SandboxUser } from '../../sandbox/slack/types.ts';
import { DAY, gongTask, HOUR, MAYA, MAYA_GONG, MINUTE, MONDAY_NINE, TASK_A, TASK_B, THEO, THEO_GONG } from './cast.ts';
import { digestOf, type } from './press.ts';
import { lastMessage, posted, wordsOf } from './read.ts';
import { createWorld, type World } from './world.ts';

const FIVE = 5 * MINUTE;

function titles(world: World, who: SandboxUser = MAYA): string[] {
  return posted(world, who).map((message) => wordsOf(message).split('\n')[0] ?? '');
}

test('however often the app looks at the clock, and is started again, a rep gets one digest a day', async () => {
  const world = await createWorld();

  await digestOf(world);
  await world.pass(MINUTE, 3);
  await world.restart();
  await world.restart(HOUR);

  expect(titles(world)).toEqual(['Monday 23 November']);

  await world.passTo(MONDAY_NINE + DAY);

  expect(titles(world)).toEqual(['Monday 23 November', 'Tuesday 24 November']);
});

test('a minute before nine nothing comes', async () => {
  const world = await createWorld();

  await world.pass(4 * MINUTE);
  expect(posted(world)).toEqual([]);
  await world.pass(MINUTE);

  expect(posted(world)).toHaveLength(1);
});

test('/tasks digest sends one at once, before and after the scheduled one, and neither replaces the other', async () => {
  const world = await createWorld();

  await type(world, 'digest');
  expect(titles(world)).toEqual(['Monday 23 November']);
  await digestOf(world);
  expect(titles(world)).toHaveLength(2);
  await type(world, 'digest');
  expect(titles(world)).toHaveLength(3);
  await world.pass(DAY);

  expect(titles(world)).toHaveLength(4);
  expect(titles(world).at(-1)).toBe('Tuesday 24 November');
});

test('no digest on a weekend, unless it is asked for', async () => {
  const fridayNine = MONDAY_NINE + 4 * DAY;
  const world = await createWorld({ now: fridayNine - FIVE });

  await world.pass(FIVE);
  expect(titles(world)).toEqual(['Friday 27 November']);
  await world.pass(DAY);
  await type(world, 'digest');
  expect(titles(world)).toEqual(['Friday 27 November', 'Saturday 28 November']);
  await world.pass(DAY);
  expect(titles(world)).toHaveLength(2);
  await world.pass(DAY);

  expect(titles(world).slice(2)).toEqual(['Monday 30 November']);
});

test('/tasks pause: none until /tasks resume', async () => {
  const world = await createWorld();

  expect((await type(world, 'pause')).text).toContain('paused until you type `/tasks resume`');
  await world.pass(FIVE);
  await world.pass(DAY);
  expect(posted(world)).toEqual([]);
  expect((await type(world, 'resume')).text).toContain('Next digest: Wed 25 Nov, 09:00');
  await world.pass(DAY);

  expect(titles(world)).toEqual(['Wednesday 25 November']);
});

test('/tasks pause until a date: none before it, and that day the digest comes', async () => {
  const world = await createWorld();

  expect((await type(world, 'pause until Thursday')).text).toContain('Next digest: Thu 26 Nov, 09:00');
  await world.pass(DAY, 3);
  expect(posted(world)).toEqual([]);
  await world.pass(FIVE);

  expect(titles(world)).toEqual(['Thursday 26 November']);
});

test('a pause that cannot be read, or lies in the past, changes nothing', async () => {
  const world = await createWorld();

  expect((await type(world, 'pause until doomsday')).text).toContain('is not a date that Docket understands');
  expect((await type(world, 'pause until 2026-11-01')).text).toContain('is in the past');

  expect(wordsOf(await digestOf(world))).toContain('Monday 23 November');
});

test('two reps in different zones each get theirs at their own nine', async () => {
  const nineInBerlin = Date.parse('2026-11-23T08:00:00Z');
  const tasks = [gongTask({ id: TASK_A }), gongTask({ id: TASK_B, userId: THEO_GONG.id })];
  const world = await createWorld({ now: nineInBerlin - FIVE, tasks });

  await world.pass(FIVE);
  expect([titles(world, THEO), titles(world, MAYA)]).toEqual([['Monday 23 November'], []]);
  expect(wordsOf(lastMessage(world, THEO))).toContain('Whitfield 002');
  expect(wordsOf(lastMessage(world, THEO))).not.toContain('Whitfield 001');
  await world.passTo(MONDAY_NINE);

  expect([titles(world, THEO), titles(world, MAYA)]).toEqual([['Monday 23 November'], ['Monday 23 November']]);
});

test.each([
  ['two hours late: it still comes, once', 2 * HOUR, 1],
  ['beyond the window: it is skipped', 5 * HOUR, 0],
])('an app that was down at nine and comes up %s', async (_, late, digests) => {
  const world = await createWorld();

  await world.restart(FIVE + late);
  await world.pass(MINUTE);

  expect(posted(world)).toHaveLength(digests);
  await world.passTo(MONDAY_NINE + DAY);
  expect(titles(world).at(-1)).toBe('Tuesday 24 November');
  expect(posted(world)).toHaveLength(digests + 1);
});

test('after days of downtime only the digest of today comes, never those that were missed', async () => {
  const world = await createWorld();

  await world.restart(3 * DAY + HOUR);

  expect(titles(world)).toEqual(['Thursday 26 November']);
});

test.each([
  // The clocks went back on Sunday, so nine in New York is an hour later in UTC.
  [MAYA, '2026-10-30T13:00:00Z', '2026-11-02T14:00:00Z', 'Monday 2 November'],
  // And forward in Berlin.
  [THEO, '2026-03-27T08:00:00Z', '2026-03-30T07:00:00Z', 'Monday 30 March'],
])(
  'the clocks change on Sunday, and on Monday the digest comes at nine all the same',
  async (who, friday, monday, title) => {
    const world = await createWorld({ now: Date.parse(friday) - FIVE });

    await world.pass(FIVE);
    expect(posted(world, who)).toHaveLength(1);
    await world.passTo(Date.parse(monday) - MINUTE);
    expect(posted(world, who)).toHaveLength(1);
    await world.pass(MINUTE);

    expect(titles(world, who).slice(1)).toEqual([title]);
  },
);

test.each([
  ['is busy', { status: 429, retryAfter: 30 }, 31_000],
  ['has an internal error', { error: 'internal_error' }, 4_000],
])('Slack %s when the digest is posted: it comes later, once', async (_, failure, later) => {
  const world = await createWorld();
  world.slack.failNext('chat.postMessage', failure, 2);

  await world.pass(FIVE);
  expect(posted(world)).toEqual([]);
  await world.pass(later, 3);
  await world.pass(HOUR);

  expect(titles(world)).toEqual(['Monday 23 November']);
});

test("a rep whom Slack does not let us reach does not keep the next one's digest away, and is not hammered", async () => {
  const theo = { ...THEO, tz: MAYA.tz };
  const world = await createWorld({ users: [MAYA, theo] });
  world.slack.failNext('chat.postMessage', { error: 'user_not_found' });

  await world.pass(FIVE);
  await world.pass(10 * MINUTE);

  expect([...posted(world, MAYA), ...posted(world, theo)]).toHaveLength(1);
  expect(world.slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(2);

  await world.passTo(MONDAY_NINE + DAY);

  expect([...posted(world, MAYA), ...posted(world, theo)]).toHaveLength(3);
});

test('a rep who moves gets the digest at nine where they are now', async () => {
  const world = await createWorld();
  await digestOf(world);
  world.slack.setUser({ ...MAYA, tz: 'Asia/Tokyo' });

  // The daily look at who is who comes with the first tick of the next UTC day: nine in Tokyo.
  await world.passTo(Date.parse('2026-11-24T00:00:00Z'));
  await world.pass(DAY);

  expect(titles(world)).toEqual(['Monday 23 November', 'Wednesday 25 November']);
});

test('someone who left gets no digest any more', async () => {
  const world = await createWorld();
  await digestOf(world);
  world.slack.setUser({ ...MAYA, deleted: true });

  await world.pass(12 * HOUR);
  await world.pass(12 * HOUR);

  expect(posted(world)).toHaveLength(1);
});

test('someone added to Gong is found within a day and gets digests without having spoken to Docket', async () => {
  const world = await createWorld({ gongUsers: [THEO_GONG] });
  await world.pass(FIVE);
  expect(posted(world)).toEqual([]);
  world.gong.putUser(MAYA_GONG);

  await world.pass(12 * HOUR);
  await world.pass(12 * HOUR);

  expect(titles(world)).toEqual(['Tuesday 24 November']);
});
