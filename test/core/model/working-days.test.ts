/** "In three working days": held against a calendar that counts days by asking Intl alone. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { afterWorkingDays, DAY, HOUR, MINUTE, WORKING_DAYS } from '../../../src/core/model/time.ts';
import { stretchesOf, wallTime } from './wall-clock.ts';

// All zones are a lot to compute, for a machine that has much else to do.
vi.setConfig({ testTimeout: 120_000 });

const ZONES = Intl.supportedValuesOf('timeZone');
const FROM = Date.parse('2026-01-01T00:00:00Z');
const TO = Date.parse('2027-01-15T00:00:00Z');

/** The dates that walls in the zone show after today, in order, each once. */
function datesAfter(now: number, zone: string, until: number): { date: string; weekday: number }[] {
  const today = wallTime(now, zone).date;
  const dates = new Map<string, number>();
  for (let at = now; at <= until + DAY; at += HOUR) {
    const { date, weekday } = wallTime(at, zone);
    if (date > today) dates.set(date, weekday);
  }
  return [...dates].map(([date, weekday]) => ({ date, weekday }));
}

function check(zone: string, days: readonly number[], count: number, now: number, like: number | undefined): void {
  const at = afterWorkingDays(count, { now, zone, days }, like);

  const shown = wallTime(at, zone);
  const own = days.length > 0 ? days : WORKING_DAYS;
  const working = datesAfter(now, zone, at).filter(({ weekday }) => own.includes(weekday));
  const about = { zone, days, count, now: new Date(now).toISOString() };
  expect({ ...about, date: shown.date }).toEqual({ ...about, date: working[count - 1]?.date });
  const wished = like === undefined ? '09:00' : wallTime(like, zone).time;
  if (shown.time === wished) return;
  // Only a clock that was put forward on that day shows another time: the first one after the gap, or one before a gap that
  // ends the day (Greenland).
  const change = stretchesOf(zone, at - DAY, at + DAY)
    .slice(1)
    .map(({ start }) => start);
  expect({ ...about, changes: change.some((start) => Math.abs(start - at) <= HOUR) }).toEqual({
    ...about,
    changes: true,
  });
}

describe('so many working days from now', () => {
  test('in every zone, on any working week, from any moment, lands on that day at that time', () => {
    const anyTime = fc.integer({ min: FROM / MINUTE, max: TO / MINUTE }).map((minutes) => minutes * MINUTE);
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.subarray([1, 2, 3, 4, 5, 6, 7]),
        fc.constantFrom(1, 3, 7),
        anyTime,
        fc.option(anyTime, { nil: undefined }),
        check,
      ),
      { numRuns: 300 },
    );
  });

  test('on the day of every change of the clock in every zone, at a time that it skips or shows twice', () => {
    const seen = new Set<string>();
    for (const zone of ZONES) {
      for (const { start } of stretchesOf(zone, FROM, TO).slice(1)) {
        // In the middle of what is skipped or shown twice, a day before.
        const like = start - DAY + 30 * MINUTE;
        const key = `${start} ${wallTime(start, zone).date} ${wallTime(like, zone).time}`;
        if (seen.has(key)) continue;
        seen.add(key);
        check(zone, [1, 2, 3, 4, 5, 6, 7], 1, start - DAY, like);
      }
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  test.each([
    ['a Friday, Monday to Friday', [1, 2, 3, 4, 5], '2026-11-27T12:00', 1, '2026-11-30 09:00'],
    ['three of them over a weekend', [1, 2, 3, 4, 5], '2026-11-27T12:00', 3, '2026-12-02 09:00'],
    ['a day off', [1, 2, 3, 4, 5], '2026-11-28T12:00', 1, '2026-11-30 09:00'],
    ['Sunday to Thursday', [7, 1, 2, 3, 4], '2026-11-26T12:00', 1, '2026-11-29 09:00'],
    ['one day a week, seven times', [3], '2026-11-25T08:00', 7, '2027-01-13 09:00'],
    ['no days chosen', [], '2026-11-27T12:00', 7, '2026-12-08 09:00'],
  ])('%s', (_name, days, local, count, expected) => {
    const at = afterWorkingDays(count, { now: Date.parse(`${local}:00Z`), zone: 'UTC', days });

    expect(new Date(at).toISOString().slice(0, 16).replace('T', ' ')).toBe(expected);
  });

  test('leaves out a Friday that Samoa never had', () => {
    const at = afterWorkingDays(1, {
      now: Date.parse('2011-12-29T12:00:00-10:00'),
      zone: 'Pacific/Apia',
      days: WORKING_DAYS,
    });

    expect(wallTime(at, 'Pacific/Apia')).toMatchObject({ date: '2012-01-02', time: '09:00' });
  });
});
