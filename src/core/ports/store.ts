/** The store's port; `src/store` implements it. Every implementation runs one contract suite (`test/contract`). */
import type { Action, ActionBase, FailureReason, NewAction } from '../model/action.ts';
import type { Delivered, Run, Schedule, SkipReason } from '../model/digest.ts';
import type { Instant, ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import type { LoadedMessage, Message, MessageItem, SeenChange } from '../model/message.ts';
import type { Profile, Recipient, Rep } from '../model/people.ts';
import type { Rollup, RunCount, Settled } from '../model/rollup.ts';
import type { NewSweep, Sweep } from '../model/sweep.ts';
import type { Task } from '../model/task.ts';
import type { RepOverview } from '../model/team.ts';
import type { Installs } from './installs.ts';
import type { LeftHooks } from './left-hooks.ts';
import type { Connections, Consents, HookStore, Links, People } from './people-store.ts';
import type { Tools } from './tools.ts';
import type { Tx, Whom } from './transaction.ts';

export interface Reps {
  /** Inserts or replaces. The zone that a rep chose stands in their schedule. */
  save(profile: Profile, tx?: Tx): Promise<void>;
  find(key: RepKey): Promise<Rep | undefined>;
  /** The rep with their schedule, in one statement. */
  recipient(key: RepKey): Promise<Recipient | undefined>;
  list(teamId: string): Promise<Rep[]>;
  /** Records that the rep got a welcome, and where it stands. False: they had one before. */
  markWelcomed(key: RepKey, at: Instant, tx?: Tx, posted?: { channel: string; ts: string }): Promise<boolean>;
  /** undefined: they were not welcomed yet. */
  welcome(key: RepKey): Promise<{ at: Instant; posted?: { channel: string; ts: string } } | undefined>;
}

export interface Schedules {
  /** Inserts or replaces. */
  save(schedule: Schedule, tx?: Tx): Promise<void>;
  find(key: RepKey, tx?: Tx): Promise<Schedule | undefined>;
  /** Moves `nextDueAt` if it is still `from`. False: someone changed it. */
  advance(key: RepKey, nextDueAt: { from: Instant; to: Instant }, tx?: Tx): Promise<boolean>;
  /** Countries that reps chose, each once. */
  countries(): Promise<string[]>;
  /** The earliest due time after `now`, of any schedule. */
  nextAfter(now: Instant): Promise<Instant | undefined>;
  /** Active reps with a link who have not paused their digests for good. */
  expecting(teamId: string): Promise<(RepKey & { email: string | undefined })[]>;
  /** The due times between the two, `until` included, and how many of those reps have each. */
  slots(between: { after: Instant; until: Instant }): Promise<{ dueAt: Instant; reps: number }[]>;
  /** Those reps of one due time, always in the same order. */
  ofSlot(dueAt: Instant, page: { offset: number; limit: number }): Promise<RepKey[]>;
  /**
   * Due schedules of active reps with a link who were welcomed, earliest first; `zone` as in `Rep`. Without a team: of all
   * workspaces.
   */
  due(now: Instant, limit: number, teamId?: string): Promise<(Schedule & { zone: string })[]>;
  /**
   * Active reps without a welcome, earliest due first; `isLinked`: to one of these providers. `after`: behind that one in
   * this order. Without a team: of all workspaces.
   */
  unwelcomed(
    providers: readonly ProviderId[],
    page: { teamId?: string | undefined; after?: Schedule | undefined; limit: number },
  ): Promise<(Schedule & { zone: string; email: string | undefined; isLinked: boolean })[]>;
  /** Of active reps who were welcomed, and have no run on the date. `linked`: with any provider. */
  withoutRun(localDate: string): Promise<(Schedule & { zone: string; name: string; linked: boolean })[]>;
}

export interface Runs {
  /** False if the rep already has a run for this date. */
  claim(run: Run, tx?: Tx): Promise<boolean>;
  find(key: RepKey, localDate: string, tx?: Tx): Promise<Run | undefined>;
  /** Records the run's message, so that a retry posts the same one. */
  noteMessage(key: RepKey, localDate: string, messageId: string): Promise<void>;
  /** The run sends nothing. A posted run stays posted. */
  markSkipped(
    key: RepKey,
    localDate: string,
    skipped: { why: SkipReason; refusal?: string | undefined },
    tx?: Tx,
  ): Promise<void>;
  markPosted(key: RepKey, localDate: string, posted: Delivered, tx?: Tx): Promise<void>;
  /** Every run of a local date, with the rep's name. */
  ofDate(localDate: string): Promise<(Run & { name: string })[]>;
  /** Runs that are due at or before `dueBy`, were claimed before `claimedBefore`, and are neither posted nor skipped. */
  unsent(before: { dueBy: Instant; claimedBefore: Instant }): Promise<{ reps: number; first: RepKey[] }>;
  /** The runs of this date and later ones, in order. */
  since(key: RepKey, localDate: string): Promise<Run[]>;
  /** The last run before this date. */
  before(key: RepKey, localDate: string): Promise<Run | undefined>;
  /** The latest posted run. */
  lastPosted(key: RepKey): Promise<Run | undefined>;
  /** Of these reps, and of `localDate` and later dates: what their digests held, or that nothing was open. */
  counted(teamId: string, userIds: readonly string[], localDate: string): Promise<RunCount[]>;
  /** Deletes runs claimed before `before`; returns their number. */
  prune(before: Instant): Promise<number>;
}

/** `aheadOf`: the local date of the digest that it is listed ahead of. */
type NewMessage = Omit<Message, 'id' | 'posted'> & { aheadOf?: string };

export interface Messages {
  /** A row's `seq` is the last action settled at `summary.fetchedAt`: the row still shows later ones. */
  create(message: NewMessage, tasks: readonly Task[], tx?: Tx): Promise<LoadedMessage>;
  /** The message that was listed ahead of the digest of a local date, until a run takes it. */
  aheadOf(key: RepKey, localDate: string): Promise<string | undefined>;
  /** It is the digest's now, made at that moment. */
  take(id: string, at: Instant): Promise<void>;
  markPosted(id: string, posted: { channel: string; ts: string }, tx?: Tx): Promise<void>;
  load(id: string, tx?: Tx): Promise<LoadedMessage | undefined>;
  /** The row of a button, also when it is no longer shown: a position always belongs to the same task. */
  row(
    id: string,
    position: number,
    tx?: Tx,
  ): Promise<(MessageItem & { rep: RepKey; kind: Message['kind'] }) | undefined>;
  /** Replaces a message's contents. undefined: it is gone. */
  replace(id: string, summary: Message['summary'], tasks: readonly Task[]): Promise<LoadedMessage | undefined>;
  /** Shows another page, and writes details into rows of it. False: the message is gone. */
  turn(
    id: string,
    starts: readonly number[],
    described: readonly Pick<MessageItem, 'position' | 'task'>[],
  ): Promise<boolean>;
  /**
   * Replaces a message's summary by `next(message)`, in one transaction. False: the message is gone, or `next` returned
   * undefined.
   */
  revise(id: string, next: (message: LoadedMessage) => Message['summary'] | undefined, tx?: Tx): Promise<boolean>;
  /** Messages with the task, made at or after `since`, newest first. */
  showing(task: TaskKey, since: Instant): Promise<Omit<Message, 'summary'>[]>;
  /** Reps with a message that shows the task, made at or after `since`. Without a team: of all workspaces. */
  watchers(of: { teamId: string | undefined; provider: ProviderId; taskId: string }, since: Instant): Promise<RepKey[]>;
  /**
   * Writes a change into every row of the task made at or after `since`. A row that shows it already stays; so does a
   * closed one. `ours`: the `seq` of an action that made this change; older rows show that action. Returns whether a
   * row changed.
   */
  noteSeen(key: TaskKey, seen: SeenChange, since: Instant, ours?: number): Promise<boolean>;
  /** The rep's lists, and digests that were posted: newest first. */
  newestLists(key: RepKey, limit: number): Promise<string[]>;
  /** The rep's newest message of a kind; none that is listed ahead. */
  newest(key: RepKey, kind: Message['kind']): Promise<string | undefined>;
  /** The rep's posted digests made at or after `since`, and before `before`; newest first. */
  digestsSince(key: RepKey, since: Instant, before?: Instant): Promise<string[]>;
  /** Posted digests made before `before` that have their buttons and no waiting action; newest first. */
  toRetire(teamId: string, before: Instant, limit: number): Promise<{ id: string; createdAt: Instant }[]>;
  markRetired(id: string): Promise<void>;
  /** Deletes messages made before `before`, except digests of a run; returns their number. */
  prune(before: Instant): Promise<number>;
}

export interface Ledger {
  /** undefined: the task has an action with this `seq` already, someone else was first. */
  record(action: NewAction, tx?: Tx): Promise<Action | undefined>;
  find(id: string, tx?: Tx): Promise<Action | undefined>;
  /** The action with the highest `seq` for a task. */
  latest(task: TaskKey, tx?: Tx): Promise<Action | undefined>;
  /** The previous action on the same task. */
  before(action: Action): Promise<Action | undefined>;
  /** Replaces an action by `next(action)`, in one transaction. undefined: there is none, or `next` returned undefined. */
  transition(id: string, next: (action: Action) => Action | undefined, tx?: Tx): Promise<Action | undefined>;
  /** A rep's actions recorded at or after `since`, newest first; `before`: the last one of the previous page. */
  history(
    key: RepKey,
    page: { since: Instant; before?: Pick<ActionBase, 'id' | 'createdAt'>; limit: number },
  ): Promise<Action[]>;
  /** One of the rep's actions is under way, or was recorded, sent or settled at `since` or later. */
  changedSince(key: RepKey, since: Instant): Promise<boolean>;
  /** Actions that failed for one of these reasons, recorded at or after `since`, each the last of its task. */
  failed(
    of: { teamId: string; userId?: string; provider: ProviderId },
    reasons: readonly FailureReason[],
    since: Instant,
    tx?: Tx,
  ): Promise<Action[]>;
  /** Snoozes that succeeded, each the last action of its task. Also those whose time is over. */
  snoozes(key: RepKey): Promise<Action[]>;
  /** A sweep's actions, in the order recorded. */
  ofSweep(sweepId: string, tx?: Tx): Promise<Action[]>;
  /** Tasks that these reps settled with actions recorded at or after `since`, by user id. Who settled none is not in it. */
  settledBy(teamId: string, userIds: readonly string[], since: Instant): Promise<ReadonlyMap<string, Settled>>;
  /** Deletes settled actions recorded before `before`; returns their number. */
  prune(before: Instant): Promise<number>;
}

/** Snoozes that come back on the day of their snoozing, until they are taken into a message or need none. */
export interface Returns {
  add(coming: RepKey & { actionId: string; dueAt: Instant }, tx: Tx): Promise<void>;
  /** The actions of a rep's returns that are due after `after`, and at or before `until`; soonest first. */
  due(key: RepKey, between: { after: Instant; until: Instant }): Promise<Action[]>;
  /** False: it was taken already. */
  take(actionId: string, tx: Tx): Promise<boolean>;
}

export interface Sweeps {
  /** `isNew` is false if the rep has a sweep with this key already: that one is returned. */
  create(sweep: NewSweep, tx?: Tx): Promise<{ sweep: Sweep; isNew: boolean }>;
  find(id: string, tx?: Tx): Promise<Sweep | undefined>;
  ofKey(rep: RepKey, key: string, tx?: Tx): Promise<Sweep | undefined>;
  notePosted(id: string, posted: { channel: string; ts: string }, tx?: Tx): Promise<void>;
  /** Starts its progress anew; returns the new `round`. */
  again(id: string, more: { undoAskedAt?: Instant }, tx?: Tx): Promise<number>;
  /** Deletes sweeps made before `before` of which no action is left; returns their number. */
  prune(before: Instant): Promise<number>;
}

/** Weekly roll-ups, and who is in them. */
export interface Rollups {
  create(rollup: Omit<Rollup, 'id' | 'lastSentAt'>, tx?: Tx): Promise<Rollup>;
  /** Another reader begins with nobody in it, so that all are told again. False: there is none. */
  change(rollup: Omit<Rollup, 'lastSentAt'>, tx?: Tx): Promise<boolean>;
  /** False: there is none. */
  remove(teamId: string, id: string): Promise<boolean>;
  find(teamId: string, id: string): Promise<Rollup | undefined>;
  /** In the order in which they were made; `members`: how many are in it. */
  list(teamId: string): Promise<(Rollup & { members: number })[]>;
  /** Those that a rep is in. */
  of(key: RepKey): Promise<Rollup[]>;
  /** Due at or before `now`, earliest first. */
  due(now: Instant): Promise<Rollup[]>;
  /** The earliest due time after `now`. */
  nextAfter(now: Instant): Promise<Instant | undefined>;
  /** Moves `nextDueAt` if it is still `from`. False: someone changed it. */
  advance(rollup: Pick<Rollup, 'id' | 'teamId'>, nextDueAt: { from: Instant; to: Instant }, tx: Tx): Promise<boolean>;
  markSent(rollup: Pick<Rollup, 'id' | 'teamId'>, at: Instant, tx: Tx): Promise<void>;
  /** User ids. */
  members(rollup: Pick<Rollup, 'id' | 'teamId'>): Promise<string[]>;
  /** Replaces who is in it; returns those who were not before. Nobody where the roll-up is gone. */
  setMembers(rollup: Pick<Rollup, 'id' | 'teamId'>, userIds: readonly string[], tx: Tx): Promise<string[]>;
}

/** Calls of tools that allow so many a day, by the account that they are counted for. */
export interface Spending {
  /** Adds calls of a UTC day, counted since 1970, and returns all of that day. */
  add(account: string, day: number, calls: number): Promise<number>;
  /** Deletes days before `before`; returns their number. */
  prune(before: number): Promise<number>;
}

/** An admin stopped all digests of the workspace. */
export interface OffSwitch {
  /** Slack user id. */
  by: string;
  at: Instant;
}

interface FinishedSync {
  /** When it began. */
  at: Instant;
  /** A fingerprint of the settings that decide who is linked. */
  mark: string;
}

export interface Workspaces {
  /** Every rep, in one query. */
  overview(teamId: string): Promise<RepOverview[]>;
  /** undefined: digests come. */
  offSwitch(teamId: string): Promise<OffSwitch | undefined>;
  switchDigests(teamId: string, off: OffSwitch | undefined): Promise<void>;
  /** The last reading of everyone that came to its end. */
  lastSync(teamId: string): Promise<FinishedSync | undefined>;
  noteSync(teamId: string, sync: FinishedSync, tx?: Tx): Promise<void>;
  /** The teams whose people were read, whether or not they are served now. */
  known(): Promise<string[]>;
}

export interface TransactOptions {
  /**
   * Whom it is about: other transactions about that rep, or about anyone of that team, run before it or after it, never
   * beside it. Needed wherever it acts on what it has read.
   */
  of?: Whom | undefined;
  /** For other processes' locks. */
  timeoutMs?: number;
  /** False if a power cut may undo it until the next synced one; default true. */
  synced?: boolean;
  /** It may begin some milliseconds later, to share its sync with others. */
  patient?: boolean;
}

export interface Store {
  /** One transaction; an exception rolls it back. */
  transact<T>(work: (tx: Tx) => Promise<T>, options?: TransactOptions): Promise<T>;
  reps: Reps;
  links: Links;
  schedules: Schedules;
  runs: Runs;
  messages: Messages;
  ledger: Ledger;
  returns: Returns;
  sweeps: Sweeps;
  spending: Spending;
  people: People;
  workspaces: Workspaces;
  rollups: Rollups;
  connections: Connections;
  consents: Consents;
  hooks: HookStore;
  leftHooks: LeftHooks;
  installs: Installs;
  tools: Tools;
}
