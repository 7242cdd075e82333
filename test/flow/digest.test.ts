import { expect, test } from 'vitest';
import { gongTask, HOUR, MAYA, MONDAY_NINE, TASK_A, TASK_B } from './cast.ts';
import { digestOf } from './press.ts';
import { dueAt, patches, wordsOf } from './read.ts';
import { morning } from './start.ts';
import { createWorld } from './world.ts';

const FOUR_VERBS = ['Done', 'Snooze', 'Reschedule', 'Dismiss'];
const DUE = new Date(MONDAY_NINE + 3 * HOUR).toISOString();

test('at nine on a working morning one digest arrives, with four controls at every task', async () => {
  const world = await createWorld();
  expect(world.slack.messages(MAYA.id)).toEqual([]);

  const digest = await digestOf(world);

  expect(wordsOf(digest)).toContain('Monday 23 November');
  expect(digest.text).toContain('Monday 23 November: 2 due today');
  for (const row of ['Whitfield 001', 'Whitfield 002']) expect(digest.controls(row)).toEqual(FOUR_VERBS);
  expect(digest.row('Whitfield 001').text).toContain('Due in 3 hours (Mon 23 Nov, 12:00)');
});

test('after each of Done, Undo, Dismiss and Undo Gong holds what the row says; the task one digit away is never touched', async () => {
  const { world, digest } = await morning();

  for (const [verb, status] of [
    ['Done', 'DONE'],
    ['Dismiss', 'DISMISSED'],
  ] as const) {
    await digest.press('Whitfield 001', verb);
    expect(world.gong.task(TASK_A)?.status).toBe(status);
    expect(digest.controls('Whitfield 001')).toEqual(['Undo']);
    expect(digest.words()).toContain('1 of 2 cleared');

    await digest.press('Whitfield 001', 'Undo');
    expect(world.gong.task(TASK_A)).toMatchObject({ status: 'OPEN', dueDate: DUE });
    expect(digest.controls('Whitfield 001')).toEqual(FOUR_VERBS);
    expect(digest.words()).toContain('0 of 2 cleared');
  }
  expect(world.gong.task(TASK_B)).toEqual(gongTask({ id: TASK_B }));
  expect(new Set(patches(world).map(({ path }) => path))).toEqual(new Set([`/v2/tasks/${TASK_A}`]));
});

// 09:00 on a Monday in New York, which is five hours behind UTC.
test("each choice of Snooze moves the task in the rep's own zone, and Undo brings the old time back", async () => {
  const due = '2026-11-20T16:30:00Z';
  const tasks = [gongTask({ id: TASK_A, dueDate: due }), gongTask({ id: TASK_B })];
  const { world, digest } = await morning({ tasks });

  for (const [choice, at, words] of [
    ['Later today', '2026-11-23T17:00:00.000Z', 'Mon 23 Nov, 12:00'],
    ['Tomorrow', '2026-11-24T14:00:00.000Z', 'Tue 24 Nov, 09:00'],
    ['Next week', '2026-11-30T14:00:00.000Z', 'Mon 30 Nov, 09:00'],
  ] as const) {
    await digest.press('Whitfield 001', 'Snooze', choice);
    expect(dueAt(world, TASK_A)).toBe(at);
    expect(digest.row('Whitfield 001').text).toContain(`Snoozed until ${words}`);

    await digest.press('Whitfield 001', 'Undo');
    expect(dueAt(world, TASK_A)).toBe(new Date(due).toISOString());
    expect(digest.controls('Whitfield 001')).toEqual(FOUR_VERBS);
  }
  expect(world.gong.task(TASK_B)).toEqual(gongTask({ id: TASK_B }));
});
