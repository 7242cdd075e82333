/** Transactions that share a commit: each is as if it were alone, but for the wait for the disk. */
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ANN, action, BEN, message, rep, task } from './fixtures.ts';
import { folderForEach } from './folder.ts';
import { openUrl } from './open.ts';

const at = folderForEach();
let opened: Awaited<ReturnType<typeof openUrl>>;
let queries: string[] = [];

beforeEach(async () => {
  opened = await openUrl(`file:${at('docket.db')}`, { log: (event) => void queries.push(event.query.sql) });
  await opened.store.reps.save(rep(ANN));
  await sql`create table numbers (n integer unique on conflict rollback)`.execute(opened.db);
  await sql`create table kept (n integer references numbers (n) deferrable initially deferred)`.execute(opened.db);
  queries = [];
});
afterEach(() => opened.close());

const commits = () => queries.filter((query) => query === 'commit').length;
const record = (n: number) =>
  opened.store.transact((tx) => opened.store.ledger.record(action(ANN, task(String(n)), 1), tx));
const latest = (n: number) => opened.store.ledger.latest({ ...ANN, provider: 'gong', taskId: String(n) });
/** A statement beside the store's own. */
const insert = (tx: object, table: 'numbers' | 'kept', n: number) =>
  sql`insert into ${sql.table(table)} values (${n})`.execute(tx as typeof opened.db);

it('twenty clicks at once share a few commits, and each finds its action recorded', async () => {
  const recorded = await Promise.all(Array.from({ length: 20 }, (_, n) => record(n)));
  expect(commits()).toBeLessThanOrEqual(2);
  for (const [n, one] of recorded.entries()) expect(await latest(n)).toEqual(one);
});

it('more than a group holds are all recorded', async () => {
  const recorded = await Promise.all(Array.from({ length: 100 }, (_, n) => record(n)));
  expect(recorded.every((one) => one !== undefined)).toBe(true);
  expect(commits()).toBeGreaterThan(2);
});

it('those that are in no hurry go on one after another, so that they do not hold the event loop together', async () => {
  let turns = 0;
  let ended = false;
  const count = () => {
    turns += 1;
    if (!ended) setImmediate(count);
  };
  const make = async (n: number) => {
    await opened.store.messages.create({ ...message(ANN), kind: 'digest' }, [task(String(n))]);
    return turns;
  };
  setImmediate(count);
  const at = await Promise.all(Array.from({ length: 8 }, (_, n) => make(n)));
  ended = true;
  expect(commits()).toBeLessThanOrEqual(2);
  expect(new Set(at).size).toBeGreaterThanOrEqual(7);
});

it('an error takes back only its own of a shared commit', async () => {
  const failure = new Error('refused');
  const bad = opened.store.transact(async (tx) => {
    await opened.store.ledger.record(action(ANN, task('9'), 1), tx);
    throw failure;
  });
  const [before, failed, after] = await Promise.allSettled([record(1), bad, record(2)]);
  expect([before.status, after.status]).toEqual(['fulfilled', 'fulfilled']);
  expect(failed).toEqual({ status: 'rejected', reason: failure });
  expect(await latest(9)).toBeUndefined();
  expect(await latest(2)).toBeDefined();
});

it.for(['first', 'second'] as const)('an error of the %s that joins takes back only its own', async (place) => {
  const failure = new Error('refused');
  const early = place === 'second' && record(3);
  const bad = opened.store.transact(async (tx) => {
    await opened.store.ledger.record(action(ANN, task('9'), 1), tx);
    throw failure;
  });
  const [failed, ...after] = await Promise.allSettled([bad, record(1), record(2)]);
  expect(failed).toEqual({ status: 'rejected', reason: failure });
  expect(after.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  expect(await latest(9)).toBeUndefined();
  expect(await latest(1)).toBeDefined();
  expect(await latest(2)).toBeDefined();
  if (early) expect(await latest(3)).toEqual(await early);
});

it('nobody hears that it is recorded if the shared commit fails, and nothing is', async () => {
  const orphan = opened.store.transact((tx) => insert(tx, 'kept', 7));
  const ended = await Promise.allSettled([record(1), orphan, record(2)]);
  expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await latest(1)).toBeUndefined();
  expect(await record(1)).toBeDefined();
});

it('if SQLite has rolled everything back by itself, all who shared it hear why, and the next are recorded', async () => {
  const shared = record(1);
  const twice = opened.store.transact(async (tx) => {
    await insert(tx, 'numbers', 1);
    await insert(tx, 'numbers', 1);
  });
  const next = record(2);
  const ended = await Promise.allSettled([shared, twice]);
  expect(await next).toBeDefined();
  for (const each of ended) expect(each).toMatchObject({ reason: { message: expect.stringContaining('UNIQUE') } });
  expect(await latest(1)).toBeUndefined();
  expect(await record(1)).toBeDefined();
});

it('whoever shares a commit sees what the one before wrote, as if it had ended', async () => {
  const [first, second] = await Promise.all([record(1), record(1)]);
  expect(first).toBeDefined();
  expect(second).toBeUndefined();
});

it('a transaction that may be lost in a power cut is kept when the process ends', async () => {
  await opened.store.transact((tx) => opened.store.reps.save(rep(BEN), tx), { synced: false });
  const again = await openUrl(`file:${at('docket.db')}`);
  expect(await again.store.reps.find(BEN)).toEqual(rep(BEN));
  await again.close();
});
