/** For what strangers can cause as often as they like: the first is logged at once, then one line a minute with their number. */
import type { Instant } from './keys.ts';
import { MINUTE } from './time.ts';

/** `write` is told how many there were since the line before. */
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
