/** Text from outside, made fit for Slack; and times in words. */
import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../src/core/model/keys.ts';
import type { Deal, Task } from '../src/core/model/task.ts';
import { readable } from '../src/core/model/text.ts';
import { clockIn, dateIn } from './conventions.ts';
import { amountText } from './money.ts';

export interface Reader {
  now: Instant;
  /** IANA zone of the rep. */
  zone: string;
  /** The rep's locale in Slack: the clock and the order of day and month follow it. */
  locale?: string | undefined;
}

/** All that showing an instant needs. */
type Place = Omit<Reader, 'now'>;

/**
 * One line of mrkdwn that Slack shows as the text was written. Text that does not fit ends with an ellipsis; `max` counts the
 * escaped result, so a budget always holds. `''` when nothing in it can be read.
 */
export function mrkdwn(text: string, max: number): string {
  if (PLAIN.test(text)) return shortenPlain(text, max);
  return shorten(withoutMarks(withoutEmojiCodes(readable(text))), max, escapeMrkdwn);
}

/**
 * The same with its line breaks; more than one empty line becomes one. `missing`: how many characters did not fit.
 */
export function mrkdwnLines(text: string, max: number): { text: string; missing: number } {
  const lines = text.split(/\r\n?|\n/).map((line) => withoutMarks(withoutEmojiCodes(readable(line))));
  const whole = lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  let result = '';
  let shown = 0;
  const characters = [...whole];
  for (const character of characters) {
    const encoded = escapeMrkdwn(character);
    if (result.length + encoded.length > max) break;
    result += encoded;
    shown += 1;
  }
  return { text: result.trimEnd(), missing: characters.length - shown };
}

/** In plain_text objects nothing is escaped, but Slack still makes emoji of `:codes:`. */
export function plainText(text: string, max: number): string {
  if (PLAIN.test(text)) return shortenPlain(text, max);
  return shorten(withoutEmojiCodes(readable(text)), max, (character) => character);
}

/**
 * Words of ASCII with single blanks between them, and no character that means something to Slack: most names and titles are such
 * texts, and the rules below would change nothing in them.
 */
const PLAIN = /^[!-%'()+-9;=?-^a-}]+(?: [!-%'()+-9;=?-^a-}]+)*$/;

function shortenPlain(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, Math.max(0, max - 1)).trimEnd()}…`;
}

/** A look-alike replaces the colon that begins an emoji code. */
function withoutEmojiCodes(text: string): string {
  return text.replace(/:(?=[\p{L}\p{N}_+'-]{1,100}:)/gu, '\ua789');
}

/** Underscores at the edge of a word make italics, `>` at the beginning a quotation. Look-alikes do not. */
function withoutMarks(text: string): string {
  return text
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\u02cd')
    .replace(/^>+/, (marks) => '\u203a'.repeat(marks.length));
}

function escapeMrkdwn(character: string): string {
  if (character === '&') return '&amp;';
  if (character === '<') return '&lt;';
  if (character === '>') return '&gt;';
  // These would end our own bold and strike-through. Look-alikes do not.
  if (character === '*') return '∗';
  if (character === '~') return '∼';
  if (character === '`') return 'ˋ';
  return character;
}

function shorten(text: string, max: number, encode: (character: string) => string): string {
  let result = '';
  let lastThatLeavesRoom = '';
  for (const character of text) {
    result += encode(character);
    if (result.length > max) return `${lastThatLeavesRoom.trimEnd()}…`;
    if (result.length <= max - 1) lastThatLeavesRoom = result;
  }
  return result;
}

/** The person or account that a task is about, unless no name can be read. */
export function subjectOf({ contact, account }: Pick<Task, 'contact' | 'account'>): Task['account'] {
  return [contact, account].find((subject) => subject !== undefined && readable(subject.name) !== '');
}

export function titleText(task: Pick<Task, 'title'>, max = 140): string {
  return mrkdwn(task.title, max) || 'Task without a title';
}

/** `Dana Okonjo: Discovery call` */
export function whoAndWhat(task: Pick<Task, 'title' | 'contact' | 'account'>, between: string, max = 140): string {
  const subject = subjectOf(task);
  return subject ? `${mrkdwn(subject.name, 80)}${between}${titleText(task, max)}` : titleText(task, max);
}

const URL_MAX = 300;

