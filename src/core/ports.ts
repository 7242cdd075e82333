/**
 * What core asks of the outside. `src/providers`, `src/store`, `src/queue` and `src/slack` implement these;
 * `src/app.ts` wires them. Every implementation of a port runs the same contract suite (`test/contract`).
 */
import type {
  Action,
  ActionState,
  Instant,
  Link,
  Message,
  MessageItem,
  MessageKind,
  ProviderId,
  ProviderReport,
  Rep,
  RepKey,
  Run,
  Schedule,
  Task,
  TaskKey,
  Verb,
} from './types.ts';

export type Clock = () => Instant;

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

// ---------------------------------------------------------------- providers

/** Clicks go ahead of a person who waits for a list, and both go ahead of digests. */
export type Priority = 'click' | 'person' | 'digest';

export interface CallOptions {
  priority: Priority;
  /** Aborts the call, also while it still waits for its turn. */
  signal?: AbortSignal;
}

export type Change = { verb: 'done' | 'dismiss' } | { verb: 'snooze' | 'reschedule'; dueAt: Instant };

export interface VerbCapability {
  /** The provider itself can take the verb back. Otherwise it is held for the undo window before it is sent. */
  reversible: boolean;
  /** Sent twice it has the effect of once, so a lost answer may simply be asked for again. */
  repeatable: boolean;
  /** Asked in a confirm dialog first: one honest sentence about what follows. */
  consequence?: string;
}

export interface Capabilities {
  /** What the list covers, said to reps: `call tasks`. */
  noun: string;
  /** A verb that is absent gets no button, and is refused if it comes all the same. */
  verbs: Partial<Record<Verb, VerbCapability>>;
}

export interface TaskList {
  tasks: Task[];
  /** How many entries of the answer could not be read; said to the rep, never hidden. */
  unreadable: number;
}

/** An active user of a provider. */
export interface ProviderUser {
  externalId: string;
  /** Lower-cased; every address that the provider knows for them. */
  emails: readonly string[];
}

/** What a provider answered to a change. */
export interface Receipt {
  reference: string | undefined;
}

/** Every method throws `ProviderError` and nothing else when the provider could not be asked or did not do it. */
export interface TaskProvider {
  readonly id: ProviderId;
  readonly name: string;
  readonly capabilities: Capabilities;
  /** The open tasks of one user, in no particular order. */
  listTasks(externalId: string, options: CallOptions): Promise<TaskList>;
  /** One task if it is still open and still this user's, else undefined. */
  readTask(externalId: string, taskId: string, options: CallOptions): Promise<Task | undefined>;
  perform(externalId: string, task: Task, change: Change, options: CallOptions): Promise<Receipt>;
  /** Takes a reversible verb back, so that the task is as `before` again. */
  undo(externalId: string, before: Task, verb: Verb, options: CallOptions): Promise<Receipt>;
  /**
   * Active users by exact, case-insensitive address; the keys are the addresses asked for, lower-cased. More than one
   * user under an address means that it is ambiguous. `fresh` reads the provider's directory again.
   */
  findUsers(
    emails: readonly string[],
    options: CallOptions & { fresh?: boolean },
  ): Promise<ReadonlyMap<string, readonly ProviderUser[]>>;
}

// ---------------------------------------------------------------- store

/** An open transaction, opaque to core: only the store and the queue look inside. */
export type Tx = object;

export interface Reps {
  /** Inserts or replaces. */
  save(rep: Rep): Promise<void>;
  find(key: RepKey): Promise<Rep | undefined>;
  list(teamId: string): Promise<Rep[]>;
}

export interface Links {
  /** Inserts or replaces; keeps `lastListedAt` when the external id is the same. */
  save(link: Omit<Link, 'lastListedAt'>): Promise<void>;
  remove(key: RepKey, provider: ProviderId): Promise<void>;
  /** Ordered by provider. */
  of(key: RepKey): Promise<Link[]>;
  list(teamId: string): Promise<Link[]>;
  markListed(key: RepKey, provider: ProviderId, at: Instant): Promise<void>;
}

