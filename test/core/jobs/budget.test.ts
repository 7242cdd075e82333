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
