/** Public holidays in what a rep reads and types: no working days. */
import { expect, test } from 'vitest';
import { presetsOf } from '../../../blocks/presets.ts';
import { FOREVER } from '../../../src/core/model/digest.ts';
import { afterWorkingDays, nextDigestAt, type RepTime, WORKING_DAYS } from '../../../src/core/model/time.ts';
import { parseTypedDate } from '../../../src/core/model/typed-date.ts';
import { workDays, workingDaysSince } from '../../../src/core/model/work-days.ts';

const ZONE = 'America/New_York';

function timeAt(local: string, ...holidays: string[]): RepTime {
  const now = Date.parse(`${local}:00-05:00`);
  return {
    now,
    zone: ZONE,
    days: WORKING_DAYS,
    holidays: (date) => (holidays.includes(date) ? 'A holiday' : undefined),
  };
}

function shown(at: number): string {
  return new Intl.DateTimeFormat('sv', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' }).format(at);
}

const THANKSGIVING = ['2026-11-26'];
const BRIDGE = ['2026-11-26', '2026-11-27'];
const WEEK_OFF = ['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04'];

test.each([
  [
    'tomorrow is one',
    '2026-11-25T10:00',
    THANKSGIVING,
    ['Later today, 13:00', 'Friday 09:00', 'Next week, Mon 30 Nov 09:00'],
  ],
  ['today is one', '2026-11-26T10:00', THANKSGIVING, ['Tomorrow, Fri 09:00', 'Next week, Mon 30 Nov 09:00']],
  ['the rest of the week is', '2026-11-25T10:00', BRIDGE, ['Later today, 13:00', 'Monday 09:00']],
  [
    'all of next week is',
    '2026-11-26T10:00',
    WEEK_OFF,
    ['Later today, 13:00', 'Tomorrow, Fri 09:00', 'Mon 7 Dec 09:00'],
  ],
])('the presets name working mornings, where %s', (_name, now, holidays, expected) => {
  expect(presetsOf(timeAt(now, ...holidays)).map(({ text }) => text)).toEqual(expected);
});

test.each([
  [1, '2026-11-27 09:00'],
  [3, '2026-12-01 09:00'],
])('a follow-up in %i working days does not count them', (count, expected) => {
  expect(shown(afterWorkingDays(count, timeAt('2026-11-25T10:00', ...THANKSGIVING)))).toBe(expected);
});

test.each([
  ['next week', '2026-11-25T10:00', ['2026-11-30'], '2026-12-01 09:00'],
  ['end of the week', '2026-11-23T10:00', BRIDGE, '2026-11-25 18:00'],
  ['eom', '2026-11-23T10:00', ['2026-11-30'], '2026-11-27 18:00'],
  // What names a day means that day.
  ['thursday', '2026-11-23T10:00', THANKSGIVING, '2026-11-26 09:00'],
  ['tomorrow', '2026-11-25T10:00', THANKSGIVING, '2026-11-26 09:00'],
])('“%s” is read by them only where it names no day', (typed, now, holidays, expected) => {
  const read = parseTypedDate(typed, timeAt(now, ...holidays));

  expect('at' in read && shown(read.at)).toBe(expected);
});

test('a country that never works has no digest, and no search without an end', () => {
  expect(nextDigestAt({ time: '09:00', days: WORKING_DAYS }, ZONE, Date.parse('2026-11-23'), () => 'A holiday')).toBe(
    FOREVER,
  );
});

test.each([
  ['none', [], 4],
  ['a Thursday', THANKSGIVING, 3],
  ['a Thursday and the day after it', BRIDGE, 2],
])('a task of Tuesday is late by the days that were none: on Monday after %s', (_name, holidays, expected) => {
  expect(workingDaysSince(Date.parse('2026-11-24T12:00-05:00'), timeAt('2026-11-30T10:00', ...holidays))).toBe(
    expected,
  );
});

test('the next working day, before whose end a tool may skip a task, is none of them', () => {
  const { nextEnds } = workDays(timeAt('2026-11-25T10:00', ...BRIDGE));
  expect(shown(nextEnds)).toBe('2026-12-01 00:00');
});
