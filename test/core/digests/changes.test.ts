/** What is news of a task, and what became of one that is gone, case by case. */
import { describe, expect, test } from 'vitest';
import { closedTask, missingSince, newsSince } from '../../../src/core/digests/changes.ts';
import type { Row } from '../../../src/core/model/row-state.ts';
import { DAY, HOUR, NOW, READER, rowOf, seenAs, task } from '../../blocks/fixtures.ts';

const { zone } = READER;
/** The last digest: yesterday at nine. */
const BEFORE = NOW - DAY;
const LATE = task({ id: 'a', dueAt: BEFORE - DAY });
const TODAY = task({ id: 'a', dueAt: NOW + HOUR });

/** Of a task that stands as `row` in the last digest, and is now as `now`. */
function news(row: Row | undefined, now = row?.task ?? LATE) {
  const base = { provider: now.provider, at: BEFORE, rows: row ? [row] : [] };
  return newsSince(base, { at: NOW, zone, tasks: [now] })[0];
}

describe('news of an open task', () => {
  const settled = (more: object) => ({ seq: 1, settledAt: BEFORE + HOUR, ...more });

  test.each([
    ['was in no digest', undefined, LATE, { is: 'new' }],
    ['is as it was', rowOf(LATE), LATE, undefined],
    ['is due today, as it was', rowOf(TODAY), TODAY, undefined],
    ['became overdue', rowOf(task({ id: 'a', dueAt: NOW - HOUR })), undefined, { is: 'overdue' }],
    ['was moved at its tool', rowOf(LATE), TODAY, { is: 'moved', from: LATE.dueAt }],
    ['was moved into the past', rowOf(TODAY), LATE, { is: 'moved', from: TODAY.dueAt }],
    ['lost its due date', rowOf(LATE), task({ id: 'a', dueAt: undefined }), { is: 'moved', from: LATE.dueAt }],
    ['got one', rowOf(task({ id: 'a', dueAt: undefined })), TODAY, { is: 'moved', from: undefined }],
    ['is less than a second off', rowOf(LATE), { ...LATE, dueAt: (LATE.dueAt ?? 0) + 999 }, undefined],
    [
      'was closed elsewhere and is open again',
      seenAs(rowOf(LATE), { how: 'gone', at: BEFORE + HOUR }),
      LATE,
      { is: 'new' },
    ],
  ] as const)('that %s', (_name, row, now, expected) => {
    expect(news(row, now)).toEqual(expected && { provider: LATE.provider, id: 'a', ...expected });
  });

  test.each([
    ['rescheduled it to that time', 'reschedule', TODAY.dueAt, undefined],
    ['snoozed it until today', 'snooze', TODAY.dueAt, { is: 'back' }],
    [
      'snoozed it to another time, and it was moved since',
      'snooze',
      NOW + 3 * DAY,
      { is: 'moved', from: NOW + 3 * DAY },
    ],
    ['marked it done, and it is open again', 'done', undefined, { is: 'new' }],
  ] as const)('whose rep %s', (_name, verb, dueAt, expected) => {
    const row = rowOf(LATE, { state: 'succeeded', verb, ...(dueAt && { dueAt }), ...settled({}) });

    expect(news(row, TODAY)).toEqual(expected && { provider: LATE.provider, id: 'a', ...expected });
  });
});

describe('a task that is gone', () => {
  const missing = (row: Row) => missingSince({ provider: row.task.provider, at: BEFORE, rows: [row] }, { tasks: [] });

  test.each([
    ['nobody did anything here', rowOf(LATE), true],
    ['it was seen closed', seenAs(rowOf(LATE), { how: 'done', at: BEFORE + HOUR }), true],
    ['the rep did it', rowOf(LATE, { state: 'succeeded', verb: 'done', seq: 1 }), false],
    ['the rep did it, and the send is held back', rowOf(LATE, { state: 'queued', verb: 'done', seq: 1 }), false],
    ['the rep gave it away', rowOf(LATE, { state: 'succeeded', verb: 'reassign', seq: 1 }), false],
    ['the rep only snoozed it', rowOf(LATE, { state: 'succeeded', verb: 'snooze', seq: 1 }), true],
    ['the rep could not do it', rowOf(LATE, { state: 'failed', verb: 'done', seq: 1 }), true],
    ["the rep's click found it closed", rowOf(LATE, { state: 'stale', verb: 'done', seq: 1 }), false],
  ])('is told where %s', (_name, row, told) => {
    expect(missing(row)).toEqual(told ? [row] : []);
  });

  test('was skipped by its tool where that was to happen by now, and nobody did it before', () => {
    const skipping = rowOf(task({ id: 'a', skipsAt: NOW - HOUR }));
    const how = (doneAt?: number) =>
      closedTask(skipping, doneAt === undefined ? { how: 'gone', at: NOW } : { how: 'done', at: NOW, doneAt }, NOW).how;

    expect(how()).toBe('skipped');
    expect(how(NOW - 2 * HOUR)).toBe('done');
    expect(closedTask(skipping, { how: 'gone', at: NOW }, NOW - 2 * HOUR).how).toBe('gone');
    expect(closedTask(skipping, undefined, NOW).how).toBe('missing');
    expect(closedTask(skipping, { how: 'done', at: NOW, doneAt: NOW - 2 * HOUR, doneBy: 'other' }, NOW)).toMatchObject({
      how: 'done',
      doneBy: 'other',
    });
  });
});
