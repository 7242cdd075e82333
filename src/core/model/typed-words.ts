/**
 * Rewrite rules for words that chrono-node does not know or misreads: each replaces its words by a full date or time,
 * once for each reading. undefined: the text has none of its words.
 */
import { Temporal } from 'temporal-polyfill';
import { END_OF_DAY, firstWorkingDay, isWorkingDay, type RepTime, startOfWeek, zoned } from './time.ts';
import { NOT_UNDERSTOOD, type Rewrite, type TypedDate } from './typed-reading.ts';
import { clockTimes } from './typed-times.ts';

type Rule = (text: string, time: RepTime, read: (text: string) => TypedDate) => Rewrite | undefined;

/** The order matters: a rule relies on the ones before it. */
export const REWRITES: readonly Rule[] = [
  hourBeforeMonth,
  numericDate,
  impossibleDate,
  endOfPeriod,
  endOfDay,
  nextPeriod,
  vague,
  midnight,
  clockTimes,
];

const WEEKDAYS = 'mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?';
const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MONTHS =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** ISO weekdays of the names in a text. */
export function weekdaysIn(text: string): { said: string; day: number }[] {
  return [...text.matchAll(new RegExp(`\\b(?:${WEEKDAYS})\\b`, 'gi'))].map(([said]) => ({
    said,
    day: dayNumber(said),
  }));
}

export function monthsIn(text: string): { said: string; month: number }[] {
  const named = text.matchAll(new RegExp(`\\b(?:${MONTHS})\\b`, 'gi'));
  return [...named].map(([said]) => ({ said, month: MONTH_NAMES.indexOf(said.slice(0, 3).toLowerCase()) + 1 }));
}

function dayNumber(name: string): number {
  return DAY_NAMES.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

export function today({ now, zone }: RepTime): Temporal.PlainDate {
  return zoned(now, zone).toPlainDate();
}

/** `at 1 jan 26`: at one on the 26th of January, or on the 1st of January 2026? */
function hourBeforeMonth(text: string): Rewrite | undefined {
  const found = new RegExp(`\\bat (\\d{1,2}) (${MONTHS}) (\\d{2})(?![\\d:.]|\\s*[ap]\\.?m|st|nd|rd|th)`, 'i').exec(
    text,
  );
  if (!found) return undefined;
  const [said, number = '', month = '', other = ''] = found;
  return {
    texts: [text.replace(said, `${month} ${other} at ${number}`), text.replace(said, `${number} ${month} 20${other}`)],
  };
}

/** `5/12` is May to one rep and December to another. */
function numericDate(text: string, time: RepTime): Rewrite | undefined {
  const found = /(?<![\d:./-])(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d:./-]\d|\d|\s*[ap]\.?m)/i.exec(text);
  if (!found) return undefined;
  const [said, first = '', separator, second = '', year] = found;
  const [one, other] = [Number(first), Number(second)];
  // `15.30` is a time, `9-11` is neither a time nor a date.
  if (year === undefined && separator !== '/') return one <= 12 && other <= 12 ? NOT_UNDERSTOOD : undefined;
  const dates = [
    { month: other, day: one },
    { month: one, day: other },
  ].filter(({ month }, index) => month <= 12 && (index === 0 || one !== other));
  if (dates.length === 0) return { refused: 'no_such_date', said };
  return { texts: dates.map((date) => text.replace(said, inFull(date, year, time))) };
}

function inFull({ month, day }: { month: number; day: number }, typed: string | undefined, time: RepTime): string {
  const pad = (number: number) => String(number).padStart(2, '0');
  const { year } = today(time);
  const inYear = (which: number) => `${which}-${pad(month)}-${pad(day)}`;
  if (typed !== undefined) return inYear(Number(typed.length === 2 ? `20${typed}` : typed));
  return inYear(year) < today(time).toString() ? inYear(year + 1) : inYear(year);
}

/** chrono-node takes `2027-13-01` for the 13th of January. */
function impossibleDate(text: string, time: RepTime): Rewrite | undefined {
  const [iso, year, month, day] = /(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/.exec(text) ?? [];
  if (iso) return isDate(Number(year), Number(month), Number(day)) ? undefined : { refused: 'no_such_date', said: iso };
  const named = new RegExp(
    `\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${MONTHS})\\b(?:,? (\\d{4})\\b)?|\\b(${MONTHS}) (\\d{1,2})(?:st|nd|rd|th)?\\b(?![:.]\\d)(?:,? (\\d{4})\\b)?`,
    'i',
  ).exec(text);
  if (!named) return undefined;
  const [said, before, monthAfter, yearAfter, monthBefore, after, yearBefore] = named;
  const [name] = monthsIn(monthAfter ?? monthBefore ?? '');
  const written = yearAfter ?? yearBefore;
  // Without a year, the 29th of February exists in some year.
  const years = written === undefined ? [0, 1, 2, 3, 4].map((more) => today(time).year + more) : [Number(written)];
  const possible = years.some((each) => isDate(each, name?.month ?? 0, Number(before ?? after)));
  return possible ? undefined : { refused: 'no_such_date', said };
}

function isDate(year: number, month: number, day: number): boolean {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' }).year === year;
  } catch {
    return false;
  }
}

