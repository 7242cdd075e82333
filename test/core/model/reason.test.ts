/** The reason beside a due date: which one, and that it is true. */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { type Reason, reasonOf } from '../../../src/core/model/reason.ts';
import type { Task } from '../../../src/core/model/task.ts';
import type { RepTime } from '../../../src/core/model/time.ts';
import { MOST_DAYS_LATE } from '../../../src/core/model/work-days.ts';
import { DAY, HOUR, NEW_YORK } from '../docket.ts';
import { MONDAY_NINE as NOW } from '../provider.ts';

const TIME: RepTime = { now: NOW, zone: NEW_YORK, days: [1, 2, 3, 4, 5] };

function of(more: Partial<Task>): Task {
  return { provider: 'gong', id: '1', title: 'Call', dueAt: NOW + HOUR, ...more };
}

const FRIDAY = NOW - 3 * DAY;

test.each<[string, Partial<Task>, Reason | undefined]>([
  ['nothing but a due date', {}, undefined],
  ['no date at all', { dueAt: undefined }, undefined],
  ['due this morning, and late', { dueAt: NOW - HOUR }, undefined],
  ['due on Friday', { dueAt: FRIDAY }, { why: 'late', workingDays: 1 }],
  ['due on Saturday', { dueAt: NOW - 2 * DAY }, { why: 'late', workingDays: 1 }],
  ['due on Friday a week ago', { dueAt: FRIDAY - 7 * DAY }, { why: 'late', workingDays: 6 }],
  ['urgent, and late', { dueAt: FRIDAY, priority: 'urgent' }, { why: 'priority', name: 'urgent', isMost: true }],
  ['of high priority', { priority: 'High' }, { why: 'priority', name: 'High', isMost: false }],
  ['of low priority, which is none to be first', { priority: 'Low' }, undefined],
  ['of a priority that means nothing by itself', { priority: 'P1' }, undefined],
  [
    'with a deal that closes on Sunday',
    { deal: { closesOn: '2026-11-29' } },
    { why: 'deal', deal: { closesOn: '2026-11-29' }, closesIn: 6 },
  ],
  ['with a deal that closes a day later', { deal: { closesOn: '2026-11-30' } }, undefined],
  ['with a deal that should have closed', { deal: { closesOn: '2026-11-22' } }, undefined],
  ['with a deal that closes on no day', { deal: { closesOn: '2026-11-31' } }, undefined],
  ['skipped tomorrow night', { skipsAt: NOW + DAY + 14 * HOUR }, { why: 'skips', at: NOW + DAY + 14 * HOUR }],
  ['skipped on Wednesday', { skipsAt: NOW + DAY + 15 * HOUR }, undefined],
  ['that should have been skipped', { skipsAt: NOW }, undefined],
])('of a task %s', (_what, more, reason) => {
  expect(reasonOf(of(more), TIME)).toEqual(reason);
});

test('is what is lost by waiting, then what somebody decided, then what is at stake, then lateness', () => {
  const all = of({ skipsAt: NOW + 1, priority: 'Urgent', deal: { closesOn: '2026-11-27' }, dueAt: FRIDAY });
  const { skipsAt: _skips, ...kept } = all;
  const { priority: _priority, ...usual } = kept;
  const { deal: _deal, ...poor } = usual;

  expect([all, kept, usual, poor].map((each) => reasonOf(each, TIME)?.why)).toEqual([
    'skips',
    'priority',
    'deal',
    'late',
  ]);
});

test('on the last working day of a week reaches over the days off to the next one', () => {
  const friday = { ...TIME, now: NOW + 4 * DAY };
  const monday = of({ skipsAt: NOW + 7 * DAY, dueAt: undefined });

  expect(reasonOf(monday, friday)?.why).toBe('skips');
  expect(reasonOf(monday, { ...friday, days: [1, 2, 3, 4, 5, 6, 7] })).toBeUndefined();
});

describe('is true, reckoned day by day', () => {
  const zones = ['America/New_York', 'Europe/Berlin', 'Pacific/Apia', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC'];
  const world = fc.record({
    now: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) }),
    zone: fc.constantFrom(...zones),
    days: fc.subarray([1, 2, 3, 4, 5, 6, 7]),
    ago: fc.integer({ min: -3 * DAY, max: 70 * DAY }),
    skips: fc.option(fc.integer({ min: -DAY, max: 5 * DAY }), { nil: undefined }),
    closes: fc.option(fc.integer({ min: -5, max: 12 }), { nil: undefined }),
    priority: fc.constantFrom(undefined, undefined, 'High', 'Low'),
  });
  const dateOf = (at: number, zone: string) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();

  /** One calendar day after another, asked of each whether the rep works on it. */
  function workedDays(from: Temporal.PlainDate, to: Temporal.PlainDate, days: readonly number[]): number {
    let count = 0;
    for (let date = from.add({ days: 1 }); Temporal.PlainDate.compare(date, to) <= 0; date = date.add({ days: 1 })) {
      if ((days.length > 0 ? days : [1, 2, 3, 4, 5]).includes(date.dayOfWeek)) count += 1;
    }
    return count;
  }

  test('for any task, zone and working week', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(world, ({ now, zone, days, ago, skips, closes, priority }) => {
        const today = dateOf(now, zone);
        const dueAt = now - ago;
        const closesOn = closes === undefined ? undefined : today.add({ days: closes }).toString();
        const skipsAt = skips === undefined ? undefined : now + skips;
        const task = of({
          dueAt,
          ...(skipsAt !== undefined && { skipsAt }),
          ...(closesOn !== undefined && { deal: { closesOn } }),
          ...(priority && { priority }),
        });

        const reason = reasonOf(task, { now, zone, days });

        seen.add(reason?.why ?? 'none');
        const late = dueAt < now ? workedDays(dateOf(dueAt, zone), today, days) : 0;
        if (reason?.why === 'skips') {
          expect(skipsAt).toBe(reason.at);
          expect(skips).toBeGreaterThan(0);
          // One more working day may begin before the skip, and no two.
          expect(workedDays(today, dateOf(reason.at, zone), days)).toBeLessThanOrEqual(1);
        } else if (reason?.why === 'priority') {
          expect(priority).toBe('High');
        } else if (reason?.why === 'deal') {
          expect(today.add({ days: reason.closesIn }).toString()).toBe(closesOn);
          expect(reason.closesIn).toBeLessThanOrEqual(6);
        } else {
          expect(reason?.workingDays ?? 0).toBe(Math.min(late, MOST_DAYS_LATE));
        }
      }),
      { numRuns: 600 },
    );
    expect([...seen].sort()).toEqual(['deal', 'late', 'none', 'priority', 'skips']);
  });
});
