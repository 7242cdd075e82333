/** What each factor does to the order, one at a time and against the others. */
import { describe, expect, test } from 'vitest';
import { rank } from '../../../src/core/digests/rank.ts';
import { DEFAULT_WEIGHTS, type Factor, type Weights } from '../../../src/core/model/ranking.ts';
import type { Task } from '../../../src/core/model/task.ts';
import type { RepTime } from '../../../src/core/model/time.ts';
import { DAY, HOUR, NEW_YORK } from '../docket.ts';
import { MONDAY_NINE as NOW } from '../provider.ts';

const TIME: RepTime = { now: NOW, zone: NEW_YORK, days: [1, 2, 3, 4, 5] };
const NOTHING: Weights = { overdue: 0, due: 0, priority: 0, amount: 0, closing: 0, kind: 0, skips: 0 };

/** The first id sorts last where all else is equal, so the first task leads only by what it is. */
function pair(one: Partial<Task>, other: Partial<Task>): Task[] {
  const due = { provider: 'gong', title: 'Call', dueAt: NOW + HOUR };
  return [
    { ...due, id: 'z', ...one },
    { ...due, id: 'a', ...other },
  ];
}

function first(tasks: readonly Task[], weights: Weights, time = TIME): string | undefined {
  return rank(tasks, time, weights)[0]?.id;
}

const FRIDAY_NOON = NOW - 3 * DAY + 3 * HOUR;

test.each<[Factor, string, Partial<Task>, Partial<Task>]>([
  ['due', 'what is due sooner', { dueAt: NOW + HOUR }, { dueAt: NOW + 2 * HOUR }],
  ['priority', 'what is urgent', { priority: 'URGENT ' }, { priority: 'High' }],
  ['priority', 'what is of high priority', { priority: 'High' }, {}],
  ['priority', 'what is not of low priority', {}, { priority: 'Low' }],
  ['priority', 'what is usual before low, whatever the tool calls it', { priority: 'P1' }, { priority: 'lowest' }],
  ['amount', 'the larger deal', { deal: { amount: '$48k' } }, { deal: { amount: '$47,999.99' } }],
  ['amount', 'any deal before none', { deal: { amount: '€1' } }, { deal: { amount: 'a lot' } }],
  ['closing', 'what closes sooner', { deal: { closesOn: '2026-11-27' } }, { deal: { closesOn: '2026-11-28' } }],
  [
    'closing',
    'what closes at all before what should have',
    { deal: { closesOn: '2026-12-24' } },
    { deal: { closesOn: '2026-11-22' } },
  ],
  ['kind', 'a call at a time', { kind: 'call' }, { kind: 'email' }],
  ['kind', 'a message before a to-do', { kind: 'sms' }, { kind: 'todo' }],
  [
    'kind',
    'a call at a time before one at none',
    { kind: 'call', dueAt: NOW + 9 * DAY },
    { kind: 'call', dueAt: undefined },
  ],
  ['skips', 'what is skipped soon', { skipsAt: NOW + DAY }, { skipsAt: NOW + 2 * DAY }],
  ['skips', 'what is skipped at all, before what should have been', { skipsAt: NOW + 4 * DAY }, { skipsAt: NOW - 1 }],
])('%s: %s comes first, and where it weighs nothing it does not', (factor, _what, one, other) => {
  const tasks = pair(one, other);

  expect(first(tasks, { ...NOTHING, [factor]: 1 })).toBe('z');
  if (factor !== 'due') expect(first(pair(one, { ...other, dueAt: one.dueAt ?? NOW + HOUR }), NOTHING)).toBe('a');
});

