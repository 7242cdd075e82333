import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { FOREVER } from '../../../src/core/model/digest.ts';
import type { Instant } from '../../../src/core/model/keys.ts';
import {
  DAY,
  HOUR,
  localDate,
  localDay,
  MINUTE,
  nextDigestAfterPause,
  nextDigestAt,
  SNOOZE_PRESETS,
  snoozeUntil,
  startOfLocalDate,
  WORKING_DAYS,
  zoned,
  zoneOf,
} from '../../../src/core/model/time.ts';
import { digestTimes, type Stretch, stretchesOf, wallTime } from './wall-clock.ts';

const FROM = Date.parse('2026-01-01T00:00:00Z');
const TO = Date.parse('2028-01-01T00:00:00Z');
const ZONES = Intl.supportedValuesOf('timeZone');
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const anyZone = fc.constantFrom(...ZONES);
const anyTime = fc.integer({ min: FROM, max: TO });

const stretches = new Map<string, Stretch[]>();
beforeAll(() => {
  for (const zone of ZONES) stretches.set(zone, stretchesOf(zone, FROM - 5 * DAY, TO + 5 * DAY));
}, 120_000);

/** What the clock on the wall shows. */
function shown(at: Instant, zone: string): string {
  const { date, time } = wallTime(at, zone);
  return `${date} ${time}`;
}

function all(schedule: { time: string; days: readonly number[] }, zone: string, from: Instant, to: Instant): Instant[] {
  const found: Instant[] = [];
  for (let at = nextDigestAt(schedule, zone, from); at < to; at = nextDigestAt(schedule, zone, at)) found.push(at);
  return found;
}

/** One moment for each expected one, in order and none besides: so none is skipped and none comes twice. */
function expectDigests(zone: string, schedule: { time: string; days: readonly number[] }, from = FROM, to = TO): void {
  const expected = digestTimes(stretches.get(zone) ?? [], schedule, from, to);

  const found = all(schedule, zone, from, to);

  const wrong = expected.findIndex(({ earliest, latest }, index) => {
    const at = found[index];
    return at === undefined || at < earliest || at > latest;
  });
  const about = { zone, ...schedule };
  if (wrong >= 0) expect({ ...about, ...expected[wrong], found: found[wrong] }).toBe('as expected');
  expect({ ...about, count: found.length }).toEqual({ ...about, count: expected.length });
  const days = new Set(found.map((at) => wallTime(at, zone).date));
  expect({ ...about, days: days.size }).toEqual({ ...about, days: found.length });
}