/** The end of the last working day of the week or month. */
function endOfPeriod(text: string, time: RepTime): Rewrite | undefined {
  const found = /\b(?:(eow|eom)|(?:the )?end of (?:the |this )?(next )?(week|month))\b/i.exec(text);
  if (!found) return undefined;
  const [said, short, next, long] = found;
  const more = next ? 2 : 1;
  const after =
    (long ?? (short?.toLowerCase() === 'eow' ? 'week' : 'month')).toLowerCase() === 'week'
      ? startOfWeek(time, more)
      : today(time).with({ day: 1 }).add({ months: more });
  let date = after.subtract({ days: 1 });
  while (!isWorkingDay(date, time)) date = date.subtract({ days: 1 });
  return { texts: [text.replace(said, `${date} ${END_OF_DAY}`)] };
}

function endOfDay(text: string): Rewrite | undefined {
  const found =
    /\b(?:eod|cob|close of business|(?:the )?end of (?:the |this |my )?(?:business |work(?:ing)? )?day|end of(?= (?:today|tomorrow)\b)|end of(?= (?:on )?(?:mon|tue|wed|thu|fri|sat|sun)))\b/i.exec(
      text,
    );
  if (!found) return undefined;
  const rest = text.replace(found[0], ' ').replace(FILLERS, '');
  // Alone it means today, even if today's end is over.
  return {
    texts: [`${rest === '' ? 'today' : text.replace(found[0], ' ')} ${END_OF_DAY}`.replace(/\s+/g, ' ').trim()],
  };
}

/** Words without a meaning of their own. */
export const FILLERS = /\b(on|at|by|the|until|till|in|of)\b|[\s,.;:–-]+/gi;

/** As in the presets: the first working day. A weekday with `next` is in next week. */
function nextPeriod(text: string, time: RepTime): Rewrite | undefined {
  const [overmorrow] = /\b(?:the )?day after tomorrow\b/i.exec(text) ?? [];
  if (overmorrow) return { texts: [text.replace(overmorrow, today(time).add({ days: 2 }).toString())] };
  const day = `(${WEEKDAYS})`;
  const found = new RegExp(
    `\\b(?:${day},? (?:of |in )?next week|next week,? (?:on )?${day}|next ${day}|next (week|month))\\b`,
    'i',
  ).exec(text);
  if (!found) return undefined;
  const [said, before, after, alone, period] = found;
  const named = before ?? after ?? alone;
  const week = startOfWeek(time, 1);
  const date = named
    ? week.add({ days: (dayNumber(named) - week.dayOfWeek + 7) % 7 })
    : firstWorkingDay(period?.toLowerCase() === 'month' ? today(time).with({ day: 1 }).add({ months: 1 }) : week, time);
  return { texts: [text.replace(said, date.toString())] };
}

/** Vague words, for which chrono-node would choose a number. */
function vague(text: string): Rewrite | undefined {
  if (/\b(?:last|ago|yesterday)\b/i.test(text)) return { refused: 'past' };
  const unclear = /\b(?:week-?ends?|few|several|couple|some|(?:this|next) (?:week|month|year|quarter))\b/i;
  return unclear.test(text) ? NOT_UNDERSTOOD : undefined;
}

/** Without a day it is the coming midnight. With a day, it may be the beginning or the end of that day. */
function midnight(text: string, time: RepTime, read: (text: string) => TypedDate): Rewrite | undefined {
  const word = /\b(?:12 )?midnight\b/i;
  if (!word.test(text)) return undefined;
  const rest = text
    .replace(word, ' ')
    .replace(/\b(?:at|on|the)\b|[,.]/gi, ' ')
    .trim()
    .replace(/\s+/g, ' ');
  const tomorrow = today(time).add({ days: 1 });
  if (/^(?:tonight|today|this night)?$/i.test(rest)) return { texts: [`${tomorrow} 00:00`] };
  const isNight = /\bnight$/i.test(rest);
  const day = read(rest.replace(/ ?\bnight$/i, ''));
  if (!('at' in day)) return day;
  if (day.timed) return NOT_UNDERSTOOD;
  const date = zoned(day.at, time.zone).toPlainDate();
  // On a Friday, "Friday" may be today too.
  const isToday = weekdaysIn(rest).some((named) => named.day === today(time).dayOfWeek) && !/\d/.test(rest);
  const starts = isToday && !date.equals(today(time)) ? [today(time), date] : [date];
  const ends = starts.map((start) => `${start.add({ days: 1 })} 00:00`);
  return { texts: isNight ? ends : [...starts.map((start) => `${start} 00:00`), ...ends] };
}
