/** The lease of a job: how long a worker may hold it, and what happens when it is lost. */
import type { Job, Queue } from '../ports/queue.ts';
import type { Clock } from '../ports/runtime.ts';

/** Thrown inside a settling transaction to roll it back: another worker owns the job now. */
export class LeaseLost extends Error {}

/** What was recorded within this time and not tried yet: someone just pressed for it. */
const FRESH_FOR = 5_000;

export function urgencyOf({ clock }: { clock: Clock }, job: Job) {
  const fresh = job.attempt === 1 && clock() - job.enqueuedAt < FRESH_FOR;
  return { priority: 'click', fresh } as const;
}

/** How long one sending may take, its turn behind others included. */
export const SENT_WITHIN = 45_000;

const LEASE_WHILE_SENDING = 60_000;

/**
 * Keeps a job until whatever is sent now has been given up, so that whoever takes it over afterwards reads what came of it.
 * False: another worker has it. A process that stood still while it asked has used part of the lease up, and asks again.
 */
export async function holdWhileSending({ queue, clock }: { queue: Queue; clock: Clock }, job: Job): Promise<boolean> {
  for (;;) {
    const until = clock() + LEASE_WHILE_SENDING;
    if (!(await queue.extend(job, until))) return false;
    if (until - clock() > SENT_WITHIN) return true;
  }
}
