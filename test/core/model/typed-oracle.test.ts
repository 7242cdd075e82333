/** Words against results: whatever is accepted, every word of the text is true of it by the clock on the rep's wall. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTypedDate } from '../../../src/core/model/typed-date.ts';
import { offsetAt, type WallTime, wallTime } from './wall-clock.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

interface Seen {
  wall: WallTime;
  /** Calendar days from the rep's today. */
  away: number;
  hour: number;
  minute: number;
  at: number;
  now: number;
  zone: string;
  /** A weekday beside a date that can be read two ways may leave only one of them. */
  weekdayDecides: boolean;
}

/** Some words, and whether they are true of a moment. */
interface Said {
  text: string;
  isTrue(seen: Seen): boolean;
}

const said = (text: string, isTrue: Said['isTrue']): Said => ({ text, isTrue });
const pad = (number: number) => String(number).padStart(2, '0');
const weekdayName = fc.integer({ min: 1, max: 7 });
const dayOfMonth = fc.integer({ min: 1, max: 31 });
const month = fc.integer({ min: 1, max: 13 });
const year = fc.integer({ min: 2026, max: 2029 });

const isWeekday = (day: number) => (seen: Seen) => seen.wall.weekday === day;
const isDate = (wanted: { year?: number; month?: number; day?: number }) => (seen: Seen) => {
  const [year, month, day] = seen.wall.date.split('-').map(Number);
  return (wanted.year ?? year) === year && (wanted.month ?? month) === month && (wanted.day ?? day) === day;
};

const weekday = fc.tuple(weekdayName, fc.boolean()).map(([day, short]) => {
  const name = DAYS[day - 1] ?? '';
  return said(short ? name.slice(0, 3) : name, isWeekday(day));
});
const nextWeekday = weekdayName.map((day) =>
  said(`next ${DAYS[day - 1]}`, (seen) => isWeekday(day)(seen) && seen.away >= 1 && seen.away <= 13),
);
const relative = fc.constantFrom(
  said('today', ({ away }) => away === 0),
  said('tomorrow', ({ away }) => away === 1),
  said('the day after tomorrow', ({ away }) => away === 2),
  said('in 3 days', ({ away }) => away === 3),
  said('next week', ({ away }) => away >= 1 && away <= 13),
);
const iso = fc
  .tuple(year, month, dayOfMonth)
  .map(([year, month, day]) => said(`${year}-${pad(month)}-${pad(day)}`, isDate({ year, month, day })));
const named = fc
  .tuple(month, dayOfMonth, fc.option(year, { nil: undefined }), fc.boolean())
  .map(([month, day, year, dayFirst]) => {
    const name = MONTHS[month - 1] ?? 'jan';
    const number = MONTHS.indexOf(name) + 1;
    const text = dayFirst ? `${day} ${name}` : `${name} ${day}`;
    return said(
      year === undefined ? text : `${text} ${year}`,
      isDate({ month: number, day, ...(year !== undefined && { year }) }),
    );
  });
const slashed = fc
  .tuple(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 1, max: 31 }), year)
  .map(([one, other, year]) =>
    said(`${one}/${other}/${year}`, (seen) => {
      const isEither = isDate({ year, month: other, day: one })(seen) || isDate({ year, month: one, day: other })(seen);
      // Two readings that are both to come, within two years, are asked about.
      const both = [one, other].every((number) => number <= 12) && one !== other;
      const isOut = (month: number, day: number) => {
        const ahead = Date.UTC(year, month - 1, day) - seen.now;
        return ahead < 2 * DAY || ahead > 728 * DAY;
      };
      return isEither && (!both || isOut(other, one) || isOut(one, other) || seen.weekdayDecides);
    }),
  );
const date = fc.oneof(weekday, relative, iso, named, nextWeekday, slashed);

