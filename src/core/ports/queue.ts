/** The durable job queue; `src/queue` implements it. */
import type { Instant, ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import type { Draft, HookEvent } from './provider.ts';
import type { Notice } from './screen.ts';
import type { Tx } from './transaction.ts';

/** A payload without `teamId` was written by an older version, when all of them were of one workspace. */
export type JobPayload =
  /** `isQuiet`: its message is shown later, with what else is done to it. */
  | { kind: 'perform'; teamId?: string; actionId: string; isQuiet?: true }
  | { kind: 'undo'; teamId?: string; actionId: string }
  | ({ kind: 'show' } & TaskKey)
  /** Shows the progress of a sweep. `turn`: looks so far; `shown`: what the last edit showed. */
  | { kind: 'sweep'; teamId?: string; sweepId: string; round: number; turn: number; pauseMs: number; shown?: string }
  /** The first message to a rep. */
  | ({ kind: 'welcome' } & RepKey)
  | { kind: 'digest'; teamId: string; userId: string; localDate: string }
  /** Lists a digest ahead of its time. */
  | ({ kind: 'ahead'; dueAt: Instant } & RepKey)
  /** Looks for what comes back from a snooze at `dueAt`. */
  | ({ kind: 'return'; dueAt: Instant } & RepKey)
  /** Closes a local date. `isTime`: `at` has come, and this is the only one that closes the date. */
  | ({ kind: 'close'; localDate: string; at: Instant; isTime?: true } & RepKey)
  /** Reminds of the calls of the minute `callAt` that these tools hold. `isAgain`: the other tools have answered. */
  | ({ kind: 'nudge'; callAt: Instant; tools: readonly ProviderId[]; isAgain?: true } & RepKey)
  /** Posts a stored message. */
  | { kind: 'post'; teamId?: string; messageId: string }
  /** Sends a roll-up. Without `dueAt` it only finds out who is in it, and tells who is new. */
  | { kind: 'rollup'; teamId: string; rollupId: string; dueAt?: Instant }
  | { kind: 'link'; teamId: string }
  | ({ kind: 'notify'; notice: Notice } & RepKey)
  /** A webhook reported a change. `rep`: only of a new task, the rep whose it is said to be. */
  | { kind: 'changed'; teamId?: string; provider: ProviderId; taskId: string; what: HookEvent['what']; rep?: RepKey }
  /**
   * Compares a rep's digests of the last days with the providers' tasks. `digest`: the message that it was planned after, and
   * which of its looks this is. `isRead`: the lists were read a moment ago.
   */
  | ({ kind: 'reconcile'; digest?: { messageId: string; look: number }; isRead?: true } & RepKey)
  /** `after`: the action Done that it follows on. */
  | ({ kind: 'create'; provider: ProviderId; draft: Draft; after?: string } & RepKey)
  /** Creates or checks a webhook subscription. */
  | { kind: 'hook'; teamId?: string; provider: ProviderId }
  /** Deletes a webhook subscription of a tool that was disconnected. Its workspace may be gone. */
  | { kind: 'unhook'; teamId: string; provider: ProviderId; hookId: string }
  /** Renews unused grants. */
  | { kind: 'renew'; teamId?: string };

export interface NewJob {
  /** Enqueued only once, until the job is pruned. */
  key: string;
  payload: JobPayload;
  /** Higher first among the jobs that are due. */
  priority: number;
  runAt: Instant;
}

/** A claimed job; the worker with the newest token owns it. */
export interface Job {
  id: string;
  key: string;
  /** `unreadable`: the stored payload cannot be parsed. */
  payload: JobPayload | { kind: 'unreadable' };
  /** 1 on the first attempt. */
  attempt: number;
  /** Its first run time. */
  enqueuedAt: Instant;
  /** When it first failed. Moved on by waits that a provider asked for. */
  failingSince: Instant | undefined;
  /** The fencing token: a worker with an old token cannot complete, retry or extend. */
  token: number;
  priority: number;
  /** Claims in a row whose lease ran out: the process died or the handler broke. The job itself may be the cause. */
  lapses: number;
}

export interface ClaimOptions {
  limit: number;
  leaseMs: number;
  minPriority?: number;
  maxPriority?: number;
  /** Only waiting jobs, or only jobs whose lease ran out (least lapsed first); default: both. */
  only?: 'waiting' | 'lapsed';
  /** Other kinds are left for newer versions; default: all kinds. */
  kinds?: readonly string[];
}

export interface Queue {
  /** False if the key is known already. With `tx` the job exists only if that commits. */
  enqueue(job: NewJob, tx?: Tx): Promise<boolean>;
  /**
   * Calls back when a job was enqueued that is due by now or in a moment: in this process, and in others where the database
   * can tell. `priority`: of a job that is due by now, where this process enqueued it and the database does not tell. Signals
   * may be lost, and may come before the job is there: look for work from time to time too.
   */
  onEnqueued(listener: (priority?: number) => void): void;
  /** True if a job with the key was enqueued, whatever became of it, and is not pruned. */
  knows(key: string, tx?: Tx): Promise<boolean>;
  /** Leases due jobs, and jobs whose lease ran out: by priority, then by `runAt`. */
  claim(now: Instant, options: ClaimOptions): Promise<Job[]>;
  /** False: the lease was lost. A lease is never shortened. */
  extend(job: Job, leaseUntil: Instant): Promise<boolean>;
  /** Ends a job. False: the lease was lost, and the caller must roll back. */
  complete(job: Job, tx?: Tx): Promise<boolean>;
  /** Returns the job to the queue. False: the lease was lost. */
  retry(job: Job, again: Again & { error: string }, tx?: Tx): Promise<boolean>;
  /** Makes jobs due that wait for this provider to recover; returns their number. Without a team: of all workspaces. */
  hasten(provider: ProviderId, now: Instant, teamId?: string): Promise<number>;
  /** Ends a job without success. False: the lease was lost, and the caller must roll back. */
  giveUp(job: Job, reason: string, tx?: Tx): Promise<boolean>;
  /** Cancels a job that no worker holds. False: it is unknown, held or finished. */
  cancel(key: string, tx?: Tx): Promise<boolean>;
  /** The earliest time after `now` for which a job waits. */
  nextAfter(now: Instant): Promise<Instant | undefined>;
  /** Jobs that are due or running, by kind. */
  backlog(now: Instant): Promise<Backlog[]>;
  /** Number of waiting and running jobs; for health checks and tests. */
  open(): Promise<number>;
  /** Number of jobs that were given up at or after `since`. */
  givenUp(since: Instant): Promise<number>;
  /** Kinds of waiting and running jobs. */
  openKinds(): Promise<string[]>;
  /** Deletes all jobs of a workspace, in short steps. A worker that holds one loses its lease. */
  forget(teamId: string): Promise<void>;
  /** Deletes jobs that ended before `before`; returns their number. */
  prune(before: Instant): Promise<number>;
}

export interface Backlog {
  kind: string;
  jobs: number;
  /** When the oldest of them was due. */
  oldestAt: Instant;
}

export interface Again {
  runAt: Instant;
  /** Counts neither as an attempt nor as retry time. */
  free: boolean;
  /** The provider that it waits for: it runs sooner if the provider recovers. */
  waitsFor?: ProviderId;
}
