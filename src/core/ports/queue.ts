/** The durable job queue; `src/queue` implements it. */

import type { Instant, ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import type { Draft, HookEvent } from './provider.ts';
import type { Notice } from './screen.ts';
import type { Tx } from './transaction.ts';

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

export interface Again {
  runAt: Instant;
  /** It is no attempt, and takes nothing of the time. */
  free: boolean;
  /** The provider whose trouble it waits for: it need not wait for `runAt` once that answers again. */
  waitsFor?: ProviderId;
}
