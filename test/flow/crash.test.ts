import { expect, test } from 'vitest';
import { eventually, startReady, takeOver } from './process.ts';
import {
  createWorld,
  digestOf,
  dueAt,
  findRow,
  fresh,
  lists,
  MAYA,
  MONDAY_NINE,
  patches,
  posted,
  pressOnly,
  TASK_A,
  TASK_B,
  wordsOf,
} from './world.ts';

/** A lease lives eight seconds; what a killed process held is taken up soon after. */
const TAKEN_UP_WITHIN = 25_000;

test.each([
  ['before Gong was asked anything', 'POST /v2/tasks', 'hang', 1, 20_000],
  ['before Gong did anything', 'PATCH', 'hang', 2, 20_000],
  // At once: the lease of the killed process is not over yet.
  ['after Gong did it, but before it could say so', 'PATCH', 'hold', 2, 500],
] as const)(
  'killed %s: the click, which was acknowledged, has its effect once and the row ends right',
  async (_, on, kind, sent, later) => {
    const world = await createWorld();
    const digest = await digestOf(world);
    const first = await takeOver(world);
    const before = lists(world).length;
    world.gong.fail({ on, how: { kind } });

    const { acked } = await pressOnly(world, digest, 'Whitfield 001', 'Snooze', 'Next week');
    expect(acked).toBe(true);
    await eventually(() => expect(on === 'PATCH' ? patches(world) : lists(world).slice(before)).toHaveLength(1));
    first.kill('SIGKILL');
    expect(await first.exit).toBeNull();
    world.gong.release();
    const killedAt = performance.now();
    await startReady(world, world.now() + later);

    await eventually(() => expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Snoozed until'));
    expect(performance.now() - killedAt).toBeLessThan(TAKEN_UP_WITHIN);
    expect(dueAt(world, TASK_A)).toBe('2026-11-30T14:00:00.000Z');
    expect(world.gong.task(TASK_B)?.updated).toBe('2026-11-01T10:00:00Z');
    expect(patches(world).filter(({ status }) => status !== 429)).toHaveLength(sent);
    expect(world.slack.messages(MAYA.id)).toHaveLength(1);
  },
  60_000,
);

test('killed in the middle of a digest: after the restart the rep gets it, once', async () => {
  const world = await createWorld();
  world.gong.fail({ on: 'POST /v2/tasks', how: { kind: 'hold' } });
  const first = await takeOver(world, MONDAY_NINE + 1_000);
  await eventually(() => expect(lists(world)).toHaveLength(1));
  first.kill('SIGKILL');
  await first.exit;
  world.gong.release();
  expect(posted(world)).toEqual([]);

  const second = await startReady(world, MONDAY_NINE + 20_000);
  await eventually(() => expect(posted(world)).toHaveLength(1));
  expect(wordsOf(posted(world)[0])).toContain('Monday 23 November');
  // Until the run is marked as posted.
  await new Promise((resolve) => setTimeout(resolve, 500));
  second.kill('SIGKILL');
  await second.exit;
  await startReady(world, MONDAY_NINE + 60_000);
  await new Promise((resolve) => setTimeout(resolve, 2_000));

  expect(posted(world)).toHaveLength(1);
}, 60_000);

test('two processes on one database: one digest, and one effect for each click', async () => {
  const world = await createWorld();
  await world.app.stop();
  await Promise.all([startReady(world, MONDAY_NINE - 5_000), startReady(world, MONDAY_NINE - 5_000)]);

  await eventually(() => expect(posted(world)).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(posted(world)).toHaveLength(1);
  const [digest] = posted(world);
  if (!digest) throw new Error('no digest');

  // Slack hands its envelopes to the two connections in turn.
  await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await world.slack.redeliver();
  await Promise.all([
    pressOnly(world, fresh(world, digest), 'Whitfield 002', 'Dismiss'),
    pressOnly(world, fresh(world, digest), 'Whitfield 002', 'Dismiss'),
  ]);

  await eventually(() => expect(wordsOf(fresh(world, digest))).toContain('All 2 settled'));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect([TASK_A, TASK_B].map((id) => world.gong.task(id)?.status)).toEqual(['DONE', 'DISMISSED']);
  expect(patches(world).filter(({ status }) => status === 200)).toHaveLength(2);
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);
}, 60_000);