describe('the next digest', () => {
  test('in every zone, for two years, comes once on every working day at the time that the wall clock shows', () => {
    const seen = new Set<string>();
    for (const [index, zone] of ZONES.entries()) {
      const signature = JSON.stringify(stretches.get(zone));
      if (seen.has(signature)) continue;
      seen.add(signature);
      const time = `${String(index % 24).padStart(2, '0')}:${String((index * 7) % 60).padStart(2, '0')}`;
      expectDigests(zone, { time, days: WORKING_DAYS });
    }
    expect(seen.size).toBeGreaterThan(50);
  });

  test('in every zone, around every change of its clock, comes once a day: after a gap, at the first of two', () => {
    const about: string[] = [];
    for (const zone of ZONES) {
      const changes = (stretches.get(zone) ?? []).slice(1);
      for (const [index, { start, offset }] of changes.entries()) {
        if (start < FROM + 3 * DAY || start > TO - 3 * DAY) continue;
        const before = stretches.get(zone)?.[index]?.offset ?? offset;
        // Times in the middle and at the edges of what is skipped or repeated.
        const walls = [before, offset, (before + offset) / 2, before - 1, offset - 1].map((wall) => start + wall);
        for (const time of new Set(walls.map((wall) => new Date(wall).toISOString().slice(11, 16)))) {
          expectDigests(zone, { time, days: EVERY_DAY }, start - 2 * DAY, start + 2 * DAY);
          about.push(zone);
        }
      }
    }
    expect(about.length).toBeGreaterThan(1_000);
  });

  test('at any time, on any days, in any zone, after any moment, is the first that is later', () => {
    const schedule = fc.record({
      time: fc
        .tuple(fc.nat(23), fc.nat(59))
        .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':')),
      days: fc.subarray(EVERY_DAY, { minLength: 1 }),
    });
    fc.assert(
      fc.property(anyZone, schedule, fc.integer({ min: FROM, max: TO - 20 * DAY }), (zone, wish, after) => {
        const [first] = digestTimes(stretches.get(zone) ?? [], wish, after, after + 16 * DAY);

        const found = nextDigestAt(wish, zone, after);

        expect(found).toBeGreaterThan(after);
        expect(found).toBeGreaterThanOrEqual(first?.earliest ?? Number.NaN);
        expect(found).toBeLessThanOrEqual(first?.latest ?? Number.NaN);
        expect(wish.days).toContain(wallTime(found, zone).weekday);
      }),
      { numRuns: 500 },
    );
  });

  describe('the local day around a moment', () => {
    const ZONES = [
      'UTC',
      'America/New_York',
      'Pacific/Apia',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Pacific/Kiritimati',
    ];

    test('is that of its zone, whoever asked before, from its first moment until that of the next', () => {
      const moment = fc.record({
        zone: fc.constantFrom(...ZONES),
        at: fc.date({ min: new Date('2011-12-28'), max: new Date('2026-12-31'), noInvalidDate: true }),
      });
      fc.assert(
        fc.property(fc.array(moment, { minLength: 2, maxLength: 60 }), (moments) => {
          for (const { zone, at } of moments) {
            const { date, from, until } = localDay(at.getTime(), zone);
            expect(date).toBe(localDate(at.getTime(), zone));
            expect(from).toBe(startOfLocalDate(date, zone));
            expect(localDay(until - 1, zone).date).toBe(date);
            expect(localDay(until, zone)).toMatchObject({ date: localDate(until, zone), from: until });
          }
        }),
      );
    });
  });

  test.each([
    // The day that Samoa skipped was a Friday.
    ['Pacific/Apia', '09:00', '2011-12-29T00:00:00Z', WORKING_DAYS, '2011-12-29 09:00', '2012-01-02 09:00'],
    // Clocks that change at midnight.
    ['America/Asuncion', '00:00', '2023-09-30T12:00:00Z', EVERY_DAY, '2023-10-01 01:00', '2023-10-02 00:00'],
    ['America/Asuncion', '00:30', '2023-09-30T12:00:00Z', EVERY_DAY, '2023-10-01 01:00', '2023-10-02 00:30'],
    ['America/Sao_Paulo', '00:00', '2018-11-03T12:00:00Z', EVERY_DAY, '2018-11-04 01:00', '2018-11-05 00:00'],
  ])('in %s at %s', (zone, time, from, days, ...expected) => {
    const after = Date.parse(from);

    const found = all({ time, days }, zone, after, after + 5 * DAY).slice(0, 2);

    expect(found.map((at) => shown(at, zone))).toEqual(expected);
  });

  test('never comes without a working day, or after the end of time', () => {
    expect(nextDigestAt({ time: '09:00', days: [] }, 'UTC', FROM)).toBe(FOREVER);
    expect(nextDigestAt({ time: '09:00', days: [1] }, 'UTC', FOREVER)).toBe(FOREVER);
  });
});

