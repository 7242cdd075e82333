import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant } from '../../../src/core/model/keys.ts';
import type { RepTime } from '../../../src/core/model/time.ts';
import { parseTypedDate } from '../../../src/core/model/typed-date.ts';
import { wallTime } from './wall-clock.ts';

const NEW_YORK = 'America/New_York';
const ZONES = Intl.supportedValuesOf('timeZone');

/** 09:30 on a Monday, by the clock of each zone. */
function mondayIn(zone: string): Instant {
  const utc = Date.parse('2026-11-23T09:30:00Z');
  const offset = Date.parse(`${wallTime(utc, zone).date}T${wallTime(utc, zone).time}:00Z`) - utc;
  return utc - offset;
}

function read(text: string, zone = NEW_YORK, now = mondayIn(zone), days: readonly number[] = []): string {
  const result = parseTypedDate(text, { now, zone, days });
  if ('refused' in result) return result.refused;
  const { date, time } = wallTime(result.at, zone);
  return `${date} ${time}`;
}

const IN_FULL = /^\d{4}-\d\d-\d\d \d\d:\d\d(?: GMT[+-]\d\d:\d\d)?$/;

/** What it is refused for, and what is said to be typed instead. */
function asked(text: string, more: Partial<RepTime> = {}): string[] {
  const zone = more.zone ?? NEW_YORK;
  const result = parseTypedDate(text, { now: mondayIn(zone), zone, days: [1, 2, 3, 4, 5], ...more });
  if ('at' in result) return ['accepted', new Date(result.at).toISOString()];
  return [result.refused, ...('readings' in result ? result.readings.map(({ type }) => type) : [])];
}

const UNDERSTOOD: [text: string, wall: string][] = [
  ['2026-12-01 15:00', '2026-12-01 15:00'],
  ['2026-12-01T15:00', '2026-12-01 15:00'],
  ['2026-12-01', '2026-12-01 09:00'],
  ['tomorrow', '2026-11-24 09:00'],
  ['tomorrow at 3pm', '2026-11-24 15:00'],
  ['Tomorrow, at 3 PM.', '2026-11-24 15:00'],
  ['tomorrow 15.30', '2026-11-24 15:30'],
  ['tomorrow at noon', '2026-11-24 12:00'],
  ['tomorrow morning', '2026-11-24 09:00'],
  ['tomorrow afternoon', '2026-11-24 15:00'],
  ['tomorrow evening', '2026-11-24 20:00'],
  ['this afternoon', '2026-11-23 15:00'],
  ['tonight', '2026-11-23 22:00'],
  ['the day after tomorrow', '2026-11-25 09:00'],
  ['the day after tomorrow at 8:15', '2026-11-25 08:15'],
  ['Tuesday', '2026-11-24 09:00'],
  ['on Friday at 10:30', '2026-11-27 10:30'],
  ['next Tuesday 10:30', '2026-12-01 10:30'],
  ['Monday', '2026-11-30 09:00'],
  ['monday 8am', '2026-11-30 08:00'],
  ['monday 10am', '2026-11-23 10:00'],
  ['next week', '2026-11-30 09:00'],
  ['in 3 days', '2026-11-26 09:00'],
  ['3pm', '2026-11-23 15:00'],
  ['8am', '2026-11-24 08:00'],
  ['9:30', '2026-11-24 09:30'],
  ['midnight', '2026-11-24 00:00'],
  ['today at 5pm', '2026-11-23 17:00'],
  ['1 Dec', '2026-12-01 09:00'],
  ['Dec 1 at 15:00', '2026-12-01 15:00'],
  ['1 March', '2027-03-01 09:00'],
  ['until 2026-12-01', '2026-12-01 09:00'],
  ['in 2 hours', '2026-11-23 11:30'],
  ['in 5 minutes', '2026-11-23 09:35'],
  ['in half an hour', '2026-11-23 10:00'],
  // The part of the day says which hour.
  ['tonight at midnight', '2026-11-24 00:00'],
  ['today night at 12', '2026-11-24 00:00'],
  ['tonight at 12', '2026-11-24 00:00'],
  ['tomorrow night at midnight', '2026-11-25 00:00'],
  ['tonight at 9', '2026-11-23 21:00'],
  ['this evening at 8', '2026-11-23 20:00'],
  ['tomorrow morning at 5', '2026-11-24 05:00'],
  ['tomorrow at 5 in the afternoon', '2026-11-24 17:00'],
  ['5 in the evening', '2026-11-23 17:00'],
  ['tomorrow 05:00', '2026-11-24 05:00'],
  ['tomorrow at 8', '2026-11-24 08:00'],
  ['12:30am tomorrow', '2026-11-24 00:30'],
];

