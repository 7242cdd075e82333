import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../../sandbox/gong/limiter.ts';
import { ask, list, patch, start, task } from './gong.ts';

const NOON = Date.UTC(2026, 2, 9, 12);

describe('three calls a second (gong.md 6)', () => {
  it('refuses the fourth with Retry-After in whole seconds, without effect', async () => {
    const gong = await start({ tasks: [task('1')], rateLimits: true, clock: () => NOON });

    for (let call = 0; call < 3; call += 1) expect((await list(gong)).status).toBe(200);
    const fourth = await patch(gong, '1', { status: 'DONE' });

    expect(fourth.status).toBe(429);
    expect(fourth.headers.get('retry-after')).toBe('1');
    expect(fourth.requestId).toEqual(expect.any(String));
    expect(fourth.errors).toEqual([expect.any(String)]);
    expect(gong.task('1')?.status).toBe('OPEN');
    expect(gong.requests.at(-1)).toMatchObject({ status: 429, fault: false });
    expect(gong.unexpected).toEqual([]);
  });

  it('slides: a second after the oldest call there is room for one', async () => {
    let now = NOON;
    const gong = await start({ rateLimits: true, clock: () => now });
    const statuses: number[] = [];

    for (const at of [0, 400, 800, 999, 1_000, 1_999, 2_000]) {
      now = NOON + at;
      statuses.push((await list(gong)).status);
    }

    // At 1,000 the calls at 400, 800 and 999 still count, although the last one was refused.
    expect(statuses).toEqual([200, 200, 200, 429, 429, 200, 200]);
  });

  it('counts all endpoints together, wrong keys and unknown routes too', async () => {
    const gong = await start({ rateLimits: true, clock: () => NOON });

    await ask(gong, 'GET', '/v2/users', { headers: { authorization: 'Basic x' } });
    await ask(gong, 'GET', '/v2/nothing');
    await list(gong);

    expect((await ask(gong, 'GET', '/v2/users')).status).toBe(429);
  });

  it('is on unless switched off, and then never refuses', async () => {
    const strict = await start({ rateLimits: undefined, clock: () => NOON });
    const open = await start({ rateLimits: false, clock: () => NOON });

    const statuses = { strict: new Set<number>(), open: new Set<number>() };
    for (let call = 0; call < 6; call += 1) {
      statuses.strict.add((await list(strict)).status);
      statuses.open.add((await list(open)).status);
    }

    expect([...statuses.strict]).toEqual([200, 429]);
    expect([...statuses.open]).toEqual([200]);
  });
});

describe('10,000 calls a day (gong.md 6)', () => {
  it('refuses the rest of the day until midnight UTC', () => {
    const limiter = createLimiter();
    const start = Date.UTC(2026, 2, 9);
    let at = start;
    for (let call = 0; call < 10_000; call += 1) {
      expect(limiter.admit(at)).toBeUndefined();
      at += 1_000;
    }

    expect(limiter.admit(at)).toBe(86_400 - 10_000);
    expect(limiter.admit(start + 86_400_000 - 1)).toBe(1);
    expect(limiter.admit(start + 86_400_000)).toBeUndefined();
  });
});
