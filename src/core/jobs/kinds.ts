/** Every kind of job with its priority and its retry limits. */
import type { FailureReason } from '../model/action.ts';
import type { Instant } from '../model/keys.ts';
import type { Job, JobPayload, NewJob } from '../ports/queue.ts';
import type { Tx } from '../ports/transaction.ts';
import { BACKGROUND, CLICK, type Decision, type RetryLimits } from './retry.ts';

export type JobKind = JobPayload['kind'];
export type PayloadOf<Kind extends JobKind> = Extract<JobPayload, { kind: Kind }>;

interface KindRule {
  /** Higher first. */
  priority: number;
  limits: RetryLimits;
}

/** Jobs of at least this priority have worker slots of their own: somebody waits for them. */
export const URGENT_PRIORITY = 10;

/** For the many actions of a sweep, between clicks and digests. */
export const SWEEP_PRIORITY = 5;

export const KINDS = {
  perform: { priority: URGENT_PRIORITY, limits: CLICK },
  undo: { priority: URGENT_PRIORITY, limits: CLICK },
  create: { priority: URGENT_PRIORITY, limits: CLICK },
  show: { priority: URGENT_PRIORITY, limits: BACKGROUND },
  // Not among the actions: waiting for Slack, it would keep their few slots.
  sweep: { priority: 3, limits: BACKGROUND },
  notify: { priority: 2, limits: BACKGROUND },
  return: { priority: 2, limits: BACKGROUND },
  nudge: { priority: 2, limits: BACKGROUND },
  close: { priority: 2, limits: BACKGROUND },
  post: { priority: 2, limits: BACKGROUND },
  digest: { priority: 1, limits: BACKGROUND },
  // Clicks and digests that are due come first.
  ahead: { priority: 0, limits: BACKGROUND },
  // After the digests: a company's first start has very many.
  welcome: { priority: 0, limits: BACKGROUND },
  // After the digests of the same minute, whose counts it shows.
  rollup: { priority: 0, limits: BACKGROUND },
  link: { priority: 0, limits: BACKGROUND },
  changed: { priority: 0, limits: BACKGROUND },
  reconcile: { priority: 0, limits: BACKGROUND },
  hook: { priority: 0, limits: BACKGROUND },
  unhook: { priority: 0, limits: BACKGROUND },
  renew: { priority: 0, limits: BACKGROUND },
} as const satisfies Record<JobKind, KindRule>;

/** `priority`: other than that of its kind. */
export function newJob(key: string, payload: JobPayload, runAt: Instant, priority?: number): NewJob {
  return { key, payload, priority: priority ?? KINDS[payload.kind].priority, runAt };
}

/** The end of an attempt. */
export interface Ended {
  /** Runs in the transaction that ends the job; rolled back if the lease was lost. */
  write?(tx: Tx): Promise<unknown>;
  /** Runs after the commit. A failure here is only logged. */
  after?(): Promise<unknown>;
}

export interface Trouble {
  error: unknown;
  decision: Extract<Decision, { again: unknown }>;
}

/** One attempt at a job. */
export interface Attempt {
  /** Throws `ProviderError`, `DeliveryError` or `LeaseLost`; any other error is a bug. */
  run(): Promise<Ended>;
  /** Called when the job will be retried. */
  again?(trouble: Trouble): Ended;
  /** Called when the job is given up, to tell whoever waits. `error` is missing if the claims ended without a result. */
  giveUp?(why: { reason: FailureReason; error?: unknown }): Ended;
}

export type Handler<Kind extends JobKind> = (payload: PayloadOf<Kind>, job: Job) => Promise<Attempt | undefined>;

export type Handlers = { [Kind in JobKind]: Handler<Kind> };

/** Those of one workspace. `unhook` is of none: its workspace may be gone. */
export type WorkspaceHandlers = Omit<Handlers, 'unhook'>;

/** A handler that has nothing to write in the job's last transaction. */
export function simpleHandler<Kind extends JobKind>(
  work: (payload: PayloadOf<Kind>) => Promise<unknown>,
): Handler<Kind> {
  return async (payload) => ({
    async run() {
      await work(payload);
      return {};
    },
  });
}
