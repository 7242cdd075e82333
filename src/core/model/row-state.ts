/** The state of a row. The last action on its task decides it, and then what a later look saw elsewhere. */

import type { Action } from './action.ts';
import { isHeldBack, keepsOpen, movesDate } from './action-rules.ts';
import type { Instant } from './keys.ts';
import { type LoadedMessage, taskOf } from './message.ts';
import { isDueAt } from './task.ts';

export type Row = LoadedMessage['items'][number];

/** `found elsewhere`: an action found that its task was closed elsewhere. `seen elsewhere`: a later look saw it. */
type RowState = 'open' | 'underway' | 'settled' | 'failed' | 'found elsewhere' | 'seen elsewhere';

export function rowState(row: Row): RowState {
  const state = stateByAction(row);
  const closed = row.seen !== undefined && row.seen.how !== 'changed';
  return closed && (state === 'open' || state === 'failed' || movedBefore(row)) ? 'seen elsewhere' : state;
}

/** A task that was given another time here stays open, so it may well be closed elsewhere later. */
function movedBefore({ action, seen }: Row): boolean {
  if (!action || !seen || action.state !== 'succeeded' || !movesDate(action.change.verb)) return false;
  return action.settledAt < seen.at;
}

/** An action counts if the row did not know it when it was made, or if it is still going on. */
function stateByAction({ action, seq }: Row): RowState {
  if (!action) return 'open';
  if (action.state === 'queued') return isHeldBack(action) ? 'settled' : 'underway';
  if (action.state === 'undoing') return 'underway';
  if (action.seq <= seq) return 'open';
  if (action.state === 'succeeded') return keepsOpen(action.change.verb) ? 'open' : 'settled';
  if (action.state === 'failed') return 'failed';
  if (action.state === 'stale') return action.found.how === 'moved' ? 'open' : 'found elsewhere';
  return 'open';
}

export function isSettled(row: Row): boolean {
  const state = rowState(row);
  // An edit that is held back leaves as much to be done as before.
  if (row.action && keepsOpen(row.action.change.verb) && state === 'settled') return false;
  return state === 'settled' || state === 'found elsewhere' || state === 'seen elsewhere';
}

/** A new action can be asked for. */
export function isOpen(row: Row): boolean {
  const state = rowState(row);
  return state === 'open' || state === 'failed';
}

/** The time of the rep's successful snooze, where it is the last action of its task. undefined: none is ahead. */
export function snoozedUntil(last: Action | undefined, now: Instant): Instant | undefined {
  if (last?.state !== 'succeeded' || last.change.verb !== 'snooze') return undefined;
  return last.change.dueAt > now ? last.change.dueAt : undefined;
}

/** The rep snoozed it to a time that is still ahead, and nobody has closed or moved it since. */
export function isSnoozed(row: Row, now: Instant): boolean {
  const { action, seq, seen } = row;
  const until = snoozedUntil(action, now);
  if (until === undefined || action?.state !== 'succeeded') return false;
  // A row of before the snooze shows the old time.
  const isOlder = action.seq > seq && !(seen && seen.at > action.settledAt);
  return isOlder || (rowState(row) !== 'seen elsewhere' && isDueAt(taskOf(row), until));
}

/** It has come back from a snooze, and nothing has become of it since. Its row stays as it is. */
export function isBack(row: Row, now: Instant): boolean {
  const { action } = row;
  if (action?.state !== 'succeeded' || action.change.verb !== 'snooze') return false;
  return action.change.dueAt <= now && rowState(row) === 'settled';
}
