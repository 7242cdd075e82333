/**
 * Several machines share leases and due times, each by its own clock. Once a minute this one's is compared with the
 * database's; a machine that is further off than leases allow for takes no work until it is right again.
 */
import type { Instant } from '../core/model/keys.ts';
import { MINUTE } from '../core/model/time.ts';
import type { Clock, Log } from '../core/ports/runtime.ts';

/** Leases allow for so much. */
export const MOST_SKEW_MS = 2_000;

interface ClockWatchDeps {
  /** undefined: nobody else's clock counts. */
  databaseClock: (() => Promise<Instant>) | undefined;
  /** This machine's. */
  clock: Clock;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
}

export function createClockWatch({ databaseClock, clock, log }: ClockWatchDeps) {
  let right = true;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    if (!databaseClock) return;
    const before = clock();
    let theirs: Instant;
    try {
      theirs = await databaseClock();
    } catch (error) {
      // Whether the database answers is told elsewhere.
      log.warn({ err: error }, 'could not compare the clock with that of the database');
      return;
    }
    const after = clock();
    const offMs = Math.round((before + after) / 2 - theirs);
    // The answer may have been read at any time in between.
    const isRight = Math.abs(offMs) - Math.abs(after - before) / 2 <= MOST_SKEW_MS;
    if (!isRight) log.error({ offMs }, 'the clock of this machine is wrong, so it takes no work');
    else if (!right) log.info({ offMs }, 'the clock of this machine is right again');
    right = isRight;
  }

  return {
    /** Resolves after the first look. */
    async start(): Promise<void> {
      await look();
      if (databaseClock) timer = setInterval(() => void look(), MINUTE);
    },
    stop: () => clearInterval(timer),
    look,
    isRight: () => right,
  };
}
