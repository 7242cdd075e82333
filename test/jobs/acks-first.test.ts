/** What waits while acknowledgements are under way, and for how long. */
import { setImmediate as afterIo, setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createAcksFirst } from '../../src/jobs/acks-first.ts';

function arrange() {
  const acks = createAcksFirst();
  const done: number[] = [];
  const work = (number: number) => acks.turn().then(() => void done.push(number));
  return { acks, done, work };
}

test('work goes on at once while nothing is acknowledged', async () => {
  const { work, done } = arrange();
  await work(1);
  await work(2);
  expect(done).toEqual([1, 2]);
});

test('work waits until the last acknowledgement is over, and then goes on in its order, one piece for each turn of the loop', async () => {
  const { acks, work, done } = arrange();
  const [first, second] = [acks.begin(), acks.begin()];
  const all = [1, 2, 3].map(work);
  await sleep(30);
  first();
  await sleep(20);
  expect(done).toEqual([]);
  second();
  await Promise.resolve();
  await afterIo();
  expect(done.length).toBeLessThan(3);
  await Promise.all(all);
  expect(done).toEqual([1, 2, 3]);
});

test('an acknowledgement that ends twice ends once', async () => {
  const { acks, work, done } = arrange();
  const [first, second] = [acks.begin(), acks.begin()];
  first();
  first();
  const waiting = work(1);
  await sleep(20);
  expect(done).toEqual([]);
  second();
  await waiting;
});

test('work is not starved by acknowledgements that never end', async () => {
  const { acks, work, done } = arrange();
  acks.begin();
  await Promise.all([1, 2, 3].map(work));
  expect(done).toEqual([1, 2, 3]);
});
