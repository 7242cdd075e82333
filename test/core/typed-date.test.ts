import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTypedDate } from '../../src/core/typed-date.ts';
import type { Instant } from '../../src/core/types.ts';
import { wallTime } from './wall-clock.ts';

const NEW_YORK = 'America/New_York';
const ZONES = Intl.supportedValuesOf('timeZone');

/** 09:30 on a Monday, by the clock of each zone. */
function mondayIn(zone: string): Instant {
  const utc = Date.parse('2026-11-23T09:30:00Z');
  const offset = Date.parse(`${wallTime(utc, zone).date}T${wallTime(utc, zone).time}:00Z`) - utc;
  return utc - offset;
}

function read(text: string, zone = NEW_YORK, now = mondayIn(zone)): string {
  const result = parseTypedDate(text, now, zone);
  if ('refused' in result) return result.refused;
  const { date, time } = wallTime(result.at, zone);
  return `${date} ${time}`;
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
  '2026-02-30',
  '31 November',
  '__proto__',
  'constructor',
  'in 999999 years',
  '<script>tomorrow</script>',
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

test('a time that names its own zone is that moment', () => {
  const now = mondayIn('Europe/Berlin');

  expect(parseTypedDate('2026-12-01 15:00 UTC', now, 'Europe/Berlin')).toMatchObject({
    at: Date.parse('2026-12-01T15:00Z'),
  });
  expect(parseTypedDate('2026-12-01T15:00Z', now, 'Europe/Berlin')).toMatchObject({
    at: Date.parse('2026-12-01T15:00Z'),
  });
  expect(parseTypedDate('3pm EST', now, 'Europe/Berlin')).toMatchObject({ at: Date.parse('2026-11-23T20:00Z') });
  expect(parseTypedDate('tomorrow 10:00 GMT+5', now, 'Europe/Berlin')).toMatchObject({
    at: Date.parse('2026-11-24T05:00Z'),
  });
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
  expect(parseTypedDate(text, mondayIn(NEW_YORK), NEW_YORK)).toMatchObject({ timed });
});

describe('where the clock changes', () => {
  const eve = Date.parse('2026-03-07T20:00:00-05:00');

  test('a day later is the same time of day, and hours are hours', () => {
    expect(read('tomorrow at 3pm', NEW_YORK, eve)).toBe('2026-03-08 15:00');
    expect(read('in 8 hours', NEW_YORK, eve)).toBe('2026-03-08 05:00');
    expect(parseTypedDate('in 8 hours', eve, NEW_YORK)).toMatchObject({ at: eve + 8 * 3_600_000 });
  });

  test('a time that the clock skips is one that it shows', () => {
    expect(read('tomorrow 2:30am', NEW_YORK, eve)).toBe('2026-03-08 03:30');
  });

  test('a time that the clock repeats is the first', () => {
    const result = parseTypedDate('2026-11-01 01:30', eve, NEW_YORK);

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
      const result = parseTypedDate(text, now, zone);

      if ('at' in result) {
        expect(Number.isSafeInteger(result.at)).toBe(true);
        expect(result.at).toBeGreaterThan(now);
      } else expect(['past', 'not_understood']).toContain(result.refused);
    }),
    { numRuns: 2_000 },
  );
});

test('a date and a time in full are read as they stand, in every zone', () => {
  const when = fc.integer({ min: Date.parse('2026-12-01'), max: Date.parse('2027-12-31') });
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), when, (zone, moment) => {
      const { date, time } = wallTime(moment, zone);

      expect(read(`${date} ${time}`, zone)).toBe(`${date} ${time}`);
    }),
    { numRuns: 300 },
  );
});

test.each(['5/12 at 10:00', '05.12.2027', '12-11-2027', '3/4'])(
  '%s could be two days, so it is asked again',
  (text) => {
    expect(parseTypedDate(text, Date.parse('2026-11-23T14:00:00Z'), 'Europe/Berlin')).toEqual({
      refused: 'not_understood',
    });
  },
);

test.each([
  ['31/12/2026', '2026-12-31T08:00:00.000Z'],
  ['2027-05-12 15:00', '2027-05-12T13:00:00.000Z'],
])('%s can be only one', (text, expected) => {
  const read = parseTypedDate(text, Date.parse('2026-11-23T14:00:00Z'), 'Europe/Berlin');

  expect('at' in read && new Date(read.at).toISOString()).toBe(expected);
});
