import { expect, test } from 'vitest';
import { createWorld, DAY, findRow, gongTask, HOUR, lastMessage, MAYA, press, TASK_A, TASK_B, wordsOf } from './world.ts';

test('at nine on a working morning the digest arrives, and each verb changes the task at Gong', async () => {
  const world = await createWorld();
  expect(world.slack.messages(MAYA.id)).toEqual([]);

  await world.pass(5 * 60_000);

  const digest = lastMessage(world);
  expect(wordsOf(digest)).toContain('Monday 23 November');
  await press(world, digest, 'Whitfield 001', 'Done');
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(world.gong.task(TASK_B)?.status).toBe('OPEN');
  expect(findRow(lastMessage(world), 'Whitfield 001').text).toContain('Marked done in Gong');

  await press(world, lastMessage(world), 'Whitfield 001', 'Undo');
  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  expect(Object.keys(findRow(lastMessage(world), 'Whitfield 001').controls)).toEqual([
    'Done',
    'Snooze',
    'Reschedule',
    'Dismiss',
  ]);
});
