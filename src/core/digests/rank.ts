/** Groups, ranking and filters of tasks. Pure. */
import type { Instant } from '../model/keys.ts';
import type { Filter, ListSummary } from '../model/message.ts';
import type { Task } from '../model/task.ts';
import { fold } from '../model/text.ts';
import { startOfLocalDate, zoned } from '../model/time.ts';

export type Group = 'overdue' | 'today' | 'upcoming';

export function groupOf(task: Pick<Task, 'dueAt'>, now: Instant, zone: string): Group {
  if (task.dueAt === undefined) return 'upcoming';
  if (task.dueAt < now) return 'overdue';
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

/** Earliest due first, tasks without a date last; then by deal size; then by id. */
export function rank(tasks: readonly Task[]): Task[] {
  return [...tasks].sort(compareRank);
}

/** 0 only for the same task. */
function compareRank(a: Task, b: Task): number {
  return (
    (a.dueAt ?? Number.POSITIVE_INFINITY) - (b.dueAt ?? Number.POSITIVE_INFINITY) ||
    amountOf(b) - amountOf(a) ||
    a.provider.localeCompare(b.provider) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** Amounts are text, with or without a currency. Anything that is not a number counts as 0. */
function amountOf(task: Task): number {
  const amount = Number(task.deal?.amount?.replace(/[^\d.]/g, '') ?? 0);
  return Number.isFinite(amount) ? amount : 0;
}

/** What is snoozed is in the ledger. */
export type TaskFilter = Exclude<Filter, { by: 'snoozed' }>;

export function matches(task: Task, filter: TaskFilter, now: Instant, zone: string): boolean {
  switch (filter.by) {
    case 'all':
      return true;
    case 'overdue':
      return groupOf(task, now, zone) === 'overdue';
    case 'today':
      return groupOf(task, now, zone) === 'today';
    case 'week':
      return task.dueAt !== undefined && task.dueAt >= now && task.dueAt < inSevenDays(now, zone);
    case 'back':
      return filter.tasks.some(({ provider, id }) => provider === task.provider && id === task.id);
    case 'text':
      return textOf(task).includes(fold(filter.text));
  }
}

/** The end of the sixth local day after today, so that a week always has the same length. */
function inSevenDays(now: Instant, zone: string): Instant {
  return startOfLocalDate(zoned(now, zone).toPlainDate().add({ days: 7 }).toString(), zone);
}

function textOf(task: Task): string {
  const parts = [task.title, task.flow, task.contact?.name, task.contact?.company, task.account?.name, task.deal?.name];
  return fold(parts.filter((part) => part !== undefined).join(' \n '));
}

export function countGroups(tasks: readonly Task[], now: Instant, zone: string): ListSummary['counts'] {
  const counts = { overdue: 0, today: 0, upcoming: 0 };
  for (const task of tasks) counts[groupOf(task, now, zone)] += 1;
  return counts;
}
