import { expect, onTestFinished, test, vi } from 'vitest';
import { KINDS } from '../../src/core/jobs/kinds.ts';
import type { Job, JobPayload, Queue } from '../../src/core/ports/queue.ts';
import { createWorker } from '../../src/jobs/worker.ts';
import { queueMigrations } from '../../src/queue/migrations.ts';
import { createQueue } from '../../src/queue/queue.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { storeMigrations } from '../../src/store/migrations.ts';

const CLICK = 10;
const DIGEST = 1;

type Runs = { [Kind in JobPayload['kind']]: (job: Job, payload: Extract<JobPayload, { kind: Kind }>) => Promise<void> };

async function arrange(runs: Partial<Runs>, options: { clock?: () => number } = {}) {
  const { clock = Date.now } = options;
  const db = openDatabase('file::memory:');
  await migrate(db, { ...storeMigrations, ...queueMigrations });
  const queue = createQueue(db, clock);
  const lines: string[] = [];
  const note = (_: object, message: string) => void lines.push(message);
  const log = { info: note, warn: note, error: note };
  const created = createWorker({ queue, kinds: Object.keys(KINDS), clock, log, urgentPriority: CLICK });
  const run = async (job: Job) => {
    const { payload } = job;
    const own = payload.kind === 'unreadable' ? undefined : runs[payload.kind];
    await (own ? (own as (job: Job, of: Job['payload']) => Promise<void>)(job, payload) : queue.complete(job));
  };
  const worker = { ...created, start: () => created.start(run) };
  onTestFinished(async () => {
    await worker.stop(0);
    await db.destroy();
  });
  let count = 0;
  const enqueue = (priority: number, payload: JobPayload, runAt = clock()) => {
    count += 1;
    return queue.enqueue({ key: `job:${count}`, payload, priority, runAt });
  };
  const click = () => enqueue(CLICK, { kind: 'perform', actionId: '1' });
  const digest = (runAt?: number) =>
    enqueue(DIGEST, { kind: 'digest', teamId: 'T', userId: 'U', localDate: '2026-11-23' }, runAt);
  return { queue, worker, lines, click, digest, enqueue };
}

test('however many digests hang, a click is taken at once', async () => {
  const { promise: passed, resolve: open } = Promise.withResolvers<void>();
  const hanging = vi.fn(() => passed);
  const performed = vi.fn();
  const { queue, worker, click, digest } = await arrange({
    digest: async (job) => {
      await hanging();
      await queue.complete(job);
    },
    perform: async (job) => {
      performed();
      await queue.complete(job);
    },
  });
  for (let number = 0; number < 20; number += 1) await digest();
  worker.start();
  await vi.waitFor(() => expect(hanging).toHaveBeenCalledTimes(8));

  const before = performance.now();
  await click();
  worker.wake();
  await vi.waitFor(() => expect(performed).toHaveBeenCalledTimes(1));

  expect(performance.now() - before).toBeLessThan(300);
  expect(hanging).toHaveBeenCalledTimes(8);
  open();
  await worker.idle();
  expect(hanging).toHaveBeenCalledTimes(20);
  expect(await queue.open()).toBe(0);
});

test('many clicks at once leave no digest waiting for ever, and all are done', async () => {
  const order: string[] = [];
  const { queue, worker, click, digest } = await arrange({
    digest: async (job) => {
      order.push('digest');
      await queue.complete(job);
    },
    perform: async (job) => {
      order.push('click');
      await queue.complete(job);
    },
  });
  await digest();
  for (let number = 0; number < 40; number += 1) await click();
  worker.start();
  await worker.idle();

  expect(order.filter((kind) => kind === 'click')).toHaveLength(40);
  expect(order).toContain('digest');
  expect(order[0]).toBe('click');
});

test('work that was not announced is found by itself', async () => {
  const performed = vi.fn();
  const { queue, worker, click } = await arrange({
    perform: async (job) => {
      performed();
      await queue.complete(job);
    },
  });
  worker.start();
  await worker.idle();

  await click();

  await vi.waitFor(() => expect(performed).toHaveBeenCalledTimes(1), { timeout: 2_000 });
});

test('a job that takes longer than its lease is kept alive, and nobody else takes it up', async () => {
  const { promise: passed, resolve: open } = Promise.withResolvers<void>();
  const started = vi.fn();
  const { queue, worker, digest } = await arrange({
    digest: async (job) => {
      started();
      await passed;
      expect(await queue.complete(job)).toBe(true);
    },
  });
  await digest();
  worker.start();
  await vi.waitFor(() => expect(started).toHaveBeenCalledTimes(1));

  await new Promise((resolve) => setTimeout(resolve, 3_000));
  // Ten seconds after the start the first lease has long run out; a heartbeat came at two and a half.
  const taken = await queue.claim(Date.now() + 7_000, { limit: 5, leaseMs: 1_000 });

  expect(taken).toEqual([]);
  open();
  await worker.idle();
  expect(started).toHaveBeenCalledTimes(1);
  expect(await queue.open()).toBe(0);
});

test('a machine that slept: what is still in hand is not taken up a second time', async () => {
  let now = Date.parse('2026-11-23T14:00:00Z');
  const { promise: passed, resolve: open } = Promise.withResolvers<void>();
  const started = vi.fn();
  const { queue, worker, digest, lines } = await arrange(
    {
      digest: async (job) => {
        started();
        await passed;
        await queue.complete(job);
      },
    },
    { clock: () => now },
  );
  await digest();
  worker.start();
  await vi.waitFor(() => expect(started).toHaveBeenCalledTimes(1));

  now += 3_600_000;
  worker.wake();
  await new Promise((resolve) => setTimeout(resolve, 1_200));

  expect(started).toHaveBeenCalledTimes(1);
  open();
  await worker.idle();
  expect(await queue.open()).toBe(0);
  expect(lines).toEqual([]);
});

