/**
 * What core asks of the outside. `src/store`, `src/queue` and `src/slack` implement these (and `src/providers` what stands
 * in `provider.ts`); `src/app.ts` wires them. Every implementation of a port runs the same contract suite (`test/contract`).
 */
import type { Draft, Grant, HeldGrant, HookEvent, Priority } from './provider.ts';
import type { Again } from './retry.ts';
import type {
  Action,
  ActionState,
  FailureReason,
  Instant,
  Link,
  LinkDoubt,
  LinkEnd,
  LinkEvent,
  LinkProblem,
  ListSummary,
  Message,
  MessageItem,
  MessageKind,
  ProviderId,
  Rep,
  RepKey,
  Run,
  Schedule,
  SeenElsewhere,
  Suggestion,
  Task,
  TaskKey,
  Tool,
} from './types.ts';

export type Clock = () => Instant;

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

// ---------------------------------------------------------------- store

/** An open transaction, opaque to core: only the store and the queue look inside. */
export type Tx = object;

export interface Reps {
  /** Inserts or replaces. */
  save(rep: Rep, tx?: Tx): Promise<void>;
  find(key: RepKey): Promise<Rep | undefined>;
  list(teamId: string): Promise<Rep[]>;
  /** Notes that the rep was told what Docket is. False when they were before. */
  markWelcomed(key: RepKey, at: Instant, tx?: Tx): Promise<boolean>;
}

export interface Links {
  /** Inserts or replaces; keeps `lastListedAt` and `announcedAt` when the external id is the same. */
  save(link: Omit<Link, 'lastListedAt' | 'announcedAt'>, tx?: Tx): Promise<void>;
  remove(key: RepKey, provider: ProviderId, tx?: Tx): Promise<void>;
  /** Ordered by provider. */
  of(key: RepKey, tx?: Tx): Promise<Link[]>;
  list(teamId: string): Promise<Link[]>;
  /** Who else has this user of the provider. */
  holders(teamId: string, provider: ProviderId, externalId: string, tx?: Tx): Promise<Link[]>;
  markListed(key: RepKey, provider: ProviderId, at: Instant): Promise<void>;
  markAnnounced(key: RepKey, providers: readonly ProviderId[], at: Instant, tx?: Tx): Promise<void>;
}

/** Everything about who is who besides the links themselves. */
export interface People {
  /** A rep who ended a link is not linked again by their address, until they ask for it. */
  decline(key: RepKey, provider: ProviderId, at: Instant, tx?: Tx): Promise<void>;
  undecline(key: RepKey, provider: ProviderId, tx?: Tx): Promise<void>;
  declined(teamId: string, tx?: Tx): Promise<(RepKey & { provider: ProviderId })[]>;
  /** Inserts or replaces: one open suggestion for a rep and provider. */
  suggest(suggestion: Suggestion, tx?: Tx): Promise<void>;
  suggestions(key: RepKey, tx?: Tx): Promise<Suggestion[]>;
  dropSuggestion(key: RepKey, provider: ProviderId, tx?: Tx): Promise<void>;
  /** Replaces what was known of a provider's problems. */
  noteProblems(teamId: string, provider: ProviderId, problems: readonly LinkProblem[]): Promise<void>;
  /** Adds one to what is known, or replaces it. */
  noteProblem(problem: LinkProblem, tx?: Tx): Promise<void>;
  /** Ordered by provider, then name. */
  problems(teamId: string): Promise<LinkProblem[]>;
  /** Replaces what was known of the doubts about a provider's links. */
  noteDoubts(teamId: string, provider: ProviderId, doubts: readonly LinkDoubt[]): Promise<void>;
  /** Ordered by provider, then since when. */
  doubts(teamId: string): Promise<LinkDoubt[]>;
  /** Appends to the audit. */
  record(event: LinkEvent, tx?: Tx): Promise<void>;
  /** Newest first. */
  events(teamId: string, options: { limit: number; userId?: string }): Promise<LinkEvent[]>;
  /** Forgets lines of the audit from before `before`; returns how many. */
  pruneEvents(before: Instant): Promise<number>;
}

