/**
 * The store as core sees it; `src/store` implements it. Every implementation of a port runs the same contract suite
 * (`test/contract`).
 */

import type { Action, ActionBase, FailureReason, NewAction } from '../model/action.ts';
import type { Run, Schedule } from '../model/digest.ts';
import type { Instant, ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import type { LoadedMessage, Message, MessageItem, SeenElsewhere } from '../model/message.ts';
import type { Rep } from '../model/people.ts';
import type { Task } from '../model/task.ts';
import type { Connections, Consents, HookStore, Links, People } from './people-store.ts';
import type { Tx } from './transaction.ts';

export interface Reps {
  /** Inserts or replaces. */
  save(rep: Rep, tx?: Tx): Promise<void>;
  find(key: RepKey): Promise<Rep | undefined>;
  list(teamId: string): Promise<Rep[]>;
  /** Notes that the rep was told what Docket is. False when they were before. */
  markWelcomed(key: RepKey, at: Instant, tx?: Tx): Promise<boolean>;
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
  /** The run will send nothing any more. One that was posted stays so. */
  markSkipped(key: RepKey, localDate: string, tx?: Tx): Promise<void>;
  markPosted(key: RepKey, localDate: string, posted: { messageId: string; at: Instant }, tx?: Tx): Promise<void>;
  /** The latest run with state `posted`. */
  lastPosted(key: RepKey): Promise<Run | undefined>;
  /** Forgets runs that were claimed before `before`; returns how many. */
  prune(before: Instant): Promise<number>;
}

export interface Messages {
  /**
   * Stores a message and its rows, and gives it an id (digits); returns it as it is stored. A row's `seq` is that of the last action that was settled
   * when the providers were asked (`summary.fetchedAt`): a later one, or one under way, still speaks for the row.
   */
  create(message: Omit<Message, 'id' | 'posted'>, tasks: readonly Task[]): Promise<LoadedMessage>;
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
  /** Puts new contents into a message; its id, kind and place in Slack stay. undefined: it is gone. */
  replace(id: string, summary: Message['summary'], tasks: readonly Task[]): Promise<LoadedMessage | undefined>;
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
  record(action: NewAction, tx?: Tx): Promise<Action | undefined>;
  find(id: string, tx?: Tx): Promise<Action | undefined>;
  /** The action with the highest `seq` for a task. */
  latest(task: TaskKey, tx?: Tx): Promise<Action | undefined>;
  /** The one before it on the same task. */
  before(action: Action): Promise<Action | undefined>;
  /**
   * Reads an action and writes what `next` makes of it, in one transaction. undefined: there is none, or `next` says that its
   * state does not allow it, and nothing changed.
   */
  transition(id: string, next: (action: Action) => Action | undefined, tx?: Tx): Promise<Action | undefined>;
  /** A rep's actions recorded at or after `since`, newest first; `before` is the last one of the page before. */
  history(
    key: RepKey,
    page: { since: Instant; before?: Pick<ActionBase, 'id' | 'createdAt'>; limit: number },
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
