/** An action, one row of the ledger: one verb or edit applied to one task by one rep. */
import type { Change } from './capabilities.ts';
import type { ProviderErrorKind } from './errors.ts';
import type { Instant, TaskKey } from './keys.ts';
import type { DoneBy, Task } from './task.ts';

/** A provider's error, or ours. `expired`: the chosen time had passed before the action could be sent. */
export type FailureReason = ProviderErrorKind | 'not_linked' | 'expired' | 'unexpected';

/**
 * The reason why nothing was sent: a read right before found the task `done` (`at` and `by`: when and by whom, if the
 * provider says), `gone` (closed, deleted or someone else's) or `moved` to another due time than the row showed.
 */
export type StaleCause =
  | { how: 'done'; at?: Instant; by?: DoneBy }
  | { how: 'gone' }
  | { how: 'moved'; dueAt?: Instant };

/** Why an action waits. `until`: it is given up then; after a rate limit, it goes on then. */
export interface Waiting {
  reason: FailureReason;
  until: Instant;
}

/** How an action was undone: `withdrawn` before it was sent, or `reversed` at the provider. */
export interface Undo {
  how: 'withdrawn' | 'reversed';
  askedAt: Instant;
  doneAt: Instant;
  /** The provider's request id. */
  reference?: string;
}

/** The last Undo failed: the change is still in effect. */
export interface UndoFailure {
  reason: FailureReason;
  reference?: string;
}

export interface ActionBase extends TaskKey {
  id: string;
  /** 1, 2, … for each task. A click names the number that it expects, so only one click wins. */
  seq: number;
  /** Holds customers' words: never logged. */
  change: Change;
  /** The rep's user at the provider at that time. No other user may perform or undo it. */
  externalId: string | undefined;
  /** The task when the action was recorded, or as last read before sending. Undo restores it. */
  task: Task;
  /** Stored before the first byte is sent. From then on an effect is possible. */
  sentAt: Instant | undefined;
  /** Number of attempts, Undo included. Rate-limited attempts do not count. */
  attempts: number;
  /** The provider's id of the last request. */
  reference: string | undefined;
  createdAt: Instant;
  /** The sweep that it belongs to (`sweep.ts`). */
  sweepId?: string;
}

/**
 * The states of an action:
 *
 *     queued -> succeeded -> undoing -> undone          (a failed undo goes back to succeeded, with `undoFailure`)
 *     queued -> undone                                  (undone before anything was sent)
 *     queued -> failed -> queued (Retry) | dropped      (dropped: the rep chose another verb)
 *     queued -> stale                                   (the task had changed at the provider; nothing was sent)
 *     undoing -> stale                                  (the task had changed at the provider; nothing was undone)
 *
 * `stale` is this action's end. A row's `seen` (`message.ts`) is a change at the provider that no action met.
 * `heldUntil`: the undo window, for a verb that the provider cannot reverse. `waiting`: a retry that takes long enough
 * to tell the rep.
 */
export type Life =
  | { state: 'queued'; heldUntil?: Instant; waiting?: Waiting }
  | { state: 'succeeded'; settledAt: Instant; undoFailure?: UndoFailure }
  | { state: 'failed'; settledAt: Instant; failure: FailureReason }
  | { state: 'dropped'; settledAt: Instant; failure: FailureReason }
  | { state: 'stale'; settledAt: Instant; found: StaleCause; undoAsked?: true }
  | { state: 'undoing'; settledAt: Instant; undoAskedAt: Instant; waiting?: Waiting }
  | { state: 'undone'; settledAt: Instant; undo: Undo };

export type ActionState = Life['state'];

export type Action = ActionBase & Life;

export type ActionIn<State extends ActionState> = ActionBase & Extract<Life, { state: State }>;

/** Before the ledger gives it an id. */
export type NewAction = Omit<ActionBase, 'id'> & Extract<Life, { state: 'queued' }>;

/** The fields that do not depend on the state. */
export function baseOf(action: Action): ActionBase {
  const { id, teamId, userId, provider, taskId, seq, change, externalId, task, sentAt, attempts, reference } = action;
  const { createdAt, sweepId } = action;
  const key = { teamId, userId, provider, taskId, ...(sweepId !== undefined && { sweepId }) };
  return { ...key, id, seq, change, externalId, task, sentAt, attempts, reference, createdAt };
}

/** The fields that depend on the state. */
export function lifeOf(action: Action): Life {
  const { id, teamId, userId, provider, taskId, seq, change, externalId, task, sentAt, attempts, ...rest } = action;
  const { reference, createdAt, sweepId, ...life } = rest;
  return life;
}

export function waitingOf(action: Action): Waiting | undefined {
  return action.state === 'queued' || action.state === 'undoing' ? action.waiting : undefined;
}

export function dueAtOf({ change }: Pick<ActionBase, 'change'>): Instant | undefined {
  return 'dueAt' in change ? change.dueAt : undefined;
}
