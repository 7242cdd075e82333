/**
 * Takes the clock to a later time in steps: at each the app ticks, and the clock moves on only when the jobs that are due
 * have ended. So no lease runs out under a job, and what is planned happens in its minute, as in days that were lived
 * through: digests, returns from a snooze, retries. What the app looks for without a plan (the hourly check of a digest's
 * rows) comes at the step after its time.
 */
import { BackInTime, type SandboxClock } from './clock.ts';
import type { Script } from './script.ts';

const MINUTE = 60_000;
/** Steps where nothing is planned: a day is then gone through in seconds, a season in minutes. */
const STEP_MS = 10 * MINUTE;
const FAR_STEP_MS = 30 * MINUTE;
const FAR_MS = 14 * 24 * 60 * MINUTE;
/** At least so long between two looks at the page, and at what else waits for the machine. */
const BREATH_MS = 40;
/** Work that takes longer than this stops the journey. */
const PATIENCE_MS = 30_000;

export interface Travelled {
  clock: SandboxClock;
  /** Runs what the app does once a minute. */
  tick(): Promise<void>;
  /** Resolves when nothing that is due is left to do, at the app and on its way to it. */
  idle(): Promise<void>;
  /** The next time for which the app has planned something. */
  nextAt(): Promise<number | undefined>;
  /** What happens elsewhere meanwhile. */
  script: Pick<Script, 'happen' | 'nextAt'>;
}

export interface Travel {
  /** Resolves there, or where `stop` was called: true and false. Throws `BackInTime`, or `Underway` for a second one. */
  to(at: number): Promise<boolean>;
  /** Resolves when the clock stays where it is. */
  stop(): Promise<void>;
  /** What a person does takes no time: the clock waits for it. */
  between<T>(work: () => Promise<T>): Promise<T>;
}

class Underway extends Error {
  override name = 'Underway' as const;

  constructor() {
    super('The clock is on its way already. Stop it first.');
  }
}

export function createTravel({ clock, tick, idle, nextAt, script }: Travelled): Travel {
  let underway: Promise<boolean> | undefined;
  let isStopped = false;
  let works = 0;
  let breathedAt = Number.NEGATIVE_INFINITY;

  async function rest(): Promise<void> {
    do {
      await within(idle(), PATIENCE_MS);
      if (performance.now() - breathedAt < BREATH_MS && works === 0) continue;
      // A turn of the machine's own, for the page's requests and the tools' timers.
      await new Promise((resolve) => setTimeout(resolve, works === 0 ? 0 : 10));
      breathedAt = performance.now();
    } while (works > 0);
  }

  /** The next full minute for which something is planned, or the end of a step. */
  async function nextStop(longest: number): Promise<number> {
    const now = clock.now();
    const planned = [await nextAt(), script.nextAt()].filter((at) => at !== undefined);
    return Math.max(nextOf(MINUTE, now), Math.min(nextOf(longest, now), ...planned.map((at) => upTo(MINUTE, at))));
  }

  async function go(at: number): Promise<boolean> {
    const longest = at - clock.now() > FAR_MS ? FAR_STEP_MS : STEP_MS;
    await rest();
    while (clock.now() < at) {
      const stop = Math.min(at, await nextStop(longest));
      if (isStopped) return false;
      clock.setAhead(Math.max(stop, clock.now()));
      script.happen(clock.now());
      await within(tick(), PATIENCE_MS);
      await rest();
    }
    return true;
  }

  return {
    async to(at) {
      if (underway) throw new Underway();
      if (at < clock.now()) throw new BackInTime();
      isStopped = false;
      underway = clock.uncounted(() => go(at));
      try {
        return await underway;
      } finally {
        underway = undefined;
      }
    },
    async stop() {
      isStopped = true;
      await underway?.catch(() => undefined);
    },
    async between(work) {
      works += 1;
      try {
        return await work();
      } finally {
        works -= 1;
      }
    },
  };
}

function nextOf(step: number, after: number): number {
  return (Math.floor(after / step) + 1) * step;
}

function upTo(step: number, at: number): number {
  return Math.ceil(at / step) * step;
}

async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The app is still at work, so the clock stays where it is.')), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
