import type { Job, NewJob, Queue } from '../../src/core/ports/queue.ts';

export const LEASE = { limit: 10, leaseMs: 1_000 };

export function newJob(key: string, more: Partial<NewJob> = {}): NewJob {
  return { key, payload: { kind: 'perform', actionId: key }, priority: 0, runAt: 100, ...more };
}

export async function claimOne(queue: Queue, now: number): Promise<Job> {
  const [job, ...more] = await queue.claim(now, { limit: 1, leaseMs: LEASE.leaseMs });
  if (!job || more.length > 0) throw new Error(`Expected one job, got ${job ? more.length + 1 : 0}`);
  return job;
}

export const keys = (jobs: readonly Job[]) => jobs.map((job) => job.key);
