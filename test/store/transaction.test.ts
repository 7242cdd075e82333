import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, action, BEN, grant, message, rep, task } from './fixtures.ts';
import { folderForEach } from './folder.ts';
import { openUrl } from './open.ts';

const job = { key: 'a', payload: { kind: 'link', teamId: 'T1' }, priority: 0, runAt: 0 } as const;

const at = folderForEach();
let first: Awaited<ReturnType<typeof openUrl>>;
let second: Awaited<ReturnType<typeof openUrl>>;
let queries: string[] = [];

/** Two openings of one file, as two processes would have them. */
beforeEach(async () => {
  const url = `file:${at('docket.db')}`;
  first = await openUrl(url, { log: (event) => void queries.push(event.query.sql) });
  second = await openUrl(url);
  await first.store.reps.save(rep(ANN));
  queries = [];
});
afterEach(async () => {
  await first.close();
  await second.close();
});

it('transactions on SQLite take the write lock at once, and those that only read do not', async () => {
  await first.store.transact(async () => undefined);
  await first.store.messages.load('1');
  const ends = queries.filter((query) => /^(begin|commit)/.test(query));
  expect(ends.join()).toBe('begin immediate,commit,begin,commit');
});

it('transactions on SQLite let no other query in while they are open', async () => {
  const { store } = first;
  const order: string[] = [];
  const begun = Promise.withResolvers<void>();
  const rolledBack = store.transact(async (tx) => {
    begun.resolve();
    await store.ledger.record(action(ANN, task('1'), 1), tx);
    await sleep(50);
    order.push('transaction');
    throw new Error('stop');
  });
  // Begun outside: within the transaction a query without its tx is refused.
  const find = begun.promise.then(() => store.ledger.latest({ ...ANN, provider: 'gong', taskId: '1' }));
  const read = find.then((found) => {
    order.push('read');
    return found;
  });
  const written = begun.promise.then(() => store.reps.save(rep(BEN))).then(() => order.push('write'));

  await expect(rolledBack).rejects.toThrow('stop');
  expect(await read).toBeUndefined();
  await written;
  expect(order[0]).toBe('transaction');
  expect(await store.reps.find(BEN)).toBeDefined();
});

it('transactions on SQLite refuse a query that forgot its tx, which would wait for ever', async () => {
  const { store, queue } = first;
  const forgotten: (() => Promise<unknown>)[] = [
    () => store.reps.find(ANN),
    () => store.ledger.record(action(ANN, task('1'), 1)),
    () => store.messages.create(message(ANN), []),
    () => store.messages.load('1'),
    () => store.transact(async () => undefined),
    () => queue.enqueue(job),
    () => queue.claim(0, { limit: 1, leaseMs: 1 }),
  ];
  for (const query of forgotten) {
    await expect(store.transact(query)).rejects.toThrow('must be given its tx');
  }
  await expect(store.transact((tx) => queue.enqueue(job, tx))).resolves.toBe(true);
});

it('transactions on SQLite do not bind work that outlives them', async () => {
  const { store } = first;
  let later: Promise<unknown> | undefined;
  await store.transact(async () => {
    later = sleep(20).then(() => store.reps.find(ANN));
  });
  expect(await later).toEqual(rep(ANN));
});

it('transactions on SQLite show another process nothing before they end, and do not stop it from reading', async () => {
  const { store } = first;
  const find = () => second.store.ledger.latest({ ...ANN, provider: 'gong', taskId: '1' });
  const recorded = Promise.withResolvers<void>();
  // Begun outside: within the transaction a query without its tx is refused.
  const elsewhere = recorded.promise.then(find);
  await store.transact(async (tx) => {
    await store.ledger.record(action(ANN, task('1'), 1), tx);
    recorded.resolve();
    expect(await elsewhere).toBeUndefined();
  });
  expect(await find()).toBeDefined();
});

it('transactions on SQLite report the error of a statement that had SQLite roll back by itself', async () => {
  await sql`create table t (a integer unique on conflict rollback)`.execute(first.db);
  const attempt = first.db
    .withoutPlugins()
    .transaction()
    .execute(async (trx) => {
      await sql`insert into t values (1)`.execute(trx);
      await sql`insert into t values (1)`.execute(trx);
    });
  await expect(attempt).rejects.toThrow('UNIQUE constraint failed');
  expect(await first.store.reps.find(ANN)).toBeDefined();
});

it('two processes on one file spend every refresh token of a grant once, however often both try at once', async () => {
  await first.store.connections.save({ ...ANN, provider: 'outreach', grant: grant(), at: 1 });
  const spent: string[] = [];
  /** What an adapter does: a refresh token is spent by whoever has the right to. */
  async function renew({ connections }: Store, mintedAt: number): Promise<boolean> {
    const mine = await connections.find(ANN, 'outreach');
    if (!mine || !(await connections.lock(mine, 'outreach', 1_000, 60_000))) return false;
    spent.push(mine.grant.refreshToken);
    return connections.renew(mine, 'outreach', grant({ refreshToken: `${mintedAt}`, mintedAt }));
  }
  let renewed = 0;
  for (let round = 1; round <= 10; round += 1) {
    const outcomes = await Promise.all([first, second].map(({ store }) => renew(store, 1_000 + round)));
    renewed += outcomes.filter((won) => won).length;
  }

  expect(new Set(spent).size).toBe(spent.length);
  expect(renewed).toBe(spent.length);
  expect(spent.length).toBeGreaterThanOrEqual(10);
});

it('two processes on one file use a consent’s answer once, when both get it at once', async () => {
  const consent = { ...ANN, provider: 'outreach', codeVerifier: 'verifier', expiresAt: 9_000 };
  for (let round = 0; round < 10; round += 1) {
    await first.store.consents.begin(`hash-${round}`, consent);
    const taken = await Promise.all([first, second].map(({ store }) => store.consents.take(`hash-${round}`, 1)));
    expect(taken.map((each) => each?.is).sort()).toEqual(['new', 'used']);
  }
});
