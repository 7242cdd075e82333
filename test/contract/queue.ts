/**
 * What every queue must do. `open` gives an empty one; `transact` is that of the store on the same database. `runs`:
 * how many interleavings are tried.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FOREVER } from '../../src/core/model/digest.ts';
import type { Job, NewJob, Queue } from '../../src/core/ports/queue.ts';
import type { Clock } from '../../src/core/ports/runtime.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { queueLaws } from './queue-laws.ts';

export interface OpenQueue {
  queue: Queue;
  transact: Store['transact'];
  close(): Promise<void>;
}

const LEASE = { limit: 10, leaseMs: 1_000 };

function newJob(key: string, more: Partial<NewJob> = {}): NewJob {
  return { key, payload: { kind: 'perform', actionId: key }, priority: 0, runAt: 100, ...more };
}

async function claimOne(queue: Queue, now: number): Promise<Job> {
  const [job, ...more] = await queue.claim(now, { ...LEASE, limit: 1 });
  if (!job || more.length > 0) throw new Error(`Expected one job, got ${job ? more.length + 1 : 0}`);
  return job;
}

const keys = (jobs: readonly Job[]) => jobs.map((job) => job.key);

export function queueContract(name: string, open: (clock: Clock) => Promise<OpenQueue>, runs = 120): void {
  describe(`queue contract: ${name}`, () => {
    let opened: OpenQueue;
    let now = 0;
    beforeEach(async () => {
      now = 0;
      opened = await open(() => now);
    });
    afterEach(() => opened.close());
    const setNow = (instant: number) => {
      now = instant;
    };

    describe('laws', () => queueLaws(open, runs));
    describe('claims', () => claimContract(() => opened.queue));
    describe('rare turns', () => rareContract(() => opened.queue, setNow));
    describe('signals', () => signalContract(() => opened, setNow));
    describe('transactions', () => transactionContract(() => opened));
  });
}

function claimContract(queue: () => Queue): void {
  it('tells what is due or running by kind, and since when', async () => {
    const digest = { kind: 'digest', teamId: 'T1', userId: 'U1', localDate: '2026-03-02' } as const;
    await queue().enqueue(newJob('a', { payload: digest, runAt: 30 }));
    await claimOne(queue(), 100);
    await queue().enqueue(newJob('b', { payload: digest, runAt: 20 }));
    await queue().enqueue(newJob('c', { payload: digest, runAt: 101 }));
    await queue().enqueue(newJob('d', { payload: { kind: 'renew' }, runAt: 100 }));

    const found = (await queue().backlog(100)).toSorted((one, other) => one.kind.localeCompare(other.kind));
    expect(found).toEqual([
      { kind: 'digest', jobs: 2, oldestAt: 20 },
      { kind: 'renew', jobs: 1, oldestAt: 100 },
    ]);
  });

  it('hands out what was enqueued', async () => {
    const payload = { kind: 'digest', teamId: 'T1', userId: 'U"1', localDate: '2026-03-02' } as const;
    await queue().enqueue(newJob('a', { payload }));
    const job = await claimOne(queue(), 100);
    expect(job).toEqual({
      id: job.id,
      key: 'a',
      payload,
      attempt: 1,
      enqueuedAt: 100,
      token: job.token,
      priority: 0,
      lapses: 0,
    });
  });

  it('goes below zero in its priorities, and waits for ever if told to', async () => {
    await queue().enqueue(newJob('a', { runAt: FOREVER, priority: -1 }));
    expect(await queue().claim(FOREVER - 1, LEASE)).toEqual([]);
    expect(await queue().claim(FOREVER, { ...LEASE, minPriority: 0 })).toEqual([]);
    expect(keys(await queue().claim(FOREVER, LEASE))).toEqual(['a']);
  });

  it('gives every job to one of many claims at once', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `job ${index}`);
    await Promise.all(names.map((name) => queue().enqueue(newJob(name))));
    const claims = await Promise.all(names.map(() => queue().claim(100, { limit: 3, leaseMs: 1_000 })));
    expect(keys(claims.flat()).toSorted()).toEqual(names.toSorted());
  });
}

/** What random steps (`queue-laws.ts`) come by too seldom. */
function rareContract(queue: () => Queue, setNow: (instant: number) => void): void {
  beforeEach(() => queue().enqueue(newJob('a')));

  /** Claims the job at an instant, and gives it back then for later. Says since when it fails. */
  async function giveBack(at: number, runAt: number, free: boolean): Promise<number | undefined> {
    setNow(at);
    const job = await claimOne(queue(), at);
    expect(await queue().retry(job, { runAt, free, error: 'again' })).toBe(true);
    return job.failingSince;
  }

  it('counts trouble from its first failure on, without the time for which a provider asked it to wait', async () => {
    // Told to wait before anything failed: that is no trouble yet.
    expect(await giveBack(100, 500, true)).toBeUndefined();
    expect(await giveBack(500, 550, false)).toBeUndefined();
    expect(await giveBack(550, 600, false)).toBe(500);
    expect(await giveBack(600, 1_600, true)).toBe(500);
    expect((await claimOne(queue(), 1_600)).failingSince).toBe(1_500);
  });

  it('never shortens a lease: a worker may have asked for longer than its heartbeat gives', async () => {
    const held = await claimOne(queue(), 100);
    expect(await queue().extend(held, 60_000)).toBe(true);
    expect(await queue().extend(held, 8_000)).toBe(true);

    expect(await queue().claim(59_999, LEASE)).toEqual([]);
    expect((await claimOne(queue(), 60_000)).attempt).toBe(2);
  });

  it('says when the next job runs that is not due yet, and looks at none that has ended', async () => {
    for (const runAt of [100, 300, 200]) await queue().enqueue(newJob(`job ${runAt}`, { runAt }));
    await queue().cancel('job 200');

    expect(await Promise.all([50, 100, 300].map((at) => queue().nextAfter(at)))).toEqual([100, 300, undefined]);
  });

  it('hastens what waits for a provider in one workspace, or in all of them', async () => {
    const waiting = async (key: string, teamId: string, waitsFor: string) => {
      await queue().enqueue(newJob(key, { payload: { kind: 'link', teamId }, runAt: 0 }));
      await queue().retry(await claimOne(queue(), 1), { runAt: 9_000, free: true, error: 'away', waitsFor });
    };
    await waiting('ours', 'T1', 'gong');
    await waiting('of the other tool', 'T1', 'reply');
    await waiting('theirs', 'T12', 'gong');

    expect(await queue().hasten('gong', 10, 'T1')).toBe(1);
    expect(keys(await queue().claim(10, LEASE))).toEqual(['ours']);
    expect(await queue().hasten('gong', 20)).toBe(1);
    expect(keys(await queue().claim(20, LEASE))).toEqual(['theirs']);
  });

  it('counts the jobs that were given up since, and no others', async () => {
    for (const key of ['done', 'cancelled']) await queue().enqueue(newJob(key, { runAt: 200 }));
    setNow(300);
    expect(await queue().giveUp(await claimOne(queue(), 100), 'it kills the process')).toBe(true);
    expect(await queue().complete(await claimOne(queue(), 200))).toBe(true);
    expect(await queue().cancel('cancelled')).toBe(true);

    expect(await queue().givenUp(300)).toBe(1);
    expect(await queue().givenUp(301)).toBe(0);
  });

  it('takes the job first that lapsed least, whatever its priority', async () => {
    await queue().enqueue(newJob('often', { priority: 5 }));
    const lapse = (at: number, limit: number) => queue().claim(at, { limit, leaseMs: 10, only: 'lapsed' });
    await queue().claim(100, { limit: 1, leaseMs: 10 });
    await queue().claim(200, { limit: 1, leaseMs: 10 });
    await queue().claim(300, { limit: 2, leaseMs: 10 });

    expect(keys(await lapse(400, 1))).toEqual(['a']);
    expect((await lapse(500, 2)).map(({ key, lapses }) => [key, lapses])).toEqual([
      ['a', 2],
      ['often', 3],
    ]);
  });
}

