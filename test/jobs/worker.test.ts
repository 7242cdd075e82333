import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { KINDS } from '../../src/core/jobs/kinds.ts';
import type { Job, JobPayload, Queue } from '../../src/core/ports/queue.ts';
import type { Tx } from '../../src/core/ports/transaction.ts';
import { createWorker } from '../../src/jobs/worker.ts';
import { MEMORY, openUrl } from '../store/open.ts';

const CLICK = 10;
const SWEEP = 5;
const DIGEST = 1;

type Kind = JobPayload['kind'];

interface Options {
  /** What is done of a kind before the job is completed; default: nothing. */
  runs?: Partial<Record<Kind, (job: Job) => unknown>>;
  /** Digests hang until the test lets them end. */
  hanging?: boolean;
  /** Where other machines share the queue. */
  shared?: { skewMs?: number; mayClaim?: () => boolean };
}

/** The worker on a real queue, with a clock that a test moves. */
async function arrange({ runs = {}, hanging = false, shared = {} }: Options = {}) {
  let now = Date.parse('2026-11-23T14:00:00Z');
  const startedAt = performance.now();
  const clock = () => now + Math.floor(performance.now() - startedAt);
  const { queue: opened, store, close } = await openUrl(MEMORY, { clock });
  let looksForClicks = 0;
  let looksForLapsed = 0;
  let looksForDigests = 0;
  const queue: Queue = {
    ...opened,
    claim(at, options) {
      if (options.minPriority === CLICK) looksForClicks += 1;
      if (options.only === 'lapsed') looksForLapsed += 1;
      if (options.maxPriority === SWEEP - 1) looksForDigests += 1;
      return opened.claim(at, options);
    },
  };
  const lines: string[] = [];
  const note = (_: object, message: string) => void lines.push(message);
  const log = { info: note, warn: note, error: note };
  const priorities = { urgentPriority: CLICK, sweepPriority: SWEEP };
  const created = createWorker({ queue, kinds: Object.keys(KINDS), clock, log, ...priorities, ...shared });
  const gate = Promise.withResolvers<void>();
  if (!hanging) gate.resolve();
  const ran: Kind[] = [];
  const run = async (job: Job) => {
    const { kind } = job.payload;
    if (kind === 'unreadable') return;
    ran.push(kind);
    await runs[kind]?.(job);
    if (kind === 'digest') await gate.promise;
    await queue.complete(job);
  };
  const worker = { ...created, start: () => created.start(run) };
  onTestFinished(async () => {
    await worker.stop(0);
    await close();
  });
  let count = 0;
  const enqueue = (priority: number, payload: JobPayload, runAt = clock(), tx?: Tx) => {
    count += 1;
    return queue.enqueue({ key: `job:${count}`, payload, priority, runAt }, tx);
  };
  return {
    queue,
    transact: store.transact,
    worker,
    lines,
    enqueue,
    clock,
    looksForClicks: () => looksForClicks,
    looksForLapsed: () => looksForLapsed,
    looksForDigests: () => looksForDigests,
    ran: (kind: Kind) => ran.filter((each) => each === kind).length,
    order: ran,
    open: () => gate.resolve(),
    pass(ms: number) {
      now += ms;
    },
    click: () => enqueue(CLICK, { kind: 'perform', actionId: '1' }),
    async digest(times = 1, runAt = clock()) {
      for (let number = 0; number < times; number += 1)
        await enqueue(DIGEST, { kind: 'digest', teamId: 'T', userId: 'U', localDate: '2026-11-23' }, runAt);
    },
  };
}

test('however many digests hang, a click is taken at once', async () => {
  const { queue, worker, click, digest, ran, open } = await arrange({ hanging: true });
  await digest(20);
  worker.start();
  await vi.waitFor(() => expect(ran('digest')).toBe(8));

  const before = performance.now();
  await click();
  worker.wake();
  await vi.waitFor(() => expect(ran('perform')).toBe(1));

  expect(performance.now() - before).toBeLessThan(300);
  expect(ran('digest')).toBe(8);
  open();
  await worker.idle();
  expect(ran('digest')).toBe(20);
  expect(await queue.open()).toBe(0);
});

