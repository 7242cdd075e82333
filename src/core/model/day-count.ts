/** The tasks of a day, as its digest listed them, and what has become of each. Pure. */
import { dueAtOf } from './action.ts';
import { movesDate } from './action-rules.ts';
import type { Instant } from './keys.ts';
import { taskOf } from './message.ts';
import { type Row, rowState } from './row-state.ts';
import type { Task } from './task.ts';
import { startOfLocalDate, zoned } from './time.ts';

/**
 * `moved`: to another day. `done`: nothing is left to do, here or at the tool. A task that is due later on the same day is
 * `left`, also if the rep moved it there.
 */
export type Part = 'done' | 'moved' | 'left';

/** The first moment after a local date, `YYYY-MM-DD`. */
export function endOfDate(date: string, zone: string): Instant {
  const next = zoned(startOfLocalDate(date, zone), zone).toPlainDate().add({ days: 1 });
  return startOfLocalDate(next.toString(), zone);
}

/** undefined: the task belongs to no day that ends so, because it was due later or had no due date. */
export function partOf(row: Row, end: Instant): Part | undefined {
  const { dueAt } = row.task;
  if (dueAt === undefined || dueAt >= end) return undefined;
  const state = rowState(row);
  if (state === 'found elsewhere' || state === 'seen elsewhere') return 'done';
  if (state === 'settled' && !movesDueDate(row)) return 'done';
  return (taskNow(row).dueAt ?? end) < end ? 'left' : 'moved';
}

/** The task with the due date that it has now, as far as Docket knows. */
export function taskNow(row: Row): Task {
  const task = taskOf(row);
  if (!movesDueDate(row) || rowState(row) !== 'settled' || !row.action) return task;
  return { ...task, dueAt: dueAtOf(row.action) };
}

function movesDueDate({ action }: Row): boolean {
  return action !== undefined && movesDate(action.change.verb);
}

/** The tasks of a digest that were due by the end of its day. */
export function countDay(rows: readonly Row[], end: Instant): { total: number; moved: number; left: Task[] } {
  const parts = rows.map((row) => ({ row, part: partOf(row, end) })).filter(({ part }) => part !== undefined);
  return {
    total: parts.length,
    moved: parts.filter(({ part }) => part === 'moved').length,
    left: parts.filter(({ part }) => part === 'left').map(({ row }) => taskNow(row)),
  };
}
