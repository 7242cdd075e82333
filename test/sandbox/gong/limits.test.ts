import { expect, it } from 'vitest';
import { createLimiter } from '../../../sandbox/gong/limiter.ts';
import { breaches } from '../simulator.ts';
import { ask, list, start } from './gong.ts';

const MIDNIGHT = Date.UTC(2026, 2, 9);

it('three calls a second slide: a second after the oldest call there is room for one (gong.md 6)', () => {
  const limiter = createLimiter();

  const waits = [0, 400, 800, 999, 1_000, 1_999, 2_000].map((at) => limiter.admit(MIDNIGHT + at));

  // At 1,000 the calls at 400, 800 and 999 still count, although the last one was refused.
  expect(waits).toEqual([undefined, undefined, undefined, 1, 1, undefined, undefined]);
});

it('they count all endpoints together, wrong keys and unknown routes too', async () => {
  const gong = await start({ rateLimits: true, clock: () => MIDNIGHT });

  await ask(gong, 'GET /v2/users', { headers: { authorization: 'Basic x' } });
  await ask(gong, 'GET /v2/nothing');
  await list(gong);

  expect((await ask(gong, 'GET /v2/users')).status).toBe(429);
  expect(breaches(gong)).toHaveLength(1);
});

it('10,000 calls a day: the rest of the day is refused until midnight UTC (gong.md 6)', () => {
  const limiter = createLimiter();
  for (let call = 0; call < 10_000; call += 1) expect(limiter.admit(MIDNIGHT + call * 1_000)).toBeUndefined();

  expect(limiter.admit(MIDNIGHT + 10_000_000)).toBe(86_400 - 10_000);
  expect(limiter.admit(MIDNIGHT + 86_400_000 - 1)).toBe(1);
  expect(limiter.admit(MIDNIGHT + 86_400_000)).toBeUndefined();
});