export interface Connections {
  /** After a rep's consent; replaces an earlier one. */
  save(key: RepKey, provider: ProviderId, grant: Grant, at: Instant, tx?: Tx): Promise<void>;
  /** Also one that has ended: `ended` says so. */
  find(key: RepKey, provider: ProviderId): Promise<(HeldGrant & { connectedAt: Instant; ended: boolean }) | undefined>;
  lock(held: HeldGrant, provider: ProviderId, now: Instant, until: Instant): Promise<boolean>;
  unlock(held: HeldGrant, provider: ProviderId): Promise<void>;
  renew(held: HeldGrant, provider: ProviderId, grant: Grant): Promise<boolean>;
  /** False when it had ended already, or was renewed since. */
  end(held: HeldGrant, provider: ProviderId, tx?: Tx): Promise<boolean>;
  remove(key: RepKey, provider: ProviderId, tx?: Tx): Promise<void>;
  /** Those that have not ended, least recently renewed first. */
  live(provider: ProviderId): Promise<(RepKey & { mintedAt: Instant })[]>;
  /** Those of `live` that no key opens. What they hold stays as it is. */
  unreadable(provider: ProviderId): Promise<RepKey[]>;
  /**
   * Notes by what mark the company's own credential is known (never the credential). True when it was another one before.
   */
  noteCredential(provider: ProviderId, mark: string, tx?: Tx): Promise<boolean>;
}

/** The contents of the link in Slack, sealed: for whom a press of it begins a sign-in. */
export interface Ticket extends RepKey {
  provider: ProviderId;
  /** That of a suggestion which the rep confirmed; without one their own address counts. */
  email?: string;
  expiresAt: Instant;
}

/** A consent that was begun: whoever comes back with the state began it as this rep, once. */
export interface PendingConsent extends Ticket {
  codeVerifier: string;
}

/** The result of a sign-in, as its page says it. It holds no token. */
export type ConsentResult =
  | { is: 'connected'; email: string }
  | { is: 'expired' }
  | { is: 'denied' }
  /** Nobody active there has the rep's address; or more than one has it, or another rep is linked to that user. */
  | { is: 'no_user'; email: string | undefined; why: 'none' | 'unclear' | 'taken' }
  /** `signedIn` is the address of whoever allowed it. */
  | { is: 'wrong_person'; signedIn: string }
  /** The provider does not say who signed in, so the rep is asked in Slack. */
  | { is: 'unconfirmed' }
  | { is: 'failed'; reason: FailureReason; reference: string };

/** A state that a browser brings for the first time, or has brought before. */
export type BroughtState =
  | { is: 'new'; pending: PendingConsent }
  /** Without a result: another request has it in hand, or died with it. */
  | ({ is: 'used'; provider: ProviderId; takenAt: Instant; result: ConsentResult | undefined } & RepKey);

/** A grant that is kept, and not used before the rep said that it was they who signed in. */
export interface UnconfirmedGrant extends RepKey {
  provider: ProviderId;
  /** Which sign-in gave it. */
  stateHash: string;
  grant: Grant;
  /** Whose user the grant is thought to be. */
  email: string;
  expiresAt: Instant;
}

export interface Consents {
  /** Cannot be read or made up by whoever holds it. */
  sealTicket(ticket: Ticket): Promise<string>;
  /** undefined: not ours, changed, or sealed with a key that is gone. Does not look at its time. */
  openTicket(sealed: string): Promise<Ticket | undefined>;
  /** The state itself is not kept, only its hash. Of one rep's states at one provider the newest 20 are kept. */
  begin(stateHash: string, consent: PendingConsent): Promise<void>;
  /** `new` for one caller only. undefined: unknown, or over. */
  take(stateHash: string, now: Instant): Promise<BroughtState | undefined>;
  /** What a state came to; shown to whoever brings it again before its time is over. */
  settle(stateHash: string, result: ConsentResult, tx?: Tx): Promise<void>;
  /** Replaces an earlier one of this rep at this provider. */
  hold(unconfirmed: UnconfirmedGrant): Promise<void>;
  /** Takes it out; undefined when it is not this rep's, is gone, or is over. */
  takeHeld(
    key: RepKey,
    of: Pick<UnconfirmedGrant, 'provider' | 'stateHash'>,
    now: Instant,
  ): Promise<UnconfirmedGrant | undefined>;
  /** Forgets states and unconfirmed grants whose time is over. */
  prune(now: Instant): Promise<void>;
}

/** Our subscription to one provider's changes. */
export interface Hook extends RepKey {
  provider: ProviderId;
  hookId: string;
  url: string;
  secret: string;
}

export interface HookStore {
  save(hook: Hook): Promise<void>;
  find(provider: ProviderId): Promise<Hook | undefined>;
}

