/**
 * How fast one provider is called: at most so many calls in any window, most urgent first, and none at all while the
 * provider has asked us to wait. A short wait is waited for here; a long one is said to whoever's turn it is, so that their
 * work can be done again later and nobody holds a place in the meantime.
 */
import PQueue from 'p-queue';
import { Held, type Limit, LONGEST_PAUSE_MS, type Pace, type PaceMore, RANK } from '../core/jobs/pace.ts';
import type { Clock } from '../core/ports/runtime.ts';

export interface PaceOptions extends Pick<Limit, 'calls' | 'windowMs' | 'concurrency'>, PaceMore {
  /** For long holds. */
  clock: Clock;
}

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
