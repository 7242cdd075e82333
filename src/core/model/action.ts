/** One verb or edit applied to one task by one rep: a row of the ledger, and the only ways in which it changes. */
import type { Change } from './capabilities.ts';
import type { ProviderErrorKind } from './errors.ts';
import type { Instant, TaskKey } from './keys.ts';
import type { Task } from './task.ts';

/**
 * The reason for a failure: a provider's refusal, or one of our own. `expired`: the time that was asked for had passed
 * before it could be sent.
 */
export type FailureReason = ProviderErrorKind | 'not_linked' | 'expired' | 'unexpected';

/**
 * The state of a task right before a verb was to be sent, because of which nothing was: `done` there (with when, where the
 * provider says so), `gone` (closed, deleted or someone else's), or `moved` to another due time than the row showed.
 */
export type Found = { how: 'done'; at?: Instant } | { how: 'gone' } | { how: 'moved'; dueAt?: Instant };

/** Why an action is not done yet. `until`: given up then; when the provider asked us to wait, that is when it goes on. */
export interface Waiting {
  reason: FailureReason;
  until: Instant;
}

/** How an action was taken back: `withdrawn` before anything was sent, or `reversed` at the provider. */
export interface Undo {
  how: 'withdrawn' | 'reversed';
  askedAt: Instant;
  doneAt: Instant;
  /** The provider's id of the exchange. */
  reference?: string;
}

/** The last Undo failed, so the change is still in effect. */
export interface UndoFailure {
  reason: FailureReason;
  reference?: string;
}

export interface ActionBase extends TaskKey {
  id: string;
  /** 1 for the first action on this task, then 2, …: a click names the number that it expects, so only one wins. */
  seq: number;
  /** What was asked for. Its texts are customers' words: never logged. */
  change: Change;
  /** Who the rep was at the provider when they asked: nobody else's account may perform or undo it. */
  externalId: string | undefined;
  /** The task as it was when the action was recorded, or as last read before sending: what Undo goes back to. */
  task: Task;
  /** Set durably before the first byte goes out: from here on an effect is possible. */
  sentAt: Instant | undefined;
  /** How often it was tried, Undo included; being told to wait is no try. */
  attempts: number;
  /** The provider's id of the last exchange. */
  reference: string | undefined;
  createdAt: Instant;
}

/**
 * The life of an action:
 *
 *     queued -> succeeded -> undoing -> undone          (undoing falls back to succeeded, with `undoFailure`)
 *     queued -> undone                                  (undone before anything was sent)
 *     queued -> failed -> queued (Retry) | dropped      (dropped: the rep chose another verb)
 *     queued -> stale                                   (the task was not as the row showed it; nothing was sent)
 *     undoing -> stale                                  (it changed at the provider, so nothing was undone)
 *
 * `heldUntil`: sent not before then, because the provider could not reverse it. `waiting`: it is to be tried again, and that
 * takes longer than a rep would not notice.
 */
export type Life =
  | { state: 'queued'; heldUntil?: Instant; waiting?: Waiting }
  | { state: 'succeeded'; settledAt: Instant; undoFailure?: UndoFailure }
  | { state: 'failed'; settledAt: Instant; failure: FailureReason }
  | { state: 'dropped'; settledAt: Instant; failure: FailureReason }
  | { state: 'stale'; settledAt: Instant; found: Found; undoAsked?: true }
  | { state: 'undoing'; settledAt: Instant; undoAskedAt: Instant; waiting?: Waiting }
  | { state: 'undone'; settledAt: Instant; undo: Undo };

export type ActionState = Life['state'];

export type Action = ActionBase & Life;

export type ActionIn<State extends ActionState> = ActionBase & Extract<Life, { state: State }>;

/** As it is recorded, before the ledger gives it an id. */
export type NewAction = Omit<ActionBase, 'id'> & Extract<Life, { state: 'queued' }>;

/** The part of an action that stays, whatever its state. */
export function baseOf(action: Action): ActionBase {
  const { id, teamId, userId, provider, taskId, seq, change, externalId, task, sentAt, attempts, reference } = action;
  const key = { teamId, userId, provider, taskId };
  return { ...key, id, seq, change, externalId, task, sentAt, attempts, reference, createdAt: action.createdAt };
}

/** The part that its state is about. */
export function lifeOf(action: Action): Life {
  const { id, teamId, userId, provider, taskId, seq, change, externalId, task, sentAt, attempts, ...rest } = action;
  const { reference, createdAt, ...life } = rest;
  return life;
}

export function waitingOf(action: Action): Waiting | undefined {
  return action.state === 'queued' || action.state === 'undoing' ? action.waiting : undefined;
}

export function dueAtOf({ change }: Pick<ActionBase, 'change'>): Instant | undefined {
  return 'dueAt' in change ? change.dueAt : undefined;
}
