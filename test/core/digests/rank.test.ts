import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countGroups, rank } from '../../../src/core/digests/rank.ts';
import { isSkippedBy } from '../../../src/core/model/action-rules.ts';
import { groupOf } from '../../../src/core/model/group.ts';
import { DEFAULT_WEIGHTS, FACTORS, type Factor, type Weights } from '../../../src/core/model/ranking.ts';
import { KINDS_OF_TASK, type Task } from '../../../src/core/model/task.ts';
import type { RepTime } from '../../../src/core/model/time.ts';
import { DAY, HOUR, NEW_YORK as ZONE } from '../docket.ts';
import { MONDAY_NINE as NOW } from '../provider.ts';

const MINUTE = 60_000;

function task(more: Partial<Task> = {}): Task {
  return { provider: 'gong', id: '1', title: 'Call', dueAt: NOW + HOUR, ...more };
}

const TIME: RepTime = { now: NOW, zone: ZONE, days: [1, 2, 3, 4, 5] };
const keyOf = ({ provider, id }: Task) => `${provider} ${id}`;
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const anyTask: fc.Arbitrary<Task> = fc
  .record({
    provider: fc.constantFrom('gong', 'outreach', 'reply'),
    id: fc.integer({ min: 1, max: 40 }).map(String),
    title: fc.constant('Call'),
    kind: maybe(fc.constantFrom(...KINDS_OF_TASK)),
    priority: maybe(fc.oneof(fc.constantFrom('Urgent', 'high', 'Low', 'P1'), fc.string())),
    amount: maybe(
      fc.oneof(
        fc.constantFrom('48000', '$48,000', '€ 126,500', 'USD 31200', '', '0', '-5', 'a lot', '9'.repeat(400)),
        fc.integer({ min: 1, max: 9 }).map((sum) => `${sum}00`),
        fc.string(),
      ),
    ),
    currency: maybe(fc.constantFrom('USD', 'EUR', 'doubloons')),
    closesOn: maybe(fc.constantFrom('2026-11-23', '2026-11-27', '2027-02-01', '2020-01-01', '2027-02-30', 'soon')),
    dueAt: fc.oneof(
      fc.constant(undefined),
      fc.constantFrom(NOW, NOW + HOUR),
      fc.integer({ min: NOW - 60 * DAY, max: NOW + 60 * DAY }),
      fc.integer({ min: 0, max: 2 * NOW }),
    ),
    skipsAt: maybe(fc.integer({ min: NOW - 2 * DAY, max: NOW + 8 * DAY })),
  })
  .map(({ amount, currency, closesOn, ...more }) =>
    JSON.parse(JSON.stringify({ ...more, deal: { amount, currency, closesOn } })),
  );

const someTasks = fc.uniqueArray(anyTask, { selector: keyOf, minLength: 1, maxLength: 30 });
const anyWeights: fc.Arbitrary<Weights> = fc.oneof(
  fc.constant(DEFAULT_WEIGHTS),
  fc.record(
    Object.fromEntries(FACTORS.map((factor) => [factor, fc.constantFrom(0, 0.5, 1, 7, 100)])) as Record<
      Factor,
      fc.Arbitrary<number>
    >,
  ),
);

