import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANN, rep } from '../store/fixtures.ts';
import { openUrl, temporaryFolder } from '../store/open.ts';
import { createSchema, hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';

interface Worker {
  child: ChildProcess;
  said: string[];
  /** Resolves once it said this many lines. */
  lines(count: number): Promise<void>;
  ended: Promise<number | null>;
}

/** A database that nobody else has, and how to remove it. */
async function newDatabase(engine: string): Promise<{ url: string; remove(): Promise<void> | void }> {
  if (engine === 'PostgreSQL') {
    const { url, drop } = await createSchema();
    return { url, remove: drop };
  }
  const { path, remove } = temporaryFolder();
  return { url: `file:${join(path, 'docket.db')}`, remove };
}

describe.each(hasPostgres ? ['SQLite', 'PostgreSQL'] : ['SQLite'])('processes on one database: %s', (engine) => {
  takeTurnsOnServer();
  let database: Awaited<ReturnType<typeof newDatabase>>;
  let url: string;
  let workers: Worker[] = [];
  beforeEach(async () => {
    database = await newDatabase(engine);
    url = database.url;
    workers = [];
  });
  afterEach(async () => {
    for (const worker of workers) worker.child.kill('SIGKILL');
    await Promise.all(workers.map((worker) => worker.ended));
    await database.remove();
  });

  function start(role: string, later = 0): Worker {
    const script = join(import.meta.dirname, 'worker.ts');
    const child = spawn(process.execPath, [script, url, role, String(later)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const said: string[] = [];
    const waiting = new Set<() => void>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      for (const check of waiting) check();
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const lines = (count: number) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (said.length >= count) resolve();
        };
        waiting.add(check);
        check();
      });
    const worker = { child, said, lines, ended };
    workers.push(worker);
    return worker;
  }

  /** Starts them, and lets them go at the same moment. */
  async function startTogether(role: string, count: number): Promise<Worker[]> {
    const started = Array.from({ length: count }, () => start(role));
    await Promise.all(started.map((worker) => worker.lines(1)));
    for (const worker of started) worker.child.stdin?.write('go\n');
    return started;
  }

  it('perform each of 200 jobs exactly once between them', async () => {
    const { queue, store, close } = await openUrl(url);
    const keys = Array.from({ length: 200 }, (_, index) => `job ${index}`);
    await store.transact(async (tx) => {
      for (const key of keys) {
        await queue.enqueue({ key, payload: { kind: 'perform', actionId: key }, priority: 0, runAt: 0 }, tx);
      }
    });

    const both = await startTogether('work', 2);
    expect(await Promise.all(both.map((worker) => worker.ended))).toEqual([0, 0]);

    const done = both.map((worker) => worker.said.slice(1));
    expect(done.flat().toSorted()).toEqual(keys.toSorted());
    for (const each of done) expect(each.length).toBeGreaterThan(0);
    expect(await queue.open()).toBe(0);
    await close();
  });

  it('start at once on a new database, and never fail to write what they read', async () => {
    const four = await startTogether('count', 4);
    expect(await Promise.all(four.map((worker) => worker.ended))).toEqual([0, 0, 0, 0]);

    const seqs = four.flatMap((worker) => worker.said.slice(1)).map(Number);
    expect(seqs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, index) => index + 1));
  });

  it('take over the job of one that was killed, once its lease ran out', async () => {
    const { queue, close } = await openUrl(url);
    await queue.enqueue({ key: 'a', payload: { kind: 'link', teamId: 'T1' }, priority: 0, runAt: 0 });
    const [killed] = await startTogether('hang', 1);
    await killed?.lines(2);
    killed?.child.kill('SIGKILL');
    await killed?.ended;

    expect(killed?.said).toEqual(['ready', 'a']);
    expect(await queue.claim(5_999, { limit: 1, leaseMs: 1 })).toEqual([]);
    expect(await queue.claim(6_000, { limit: 1, leaseMs: 1 })).toMatchObject([{ key: 'a', attempt: 2 }]);
    await close();
  });

  it('end nothing, and write nothing of it, after another has taken the job over while they stood still', async () => {
    const { store, queue, close } = await openUrl(url);
    await store.reps.save(rep(ANN));
    await queue.enqueue({ key: 'a', payload: { kind: 'link', teamId: 'T1' }, priority: 0, runAt: 0 });
    const [slow] = await startTogether('slow', 1);
    await slow?.lines(2);
    slow?.child.kill('SIGSTOP');
    // Its lease is over.
    const [job] = await queue.claim(6_000, { limit: 1, leaseMs: 60_000 });
    slow?.child.kill('SIGCONT');
    slow?.child.stdin?.write('go on\n');
    await slow?.ended;

    expect(slow?.said).toEqual(['ready', 'a', 'lost']);
    expect(await store.ledger.latest({ ...ANN, provider: 'gong', taskId: 'slow' })).toBeUndefined();
    expect(job && (await queue.complete(job))).toBe(true);
    await close();
  });

  it.runIf(engine === 'PostgreSQL')(
    'hear at once of a job that another enqueues, and not only when they look again',
    async () => {
      const { store, queue, close } = await openUrl(url);
      const [worker] = await startTogether('serve', 1);
      await worker?.lines(2);
      const waits: number[] = [];
      for (let round = 1; round <= 6; round += 1) {
        // Anywhere between two looks.
        await sleep(30 + 53 * round);
        const key = `job ${round}`;
        const payload = { kind: 'link', teamId: key } as const;
        await store.transact((tx) => queue.enqueue({ key, payload, priority: 0, runAt: Date.now() }, tx));
        const committed = performance.now();
        await worker?.lines(2 + round);
        waits.push(performance.now() - committed);
      }
      worker?.child.kill('SIGTERM');

      // By looking alone half of them would wait for a quarter of a second.
      expect(waits.toSorted((a, b) => a - b)[4]).toBeLessThan(100);
      await close();
    },
  );

  // By the worker alone, whatever is below it.
  it.runIf(engine === 'SQLite')(
    'give up a job that kills them, and do all others though it dies among them',
    async () => {
      const { queue, close } = await openUrl(url);
      const innocent = Array.from({ length: 14 }, (_, index) => `job ${index}`);
      const enqueue = (key: string, priority: number) =>
        queue.enqueue({ key, payload: { kind: 'link', teamId: key }, priority, runAt: 0 });
      // The first to be claimed, together with as many as there are places for.
      await enqueue('poison', 11);
      for (const [index, key] of innocent.entries()) await enqueue(key, index % 2 === 0 ? 10 : 1);

      const ends: (number | null)[] = [];
      const said: string[][] = [];
      while ((await queue.open()) > 0 && ends.length < 9) {
        // Each starts when the leases of the one before it have run out.
        const worker = start('poison', ends.length * 9_000);
        await worker.lines(1);
        worker.child.stdin?.write('go\n');
        ends.push(await worker.ended);
        said.push(worker.said.slice(1));
      }

      // Killed five times; the sixth gives it up.
      expect(ends).toEqual([null, null, null, null, null, 0]);
      expect(said.at(-1)).toEqual(['job given up: poison']);
      expect(said.slice(0, 3).flat().toSorted()).toEqual(innocent.toSorted());
      await close();
    },
    120_000,
  );

  it('keep what was acknowledged, and nothing of a transaction that a kill cut short', async () => {
    const { store, queue, close } = await openUrl(url);
    const [killed] = await startTogether('write', 1);
    await killed?.lines(2);
    killed?.child.kill('SIGKILL');
    await killed?.ended;

    const latest = (taskId: string) => store.ledger.latest({ ...ANN, provider: 'gong', taskId });
    expect(await latest('kept')).toBeDefined();
    expect(await latest('lost')).toBeUndefined();
    expect(await queue.open()).toBe(0);
    await close();
  });
});
