/** One verb or edit applied to one task by one rep: a row of the ledger. */
import type { ProviderErrorKind } from './errors.ts';
import type { Instant, TaskKey } from './keys.ts';
import type { Operation, Task } from './task.ts';

/**
 * The life of an action:
 *
 *     queued -> succeeded -> undoing -> undone          (undoing falls back to succeeded, with `undoFailure`)
 *     queued -> undone                                  (undone before anything was sent)
 *     queued -> failed -> queued (Retry) | dropped      (dropped: the rep chose another verb)
 *     queued -> stale                                   (the task was not as the row showed it; nothing was sent)
 */
export type ActionState = 'queued' | 'succeeded' | 'failed' | 'stale' | 'undoing' | 'undone' | 'dropped';

/**
 * Why an action failed: a provider's refusal, or a reason of our own. `expired`: the time that was asked for had passed
 * before it could be sent.
 */
export type FailureReason = ProviderErrorKind | 'not_linked' | 'expired' | 'unexpected';

/**
 * What was found of a task right before a verb was to be sent, so that nothing was: `done` there (with when, where the
 * provider says so), `gone` (closed, deleted or someone else's), or `moved` to another due time than the row showed.
 */
export type Found =
  | { how: 'done'; at: Instant | undefined }
  | { how: 'gone' }
  | { how: 'moved'; dueAt: Instant | undefined };

/** Why an action is not done yet. `until`: given up then; when the provider asked us to wait, that is when it goes on. */
export interface Waiting {
  reason: FailureReason;
  until: Instant;
}

/** What took an action back: `withdrawn` before anything was sent, or `reversed` at the provider. */
export interface Undo {
  how: 'withdrawn' | 'reversed';
  askedAt: Instant;
  /** undefined while it is under way, or when it failed (`undoFailure`). */
  doneAt?: Instant;
  /** The provider's id of the exchange. */
  reference?: string;
}

/** What an action carries besides verb and due time. Customers' words: never logged. */
export interface ActionDetails {
  /** Another way to be done (`Ending.id`). */
  ending?: string;
  /** The completion note of `done`, or the task's new note. */
  note?: string;
  rule?: string;
  /** The new owner. */
  to?: { externalId: string; name: string };
}

/**
 * One verb applied to one task by one rep: a row in the ledger. What was before is `task`; what is after, once it has
 * `succeeded`, is `verb` with `dueAt` and `details`, for a provider's answer is believed only when it shows just that.
 */
export interface Action extends TaskKey {
  id: string;
  /** 1 for the first action on this task, then 2, …: a click names the number that it expects, so only one wins. */
  seq: number;
  verb: Operation;
  /** The due time that was asked for; only for snooze and reschedule. */
  dueAt: Instant | undefined;
  /** What else was asked for; absent for a plain verb. */
  details: ActionDetails | undefined;
  /** Who the rep was at the provider when they asked: nobody else's account may perform or undo it. */
  externalId: string | undefined;
  /** The task as it was when the action was recorded, or as last read before sending: what Undo goes back to. */
  task: Task;
  state: ActionState;
  /** Sent not before this instant, because the provider could not reverse it. */
  heldUntil: Instant | undefined;
  /** Set durably before the first byte goes out: from here on an effect is possible. */
  sentAt: Instant | undefined;
  /** How often it was tried, Undo included; being told to wait is no try. */
  attempts: number;
  /** Only while it is to be tried again, and only once that takes longer than a rep would not notice. */
  waiting: Waiting | undefined;
  /** Only when `stale`. */
  found: Found | undefined;
  undo: Undo | undefined;
  failure: FailureReason | undefined;
  undoFailure: FailureReason | undefined;
  /** The provider's id of the last exchange. */
  reference: string | undefined;
  createdAt: Instant;
  settledAt: Instant | undefined;
}
