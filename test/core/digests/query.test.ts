import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { matcher, sorted } from '../../../src/core/digests/query.ts';
import { moneyOf } from '../../../src/core/model/currency.ts';
import { queryOf } from '../../../src/core/model/filter.ts';
import { type Query, SORTS, type Sort, type When } from '../../../src/core/model/query.ts';
import { KINDS_OF_TASK, type Task } from '../../../src/core/model/task.ts';
import { DAY, HOUR, NEW_YORK as ZONE } from '../docket.ts';
import { MONDAY_NINE as NOW } from '../provider.ts';

function task(more: Partial<Task> = {}): Task {
  return { provider: 'gong', id: '1', title: 'Call', dueAt: NOW + HOUR, ...more };
}

const noneSnoozed = () => false;
const means = (query: Query, of: Task, now = NOW, zone = ZONE) => matcher(query, { now, zone }, noneSnoozed)(of);

describe('a query by time', () => {
  const at = (text: string) => Date.parse(`${text}-05:00`);
  const dues: Record<string, number | undefined> = {
    longAgo: NOW - 300 * DAY,
    lately: NOW - 6 * 60_000,
    justDue: NOW - 60_000,
    now: NOW,
    lateTonight: at('2026-11-23T23:59:59'),
    tomorrowFirst: at('2026-11-24T00:00:00'),
    sunday: at('2026-11-29T23:59:59'),
    nextMonday: at('2026-11-30T00:00:00'),
    nextSunday: at('2026-12-06T23:59:59'),
    after: at('2026-12-07T00:00:00'),
    undated: undefined,
  };

  test.each<[When, string[]]>([
    [{ is: 'overdue' }, ['longAgo', 'lately']],
    [{ is: 'today' }, ['justDue', 'now', 'lateTonight']],
    [{ is: 'tomorrow' }, ['tomorrowFirst']],
    [{ is: 'week' }, ['justDue', 'now', 'lateTonight', 'tomorrowFirst', 'sunday']],
    [{ is: 'this week' }, ['justDue', 'now', 'lateTonight', 'tomorrowFirst', 'sunday']],
    [{ is: 'next week' }, ['nextMonday', 'nextSunday']],
    [{ is: 'before', date: '2026-11-24' }, ['longAgo', 'lately', 'justDue', 'now', 'lateTonight']],
    [{ is: 'no date' }, ['undated']],
    [{ is: 'snoozed' }, []],
  ])('%j means these', (when, names) => {
    const test = matcher({ when }, { now: NOW, zone: ZONE }, noneSnoozed);

    expect(Object.keys(dues).filter((name) => test(task({ dueAt: dues[name] })))).toEqual(names);
  });

  test("is by the rep's own day", () => {
    const late = task({ dueAt: NOW + 12 * HOUR });

    expect(means({ when: { is: 'today' } }, late)).toBe(true);
    expect(means({ when: { is: 'today' } }, late, NOW, 'Europe/Berlin')).toBe(false);
    expect(means({ when: { is: 'tomorrow' } }, late, NOW, 'Europe/Berlin')).toBe(true);
  });

  test('this week and next week end on Sunday, whatever the day on which it is asked', () => {
    const zones = ['America/New_York', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Apia', 'America/Sao_Paulo'];
    const instants = fc.integer({ min: NOW - 400 * DAY, max: NOW + 400 * DAY });
    fc.assert(
      fc.property(instants, instants, fc.constantFrom(...zones), (now, dueAt, zone) => {
        // Calendar weeks apart, counted from a Monday, by dates alone.
        const week = (when: number) => {
          const date = Temporal.Instant.fromEpochMilliseconds(when).toZonedDateTimeISO(zone).toPlainDate();
          return Math.floor(Temporal.PlainDate.from('1970-01-05').until(date, { largestUnit: 'day' }).days / 7);
        };
        const apart = week(dueAt) - week(now);
        const of = task({ dueAt });

        expect(means({ when: { is: 'this week' } }, of, now, zone)).toBe(dueAt >= now - 5 * 60_000 && apart === 0);
        expect(means({ when: { is: 'next week' } }, of, now, zone)).toBe(apart === 1);
      }),
      { numRuns: 400 },
    );
  });
});

describe('a query by text', () => {
  const dana = task({
    title: 'Discovery call',
    flow: 'Renewals Q4',
    contact: { name: 'Zoë Lindqvist-Österberg', company: 'Façade & Söhne' },
    account: { name: 'ACME Holding' },
    deal: { name: 'Fleet 2027' },
    note: 'Ask about\nthe Übernahme.',
  });

  test.each([
    ...['zoë', 'ZOE', 'osterberg', 'ÖSTERBERG', 'o\u0308sterberg', 'lindqvist-öster', 'facade', 'façade & söhne'],
    ...['acme', 'Acme  Holding', '  acme  ', 'renewals q4', 'discovery', 'fleet 2027', '2027', 'ｆｌｅｅｔ'],
    ...['ubernahme', 'about the'],
  ])('finds %j, whatever its case and accents', (text) => {
    expect(means({ text }, dana)).toBe(true);
  });

  test.each(['dana', 'zoe x', '.*', 'acme|zoe', 'undefined', 'null', '[object'])('does not find %j', (text) => {
    expect(means({ text }, dana)).toBe(false);
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(typeof means({ text }, dana)).toBe('boolean');
      }),
    );
  });
});

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const anyDue = fc
  .constantFrom(undefined, -40, -2, 0, 1, 9, 20, 33, 60, 120, 300)
  .map((hours) => (hours === undefined ? undefined : NOW + hours * HOUR));
