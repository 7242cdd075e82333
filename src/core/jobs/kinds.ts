/** Every kind of job: how soon it is taken, and for how long it is tried. Its handler stands where its work is known. */
import type { FailureReason } from '../model/action.ts';
import type { Instant } from '../model/keys.ts';
import type { Job, JobPayload, NewJob } from '../ports/queue.ts';
import type { Tx } from '../ports/transaction.ts';
import { BACKGROUND, CLICK, type Decision, type Patience } from './retry.ts';

export type JobKind = JobPayload['kind'];
export type PayloadOf<Kind extends JobKind> = Extract<JobPayload, { kind: Kind }>;

interface KindRule {
  /** Higher first among the jobs that are due. */
  priority: number;
  patience: Patience;
}

/** Jobs of at least this priority have places of their own in the worker: someone waits for them. */
export const URGENT_PRIORITY = 10;

export const KINDS = {
  perform: { priority: URGENT_PRIORITY, patience: CLICK },
  undo: { priority: URGENT_PRIORITY, patience: CLICK },
  create: { priority: URGENT_PRIORITY, patience: CLICK },
  show: { priority: URGENT_PRIORITY, patience: BACKGROUND },
  notify: { priority: 2, patience: BACKGROUND },
  digest: { priority: 1, patience: BACKGROUND },
  link: { priority: 0, patience: BACKGROUND },
  changed: { priority: 0, patience: BACKGROUND },
  reconcile: { priority: 0, patience: BACKGROUND },
  hook: { priority: 0, patience: BACKGROUND },
  renew: { priority: 0, patience: BACKGROUND },
} as const satisfies Record<JobKind, KindRule>;

export function newJob(key: string, payload: JobPayload, runAt: Instant): NewJob {
  return { key, payload, priority: KINDS[payload.kind].priority, runAt };
}

/** The end of an attempt. */
export interface Ended {
  /** In the transaction that ends the job; rolled back with it when the lease was lost. */
  write?(tx: Tx): Promise<unknown>;
  /** Once that stands. A failure here is logged, and loses nothing. */
  after?(): Promise<unknown>;
}

export interface Trouble {
  error: unknown;
  decision: Extract<Decision, { again: unknown }>;
}

/** One attempt at a job, with what was read for it at its start. */
export interface Attempt {
  /** Throws `ProviderError`, `DeliveryError` or `LeaseLost`; anything else is a bug of ours. */
  run(): Promise<Ended>;
  /** It will be tried again. */
  again?(trouble: Trouble): Ended;
  /**
   * It ends without being done, and whoever waits is told. Absent where nobody asked for it and it comes again by itself.
   * `error` is missing after claims that came to nothing.
   */
  giveUp?(why: { reason: FailureReason; error?: unknown }): Ended;
}

/** undefined: there is nothing left to be done. */
export type Handler<Kind extends JobKind> = (payload: PayloadOf<Kind>, job: Job) => Promise<Attempt | undefined>;

export type Handlers = { [Kind in JobKind]: Handler<Kind> };