export interface Schedules {
  /** Inserts or replaces. */
  save(schedule: Schedule, tx?: Tx): Promise<void>;
  find(key: RepKey, tx?: Tx): Promise<Schedule | undefined>;
  /** Moves only the next digest, and only if it still is the one that was read: false when someone changed it since. */
  advance(key: RepKey, nextDueAt: { from: Instant; to: Instant }, tx?: Tx): Promise<boolean>;
  /** Schedules of active reps with at least one link whose `nextDueAt` has come, earliest first. */
  due(now: Instant, limit: number): Promise<(Schedule & { zone: string })[]>;
  /** The same of active reps who have no link at any of these providers, and were never told what Docket is. */
  toWelcome(now: Instant, providers: readonly ProviderId[], limit: number): Promise<(Schedule & { zone: string })[]>;
}

export interface Runs {
  /** False when this rep already has a run for this local date. */
  claim(run: Run, tx?: Tx): Promise<boolean>;
  find(key: RepKey, localDate: string, tx?: Tx): Promise<Run | undefined>;
  /** The message that was made for a run, so that another attempt posts the same one. */
  noteMessage(key: RepKey, localDate: string, messageId: string): Promise<void>;
  /** The run will send nothing any more. */
  markSkipped(key: RepKey, localDate: string, tx?: Tx): Promise<void>;
  markPosted(key: RepKey, localDate: string, messageId: string, at: Instant, tx?: Tx): Promise<void>;
  /** The latest run with state `posted`. */
  lastPosted(key: RepKey): Promise<Run | undefined>;
  /** Forgets runs that were claimed before `before`; returns how many. */
  prune(before: Instant): Promise<number>;
}

/** A message with everything that is needed to render it: each row with the last action on its task, if any. */
export interface LoadedMessage extends Message {
  items: (MessageItem & { action: Action | undefined })[];
}

export interface Messages {
  /**
   * Stores a message and its rows, and gives it an id (digits). A row's `seq` is that of the last action that was settled
   * when the providers were asked (`summary.fetchedAt`): a later one, or one under way, still speaks for the row.
   */
  create(message: Omit<Message, 'id' | 'posted'>, tasks: readonly Task[]): Promise<string>;
  markPosted(id: string, posted: { channel: string; ts: string }, tx?: Tx): Promise<void>;
  load(id: string): Promise<LoadedMessage | undefined>;
  /**
   * The row that a button belongs to, also when the message no longer shows it: a position never moves to another task,
   * so a late click still finds its own.
   */
  row(
    id: string,
    position: number,
    tx?: Tx,
  ): Promise<(MessageItem & { rep: RepKey; kind: Message['kind'] }) | undefined>;
  /** Puts new contents into a message; its id, kind and place in Slack stay. */
  replace(id: string, summary: Message['summary'], tasks: readonly Task[]): Promise<void>;
  /** Ids of the messages that show a task and were made at or after `since`, newest first. */
  showing(task: TaskKey, since: Instant): Promise<string[]>;
  /** Reps who have a message that shows a task, made at or after `since`. */
  watchers(provider: ProviderId, taskId: string, since: Instant): Promise<RepKey[]>;
  /**
   * What was seen of a task at its provider, into every row that shows it and was made at or after `since`. What a row
   * shows already is no news, and a closed one stays closed. `ours` is the number of an action that did just this: rows
   * that were made before it show it as that. Returns whether any row changed.
   */
  noteSeen(key: TaskKey, seen: SeenElsewhere, since: Instant, ours?: number): Promise<boolean>;
  /** The rep's newest message of a kind. */
  newest(key: RepKey, kind: Message['kind']): Promise<string | undefined>;
  /** A rep's digests that were posted and made at or after `since`, newest first. */
  digestsSince(key: RepKey, since: Instant): Promise<string[]>;
  /** Digests that were posted, made before `before`, still have their buttons, and wait for no action; newest first. */
  toRetire(teamId: string, before: Instant, limit: number): Promise<{ id: string; createdAt: Instant }[]>;
  /** Reps to whom a digest was posted that was made at or after `since`, with when the newest was. */
  digestReaders(teamId: string, since: Instant): Promise<(RepKey & { newestAt: Instant })[]>;
  markRetired(id: string): Promise<void>;
  /** Deletes messages (with their rows) made before `before`, except digests that a run points to; returns how many. */
  prune(before: Instant): Promise<number>;
}

