import { expect, test } from 'vitest';
import { fewAtOnce, inTurns } from '../../../src/core/people/turns.ts';

test('a long loop gives others a turn after every few items, and keeps the order', async () => {
  const order: (number | 'other')[] = [];
  setImmediate(() => order.push('other'));

  for await (const item of inTurns(Array.from({ length: 100 }, (_, index) => index))) order.push(item);

  expect(order.filter((each) => each !== 'other')).toEqual(Array.from({ length: 100 }, (_, index) => index));
  expect(order.indexOf('other')).toBeLessThan(30);
});

test('what is done a few at a time gives others a turn as well, and is done for each, though one fails', async () => {
  const done: (number | 'other')[] = [];
  setImmediate(() => done.push('other'));
  const items = Array.from({ length: 100 }, (_, index) => index);
  const work = async (item: number) => {
    if (item === 50) throw new Error('no luck');
    done.push(item);
  };

  await expect(fewAtOnce(items, work)).rejects.toThrow('no luck');

  expect(done.indexOf('other')).toBeLessThan(30);
  expect(done).toContain(51);
  expect(done).not.toContain(99);
});