const anyTask: fc.Arbitrary<Task> = fc
  .record({
    provider: fc.constantFrom('gong', 'outreach', 'reply'),
    kind: maybe(fc.constantFrom(...KINDS_OF_TASK)),
    priority: maybe(fc.constantFrom('Urgent', 'critical', 'High', 'Low', 'P1')),
    title: fc.constantFrom('Call', 'E-mail', 'Würth'),
    account: maybe(fc.constantFrom('ACME', 'acme', 'Zeta', 'Émile', '')),
    amount: maybe(fc.constantFrom('900', '$48,000', '€ 126,500', 'USD 31200', '€ 900', '0', 'a lot')),
    dueAt: anyDue,
    createdAt: maybe(fc.integer({ min: NOW - 90 * DAY, max: NOW })),
  })
  .map(({ account, amount, ...more }) =>
    JSON.parse(JSON.stringify({ id: '1', ...more, ...(account && { account: { name: account } }), deal: { amount } })),
  );
const someTasks = fc
  .array(anyTask, { maxLength: 30 })
  .map((tasks) => tasks.map((each, index) => ({ ...each, id: `${index}` })));

const NAMED = ['overdue', 'today', 'tomorrow', 'week', 'this week', 'next week', 'no date', 'snoozed'] as const;
const anyWhen: fc.Arbitrary<When> = fc.oneof(
  fc.constantFrom(...NAMED).map((is) => ({ is })),
  fc.constantFrom('2026-11-23', '2026-11-25', '2027-02-01').map((date) => ({ is: 'before' as const, date })),
);
const anyQuery: fc.Arbitrary<Query> = fc
  .record({
    when: maybe(anyWhen),
    kinds: maybe(fc.uniqueArray(fc.constantFrom(...KINDS_OF_TASK), { minLength: 1, maxLength: 3 })),
    tools: maybe(fc.uniqueArray(fc.constantFrom('gong', 'outreach', 'reply'), { minLength: 1 })),
    urgent: maybe(fc.constant(true)),
    text: maybe(fc.constantFrom('wurth', 'CALL', 'acme', ' ')),
  })
  .map((query) => JSON.parse(JSON.stringify(query)));

/** Said once more, without a thought for speed: by local dates as text. */
function expected({ when, kinds, tools, urgent, text }: Query, of: Task): boolean {
  const dateOf = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDate();
  const due = of.dueAt === undefined ? undefined : dateOf(of.dueAt).toString();
  const day = (days: number) => dateOf(NOW).add({ days }).toString();
  const ahead = of.dueAt !== undefined && of.dueAt >= NOW;
  const inTime = {
    overdue: due !== undefined && !ahead,
    today: ahead && due === '2026-11-23',
    tomorrow: due === day(1),
    week: ahead && due !== undefined && due <= day(6),
    'this week': ahead && due !== undefined && due <= '2026-11-29',
    'next week': due !== undefined && due >= '2026-11-30' && due <= '2026-12-06',
    before: due !== undefined && when?.is === 'before' && due < when.date,
    'no date': due === undefined,
    snoozed: Number(of.id) % 2 === 0,
  };
  const words = [of.title, of.account?.name].join(' ').toLowerCase().replace('ü', 'u').replace('é', 'e');
  return [
    !when || inTime[when.is],
    !kinds || kinds.some((kind) => kind === (of.kind ?? 'other')),
    !tools || tools.some((tool) => tool === of.provider),
    !urgent || ['Urgent', 'critical'].includes(of.priority ?? ''),
    !text?.trim() || words.includes(text.toLowerCase()),
  ].every(Boolean);
}

