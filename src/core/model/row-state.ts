/** The state of a row. The last action on its task decides it, and then what a later look saw elsewhere. */
import { isHeldBack, keepsOpen, movesDate } from './action-rules.ts';
import type { LoadedMessage } from './message.ts';

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
