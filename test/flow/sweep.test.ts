/** Acting on many tasks at once: few clicks, one message, one Undo. */
import { expect, test } from 'vitest';
import { digestOf } from './press.ts';
import { clicker, dueTimes, overdue, progressMessages, progressOf, TWENTY, untilProgress } from './sweeping.ts';

const TOMORROW = '2026-11-24T14:00:00.000Z';

test('twenty overdue tasks of three tools are moved in two clicks by the offer, in one message with their results', async () => {
  const world = await overdue(TWENTY);
  const digest = await digestOf(world);
  const maya = clicker(world);

  await maya.button(digest, '20 overdue for more than a week: move them…');
  await maya.submit();

  expect(maya.clicks).toBeLessThanOrEqual(3);
  expect(world.slack.modal('U0MAYA')).toBeUndefined();
  const progress = await untilProgress(world, '20 of 20 done');
  expect(dueTimes(world, TWENTY)).toEqual([TOMORROW]);
  console.log(progress.words());
  console.log(world.slack.calls.filter(({ method }) => method === 'chat.update').length, progress.now().edits);
  expect(progressMessages(world)).toHaveLength(1);
  expect(digest.words()).toContain('All 20 cleared');
}, 90_000);
