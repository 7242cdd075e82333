/** Clocks and dates by the reader's locale. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { LONGEST_LOCALE } from '../../blocks/rows-that-fit.ts';
import { clockTime, dayAndMonth, exactTime, longDate, momentOf, shortDate } from '../../blocks/text.ts';
import { wallTime } from '../core/model/wall-clock.ts';
import { DAY, NOW, READER } from './fixtures.ts';

const in_ = (locale: string | undefined) => ({ ...READER, locale });
const AFTERNOON = Date.parse('2026-11-20T15:05:00-05:00');
const NEXT_YEAR = Date.parse('2027-01-04T00:30:00-05:00');

/** Locale, a time of this year, one of another, and `YYYY-MM-DD` in words. */
const WRITTEN = [
  ['en-US', 'Fri, Nov 20, 3:05 PM', 'Mon, Jan 4, 2027, 12:30 AM', 'Monday, November 23'],
  ['en-CA', 'Fri, Nov 20, 3:05 PM', 'Mon, Jan 4, 2027, 12:30 AM', 'Monday, November 23'],
  ['en-AU', 'Fri 20 Nov, 3:05 PM', 'Mon 4 Jan 2027, 12:30 AM', 'Monday 23 November'],
  ['en-IN', 'Fri 20 Nov, 3:05 PM', 'Mon 4 Jan 2027, 12:30 AM', 'Monday 23 November'],
  ['en-GB', 'Fri 20 Nov, 15:05', 'Mon 4 Jan 2027, 00:30', 'Monday 23 November'],
  ['de-DE', 'Fri 20 Nov, 15:05', 'Mon 4 Jan 2027, 00:30', 'Monday 23 November'],
  // Its dates in figures begin with the year, those in letters with the day.
  ['sv-SE', 'Fri 20 Nov, 15:05', 'Mon 4 Jan 2027, 00:30', 'Monday 23 November'],
  // Slack has this one for Latin America.
  ['es-LA', 'Fri 20 Nov, 15:05', 'Mon 4 Jan 2027, 00:30', 'Monday 23 November'],
  ['ja-JP', 'Fri, Nov 20, 15:05', 'Mon, Jan 4, 2027, 00:30', 'Monday, November 23'],
  ['hu-HU', 'Fri, Nov 20, 15:05', 'Mon, Jan 4, 2027, 00:30', 'Monday, November 23'],
  ['ko-KR', 'Fri, Nov 20, 3:05 PM', 'Mon, Jan 4, 2027, 12:30 AM', 'Monday, November 23'],
] as const;
const USUAL = ['Fri 20 Nov, 15:05', 'Mon 4 Jan 2027, 00:30', 'Monday 23 November'] as const;
const UNUSABLE = [undefined, '', 'xx-XX', 'xx', 'en_US', 'no such locale', 'en-', '-', '\u0000', 'e'.repeat(5_000)];

describe('a time is written by the clock and the order of the locale', () => {
  test.each([...WRITTEN, ...UNUSABLE.map((locale) => [locale, ...USUAL] as const)])(
    '%j',
    (locale, one, other, long) => {
      expect(exactTime(AFTERNOON, in_(locale))).toBe(one);
      expect(exactTime(NEXT_YEAR, in_(locale))).toBe(other);
      expect(longDate('2026-11-23', in_(locale))).toBe(long);
      // The parts are written as the whole is.
      expect(clockTime(AFTERNOON, in_(locale))).toBe(one.split(', ').at(-1));
      expect(shortDate(AFTERNOON, in_(locale))).toBe(one.replace(/, \d+:.*/, ''));
      expect(dayAndMonth(AFTERNOON, in_(locale))).toBe(one.replace(/^\w+,? /, '').replace(/, \d+:.*/, ''));
      expect(dayAndMonth(NEXT_YEAR, in_(locale))).toBe(other.replace(/^\w+,? /, '').replace(/, \d+:.*/, ''));
    },
  );
});

test.each([
  ['2026-11-23T00:00', '12:00 AM'],
  ['2026-11-23T00:59', '12:59 AM'],
  ['2026-11-23T01:00', '1:00 AM'],
  ['2026-11-23T11:59', '11:59 AM'],
  ['2026-11-23T12:00', '12:00 PM'],
  ['2026-11-23T13:07', '1:07 PM'],
  ['2026-11-23T23:59', '11:59 PM'],
])('%s on a clock of twelve hours is %s', (local, said) => {
  expect(clockTime(Date.parse(`${local}:00-05:00`), in_('en-US'))).toBe(said);
});