describe('the order', () => {
  // gong.md 2.2: the list has no order, so it is sorted here
  test('of what is alike is by due time, then by provider and id; in a group, the larger deal first; undated last', () => {
    const tasks = [
      task({ id: 'undated', dueAt: undefined, deal: { amount: '9999999' } }),
      task({ id: 'b', dueAt: NOW }),
      task({ id: 'late', dueAt: NOW - DAY }),
      task({ id: 'small', dueAt: NOW, deal: { amount: '$900' } }),
      task({ id: 'large', dueAt: NOW, deal: { amount: '$48,000' } }),
      task({ id: 'a', dueAt: NOW }),
      task({ id: 'a', dueAt: NOW, provider: 'outreach' }),
    ];

    const order = rank(tasks, TIME).map(({ id, provider }) => (provider === 'gong' ? id : `${provider} ${id}`));

    expect(order).toEqual(['late', 'large', 'small', 'a', 'b', 'outreach a', 'undated']);
  });

  test('is the same whatever order tasks came in, and loses none', () => {
    fc.assert(
      fc.property(someTasks, fc.infiniteStream(fc.nat()), anyWeights, (tasks, random, weights) => {
        const shuffled = tasks
          .map((each) => ({ each, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each);

        const ranked = rank(tasks, TIME, weights);

        expect(rank(shuffled, TIME, weights)).toEqual(ranked);
        expect(rank(ranked, TIME, weights)).toEqual(ranked);
        expect(new Set(ranked)).toEqual(new Set(tasks));
        expect(ranked).toHaveLength(tasks.length);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps groups together, whatever the weights: overdue, today, upcoming', () => {
    const order = ['overdue', 'today', 'upcoming'];
    fc.assert(
      fc.property(someTasks, anyWeights, (tasks, weights) => {
        const groups = rank(tasks, TIME, weights).map((each) => order.indexOf(groupOf(each, NOW, ZONE)));

        expect(groups).toEqual([...groups].sort());
      }),
    );
  });

  /** What makes a task more pressing, all else being equal. undefined: there is no more. */
  const MORE: [string, (of: Task, by: number) => Task | undefined][] = [
    ['due earlier', (of, by) => (of.dueAt === undefined ? undefined : { ...of, dueAt: of.dueAt - by * HOUR })],
    ['due at all', (of, by) => (of.dueAt === undefined ? { ...of, dueAt: NOW + by * HOUR } : undefined)],
    [
      'overdue by more working days',
      (of, by) => (of.dueAt !== undefined && of.dueAt < NOW ? { ...of, dueAt: of.dueAt - by * DAY } : undefined),
    ],
    ['urgent', (of) => ({ ...of, priority: 'Urgent' })],
    ['usual instead of low', (of) => (of.priority === 'Low' ? { ...of, priority: 'Normal' } : undefined)],
    [
      'larger in its currency',
      (of, by) => (/^\d00$/.test(of.deal?.amount ?? '') ? withDeal(of, { amount: `${by + 9}00` }) : undefined),
    ],
    ['with an amount instead of none', (of, by) => (of.deal?.amount ? undefined : withDeal(of, { amount: `${by}` }))],
    ['closing sooner', (of) => withDeal(of, { closesOn: '2026-11-23' })],
    ['a call instead of a to-do', (of) => (of.kind === 'todo' ? { ...of, kind: 'call' } : undefined)],
    [
      'skipped sooner',
      (of, by) => ({
        ...of,
        skipsAt: Math.min(NOW + by * 60_000, of.skipsAt && of.skipsAt > NOW ? of.skipsAt : NOW + DAY),
      }),
    ],
  ];
  const withDeal = (of: Task, more: Task['deal']): Task => ({ ...of, deal: { ...of.deal, ...more } });

  test.each(MORE)('never puts a task lower for being %s', (_what, more) => {
    let tried = 0;
    fc.assert(
      fc.property(someTasks, fc.nat(), fc.integer({ min: 1, max: 90 }), anyWeights, (tasks, which, by, weights) => {
        const index = which % tasks.length;
        const before = tasks[index] as Task;
        const after = more(before, by);
        if (!after) return;
        tried += 1;
        const place = (of: Task, all: readonly Task[]) => rank(all, TIME, weights).map(keyOf).indexOf(keyOf(of));

        expect(place(after, tasks.with(index, after))).toBeLessThanOrEqual(place(before, tasks));
      }),
      { numRuns: 400 },
    );
    expect(tried).toBeGreaterThan(5);
  });

  test('leaves what it was given as it was', () => {
    const tasks = [task({ dueAt: NOW + DAY }), task({ dueAt: NOW })];

    rank(tasks, TIME);

    expect(tasks.map((each) => each.dueAt)).toEqual([NOW + DAY, NOW]);
  });
});

describe('a group', () => {
  const endOfDay = Date.parse('2026-11-24T05:00:00Z');

  test.each([
    [NOW - 5 * MINUTE - 1, 'overdue'],
    // Due now.
    [NOW - 5 * MINUTE, 'today'],
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
    const tasks = [NOW - DAY, NOW - HOUR, NOW, NOW + DAY, undefined].map((dueAt) => task({ dueAt }));

    expect(countGroups(tasks, NOW, ZONE)).toEqual({ overdue: 2, today: 1, upcoming: 2 });
    expect(countGroups([], NOW, ZONE)).toEqual({ overdue: 0, today: 0, upcoming: 0 });
  });
});

test('a task is skipped by a time at or after the moment at which its provider skips it, and never without one', () => {
  expect([999, 1_000, 1_001].map((dueAt) => isSkippedBy(dueAt, { skipsAt: 1_000 }))).toEqual([false, true, true]);
  expect(isSkippedBy(Number.MAX_SAFE_INTEGER, {})).toBe(false);
});
