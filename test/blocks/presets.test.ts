import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LARGEST_PRESETS, presetsOf } from '../../blocks/presets.ts';
import { clockTime } from '../../blocks/text.ts';
import { wallTime } from '../core/model/wall-clock.ts';

const ZONE = 'America/New_York';
const texts = (local: string, days: readonly number[] = [1, 2, 3, 4, 5], locale?: string) =>
  presetsOf({ now: Date.parse(`${local}:00-05:00`), zone: ZONE, days, locale }).map(({ text }) => text);

describe('an option of the Snooze menu names the day on which it lands', () => {
  test.each([
    ['on a Thursday', '2026-11-26T10:50', ['Later today, 14:00', 'Tomorrow, Fri 09:00', 'Next week, Mon 30 Nov 09:00']],
    ['on a Friday, where tomorrow and next week are one', '2026-11-27T10:00', ['Later today, 13:00', 'Monday 09:00']],
    ['on a Friday evening, where all are one', '2026-11-27T19:00', ['Monday 09:00']],
    ['on a Sunday', '2026-11-29T10:00', ['Tomorrow, Mon 09:00']],
    [
      'across a new year',
      '2026-12-28T08:00',
      ['Later today, 11:00', 'Tomorrow, Tue 09:00', 'Next week, Mon 4 Jan 09:00'],
    ],
  ])('%s', (_, now, expected) => {
    expect(texts(now)).toEqual(expected);
  });

  test('on a Thursday, for someone who works from Sunday to Thursday', () => {
    expect(texts('2026-11-26T10:00', [1, 2, 3, 4, 7])).toEqual(['Later today, 13:00', 'Sunday 09:00']);
  });

  test('a week ahead with its date, since the weekday alone would read as today', () => {
    expect(texts('2026-11-25T10:00', [3])).toEqual(['Later today, 13:00', 'Wed 2 Dec 09:00']);
  });
});

test.each([
  ['en-US', ['Later today, 2:00 PM', 'Tomorrow, Fri 9:00 AM', 'Next week, Mon, Nov 30 9:00 AM']],
  ['en-AU', ['Later today, 2:00 PM', 'Tomorrow, Fri 9:00 AM', 'Next week, Mon 30 Nov 9:00 AM']],
  ['ja-JP', ['Later today, 14:00', 'Tomorrow, Fri 09:00', 'Next week, Mon, Nov 30 09:00']],
])('an option of the Snooze menu names its time as %s writes it', (locale, expected) => {
  expect(texts('2026-11-26T10:50', undefined, locale)).toEqual(expected);
});

test('an option of the Snooze menu names a day a week ahead, and a weekday, as the locale writes them', () => {
  expect(texts('2026-11-25T10:00', [3], 'en-US')).toEqual(['Later today, 1:00 PM', 'Wed, Dec 2 9:00 AM']);
  expect(texts('2026-11-27T19:00', undefined, 'en-US')).toEqual(['Monday 9:00 AM']);
});

test('no two options land at the same time; each says the weekday and the time of its own moment; none is larger than was counted', () => {
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 7 });
  const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const locale = fc.constantFrom(undefined, 'en-US', 'en-AU', 'ja-JP');
  const when = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2029-01-01') });
  const largest = LARGEST_PRESETS.map(({ text }) => text.length).sort();
  fc.assert(
    fc.property(zone, days, when, locale, (anywhere, own, now, written) => {
      const presets = presetsOf({ now, zone: anywhere, days: own, locale: written });

      expect(new Set(presets.map(({ at }) => at)).size).toBe(presets.length);
      expect(presets.length).toBeLessThanOrEqual(LARGEST_PRESETS.length);
      for (const { text, at } of presets) {
        const wall = wallTime(at, anywhere);
        expect(text.endsWith(` ${clockTime(at, { zone: anywhere, locale: written })}`)).toBe(true);
        const name = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][wall.weekday - 1];
        if (!text.startsWith('Later today')) expect(text).toContain(name);
        const away = Date.parse(wall.date) - Date.parse(wallTime(now, anywhere).date);
        expect(text.startsWith('Later today')).toBe(away === 0);
        if (text.startsWith('Tomorrow')) expect(away).toBe(86_400_000);
      }
      const sizes = presets.map(({ text }) => text.length).sort();
      const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);
      expect(total(sizes)).toBeLessThanOrEqual(total(largest));
    }),
    { numRuns: 500 },
  );
});
