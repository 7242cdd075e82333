/** Overdue, due today, or later: by the moment at which a list was made, and the rep's calendar. */
import type { Instant } from './keys.ts';
import type { Task } from './task.ts';
import { localDay, MINUTE } from './time.ts';

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
  return task.dueAt < localDay(now, zone).until ? 'today' : 'upcoming';
}
