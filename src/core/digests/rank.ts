/** Ranking and filters of tasks. Pure. */
import { GROUPS, groupOf } from '../model/group.ts';
import type { Instant } from '../model/keys.ts';
import type { Filter, ListSummary } from '../model/message.ts';
import type { Query, When } from '../model/query.ts';
import { DEFAULT_WEIGHTS, type Weights } from '../model/ranking.ts';
import { urgencyOf } from '../model/reason.ts';
import type { Task } from '../model/task.ts';
import { fold } from '../model/text.ts';
import { type RepTime, startOfLocalDate, zoned } from '../model/time.ts';
import { scores } from './score.ts';

/**
 * Group by group; within one by score (docs/ranking.md). `time.now` decides the group, so it is that of the list. 5,000
 * tasks take 9 to 15 ms of processor time, and 50 ms the first time in a process (measured on two busy cores, Node 24).
 */
export function rank(tasks: readonly Task[], time: RepTime, weights: Weights = DEFAULT_WEIGHTS): Task[] {
  const score = scores(tasks, time, weights);
  const keys = tasks.map((task, index) => ({
    task,
    group: GROUPS.indexOf(groupOf(task, time.now, time.zone)),
    score: score[index] ?? 0,
  }));
  return keys.sort(compare).map(({ task }) => task);
}

interface Key {
  task: Task;
  group: number;
  score: number;
}

/** 0 only for the same task, so that the order does not depend on the one in which tasks came. */
function compare(a: Key, b: Key): number {
  return (
    a.group - b.group ||
    b.score - a.score ||
    (a.task.dueAt ?? LAST) - (b.task.dueAt ?? LAST) ||
    byText(a.task.provider, b.task.provider) ||
    byText(a.task.id, b.task.id)
  );
}

const LAST = Number.MAX_SAFE_INTEGER;

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
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
    case 'soon':
      return filter.tasks.some(({ provider, id }) => provider === task.provider && id === task.id);
    case 'text':
      return textOf(task).includes(fold(filter.text));
    case 'query':
      return meets(task, filter.query, now, zone);
  }
}

function meets(task: Task, { when, kinds, tools, urgent, text }: Query, now: Instant, zone: string): boolean {
  if (kinds && !kinds.includes(task.kind ?? 'other')) return false;
  if (tools && !tools.includes(task.provider)) return false;
  if (urgent && urgencyOf(task.priority) !== 1) return false;
  if (text !== undefined && !fold(`${textOf(task)} \n ${task.note ?? ''}`).includes(fold(text))) return false;
  return !when || isDue(task, when, now, zone);
}

/** What is snoozed is in the ledger. */
function isDue({ dueAt }: Task, when: When, now: Instant, zone: string): boolean {
  if (when.is === 'snoozed') return true;
  if (when.is === 'no date') return dueAt === undefined;
  if (dueAt === undefined) return false;
  const today = zoned(now, zone).toPlainDate();
  const startIn = (days: number) => startOfLocalDate(today.add({ days }).toString(), zone);
  const monday = 8 - today.dayOfWeek;
  switch (when.is) {
    case 'overdue':
      return dueAt < now;
    case 'today':
      return dueAt >= now && dueAt < startIn(1);
    case 'tomorrow':
      return dueAt >= startIn(1) && dueAt < startIn(2);
    case 'week':
      return dueAt >= now && dueAt < startIn(7);
    case 'this week':
      return dueAt >= now && dueAt < startIn(monday);
    case 'next week':
      return dueAt >= startIn(monday) && dueAt < startIn(monday + 7);
    case 'before':
      return dueAt < startOfLocalDate(when.date, zone);
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
