/** A tool's calls of a day: all processes count together, and clicks come last to be refused. */
import { expect, test } from 'vitest';
import { createBudget } from '../../../src/core/jobs/budget.ts';
import { MEMORY, openUrl } from '../../store/open.ts';

const NOON = Date.UTC(2026, 10, 27, 12);
const TWELVE_HOURS = 12 * 3_600_000;

async function arrange(perDay = 100) {
  let now = NOON;
  const { store, close } = await openUrl(MEMORY);
  const make = () => createBudget({ store, clock: () => now }, 'gong', perDay);
  const spend = (budget: ReturnType<typeof make>, calls: number) => {
    for (let call = 0; call < calls; call += 1) budget.spend();
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { store, make, spend, pass, close };
}

test('lists are refused once four fifths are spent, until the next day in UTC; clicks go on', async () => {
  const { make, spend, pass, close } = await arrange();
  const budget = make();
  spend(budget, 79);
  expect(await budget.take('digest')).toBeUndefined();
  for (const priority of ['digest', 'sweep', 'person'] as const) expect(await budget.take(priority)).toBe(TWELVE_HOURS);
  expect(await budget.take('click')).toBeUndefined();
  spend(budget, 25);
  expect(await budget.take('click')).toBeUndefined();
  expect(budget.left()).toBe(0);

  pass(TWELVE_HOURS);
  expect(budget.left()).toBe(100);
  expect(await budget.take('digest')).toBeUndefined();
  await close();
});

test('is short from half of the day on', async () => {
  const { make, spend, close } = await arrange();
  const budget = make();
  spend(budget, 49);
  expect(budget.isShort()).toBe(false);
  spend(budget, 1);
  expect(budget.isShort()).toBe(true);
  await close();
});

test('two processes know of each other once they have shared, and a new one knows what is spent', async () => {
  const { make, spend, close } = await arrange();
  const [first, second] = [make(), make()];
  spend(first, 30);
  spend(second, 20);
  await first.share();
  await second.share();
  expect(second.left()).toBe(50);
  spend(first, 1);
  await first.share();
  expect(first.left()).toBe(49);
  const third = make();
  await third.share();
  expect(third.left()).toBe(49);
  await close();
});

test('what could not be written is written the next time, and nothing twice', async () => {
  const { store, make, spend, close } = await arrange();
  const budget = make();
  const { add } = store.spending;
  store.spending.add = () => Promise.reject(new Error('locked'));
  spend(budget, 10);
  await expect(budget.share()).rejects.toThrow('locked');
  expect(budget.left()).toBe(90);
  store.spending.add = add;
  await budget.share();
  await budget.share();
  expect(budget.left()).toBe(90);
  await close();
});

test('lists of four processes together take nothing of what is kept for clicks, however many wait at once', async () => {
  const { store, spend, close } = await arrange();
  const four = Array.from({ length: 4 }, () =>
    createBudget({ store, clock: () => NOON, isShared: true }, 'gong', 10_000),
  );
  for (const [index, budget] of four.entries()) spend(budget, 1_840 + index);
  const tick = () => Promise.all(four.map((budget) => budget.share()));
  await tick();
  await tick();

  // A minute's calls at once, which Gong would not take so fast.
  const lists = four.flatMap((budget) => Array.from({ length: 60 }, () => budget.take('digest')));
  let taken = (await Promise.all(lists)).filter((closedMs) => closedMs === undefined).length;
  const takeOne = async (): Promise<number | undefined> => {
    const closed = await Promise.all(four.map((budget) => budget.take('digest')));
    taken += closed.filter((closedMs) => closedMs === undefined).length;
    return Math.min(...closed.map((closedMs) => closedMs ?? 0));
  };
  await expect.poll(takeOne, { interval: 0, timeout: 5_000 }).toBe(TWELVE_HOURS);
  expect(taken).toBeGreaterThan(600);
  for (const budget of four) await budget.share();
  expect(four[3]?.left()).toBe(10_000 - 7_366 - taken);
  expect(four[3]?.left()).toBeGreaterThanOrEqual(2_000);
  expect(await four[0]?.take('click')).toBeUndefined();
  await close();
});

test('a process that just started asks what is spent before it lists, and lists nothing that it cannot count', async () => {
  const { store, make, spend, close } = await arrange();
  const before = make();
  spend(before, 80);
  await before.share();
  const { add } = store.spending;
  const started = createBudget({ store, clock: () => NOON, isShared: true }, 'gong', 100);
  store.spending.add = () => Promise.reject(new Error('away'));
  expect(await started.take('digest')).toBe(2_000);
  store.spending.add = add;
  expect(await started.take('digest')).toBe(TWELVE_HOURS);
  await started.share();
  expect(started.left()).toBe(20);
  await close();
});

test('in one process no call costs a statement', async () => {
  const { store, make, spend, close } = await arrange();
  const budget = make();
  spend(budget, 70);
  store.spending.add = () => Promise.reject(new Error('asked'));
  expect(await budget.take('digest')).toBeUndefined();
  await close();
});