/** Only the text if the URL is unusable. A URL that does not fit is dropped, never cut. */
export function anchor(url: string | undefined, text: string): string {
  const parsed = url && text !== '' ? URL.parse(url) : null;
  if (!parsed) return text;
  const { href, protocol } = parsed;
  if (protocol !== 'https:' && protocol !== 'http:') return text;
  const safe = href.replaceAll('|', '%7C').replaceAll('&', '&amp;').replaceAll('<', '%3C').replaceAll('>', '%3E');
  return safe.length > URL_MAX ? text : `<${safe}|${text}>`;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const LONG_WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LONG_MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

type LocalTime = Pick<Temporal.ZonedDateTime, 'year' | 'month' | 'day' | 'dayOfWeek' | 'hour' | 'minute' | 'offset'> & {
  /** Calendar days since 1970. */
  date: number;
};

/** By zone. A message is rendered again and again with the same due times, and arithmetic with zones is slow. */
const known = new Map<string, Map<Instant, LocalTime>>();
let countKnown = 0;
const MOST_KNOWN = 5_000;
const DAY_MS = 86_400_000;

function local(at: Instant, zone: string): LocalTime {
  const before = known.get(zone)?.get(at);
  if (before) return before;
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const { year, month, day, dayOfWeek, hour, minute, offset } = zoned;
  // `Date.UTC` would take the years 0 to 99 for those of a century ago.
  const date = new Date(0).setUTCFullYear(year, month - 1, day) / DAY_MS;
  const time = { year, month, day, dayOfWeek, hour, minute, offset, date };
  remember(zone, at, time);
  return time;
}

function remember(zone: string, at: Instant, time: LocalTime): void {
  if (countKnown >= MOST_KNOWN) {
    known.clear();
    countKnown = 0;
  }
  const there = known.get(zone) ?? new Map<Instant, LocalTime>();
  known.set(zone, there.set(at, time));
  countKnown += 1;
}

/** `15:00` or `3:00 PM` */
export function clockTime(at: Instant, { zone, locale }: Place): string {
  return clockIn(locale, local(at, zone));
}

/** The clocks of the two zones show different times now. */
export function zonesDiffer(zone: string, reader: Reader): boolean {
  return local(reader.now, zone).offset !== local(reader.now, reader.zone).offset;
}

/** A zone that is only an offset says from what: `UTC-05:00`. */
export function zoneName(zone: string): string {
  return /^[+-]/.test(zone) ? `UTC${zone}` : zone;
}

export function sameDay(one: Instant, other: Instant, zone: string): boolean {
  return local(one, zone).date === local(other, zone).date;
}

/** `Fri 20 Nov, 15:00` or `Fri, Nov 20, 3:00 PM`; with the year when it is not this one. */
export function exactTime(at: Instant, reader: Reader): string {
  const date = dateIn(reader.locale, { weekday: weekday(at, reader.zone, 'short'), ...datePartsOf(at, reader) });
  return `${date}, ${clockTime(at, reader)}`;
}

/** `09:12` of today, else with its day. */
export function momentOf(at: Instant, reader: Reader): string {
  return sameDay(at, reader.now, reader.zone) ? clockTime(at, reader) : exactTime(at, reader);
}

/** `20 Nov` or `Nov 20`; with the year when it is not this one. */
export function dayAndMonth(at: Instant, reader: Reader): string {
  return dateIn(reader.locale, datePartsOf(at, reader));
}

function datePartsOf(at: Instant, { now, zone }: Reader) {
  const { day, month, year } = local(at, zone);
  return { day, month: MONTHS[month - 1], year: year === local(now, zone).year ? undefined : year };
}

/** `Fri 20 Nov` or `Fri, Nov 20`: for days so near that nobody asks for the year. */
export function shortDate(at: Instant, { zone, locale }: Place): string {
  const { day, month } = local(at, zone);
  return dateIn(locale, { weekday: weekday(at, zone, 'short'), day, month: MONTHS[month - 1] });
}

/** `Fri` or `Friday`. */
export function weekday(at: Instant, zone: string, form: 'short' | 'long'): string {
  return (form === 'short' ? WEEKDAYS : LONG_WEEKDAYS)[local(at, zone).dayOfWeek - 1] ?? '';
}

/** Calendar days from today: 1 is tomorrow. */
export function daysAhead(at: Instant, now: Instant, zone: string): number {
  return local(at, zone).date - local(now, zone).date;
}

/** `Monday 23 November` or `Monday, November 23`, from `YYYY-MM-DD`. */
export function longDate(date: string, { locale }: Pick<Reader, 'locale'>): string {
  const { dayOfWeek, day, month } = Temporal.PlainDate.from(date);
  return dateIn(locale, { weekday: LONG_WEEKDAYS[dayOfWeek - 1], day, month: LONG_MONTHS[month - 1] });
}

/** `3 hours`, `2 days`: the one unit that a person would use. Days are calendar days. */
export function distance(at: Instant, { now, zone }: Reader): string {
  const days = Math.abs(daysAhead(at, now, zone));
  const minutes = Math.round(Math.abs(at - now) / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return count(minutes, 'minute');
  if (days === 0 || minutes < 12 * 60) return count(Math.round(minutes / 60), 'hour');
  if (days < 14) return count(days, 'day');
  if (days < 60) return count(Math.round(days / 7), 'week');
  return count(Math.round(days / 30), 'month');
}

export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}

/** `1 person`, `12 people` */
export function peopleCount(number: number): string {
  return number === 1 ? '1 person' : `${number.toLocaleString('en-US')} people`;
}

/** `Negotiation, $48,000` */
export function dealText({ name, stage, amount, currency }: Deal): string {
  const money = amount && amountText(amount, currency);
  return [stage ?? name, money].filter((part) => part !== undefined && part !== '').join(', ');
}

/** Slack shows the name. */
export function mention(userId: string): string {
  return `<@${mrkdwn(userId, 40)}>`;
}
