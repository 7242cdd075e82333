/**
 * Takes jobs from the queue and runs them, several at a time. A lease is short and kept alive by a heartbeat, so that
 * what a killed process held is taken up within seconds; the fencing token keeps a process that was only slow from
 * settling what another has taken over.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '../core/model/keys.ts';
import type { Job, Queue } from '../core/ports/queue.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';

export interface WorkerDeps {
  queue: Queue;
  /** Others are left for a version that knows them. */
  kinds: readonly string[];
  clock: Clock;
  log: Log;
  /** Jobs of at least this priority have places of their own, so that digests never make a click wait. */
  urgentPriority: number;
}

/** Runs a job and ends it. A job that it throws for keeps its lease, and is claimed again once that is over. */
type RunJob = (job: Job) => Promise<void>;

export interface Worker {
  start(run: RunJob): void;
  /** Looks for work now. */
  wake(): void;
  /** Takes no more jobs and waits for those in hand, at most so long. True: all of them ended. */
  stop(timeoutMs: number): Promise<boolean>;
  /** Resolves once no job is due or running; for tests. */
  idle(): Promise<void>;
}

const PLACES = 16;
const PLACES_FOR_THE_REST = 8;
const LEASE = 8_000;
const HEARTBEAT = 2_500;
/** How soon work that was not announced is seen: a delay that ran out, or what another process wrote. */
const LOOK_EVERY = 500;
/** A job that lived so long does not kill the process at once, and the next suspect need not wait for its end. */
const SUSPECT_FOR = 20_000;

interface Running {
  job: Job;
  /** Suspect: its lease had run out, so it may be what killed the process. */
  place: 'urgent' | 'rest' | 'suspect';
  since: Instant;
  ended: Promise<void>;
}

export function createWorker(deps: WorkerDeps): Worker {
  const { queue, kinds, clock, log } = deps;
  let runJob: RunJob | undefined;
  const running = new Map<string, Running>();
  let stopping = false;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let timers: NodeJS.Timeout[] = [];
  let beatAt = clock();
  let beating: Promise<void> | undefined;

  const inPlaces = (...places: Running['place'][]) =>
    [...running.values()].filter(({ place }) => places.includes(place)).length;

  async function look(): Promise<void> {
    do {
      lookAgain = false;
      // On a machine that slept every lease of ours is over: what is still in hand must not look free to ourselves.
      if (running.size > 0 && clock() - beatAt > HEARTBEAT) await beat();
      await take('urgent', PLACES - inPlaces('urgent', 'rest'));
      await take('rest', Math.min(PLACES - inPlaces('urgent', 'rest'), PLACES_FOR_THE_REST - inPlaces('rest')));
      // Last, in a place of their own, the least suspect first: what kills the process takes few others with it each time.
      if (!isSuspectRunning()) await take('suspect', 1);
    } while (lookAgain && !stopping);
  }

  function isSuspectRunning(): boolean {
    return [...running.values()].some(({ place, since }) => place === 'suspect' && clock() - since < SUSPECT_FOR);
  }

  async function take(place: Running['place'], limit: number): Promise<void> {
    const work = runJob;
    if (stopping || limit <= 0 || !work) return;
    const jobs = await queue.claim(clock(), {
      limit,
      leaseMs: LEASE,
      kinds,
      only: place === 'suspect' ? 'lapsed' : 'waiting',
      ...(place === 'urgent' && { minPriority: deps.urgentPriority }),
    });
    for (const job of jobs) run(job, place, work);
  }

  function run(job: Job, place: Running['place'], work: RunJob): void {
    const ended = work(job)
      .catch((error) => log.error({ err: error, job: job.id, kind: job.payload.kind }, 'job ended with an error'))
      .finally(() => {
        running.delete(job.id);
        wake();
      });
    running.set(job.id, { job, place, since: clock(), ended });
  }

  /** After a rollback to an older version there may be jobs of kinds that only the newer one knows. */
  async function noteUnknownKinds(): Promise<void> {
    const unknown = (await queue.openKinds()).filter((kind) => !kinds.includes(kind));
    if (unknown.length > 0)
      log.warn({ kinds: unknown }, 'jobs of unknown kinds are left for a version that knows them');
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

  function beat(): Promise<void> {
    beating ??= extendAll().finally(() => {
      beating = undefined;
    });
    return beating;
  }

  /** While another process keeps the database locked this waits, and with it the look for jobs whose lease is over. */
  async function extendAll(): Promise<void> {
    const at = clock();
    const extended = [...running.values()].map(async ({ job }) => {
      try {
        await queue.extend(job, at + LEASE);
        return true;
      } catch (error) {
        log.warn({ err: error, job: job.id }, 'heartbeat failed');
        return false;
      }
    });
    if ((await Promise.all(extended)).every(Boolean)) beatAt = at;
  }

  return {
    start(work) {
      runJob = work;
      timers = [setInterval(wake, LOOK_EVERY), setInterval(() => void beat(), HEARTBEAT)];
      noteUnknownKinds().catch((error) => log.error({ err: error }, 'could not look for work'));
      wake();
    },
    wake,
    async stop(timeoutMs) {
      stopping = true;
      const [lookTimer] = timers;
      clearInterval(lookTimer);
      await looking;
      const all = Promise.all([...running.values()].map((entry) => entry.ended)).then(() => true);
      const inTime = await Promise.race([all, sleep(timeoutMs, false, { ref: false })]);
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