test('every part of a query narrows the list, and the parts count together', () => {
  fc.assert(
    fc.property(someTasks, anyQuery, (tasks, query) => {
      const test = matcher(query, { now: NOW, zone: ZONE }, ({ id }) => Number(id) % 2 === 0);

      expect(tasks.filter(test).map(({ id }) => id)).toEqual(
        tasks.filter((each) => expected(query, each)).map(({ id }) => id),
      );
    }),
    { numRuns: 1_000 },
  );
});

test('the filters of older messages mean what they meant', () => {
  expect(queryOf({ by: 'all' })).toEqual({});
  expect(queryOf({ by: 'week' })).toEqual({ when: { is: 'week' } });
  expect(queryOf({ by: 'snoozed' })).toEqual({ when: { is: 'snoozed' } });
  expect(queryOf({ by: 'text', text: 'acme' })).toEqual({ text: 'acme' });
  expect(queryOf({ by: 'back', tasks: [] })).toBeUndefined();
});

describe('the order', () => {
  const ids = (tasks: readonly Task[]) => tasks.map(({ id }) => id);

  test('loses nothing, keeps what is alike in the order of the ranking, and changes nothing that it was given', () => {
    fc.assert(
      fc.property(someTasks, fc.constantFrom(...SORTS, undefined), (tasks, sort) => {
        const before = ids(tasks);
        const order = sorted(tasks, sort);

        expect(ids(order).toSorted()).toEqual(before.toSorted());
        expect(ids(tasks)).toEqual(before);
        expect(sorted(order, sort)).toEqual(order);
        expect(
          ids(
            sorted(
              tasks.map((each) => ({ ...task(), id: each.id })),
              sort,
            ),
          ),
        ).toEqual(before);
      }),
    );
  });

  test.each<[Sort, (of: Task) => number | string | undefined]>([
    ['due', (of) => of.dueAt],
    ['age', (of) => of.createdAt ?? of.dueAt],
    ['account', (of) => of.account?.name.toLowerCase().replace('é', 'e') || undefined],
  ])('by %s has each before what is larger, and last what has none', (sort, keyOf) => {
    fc.assert(
      fc.property(someTasks, (tasks) => {
        const keys = sorted(tasks, sort).map(keyOf);
        const known = keys.filter((key) => key !== undefined);

        expect(keys.slice(0, known.length)).toEqual(known);
        for (const [index, key] of known.slice(1).entries()) expect(key >= (known[index] ?? '')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('by amount has the largest first in each currency, and last what has none', () => {
    fc.assert(
      fc.property(someTasks, (tasks) => {
        const sums = sorted(tasks, 'amount').map(({ deal }) => moneyOf(deal?.amount, deal?.currency));
        const known = sums.filter((sum) => sum !== undefined);

        expect(sums.slice(0, known.length)).toEqual(known);
        for (const currency of new Set(known.map((sum) => sum.currency))) {
          const values = known.filter((sum) => sum.currency === currency).map(({ value }) => value);
          expect(values).toEqual(values.toSorted((a, b) => b - a));
        }
      }),
      { numRuns: 300 },
    );
  });

  // docs/ranking.md: no exchange rate
  test('by amount of several currencies has the largest of each before the smaller ones', () => {
    const amounts = { a: '$ 900', b: '€ 126,500', c: '$ 48,000', d: '€ 70', e: undefined };
    const tasks = Object.entries(amounts).map(([id, amount]) => task({ id, ...(amount && { deal: { amount } }) }));

    expect(ids(sorted(tasks, 'amount'))).toEqual(['b', 'c', 'a', 'd', 'e']);
  });
});