describe('the next digest after a pause', () => {
  const nine = { time: '09:00', days: WORKING_DAYS };
  const zone = 'Europe/Berlin';
  const friday = Date.parse('2026-11-20T12:00:00Z');
  const monday = Date.parse('2026-11-23T08:00:00Z');

  test.each([
    ['is the usual one without a pause', undefined, monday],
    ['is the usual one when the pause is over', friday - 1, monday],
    ['is the usual one when the pause ends', friday, monday],
    ['comes on the day on which the pause ends', startOfLocalDate('2026-11-23', zone), monday],
    ['comes at the very end of the pause', monday, monday],
    ['comes on the next day after that', monday + 1, monday + DAY],
    ['never comes while there is no end', FOREVER, FOREVER],
  ])('%s', (_name, pausedUntil, expected) => {
    expect(nextDigestAfterPause({ ...nine, pausedUntil }, zone, friday)).toBe(expected);
  });

  test('is never before the end of the pause, nor before now', () => {
    fc.assert(
      fc.property(anyZone, anyTime, anyTime, (anywhere, now, pausedUntil) => {
        const at = nextDigestAfterPause({ ...nine, pausedUntil }, anywhere, now);

        expect(at).toBeGreaterThan(now);
        expect(at).toBeGreaterThanOrEqual(pausedUntil);
        expect(at).toBeLessThan(Math.max(now, pausedUntil) + 4 * DAY);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a snooze preset', () => {
  const ZONE = 'America/New_York';
  const at = (local: string) => Date.parse(`${local}:00-05:00`);
  const anyPreset = fc.constantFrom(...SNOOZE_PRESETS);
  const when = fc.integer({ min: FROM, max: TO - 20 * DAY });

  test.each([
    ['later', '2026-11-23T09:00', '2026-11-23 12:00'],
    ['later', '2026-11-23T09:01', '2026-11-23 12:15'],
    ['later', '2026-11-23T14:59', '2026-11-23 18:00'],
    ['later', '2026-11-23T16:30', '2026-11-23 18:00'],
    ['later', '2026-11-23T17:44', '2026-11-23 18:00'],
    ['later', '2026-11-23T17:45', '2026-11-24 09:00'],
    ['later', '2026-11-23T23:30', '2026-11-24 09:00'],
    ['later', '2026-11-23T00:10', '2026-11-23 03:15'],
    ['later', '2026-11-27T17:50', '2026-11-30 09:00'],
    ['later', '2026-11-28T10:00', '2026-11-30 09:00'],
    ['later', '2026-11-29T10:00', '2026-11-30 09:00'],
    ['tomorrow', '2026-11-23T23:59', '2026-11-24 09:00'],
    ['tomorrow', '2026-11-27T08:00', '2026-11-30 09:00'],
    ['tomorrow', '2026-11-28T08:00', '2026-11-30 09:00'],
    ['tomorrow', '2026-11-29T08:00', '2026-11-30 09:00'],
    ['nextweek', '2026-11-23T08:00', '2026-11-30 09:00'],
    ['nextweek', '2026-11-29T23:59', '2026-11-30 09:00'],
    ['nextweek', '2026-11-30T00:00', '2026-12-07 09:00'],
  ] as const)('%s at %s ends %s', (preset, now, expected) => {
    expect(shown(snoozeUntil(preset, { now: at(now), zone: ZONE, days: WORKING_DAYS }), ZONE)).toBe(expected);
  });

  test('ends in the future, on a working day of the rep, wherever and whenever', () => {
    fc.assert(
      fc.property(anyPreset, anyZone, when, (preset, zone, now) => {
        const here = wallTime(now, zone);

        const until = snoozeUntil(preset, { now, zone, days: [] });

        const there = wallTime(until, zone);
        expect(until).toBeGreaterThan(now);
        expect(there.weekday).toBeLessThanOrEqual(5);
        const sameDay = there.date === here.date;
        if (sameDay) {
          expect(preset).toBe('later');
          expect(here.weekday).toBeLessThanOrEqual(5);
          expect(there.time <= '18:00').toBe(true);
          expect(there.time === '18:00' || until - now >= 3 * HOUR).toBe(true);
          expect(until - now).toBeLessThan(3 * HOUR + 15 * MINUTE);
        } else {
          expect(there.time).toBe('09:00');
          const days = (Date.parse(there.date) - Date.parse(here.date)) / DAY;
          if (preset === 'nextweek') expect(days).toBe(8 - here.weekday);
          else expect(days).toBe(here.weekday < 5 ? 1 : 8 - here.weekday);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    // Sunday to Thursday: a week that begins on Sunday.
    ['tomorrow', [1, 2, 3, 4, 7], '2026-11-26T10:00', '2026-11-29 09:00'],
    ['nextweek', [1, 2, 3, 4, 7], '2026-11-26T10:00', '2026-11-29 09:00'],
    ['nextweek', [1, 2, 3, 4, 7], '2026-11-29T10:00', '2026-12-06 09:00'],
    ['later', [1, 2, 3, 4, 7], '2026-11-29T10:00', '2026-11-29 13:00'],
    ['later', [1, 2, 3, 4, 7], '2026-11-27T10:00', '2026-11-29 09:00'],
    // Saturday to Wednesday.
    ['nextweek', [1, 2, 3, 6, 7], '2026-11-25T10:00', '2026-11-28 09:00'],
    // Tuesday to Saturday: next week begins on Monday, their work on Tuesday.
    ['tomorrow', [2, 3, 4, 5, 6], '2026-11-27T10:00', '2026-11-28 09:00'],
    ['tomorrow', [2, 3, 4, 5, 6], '2026-11-28T10:00', '2026-12-01 09:00'],
    ['nextweek', [2, 3, 4, 5, 6], '2026-11-24T10:00', '2026-12-01 09:00'],
    // One day only, and every day.
    ['tomorrow', [3], '2026-11-25T10:00', '2026-12-02 09:00'],
    ['nextweek', [3], '2026-11-23T10:00', '2026-12-02 09:00'],
    ['tomorrow', EVERY_DAY, '2026-11-27T10:00', '2026-11-28 09:00'],
    ['nextweek', EVERY_DAY, '2026-11-28T10:00', '2026-11-30 09:00'],
  ] as const)('%s of someone who works on %j, at %s, ends %s', (preset, days, now, expected) => {
    expect(shown(snoozeUntil(preset, { now: at(now), zone: ZONE, days }), ZONE)).toBe(expected);
  });

  test('lands on a working day of the rep within two weeks, whatever days these are', () => {
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(anyPreset, days, anyZone, when, (preset, own, zone, now) => {
        const until = snoozeUntil(preset, { now, zone, days: own });

        expect(own).toContain(wallTime(until, zone).weekday);
        expect(until).toBeGreaterThan(now);
        expect(until).toBeLessThan(now + 14 * DAY);
        expect(until % MINUTE).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test('passes over a day that a zone did not have', () => {
    const [zone, thursday] = ['Pacific/Apia', Date.parse('2011-12-29T20:00:00Z')];

    expect(shown(snoozeUntil('tomorrow', { now: thursday, zone, days: [] }), zone)).toBe('2012-01-02 09:00');
  });
});

describe('the start of a local day', () => {
  test('is its first moment, also where there is no midnight', () => {
    expect(shown(startOfLocalDate('2026-04-24', 'Africa/Cairo'), 'Africa/Cairo')).toBe('2026-04-24 01:00');
    expect(startOfLocalDate('2026-11-23', 'Asia/Kathmandu')).toBe(Date.parse('2026-11-22T18:15:00Z'));
  });

  test('and the local date agree, in every zone', () => {
    fc.assert(
      fc.property(anyZone, anyTime, (zone, at) => {
        const start = startOfLocalDate(localDate(at, zone), zone);

        expect(localDate(at, zone)).toBe(wallTime(at, zone).date);
        expect(start).toBeLessThanOrEqual(at);
        expect(localDate(start, zone)).toBe(localDate(at, zone));
        expect(localDate(start - 1, zone)).not.toBe(localDate(at, zone));
      }),
      { numRuns: 300 },
    );
  });
});

const JULY = Date.parse('2026-07-01T12:00:00Z');
const JANUARY = Date.parse('2027-01-04T12:00:00Z');

test.each([
  ['the last known zone, where the offset agrees', 'Europe/Kyiw', 3, 'Europe/Kiev', JULY, 'Europe/Kiev'],
  ['the offset, where it agrees only half the year', 'Europe/Kyiw', 3, 'Europe/Kiev', JANUARY, '+03:00'],
  ['the offset, where no zone is known', 'America/Newtown', -5, undefined, JANUARY, '-05:00'],
  ['an offset of half an hour', 'Asia/Sometown', 5.5, 'UTC', JULY, '+05:30'],
  ['an offset of a quarter west of Greenwich', 'Atlantic/Isle', -2.75, undefined, JULY, '-02:45'],
  ['another offset than before', 'America/Newtown', -4, '-05:00', JULY, '-04:00'],
  ['UTC for no offset at all', 'Atlantic/Isle', 0, undefined, JULY, 'UTC'],
  ['the last known zone, where no offset is said', 'America/Newtown', undefined, 'Asia/Tokyo', JULY, 'Asia/Tokyo'],
  ['the last known zone, where the offset is absurd', 'America/Newtown', 99, 'Asia/Tokyo', JULY, 'Asia/Tokyo'],
  ['the last known zone, where none is named', undefined, -8, 'Asia/Tokyo', JULY, 'Asia/Tokyo'],
  ['the offset, where neither is named or known', undefined, -8, undefined, JULY, '-08:00'],
  ['UTC, where what is known is no zone', undefined, undefined, 'Mars/Olympus', JULY, 'UTC'],
  ['UTC, where a zone is named that there is not', 'Mars/Olympus', undefined, undefined, JULY, 'UTC'],
  ['UTC, where nothing is named', '', undefined, undefined, JULY, 'UTC'],
  ['the zone that is named by its old name', 'Asia/Calcutta', undefined, undefined, JULY, 'Asia/Calcutta'],
  ['the zone that is named, whatever the offset', 'Europe/Berlin', -5, 'Asia/Tokyo', JULY, 'Europe/Berlin'],
])('for a zone that the runtime may not know: %s', (_name, zone, hours, lastKnown, now, expected) => {
  expect(zoneOf({ zone, zoneOffset: hours === undefined ? undefined : hours * HOUR }, lastKnown, now)).toBe(expected);
});

test('any offset that Slack may give makes a zone in which a digest has its hour', () => {
  fc.assert(
    fc.property(fc.integer({ min: -14 * 60, max: 14 * 60 }), anyTime, (minutes, now) => {
      const zone = zoneOf({ zone: 'Mars/Olympus', zoneOffset: minutes * MINUTE }, undefined, now);

      expect(zoned(now, zone).offsetNanoseconds).toBe(minutes * MINUTE * 1_000_000);
      const due = nextDigestAt({ time: '09:00', days: [1, 2, 3, 4, 5, 6, 7] }, zone, now);
      expect(due - now).toBeGreaterThan(0);
      expect(due - now).toBeLessThanOrEqual(DAY);
      expect(new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'short' }).format(due)).toBe('09:00');
      const start = startOfLocalDate(localDate(now, zone), zone);
      expect(now - start).toBeGreaterThanOrEqual(0);
      expect(now - start).toBeLessThan(DAY);
      expect(snoozeUntil('tomorrow', { now, zone, days: [] })).toBeGreaterThan(now);
    }),
    { numRuns: 200 },
  );
});

test("the host's own zone changes nothing", async () => {
  const url = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
  const script = `
    const { nextDigestAt, snoozeUntil, startOfLocalDate, localDate } = await import(${url('../../../src/core/model/time.ts')});
    const { parseTypedDate } = await import(${url('../../../src/core/model/typed-date.ts')});
    const { rank } = await import(${url('../../../src/core/digests/rank.ts')});
    const { groupOf } = await import(${url('../../../src/core/model/group.ts')});
    const said = ['tomorrow at 3pm', 'the day after tomorrow', 'Monday', 'in 2 hours', 'in 5 minutes', 'next Tuesday 10:30',
      '3pm EST', '8am', 'midnight', 'tonight', '2026-12-01 15:00', 'in 3 days', 'next month', '1 Dec', '2026-03-29 02:30'];
    const answers = [];
    for (const zone of ['America/New_York', 'Europe/Berlin', 'Pacific/Apia', 'Australia/Lord_Howe', 'Asia/Kathmandu'])
      for (const start of ['2026-03-08T06:30Z', '2026-03-29T00:59Z', '2026-10-25T00:30Z', '2026-11-23T14:00Z', '2026-04-04T14:45Z']) {
        const now = Date.parse(start);
        answers.push(zone, start, localDate(now, zone), startOfLocalDate(localDate(now, zone), zone));
        for (let at = now, n = 0; n < 8; n += 1) answers.push((at = nextDigestAt({ time: '02:30', days: [1, 2, 3, 4, 5, 6, 7] }, zone, at)));
        for (const preset of ['later', 'tomorrow', 'nextweek']) answers.push(snoozeUntil(preset, { now, zone, days: [] }));
        for (const text of said) answers.push([text, parseTypedDate(text, { now, zone, days: [] })]);
        answers.push(groupOf({ dueAt: now + 36e5 }, now, zone));
      }
    console.log(JSON.stringify(answers));`;
  const run = async (TZ: string) => {
    const args = ['--input-type=module', '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, TZ } });
    return stdout;
  };

  const here = await run('UTC');
  const elsewhere = await Promise.all(
    ['Pacific/Apia', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe'].map(run),
  );

  expect(here.length).toBeGreaterThan(5_000);
  for (const answers of elsewhere) expect(answers).toBe(here);
});
