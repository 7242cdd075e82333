import { expect, it } from 'vitest';
import { createLimiter } from '../../../sandbox/gong/limiter.ts';
import { breaches } from '../simulator.ts';
import { ask, list, patch, start, task } from './gong.ts';

const MIDNIGHT = Date.UTC(2026, 2, 9);

it('three calls a second slide: a second after the oldest call there is room for one (gong.md 6)', () => {
  const limiter = createLimiter();

  const waits = [0, 400, 800, 999, 1_000, 1_999, 2_000].map((at) => limiter.admit(MIDNIGHT + at));

  // At 1,000 the calls at 400, 800 and 999 still count, although the last one was refused.
  expect(waits).toEqual([undefined, undefined, undefined, 1, 1, undefined, undefined]);
});

it('they count all endpoints together, wrong keys, unknown routes and faults too, and refuse one more without effect', async () => {
  const gong = await start({ tasks: [task('1')], rateLimits: true, clock: () => MIDNIGHT });
  gong.fail({ how: { kind: 'answer', status: 500 } });

  await list(gong);
  await ask(gong, 'GET /v2/users', { headers: { authorization: 'Basic x' } });
  await ask(gong, 'GET /v2/nothing');
  const refused = await patch(gong, '1', { status: 'DONE' });

  expect(refused).toMatchObject({ status: 429, json: { errors: [expect.any(String)] } });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(gong.requests.at(-1)).toMatchObject({ status: 429, fault: false });
  expect(gong.task('1')?.status).toBe('OPEN');
  expect(breaches(gong)).toHaveLength(1);
});

it('10,000 calls a day: the rest of the day is refused until midnight UTC (gong.md 6)', () => {
  const limiter = createLimiter();
  for (let call = 0; call < 10_000; call += 1) expect(limiter.admit(MIDNIGHT + call * 1_000)).toBeUndefined();

  expect(limiter.admit(MIDNIGHT + 10_000_000)).toBe(86_400 - 10_000);
  expect(limiter.admit(MIDNIGHT + 86_400_000 - 1)).toBe(1);
  expect(limiter.admit(MIDNIGHT + 86_400_000)).toBeUndefined();
});
