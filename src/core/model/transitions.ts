/** State transitions of an action. undefined: the state does not allow it, somebody else was first. */
import { type Action, baseOf, type FailureReason, type StaleCause, type Waiting } from './action.ts';
import type { Instant } from './keys.ts';
import type { Task } from './task.ts';

/** Called right before the first byte is sent. */
export function send(action: Action, now: Pick<Action, 'task' | 'externalId'>, at: Instant): Action | undefined {
  if (action.state !== 'queued' || action.sentAt !== undefined) return undefined;
  return { ...action, task: now.task, externalId: now.externalId, sentAt: at };
}

/** The task was read again before the action is sent again. */
export function reread(action: Action, task: Task): Action | undefined {
  return action.state === 'queued' ? { ...action, task } : undefined;
}

export function succeed(action: Action, reference: string | undefined, at: Instant): Action | undefined {
  if (action.state !== 'queued') return undefined;
  return { ...baseOf(action), attempts: action.attempts + 1, reference, state: 'succeeded', settledAt: at };
}

/** `nothingSent`: the provider refused the first request, so there was no effect. */
export function fail(
  action: Action,
  failure: FailureReason,
  at: Instant,
  { reference, nothingSent = false }: { reference?: string | undefined; nothingSent?: boolean } = {},
): Action | undefined {
  if (action.state !== 'queued') return undefined;
  const { sentAt, attempts, ...base } = baseOf(action);
  const tried = { attempts: attempts + 1, reference, sentAt: nothingSent ? undefined : sentAt };
  return { ...base, ...tried, state: 'failed', settledAt: at, failure };
}

/** The task changed at the provider, so nothing is sent or undone. */
export function leaveAlone(action: Action, found: StaleCause, at: Instant): Action | undefined {
  if (action.state !== 'queued' && action.state !== 'undoing') return undefined;
  const undoAsked = action.state === 'undoing' && ({ undoAsked: true } as const);
  return { ...baseOf(action), state: 'stale', settledAt: at, found, ...undoAsked };
}

/** It will be tried again. `unsent`: surely nothing was sent, so the action can be withdrawn again. */
export function wait(
  action: Action,
  { attempts, waiting, unsent }: { attempts: number; waiting: Waiting | undefined; unsent: boolean },
): Action | undefined {
  if (action.state !== 'queued' && action.state !== 'undoing') return undefined;
  return { ...action, attempts, waiting, ...(unsent && { sentAt: undefined }) };
}

/** Undone before anything was sent. */
export function withdraw(action: Action, at: Instant): Action | undefined {
  if (action.state !== 'queued' || action.sentAt !== undefined) return undefined;
  const undo = { how: 'withdrawn', askedAt: at, doneAt: at } as const;
  return { ...baseOf(action), state: 'undone', settledAt: at, undo };
}

export function askUndo(action: Action, at: Instant): Action | undefined {
  if (action.state !== 'succeeded') return undefined;
  return { ...baseOf(action), state: 'undoing', settledAt: action.settledAt, undoAskedAt: at };
}

export function undo(action: Action, reference: string | undefined, at: Instant): Action | undefined {
  if (action.state !== 'undoing') return undefined;
  const undone = { how: 'reversed', askedAt: action.undoAskedAt, doneAt: at, ...(reference && { reference }) } as const;
  return { ...baseOf(action), attempts: action.attempts + 1, state: 'undone', settledAt: at, undo: undone };
}

/** The change stays in effect. */
export function failUndo(action: Action, reason: FailureReason, reference?: string): Action | undefined {
  if (action.state !== 'undoing') return undefined;
  const undoFailure = { reason, ...(reference !== undefined && { reference }) };
  const { attempts, ...base } = baseOf(action);
  return { ...base, attempts: attempts + 1, state: 'succeeded', settledAt: action.settledAt, undoFailure };
}

/**
 * A failed action is sent again, without an undo window. It keeps `sentAt`: an earlier answer may have been lost, and
 * then its effect must be recognised (`perform.ts`).
 */
export function retry(action: Action): Action | undefined {
  return action.state === 'failed' ? { ...baseOf(action), state: 'queued' } : undefined;
}

/** The row offers all verbs again. */
export function drop(action: Action): Action | undefined {
  return action.state === 'failed' ? { ...action, state: 'dropped' } : undefined;
}
