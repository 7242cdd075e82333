/**
 * The words of the product (DESIGN section 1). Everything here is plain data: it can be stored as JSON and read back.
 */

import type { ProviderErrorKind } from './errors.ts';

/** A UTC instant in milliseconds since the epoch. Arithmetic with zones goes through `time.ts`. */
export type Instant = number;

/** The key of a provider in `src/providers/index.ts`, for example `gong`. */
export type ProviderId = string;

export const VERBS = ['done', 'dismiss', 'snooze', 'reschedule'] as const;
export type Verb = (typeof VERBS)[number];

/** Who a Slack user is to us: always the pair, never the user id alone. */
export interface RepKey {
  teamId: string;
  userId: string;
}

/** A Slack user who has tasks. */
export interface Rep extends RepKey {
  name: string;
  /** Lower-cased; undefined when Slack shows us none. */
  email: string | undefined;
  /** A valid IANA zone. */
  zone: string;
  /** False once Slack says that the person left. */
  active: boolean;
}

/** The mapping from a rep to their user at one provider. */
export interface Link extends RepKey {
  provider: ProviderId;
  /** The provider's id of the person, as text. */
  externalId: string;
  linkedAt: Instant;
  /** The last time the provider answered a list call for this link. */
  lastListedAt: Instant | undefined;
}

export interface Contact {
  name: string;
  title?: string;
  company?: string;
  /** A page about the person, at the provider or in the CRM. */
  url?: string;
}

/** What is at stake: the deal behind a task. */
export interface Deal {
  name?: string;
  stage?: string;
  /** As the provider writes it; see `blocks/text.ts` for how it is shown. */
  amount?: string;
  url?: string;
}

/** An open sales task at a provider. */
export interface Task {
  provider: ProviderId;
  /** The provider's id, as text: Gong's do not survive a JavaScript number. */
  id: string;
  /** What is to be done, built by the provider's adapter: flow and step, or the title. Never empty. */
  title: string;
  /** The flow or sequence that the task belongs to, where there is one. */
  flow?: string;
  contact?: Contact;
  account?: { name: string; url?: string };
  deal?: Deal;
  /** undefined: the provider gave no due date. */
  dueAt: Instant | undefined;
}

/** What a task is called across providers and reps. */
export interface TaskKey extends RepKey {
  provider: ProviderId;
  taskId: string;
}

/** Later than any instant that we meet, and still a valid JavaScript date. */
export const FOREVER: Instant = 8_640_000_000_000_000;

/** When a rep wants their digest. */
export interface Schedule extends RepKey {
  /** Local wall-clock time, `HH:MM`. */
  time: string;
  /** ISO weekdays, ascending: 1 is Monday, 7 is Sunday. */
  days: readonly number[];
  /** No digest before this instant; `FOREVER` until the rep resumes. */
  pausedUntil: Instant | undefined;
  /** The next digest, already beyond any pause; `FOREVER` when none will come. */
  nextDueAt: Instant;
}

/** One attempt to send one rep's digest for one local date. */
export interface Run extends RepKey {
  /** The rep's calendar date, `YYYY-MM-DD`. */
  localDate: string;
  state: 'claimed' | 'posted' | 'skipped';
  claimedAt: Instant;
  postedAt: Instant | undefined;
  messageId: string | undefined;
}

/**
 * The life of an action:
 *
 *     queued -> succeeded -> undoing -> undone          (undoing falls back to succeeded, with `undoFailure`)
 *     queued -> undone                                  (undone before anything was sent)
 *     queued -> failed -> queued (Retry) | dropped      (dropped: the rep chose another verb)
 *     queued -> stale                                   (the task was no longer open; nothing was sent)
 */
export type ActionState = 'queued' | 'succeeded' | 'failed' | 'stale' | 'undoing' | 'undone' | 'dropped';

/** Why an action failed: a provider's refusal, or a reason of our own. */
export type FailureReason = ProviderErrorKind | 'not_linked' | 'unexpected';

/** One verb applied to one task by one rep: a row in the ledger. */
export interface Action extends TaskKey {
  id: string;
  /** 1 for the first action on this task, then 2, …: a click names the number that it expects, so only one wins. */
  seq: number;
  verb: Verb;
  /** The due time that was asked for; only for snooze and reschedule. */
  dueAt: Instant | undefined;
  /** The task as it was when the action was recorded, or as last read before sending: what Undo goes back to. */
  task: Task;
  state: ActionState;
  /** Sent not before this instant, because the provider could not reverse it. */
  heldUntil: Instant | undefined;
  /** Set durably before the first byte goes out: from here on an effect is possible. */
  sentAt: Instant | undefined;
  attempts: number;
  failure: FailureReason | undefined;
  undoFailure: FailureReason | undefined;
  /** The provider's id of the last exchange. */
  reference: string | undefined;
  createdAt: Instant;
  settledAt: Instant | undefined;
}

/** What a list shows of one provider, kept beside its tasks. */
export type ProviderReport = { provider: ProviderId; name: string; noun: string } & (
  | { state: 'listed'; tasks: number; unreadable: number }
  | { state: 'failed'; reason: FailureReason; lastListedAt: Instant | undefined; reference: string | undefined }
);

/** What a list was asked for: `/tasks today`, `/tasks acme`. */
export type Filter = { by: 'all' | 'overdue' | 'today' | 'week' } | { by: 'text'; text: string };

/** Everything that a message shows besides its rows; stored, so that the message can be rendered again at any time. */
export interface ListSummary {
  filter: Filter;
  /** How many tasks matched, in each group. */
  counts: { overdue: number; today: number; upcoming: number };
  /** The task after which this page begins; undefined on the first. */
  after?: Task | undefined;
  /** How many matching tasks come before the first row. */
  offset: number;
  /** How many matching tasks come after the last row. */
  remaining: number;
  reports: readonly ProviderReport[];
  /** When the providers were asked. */
  fetchedAt: Instant;
  /** The rep's calendar date at that time, `YYYY-MM-DD`. */
  localDate: string;
}

export type MessageKind = 'digest' | 'list' | 'home';

/** A Slack message (or Home tab) that shows tasks. The message itself is a view of this. */
export interface Message extends RepKey {
  id: string;
  kind: MessageKind;
  /** undefined: not a message that `chat.update` can reach (ephemeral, Home). */
  posted: { channel: string; ts: string } | undefined;
  summary: ListSummary;
  createdAt: Instant;
}

/** A row of a message as it was made. */
export interface MessageItem {
  position: number;
  task: Task;
  /** The number of actions that this task had when the row was made. */
  seq: number;
}