describe('overdue', () => {
  const OVERDUE = { ...NOTHING, overdue: 1 };

  test("is counted in the rep's own working days", () => {
    // Noon and two on a Friday: one working day late on Monday, both. Among equals the earlier comes first.
    const tasks = pair({ dueAt: FRIDAY_NOON + 2 * HOUR, priority: 'Urgent' }, { dueAt: FRIDAY_NOON });
    const thursday = pair({ dueAt: FRIDAY_NOON - DAY }, { dueAt: FRIDAY_NOON, priority: 'Urgent' });
    const weights = { ...OVERDUE, priority: 0.01 };

    expect(first(tasks, weights)).toBe('z');
    expect(first(thursday, weights)).toBe('z');
    // For who works on Mondays alone, Thursday and Friday are the same.
    expect(first(thursday, weights, { ...TIME, days: [1] })).toBe('a');
  });

  test('is by the local day, not by hours', () => {
    const late = pair({ dueAt: FRIDAY_NOON - 12 * HOUR - 1 }, { dueAt: FRIDAY_NOON - 12 * HOUR, priority: 'Urgent' });

    expect(first(late, { ...OVERDUE, priority: 0.01 })).toBe('z');
    expect(first(late, { ...OVERDUE, priority: 0.01 }, { ...TIME, zone: 'Europe/Berlin' })).toBe('a');
  });
});

describe('amounts in several currencies', () => {
  const AMOUNT = { ...NOTHING, amount: 1 };
  const deals = (...amounts: [amount: string, currency?: string][]): Task[] =>
    amounts.map(([amount, currency], index) => ({
      provider: 'gong',
      id: `${index} ${amount}`,
      title: 'Call',
      dueAt: NOW + HOUR,
      deal: { amount, ...(currency && { currency }) },
    }));
  const order = (tasks: Task[]) => rank(tasks, TIME, AMOUNT).map(({ deal }) => deal?.amount);

  test('rank by the share of their own currency that is smaller, without an exchange rate', () => {
    // Of yen: 1/3 and 2/3. Of euros: 1/4, 2/4 and 3/4.
    const tasks = deals(['¥9000000', 'JPY'], ['¥8000000', 'JPY'], ['1 €'], ['2', 'EUR'], ['€3']);

    expect(order(tasks)).toEqual(['€3', '¥9000000', '2', '¥8000000', '1 €']);
  });

  test('stay where they are when a currency loses in value: all its amounts times a hundred', () => {
    const before = deals(['100', 'USD'], ['900', 'USD'], ['300', 'EUR'], ['500', 'EUR'], ['400', 'EUR']);
    const after = before.map((task) =>
      task.deal?.currency === 'USD' ? { ...task, deal: { ...task.deal, amount: `${task.deal.amount}00` } } : task,
    );

    expect(rank(after, TIME).map(({ id }) => id)).toEqual(rank(before, TIME).map(({ id }) => id));
  });

  test.each<[string, { small: string; middle: string; large: string; named?: string }]>([
    ['a symbol and its code', { small: '4 €', middle: '€5', large: '6', named: 'eur' }],
    ['a code before and after, and a symbol with its country', { small: '4 USD', middle: 'USD 5', large: 'US$6' }],
    ['a symbol that its tool explains', { small: 'CA$4', middle: '$5', large: '6', named: 'CAD' }],
    ['numbers of no currency', { small: '4', middle: '5.00', large: '6k' }],
  ])('are of one currency where that can be said: %s', (_what, sums) => {
    const { small, middle, large, named } = sums;
    const tasks = deals([middle, named], [small, named === 'CAD' ? named : undefined], [large, named]);

    expect(order(tasks)).toEqual([large, middle, small]);
  });

  test('that contradict themselves, are below zero or are no number count as none', () => {
    const tasks = deals(['€5', 'USD'], ['-900'], ['0'], ['many'], ['1']);

    expect(order(tasks)).toEqual(['1', '€5', '-900', '0', 'many']);
  });
});

test('with the usual weights an urgent task of this afternoon leads a call of this morning, and a large deal does not', () => {
  const call: Task = { provider: 'gong', id: 'call', title: 'Call', kind: 'call', dueAt: NOW + 1.5 * HOUR };
  const urgent: Task = { ...call, id: 'urgent', kind: 'todo', dueAt: NOW + 7 * HOUR, priority: 'Urgent' };
  const large: Task = { ...call, id: 'large', dueAt: NOW + 8 * HOUR, deal: { amount: '$95,000' } };

  expect(rank([large, call, urgent], TIME, DEFAULT_WEIGHTS).map(({ id }) => id)).toEqual(['urgent', 'call', 'large']);
});
