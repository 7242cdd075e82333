/**
 * What every queue must do. `open` gives an empty one; `transact` is that of the store on the same database. `runs`:
 * how many interleavings are tried.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FOREVER } from '../../src/core/model/digest.ts';
import type { Job, Queue } from '../../src/core/ports/queue.ts';
import type { Clock } from '../../src/core/ports/runtime.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { claimOne, keys, LEASE, newJob } from './queue-jobs.ts';
import { queueLaws } from './queue-laws.ts';
import { leaseContract } from './queue-leases.ts';

export interface OpenQueue {
  queue: Queue;
  transact: Store['transact'];
  close(): Promise<void>;
}

export function queueContract(name: string, open: (clock: Clock) => Promise<OpenQueue>, runs = 150): void {
  describe(`queue contract: ${name}`, () => {
    let opened: OpenQueue;
    let now = 0;
    beforeEach(async () => {
      now = 0;
      opened = await open(() => now);
    });
    afterEach(() => opened.close());
    const queue = () => opened.queue;

    describe('claims', () => claimContract(queue));
    describe('leases', () => leaseContract(queue));
    describe('trouble', () =>
      troubleContract(queue, (instant) => {
        now = instant;
      }));
    describe('waits for a provider', () => hastenContract(queue));
    describe('lapses', () => lapseContract(queue));
    describe('ends', () =>
      endContract(queue, (instant) => {
        now = instant;
      }));
    describe('transactions', () => transactionContract(() => opened));
    describe('laws', () => queueLaws(open, runs));
  });
}

function claimContract(queue: () => Queue): void {
  it('takes a key once', async () => {
    expect(await queue().enqueue(newJob('a'))).toBe(true);
    expect(await queue().enqueue(newJob('a', { priority: 9, runAt: 0 }))).toBe(false);
    expect(await queue().open()).toBe(1);
    expect(await queue().claim(99, LEASE)).toEqual([]);
  });

  it('hands out what was enqueued', async () => {
    const payload = { kind: 'digest', teamId: 'T1', userId: 'U"1', localDate: '2026-03-02' } as const;
    await queue().enqueue(newJob('a', { payload }));
    const job = await claimOne(queue(), 100);
    expect(job).toEqual({ id: job.id, key: 'a', payload, attempt: 1, enqueuedAt: 100, token: job.token, lapses: 0 });
  });

  it('goes by priority, then by time, then by age', async () => {
    await queue().enqueue(newJob('low', { priority: -1, runAt: 1 }));
    await queue().enqueue(newJob('later', { runAt: 60 }));
    await queue().enqueue(newJob('first', { runAt: 50 }));
    await queue().enqueue(newJob('second', { runAt: 50 }));
    await queue().enqueue(newJob('click', { priority: 5, runAt: 90 }));
    await queue().enqueue(newJob('not yet', { priority: 9, runAt: 101 }));

    expect(keys(await queue().claim(100, { limit: 3, leaseMs: 1_000 }))).toEqual(['click', 'first', 'second']);
    expect(keys(await queue().claim(100, LEASE))).toEqual(['later', 'low']);
    expect(await queue().claim(100, LEASE)).toEqual([]);
  });

  it('leaves what is of lower priority than asked for', async () => {
    await queue().enqueue(newJob('digest', { priority: -1, runAt: 1 }));
    await queue().enqueue(newJob('person', { priority: 0 }));
    await queue().enqueue(newJob('click', { priority: 5 }));

    expect(keys(await queue().claim(100, { ...LEASE, minPriority: 0 }))).toEqual(['click', 'person']);
    // Their leases are out: the bound is for those jobs as well.
    expect(keys(await queue().claim(1_100, { ...LEASE, minPriority: 1 }))).toEqual(['click']);
    expect(keys(await queue().claim(1_100, LEASE))).toEqual(['person', 'digest']);
  });

  it('takes none when asked for none, and waits for ever if told to', async () => {
    await queue().enqueue(newJob('a', { runAt: FOREVER }));
    expect(await queue().claim(FOREVER, { limit: 0, leaseMs: 1 })).toEqual([]);
    expect(await queue().claim(FOREVER - 1, LEASE)).toEqual([]);
    expect(keys(await queue().claim(FOREVER, LEASE))).toEqual(['a']);
  });

  it('gives every job to one of many claims at once', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `job ${index}`);
    await Promise.all(names.map((name) => queue().enqueue(newJob(name))));
    const claims = await Promise.all(names.map(() => queue().claim(100, { limit: 3, leaseMs: 1_000 })));
    expect(keys(claims.flat()).toSorted()).toEqual(names.toSorted());
  });
}

function troubleContract(queue: () => Queue, setNow: (instant: number) => void): void {
  /** Claims the job at an instant, and gives it back then for later. Returns the job as it was claimed. */
  async function giveBack(at: number, again: { runAt: number; free: boolean }): Promise<Job> {
    setNow(at);
    const job = await claimOne(queue(), at);
    expect(await queue().retry(job, { ...again, error: 'again' })).toBe(true);
    return job;
  }

  it('knows since when a job fails: from its first failure on, however often it failed since', async () => {
    await queue().enqueue(newJob('a'));
    expect((await giveBack(150, { runAt: 200, free: false })).failingSince).toBeUndefined();
    expect((await giveBack(200, { runAt: 300, free: false })).failingSince).toBe(150);
    expect((await claimOne(queue(), 300)).failingSince).toBe(150);
  });

  it('does not count the time for which a provider asked it to wait', async () => {
    await queue().enqueue(newJob('a'));
    // Told to wait before anything failed: that is no trouble yet.
    await giveBack(100, { runAt: 500, free: true });
    expect((await giveBack(500, { runAt: 600, free: false })).failingSince).toBeUndefined();
    expect((await giveBack(600, { runAt: 1_600, free: true })).failingSince).toBe(500);
    expect((await claimOne(queue(), 1_600)).failingSince).toBe(1_500);
  });

  it('is not told by a worker that lost its lease', async () => {
    await queue().enqueue(newJob('a'));
    const lost = await claimOne(queue(), 100);
    const held = await claimOne(queue(), 1_100);
    setNow(1_200);
    expect(await queue().retry(lost, { runAt: 0, free: false, error: 'late' })).toBe(false);
    setNow(1_300);
    await queue().retry(held, { runAt: 1_300, free: false, error: 'again' });
    expect((await claimOne(queue(), 1_300)).failingSince).toBe(1_300);
  });
}