test('a job that is enqueued for now is taken at once, and one for later at its time, though nobody wakes the worker', async () => {
  const { worker, digest, ran, clock } = await arrange();
  worker.start();
  await worker.idle();
  const waits: number[] = [];
  for (const delay of [0, 0, 0, 70, 130, 190]) {
    const before = ran('digest');
    const at = clock() + delay;
    await digest(1, at);
    await vi.waitFor(() => expect(ran('digest')).toBe(before + 1), { interval: 2 });
    waits.push(clock() - at);
  }

  // By looking every half second alone, most of them would wait for longer.
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
  expect(waits.toSorted((a, b) => a - b)[4]).toBeLessThan(100);
});

test('a machine that must not takes no work, and does so once it may', async () => {
  let may = false;
  const { worker, click, ran } = await arrange({ shared: { mayClaim: () => may } });
  await click();
  worker.start();
  await worker.idle();
  expect(ran('perform')).toBe(0);

  may = true;
  await worker.idle();
  expect(ran('perform')).toBe(1);
});

test('where clocks may differ by two seconds, the lease of another has run out only two seconds later', async () => {
  const { queue, worker, click, ran, clock, pass } = await arrange({ shared: { skewMs: 2_000 } });
  await click();
  await queue.claim(clock(), { limit: 1, leaseMs: 60_000 });
  worker.start();
  pass(61_000);
  await worker.idle();
  expect(ran('perform')).toBe(0);

  pass(1_000);
  await worker.idle();
  expect(ran('perform')).toBe(1);
});

test('however many actions of a sweep hang, digests and clicks go on beside them, and four of them at a time', async () => {
  const gate = Promise.withResolvers<void>();
  const { worker, enqueue, click, digest, ran } = await arrange({ runs: { undo: () => gate.promise } });
  for (let number = 0; number < 30; number += 1) await enqueue(SWEEP, { kind: 'undo', actionId: '1' });
  worker.start();
  await vi.waitFor(() => expect(ran('undo')).toBe(4));

  await digest(10);
  await click();
  worker.wake();
  await vi.waitFor(() => expect([ran('perform'), ran('digest')]).toEqual([1, 10]));
  expect(ran('undo')).toBe(4);

  gate.resolve();
  await worker.idle();
  expect(ran('undo')).toBe(30);
});

test('many clicks at once leave no digest waiting for ever, and all are done', async () => {
  const { worker, click, digest, ran, order } = await arrange();
  await digest();
  for (let number = 0; number < 40; number += 1) await click();
  worker.start();
  await worker.idle();

  expect([ran('perform'), ran('digest')]).toEqual([40, 1]);
  expect(order[0]).toBe('perform');
});

test('work that was not announced is found by itself', async () => {
  const { worker, click, ran } = await arrange();
  worker.start();
  await worker.idle();

  await click();

  await vi.waitFor(() => expect(ran('perform')).toBe(1), { timeout: 2_000 });
});

test('while digests go out, nobody looks for clicks after each of them', async () => {
  const { worker, digest, ran, looksForClicks } = await arrange();
  await digest(200);
  worker.start();
  await vi.waitFor(() => expect(ran('digest')).toBe(200), { timeout: 5_000 });

  // Eight digests at a time are 25 looks for digests at least; those for clicks come twice a second.
  expect(looksForClicks()).toBeLessThan(12);
});

test('digests that end at about the same time share a look for more', async () => {
  const { worker, digest, ran, looksForDigests } = await arrange({ runs: { digest: () => sleep(Math.random() * 6) } });
  await digest(160);
  worker.start();
  await vi.waitFor(() => expect(ran('digest')).toBe(160), { timeout: 5_000 });

  // Eight at a time are twenty looks at least.
  expect(looksForDigests()).toBeLessThan(80);
});