describe.each([NEW_YORK, 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Apia', 'Pacific/Honolulu'])('in %s', (zone) => {
  test.each(UNDERSTOOD)('%j is %s by the clock on the wall', (text, wall) => {
    expect(read(text, zone)).toBe(wall);
  });
});

test.each([
  '',
  '   ',
  '\u0000',
  'soon',
  'call Dana tomorrow',
  'tomorrow please',
  'tomorrow or Friday',
  'tomorrow to Friday',
  '9-11',
  '2026',
  '0',
  '25:00',
  'tomorrow at 25:00',
  '__proto__',
  'constructor',
  'in 999999 years',
  '<script>tomorrow</script>',
  // Too vague to act on.
  'weekend',
  'this week',
  'next year',
  'in a few days',
  'December',
  'the 5th',
  'half past 5',
  'in 2 hours at 5pm',
  '5.12',
])('%j is not understood', (text) => {
  expect(read(text)).toBe('not_understood');
});

test.each([
  'yesterday',
  'today',
  'now',
  '2026-11-22',
  '2026-11-23 09:30',
  'last Monday',
  '2 days ago',
  '1999-01-01',
  'this morning',
])('%j is in the past', (text) => {
  expect(read(text)).toBe('past');
});

test.each([
  ['2026-12-01 15:00 UTC', '2026-12-01 16:00'],
  ['2026-12-01T15:00Z', '2026-12-01 16:00'],
  ['tomorrow 10:00 GMT+5', '2026-11-24 06:00'],
])('%s names its own zone: in Berlin it is %s', (text, wall) => {
  expect(read(text, 'Europe/Berlin')).toBe(wall);
});

test.each([
  ['tomorrow at 3pm', true],
  ['tomorrow afternoon', true],
  ['in 2 hours', true],
  ['tomorrow', false],
  ['Friday', false],
  ['2026-12-01', false],
  ['in 3 days', false],
] as const)('%j names a time of day: %s', (text, timed) => {
  expect(parseTypedDate(text, { now: mondayIn(NEW_YORK), zone: NEW_YORK, days: [] })).toMatchObject({ timed });
});

describe('where the clock changes', () => {
  const eve = Date.parse('2026-03-07T20:00:00-05:00');

  test('a day later is the same time of day, and hours are hours', () => {
    expect(read('tomorrow at 3pm', NEW_YORK, eve)).toBe('2026-03-08 15:00');
    expect(read('in 8 hours', NEW_YORK, eve)).toBe('2026-03-08 05:00');
  });

  test('a time that the clock skips is asked about, with the one that it shows', () => {
    expect(asked('tomorrow 2:30am', { now: eve })).toEqual(['no_such_time', '2026-03-08 03:30']);
    expect(read('2026-03-08 03:30', NEW_YORK, eve)).toBe('2026-03-08 03:30');
  });

  test('a time that the clock repeats is the first', () => {
    const result = parseTypedDate('2026-11-01 01:30', { now: eve, zone: NEW_YORK, days: [] });

    expect(result).toMatchObject({ at: Date.parse('2026-11-01T01:30:00-04:00') });
  });
});

