/**
 * What a digest keeps out of its rows, because a rep has read it before: tasks that have not changed since the last digest,
 * are not due today, and are not among the first rows. Pure.
 */
import { type Group, groupOf } from './group.ts';
import type { Instant } from './keys.ts';
import { type ListSummary, type LoadedMessage, type News, type Since, type TaskRef, taskOf } from './message.ts';
import { type Row, rowState } from './row-state.ts';
import type { Task } from './task.ts';

/** `Start here`: the rows that are shown whatever has become of them since yesterday. */
export const FIRST_ROWS = 3;

/** The news of each task. Empty without an earlier digest. */
export function newsOf(since: Since | undefined): ReadonlyMap<string, News> {
  return new Map((since?.news ?? []).map((news) => [keyOf(news), news]));
}

export function keyOf({ provider, id }: TaskRef): string {
  return `${provider}\n${id}`;
}

type Listed = Pick<ListSummary, 'since' | 'fetchedAt' | 'asOf' | 'unfolded'>;

/** The moment at which overdue, today and upcoming are told apart. */
export function groupedAt({ asOf, fetchedAt }: Pick<ListSummary, 'fetchedAt' | 'asOf'>): Instant {
  return asOf ?? fetchedAt;
}

/** For tasks in the order of their list. */
export function isBacklogOf(listed: Listed, zone: string): (task: Task, index: number) => boolean {
  const { since, unfolded } = listed;
  const now = groupedAt(listed);
  if (!since || unfolded) return () => false;
  const news = newsOf(since);
  return (task, index) => index >= FIRST_ROWS && groupOf(task, now, zone) !== 'today' && !news.has(keyOf(task));
}

/** The positions of the rows that are not shown. A row that needs the rep, or was changed at its provider meanwhile, is. */
export function backlogOf(
  { summary, items }: { summary: Listed; items: readonly Row[] },
  zone: string,
): ReadonlySet<number> {
  const isBacklog = isBacklogOf(summary, zone);
  const hidden = items.filter((row, index) => isBacklog(row.task, index) && !isTouched(row));
  return new Set(hidden.map(({ position }) => position));
}

function isTouched(row: Row): boolean {
  return row.seen?.how === 'changed' || rowState(row) === 'failed';
}

export interface BacklogGroup {
  group: Group;
  tasks: number;
  /** Of the one that was due first; undefined if none has a due date. */
  firstDueAt: Instant | undefined;
}

/** The open tasks among those rows, group by group. */
export function backlogGroups(rows: readonly Row[], listed: Listed, zone: string): BacklogGroup[] {
  const now = groupedAt(listed);
  const groups = Map.groupBy(rows, (row) => groupOf(row.task, now, zone));
  return [...groups].map(([group, some]) => {
    const dates = some.flatMap((row) => taskOf(row).dueAt ?? []);
    return { group, tasks: some.length, firstDueAt: dates.length > 0 ? Math.min(...dates) : undefined };
  });
}

/** Nothing changed since the last digest, and nothing is due today: there is nothing to read again. */
export function isUnchanged({ summary, items }: Pick<LoadedMessage, 'summary' | 'items'>, zone: string): boolean {
  const { since, unfolded } = summary;
  if (!since || unfolded || since.missed !== undefined || since.news.length > 0 || since.closed.length > 0)
    return false;
  return items.every(({ task }) => groupOf(task, groupedAt(summary), zone) !== 'today');
}
