/** The only place for arithmetic with time zones. Instants are milliseconds, wall-clock times are Temporal values. */
import { Temporal } from 'temporal-polyfill';
import { FOREVER, type Schedule } from './digest.ts';
import type { Instant } from './keys.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** After a downtime, digests are sent when they are at most this late. Later ones are skipped. */
export const CATCH_UP_WINDOW = 4 * HOUR;

export const WORKING_DAYS: readonly number[] = [1, 2, 3, 4, 5];

/** The name of the public holiday on a local date, `YYYY-MM-DD`. undefined: there is none. */
export type Holidays = (date: string) => string | undefined;

export const NO_HOLIDAYS: Holidays = () => undefined;

/** No country has a holiday on the same weekday for so long. */
const MOST_DAYS_OFF = 100;

export function zoned(at: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}

/** The zone's id, or undefined if this runtime does not know the zone. */
export function namedZone(name: string | undefined): string | undefined {
  if (!name) return undefined;
  try {
    return zoned(0, name).timeZoneId;
  } catch {
    return undefined;
  }
}

/**
 * A person's zone. If this runtime does not know Slack's zone, it is the last known zone if the offset is the same,
 * else a zone with only that offset. If Slack names no zone, the last known zone stays.
 */
export function zoneOf(
  { zone, zoneOffset }: { zone: string | undefined; zoneOffset?: number | undefined },
  lastKnown: string | undefined,
  now: Instant,
): string {
  const named = namedZone(zone);
  if (named) return named;
  const last = namedZone(lastKnown);
  const offset = offsetZone(zoneOffset);
  if (last && (!zone || !offset || zoned(now, last).offset === zoned(now, offset).offset)) return last;
  return offset ?? 'UTC';
}