export interface Schedules {
  /** Inserts or replaces. */
  save(schedule: Schedule, tx?: Tx): Promise<void>;
  find(key: RepKey, tx?: Tx): Promise<Schedule | undefined>;
  /** Moves only the next digest, and only if it still is the one that was read: false when someone changed it since. */
  advance(key: RepKey, nextDueAt: { from: Instant; to: Instant }, tx?: Tx): Promise<boolean>;
  /** Schedules of active reps with at least one link whose `nextDueAt` has come, earliest first. */
  due(now: Instant, limit: number): Promise<(Schedule & { zone: string })[]>;
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
  /** The rep's newest message of a kind. */
  newest(key: RepKey, kind: Message['kind']): Promise<string | undefined>;
  /** Deletes messages (with their rows) made before `before`, except digests that a run points to; returns how many. */
  prune(before: Instant): Promise<number>;
}

export interface Ledger {
  /** Writes the action, or returns undefined when its `seq` is taken for this task: someone else was first. */
  record(action: Omit<Action, 'id'>, tx?: Tx): Promise<Action | undefined>;
  find(id: string, tx?: Tx): Promise<Action | undefined>;
  /** The action with the highest `seq` for a task. */
  latest(task: TaskKey, tx?: Tx): Promise<Action | undefined>;
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
        'state' | 'task' | 'heldUntil' | 'sentAt' | 'attempts' | 'failure' | 'undoFailure' | 'reference' | 'settledAt'
      >
    >,
    tx?: Tx,
  ): Promise<Action | undefined>;
}

export interface Store {
  /** Runs `work` in one transaction; an exception rolls it back and is thrown on. */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  reps: Reps;
  links: Links;
  schedules: Schedules;
  runs: Runs;
  messages: Messages;
  ledger: Ledger;
}

// ---------------------------------------------------------------- Slack

export interface Member {
  userId: string;
  name: string;
  /** Lower-cased. */
  email: string | undefined;
  zone: string | undefined;
  active: boolean;
}

/** The people of the workspace. Throws `DeliveryError`. */
export interface Directory {
  /** Every human member, deactivated ones included. */
  members(): Promise<Member[]>;
  member(userId: string): Promise<Member | undefined>;
}

/** What shows people their tasks. */
export interface Screen {
  /** Posts a stored message to the rep's direct message and says where it landed. Throws `DeliveryError`. */
  post(messageId: string): Promise<{ channel: string; ts: string }>;
  /** Renders again every message that shows the task; resolves when those renders have ended or wait to be tried again. */
  showTask(task: TaskKey): Promise<void>;
  /** How many of these tasks fit into one message of this kind, from the first on. At least one if there is one. */
  rowsThatFit(
    list: { kind: MessageKind; tasks: readonly Task[]; reports: readonly ProviderReport[] },
    rep: Rep,
  ): number;
}

// ---------------------------------------------------------------- queue

export type JobPayload =
  | { kind: 'perform'; actionId: string }
  | { kind: 'undo'; actionId: string }
  | ({ kind: 'show' } & TaskKey)
  | { kind: 'digest'; teamId: string; userId: string; localDate: string }
  | { kind: 'link'; teamId: string };

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
  payload: JobPayload;
  /** 1 on the first attempt. */
  attempt: number;
  /** When it was first to run. */
  enqueuedAt: Instant;
  /** The fencing token: a worker whose lease ran out and was claimed again can no longer complete, retry or extend. */
  token: number;
}

export interface Queue {
  /** False when the key is known already; then nothing changed. With `tx` the job exists only if that commits. */
  enqueue(job: NewJob, tx?: Tx): Promise<boolean>;
  /** Takes due jobs, and jobs whose lease ran out, for `leaseMs`: priority first, then `runAt`. */
  claim(now: Instant, options: { limit: number; leaseMs: number; minPriority?: number }): Promise<Job[]>;
  /** False when the lease was lost. */
  extend(job: Job, leaseUntil: Instant): Promise<boolean>;
  /** Done, for good. False when the lease was lost: the caller must then roll back what it wrote. */
  complete(job: Job, tx?: Tx): Promise<boolean>;
  /** Gives the job back for `runAt`. With `free` this attempt is not counted. False when the lease was lost. */
  retry(job: Job, again: { runAt: Instant; free: boolean; error: string }, tx?: Tx): Promise<boolean>;
  /** Withdraws a job that nobody holds. False when it is unknown, held or finished. */
  cancel(key: string, tx?: Tx): Promise<boolean>;
  /** How many jobs wait or run; for health and for tests. */
  open(): Promise<number>;
  /** Forgets finished jobs that ended before `before`; returns how many. */
  prune(before: Instant): Promise<number>;
}