test('what is due in a moment is taken at its time, also where the same look takes a job that is due', async () => {
  const { worker, enqueue, transact, ran, clock, open } = await arrange({ hanging: true });
  const digest = { kind: 'digest', teamId: 'T', userId: 'U', localDate: '2026-11-23' } as const;
  // Beside one that runs, both share a look.
  await enqueue(DIGEST, digest);
  worker.start();
  await vi.waitFor(() => expect(ran('digest')).toBe(1), { interval: 2 });
  const at = clock() + 60;
  await transact(async (tx) => {
    await enqueue(DIGEST, digest, clock(), tx);
    await enqueue(DIGEST, digest, at, tx);
  });
  await vi.waitFor(() => expect(ran('digest')).toBe(3), { interval: 2 });

  // The poll would come four tenths of a second later.
  expect(clock() - at).toBeLessThan(300);
  open();
});

test.each([
  ['a digest', 'clicks'],
  ['a click', 'leases that have run out'],
])('%s that is enqueued is no reason to look for %s', async (job) => {
  const { worker, digest, click, ran, looksForClicks, looksForLapsed } = await arrange();
  const isDigest = job === 'a digest';
  const looks = isDigest ? looksForClicks : looksForLapsed;
  worker.start();
  await worker.idle();
  const before = looks();

  for (let number = 1; number <= 20; number += 1) {
    await (isDigest ? digest() : click());
    await vi.waitFor(() => expect(ran(isDigest ? 'digest' : 'perform')).toBe(number));
  }

  // Those of the polls, every half second.
  expect(looks() - before).toBeLessThan(15);
});

test('while digests keep the worker busy, a click for later is taken at its time, though nobody tells of it', async () => {
  const { worker, digest, enqueue, ran, clock, open } = await arrange({ hanging: true });
  await digest(20);
  const at = clock() + 200;
  await enqueue(CLICK, { kind: 'perform', actionId: '1' }, at);
  worker.start();
  await vi.waitFor(() => expect(ran('perform')).toBe(1), { interval: 2 });

  // By looking every half second alone, it would wait for three tenths of one.
  expect(clock() - at).toBeLessThan(200);
  open();
  await worker.idle();
});

test('a job that takes longer than its lease is kept alive, and nobody else takes it up', async () => {
  const { queue, worker, digest, ran, open, clock } = await arrange({ hanging: true });
  await digest();
  worker.start();
  await vi.waitFor(() => expect(ran('digest')).toBe(1));

  await new Promise((resolve) => setTimeout(resolve, 3_000));
  // Ten seconds after the start the first lease has long run out; a heartbeat came at two and a half.
  expect(await queue.claim(clock() + 7_000, { limit: 5, leaseMs: 1_000 })).toEqual([]);
  open();
  await worker.idle();
  expect(ran('digest')).toBe(1);
  expect(await queue.open()).toBe(0);
});

test('a machine that slept: what is still in hand is not taken up a second time', async () => {
  const { queue, worker, digest, lines, ran, open, pass } = await arrange({ hanging: true });
  await digest();
  worker.start();
  await vi.waitFor(() => expect(ran('digest')).toBe(1));

  pass(3_600_000);
  worker.wake();
  await new Promise((resolve) => setTimeout(resolve, 1_200));

  expect(ran('digest')).toBe(1);
  open();
  await worker.idle();
  expect(await queue.open()).toBe(0);
  expect(lines).toEqual([]);
});

test('a handler that throws is noted, and the worker goes on; its job comes again once the lease is over', async () => {
  const attempts: number[] = [];
  const perform = (job: Job) => {
    attempts.push(job.attempt);
    if (job.attempt === 1) throw new Error('the disk is full');
  };
  const { queue, worker, click, lines, pass } = await arrange({ runs: { perform } });
  await click();
  worker.start();
  await worker.idle();
  expect(lines).toEqual(['job ended with an error']);

  pass(8_001);
  await worker.idle();

  expect(attempts).toEqual([1, 2]);
  expect(await queue.open()).toBe(0);
});

