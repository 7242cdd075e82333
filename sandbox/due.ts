/** Due dates of the seeds: in the rep's own zone, and in the intended group at whatever hour the demo starts. */
import type { Temporal } from 'temporal-polyfill';

/** Overdue by hours or by days, still due on the rep's own today, or later. */
export type When =
  | { group: 'overdue'; hoursAgo: number }
  | { group: 'overdue'; daysAgo: number; at: string }
  /** `share`: where it lies between now and the end of the day once `at` has passed. */
  | { group: 'today'; at: string; share: number }
  | { group: 'upcoming'; inDays: number; at: string };

export function dueAt(when: When, now: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  if (when.group === 'today') return dueToday(when.at, when.share, now);
  if ('hoursAgo' in when) return roundTo5(now.subtract({ hours: when.hoursAgo }), 'floor');
  const days = when.group === 'overdue' ? -when.daysAgo : when.inDays;
  const date = workingDay(now.toPlainDate().add({ days }), Math.sign(days));
  return date.toZonedDateTime({ timeZone: now.timeZoneId, plainTime: when.at });
}

/** ISO-8601, with Z or with an offset. */
export function isoText(at: Temporal.ZonedDateTime, form: 'Z' | 'offset'): string {
  return form === 'Z' ? at.toInstant().toString() : at.toString({ timeZoneName: 'never' });
}

/** The wish, while there is time; late in the day somewhere in what is left of it, at 23:59 at the latest. */
function dueToday(wish: string, share: number, now: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const wished = now.withPlainTime(wish);
  if (until(now, wished) >= 15 * 60_000) return wished;
  const lastMinute = now.withPlainTime('23:59');
  if (until(now, lastMinute) <= 0) return lastMoment(now);
  const spread = now.add({ milliseconds: Math.round(until(now, lastMinute) * share) });
  const rounded = roundTo5(spread, 'ceil');
  return until(rounded, lastMinute) > 0 ? rounded : lastMinute;
}

/** In the day's last minute nothing rounder is left; a task that is due now is not overdue. */
function lastMoment(now: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  return now.startOfDay().add({ days: 1 }).subtract({ milliseconds: 1 });
}

/** Nobody plans calls for a weekend: such a date moves on in its direction. */
function workingDay(date: Temporal.PlainDate, direction: number): Temporal.PlainDate {
  let day = date;
  while (day.dayOfWeek > 5) day = day.add({ days: direction });
  return day;
}

function roundTo5(at: Temporal.ZonedDateTime, roundingMode: 'floor' | 'ceil'): Temporal.ZonedDateTime {
  return at.round({ smallestUnit: 'minute', roundingIncrement: 5, roundingMode });
}

function until(from: Temporal.ZonedDateTime, to: Temporal.ZonedDateTime): number {
  return to.epochMilliseconds - from.epochMilliseconds;
}