function signalContract(opened: () => OpenQueue, setNow: (instant: number) => void): void {
  it('signals what is due by now or in a moment, and nothing that is due later or known already', async () => {
    const { queue } = opened();
    setNow(100_000);
    let signals = 0;
    queue.onEnqueued(() => {
      signals += 1;
    });
    /** Until no more come. */
    const quiet = async () => {
      for (let before = -1; signals !== before; ) {
        before = signals;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      return signals;
    };
    // Where signals take a while to be set up, the first ones are lost.
    const enqueueSoon = async () => {
      await queue.enqueue(newJob(`job ${performance.now()}`, { runAt: 100_500 }));
      return signals;
    };
    await expect.poll(enqueueSoon).toBeGreaterThan(0);
    const before = await quiet();

    await queue.enqueue(newJob('known', { runAt: 500_000 }));
    await queue.enqueue(newJob('known', { runAt: 100_000 }));
    expect(await quiet()).toBe(before);
    await queue.enqueue(newJob('due', { runAt: 1 }));
    await expect.poll(() => signals).toBe(before + 1);
  });

  it('signals in a transaction too, and whoever looks for work then finds the job', async () => {
    const { queue, transact } = opened();
    const found: string[] = [];
    const claims: Promise<void>[] = [];
    queue.onEnqueued(() => {
      claims.push(queue.claim(100, LEASE).then((jobs) => void found.push(...keys(jobs))));
    });
    // As a worker: it looks from time to time too.
    await expect
      .poll(async () => {
        const key = `job ${performance.now()}`;
        await transact((tx) => queue.enqueue(newJob(key, { runAt: 0 }), tx));
        return found.length;
      })
      .toBeGreaterThan(0);
    await Promise.all(claims);
  });
}

function transactionContract(opened: () => OpenQueue): void {
  it('knows a key in the transaction that enqueues it, and whatever becomes of the job, until it is pruned', async () => {
    const { queue, transact } = opened();
    expect(await queue.knows('a')).toBe(false);
    await transact(async (tx) => {
      await queue.enqueue(newJob('a'), tx);
      expect(await queue.knows('a', tx)).toBe(true);
    });
    await queue.enqueue(newJob('b', { runAt: 500 }));
    await queue.complete(await claimOne(queue, 100));
    await queue.cancel('b');

    for (const key of ['a', 'b']) expect(await queue.knows(key)).toBe(true);
    await queue.prune(FOREVER);
    for (const key of ['a', 'b']) expect(await queue.knows(key)).toBe(false);
  });

  async function held(): Promise<Job> {
    const { queue } = opened();
    await queue.enqueue(newJob('held'));
    await queue.enqueue(newJob('waiting', { runAt: 500 }));
    return claimOne(queue, 100);
  }

  it.each<[string, (job: Job, tx: object) => Promise<boolean>]>([
    ['enqueued', (_, tx) => opened().queue.enqueue(newJob('new'), tx)],
    ['completed', (job, tx) => opened().queue.complete(job, tx)],
    ['given back', (job, tx) => opened().queue.retry(job, { runAt: 0, free: true, error: '' }, tx)],
    ['given up', (job, tx) => opened().queue.giveUp(job, 'no', tx)],
    ['cancelled', (_, tx) => opened().queue.cancel('waiting', tx)],
  ])('takes back what a transaction that failed had %s', async (_, work) => {
    const { queue, transact } = opened();
    const job = await held();
    const stop = new Error('stop');
    const attempt = transact(async (tx) => {
      expect(await work(job, tx)).toBe(true);
      throw stop;
    });
    await expect(attempt).rejects.toBe(stop);

    expect(await queue.open()).toBe(2);
    expect(await queue.complete(job)).toBe(true);
    expect(keys(await queue.claim(FOREVER, LEASE))).toEqual(['waiting']);
  });

  it('keeps what a transaction did', async () => {
    const { queue, transact } = opened();
    const job = await held();
    await transact(async (tx) => {
      await queue.complete(job, tx);
      await queue.enqueue(newJob('b'), tx);
    });
    expect(keys(await queue.claim(FOREVER, LEASE))).toEqual(['b', 'waiting']);
  });

  it('forgets all jobs of one workspace, whatever became of them, and a worker that holds one loses it', async () => {
    const { queue } = opened();
    const jobOf = (key: string, teamId: string) => newJob(key, { payload: { kind: 'link', teamId } });
    await queue.enqueue(jobOf('one', 'T1'));
    const [claimed] = await queue.claim(FOREVER, { ...LEASE, only: 'waiting', kinds: ['link'] });
    for (const key of ['two', 'three']) await queue.enqueue(jobOf(key, 'T1'));
    await queue.cancel('three');
    await queue.enqueue(jobOf('other', 'T12'));
    await queue.forget('T1');

    expect(await Promise.all(['one', 'two', 'three', 'other'].map((key) => queue.knows(key)))).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(claimed && (await queue.complete(claimed))).toBe(false);
  });
}