test('stopping waits for what is in hand and takes nothing more', async () => {
  const { queue, worker, digest, ran, open } = await arrange({ hanging: true });
  await digest(9);
  worker.start();
  await vi.waitFor(() => expect(ran('digest')).toBe(8));

  const stopped = worker.stop(5_000);
  open();

  expect(await stopped).toBe(true);
  expect(ran('digest')).toBe(8);
  expect(await queue.open()).toBe(1);
});

test('stopping does not wait longer than it may', async () => {
  const { worker, digest, ran } = await arrange({ hanging: true });
  await digest();
  worker.start();
  await vi.waitFor(() => expect(ran('digest')).toBe(1));
  const before = performance.now();

  expect(await worker.stop(200)).toBe(false);

  expect(performance.now() - before).toBeLessThan(1_000);
});

test('a job for later is left alone until then', async () => {
  const { worker, digest, ran, clock, pass } = await arrange();
  await digest(1, clock() + 60_000);
  worker.start();
  await worker.idle();
  expect(ran('digest')).toBe(0);

  pass(60_000);
  await worker.idle();

  expect(ran('digest')).toBe(1);
});

test('a call for work is heard at every moment of a look, its very end included', async () => {
  const log = { info() {}, warn() {}, error() {} };
  const { queue, enqueue, clock } = await arrange();
  await enqueue(CLICK, { kind: 'perform', actionId: '1' });
  const [job] = await queue.claim(clock(), { limit: 1, leaseMs: 1 });
  if (!job) throw new Error('no job');
  for (let moment = 0; moment < 16; moment += 1) {
    const waiting: Job[] = [];
    const ran: string[] = [];
    let looked = false;
    const claim: Queue['claim'] = async () => {
      if (looked) return waiting.splice(0);
      looked = true;
      void (async () => {
        for (let passed = 0; passed < moment; passed += 1) await undefined;
        waiting.push(job);
        worker.wake();
      })();
      return [];
    };
    const worker = createWorker({
      queue: { ...queue, claim },
      kinds: ['perform'],
      clock: () => 0,
      log,
      urgentPriority: CLICK,
    });
    worker.start(async ({ id }) => void ran.push(id));

    worker.wake();
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);

    expect(ran, `after ${moment} microtasks`).toEqual([job.id]);
    await worker.stop(0);
  }
});

test('of jobs whose lease ran out one at a time is run, the least suspect first, while fresh ones go on', async () => {
  const { promise: passed, resolve: open } = Promise.withResolvers<void>();
  const ran: string[] = [];
  const link = async ({ payload }: Job) => {
    const name = ('teamId' in payload && payload.teamId) || '';
    ran.push(name);
    if (name.startsWith('lost')) await passed;
  };
  const { queue, worker, enqueue, clock, pass } = await arrange({ runs: { link } });
  const add = (teamId: string) => enqueue(DIGEST, { kind: 'link', teamId });
  const lose = async (limit: number) => {
    await queue.claim(clock(), { limit, leaseMs: 1 });
    pass(1_000);
  };
  await add('lost twice');
  await lose(1);
  for (const number of [1, 2, 3]) await add(`lost once ${number}`);
  await lose(4);
  for (const number of [1, 2, 3]) await add(`fresh ${number}`);

  worker.start();
  await vi.waitFor(() => expect(ran).toHaveLength(4));
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(ran).toEqual(['fresh 1', 'fresh 2', 'fresh 3', 'lost once 1']);

  // One that lives for long holds the others up no longer.
  pass(20_000);
  await vi.waitFor(() => expect(ran).toHaveLength(5));
  open();
  await worker.idle();
  expect(ran.slice(4)).toEqual(['lost once 2', 'lost once 3', 'lost twice']);
});
