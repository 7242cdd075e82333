/**
 * Claims jobs and runs several at a time. Leases are short and extended by a heartbeat, so a killed process's jobs are
 * taken over within seconds. The fencing token stops a slow process from ending a job that another has taken over.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '../core/model/keys.ts';
import { MINUTE } from '../core/model/time.ts';
import type { ClaimOptions, Job, Queue } from '../core/ports/queue.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';

interface WorkerDeps {
  queue: Queue;
  /** Other kinds are left for newer versions. */
  kinds: readonly string[];
  clock: Clock;
  log: Log;
  /** Claims and jobs begin when this resolves. */
  turn?(): Promise<void>;
  /** Jobs of at least this priority have slots of their own, so that digests never delay a click. */
  urgentPriority: number;
  /** Jobs from this priority up to the urgent ones have few slots: many come at once, and digests go on beside them. */
  sweepPriority?: number;
  /** How far apart the clocks may be of those who share the queue: by ours, a lease has run out only so much later. */
  skewMs?: number;
  /** False: no work is taken just now. */
  mayClaim?(): boolean;
}

/** Runs a job and ends it. After an error the job keeps its lease, and is claimed again when that ends. */
type RunJob = (job: Job) => Promise<void>;

export type Worker = ReturnType<typeof createWorker>;

const SLOTS = 16;
const BACKGROUND_SLOTS = 8;
/** A free background slot waits so long for others. A digest takes a tenth of a second and more. */
const BACKGROUND_PAUSE_MS = 10;
/** Of the background slots. */
const SWEEP_SLOTS = 4;
const LEASE_MS = 8_000;
const HEARTBEAT_MS = 2_500;
/** For what neither a signal nor a timer tells of. */
const POLL_MS = 500;
/** After this time a suspect job is unlikely to kill the process, and the next one starts. */
const SUSPECT_MS = 20_000;

const WAITING_SLOTS = ['urgent', 'sweep', 'rest'] as const;
/** Suspect: its lease had run out, so it may have killed the process. */
const ALL_SLOTS = [...WAITING_SLOTS, 'suspect'] as const;

type Slot = (typeof ALL_SLOTS)[number];

interface Running {
  job: Job;
  slot: Slot;
  since: Instant;
  ended: Promise<void>;
}

