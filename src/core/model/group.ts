/** Overdue, due today, or later: by the moment at which a list was made, and the rep's calendar. */
import type { Instant } from './keys.ts';
import type { Task } from './task.ts';
import { MINUTE, startOfLocalDate, zoned } from './time.ts';

/** In the order of a list. */
export const GROUPS = ['overdue', 'today', 'upcoming'] as const;

export type Group = (typeof GROUPS)[number];

/** What is due at nine is due now, not late, in a digest that comes at nine and some seconds. */
export const JUST_DUE_MS = 5 * MINUTE;

export function isOverdue({ dueAt }: Pick<Task, 'dueAt'>, now: Instant): boolean {
  return dueAt !== undefined && dueAt < now - JUST_DUE_MS;
}

export function groupOf(task: Pick<Task, 'dueAt'>, now: Instant, zone: string): Group {
  if (task.dueAt === undefined) return 'upcoming';
  if (isOverdue(task, now)) return 'overdue';
  return task.dueAt < endOfToday(now, zone) ? 'today' : 'upcoming';
}

let lastAsked = { now: Number.NaN, zone: '', end: 0 };

/** The first moment of the next local date. Cached, because arithmetic with zones is slow. */
function endOfToday(now: Instant, zone: string): Instant {
  if (lastAsked.now !== now || lastAsked.zone !== zone) {
    const tomorrow = zoned(now, zone).toPlainDate().add({ days: 1 });
    lastAsked = { now, zone, end: startOfLocalDate(tomorrow.toString(), zone) };
  }
  return lastAsked.end;
}
