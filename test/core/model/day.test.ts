import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callToCome, closingOf, hasTime, isQuiet, wallClock } from '../../../src/core/model/day.ts';
import { countDay, endOfDate, partOf } from '../../../src/core/model/day-count.ts';
import type { Row } from '../../../src/core/model/row-state.ts';
import { localDate, zoned } from '../../../src/core/model/time.ts';
import { DAY, HOUR, NOW, rowOf, seenAs, task } from '../../blocks/fixtures.ts';
import { ROW_STATES } from '../../blocks/wild.ts';

const NEW_YORK = 'America/New_York';
const at = (text: string) => Date.parse(text);

const clock = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

describe('quiet hours', () => {
  test.each([
    ['20:00', { from: '20:00', until: '07:00' }, true],
    ['23:59', { from: '20:00', until: '07:00' }, true],
    ['00:00', { from: '20:00', until: '07:00' }, true],
    ['06:59', { from: '20:00', until: '07:00' }, true],
    ['07:00', { from: '20:00', until: '07:00' }, false],
    ['19:59', { from: '20:00', until: '07:00' }, false],
    ['12:00', { from: '12:00', until: '13:00' }, true],
    ['13:00', { from: '12:00', until: '13:00' }, false],
    ['11:59', { from: '12:00', until: '13:00' }, false],
    ['12:00', { from: '12:00', until: '12:00' }, false],
  ])('at %s, from and until %o: %s', (time, quiet, expected) => {
    expect(isQuiet(time, quiet)).toBe(expected);
  });

  test('and the hours between until and from make a whole day together, whichever come first', () => {
    fc.assert(
      fc.property(clock, clock, clock, (time, from, until) => {
        fc.pre(from !== until);
        expect(isQuiet(time, { from, until })).toBe(!isQuiet(time, { from: until, until: from }));
      }),
    );
  });
});

describe('the close of a date', () => {
  test.each([
    ['on a usual day', '17:30', '2026-11-23', NEW_YORK, '2026-11-23T17:30-05:00'],
    ['on the day on which the clocks go back', '17:30', '2026-11-01', NEW_YORK, '2026-11-01T17:30-05:00'],
    ['on the day on which they go forward', '17:30', '2027-03-14', NEW_YORK, '2027-03-14T17:30-04:00'],
    ['at a time that the clocks skip', '02:30', '2027-03-14', NEW_YORK, '2027-03-14T03:00-04:00'],
    ['elsewhere', '17:30', '2026-11-23', 'Asia/Kolkata', '2026-11-23T17:30+05:30'],
  ])('%s', (_, closesAt, date, zone, expected) => {
    expect(closingOf({ closesAt }, date, zone)).toBe(at(expected));
  });

  test('is on that date, at that time unless the clocks skip it, in any zone', () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const days = fc.integer({ min: 0, max: 730 });
    fc.assert(
      fc.property(zone, days, clock, (where, ahead, closesAt) => {
        const date = localDate(at('2026-01-01T12:00Z') + ahead * DAY, where);
        const closing = closingOf({ closesAt }, date, where) ?? 0;
        expect(localDate(closing, where)).toBe(date);
        const shown = wallClock(closing, where);
        if (shown !== closesAt)
          expect(zoned(closing, where).getTimeZoneTransition('previous')?.epochMilliseconds).toBe(closing);
      }),
      { numRuns: 300 },
    );
  });

  test('is none if the rep chose none', () => {
    expect(closingOf({ closesAt: undefined }, '2026-11-23', NEW_YORK)).toBeUndefined();
  });
});

