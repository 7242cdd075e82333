/** What time drives: one tick a minute, no two at once, and once at start-up (ARCHITECTURE.md, "A digest"). */
import { schedule } from 'node-cron';
import type { Instant } from '../core/model/keys.ts';
import { MINUTE } from '../core/model/time.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';

export interface Tick {
  start(): void;
  stop(): Promise<void>;
  /** Runs a tick now, or joins the one that runs. */
  now(): Promise<void>;
}

/**
 * The cron's timer is set for the next minute as the clock stood a minute ago. A machine that slept, or a clock that
 * was set, would make it late; so we also look whether a minute began that nobody ticked for.
 */
const WATCH_EVERY = 1_000;

function minuteOf(at: Instant): number {
  return Math.floor(at / MINUTE);
}

export function createTick(deps: { clock: Clock; log: Log; work: () => Promise<void> }): Tick {
  let running: Promise<void> | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;
  let watch: NodeJS.Timeout | undefined;

  function tick(): Promise<void> {
    if (running) return running;
    lastAt = deps.clock();
    running = deps
      .work()
      .catch((error) => deps.log.error({ err: error }, 'tick failed'))
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  const cron = schedule('* * * * *', tick, { noOverlap: true, suppressMissedWarning: true });
  cron.stop();

  return {
    start() {
      cron.start();
      watch = setInterval(() => {
        if (minuteOf(deps.clock()) !== minuteOf(lastAt)) void tick();
      }, WATCH_EVERY);
      void tick();
    },
    async stop() {
      clearInterval(watch);
      await cron.destroy();
      await running;
    },
    now: tick,
  };
}
