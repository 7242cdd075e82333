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

/** Changes of a task that are no verb, from the row's menu: its note, its owner, its opportunity rule. */
export const EDITS = ['note', 'reassign', 'rule'] as const;
export type Edit = (typeof EDITS)[number];

/** Whatever a rep can have done to a task. */
export type Operation = Verb | Edit;

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

/**
 * How a link came about, and so who may change it: `address` follows the provider's directory; `consent` (the rep signed
 * in there) and `suggestion` (an admin's, confirmed by the rep) stand until the rep ends them.
 */
export type LinkOrigin = 'address' | 'consent' | 'suggestion';

/** Who a rep is at one provider: all that an adapter needs to act as them. */
export interface Account extends RepKey {
  /** The provider's id of the person, as text. */
  externalId: string;
  /** The address by which the provider knows them, lower-cased. Reply.io is told it with every call. */
  email: string | undefined;
}

/** The mapping from a rep to their user at one provider. */
export interface Link extends Account {
  provider: ProviderId;
  origin: LinkOrigin;
  linkedAt: Instant;
  /** The last time the provider answered a list call for this link. */
  lastListedAt: Instant | undefined;
  /** When a digest told the rep how the link was made. */
  announcedAt: Instant | undefined;
}

/**
 * A positive sign that ends a link which an address made: the user there is not active or is locked, has `moved` to other
 * addresses, or the member's own address in Slack is another one (`renamed`).
 */
export const LINK_ENDS = ['inactive', 'locked', 'moved', 'renamed'] as const;
export type LinkEnd = (typeof LINK_ENDS)[number];

/** What can be said for certain of why a member has no link: for an admin to mend. */
export type LinkProblemReason = LinkEnd | 'unknown' | 'ambiguous' | 'shared' | 'taken';

/**
 * Why a link is in doubt and stays all the same. `unnamed`: the directory does not name the user; `replaced`: nor that
 * user, but another one with the address; `unaddressed`: the user without their address, and not all of their addresses.
 * One of `LINK_ENDS`: so many links had such a sign at once that none was ended.
 */
export type LinkDoubtReason = LinkEnd | 'unnamed' | 'replaced' | 'unaddressed';

export interface LinkDoubt extends RepKey {
  provider: ProviderId;
  externalId: string;
  reason: LinkDoubtReason;
  since: Instant;
  /** On how many days a look at everyone found it so, and the last of them (`YYYY-MM-DD`, UTC). */
  looks: number;
  lastDay: string;
}

export interface LinkProblem extends RepKey {
  provider: ProviderId;
  reason: LinkProblemReason;
  name: string;
  email: string | undefined;
}

/** An admin's proposal for someone whose addresses differ; a link only once that rep confirms. */
export interface Suggestion extends RepKey {
  provider: ProviderId;
  externalId: string;
  email: string | undefined;
  /** What the provider calls that user. */
  name: string;
  suggestedBy: string;
  suggestedAt: Instant;
}

export const LINK_EVENTS = [
  'linked',
  'corrected',
  'removed',
  'unlinked',
  'suggested',
  'declined',
  'disconnected',
] as const;
export type LinkEventKind = (typeof LINK_EVENTS)[number];

/** A line of the audit of who is who. */
export interface LinkEvent extends RepKey {
  provider: ProviderId;
  event: LinkEventKind;
  /** A Slack user id, or `directory` for what followed from the provider's directory or from Slack. */
  by: string;
  externalId: string | undefined;
  origin: LinkOrigin | undefined;
  at: Instant;
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
  /** When the provider takes the task off the list by itself, undone. */
  skipsAt?: Instant;
  /** What the provider calls its priority, where that is not the usual one: `Urgent`. */
  priority?: string;
  /** What the adapter wants to know of the task again, to say which verbs it allows; nobody else reads it. */
  facts?: Readonly<Record<string, string | number | boolean>>;
}

/** What a task is called across providers and reps. */
export interface TaskKey extends RepKey {
  provider: ProviderId;
  taskId: string;
}

/** Later than any instant that we meet, and still a valid JavaScript date. */
export const FOREVER: Instant = 8_640_000_000_000_000;

/** For so long, in milliseconds, digests are kept true; then they lose their buttons (`retire.ts`). */
export const KEEP_TRUE_FOR = 3 * 86_400_000;

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

/** What a list shows of one provider, kept beside its tasks. */
export type ProviderReport = { provider: ProviderId; name: string; noun: string } & (
  | { state: 'listed'; tasks: number; unreadable: number }
  | { state: 'failed'; reason: FailureReason; lastListedAt: Instant | undefined; reference: string | undefined }
);

export interface Tool {
  provider: ProviderId;
  name: string;
}

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
  /** Links that were made by themselves since the last digest: said once, so that a wrong one is noticed. */
  newLinks?: readonly { provider: ProviderId; name: string; email: string | undefined }[] | undefined;
  /** Tools where the rep has to sign in and has not, so that their tasks are missing. */
  unconnected?: readonly Tool[] | undefined;
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
  /** What became of the task elsewhere since the row was made. */
  seen?: SeenElsewhere | undefined;
}

/**
 * Seen at the provider at `at`, not done here: `done` when it says so (with when, where it says that too), `gone` when it
 * is no longer open for this rep, `changed` with the task as it is now. The row keeps its place all the same.
 */
export type SeenElsewhere =
  | { how: 'done'; at: Instant; doneAt?: Instant }
  | { how: 'gone'; at: Instant }
  | { how: 'changed'; at: Instant; task: Task };

/** The task of a row as it was last seen. */
export function taskOf(item: Pick<MessageItem, 'task' | 'seen'>): Task {
  return item.seen?.how === 'changed' ? item.seen.task : item.task;
}
