/** A limit for log lines that strangers can cause: the first is written at once, then one a minute with the count. */
import type { Instant } from './keys.ts';
import { MINUTE } from './time.ts';

/** `times`: the number of events since the last line. */
export function onceAMinute(clock: () => Instant, write: (times: number) => void): () => void {
  let nextAt: Instant = Number.NEGATIVE_INFINITY;
  let times = 0;
  return () => {
    times += 1;
    if (clock() < nextAt) return;
    nextAt = clock() + MINUTE;
    write(times);
    times = 0;
  };
}

/** Warnings that say the same within a minute are one line. */
export interface Repeats {
  /** `of`: what makes two lines the same. The first is written at once. */
  of(of: string): Warnings;
  /** Called once a minute: writes the last of each that repeated, with `times`, the number since its last line. */
  sumUp(): void;
}

interface Warnings {
  warn(fields: object, message: string): void;
}

export function createRepeats(log: Warnings): Repeats {
  const seen = new Map<string, { fields: object; message: string; times: number }>();
  return {
    of: (of) => ({
      warn(fields, message) {
        const before = seen.get(of);
        if (!before) log.warn(fields, message);
        seen.set(of, { fields, message, times: before ? before.times + 1 : 0 });
      },
    }),
    sumUp() {
      for (const [of, { fields, message, times }] of seen) {
        if (times === 0) seen.delete(of);
        else {
          log.warn({ ...fields, times }, message);
          seen.set(of, { fields, message, times: 0 });
        }
      }
    },
  };
}
