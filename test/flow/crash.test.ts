/** Deaths that are no cell of the crash matrix (`test/crash`). */
import { expect, test } from 'vitest';
import { MAYA, MONDAY_NINE, TASK_A, TASK_B } from './cast.ts';
import { pressOnly } from './press.ts';
import { eventually, startReady, takeOver } from './process.ts';
import { dueAt, findRow, fresh, patches, posted, wordsOf } from './read.ts';
import { morning } from './start.ts';
import { createWorld } from './world.ts';

/** A lease lives eight seconds; what a killed process held is taken up soon after. */
const TAKEN_UP_WITHIN = 25_000;

test('back before the lease of the killed process is over: the click is taken up when it is, and has its effect once', async () => {
  const { world, digest } = await morning();
  const first = await takeOver(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'hold' } });

  const { acked } = await pressOnly(world, digest, 'Whitfield 001', 'Snooze', 'Next week');
  expect(acked).toBe(true);
  await eventually(() => expect(patches(world)).toHaveLength(1));
  first.kill('SIGKILL');
  expect(await first.signal).toBe('SIGKILL');
  world.gong.release();
  const killedAt = performance.now();
  await startReady(world, world.now() + 500);

  await eventually(() => expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Snoozed until'));
  expect(performance.now() - killedAt).toBeLessThan(TAKEN_UP_WITHIN);
  expect(dueAt(world, TASK_A)).toBe('2026-11-30T14:00:00.000Z');
  expect(world.gong.task(TASK_B)?.updated).toBe('2026-11-01T10:00:00Z');
  expect(patches(world).filter(({ status }) => status !== 429)).toHaveLength(2);
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);
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

  await eventually(() => expect(wordsOf(fresh(world, digest))).toContain('All 2 cleared'));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect([TASK_A, TASK_B].map((id) => world.gong.task(id)?.status)).toEqual(['DONE', 'DISMISSED']);
  expect(patches(world).filter(({ status }) => status === 200)).toHaveLength(2);
  expect(world.slack.messages(MAYA.id)).toHaveLength(1);
}, 60_000);
