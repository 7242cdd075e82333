import { beforeEach, expect, it } from 'vitest';
import type { Queue } from '../../src/core/ports/queue.ts';
import { claimOne, LEASE, newJob } from './queue-jobs.ts';

export function leaseContract(queue: () => Queue): void {
  beforeEach(() => queue().enqueue(newJob('a')));

  it('gives a job away again when its lease ran out, and not a millisecond before', async () => {
    const lost = await claimOne(queue(), 5_000);
    expect(await queue().claim(5_999, LEASE)).toEqual([]);
    const again = await claimOne(queue(), 6_000);

    expect(again).toMatchObject({ id: lost.id, attempt: 2 });
    expect(again.token).toBeGreaterThan(lost.token);
  });

  it('lets a worker that lost its lease change nothing', async () => {
    const lost = await claimOne(queue(), 100);
    const held = await claimOne(queue(), 1_100);

    expect(await queue().extend(lost, 9_000)).toBe(false);
    expect(await queue().retry(lost, { runAt: 0, free: true, error: 'late' })).toBe(false);
    expect(await queue().complete(lost)).toBe(false);
    expect(await queue().claim(2_099, LEASE)).toEqual([]);
    expect(await queue().complete(held)).toBe(true);
  });

  it('keeps a job with a worker whose lease ran out unnoticed', async () => {
    const held = await claimOne(queue(), 100);
    expect(await queue().extend(held, 90_000)).toBe(true);
    expect(await queue().claim(89_999, LEASE)).toEqual([]);
    expect(await queue().complete(held)).toBe(true);
  });

  it('never shortens a lease: a worker may have asked for longer than its heartbeat gives', async () => {
    const held = await claimOne(queue(), 100);
    expect(await queue().extend(held, 60_000)).toBe(true);
    expect(await queue().extend(held, 8_000)).toBe(true);

    expect(await queue().claim(59_999, LEASE)).toEqual([]);
    expect((await claimOne(queue(), 60_000)).attempt).toBe(2);
  });

  it('gives a job back for later, and counts the attempt', async () => {
    const held = await claimOne(queue(), 100);
    expect(await queue().retry(held, { runAt: 700, free: false, error: 'unavailable' })).toBe(true);
    expect(await queue().claim(699, LEASE)).toEqual([]);
    expect(await claimOne(queue(), 700)).toMatchObject({ attempt: 2, enqueuedAt: 100 });
  });

  it('does not count a free attempt', async () => {
    for (let round = 0; round < 3; round++) {
      const held = await claimOne(queue(), 100);
      expect(held.attempt).toBe(1);
      await queue().retry(held, { runAt: 100, free: true, error: 'rate_limited' });
    }
  });

  it('lets a job be given back once', async () => {
    const held = await claimOne(queue(), 100);
    const again = { runAt: 100, free: true, error: '' };
    expect(await queue().retry(held, again)).toBe(true);
    expect(await queue().retry(held, again)).toBe(false);
    expect(await queue().complete(held)).toBe(false);
    expect(await queue().extend(held, 9_000)).toBe(false);
    expect((await claimOne(queue(), 100)).attempt).toBe(1);
  });
}
