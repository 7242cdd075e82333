/** What a rep chooses for the day after its digest: the close, reminders of calls, and hours in which neither comes. */
import { Temporal } from 'temporal-polyfill';
import type { DayChoices } from './digest.ts';
import type { Instant } from './keys.ts';
import type { Task } from './task.ts';
import { atLocal, localDate, MINUTE, zoned } from './time.ts';

/** A reminder comes so long before its call. */
export const NUDGE_AHEAD_MS = 15 * MINUTE;

/** `HH:MM` in the zone. */
export function wallClock(at: Instant, zone: string): string {
  return zoned(at, zone).toPlainTime().toString({ smallestUnit: 'minute' });
}

/** `time`: `HH:MM`. The hours may go over midnight; `until` is no longer quiet. The same time twice means none. */
export function isQuiet(time: string, { from, until }: DayChoices['quiet']): boolean {
  return from <= until ? from <= time && time < until : time >= from || time < until;
}

/** When a local date, `YYYY-MM-DD`, is closed. undefined: it is not. */
export function closingOf({ closesAt }: Pick<DayChoices, 'closesAt'>, date: string, zone: string): Instant | undefined {
  return closesAt === undefined ? undefined : atLocal(Temporal.PlainDate.from(date), closesAt, zone);
}

/** Midnight and the last minute of a day, the rep's or UTC's, are how a tool writes a date without a time. */
export function hasTime(dueAt: Instant, zone: string): boolean {
  return [zone, 'UTC'].every((place) => !['00:00', '23:59'].includes(wallClock(dueAt, place)));
}

/**
 * The minute of a call that is due later today, and of which a reminder is still to come. undefined: there is none, or the
 * task is no call.
 */
export function callToCome(
  { kind, dueAt }: Pick<Task, 'kind' | 'dueAt'>,
  { now, zone }: { now: Instant; zone: string },
): Instant | undefined {
  if (kind !== 'call' || dueAt === undefined || !hasTime(dueAt, zone)) return undefined;
  const minute = minuteOf(dueAt);
  const isToday = localDate(minute, zone) === localDate(now, zone);
  return isToday && minute - NUDGE_AHEAD_MS > now ? minute : undefined;
}

export function minuteOf(at: Instant): Instant {
  return Math.floor(at / MINUTE) * MINUTE;
}