test('a handler that throws is noted, and the worker goes on; its job comes again once the lease is over', async () => {
  let now = Date.parse('2026-11-23T14:00:00Z');
  const attempts: number[] = [];
  const { queue, worker, click, lines } = await arrange(
    {
      perform: async (job) => {
        attempts.push(job.attempt);
        if (job.attempt === 1) throw new Error('the disk is full');
        await queue.complete(job);
      },
    },
    { clock: () => now },
  );
  await click();
  worker.start();
  await worker.idle();
  expect(lines).toEqual(['job ended with an error']);

  now += 8_001;
  await worker.idle();

  expect(attempts).toEqual([1, 2]);
  expect(await queue.open()).toBe(0);
});

test('stopping waits for what is in hand and takes nothing more', async () => {
  const { promise: passed, resolve: open } = Promise.withResolvers<void>();
  const started = vi.fn();
  const { queue, worker, digest } = await arrange({
    digest: async (job) => {
      started();
      await passed;
      await queue.complete(job);
    },
  });
  for (let number = 0; number < 9; number += 1) await digest();
  worker.start();
  await vi.waitFor(() => expect(started).toHaveBeenCalledTimes(8));

  const stopped = worker.stop(5_000);
  open();

  expect(await stopped).toBe(true);
  expect(started).toHaveBeenCalledTimes(8);
  expect(await queue.open()).toBe(1);
});

test('stopping does not wait longer than it may', async () => {
  const started = vi.fn(() => new Promise<void>(() => undefined));
  const { worker, digest } = await arrange({ digest: started });
  await digest();
  worker.start();
  await vi.waitFor(() => expect(started).toHaveBeenCalledTimes(1));
  const before = performance.now();

  expect(await worker.stop(200)).toBe(false);

  expect(performance.now() - before).toBeLessThan(1_000);
});

test('a job for later is left alone until then', async () => {
  let now = Date.parse('2026-11-23T14:00:00Z');
  const started = vi.fn();
  const { queue, worker, digest } = await arrange(
    {
      digest: async (job) => {
        started();
        await queue.complete(job);
      },
    },
    { clock: () => now },
  );
  await digest(now + 60_000);
  worker.start();
  await worker.idle();
  expect(started).not.toHaveBeenCalled();

  now += 60_000;
  await worker.idle();

  expect(started).toHaveBeenCalledTimes(1);
});

test('a call for work is heard at every moment of a look, its very end included', async () => {
  for (let moment = 0; moment < 16; moment += 1) {
    const waiting: Job[] = [];
    const ran: string[] = [];
    const payload: JobPayload = { kind: 'link', teamId: 'T1' };
    const job: Job = {
      id: '1',
      key: 'a',
      payload,
      attempt: 1,
      enqueuedAt: 0,
      failingSince: undefined,
      token: 1,
      lapses: 0,
    };
    let looked = false;
    const queue: Pick<Queue, 'claim'> = {
      async claim() {
        if (looked) return waiting.splice(0);
        looked = true;
        void (async () => {
          for (let passed = 0; passed < moment; passed += 1) await undefined;
          waiting.push(job);
          worker.wake();
        })();
        return [];
      },
    };
    const log = { info() {}, warn() {}, error() {} };
    const deps = { queue: { ...queue, openKinds: async () => [] } as unknown as Queue, kinds: [], clock: () => 0, log };
    const worker = createWorker({ ...deps, urgentPriority: CLICK });
    worker.start(async ({ id }) => void ran.push(id));

    worker.wake();
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);

    expect(ran, `after ${moment} microtasks`).toEqual(['1']);
  }
});

test('of jobs whose lease ran out one at a time is run, the least suspect first, while fresh ones go on', async () => {
  let now = Date.parse('2026-11-23T14:00:00Z');
  const { promise: passed, resolve: open } = Promise.withResolvers<void>();
  const ran: string[] = [];
  const { queue, worker, enqueue } = await arrange(
    {
      link: async (job, { teamId }) => {
        ran.push(teamId);
        if (teamId.startsWith('lost')) await passed;
        await queue.complete(job);
      },
    },
    { clock: () => now },
  );
  await enqueue(DIGEST, { kind: 'link', teamId: 'lost twice' });
  await queue.claim(now, { limit: 1, leaseMs: 1 });
  now += 1;
  for (const number of [1, 2, 3]) await enqueue(DIGEST, { kind: 'link', teamId: `lost once ${number}` });
  await queue.claim(now, { limit: 4, leaseMs: 1 });
  now += 1;
  for (const number of [1, 2, 3]) await enqueue(DIGEST, { kind: 'link', teamId: `fresh ${number}` });

  worker.start();
  await vi.waitFor(() => expect(ran).toHaveLength(4));
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(ran).toEqual(['fresh 1', 'fresh 2', 'fresh 3', 'lost once 1']);

  // One that lives for long holds the others up no longer.
  now += 20_000;
  await vi.waitFor(() => expect(ran).toHaveLength(5));
  open();
  await worker.idle();
  expect(ran.slice(4)).toEqual(['lost once 2', 'lost once 3', 'lost twice']);
});
