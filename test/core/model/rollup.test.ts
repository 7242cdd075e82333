/** A rep's row in a roll-up, and when one comes. */
import { expect, test } from 'vitest';
import { nextRollupAt, type RollupRow, type RunCount, rankRows, rollupRow } from '../../../src/core/model/rollup.ts';

const NOW = Date.parse('2026-11-27T15:00:00Z');

const counted = (localDate: string, open: number, more: Partial<RunCount> = {}): RunCount => ({
  userId: 'U1',
  localDate,
  open,
  unanswered: undefined,
  overdue: { tasks: 1, days: 2 },
  ...more,
});

function row(counts: readonly RunCount[], more: Partial<Parameters<typeof rollupRow>[0]> = {}): RollupRow {
  const known = { userId: 'U1', name: 'Ann', isConnected: true, unconnected: [], zone: 'UTC', settled: undefined };
  return rollupRow({ ...known, counts, nameOf: (id) => id.toUpperCase(), ...more }, NOW);
}

test('it shows the last digest, in whatever order they come', () => {
  const { counted: shown } = row([counted('2026-11-26', 7), counted('2026-11-27', 5), counted('2026-11-25', 9)]);

  expect(shown).toEqual({ localDate: '2026-11-27', open: 5, overdue: { tasks: 1, days: 2 } });
});

test.each([
  ['a week before', ['2026-11-20'], 2],
  ['the nearest one that is at least a week older', ['2026-11-17', '2026-11-19', '2026-11-21'], 3],
  ['none that is newer than a week', ['2026-11-21'], undefined],
  ['none that is older than two weeks', ['2026-11-12'], undefined],
  ['two weeks before at the most', ['2026-11-13'], 2],
])('it is compared with %s', (_what, dates, trend) => {
  const before = dates.map((date, index) => counted(date, 10 - 2 + index * -1));

  expect(row([counted('2026-11-27', 10), ...before]).trend).toBe(trend);
});

test('digests that lack different tools are not compared, and those that lack the same are', () => {
  const now = counted('2026-11-27', 10, { unanswered: ['gong', 'reply'] });

  expect(row([now, counted('2026-11-20', 8)]).trend).toBeUndefined();
  expect(row([now, counted('2026-11-20', 8, { unanswered: ['reply', 'gong'] })]).trend).toBe(2);
  expect(row([now]).unanswered).toEqual(['GONG', 'REPLY']);
});

test.each([
  ['2026-11-27', 'UTC', false],
  ['2026-11-26', 'UTC', false],
  ['2026-11-25', 'UTC', true],
  // There it is Saturday already.
  ['2026-11-26', 'Pacific/Auckland', true],
])('a digest of %s in %s is old: %s', (date, zone, isOld) => {
  expect(row([counted(date, 1)], { zone }).isOld).toBe(isOld);
});

test('who is not connected has no counts, and what they settled all the same', () => {
  const settled = { done: 3, dismissed: 0, moved: 1 };

  expect(row([counted('2026-11-27', 5)], { isConnected: false, settled })).toMatchObject({
    counted: undefined,
    trend: undefined,
    done: 3,
    moved: 1,
  });
});

test('the most overdue stand first, then the most open, and at the end who is not connected', () => {
  const named = (name: string, counts: RunCount[], isConnected = true) => row(counts, { name, isConnected });
  const late = (open: number, tasks: number) => [counted('2026-11-27', open, { overdue: { tasks, days: 1 } })];

  const ranked = rankRows([
    named('none yet', []),
    named('away', late(9, 9), false),
    named('b', late(5, 2)),
    named('a', late(5, 2)),
    named('busy', late(50, 1)),
    named('more', late(6, 2)),
  ]);

  expect(ranked.map(({ name }) => name)).toEqual(['more', 'a', 'b', 'busy', 'none yet', 'away']);
});

test('it comes at its local time of its weekday, across a change of the clocks', () => {
  const friday = { day: 5, time: '16:00', zone: 'America/New_York' };
  const at = (iso: string) => new Date(nextRollupAt(friday, Date.parse(iso))).toISOString();

  expect(at('2026-10-30T19:59:59Z')).toBe('2026-10-30T20:00:00.000Z');
  // The clocks went back on the Sunday between.
  expect(at('2026-10-30T20:00:00Z')).toBe('2026-11-06T21:00:00.000Z');
});