function lapseContract(queue: () => Queue): void {
  it('counts the claims in a row that ended in nothing, until the job is given back', async () => {
    await queue().enqueue(newJob('a'));
    const lapses: number[] = [];
    for (let at = 1_000; at <= 4_000; at += 1_000) lapses.push((await claimOne(queue(), at)).lapses);
    const job = await claimOne(queue(), 5_000);
    await queue().extend(job, 6_500);
    await queue().retry(job, { runAt: 6_000, free: true, error: 'again' });

    expect(lapses).toEqual([0, 1, 2, 3]);
    expect((await claimOne(queue(), 6_000)).lapses).toBe(0);
  });

  it('are not wiped out by a worker that kept the job for a while before it died', async () => {
    await queue().enqueue(newJob('a'));
    await queue().extend(await claimOne(queue(), 1_000), 9_000);

    expect((await claimOne(queue(), 9_000)).lapses).toBe(1);
  });

  it('are a side of their own: what waits is claimed without them, and they without what waits', async () => {
    for (const key of ['once', 'twice']) await queue().enqueue(newJob(key, { priority: key === 'twice' ? 5 : 1 }));
    await queue().claim(100, { limit: 1, leaseMs: 10 });
    await queue().claim(200, { limit: 2, leaseMs: 10 });
    await queue().enqueue(newJob('fresh', { runAt: 300 }));

    expect(keys(await queue().claim(300, { ...LEASE, only: 'waiting' }))).toEqual(['fresh']);
    const lapsed = await queue().claim(300, { ...LEASE, only: 'lapsed' });

    // The one that lapsed least goes first, whatever its priority.
    expect(lapsed.map(({ key, lapses }) => [key, lapses])).toEqual([
      ['once', 1],
      ['twice', 2],
    ]);
    expect(await queue().claim(300, LEASE)).toEqual([]);
  });

  it('end when the job is given up, by whoever holds it: it is never claimed again, and its key stays known', async () => {
    await queue().enqueue(newJob('a'));
    const late = await claimOne(queue(), 100);
    const job = await claimOne(queue(), 1_100);

    expect(await queue().giveUp(late, 'late')).toBe(false);
    expect(await queue().givenUp(0)).toBe(0);
    expect(await queue().giveUp(job, 'it kills the process')).toBe(true);
    expect(await queue().givenUp(0)).toBe(1);

    expect(await queue().giveUp(job, 'twice')).toBe(false);
    expect(await queue().complete(job)).toBe(false);
    expect(await queue().claim(FOREVER, LEASE)).toEqual([]);
    expect(await queue().open()).toBe(0);
    expect(await queue().enqueue(newJob('a'))).toBe(false);
  });

  it('leaves kinds that the caller does not know, also behind many that it knows', async () => {
    await queue().enqueue(newJob('unknown', { payload: { kind: 'link', teamId: 'T' }, priority: 9 }));
    await queue().enqueue(newJob('known'));
    const known = { ...LEASE, kinds: ['perform', 'renew'] };

    expect(keys(await queue().claim(100, known))).toEqual(['known']);
    expect(keys(await queue().claim(5_000, known))).toEqual(['known']);
    expect((await queue().openKinds()).toSorted()).toEqual(['link', 'perform']);
    expect(await queue().claim(100, { ...LEASE, kinds: [] })).toEqual([]);
    expect(keys(await queue().claim(100, LEASE))).toEqual(['unknown']);
  });
}