/** A zone id like `-05:00`; undefined for an impossible offset. */
function offsetZone(offset: number | undefined): string | undefined {
  if (offset === undefined || Math.abs(offset) > 14 * HOUR) return undefined;
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  if (minutes === 0) return 'UTC';
  const digits = (part: number) => String(part).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}`;
}

/** `YYYY-MM-DD` in the zone. */
export function localDate(at: Instant, zone: string): string {
  return zoned(at, zone).toPlainDate().toString();
}

/**
 * A wall-clock time on a date; the first one if the clock shows it twice. If the clock skips it, the first moment after
 * the gap, or a moment before a gap that ends the day. undefined: the zone has no such date (Samoa skipped a day).
 */
export function atLocal(date: Temporal.PlainDate, time: string, zone: string): Instant | undefined {
  const wished = date.toPlainDateTime(Temporal.PlainTime.from(time));
  const at = wished.toZonedDateTime(zone);
  if (at.toPlainDateTime().equals(wished)) return at.epochMilliseconds;
  const earlier = wished.toZonedDateTime(zone, { disambiguation: 'earlier' });
  // The gap lies between these two: it is the last transition up to `at`.
  const afterGap = at.add({ nanoseconds: 1 }).getTimeZoneTransition('previous') ?? at;
  const sameDay = [afterGap, earlier].find((moment) => moment.toPlainDate().equals(date));
  return sameDay?.epochMilliseconds;
}

/** The first digest time strictly after `after`. */
export function nextDigestAt(
  schedule: Pick<Schedule, 'time' | 'days'>,
  zone: string,
  after: Instant,
  holidays = NO_HOLIDAYS,
): Instant {
  if (schedule.days.length === 0 || after >= FOREVER) return FOREVER;
  let date = zoned(after, zone).toPlainDate();
  for (let day = 0; day < MOST_DAYS_OFF; day += 1) {
    if (isWorkingDay(date, { days: schedule.days, holidays })) {
      const at = atLocal(date, schedule.time, zone);
      if (at !== undefined && at > after) return at;
    }
    date = date.add({ days: 1 });
  }
  return FOREVER;
}

/** Like `nextDigestAt`, but after the pause. */
export function nextDigestAfterPause(
  schedule: Pick<Schedule, 'time' | 'days' | 'pausedUntil'>,
  zone: string,
  now: Instant,
  holidays = NO_HOLIDAYS,
): Instant {
  const pausedUntil = schedule.pausedUntil ?? now;
  if (pausedUntil <= now) return nextDigestAt(schedule, zone, now, holidays);
  if (pausedUntil >= FOREVER) return FOREVER;
  // The pause ends at the start of a local day. A digest at exactly that moment is sent.
  return nextDigestAt(schedule, zone, pausedUntil - 1, holidays);
}

/** `YYYY-MM-DD`, and a day of the calendar. */
export function isDate(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

/** Midnight (or the first moment) of a local date, `YYYY-MM-DD`. */
export function startOfLocalDate(date: string, zone: string): Instant {
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone }).epochMilliseconds;
}

/** A rep's calendar date, `YYYY-MM-DD`, from its first moment until that of the next date. */
export interface LocalDay {
  date: string;
  from: Instant;
  until: Instant;
}

/** The latest first. A workspace has few zones. */
let recentDays: (LocalDay & { zone: string })[] = [];
const MOST_RECENT_DAYS = 32;

/** The date around a moment that many ask for, such as now. Cached, because arithmetic with zones is slow. */
export function localDay(now: Instant, zone: string): LocalDay {
  const known = recentDays.find((day) => day.zone === zone && day.from <= now && now < day.until);
  if (known) return known;
  const today = zoned(now, zone).toPlainDate();
  const from = startOfLocalDate(today.toString(), zone);
  const until = startOfLocalDate(today.add({ days: 1 }).toString(), zone);
  const day = { date: today.toString(), from, until, zone };
  recentDays = [day, ...recentDays].slice(0, MOST_RECENT_DAYS);
  return day;
}

/** Everything that reading and formatting a rep's times needs. */
export interface RepTime {
  now: Instant;
  /** As in `Rep`. */
  zone: string;
  /** The rep's locale in Slack, for formatting. What is typed is read alike in all of them. */
  locale?: string | undefined;
  /** As in `Schedule`. Empty means Monday to Friday. */
  days: readonly number[];
  /** Of the country that the rep chose: no working days. */
  holidays?: Holidays | undefined;
}

type WorkingWeek = Pick<RepTime, 'days' | 'holidays'>;

export const SNOOZE_PRESETS = ['later', 'tomorrow', 'nextweek'] as const;
export type SnoozePreset = (typeof SNOOZE_PRESETS)[number];

export const MORNING = '09:00';
/** "Later today" ends here at the latest. */
export const END_OF_DAY = '18:00';

/** `later` is in three hours, at the latest 18:00. After 18:00 or on a day off it is the next working morning. */
export function snoozeUntil(preset: SnoozePreset, time: RepTime): Instant {
  const { now, zone } = time;
  const today = zoned(now, zone).toPlainDate();
  if (preset === 'tomorrow') return workingMorning(today.add({ days: 1 }), time);
  if (preset === 'nextweek') return workingMorning(startOfWeek(time, 1), time);
  const endOfDay = atLocal(today, END_OF_DAY, zone);
  if (!isWorkingDay(today, time) || endOfDay === undefined || now >= endOfDay - 15 * MINUTE) {
    return workingMorning(today.add({ days: 1 }), time);
  }
  const inThreeHours = Math.ceil((now + 3 * HOUR) / (15 * MINUTE)) * 15 * MINUTE;
  return Math.min(inThreeHours, endOfDay);
}

function workingDays({ days }: Pick<RepTime, 'days'>): readonly number[] {
  return days.length > 0 ? days : WORKING_DAYS;
}

export function isWorkingDay(date: Temporal.PlainDate, week: WorkingWeek): boolean {
  return workingDays(week).includes(date.dayOfWeek) && week.holidays?.(date.toString()) === undefined;
}

/**
 * The first day of the rep's week, `weeks` weeks from now. A week begins on Monday, or on the Sunday or Saturday on
 * which the rep's working days begin (Sunday to Thursday is a week too).
 */
export function startOfWeek(time: RepTime, weeks: number): Temporal.PlainDate {
  const days = workingDays(time);
  const today = zoned(time.now, time.zone).toPlainDate();
  const first = [1, 7, 6].find((day) => days.includes(day) && !days.includes(day === 1 ? 7 : day - 1)) ?? 1;
  return today.add({ days: 7 * weeks - ((today.dayOfWeek - first + 7) % 7) });
}

/** 09:00 of the first working day from `from` on. */
function workingMorning(from: Temporal.PlainDate, time: RepTime): Instant {
  const date = firstWorkingDay(from, time);
  return atLocal(date, MORNING, time.zone) ?? workingMorning(date.add({ days: 1 }), time);
}

export function firstWorkingDay(from: Temporal.PlainDate, week: WorkingWeek): Temporal.PlainDate {
  let date = from;
  for (let day = 0; day < MOST_DAYS_OFF; day += 1) {
    if (isWorkingDay(date, week)) return date;
    date = date.add({ days: 1 });
  }
  return from;
}

/**
 * The nth of the rep's working days after today, at the clock time that `like` has in the rep's zone, else at 09:00. A
 * time that the clock skips on that day is the first moment after the gap.
 */
export function afterWorkingDays(count: number, time: RepTime, like?: Instant): Instant {
  const clock =
    like === undefined ? MORNING : zoned(like, time.zone).toPlainTime().toString({ smallestUnit: 'minute' });
  let date = zoned(time.now, time.zone).toPlainDate();
  let at = time.now;
  for (let left = count; left > 0; ) {
    date = firstWorkingDay(date.add({ days: 1 }), time);
    const there = atLocal(date, clock, time.zone);
    // A day that the zone skipped is no working day.
    if (there === undefined) continue;
    at = there;
    left -= 1;
  }
  return at;
}
