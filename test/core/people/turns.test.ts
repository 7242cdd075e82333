import { expect, test } from 'vitest';
import { inTurns } from '../../../src/core/people/turns.ts';

test('a long loop gives others a turn after every few items, and keeps the order', async () => {
  const order: (number | 'other')[] = [];
  setImmediate(() => order.push('other'));

  for await (const item of inTurns(Array.from({ length: 100 }, (_, index) => index))) order.push(item);

  expect(order.filter((each) => each !== 'other')).toEqual(Array.from({ length: 100 }, (_, index) => index));
  expect(order.indexOf('other')).toBeLessThan(30);
});
