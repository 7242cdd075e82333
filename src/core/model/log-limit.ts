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