export interface Ledger {
  /** Writes the action, or returns undefined when its `seq` is taken for this task: someone else was first. */
  record(action: Omit<Action, 'id'>, tx?: Tx): Promise<Action | undefined>;
  find(id: string, tx?: Tx): Promise<Action | undefined>;
  /** The action with the highest `seq` for a task. */
  latest(task: TaskKey, tx?: Tx): Promise<Action | undefined>;
  /** The one before it on the same task. */
  before(action: Action): Promise<Action | undefined>;
  /**
   * Changes an action only if it is in one of the `from` states (and, with `unsent`, nothing was sent yet). Returns the
   * changed action, or undefined when it was in another state: then nothing changed.
   */
  transition(
    id: string,
    guard: { from: readonly ActionState[]; unsent?: true },
    patch: Partial<
      Pick<
        Action,
        | 'state'
        | 'task'
        | 'externalId'
        | 'heldUntil'
        | 'sentAt'
        | 'attempts'
        | 'waiting'
        | 'found'
        | 'undo'
        | 'failure'
        | 'undoFailure'
        | 'reference'
        | 'settledAt'
      >
    >,
    tx?: Tx,
  ): Promise<Action | undefined>;
  /** A rep's actions recorded at or after `since`, newest first; `before` is the last one of the page before. */
  history(
    key: RepKey,
    page: { since: Instant; before?: Pick<Action, 'id' | 'createdAt'>; limit: number },
  ): Promise<Action[]>;
  /** Those that failed for one of these reasons, were recorded at or after `since`, and are the last of their task. */
  failed(
    of: { teamId: string; userId?: string; provider: ProviderId },
    reasons: readonly FailureReason[],
    since: Instant,
    tx?: Tx,
  ): Promise<Action[]>;
  /** Forgets what was recorded before `before` and is not under way; returns how many. */
  prune(before: Instant): Promise<number>;
}

export interface Store {
  /**
   * Runs `work` in one transaction; an exception rolls it back and is thrown on. With `withinMs` it throws, before `work`
   * began, when something else keeps the store from being written for so long.
   */
  transact<T>(work: (tx: Tx) => Promise<T>, options?: { withinMs: number }): Promise<T>;
  reps: Reps;
  links: Links;
  schedules: Schedules;
  runs: Runs;
  messages: Messages;
  ledger: Ledger;
  people: People;
  connections: Connections;
  consents: Consents;
  hooks: HookStore;
}

// ---------------------------------------------------------------- Slack

/** What Slack said of a person. `undefined` is what it did not say, which changes nothing that we know (DESIGN, invariant 11). */
export interface Member {
  userId: string;
  name: string | undefined;
  /** Lower-cased. */
  email: string | undefined;
  /** As Slack names it; this runtime may not know it. */
  zone: string | undefined;
  /** The zone's distance from UTC now, in milliseconds. */
  zoneOffset?: number | undefined;
  active: boolean | undefined;
  /** May manage who is who: an admin or owner of the workspace. */
  admin: boolean;
  /** Slack names other workspaces for them and not ours: ours only if we know them already. */
  elsewhere?: boolean;
}

/** The people of the workspace. Throws `DeliveryError`. */
export interface Directory {
  /** Every person that Slack lists, each once, deactivated ones included. Takes minutes in a large workspace. */
  members(teamId: string): Promise<Member[]>;
  member(key: RepKey): Promise<Member | undefined>;
}

/** Nobody, or more than one, has the address of a follow-up. */
export type NoPerson = 'no_person' | 'several_people';

/** What we write to a rep without being asked. */
export type Notice =
  /** A link that their address had made. `email`: the address. */
  | { about: 'link_ended'; provider: ProviderId; why: LinkEnd; email: string | undefined }
  | { about: 'disconnected'; provider: ProviderId }
  /** The first word to a rep for whom nothing is linked. */
  | { about: 'welcome'; tools: readonly Tool[] }
  /** Somebody else allowed it with the rep's link; `signedIn` is their address, `email` the rep's. */
  | { about: 'wrong_person'; provider: ProviderId; signedIn: string; email: string }
  /** Was it the rep who signed in just now? */
  | { about: 'confirm_sign_in'; provider: ProviderId; stateHash: string; email: string }
  | { about: 'suggestion'; suggestion: Suggestion }
  | { about: 'created'; provider: ProviderId; person: string; dueAt: Instant }
  | {
      about: 'not_created';
      provider: ProviderId;
      email: string;
      /** What the rep wrote, so that it is not lost with the form. */
      note?: string;
      why: FailureReason | NoPerson;
      unsure: boolean;
      reference: string;
    };

