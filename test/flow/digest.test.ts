import { expect, test } from 'vitest';
import { gongTask, HOUR, MAYA, MONDAY_NINE, TASK_A, TASK_B } from './cast.ts';
import { digestOf, press } from './press.ts';
import { dueAt, findRow, fresh, lastMessage, patches, rowsOf, wordsOf } from './read.ts';
import { createWorld } from './world.ts';

const FOUR_VERBS = ['Done', 'Snooze', 'Reschedule', 'Dismiss'];
const DUE = new Date(MONDAY_NINE + 3 * HOUR).toISOString();

test('at nine on a working morning one digest arrives, with four controls at every task', async () => {
  const world = await createWorld();
  expect(world.slack.messages(MAYA.id)).toEqual([]);

  const digest = await digestOf(world);

  expect(wordsOf(digest)).toContain('Monday 23 November');
  expect(wordsOf(digest)).toContain('0 of 2 settled');
  expect(digest.text).toContain('Monday 23 November: 2 due today');
  expect(rowsOf(digest.blocks).map(({ controls }) => Object.keys(controls))).toEqual([FOUR_VERBS, FOUR_VERBS]);
  expect(findRow(digest, 'Whitfield 001').text).toContain('Due in 3 hours (Mon 23 Nov, 12:00)');
});

test('Done marks that task done at Gong, and Undo opens it again; its neighbour, one digit away, is never touched', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);

  await press(world, digest, 'Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  const settled = fresh(world, digest);
  expect(findRow(settled, 'Whitfield 001').text).toContain('Marked done in Gong');
  expect(Object.keys(findRow(settled, 'Whitfield 001').controls)).toEqual(['Undo']);
  expect(wordsOf(settled)).toContain('1 of 2 settled');

  await press(world, settled, 'Whitfield 001', 'Undo');

  expect(world.gong.task(TASK_A)).toMatchObject({ status: 'OPEN', dueDate: DUE });
  const undone = fresh(world, digest);
  expect(Object.keys(findRow(undone, 'Whitfield 001').controls)).toEqual(FOUR_VERBS);
  expect(wordsOf(undone)).toContain('0 of 2 settled');
  expect(world.gong.task(TASK_B)).toMatchObject({ status: 'OPEN', dueDate: DUE, updated: '2026-11-01T10:00:00Z' });
  expect(patches(world).map(({ path }) => path)).toEqual([`/v2/tasks/${TASK_A}`, `/v2/tasks/${TASK_A}`]);
});

test('Dismiss dismisses at Gong, and Undo opens the task again', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);

  await press(world, digest, 'Whitfield 002', 'Dismiss');

  expect(world.gong.task(TASK_B)?.status).toBe('DISMISSED');
  expect(findRow(lastMessage(world), 'Whitfield 002').text).toContain('Dismissed in Gong');

  await press(world, lastMessage(world), 'Whitfield 002', 'Undo');

  expect(world.gong.task(TASK_B)?.status).toBe('OPEN');
  expect(world.gong.task(TASK_A)?.updated).toBe('2026-11-01T10:00:00Z');
});

// 09:00 on a Monday in New York, which is five hours behind UTC.
test.each([
  ['Later today', '2026-11-23T17:00:00.000Z', 'Mon 23 Nov, 12:00'],
  ['Tomorrow', '2026-11-24T14:00:00.000Z', 'Tue 24 Nov, 09:00'],
  ['Next week', '2026-11-30T14:00:00.000Z', 'Mon 30 Nov, 09:00'],
])("Snooze, %s: moves the task in the rep's own zone, and Undo brings the old time back", async (choice, at, words) => {
  const due = '2026-11-20T16:30:00Z';
  const world = await createWorld({ tasks: [gongTask({ id: TASK_A, dueDate: due }), gongTask({ id: TASK_B })] });
  const digest = await digestOf(world);

  await press(world, digest, 'Whitfield 001', 'Snooze', choice);

  expect(dueAt(world, TASK_A)).toBe(at);
  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  expect(findRow(lastMessage(world), 'Whitfield 001').text).toContain(`Snoozed until ${words}`);
  expect(dueAt(world, TASK_B)).toBe(DUE);

  await press(world, lastMessage(world), 'Whitfield 001', 'Undo');

  expect(dueAt(world, TASK_A)).toBe(new Date(due).toISOString());
  expect(Object.keys(findRow(lastMessage(world), 'Whitfield 001').controls)).toEqual(FOUR_VERBS);
});

test('a task can be done, undone and done again, and after each step Gong holds what the row says', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);

  await press(world, digest, 'Whitfield 001', 'Done');
  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');
  await press(world, fresh(world, digest), 'Whitfield 001', 'Dismiss');

  expect(world.gong.task(TASK_A)?.status).toBe('DISMISSED');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Dismissed in Gong');

  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');

  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
});

test('Undo goes back to the due date as it was right before the click, not to the one in the morning', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  const movedAtGong = '2026-11-27T15:45:00+01:00';
  world.gong.put(gongTask({ id: TASK_A, dueDate: movedAtGong }));

  // The first press only tells of it.
  await press(world, digest, 'Whitfield 001', 'Snooze', 'Next week');
  await press(world, fresh(world, digest), 'Whitfield 001', 'Snooze', 'Next week');
  expect(dueAt(world, TASK_A)).toBe('2026-11-30T14:00:00.000Z');
  await press(world, fresh(world, digest), 'Whitfield 001', 'Undo');

  expect(dueAt(world, TASK_A)).toBe(new Date(movedAtGong).toISOString());
});

test('when all are settled the digest says so', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);

  await press(world, digest, 'Whitfield 001', 'Done');
  await press(world, fresh(world, digest), 'Whitfield 002', 'Dismiss');

  expect(wordsOf(fresh(world, digest))).toContain('All 2 settled');
});
