import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../../sandbox/reply/limiter.ts';
import type { ReplySimulator } from '../../../sandbox/reply/types.ts';
import { ask, MAYA, NOW, OWNER, start, THEO, task } from './reply.ts';

/** So many calls of one user, ten at a time. */
async function calls(reply: ReplySimulator, count: number, as: string | null = MAYA.email): Promise<void> {
  for (let left = count; left > 0; left -= 10) {
    const some = Array.from({ length: Math.min(10, left) }, () => ask(reply, 'GET /v3/whoami', { as }));
    await Promise.all(some);
  }
}

describe('the limiter (reply.md 6)', () => {
  it('lets 100 calls a minute pass, and tells how long to wait', () => {
    const limiter = createLimiter();
    for (let call = 0; call < 100; call += 1) expect(limiter.admit('1', NOW + call * 100)).toBeUndefined();

    expect(limiter.admit('1', NOW + 10_000)).toBe(50);
    // The one that was refused counts, too.
    expect(limiter.admit('1', NOW + 60_000)).toBe(1);
    expect(limiter.admit('2', NOW + 10_000)).toBeUndefined();
  });

  it('lets 3,000 calls an hour pass', () => {
    const limiter = createLimiter();
    const waits = new Set<number | undefined>();
    for (let call = 0; call < 3_000; call += 1) waits.add(limiter.admit('1', NOW + call * 700));

    expect([...waits]).toEqual([undefined]);
    expect(limiter.admit('1', NOW + 3_000 * 700)).toBe(1_500);
    expect(limiter.admit('1', NOW + 3_600_000 + 700)).toBeUndefined();
  });
});

describe('at the door', () => {
  it('every acting user has calls of their own, however they are written, and one more has no effect', async () => {
    const reply = await start({ tasks: [task('1')], rateLimits: true, dialect: 'current' });
    await calls(reply, 100);

    const { status, headers } = await ask(reply, 'DELETE /v3/tasks/1', { as: MAYA.email.toUpperCase() });

    const [type, wait] = ['content-type', 'retry-after'].map((name) => headers.get(name));
    expect([status, type, wait]).toEqual([429, 'application/problem+json', '60']);
    expect(reply.task('1')?.status).toBe('new');
    expect((await ask(reply, 'GET /v3/whoami', { as: THEO.email })).status).toBe(200);
  });

  it('counts calls that name nobody as the owner’s, faults too, and wrong keys as nobody’s', async () => {
    const reply = await start({ rateLimits: true });
    await ask(reply, 'GET /v3/whoami', { as: OWNER.email, headers: { 'x-api-key': 'wrong' } });
    reply.fail({ times: 50, how: { kind: 'answer', status: 500 } });
    await calls(reply, 99, null);

    expect((await ask(reply, 'GET /v3/whoami', { as: OWNER.email })).status).toBe(200);
    expect((await ask(reply, 'GET /v3/whoami', { as: OWNER.email })).status).toBe(429);
  });
});
