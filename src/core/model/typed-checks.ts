/** Reads a text with chrono-node, and checks its answer against every word of the text. */
import * as chrono from 'chrono-node';
import { Temporal } from 'temporal-polyfill';
import type { Instant } from './keys.ts';
import { MORNING, type RepTime, zoned } from './time.ts';
import { timeIn } from './typed-times.ts';
import { FILLERS, monthsIn, today, weekdaysIn } from './typed-words.ts';

export interface ChronoResult {
  at: Instant;
  timed: boolean;
  /** The wall-clock time, in the zone that the text names or else the rep's. */
  wall: Temporal.PlainDateTime;
  /** The zone's clock never shows the typed time. */
  skipped: boolean;
  /** Minutes from UTC, if the text names a zone. */
  offset: number | undefined;
}

type Doubt =
  | { what: 'not all read' | 'skipped' }
  | { what: 'contradiction'; said: string; against: string }
  | { what: 'zone'; without: string };

/** "In a month". */
const SPAN = 'result/relativeDate';
/** chrono's tags for a distance from now. */
const DISTANCES = ['result/relativeDateAndTime', 'casualReference/now'];

export function readByChrono(text: string, time: RepTime): ChronoResult | undefined {
  const results = chrono.parse(text, sameWallClock(zoned(time.now, time.zone)), { forwardDate: true });
  const [result] = results;
  if (!result || results.length > 1 || result.end) return undefined;
  // Left-over words mean that the text was not understood.
  if (text.replace(result.text, ' ').replace(FILLERS, '') !== '') return undefined;
  try {
    return isDistance(result.start) ? atDistance(result, time) : atWall(result, time);
  } catch {
    return undefined;
  }
}

/** chrono uses the host's clock whatever its options say, so it gets a date that reads there as now does for the rep. */
function sameWallClock(local: Temporal.ZonedDateTime): Date {
  return new Date(local.year, local.month - 1, local.day, local.hour, local.minute, local.second, local.millisecond);
}

function isDistance(parts: chrono.ParsedComponents): boolean {
  return DISTANCES.some((tag) => parts.tags().has(tag));
}

/** "in 2 hours". Calculated on a day without a clock change in any zone. */
function atDistance({ text }: chrono.ParsedResult, { now, zone }: RepTime): ChronoResult {
  const [result] = chrono.parse(text, new Date(2026, 0, 14, 12), { forwardDate: true });
  const read = (part: chrono.Component) => result?.start.get(part) ?? 0;
  const then = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
  const at = now + then - Date.UTC(2026, 0, 14, 12);
  return { at, timed: true, wall: zoned(at, zone).toPlainDateTime(), skipped: false, offset: undefined };
}

function atWall({ text, start: parts }: chrono.ParsedResult, { now, zone }: RepTime): ChronoResult | undefined {
  const read = (part: chrono.Component) => parts.get(part) ?? 0;
  const timed = parts.isCertain('hour');
  const hasDate = parts.isCertain('day') || parts.isCertain('month') || parts.isCertain('year');
  const hasWeekday = parts.isCertain('weekday');
  // "December" is no day.
  if (hasDate && !parts.isCertain('day') && !parts.tags().has(SPAN)) return undefined;
  const offset = parts.isCertain('timezoneOffset') ? read('timezoneOffset') : undefined;
  // "3pm EST" names its own zone; everything else is in the rep's zone.
  const own = offset === undefined ? zone : offsetZone(offset);
  const day = { year: read('year'), month: read('month'), day: read('day') };
  const date =
    hasDate || hasWeekday ? Temporal.PlainDate.from(day, { overflow: 'reject' }) : zoned(now, own).toPlainDate();
  const clock = timed ? new Temporal.PlainTime(read('hour'), read('minute')) : Temporal.PlainTime.from(MORNING);
  let wall = date.toPlainDateTime(clock);
  // "Monday" on a Monday after nine, "3pm" at four: the next one.
  const mayMove = !hasDate && !/\bthis\b/i.test(text);
  if (mayMove && wall.toZonedDateTime(own).epochMilliseconds <= now) wall = wall.add({ days: hasWeekday ? 7 : 1 });
  const there = wall.toZonedDateTime(own);
  return { at: there.epochMilliseconds, timed, wall, skipped: !there.toPlainDateTime().equals(wall), offset };
}

/** `+05:30` */
function offsetZone(minutes: number): string {
  const of = (part: number) => String(Math.floor(part)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${of(Math.abs(minutes) / 60)}:${of(Math.abs(minutes) % 60)}`;
}

/** undefined: every word agrees with the result. */
export function doubtOf(text: string, found: ChronoResult, time: RepTime): Doubt | undefined {
  const { wall } = found;
  const otherZone = zoneDoubt(text, found, time);
  if (otherZone) return otherZone;
  const day = weekdaysIn(text).find(({ day }) => day !== wall.dayOfWeek);
  if (day) return contradiction(text, day.said);
  if (monthsIn(text).some(({ month }) => month !== wall.month)) return { what: 'not all read' };
  const relative = wrongDay(text, found, time);
  if (relative) return contradiction(text, relative);
  if (!accountsForNumbers(text, wall)) return { what: 'not all read' };
  return found.skipped ? { what: 'skipped' } : undefined;
}

function contradiction(text: string, said: string): Doubt {
  const against = text
    .replace(said, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s,]+|[\s,]+$/g, '');
  return { what: 'contradiction', said, against };
}

/** Days relative to the rep's today. */
function wrongDay(text: string, { wall }: ChronoResult, time: RepTime): string | undefined {
  const here = today(time);
  const [said] = /\b(?:tomorrow|today|tonight)\b/i.exec(text) ?? [];
  if (said === undefined) return undefined;
  const day = said.toLowerCase() === 'tomorrow' ? here.add({ days: 1 }) : here;
  return wall.toPlainDate().equals(day) ? undefined : said;
}

/** "in 3 days", "2 weeks from now". */
const SPANS = /\b(?:in )?\d+(?:\.\d+)? ?(?:min(?:ute)?s?|h(?:ou)?rs?|h|days?|weeks?|months?|years?)\b/gi;
/** `15:00+02:00`, `15:00 GMT-5`. */
const OFFSET = /(?<=\d:\d\d) ?(?:GMT|UTC)? ?[+-]\d{1,2}(?::?\d{2})?\b/i;

/** chrono ignores numbers that it cannot use. */
function accountsForNumbers(text: string, { year, month, day, hour, minute }: Temporal.PlainDateTime): boolean {
  const known = new Set([year, year % 100, month, day]);
  const time = timeIn(text);
  if (time !== undefined && time !== 'impossible') for (const part of [hour, minute]) known.add(part);
  const numbers = text.replace(OFFSET, ' ').replace(SPANS, ' ').match(/\d+/g) ?? [];
  return numbers.every((number) => known.has(Number(number)));
}

/** `Z`, `UTC` and offsets are clear. Letters ("CST") may mean the zone that people at home call so, or the rep's. */
function zoneDoubt(text: string, { at, wall, offset }: ChronoResult, { zone }: RepTime): Doubt | undefined {
  if (offset === undefined || OFFSET.test(text) || /\dZ\b|\bUTC\b/i.test(text)) return undefined;
  if (wall.toZonedDateTime(zone).epochMilliseconds === at) return undefined;
  const letters = /(?<=\d\d:\d\d) ?\(?[a-z]{1,5}\)?(?![a-z])/i;
  const without = text.replace(letters, '');
  return without === text ? { what: 'not all read' } : { what: 'zone', without };
}
