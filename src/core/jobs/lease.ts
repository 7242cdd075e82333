/** A job's lease, and the options of calls under it. */
import type { Ports } from '../ports/ports.ts';
import type { CallOptions } from '../ports/provider.ts';
import type { Job } from '../ports/queue.ts';
import { URGENT_PRIORITY } from './kinds.ts';

/** Another worker owns the job now. The thrower has written nothing. */
export class LeaseLost extends Error {
  override name = 'LeaseLost' as const;
}

/** For one request, its wait for a rate-limit turn included. */
const SEND_TIMEOUT_MS = 45_000;
const SEND_LEASE_MS = 60_000;

/** A first attempt this soon after the click is urgent. */
const FRESH_MS = 5_000;

/** True for one of many actions: clicks come first, and nobody looks at each of its outcomes. */
export function isOfMany({ priority }: Pick<Job, 'priority'>): boolean {
  return priority < URGENT_PRIORITY;
}

export function urgencyOf({ clock }: Pick<Ports, 'clock'>, job: Job): CallOptions {
  if (isOfMany(job)) return { priority: 'sweep' };
  return { priority: 'click', fresh: job.attempt === 1 && clock() - job.enqueuedAt < FRESH_MS };
}

export function sendingOptions(deps: Pick<Ports, 'clock'>, job: Job): CallOptions {
  return { ...urgencyOf(deps, job), signal: AbortSignal.timeout(SEND_TIMEOUT_MS) };
}

/** Extends the lease beyond the request's time-out; again if the process stood still meanwhile. Throws `LeaseLost`. */
export async function holdWhileSending({ queue, clock }: Pick<Ports, 'queue' | 'clock'>, job: Job): Promise<void> {
  for (;;) {
    const until = clock() + SEND_LEASE_MS;
    if (!(await queue.extend(job, until))) throw new LeaseLost();
    if (until - clock() > SEND_TIMEOUT_MS) return;
  }
}
