import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countGroups, groupOf, matches, rank, type TaskFilter } from '../../../src/core/digests/rank.ts';
import { isSkippedBy } from '../../../src/core/model/action-rules.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { DAY, HOUR, NEW_YORK as ZONE } from '../docket.ts';
import { MONDAY_NINE as NOW } from '../provider.ts';

function task(more: Partial<Task> = {}): Task {
  return { provider: 'gong', id: '1', title: 'Call', dueAt: NOW + HOUR, ...more };
}

const anyTask: fc.Arbitrary<Task> = fc.record({
  provider: fc.constantFrom('gong', 'outreach', 'reply'),
  id: fc.integer({ min: 1, max: 40 }).map(String),
  title: fc.constant('Call'),
  deal: fc
    .oneof(fc.constantFrom('48000', '$48,000', '', 'a lot', '1.2.3', '9'.repeat(400)), fc.string())
    .map((amount) => ({ amount })),
  dueAt: fc.oneof(fc.constant(undefined), fc.constantFrom(NOW, NOW + HOUR), fc.integer({ min: 0, max: 2 * NOW })),
});

describe('the order', () => {
  // gong.md 2.2: the list has no order, so it is sorted here
  test('is by due time, then by the larger deal, then by provider and id; without a due time last', () => {
    const tasks = [
      task({ id: 'undated', dueAt: undefined, deal: { amount: '9999999' } }),
      task({ id: 'b', dueAt: NOW }),
      task({ id: 'late', dueAt: NOW - DAY }),
      task({ id: 'small', dueAt: NOW, deal: { amount: '900' } }),
      task({ id: 'large', dueAt: NOW, deal: { amount: '$48,000' } }),
      task({ id: 'a', dueAt: NOW }),
      task({ id: 'a', dueAt: NOW, provider: 'outreach' }),
    ];

    const order = rank(tasks).map(({ id, provider }) => (provider === 'gong' ? id : `${provider} ${id}`));

    expect(order).toEqual(['late', 'large', 'small', 'a', 'b', 'outreach a', 'undated']);
  });

  test('is the same whatever order tasks came in, and loses none', () => {
    const some = fc.uniqueArray(anyTask, { selector: ({ provider, id }) => `${provider} ${id}`, maxLength: 30 });
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.nat()), (tasks, random) => {
        const shuffled = tasks
          .map((each) => ({ each, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each);

        const ranked = rank(tasks);

        expect(rank(shuffled)).toEqual(ranked);
        expect(rank(ranked)).toEqual(ranked);
        expect(new Set(ranked)).toEqual(new Set(tasks));
        expect(ranked).toHaveLength(tasks.length);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps groups together: overdue, today, upcoming', () => {
    const order = ['overdue', 'today', 'upcoming'];
    fc.assert(
      fc.property(fc.array(anyTask, { maxLength: 30 }), (tasks) => {
        const groups = rank(tasks).map((each) => order.indexOf(groupOf(each, NOW, ZONE)));

        expect(groups).toEqual([...groups].sort());
      }),
    );
  });

  test('leaves what it was given as it was', () => {
    const tasks = [task({ dueAt: NOW + DAY }), task({ dueAt: NOW })];

    rank(tasks);

    expect(tasks.map((each) => each.dueAt)).toEqual([NOW + DAY, NOW]);
  });
});

describe('a group', () => {
  const endOfDay = Date.parse('2026-11-24T05:00:00Z');

  test.each([
    [NOW - 1, 'overdue'],
    [NOW, 'today'],
    [endOfDay - 1, 'today'],
    [endOfDay, 'upcoming'],
    [undefined, 'upcoming'],
  ] as const)('of a task due at %s is %s', (dueAt, group) => {
    expect(groupOf({ dueAt }, NOW, ZONE)).toBe(group);
  });

  // contracts, unknown R5: overdue is reckoned here
  test("is by the rep's own day", () => {
    const dueAt = NOW + 12 * HOUR;

    expect(groupOf({ dueAt }, NOW, ZONE)).toBe('today');
    expect(groupOf({ dueAt }, NOW, 'Europe/Berlin')).toBe('upcoming');
  });

  test('is counted', () => {
    const tasks = [NOW - DAY, NOW - 1, NOW, NOW + DAY, undefined].map((dueAt) => task({ dueAt }));

    expect(countGroups(tasks, NOW, ZONE)).toEqual({ overdue: 2, today: 1, upcoming: 2 });
    expect(countGroups([], NOW, ZONE)).toEqual({ overdue: 0, today: 0, upcoming: 0 });
  });
});

describe('a filter', () => {
  const dues = {
    longAgo: NOW - 300 * DAY,
    justNow: NOW - 1,
    today: NOW + HOUR,
    sunday: Date.parse('2026-11-29T23:59:00-05:00'),
    nextMonday: Date.parse('2026-11-30T00:00:00-05:00'),
    undated: undefined,
  };
  const matching = (filter: TaskFilter) =>
    Object.entries(dues)
      .filter(([, dueAt]) => matches(task({ dueAt }), filter, NOW, ZONE))
      .map(([name]) => name);

  test('by time', () => {
    expect(matching({ by: 'all' })).toEqual(Object.keys(dues));
    expect(matching({ by: 'overdue' })).toEqual(['longAgo', 'justNow']);
    expect(matching({ by: 'today' })).toEqual(['today']);
    expect(matching({ by: 'week' })).toEqual(['today', 'sunday']);
  });

  const dana = task({
    title: 'Discovery call',
    flow: 'Renewals Q4',
    contact: { name: 'Zoë Lindqvist-Österberg', company: 'Façade & Söhne' },
    account: { name: 'ACME Holding' },
    deal: { name: 'Fleet 2027' },
  });

  test.each([
    'zoë',
    'ZOE',
    'osterberg',
    'ÖSTERBERG',
    'o\u0308sterberg',
    'lindqvist-öster',
    'facade',
    'façade & söhne',
    'acme',
    'Acme  Holding',
    '  acme  ',
    'renewals q4',
    'discovery',
    'fleet 2027',
    '2027',
    'ｆｌｅｅｔ',
  ])('by text finds %j, whatever its case and accents', (text) => {
    expect(matches(dana, { by: 'text', text }, NOW, ZONE)).toBe(true);
  });

  test.each(['dana', 'zoe x', '.*', 'acme|zoe', 'undefined', 'null', '[object'])('by text does not find %j', (text) => {
    expect(matches(dana, { by: 'text', text }, NOW, ZONE)).toBe(false);
  });

  test('by any text never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof matches(dana, { by: 'text', text }, NOW, ZONE)).toBe('boolean');
      }),
    );
  });
});

test('a task is skipped by a time at or after the moment at which its provider skips it, and never without one', () => {
  expect([999, 1_000, 1_001].map((dueAt) => isSkippedBy(dueAt, { skipsAt: 1_000 }))).toEqual([false, true, true]);
  expect(isSkippedBy(Number.MAX_SAFE_INTEGER, {})).toBe(false);
});
