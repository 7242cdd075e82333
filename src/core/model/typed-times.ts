/** The time of day in a typed date: bare hours, am and pm, and the part of the day that stands beside them. */
import { NOT_UNDERSTOOD, type Rewrite } from './typed-reading.ts';

/** The day of a date, not an hour: `at 5th`, `at 5 dec`; but `at 5 thursday` is an hour. */
const DAY_OF_MONTH = '(?:(?:st|nd|rd|th)\\b|\\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))';

/** `15:00`, `3.30 pm`; `3pm`; `at 5`, `5 o'clock`, `5 in the evening`. */
const TIMES = [
  /(?<![\d:.+-])(?<hour>\d{1,2})[:.](?<minute>\d{2})(?![\d:.]*\d)(?:\s*(?<half>[ap])\.?m\b\.?)?/i,
  /(?<![\d:.+-])(?<hour>\d{1,2})\s*(?<half>[ap])\.?m\b\.?/i,
  new RegExp(`(?:\\bat|@)\\s*(?<hour>\\d{1,2})(?![\\d:.-]*\\d|${DAY_OF_MONTH})(?:\\s*o.?clock)?`, 'i'),
  /(?<![\d:.+-])(?<hour>\d{1,2})(?:\s*o.?clock|(?= in the (?:morning|afternoon|evening)\b))/i,
];

/** First and last hour. Hour 24 is the midnight that ends the day. */
const PARTS: Record<string, readonly [number, number]> = {
  morning: [0, 11],
  afternoon: [12, 18],
  evening: [17, 23],
  night: [18, 24],
};
const PART = /\b(?<which>this |in the |at )?(?<part>morning|afternoon|evening|tonight|night)\b/i;

/** The hour if none is given. */
const USUAL: Record<string, string> = {
  morning: '09:00',
  afternoon: '15:00',
  evening: '20:00',
  night: '20:00',
  tonight: '22:00',
};

/** Up to seven, an hour without am or pm may be in the morning or the evening. */
const LAST_UNCLEAR_HOUR = 7;

interface Time {
  said: string;
  /** Its index in the text. */
  index: number;
  /** Possible hours of the 24-hour clock. */
  hours: readonly number[];
  minute: number;
  /** Without am, pm or a leading zero: the part of the day may add twelve hours. */
  bare: boolean;
}

/** Rewrites every time to `HH:MM`, once for each possible hour. */
export function clockTimes(text: string): Rewrite | undefined {
  const noon = /\b(?:12 )?(?:noon|midday)\b/i.exec(text);
  if (noon) return { texts: [text.replace(noon[0], '12:00')] };
  const time = timeIn(text);
  const part = PART.exec(text);
  if (time === undefined) return part?.groups ? partAlone(text, part[0], part.groups) : undefined;
  if (time === 'impossible') return NOT_UNDERSTOOD;
  if (part?.groups?.part) return inPart(text, time, part[0], part.groups);
  const plain = time.hours.map((hour) => withTime(text, time, clock(hour, time.minute)));
  return plain[0] === text ? undefined : { texts: plain };
}

export function timeIn(text: string): Time | 'impossible' | undefined {
  const found = TIMES.map((form) => form.exec(text)).find((match) => match !== null);
  if (!found?.groups) return undefined;
  const { hour: digits = '', minute: minutes = '0', half } = found.groups;
  const [hour, minute] = [Number(digits), Number(minutes)];
  if (minute > 59 || hour > 23 || (half !== undefined && (hour < 1 || hour > 12))) return 'impossible';
  const said = found[0].replace(/^(?:at|@)\s*/i, '');
  const index = found.index + found[0].length - said.length;
  if (half !== undefined) {
    return { said, index, hours: [(hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)], minute, bare: false };
  }
  const bare = hour > 0 && hour <= 12 && !digits.startsWith('0');
  return { said, index, hours: bare && hour <= LAST_UNCLEAR_HOUR ? [hour, hour + 12] : [hour], minute, bare };
}

/** A date without a time is the morning already. */
function partAlone(text: string, words: string, { which = '', part = '' }: Record<string, string>): Rewrite {
  const name = part.toLowerCase();
  const day = text
    .replace(words, isOfToday(name, which) ? 'today' : ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const hour = USUAL[name] ?? '';
  return { texts: [name === 'morning' && day !== '' ? day : `${day} ${hour}`.trim()] };
}

function isOfToday(part: string, which: string): boolean {
  return part === 'tonight' || which.toLowerCase() === 'this ';
}

/** The part of the day decides between am and pm; then its words are removed. */
function inPart(text: string, time: Time, words: string, { which = '', part = '' }: Record<string, string>): Rewrite {
  const { said, hours, minute, bare } = time;
  const name = part.toLowerCase();
  const [from, to] = PARTS[name === 'tonight' ? 'night' : name] ?? [0, 0];
  const possible = bare ? [Number(hours[0]), Number(hours[0]) + 12] : hours;
  // Half past midnight is on no evening: of which day it is has to be asked.
  const last = minute === 0 ? to : Math.min(to, 23);
  const fitting = possible.filter((hour) => hour >= from && hour <= last);
  const isToday = isOfToday(name, which);
  const at = (hour: number) => (hour < 24 ? clock(hour, minute) : 'midnight');
  const without = (instead: string, hour: number) =>
    withTime(text, time, at(hour)).replace(words, instead).replace(/\s+/g, ' ').trim();
  if (fitting.length > 0) return { texts: fitting.map((hour) => without(isToday ? 'today' : ' ', hour)) };
  const contradicts = { said: words.trim(), against: said.trim() };
  return { contradicts, texts: hours.map((hour) => without(' ', hour)) };
}

function withTime(text: string, { said, index }: Time, instead: string): string {
  return `${text.slice(0, index)}${instead}${text.slice(index + said.length)}`;
}

function clock(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
