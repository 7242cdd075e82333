import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../../sandbox/gong/limiter.ts';
import { breaches } from '../simulator.ts';
import { ask, list, patch, start, task } from './gong.ts';

const NOON = Date.UTC(2026, 2, 9, 12);

describe('three calls a second (gong.md 6)', () => {
  it('refuses the fourth with Retry-After in whole seconds, without effect; faults count too', async () => {
    const gong = await start({ tasks: [task('1')], rateLimits: true, clock: () => NOON });
    gong.fail({ how: { kind: 'answer', status: 500 } });

    for (const status of [500, 200, 200]) expect((await list(gong)).status).toBe(status);
    const fourth = await patch(gong, '1', { status: 'DONE' });

    expect(fourth).toMatchObject({
      status: 429,
      json: { requestId: expect.any(String), errors: [expect.any(String)] },
    });
    expect(fourth.headers.get('retry-after')).toBe('1');
    expect(gong.task('1')?.status).toBe('OPEN');
    expect(gong.requests.at(-1)).toMatchObject({ status: 429, fault: false });
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

    await ask(gong, 'GET /v2/users', { headers: { authorization: 'Basic x' } });
    await ask(gong, 'GET /v2/nothing');
    await list(gong);

    expect((await ask(gong, 'GET /v2/users')).status).toBe(429);
    expect(breaches(gong)).toHaveLength(1);
  });

  it.each([
    [undefined, 429],
    [false, 200],
  ])('is on unless switched off: with %s the sixth call is answered %i', async (rateLimits, status) => {
    const gong = await start({ rateLimits, clock: () => NOON });

    for (let call = 0; call < 5; call += 1) await list(gong);

    expect((await list(gong)).status).toBe(status);
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
