/** What time drives: one tick a minute, no two at once, and once at start-up (DESIGN section 4). */
import { schedule } from 'node-cron';
import type { Log } from '../core/perform.ts';
import type { Clock } from '../core/ports.ts';
import { MINUTE } from '../core/time.ts';

export interface Tick {
  start(): void;
  stop(): Promise<void>;
  /** Runs a tick now, or joins the one that runs. */
  now(): Promise<void>;
}

/** A laptop that slept, or a clock that was set, must not cost a minute of digests: then we tick without the cron. */
const WATCH_EVERY = 1_000;

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
        const since = deps.clock() - lastAt;
        if (since >= MINUTE + WATCH_EVERY || since < 0) void tick();
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