function hastenContract(queue: () => Queue): void {
  async function giveBack(key: string, runAt: number, waitsFor?: string): Promise<void> {
    await queue().enqueue(newJob(key));
    const job = await claimOne(queue(), 100);
    await queue().retry(job, { runAt, free: false, error: 'again', ...(waitsFor && { waitsFor }) });
  }

  it('makes what waits for a provider due at once, and nothing else', async () => {
    await giveBack('gong', 60_000, 'gong');
    await giveBack('gong too', 90_000, 'gong');
    await giveBack('reply', 60_000, 'reply');
    await giveBack('told to wait', 60_000);
    await queue().enqueue(newJob('for later', { runAt: 60_000 }));

    expect(await queue().hasten('gong', 200)).toBe(2);
    expect(await queue().claim(199, LEASE)).toEqual([]);
    const due = await queue().claim(200, LEASE);

    expect(keys(due)).toEqual(['gong', 'gong too']);
    expect(due.map(({ attempt, failingSince }) => [attempt, failingSince])).toEqual([
      [2, 0],
      [2, 0],
    ]);
    expect(await queue().hasten('gong', 300)).toBe(0);
  });

  it('leaves what is due earlier, is held, or waits for something else by now', async () => {
    await giveBack('due', 150, 'gong');
    expect(await queue().hasten('gong', 200)).toBe(0);
    const held = await claimOne(queue(), 200);
    expect(await queue().hasten('gong', 0)).toBe(0);
    await queue().retry(held, { runAt: 900, free: true, error: 'told to wait' });

    expect(await queue().hasten('gong', 300)).toBe(0);
    expect(await queue().claim(899, LEASE)).toEqual([]);
  });
}

