/** One line in the log, and one count, for each action that is settled. Ids and times, no customer's words. */
import type { Action } from '../model/action.ts';
import type { ClickResult } from '../ports/meter.ts';
import type { Ports } from '../ports/ports.ts';

export type NoteDeps = Pick<Ports, 'clock' | 'log' | 'meter'>;

/** undefined: it is not settled. Call it after the commit. */
export function noteSettled({ clock, log, meter }: NoteDeps, action: Action | undefined): void {
  const result = action && resultOf(action);
  if (!result) return;
  const { id, userId, provider, change, attempts, reference, createdAt } = action;
  const failure = failureOf(action);
  const said = { attempts, ...(reference && { reference }), ...(failure && { failure }) };
  log.info(
    { action: id, rep: userId, provider, verb: change.verb, result, ...said, afterMs: clock() - createdAt },
    'action settled',
  );
  meter.clickSettled({ verb: change.verb, provider, result });
}

function resultOf(action: Action): ClickResult | undefined {
  if (action.state === 'queued' || action.state === 'undoing' || action.state === 'dropped') return undefined;
  return action.state === 'succeeded' && action.undoFailure ? 'undo_failed' : action.state;
}

function failureOf(action: Action): string | undefined {
  if (action.state === 'failed') return action.failure;
  return action.state === 'succeeded' ? action.undoFailure?.reason : undefined;
}
