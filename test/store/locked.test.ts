/** Another process writes for long: nothing here stands still, and what may not wait for it says so. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ANN, action, BEN, rep, task } from './fixtures.ts';
import { folderForEach } from './folder.ts';
import { openUrl } from './open.ts';

const job = { key: 'a', payload: { kind: 'link', teamId: 'T1' }, priority: 0, runAt: 0 } as const;
/** Far below the five seconds for which SQLite's own waiting stopped everything, far above what a busy machine does by itself. */
const STOOD_STILL_MS = 1_000;

const at = folderForEach();
let opened: Awaited<ReturnType<typeof openUrl>>;
let other: Database.Database;
const delay = monitorEventLoopDelay({ resolution: 5 });
beforeEach(async () => {
  opened = await openUrl(`file:${at('docket.db')}`);
  await opened.store.reps.save(rep(ANN));
  other = new Database(at('docket.db'));
  delay.reset();
  delay.enable();
});
afterEach(async () => {
  delay.disable();
  other.close();
  await opened.close();
});

async function lockedFor(ms: number): Promise<void> {
  other.exec('begin immediate');
  await sleep(ms);
  other.exec('rollback');
}

it.each([
  ['a statement', () => opened.store.reps.save(rep(BEN))],
  ['a transaction', () => opened.store.transact((tx) => opened.queue.enqueue(job, tx))],
  ['a claim', () => opened.queue.claim(0, { limit: 1, leaseMs: 1 })],
  ['one that reads first', () => opened.store.runs.prune(0)],
])('a lock is waited for by %s, while timers and reads go on', async (_, write) => {
  const locked = lockedFor(1_500);
  let written = false;
  const writing = write().then(() => {
    written = true;
  });
  await sleep(300);

  expect(await opened.store.reps.find(ANN)).toEqual(rep(ANN));
  expect(written).toBe(false);
  await locked;
  await writing;

  expect(delay.max / 1e6).toBeLessThan(STOOD_STILL_MS);
});

it('a lock fails what may wait only so long, writes nothing of it then or later, and lets it through once it is free', async () => {
  const { store, queue } = opened;
  const record = () =>
    store.transact(
      async (tx) => {
        await store.ledger.record(action(ANN, task('1'), 1), tx);
        await queue.enqueue(job, tx);
      },
      { timeoutMs: 200 },
    );
  other.exec('begin immediate');
  await expect(record()).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
  other.exec('rollback');
  await sleep(200);

  expect(await queue.open()).toBe(0);
  expect(await store.ledger.latest({ ...ANN, provider: 'gong', taskId: '1' })).toBeUndefined();
  await record();
  expect(await queue.open()).toBe(1);
});

it('a lock keeps the order of writes and every one of them, when many wait at once', async () => {
  const { store } = opened;
  const locked = lockedFor(500);
  const seqs = Array.from({ length: 40 }, (_, index) => index + 1);
  await Promise.all(
    seqs.map(() =>
      store.transact(async (tx) => {
        const latest = await store.ledger.latest({ ...ANN, provider: 'gong', taskId: '1' }, tx);
        await sleep(1);
        await store.ledger.record(action(ANN, task('1'), (latest?.seq ?? 0) + 1), tx);
      }),
    ),
  );
  await locked;

  expect((await store.ledger.latest({ ...ANN, provider: 'gong', taskId: '1' }))?.seq).toBe(40);
});
