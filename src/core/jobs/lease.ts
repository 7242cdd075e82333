/** The lease of a job: for how long a worker may hold it. */
import type { CallOptions } from '../ports/provider.ts';
import type { Job, Queue } from '../ports/queue.ts';
import type { Clock } from '../ports/runtime.ts';

/** Another worker owns the job now. Whoever throws this has written nothing, and writes nothing any more. */
export class LeaseLost extends Error {
  override name = 'LeaseLost' as const;
}

/** The time that one sending may take, its turn behind others included. */
const SENT_WITHIN = 45_000;
const LEASE_WHILE_SENDING = 60_000;

/** Someone pressed for it within this time, and it was not tried yet. */
const FRESH_FOR = 5_000;

export function urgencyOf({ clock }: { clock: Clock }, job: Job): CallOptions {
  const fresh = job.attempt === 1 && clock() - job.enqueuedAt < FRESH_FOR;
  return { priority: 'click', fresh };
}

export function sendingOptions(deps: { clock: Clock }, job: Job): CallOptions {
  return { ...urgencyOf(deps, job), signal: AbortSignal.timeout(SENT_WITHIN) };
}

/**
 * Keeps a job until whatever is sent now has been given up, so that whoever takes it over afterwards reads what came of it.
 * A process that stood still while it asked has used part of the lease up, and asks again. Throws `LeaseLost`.
 */
export async function holdWhileSending({ queue, clock }: { queue: Queue; clock: Clock }, job: Job): Promise<void> {
  for (;;) {
    const until = clock() + LEASE_WHILE_SENDING;
    if (!(await queue.extend(job, until))) throw new LeaseLost();
    if (until - clock() > SENT_WITHIN) return;
  }
}