/** What shows people their tasks. */
export interface Screen {
  /**
   * Posts a stored message to the rep's direct message and says where it landed. For a `person` who waits it meets a Slack
   * that is busy or away for a moment with a wait. Throws `DeliveryError`.
   */
  post(messageId: string, priority: Priority): Promise<{ channel: string; ts: string }>;
  /** Renders again every message that shows the task; resolves when those renders have ended or wait to be tried again. */
  showTask(task: TaskKey): Promise<void>;
  /** As `showTask`, but nobody waits: within what Slack allows the whole workspace. */
  showLater(task: TaskKey): Promise<void>;
  /** Renders one message again, of which nobody waits for it. Throws `DeliveryError`. */
  showAgain(messageId: string): Promise<void>;
  /** Writes to a rep. Throws `DeliveryError`. */
  notify(key: RepKey, notice: Notice): Promise<void>;
  /** How many of these tasks fit into one message of this kind, from the first on. At least one if there is one. */
  rowsThatFit(
    list: { kind: MessageKind; tasks: readonly Task[] } & Pick<ListSummary, 'reports' | 'newLinks' | 'unconnected'>,
    rep: Rep,
  ): number;
}

// ---------------------------------------------------------------- queue

export type JobPayload =
  | { kind: 'perform'; actionId: string }
  | { kind: 'undo'; actionId: string }
  | ({ kind: 'show' } & TaskKey)
  | { kind: 'digest'; teamId: string; userId: string; localDate: string }
  | { kind: 'link'; teamId: string }
  | ({ kind: 'notify'; notice: Notice } & RepKey)
  /** A provider told us of a change. */
  | { kind: 'changed'; provider: ProviderId; taskId: string; what: HookEvent['what'] }
  /** Compares what a rep's digests of the last days show with what the providers hold. */
  | ({ kind: 'reconcile' } & RepKey)
  | ({ kind: 'create'; provider: ProviderId; draft: Draft } & RepKey)
  /** Has a provider tell us of changes, or looks whether it still does. */
  | { kind: 'hook'; provider: ProviderId }
  /** Renews the consents that nobody has used for long. */
  | { kind: 'renew' };

export interface NewJob {
  /** A key that was ever enqueued is never enqueued again (until it is pruned). */
  key: string;
  payload: JobPayload;
  /** Higher first among the jobs that are due. */
  priority: number;
  runAt: Instant;
}

/** A claimed job: whoever holds the newest token owns it. */
export interface Job {
  id: string;
  key: string;
  /** `unreadable`: what is stored is not what was enqueued. */
  payload: JobPayload | { kind: 'unreadable' };
  /** 1 on the first attempt. */
  attempt: number;
  /** When it was first to run. */
  enqueuedAt: Instant;
  /** When it first failed. Times of waiting because a provider asked for it do not count: they move it on. */
  failingSince: Instant | undefined;
  /** The fencing token: a worker whose lease ran out and was claimed again can no longer complete, retry or extend. */
  token: number;
  /**
   * How many claims in a row ended in nothing: the lease ran out, because the process died or because the handler broke. The
   * job may be what kills the process.
   */
  lapses: number;
}

export interface ClaimOptions {
  limit: number;
  leaseMs: number;
  minPriority?: number;
  /** Only jobs that wait, or only those whose lease ran out; default: both. Of the latter the least often lapsed first. */
  only?: 'waiting' | 'lapsed';
  /** Others are left for a version that knows them; default: all. */
  kinds?: readonly string[];
}

export interface Queue {
  /** False when the key is known already; then nothing changed. With `tx` the job exists only if that commits. */
  enqueue(job: NewJob, tx?: Tx): Promise<boolean>;
  /** Takes due jobs, and jobs whose lease ran out, for `leaseMs`: priority first, then `runAt`. */
  claim(now: Instant, options: ClaimOptions): Promise<Job[]>;
  /** False when the lease was lost. A lease is never shortened. */
  extend(job: Job, leaseUntil: Instant): Promise<boolean>;
  /** Done, for good. False when the lease was lost: the caller must then roll back what it wrote. */
  complete(job: Job, tx?: Tx): Promise<boolean>;
  /** Gives the job back for `runAt`. With `free` this attempt is not counted. False when the lease was lost. */
  retry(job: Job, again: Again & { error: string }, tx?: Tx): Promise<boolean>;
  /** Makes those jobs due at `now` that wait for a provider to answer again; returns how many. */
  hasten(provider: ProviderId, now: Instant): Promise<number>;
  /** Ended without being done, for good. False when the lease was lost: the caller must then roll back what it wrote. */
  giveUp(job: Job, reason: string, tx?: Tx): Promise<boolean>;
  /** Withdraws a job that nobody holds. False when it is unknown, held or finished. */
  cancel(key: string, tx?: Tx): Promise<boolean>;
  /** How many jobs wait or run; for health and for tests. */
  open(): Promise<number>;
  /** The kinds of the jobs that wait or run. */
  openKinds(): Promise<string[]>;
  /** Forgets finished jobs that ended before `before`; returns how many. */
  prune(before: Instant): Promise<number>;
}
