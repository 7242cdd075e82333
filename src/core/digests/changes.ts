/** Compares a rep's open tasks with those of an earlier digest. Pure. */
import type { Action } from '../model/action.ts';
import { movesDate } from '../model/action-rules.ts';
import { keyOf } from '../model/backlog.ts';
import { groupOf, isOverdue } from '../model/group.ts';
import type { Instant, ProviderId } from '../model/keys.ts';
import type { ClosedTask, News, SeenChange, TaskRef } from '../model/message.ts';
import { type Row, rowState } from '../model/row-state.ts';
import { isDueAt, type Task } from '../model/task.ts';
import type { Done } from '../ports/provider.ts';

/** An earlier digest's rows of one provider, and when they were read there. */
export interface Baseline {
  provider: ProviderId;
  at: Instant;
  rows: readonly Row[];
}

export interface Now {
  at: Instant;
  zone: string;
  /** All that is open at the provider. */
  tasks: readonly Task[];
}

/** What is new of each task that changed. */
export function newsSince({ at, rows }: Baseline, now: Now): (TaskRef & News)[] {
  const before = new Map(rows.map((row) => [keyOf(row.task), row]));
  return now.tasks.flatMap((task) => {
    const news = newsOfTask(task, before.get(keyOf(task)), { before: at, now: now.at, zone: now.zone });
    return news ? [{ provider: task.provider, id: task.id, ...news }] : [];
  });
}

interface Between {
  before: Instant;
  now: Instant;
  zone: string;
}

function newsOfTask(task: Task, row: Row | undefined, { before, now, zone }: Between): News | undefined {
  if (!row || isClosed(row)) return { is: 'new' };
  const group = groupOf(task, now, zone);
  const snoozedTo = snoozedUntil(row.action);
  const isBack = isDueAt(task, snoozedTo) && groupOf({ dueAt: snoozedTo }, before, zone) === 'upcoming';
  if (isBack && group !== 'upcoming') return { is: 'back' };
  const expected = expectedDue(row);
  if (!isSameDue(task.dueAt, expected)) return { is: 'moved', from: expected };
  return group === 'overdue' && !isOverdue(task, before) ? { is: 'overdue' } : undefined;
}

/** The row said so, or the rep made it so: a task that is open all the same is news. */
function isClosed(row: Row): boolean {
  if (row.seen && row.seen.how !== 'changed') return true;
  return row.action?.state === 'succeeded' && row.action.seq > row.seq && closes(row.action);
}

function closes({ change: { verb } }: Action): boolean {
  return verb === 'done' || verb === 'dismiss' || verb === 'reassign';
}

function snoozedUntil(action: Action | undefined): Instant | undefined {
  return action?.state === 'succeeded' && action.change.verb === 'snooze' ? action.change.dueAt : undefined;
}

/** What the rep knows: the row's date, or the one that they gave the task since. */
function expectedDue({ action, seq, task }: Row): Instant | undefined {
  const own = action?.state === 'succeeded' && action.seq > seq ? action : undefined;
  return own && movesDate(own.change.verb) && 'dueAt' in own.change ? own.change.dueAt : task.dueAt;
}

function isSameDue(one: Instant | undefined, other: Instant | undefined): boolean {
  return one === other || isDueAt({ dueAt: one }, other);
}

/** Rows whose task is not open any more, and that the rep did not close here. Only for a list that is complete. */
export function missingSince({ rows }: Baseline, { tasks }: Pick<Now, 'tasks'>): Row[] {
  const open = new Set(tasks.map(keyOf));
  return rows.filter((row) => !open.has(keyOf(row.task)) && !isKnownToTheRep(row));
}

function isKnownToTheRep(row: Row): boolean {
  const { action, seq } = row;
  const state = rowState(row);
  if (state === 'underway' || state === 'found elsewhere') return true;
  if (state === 'seen elsewhere' || !action || action.seq <= seq) return false;
  // What is held back is settled for the rep.
  return (action.state === 'succeeded' || action.state === 'queued') && closes(action);
}

/** How it was closed, as far as that is known. */
export function closedTask({ task }: Row, found: SeenChange | undefined, now: Instant): ClosedTask {
  const { provider, id, title, contact, account } = task;
  const about = { provider, id, title, ...(contact && { contact }), ...(account && { account }) };
  if (!found || found.how === 'changed') return { ...about, how: 'missing' };
  const doneAt = found.how === 'done' ? found.doneAt : undefined;
  const wasSkipped = task.skipsAt !== undefined && task.skipsAt <= now && (doneAt ?? task.skipsAt) >= task.skipsAt;
  if (wasSkipped) return { ...about, how: 'skipped' };
  const doneBy = found.how === 'done' ? found.doneBy : undefined;
  return { ...about, how: found.how, ...(doneBy && { doneBy }) };
}

/** What was read of a task that is done at its provider. */
export function doneThere(at: Instant, { doneAt, doneBy }: Partial<Done> = {}): SeenChange {
  return { how: 'done', at, ...(doneAt !== undefined && { doneAt }), ...(doneBy && { doneBy }) };
}
