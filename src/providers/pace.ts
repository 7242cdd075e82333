/**
 * How fast one provider is called: at most so many calls in any window, most urgent first, and none at all while the
 * provider has asked us to wait. A short wait is waited for here; a long one is said to whoever's turn it is, so that their
 * work can be done again later and nobody holds a place in the meantime.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { CallOptions, Priority } from '../core/ports/provider.ts';
import type { Clock } from '../core/ports/runtime.ts';

export interface Limit {
  /** Calls that may start in any stretch of `windowMs`. */
  calls: number;
  windowMs: number;
  /** Calls that may be under way at the same time. */
  concurrency: number;
  /** How much later than it left a call may arrive, where the provider counts arrivals; default: the same for all. */
  lateMs?: number;
}

export interface PaceOptions extends Limit {
  /** For long holds. */
  clock: Clock;
  /** Holds that are longer are said, and shorter ones waited for. Someone who waits for a list waits so long gladly. */
  longestPauseMs?: number | undefined;
  /** False: calls need not wait for turns now, because the clock is ahead of the machine's (the sandbox). */
  isPaced?: (() => boolean) | undefined;
}

/** Whose turn it was is to come back after so long: the provider has asked everyone to wait. */
export class Held extends Error {
  override name = 'Held' as const;
  readonly ms: number;

  constructor(ms: number) {
    super(`held for ${ms} ms`);
    this.ms = ms;
  }
}

export interface Pace {
  /** Waits for a turn. An abort while waiting takes the call out of the queue and throws the signal's reason. */
  run<T>(work: () => Promise<T>, options: CallOptions): Promise<T>;
  /** Nobody starts for this long, those who already wait included: they wait on, or get `Held`. A shorter hold never ends a longer one. */
  hold(ms: number): void;
}

const RANK = { click: 4, person: 3, sweep: 2, digest: 1, spare: 0 } satisfies Record<Priority, number>;

const LONGEST_PAUSE_MS = 5_000;

/** Timers, and the way to a provider that answers at once. */
const LEAST_LATE_MS = 30;

/**
 * p-queue in strict mode remembers when each of the last calls started (by `Date.now`) and lets the next one go once
 * the oldest has left the window, so there is no edge at which two windows' worth of calls can meet. Its timer exists
 * only while something waits; the timer of a hold is unref'd. So an idle pace keeps no process alive.
 */
export function createPace(options: PaceOptions): Pace {
  const {
    calls,
    windowMs,
    concurrency,
    clock,
    lateMs,
    longestPauseMs = LONGEST_PAUSE_MS,
    isPaced = () => true,
  } = options;
  const interval = lateMs === undefined ? windowMs : windowMs + LEAST_LATE_MS;
  const queue = new PQueue({ strict: true, intervalCap: calls, interval, concurrency });
  const arrivals = lateMs === undefined ? undefined : createArrivals({ calls, windowMs, lateMs });
  let heldUntil = 0;
  let refusedUntil = 0;
  let timer: NodeJS.Timeout | undefined;

  return {
    async run(work, { priority, signal }) {
      const turn = () => {
        const left = refusedUntil - clock();
        if (left > 0) throw new Held(left);
        return arrivals ? arrivals.send(work) : work();
      };
      if (!isPaced()) return turn();
      return queue.add(turn, signal ? { priority: RANK[priority], signal } : { priority: RANK[priority] });
    },
    hold(ms) {
      if (ms > longestPauseMs) {
        refusedUntil = Math.max(refusedUntil, clock() + ms);
        return;
      }
      const until = performance.now() + ms;
      if (until <= heldUntil) return;
      heldUntil = until;
      queue.pause();
      clearTimeout(timer);
      timer = setTimeout(() => queue.start(), ms);
      timer.unref();
    },
  };
}

/**
 * Calls that leave a window apart may arrive closer together, if the first was slow on its way. It has arrived when it is
 * answered, so a call waits until the one so many before it was, or for the longest that a way is expected to take.
 */
function createArrivals({ calls, windowMs, lateMs }: { calls: number; windowMs: number; lateMs: number }) {
  /** Of the last calls: resolves with the latest time at which each has arrived, once that is known. */
  const arrivals: Promise<number>[] = [];
  return {
    async send<T>(work: () => Promise<T>): Promise<T> {
      const before = arrivals.length < calls ? undefined : arrivals.shift();
      const arrived = Promise.withResolvers<number>();
      arrivals.push(arrived.promise);
      const waitMs = before === undefined ? 0 : (await before) + windowMs - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      const late = new AbortController();
      const sentAt = performance.now();
      sleep(lateMs, undefined, { signal: late.signal, ref: false }).then(
        () => arrived.resolve(sentAt + lateMs),
        () => undefined,
      );
      try {
        return await work();
      } finally {
        late.abort();
        arrived.resolve(performance.now());
      }
    },
  };
}
