/** One tick at start and then every minute, never two at once (ARCHITECTURE.md, "A digest"). */
import { schedule } from 'node-cron';
import { MINUTE } from '../core/model/time.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';

/** The cron timer is late after the machine slept or the clock was set, so a watch checks for missed minutes. */
const WATCH_INTERVAL_MS = 1_000;

export function createTick(deps: { clock: Clock; log: Log; work: () => Promise<void> }) {
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
    start(): void {
      cron.start();
      watch = setInterval(() => {
        if (Math.floor(deps.clock() / MINUTE) !== Math.floor(lastAt / MINUTE)) void tick();
      }, WATCH_INTERVAL_MS);
      void tick();
    },
    async stop(): Promise<void> {
      clearInterval(watch);
      await cron.destroy();
      await running;
    },
    /** Runs a tick now, or joins the running one. */
    now: tick,
    /** Resolves when no tick is running. */
    async idle(): Promise<void> {
      await running;
    },
  };
}