describe('a due time', () => {
  test.each([
    ['2026-11-23T10:00-05:00', NEW_YORK, true],
    ['2026-11-23T00:00-05:00', NEW_YORK, false],
    ['2026-11-23T23:59:59-05:00', NEW_YORK, false],
    ['2026-11-24T00:00Z', NEW_YORK, false],
    ['2026-11-23T23:59:59Z', NEW_YORK, false],
    ['2026-11-23T00:01-05:00', NEW_YORK, true],
    ['2026-11-23T00:00+05:30', 'Asia/Kolkata', false],
  ])('%s in %s: %s', (dueAt, zone, expected) => {
    expect(hasTime(at(dueAt), zone)).toBe(expected);
  });

  test('of a call is its minute, while a reminder is still to come', () => {
    const dueAt = NOW + HOUR + 30_000;
    const asked = (now: number, zone = NEW_YORK) => callToCome({ kind: 'call', dueAt }, { now, zone });

    expect(asked(NOW)).toBe(NOW + HOUR);
    expect(asked(NOW + 45 * 60_000 - 1)).toBe(NOW + HOUR);
    expect(asked(NOW + 45 * 60_000)).toBeUndefined();
    expect(asked(NOW - DAY)).toBeUndefined();
    // The reminder is due at 23:59 there, and the call on the next date.
    expect(asked(NOW, 'Asia/Tokyo')).toBeUndefined();
  });
});

describe('the count of a day', () => {
  const end = endOfDate('2026-11-23', NEW_YORK);
  const own = task({ dueAt: NOW + HOUR });

  test('ends where the next date begins, also if a day has 23 or 25 hours', () => {
    expect(end).toBe(at('2026-11-24T00:00-05:00'));
    expect(endOfDate('2027-03-14', NEW_YORK)).toBe(at('2027-03-15T00:00-04:00'));
    expect(endOfDate('2026-11-01', NEW_YORK)).toBe(at('2026-11-02T00:00-05:00'));
  });

  test.each<[string, Row, ReturnType<typeof partOf>]>([
    ['due later', rowOf(task({ dueAt: end })), undefined],
    ['without a date', rowOf(task({ dueAt: undefined })), undefined],
    ['due later, and done today', rowOf(task({ dueAt: end }), { verb: 'done' }), undefined],
    ['overdue', rowOf(task({ dueAt: NOW - 9 * DAY })), 'left'],
    ['done', rowOf(own, { verb: 'done' }), 'done'],
    ['dismissed', rowOf(own, { verb: 'dismiss' }), 'done'],
    ['given to someone else', rowOf(own, { verb: 'reassign', to: { externalId: '1', name: 'B' } }), 'done'],
    ['held back', rowOf(own, { verb: 'done', state: 'queued', sentAt: undefined, heldUntil: NOW + 9_000 }), 'done'],
    ['being done', rowOf(own, { verb: 'done', state: 'queued' }), 'left'],
    ['not done', rowOf(own, { verb: 'done', state: 'failed', failure: 'forbidden' }), 'left'],
    ['undone', rowOf(own, { verb: 'done', state: 'undone' }), 'left'],
    ['edited', rowOf(own, { verb: 'note', note: 'x' }), 'left'],
    ['snoozed to another day', rowOf(own, { verb: 'snooze', dueAt: end }), 'moved'],
    ['snoozed to the evening', rowOf(own, { verb: 'snooze', dueAt: end - 1 }), 'left'],
    ['closed at the tool', seenAs(rowOf(own), { how: 'gone', at: NOW }), 'done'],
    ['found closed', rowOf(own, { verb: 'done', state: 'stale', found: { how: 'done' } }), 'done'],
    ['moved at the tool', seenAs(rowOf(own), { how: 'changed', at: NOW, task: { ...own, dueAt: end } }), 'moved'],
    [
      'moved to another day, then closed at the tool',
      seenAs(rowOf(own, { verb: 'reschedule', dueAt: end, settledAt: NOW }), { how: 'done', at: NOW + 1 }),
      'done',
    ],
  ])('a task that is %s', (_, row, expected) => {
    expect(partOf(row, end)).toBe(expected);
  });

  test('is whole in every state: what is left, moved and done is all that was due', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...ROW_STATES), fc.integer({ min: -3, max: 3 }))), (all) => {
        const rows = all.map(([[, wish], days], index) =>
          rowOf(task({ id: String(index), dueAt: NOW + days * DAY }), wish, index),
        );
        const { total, moved, left } = countDay(rows, end);
        const done = rows.filter((row) => partOf(row, end) === 'done').length;
        expect(total).toBe(rows.filter((row) => (row.task.dueAt ?? end) < end).length);
        expect(done + moved + left.length).toBe(total);
        expect(left.every(({ dueAt = end }) => dueAt < end)).toBe(true);
      }),
    );
  });
});
