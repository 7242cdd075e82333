/** Digests that do not come, because of a pause or a public holiday. */
import { FOREVER, type Schedule } from './digest.ts';
import type { Instant } from './keys.ts';
import { localDate, nextDigestAt, type RepTime, zoned } from './time.ts';

export interface Skipped {
  at: Instant;
  /** The public holiday on that date. undefined: only the pause skips it. */
  holiday: string | undefined;
}

/** A pause may be two years long. */
const MOST = 800;

/**
 * What would have come between now and the next digest, if there were neither a pause nor holidays. `had`: a date with a
 * digest. Empty if no digest comes at all.
 */
export function skippedDigests(schedule: Schedule, time: RepTime, had?: string): Skipped[] {
  if (schedule.nextDueAt >= FOREVER) return [];
  const skipped: Skipped[] = [];
  let at = nextDigestAt(schedule, time.zone, time.now);
  while (at < schedule.nextDueAt && skipped.length < MOST) {
    const date = localDate(at, time.zone);
    if (date !== had) skipped.push({ at, holiday: time.holidays?.(date) });
    at = nextDigestAt(schedule, time.zone, at);
  }
  return skipped;
}

/** The first public holiday from today on that falls on a working day, within a year. */
export function nextHoliday(
  { days }: Schedule,
  { now, zone, holidays }: RepTime,
): { date: string; name: string } | undefined {
  let date = zoned(now, zone).toPlainDate();
  for (let day = 0; day < 366; day += 1) {
    const name = days.includes(date.dayOfWeek) ? holidays?.(date.toString()) : undefined;
    if (name !== undefined) return { date: date.toString(), name };
    date = date.add({ days: 1 });
  }
  return undefined;
}