const exact = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => said(`${pad(hour)}:${pad(minute)}`, (seen) => seen.hour === hour && seen.minute === minute));
const halves = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom('am', 'pm', ' PM', ' a.m.'))
  .map(([hour, half]) => {
    const wanted = (hour % 12) + (/p/i.test(half) ? 12 : 0);
    return said(`at ${hour}${half}`, (seen) => seen.hour === wanted && seen.minute === 0);
  });
const PARTS: Record<string, (hour: number, minute: number) => boolean> = {
  morning: (hour) => hour < 12,
  afternoon: (hour) => hour >= 12 && hour <= 18,
  evening: (hour) => hour >= 17,
  night: (hour, minute) => hour >= 18 || (hour === 0 && minute === 0),
};
/** A bare hour that could be of the morning or the evening is only accepted where one of the two is over. */
const bare = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 59 }), fc.boolean())
  .map(([hour, minute, full]) =>
    said(full ? `${hour}:${pad(minute)}` : `at ${hour}`, (seen) => {
      const isHour = seen.hour % 12 === hour % 12 && seen.minute === (full ? minute : 0);
      if (hour > 7) return isHour && seen.hour === hour;
      const isMorningOver = seen.at - 12 * 60 * MINUTE <= seen.now + 3 * 60 * MINUTE;
      return isHour && (isMorningOver || seen.hour === hour || !isShownInMorning(seen));
    }),
  );
/** False: the clock was put forward over it. */
const isShownInMorning = ({ at, wall, zone }: Seen) =>
  [-13, -12.5, -12, -11.5, -11].some((hours) => {
    const { date, time } = wallTime(at + hours * 60 * MINUTE, zone);
    return (
      date === wall.date &&
      Number(time.slice(0, 2)) + 12 === Number(wall.time.slice(0, 2)) &&
      time.slice(3) === wall.time.slice(3)
    );
  });
const bareInPart = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom(...Object.keys(PARTS)))
  .map(([hour, part]) =>
    said(`${part} at ${hour}`, (seen) => {
      return seen.hour % 12 === hour % 12 && seen.minute === 0 && PARTS[part]?.(seen.hour, seen.minute) === true;
    }),
  );
const exactInPart = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(...Object.keys(PARTS)))
  .map(([hour, part]) =>
    said(`${part} ${pad(hour)}:30`, (seen) => {
      const isHour =
        seen.hour === hour || (hour >= 10 && hour < 12 && seen.hour === hour + 12) || (hour === 12 && seen.hour === 0);
      return isHour && seen.minute === 30 && PARTS[part]?.(seen.hour, seen.minute) === true;
    }),
  );
const partOnly = fc
  .constantFrom(...Object.keys(PARTS))
  .map((part) => said(part, (seen) => PARTS[part]?.(seen.hour, seen.minute) === true));
const words = fc.constantFrom(
  said('noon', ({ hour, minute }) => hour === 12 && minute === 0),
  said('eod', ({ hour, minute }) => hour === 18 && minute === 0),
);
const nothing = said('', ({ hour, minute }) => hour === 9 && minute === 0);
const time = fc.oneof(exact, halves, bare, bareInPart, exactInPart, partOnly, words, fc.constant(nothing));
/** Not the rep's own letters: they are asked about, or the clocks agree. */
const letters = fc.constantFrom('', '', '', '', ' EST', ' IST', ' CET', ' PST', ' BST', ' JST', ' GMT');

const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const now = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2028-01-01') });
const days = fc.uniqueArray(weekdayName, { minLength: 1, maxLength: 7 });

