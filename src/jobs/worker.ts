/**
 * Takes jobs from the queue and runs them, several at a time. A lease is short and kept alive by a heartbeat, so that
 * what a killed process held is taken up within seconds; the fencing token keeps a process that was only slow from
 * settling what another has taken over.
 */
import type { Clock, Job, JobPayload, Log, Queue } from '../core/ports.ts';

export type Handlers = {
  [Kind in JobPayload['kind']]: (job: Job, payload: Extract<JobPayload, { kind: Kind }>) => Promise<void>;
};

export interface WorkerDeps {
  queue: Queue;
  handlers: Handlers;
  clock: Clock;
  log: Log;
  /** Jobs of at least this priority have places of their own, so that digests never make a click wait. */
  urgentPriority: number;
}

export interface Worker {
  start(): void;
  /** Looks for work now. */
  wake(): void;
  /** Takes no more jobs and waits for those in hand, at most so long. True: all of them ended. */
  stop(withinMs: number): Promise<boolean>;
  /** Resolves once no job is due or running; for tests. */
  idle(): Promise<void>;
}

const PLACES = 16;
const PLACES_FOR_THE_REST = 8;
const LEASE = 8_000;
const HEARTBEAT = 2_500;
/** How soon work that was not announced is seen: a delay that ran out, or what another process wrote. */
const LOOK_EVERY = 500;

export function createWorker(deps: WorkerDeps): Worker {
  const { queue, clock, log } = deps;
  const running = new Map<string, { job: Job; urgent: boolean; ended: Promise<void> }>();
  let stopping = false;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let timers: NodeJS.Timeout[] = [];
  let beatAt = clock();

  async function look(): Promise<void> {
    do {
      lookAgain = false;
      // On a machine that slept every lease of ours is over: what is still in hand must not look free to ourselves.
      if (running.size > 0 && clock() - beatAt > HEARTBEAT) await beat();
      await take(PLACES - running.size, deps.urgentPriority);
      const others = [...running.values()].filter((entry) => !entry.urgent).length;
      await take(Math.min(PLACES - running.size, PLACES_FOR_THE_REST - others), undefined);
    } while (lookAgain && !stopping);
  }

  async function take(limit: number, minPriority: number | undefined): Promise<void> {
    if (stopping || limit <= 0) return;
    const options = { limit, leaseMs: LEASE, ...(minPriority !== undefined && { minPriority }) };
    for (const job of await queue.claim(clock(), options)) run(job, minPriority !== undefined);
  }

  function run(job: Job, urgent: boolean): void {
    const ended = handle(job)
      .catch((error) => log.error({ err: error, job: job.id, kind: job.payload.kind }, 'job ended with an error'))
      .finally(() => {
        running.delete(job.id);
        wake();
      });
    running.set(job.id, { job, urgent, ended });
  }

  function handle(job: Job): Promise<void> {
    // The payload's kind picks its own handler, which the compiler cannot follow through the table.
    const handler = deps.handlers[job.payload.kind] as (job: Job, payload: JobPayload) => Promise<void>;
    return handler(job, job.payload);
  }

  function wake(): void {
    if (stopping) return;
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = look()
      .catch((error) => log.error({ err: error }, 'could not look for work'))
      .finally(() => {
        looking = undefined;
        // Somebody may have called right between the last look and this.
        if (lookAgain) wake();
      });
  }

  async function beat(): Promise<void> {
    beatAt = clock();
    for (const { job } of running.values()) {
      await queue
        .extend(job, clock() + LEASE)
        .catch((error) => log.warn({ err: error, job: job.id }, 'heartbeat failed'));
    }
  }

  return {
    start() {
      timers = [setInterval(wake, LOOK_EVERY), setInterval(() => void beat(), HEARTBEAT)];
      wake();
    },
    wake,
    async stop(withinMs) {
      stopping = true;
      const [lookTimer] = timers;
      clearInterval(lookTimer);
      await looking;
      const all = Promise.all([...running.values()].map((entry) => entry.ended)).then(() => true);
      const inTime = await Promise.race([all, wait(withinMs).then(() => false)]);
      for (const timer of timers) clearInterval(timer);
      return inTime;
    },
    async idle() {
      for (;;) {
        wake();
        while (looking) await looking;
        if (running.size === 0) return;
        await Promise.race([...running.values()].map((entry) => entry.ended));
      }
    },
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