test('whatever is typed, wherever and whenever: a later moment, or a refusal', () => {
  const word = fc.constantFrom(
    ...'next last this in at on until today tomorrow tonight yesterday now noon midnight morning evening Monday friday week'.split(
      ' ',
    ),
    ...'month year day days hours minutes ago from after 3pm 15:00 9 2026-12-01 2026-03-29 1/2/2027 Dec EST UTC 02:30 a half'.split(
      ' ',
    ),
  );
  const typed = fc.oneof(
    fc.array(word, { maxLength: 5 }).map((words) => words.join(' ')),
    fc.string({ maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  const when = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2028-01-01') });
  fc.assert(
    fc.property(typed, fc.constantFrom(...ZONES), when, (text, zone, now) => {
      const result = parseTypedDate(text, { now, zone, days: [] });

      if ('at' in result) {
        expect(Number.isSafeInteger(result.at)).toBe(true);
        expect(result.at).toBeGreaterThan(now);
      } else if ('readings' in result) for (const { type } of result.readings) expect(type).toMatch(IN_FULL);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['31/12/2026', '2026-12-31 09:00'],
  ['2027-05-12 15:00', '2027-05-12 15:00'],
  ['Wed 5/12', '2027-05-12 09:00'],
])('%s can be only one', (text, wall) => {
  expect(read(text, 'Europe/Berlin')).toBe(wall);
});

describe('what contradicts itself is refused, with what remains', () => {
  test.each([
    ['Thu 1 Dec 2026', '2026-12-01 09:00'],
    ['Friday, December 1 at 10:30', '2026-12-01 10:30'],
    ['Monday 2026-12-01 15:00', '2026-12-01 15:00'],
    ['wednesday tomorrow', '2026-11-24 09:00'],
    ['tomorrow morning at 15:00', '2026-11-24 15:00'],
    ['3pm in the morning', '2026-11-23 15:00'],
    ['tomorrow evening at 9am', '2026-11-24 09:00'],
  ])('%s', (text, remains) => {
    expect(asked(text)).toEqual(['contradicts', remains]);
  });
});

test.each([
  '2027-13-01',
  '2026-12-32',
  '2027-02-29',
  '2026/14/05',
  '31 November',
  'Feb 30 2027',
  '30 February',
  '13/13/2026',
])('there is no %s', (text) => {
  expect(asked(text)).toEqual(['no_such_date']);
});

test('an hour before the name of a day is no day of the month', () => {
  expect(asked('morning at 12 thursday')).toEqual(['contradicts', '2026-11-26 12:00']);
  expect(read('at 9 thursday')).toBe('2026-11-26 09:00');
  expect(read('at 5th dec')).toBe('2026-12-05 09:00');
});

describe('what can be read two ways is asked about, with what to type for each', () => {
  test.each([
    ['tomorrow at 5', '2026-11-24 05:00', '2026-11-24 17:00'],
    ['Dec 5 at 7', '2026-12-05 07:00', '2026-12-05 19:00'],
    ['friday 2:30', '2026-11-27 02:30', '2026-11-27 14:30'],
    ["6 o'clock", '2026-11-24 06:00', '2026-11-23 18:00'],
    ['tomorrow at midnight', '2026-11-24 00:00', '2026-11-25 00:00'],
    ['midnight on 1 Dec', '2026-12-01 00:00', '2026-12-02 00:00'],
    ['5/12 at 10:00', '2026-12-05 10:00', '2027-05-12 10:00'],
    ['05.12.2027', '2027-12-05 09:00', '2027-05-12 09:00'],
    ['12-11-2027', '2027-11-12 09:00', '2027-12-11 09:00'],
    ['3/4', '2027-04-03 09:00', '2027-03-04 09:00'],
    ['morning at 1 jan 28', '2027-01-28 01:00', '2028-01-01 09:00'],
    ['at 9 feb 28', '2027-02-28 09:00', '2028-02-09 09:00'],
  ])('%s', (text, ...readings) => {
    expect(asked(text)).toEqual(['two_readings', ...readings]);
    for (const reading of readings) expect(read(reading)).toBe(reading);
  });

  test.each([
    ['3pm IST', 'Asia/Jerusalem', '2026-11-23 11:30', '2026-11-23 15:00'],
    ['3pm EST', 'Europe/Berlin', '2026-11-23 21:00', '2026-11-23 15:00'],
    ['tomorrow 10:00 CST', 'Asia/Shanghai', '2026-11-25 00:00', '2026-11-24 10:00'],
    ['tomorrow 10:00 PST', 'Asia/Manila', '2026-11-25 02:00', '2026-11-24 10:00'],
    ['15:00 GMT', 'Europe/Berlin', '2026-11-23 16:00', '2026-11-23 15:00'],
  ])("%s in %s: another zone's letters, or the rep's own clock", (text, zone, there, here) => {
    expect(asked(text, { zone })).toEqual(['two_readings', there, here]);
  });

  test.each([
    ['3pm IST', 'Asia/Kolkata', '2026-11-23 15:00'],
    ['3pm EST', NEW_YORK, '2026-11-23 15:00'],
    ['3pm CET', 'Europe/Berlin', '2026-11-23 15:00'],
    ['3pm GMT', 'Europe/London', '2026-11-23 15:00'],
  ])('%s in %s is the clock on the wall', (text, zone, wall) => {
    expect(read(text, zone)).toBe(wall);
  });

  test('a reading that is over leaves the other', () => {
    expect(read('today at 5')).toBe('2026-11-23 17:00');
    expect(read('today at midnight')).toBe('2026-11-24 00:00');
    expect(read('11/12/2026')).toBe('2026-12-11 09:00');
  });
});

describe('what the presets call it is what it means when typed', () => {
  const WEEK = [1, 2, 3, 4, 5];
  test.each([
    ['next week', WEEK, '2026-11-30 09:00'],
    ['next week at 3pm', [2, 3], '2026-12-01 15:00'],
    ['next week', [7, 1, 2, 3, 4], '2026-11-29 09:00'],
    ['Thursday next week', WEEK, '2026-12-03 09:00'],
    ['next week Thursday 10:30', WEEK, '2026-12-03 10:30'],
    ['next month', WEEK, '2026-12-01 09:00'],
    ['next month', [1, 4], '2026-12-03 09:00'],
    ['eod', WEEK, '2026-11-23 18:00'],
    ['eod friday', WEEK, '2026-11-27 18:00'],
    ['end of day tomorrow', WEEK, '2026-11-24 18:00'],
    ['by end of Thursday', WEEK, '2026-11-26 18:00'],
    ['end of week', WEEK, '2026-11-27 18:00'],
    ['eow', [7, 1, 2, 3, 4], '2026-11-26 18:00'],
    ['end of next week', [1, 2, 3], '2026-12-02 18:00'],
    ['end of the month', WEEK, '2026-11-30 18:00'],
    ['the day after tomorrow at 5pm', WEEK, '2026-11-25 17:00'],
  ])('%s, for someone who works on %j', (text, days, wall) => {
    expect(read(text, NEW_YORK, mondayIn(NEW_YORK), days)).toBe(wall);
  });
});

test('the end of a day that is over is past, and no other day', () => {
  expect(asked('eod', { now: Date.parse('2026-11-23T23:30:00Z') })).toEqual(['past']);
});

test.each([
  ['2099-01-01', '2099-01-01 09:00'],
  ['1 Jan 2030 at 10:00', '2030-01-01 10:00'],
  ['in 3 years', '2029-11-23 09:00'],
])('%s is asked about, for it is years away', (text, reading) => {
  expect(asked(text)).toEqual(['far_away', reading]);
});