export function createWorker(deps: WorkerDeps) {
  const { queue, kinds, clock, log, skewMs = 0 } = deps;
  let runJob: RunJob | undefined;
  const running = new Map<string, Running>();
  /** Where the last look took as many as it could: there may be more. What comes later is signalled, timed or found by `POLL_MS`. */
  const mayHaveMore = new Set<Slot>();
  let stopping = false;
  let polling: Promise<void> | undefined;
  let pollAgain = false;
  let timers: NodeJS.Timeout[] = [];
  let dueTimer: NodeJS.Timeout | undefined;
  let soonTimer: NodeJS.Timeout | undefined;
  let plannedFor: Instant | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  let beatAt = clock();
  let beating: Promise<void> | undefined;

  const slotsUsed = (...slots: Slot[]) => [...running.values()].filter(({ slot }) => slots.includes(slot)).length;

  async function poll(): Promise<void> {
    let taken = 0;
    let isWhole = false;
    do {
      await deps.turn?.();
      pollAgain = false;
      isWhole ||= WAITING_SLOTS.every((slot) => mayHaveMore.has(slot));
      // After the machine slept, our leases are over: our own running jobs must not be claimed again.
      if (running.size > 0 && clock() - beatAt > HEARTBEAT_MS) await beat();
      taken = await take('urgent', SLOTS - slotsUsed('urgent', 'sweep', 'rest'));
      if (deps.sweepPriority !== undefined) {
        taken += await take('sweep', Math.min(freeInBackground(), SWEEP_SLOTS - slotsUsed('sweep')));
      }
      taken += await take('rest', freeInBackground());
      // Suspects have one slot of their own, least lapsed first, so that a killer job takes few others with it.
      if (!isSuspectRunning()) taken += await take('suspect', 1);
    } while (pollAgain && !stopping);
    if (taken === 0 || isWhole) await planNext();
  }

  /** What becomes due before the next poll is taken at its time. */
  async function planNext(): Promise<void> {
    const now = clock();
    const next = await queue.nextAfter(now);
    if (stopping || next === undefined || next === plannedFor || next - now >= POLL_MS) return;
    plannedFor = next;
    clearTimeout(dueTimer);
    // A timer may be a millisecond early.
    dueTimer = setTimeout(wake, next - now + 1);
  }

  function freeInBackground(): number {
    const background = slotsUsed('sweep', 'rest');
    return Math.min(SLOTS - slotsUsed('urgent') - background, BACKGROUND_SLOTS - background);
  }

  function isSuspectRunning(): boolean {
    return [...running.values()].some(({ slot, since }) => slot === 'suspect' && clock() - since < SUSPECT_MS);
  }

  /** Returns how many. */
  async function take(slot: Slot, limit: number): Promise<number> {
    const work = runJob;
    if (stopping || limit <= 0 || !work || deps.mayClaim?.() === false) return 0;
    // Before the look, which may miss what a signal tells meanwhile.
    if (!mayHaveMore.delete(slot)) return 0;
    const shared = { limit, kinds, ...prioritiesOf(slot) };
    const jobs =
      slot === 'suspect'
        ? await queue.claim(clock() - skewMs, { ...shared, only: 'lapsed', leaseMs: LEASE_MS + skewMs })
        : await queue.claim(clock(), { ...shared, only: 'waiting', leaseMs: LEASE_MS });
    if (jobs.length === limit) mayHaveMore.add(slot);
    for (const job of jobs) run(job, slot, work);
    return jobs.length;
  }

  function prioritiesOf(slot: Slot): Pick<ClaimOptions, 'minPriority' | 'maxPriority'> {
    const { urgentPriority, sweepPriority } = deps;
    if (slot === 'urgent') return { minPriority: urgentPriority };
    if (sweepPriority === undefined || slot === 'suspect') return {};
    return slot === 'sweep'
      ? { minPriority: sweepPriority, maxPriority: urgentPriority - 1 }
      : { maxPriority: sweepPriority - 1 };
  }

  function run(job: Job, slot: Slot, work: RunJob): void {
    const ended = begin(job, work)
      .catch((error) => log.error({ err: error, job: job.id, kind: job.payload.kind }, 'job ended with an error'))
      .finally(() => {
        running.delete(job.id);
        if (slot === 'urgent' || mayHaveMore.has('urgent')) look();
        else lookForBackground();
      });
    running.set(job.id, { job, slot, since: clock(), ended });
  }

  async function begin(job: Job, work: RunJob): Promise<void> {
    await deps.turn?.();
    await work(job);
  }

  /** After a rollback there may be jobs of newer kinds. */
  async function logUnknownKinds(): Promise<void> {
    const unknown = (await queue.openKinds()).filter((kind) => !kinds.includes(kind));
    if (unknown.length > 0)
      log.warn({ kinds: unknown }, 'jobs of unknown kinds are left for a version that knows them');
  }

  /** There may be work of any kind. */
  function wake(): void {
    for (const slot of ALL_SLOTS) mayHaveMore.add(slot);
    look();
  }

  /** A lease that runs out is no news of a new job's: a poll finds it. Without a priority it may be any job, also one for later. */
  function hearOfJob(priority?: number): void {
    const slots = priority === undefined ? WAITING_SLOTS : [slotOf(priority)];
    for (const slot of slots) mayHaveMore.add(slot);
    if (slots.includes('urgent')) look();
    else lookForBackground();
  }

  function slotOf(priority: number): Slot {
    if (priority >= deps.urgentPriority) return 'urgent';
    return priority >= (deps.sweepPriority ?? deps.urgentPriority) ? 'sweep' : 'rest';
  }

  /** Background jobs that end, or come, at about the same time share a look, and those that it takes share commits. */
  function lookForBackground(): void {
    if (slotsUsed('sweep', 'rest') === 0) return void look();
    soonTimer ??= setTimeout(() => {
      soonTimer = undefined;
      look();
    }, BACKGROUND_PAUSE_MS);
  }

  function look(): void {
    if (stopping) return;
    if (polling) {
      pollAgain = true;
      return;
    }
    polling = poll()
      .catch(tellOfFailure)
      .finally(() => {
        polling = undefined;
        // A call of `wake` may have come in between.
        if (pollAgain) look();
      });
  }

  /** A database that is away fails every poll: one line a minute. */
  function tellOfFailure(error: unknown): void {
    if (clock() - toldAt < MINUTE) return;
    toldAt = clock();
    log.error({ err: error }, 'could not look for work');
  }

  function beat(): Promise<void> {
    beating ??= extendAll().finally(() => {
      beating = undefined;
    });
    return beating;
  }

  /** Waits while another process locks the database, and polling waits with it. */
  async function extendAll(): Promise<void> {
    const at = clock();
    const extended = [...running.values()].map(async ({ job }) => {
      try {
        await queue.extend(job, at + LEASE_MS);
        return true;
      } catch (error) {
        log.warn({ err: error, job: job.id }, 'heartbeat failed');
        return false;
      }
    });
    if ((await Promise.all(extended)).every(Boolean)) beatAt = at;
  }

  return {
    start(work: RunJob): void {
      runJob = work;
      timers = [setInterval(wake, POLL_MS), setInterval(() => void beat(), HEARTBEAT_MS)];
      queue.onEnqueued(hearOfJob);
      logUnknownKinds().catch((error) => log.error({ err: error }, 'could not look for work'));
      wake();
    },
    /** Polls the queue now. */
    wake,
    /** Claims no more jobs and waits for the running ones. True: all have ended. */
    async stop(timeoutMs: number): Promise<boolean> {
      stopping = true;
      const [pollTimer] = timers;
      clearInterval(pollTimer);
      clearTimeout(dueTimer);
      clearTimeout(soonTimer);
      await polling;
      const all = Promise.all([...running.values()].map((entry) => entry.ended)).then(() => true);
      const inTime = await Promise.race([all, sleep(timeoutMs, false, { ref: false })]);
      for (const timer of timers) clearInterval(timer);
      return inTime;
    },
    /** Resolves when no job is due or running; for tests. */
    async idle(): Promise<void> {
      for (;;) {
        wake();
        while (polling) await polling;
        if (running.size === 0) return;
        await Promise.all([...running.values()].map((entry) => entry.ended));
      }
    },
  };
}