function endContract(queue: () => Queue, setNow: (instant: number) => void): void {
  it('never runs a completed key again', async () => {
    await queue().enqueue(newJob('a'));
    const held = await claimOne(queue(), 100);
    expect(await queue().complete(held)).toBe(true);

    expect(await queue().complete(held)).toBe(false);
    expect(await queue().retry(held, { runAt: 0, free: true, error: '' })).toBe(false);
    expect(await queue().enqueue(newJob('a'))).toBe(false);
    expect(await queue().cancel('a')).toBe(false);
    expect(await queue().claim(FOREVER, LEASE)).toEqual([]);
    expect(await queue().open()).toBe(0);
  });

  it('withdraws a job that nobody holds', async () => {
    await queue().enqueue(newJob('a'));
    expect(await queue().cancel('unknown')).toBe(false);
    expect(await queue().cancel('a')).toBe(true);

    expect(await queue().cancel('a')).toBe(false);
    expect(await queue().enqueue(newJob('a'))).toBe(false);
    expect(await queue().claim(FOREVER, LEASE)).toEqual([]);
    expect(await queue().open()).toBe(0);
  });

  it('does not withdraw a job that is held, also when its lease ran out: its worker may still be at it', async () => {
    await queue().enqueue(newJob('a'));
    const held = await claimOne(queue(), 100);
    expect(await queue().cancel('a')).toBe(false);
    await queue().retry(held, { runAt: 100, free: true, error: '' });
    expect(await queue().cancel('a')).toBe(true);
  });

  it('forgets what ended before, and nothing else', async () => {
    for (const key of ['old', 'older', 'young', 'held', 'waiting']) await queue().enqueue(newJob(key));
    const claimed = await queue().claim(100, { limit: 4, leaseMs: 1_000 });
    const [old, , young] = claimed;
    if (!old || !young) throw new Error('Expected four jobs');
    setNow(100);
    await queue().complete(old);
    await queue().retry(claimed[1] ?? old, { runAt: 0, free: true, error: '' });
    await queue().cancel('older');
    setNow(200);
    await queue().complete(young);

    expect(await queue().prune(200)).toBe(2);
    expect(await queue().prune(200)).toBe(0);
    expect(await queue().open()).toBe(2);
    expect(await queue().enqueue(newJob('young'))).toBe(false);
    expect(await queue().enqueue(newJob('old'))).toBe(true);
  });
}

function transactionContract(opened: () => OpenQueue): void {
  const undone = async (work: Parameters<Store['transact']>[0]) => {
    const stop = new Error('stop');
    const attempt = opened().transact(async (tx) => {
      await work(tx);
      throw stop;
    });
    await expect(attempt).rejects.toBe(stop);
  };

  it('takes back what a transaction that failed had done', async () => {
    const { queue } = opened();
    await queue.enqueue(newJob('held'));
    await queue.enqueue(newJob('waiting', { runAt: 500 }));
    const held = await claimOne(queue, 100);

    await undone(async (tx) => expect(await queue.enqueue(newJob('new'), tx)).toBe(true));
    await undone(async (tx) => expect(await queue.complete(held, tx)).toBe(true));
    await undone(async (tx) => expect(await queue.retry(held, { runAt: 0, free: true, error: '' }, tx)).toBe(true));
    await undone(async (tx) => expect(await queue.cancel('waiting', tx)).toBe(true));

    expect(await queue.open()).toBe(2);
    expect(await queue.complete(held)).toBe(true);
    expect(keys(await queue.claim(500, LEASE))).toEqual(['waiting']);
  });

  it('keeps what a transaction did', async () => {
    const { queue, transact } = opened();
    await queue.enqueue(newJob('a'));
    const held = await claimOne(queue, 100);
    await transact(async (tx) => {
      await queue.complete(held, tx);
      await queue.enqueue(newJob('b'), tx);
    });
    expect(keys(await queue.claim(FOREVER, LEASE))).toEqual(['b']);
  });
}