test('whatever is accepted, every word is true of it; and what is said to be typed instead is accepted as just that', () => {
  let accepted = 0;
  const property = fc.property(
    fc.option(weekday, { nil: undefined, freq: 4 }),
    date,
    time,
    letters,
    fc.boolean(),
    fc.record({ zone, now, days }),
    (extra, day, clock, abbreviation, timeFirst, when) => {
      const zoned = clock.text === '' ? '' : `${clock.text}${abbreviation}`;
      const dated = [extra?.text, day.text].filter(Boolean).join(' ');
      const text = (timeFirst ? [zoned, dated] : [dated, zoned]).filter(Boolean).join(' ');
      const result = parseTypedDate(text, when);
      if (!('at' in result)) {
        for (const { at, type } of 'readings' in result ? result.readings : []) {
          const typed = parseTypedDate(type, when);
          if (result.refused !== 'far_away') expect([type, typed]).toEqual([type, { at, timed: true }]);
        }
        return;
      }
      accepted += 1;
      const wall = wallTime(result.at, when.zone);
      const today = wallTime(when.now, when.zone).date;
      const [hour, minute] = wall.time.split(':').map(Number);
      const seen = {
        wall,
        away: Math.round((Date.parse(wall.date) - Date.parse(today)) / DAY),
        hour: hour ?? 0,
        minute: minute ?? 0,
        at: result.at,
        now: when.now,
        zone: when.zone,
        weekdayDecides: extra !== undefined,
      };

      expect(result.at).toBeGreaterThan(when.now);
      expect(result.at).toBeLessThanOrEqual(when.now + 732 * DAY);
      // "Today night at 12" is the midnight that ends today.
      const endsNight = clock.text.startsWith('night') && wall.time === '00:00';
      const seenFromNight = { ...seen, away: seen.away - 1, wall: wallTime(result.at - MINUTE, when.zone) };
      const isTrueOfDay = ({ isTrue }: Said) => isTrue(seen) || (endsNight && isTrue(seenFromNight));
      expect([text, wall, extra === undefined || isTrueOfDay(extra)]).toEqual([text, wall, true]);
      expect([text, wall, isTrueOfDay(day)]).toEqual([text, wall, true]);
      expect([text, wall, clock.isTrue(seen)]).toEqual([text, wall, true]);
    },
  );
  fc.assert(property, { numRuns: 3_000 });

  // Were nearly all refused, nothing would be proved.
  expect(accepted).toBeGreaterThan(100);
});

test('a moment written in full is that moment, wherever the clocks are changed', () => {
  fc.assert(
    fc.property(zone, now, (anywhere, from) => {
      // Near the next change of this zone's clock, if there is one.
      let change = from;
      while (change < from + 400 * DAY && offsetAt(change, anywhere) === offsetAt(change + DAY, anywhere))
        change += DAY;
      for (let at = change; at < change + 2 * DAY; at += 30 * MINUTE) {
        const minute = Math.floor(at / MINUTE) * MINUTE;
        const { date, time } = wallTime(minute, anywhere);
        const result = parseTypedDate(`${date} ${time}`, { now: from - DAY, zone: anywhere, days: [] });
        const [shown] = 'at' in result ? [wallTime(result.at, anywhere)] : [];

        expect(`${shown?.date} ${shown?.time}`).toBe(`${date} ${time}`);
        if ('at' in result) expect(result.at).toBeLessThanOrEqual(minute);
      }
    }),
    { numRuns: 30 },
  );
});

test('where the clock is put forward over two in the morning, "at 2" is two in the afternoon, and "2am" no time of that day', () => {
  const time = { now: Date.parse('2027-03-01T09:00:00Z'), zone: 'America/Juneau', days: [1] };
  expect(parseTypedDate('next sunday at 2', time)).toEqual({ at: Date.parse('2027-03-14T22:00:00Z'), timed: true });
  expect(parseTypedDate('next sunday 2am', time)).toMatchObject({ refused: 'no_such_time' });
});

test.each(['friday night 12:30', 'tonight at 12:45', 'friday 12:05 at night'])(
  'half past midnight is not taken for midnight: "%s" is asked about',
  (text) => {
    const time = { now: Date.parse('2027-08-18T13:00:00Z'), zone: 'Europe/Berlin', days: [1] };
    expect(parseTypedDate(text, time)).toMatchObject({ refused: 'contradicts' });
  },
);
