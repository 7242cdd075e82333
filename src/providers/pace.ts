/**
 * How fast one provider is called: at most so many calls in any window, most urgent first, and none at all while the
 * provider has asked us to wait. A short wait is waited for here; a long one is said to whoever's turn it is, so that their
 * work can be done again later and nobody holds a place in the meantime.
 */
import PQueue from 'p-queue';
import type { CallOptions, Priority } from '../core/ports/provider.ts';
import type { Clock } from '../core/ports/runtime.ts';

export interface Limit {
  /** Calls that may start in any stretch of `windowMs`. */
  calls: number;
  windowMs: number;
  /** Calls that may be under way at the same time. */
  concurrency: number;
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

export const RANK = { click: 4, person: 3, sweep: 2, digest: 1, spare: 0 } satisfies Record<Priority, number>;

export const LONGEST_PAUSE_MS = 5_000;

/**
 * p-queue in strict mode remembers when each of the last calls started (by `Date.now`) and lets the next one go once
 * the oldest has left the window, so there is no edge at which two windows' worth of calls can meet. Its timer exists
 * only while something waits; the timer of a hold is unref'd. So an idle pace keeps no process alive.
 */
export function createPace(options: PaceOptions): Pace {
  const { calls, windowMs, concurrency, clock, longestPauseMs = LONGEST_PAUSE_MS, isPaced = () => true } = options;
  const queue = new PQueue({ strict: true, intervalCap: calls, interval: windowMs, concurrency });
  let heldUntil = 0;
  let refusedUntil = 0;
  let timer: NodeJS.Timeout | undefined;

  return {
    async run(work, { priority, signal }) {
      const turn = () => {
        const left = refusedUntil - clock();
        if (left > 0) throw new Held(left);
        return work();
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