test('what is of today has its clock alone, whichever clock it is', () => {
  expect(momentOf(NOW, in_('en-US'))).toBe('9:00 AM');
  expect(momentOf(NOW, in_('en-GB'))).toBe('09:00');
  expect(momentOf(NOW - DAY, in_('en-US'))).toBe('Sun, Nov 22, 9:00 AM');
});

/** The hour that a clock of either kind shows. */
function hourOf(text: string): number {
  const [, hour, half] = /^(\d{1,2}):\d\d(?: ([AP]M))?$/.exec(text) ?? [];
  if (hour === undefined) throw new Error(`${text} is no clock`);
  if (half === undefined) return Number(hour);
  return (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
}

const LOCALES = [
  ...WRITTEN.map(([locale]) => locale),
  ...'en-ZA en-NZ en-IE fr-FR fr-CA it-IT es-ES es-MX pt-BR zh-CN zh-TW hi-IN ar-EG fa-IR th-TH he-IL lt-LT'.split(' '),
  ...[
    'en-US-u-hc-h23',
    'en-GB-u-hc-h12',
    'ja-JP-u-hc-h11',
    'de-u-hc-h24',
    'fa-AF',
    'fa-IR-u-ca-persian',
    'ar-u-nu-arab',
  ],
  'xx-XX',
  '',
];

const anyLocale = fc.constantFrom(...LOCALES);
const anyZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const anyTime = fc.integer({ min: Date.parse('1971-01-01'), max: Date.parse('2099-12-31') });

test('in every locale and zone, what is shown is read back as the same minute of the same day', () => {
  fc.assert(
    fc.property(anyLocale, anyZone, anyTime, anyTime, (locale, zone, at, now) => {
      const reader = { now, zone, locale };
      const wall = wallTime(at, zone);
      const shown = exactTime(at, reader);
      const clock = clockTime(at, reader);

      const time = `${String(hourOf(clock)).padStart(2, '0')}:${/:(\d\d)/.exec(clock)?.[1]}`;
      expect(time).toBe(wall.time);
      expect(shown.endsWith(`, ${clock}`)).toBe(true);
      const year = /\d{4}/.exec(shown)?.[0] ?? wallTime(now, zone).date.slice(0, 4);
      const dated = shown.slice(3, -clock.length);
      const read = new Date(`${/[A-Z][a-z]+/.exec(dated)?.[0]} ${/\b\d{1,2}\b/.exec(dated)?.[0]}, ${year} UTC`);
      expect(read.toISOString().slice(0, 10)).toBe(wall.date);
      // Rows are counted with it.
      expect(shown.length).toBeLessThanOrEqual(exactTime(at, { ...reader, locale: LONGEST_LOCALE }).length);
      expect(shown.slice(0, 3)).toBe(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][wall.weekday - 1]);
    }),
    { numRuns: 1_000 },
  );
});

test('the clock is the one that Intl gives, and so is the order of day and month', () => {
  for (const locale of LOCALES.filter((each) => !['', 'xx-XX'].includes(each))) {
    const intl = new Intl.DateTimeFormat(locale, {
      timeStyle: 'short',
      timeZone: READER.zone,
      numberingSystem: 'latn',
    });
    const isTwelve = !intl.format(AFTERNOON).includes('15');
    const order = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', calendar: 'gregory' })
      .formatToParts(AFTERNOON)
      .flatMap(({ type }) => (type === 'day' || type === 'month' ? [type] : []));

    expect([locale, /[AP]M$/.test(clockTime(AFTERNOON, in_(locale)))]).toEqual([locale, isTwelve]);
    expect([locale, /^\w+, [A-Z]/.test(exactTime(AFTERNOON, in_(locale)))]).toEqual([locale, order[0] === 'month']);
  }
});

test('Intl is asked once for each locale, and thousands of locales leave no trace', () => {
  const asked = vi.spyOn(Intl, 'DateTimeFormat');

  for (let time = 0; time < 50; time += 1) clockTime(AFTERNOON, in_('nl-BE'));
  const calls = asked.mock.calls.filter(([locale]) => locale === 'nl-BE').length;
  for (let index = 0; index < 2_000; index += 1) clockTime(AFTERNOON, in_(`en-x-${index}`));

  expect(calls).toBe(2);
  // It was dropped meanwhile.
  clockTime(AFTERNOON, in_('nl-BE'));
  expect(asked.mock.calls.filter(([locale]) => locale === 'nl-BE').length).toBe(4);
  asked.mockRestore();
});
