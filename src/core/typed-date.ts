/** Dates as people type them, read in the rep's zone. */
import * as chrono from 'chrono-node';
import { Temporal } from 'temporal-polyfill';
import { zoned } from './time.ts';
import type { Instant } from './types.ts';

/** `timed`: a time of day was given, not only a date. */
export type TypedDate = { at: Instant; timed: boolean } | { refused: 'past' | 'not_understood' };

/** A date without a time means that morning. */
const MORNING = 9;
/** For these the hour that chrono supposes is meant: 15:00, 20:00, 22:00. */
const LATER_IN_THE_DAY = /\b(afternoon|evening|tonight|night)\b/i;
/** What chrono calls a distance from now. */
const DISTANCES = ['result/relativeDateAndTime', 'casualReference/now'];
/** Words that belong to a date without being one; anything else left over means that we did not understand it all. */
const FILLERS = /\b(on|at|by|the|until|till|in|of)\b|[\s,.;:–-]+/gi;

/** `2026-12-01 15:00`, "tomorrow at 3pm", "next Tuesday". Refuses the past, and whatever is not a date throughout. */
export function parseTypedDate(text: string, now: Instant, zone: string): TypedDate {
  if (isAmbiguous(text)) return { refused: 'not_understood' };
  const results = chrono.parse(text, sameWallClock(zoned(now, zone)), { forwardDate: true });
  const [result] = results;
  if (!result || results.length > 1 || result.end) return { refused: 'not_understood' };
  const leftOver = text.replace(result.text, ' ').replace(FILLERS, '');
  if (leftOver !== '') return { refused: 'not_understood' };
  // Chrono moves "last Monday" into the future, as it is asked to do with "Monday".
  if (/\blast\b/i.test(result.text)) return { refused: 'past' };
  const at = toInstant(result, now, zone);
  if (at === undefined) return { refused: 'not_understood' };
  return at > now ? { at, timed: givesTime(result) } : { refused: 'past' };
}

/** `5/12` is May to one rep and December to another; a task on the wrong day is worse than a question. */
function isAmbiguous(text: string): boolean {
  const [, first, second] =
    /(?<!\d)(\d{1,2})[./-](\d{1,2})(?!\d|:)/.exec(text.replace(/\d{4}-\d{1,2}-\d{1,2}/g, '')) ?? [];
  return first !== undefined && first !== second && Number(first) <= 12 && Number(second) <= 12;
}

/**
 * Chrono reckons with the host's clock, in places even when it is told of another zone. So it gets a moment at which the
 * host's clock shows what the rep's shows now, and what it answers is a reading of the rep's clock.
 */
function sameWallClock(local: Temporal.ZonedDateTime): Date {
  return new Date(local.year, local.month - 1, local.day, local.hour, local.minute, local.second, local.millisecond);
}

function toInstant(result: chrono.ParsedResult, now: Instant, zone: string): Instant | undefined {
  const { text, start: parts } = result;
  if (isDistance(parts)) return now + distance(text);
  const read = (part: chrono.Component) => parts.get(part) ?? 0;
  const hasTime = givesTime(result);
  const hasDate = parts.isCertain('day') || parts.isCertain('month') || parts.isCertain('year');
  const hasWeekday = parts.isCertain('weekday');
  // "3pm EST" names its own zone; all else is a reading of the rep's clock.
  const own = parts.isCertain('timezoneOffset') ? offsetZone(read('timezoneOffset')) : zone;
  try {
    const day = { year: read('year'), month: read('month'), day: read('day') };
    const date = hasDate || hasWeekday ? Temporal.PlainDate.from(day, { overflow: 'reject' }) : today(now, own);
    const time = new Temporal.PlainTime(hasTime ? read('hour') : MORNING, hasTime ? read('minute') : 0);
    const wall = date.toPlainDateTime(time);
    const at = wall.toZonedDateTime(own).epochMilliseconds;
    if (at > now || hasDate || /\bthis\b/i.test(text)) return at;
    // "Monday" on a Monday after nine, "3pm" at four: the next one.
    return wall.add({ days: hasWeekday ? 7 : 1 }).toZonedDateTime(own).epochMilliseconds;
  } catch {
    return undefined;
  }
}

function isDistance(parts: chrono.ParsedComponents): boolean {
  return DISTANCES.some((tag) => parts.tags().has(tag));
}

function givesTime({ text, start }: chrono.ParsedResult): boolean {
  return isDistance(start) || start.isCertain('hour') || LATER_IN_THE_DAY.test(text);
}

/** "in 2 hours", in milliseconds; reckoned from a day on which no host's clock is changed. */
function distance(text: string): number {
  const [result] = chrono.parse(text, new Date(2026, 0, 14, 12), { forwardDate: true });
  const read = (part: chrono.Component) => result?.start.get(part) ?? 0;
  const then = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
  return then - Date.UTC(2026, 0, 14, 12);
}

function today(now: Instant, zone: string): Temporal.PlainDate {
  return zoned(now, zone).toPlainDate();
}

/** `+05:30` */
function offsetZone(minutes: number): string {
  const of = (part: number) => String(Math.floor(part)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${of(Math.abs(minutes) / 60)}:${of(Math.abs(minutes) % 60)}`;
}
