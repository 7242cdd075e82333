/** What only PostgreSQL has: its sessions, its types, its errors. */
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { type Kysely, sql } from 'kysely';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { StartError } from '../../src/core/model/errors.ts';
import { checkDatabase } from '../../src/store/check.ts';
import { databaseBytes, databaseClock, explainDatabase, openDatabase, openSignals } from '../../src/store/database.ts';
import { unsynced } from '../../src/store/manner.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createSockets } from '../../src/store/postgres/sockets.ts';
import { backUp } from '../../src/store/sqlite/backup.ts';
import { createStore } from '../../src/store/store.ts';
import { createVault } from '../../src/store/vault.ts';
import { startProxy } from '../machines/proxy.ts';
import { ANN, action, BEN, rep, task } from './fixtures.ts';
import { allMigrations } from './open.ts';
import { createSchema, hasPostgres, openPostgres } from './postgres.ts';

async function newSchema(): Promise<string> {
  const { url, drop } = await createSchema();
  onTestFinished(drop);
  return url;
}

async function open() {
  const opened = await openPostgres(await newSchema());
  onTestFinished(opened.close);
  return opened;
}

async function read<T>(db: Kysely<unknown>, expression: string): Promise<T | undefined> {
  const { rows } = await sql<{ value: T }>`select ${sql.raw(expression)} as value`.execute(db);
  return rows[0]?.value;
}

describe.skipIf(!hasPostgres)('a PostgreSQL database', () => {
  it('gives integers as numbers, and never a wrong one', async () => {
    const { db } = await open();

    expect(await read(db, '9007199254740991::bigint')).toBe(Number.MAX_SAFE_INTEGER);
    await expect(read(db, '9007199254740993::bigint')).rejects.toThrow(RangeError);
    expect(await read(db, '1')).toBe(1);
  });

  it('orders text by its bytes, as SQLite does, and has room for every instant and id', async () => {
    const { db } = await open();
    const { rows } = await sql<Record<'type' | 'collation' | 'column', string>>`
      select table_name || '.' || column_name as "column", data_type as type, collation_name as collation
      from information_schema.columns where table_schema = current_schema() and table_name not like 'kysely%'`.execute(
      db,
    );

    expect(rows.length).toBeGreaterThan(150);
    expect(
      rows.filter(({ type, collation }) => !(type === 'bigint' || (type === 'text' && collation === 'C'))),
    ).toEqual([]);
  });

  it('leaves a NUL out of a text, which would fail the whole statement', async () => {
    const { store } = await open();
    await store.reps.save(rep(ANN, { name: 'An\0n' }));

    expect((await store.reps.find(ANN))?.name).toBe('Ann');
  });

  it('waits for the disk, unless what is written can be found out again', async () => {
    const { db, store } = await open();
    const setting = (on: object) => read<string>(on as typeof db, "current_setting('synchronous_commit')");

    expect(await setting(db)).toBe('on');
    expect(await unsynced(() => setting(db))).toBe('off');
    expect(await store.transact(setting)).toBe('on');
    expect(await store.transact(setting, { synced: false })).toBe('off');
  });

  it('ends the transaction of a process that stands still, and sees what was committed, whatever the server is set to', async () => {
    const url = new URL(await newSchema());
    const own = '-c default_transaction_isolation=serializable -c idle_in_transaction_session_timeout=0';
    url.searchParams.set('options', `${url.searchParams.get('options')} ${own}`);
    const db = openDatabase(url.href);
    onTestFinished(() => db.destroy());

    expect(await read(db, "current_setting('idle_in_transaction_session_timeout')")).toBe('10s');
    expect(await read(db, "current_setting('transaction_isolation')")).toBe('read committed');
  });

  it('runs transactions about two reps side by side', async () => {
    const { store } = await open();
    const inside = Promise.withResolvers<void>();
    const outer = store.transact(() => inside.promise, { of: ANN });
    await store.transact(async () => undefined, { of: BEN });
    inside.resolve();
    await outer;
  });

  it('fails what may wait only so long for another process, and writes nothing of it then or later', async () => {
    const { store, queue } = await open();
    await store.reps.save(rep(ANN));
    const inside = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const holding = store.transact(
      () => {
        begun.resolve();
        return inside.promise;
      },
      { of: ANN },
    );
    await begun.promise;
    const record = () =>
      store.transact((tx) => store.ledger.record(action(ANN, task('1'), 1), tx), { of: ANN, timeoutMs: 200 });

    await expect(record()).rejects.toMatchObject({ code: '55P03' });
    inside.resolve();
    await holding;
    await sleep(50);
    expect(await store.ledger.latest({ ...ANN, provider: 'gong', taskId: '1' })).toBeUndefined();
    expect(await record()).toBeDefined();
    expect(await queue.open()).toBe(0);
  });

  it('fails what may wait only so long for a session of its own, and gives the session to the next', async () => {
    const { store } = await open();
    const inside = Promise.withResolvers<void>();
    const holding = Array.from({ length: 10 }, () => store.transact(() => inside.promise));
    await sleep(100);

    await expect(store.transact(async () => undefined, { timeoutMs: 200 })).rejects.toThrow('no session in time');
    inside.resolve();
    await Promise.all(holding);
    await Promise.all(Array.from({ length: 30 }, () => store.transact(async () => undefined, { timeoutMs: 2_000 })));
  });

  it('goes on after the server has ended its sessions', async () => {
    const { db, store, url } = await open();
    const heard: number[] = [];
    const lines: string[] = [];
    const log = { warn: (_: object, line: string) => void lines.push(line) };
    const signals = openSignals({ url, channel: 'docket_test', sockets: createSockets(), log });
    onTestFinished(signals.stop);
    signals.hear(() => void heard.push(1));
    signals.start();
    // It may have missed some before it was there.
    await expect.poll(() => heard.length).toBe(1);
    await sql`select pg_notify('docket_test', current_schema())`.execute(db);
    await expect.poll(() => heard.length).toBe(2);
    await store.reps.save(rep(ANN));

    expect(signals.isUp()).toBe(true);
    await endOthers(db);
    await expect.poll(signals.isUp, { interval: 5 }).toBe(false);
    await expect.poll(() => heard.length, { timeout: 5_000 }).toBe(3);
    expect(await store.reps.find(ANN)).toEqual(rep(ANN));
    await sql`select pg_notify('docket_test', current_schema())`.execute(db);
    await expect.poll(() => heard.length).toBe(4);
    expect(signals.isUp()).toBe(true);
    expect(lines).toHaveLength(1);
  });

  it('ends what waits for a server that says nothing any more, and goes on once it is heard again', async () => {
    const schema = await newSchema();
    const { hostname, port } = new URL(schema);
    const way = await startProxy(() => ({ host: hostname, port: Number(port) || 5432 }));
    const url = new URL(schema);
    [url.hostname, url.port] = ['127.0.0.1', String(way.port)];
    const sockets = createSockets();
    const db = openDatabase(url.href, { sockets });
    onTestFinished(() => db.destroy());
    const signals = openSignals({ url: url.href, channel: 'docket_test', sockets, log: { warn: () => undefined } });
    onTestFinished(signals.stop);
    signals.start();
    await expect.poll(signals.isUp).toBe(true);
    const store = createStore(db, createVault([]));
    const now = () => sql<{ one: number }>`select 1 as one`.execute(db).then(({ rows }) => rows);
    expect(await now()).toEqual([{ one: 1 }]);

    way.silence();
    const asked = performance.now();
    const [read, written] = await Promise.allSettled([now(), store.transact(() => now(), { timeoutMs: 2_000 })]);

    expect([read.status, written.status]).toEqual(['rejected', 'rejected']);
    expect(performance.now() - asked).toBeLessThan(25_000);
    expect(signals.isUp()).toBe(false);
    way.mend();
    await expect.poll(signals.isUp, { timeout: 10_000 }).toBe(true);
    expect(await now()).toEqual([{ one: 1 }]);
  }, 60_000);

  it('hears nothing of another Docket in the same database', async () => {
    const [one, other] = [await open(), await open()];
    let heard = 0;
    one.queue.onEnqueued(() => {
      heard += 1;
    });
    const job = (key: string) => ({ key, payload: { kind: 'renew' }, priority: 0, runAt: 0 }) as const;
    await expect
      .poll(async () => {
        await one.queue.enqueue(job(`own ${performance.now()}`));
        return heard;
      })
      .toBeGreaterThan(1);
    await sleep(100);
    const before = heard;
    await other.queue.enqueue(job('other'));
    await sleep(100);
    expect(heard).toBe(before);
  });

  it('leaves nothing of a migration that failed, and can be tried again', async () => {
    const db = openDatabase(await newSchema());
    onTestFinished(() => db.destroy());
    const broken = { '999_broken': { up: async (trx: Kysely<unknown>) => void (await read(trx, 'no_such_thing')) } };
    await expect(migrate(db, { ...allMigrations, ...broken })).rejects.toThrow('999_broken');

    expect(
      await read(db, `(select count(*) from information_schema.tables where table_schema = current_schema())`),
    ).toBe(0);
    expect(await migrate(db, allMigrations)).toEqual(Object.keys(allMigrations).toSorted());
    expect(await migrate(db, allMigrations)).toEqual([]);
  });

  it('says that a newer version wrote it', async () => {
    const { db, url } = await open();
    const newer = { '999_newer': { up: async () => undefined } };
    await migrate(db, { ...allMigrations, ...newer });

    const failed = await migrate(db, allMigrations).catch((error) => explainDatabase(error, url));
    expect(failed).toBeInstanceOf(StartError);
    expect(String(failed)).toContain('newer version of Docket (999_newer)');
  });

  it.each([
    ['nothing listens', 'postgres://docket:hunter2@127.0.0.1:1/docket', 'cannot be reached'],
    ['there is no such host', 'postgres://docket:hunter2@no-such-host.invalid/docket', 'cannot be reached'],
    ['there is no such database', '/no_such_database', 'is not there'],
    ['there is no such user', '/test?user=no_such_user', 'refuses the user'],
  ])('says in one sentence that %s, and repeats no password', async (_, address, sentence) => {
    const url = new URL(address, inject('postgres').server).href;
    const db = openDatabase(url);
    onTestFinished(() => db.destroy());
    const failed = await migrate(db, allMigrations).catch((error) => explainDatabase(error, url));

    expect(failed).toBeInstanceOf(StartError);
    expect(String(failed)).toContain(sentence);
    expect(inspect(failed, { depth: 9, showHidden: true })).not.toContain('hunter2');
    expect(await checkDatabase(url)).toMatchObject([{ state: 'to do', text: expect.stringContaining(sentence) }]);
  });

  it('is looked at by the doctor, tells its size and its time, and is copied by pg_dump alone', async () => {
    const { db, url } = await open();

    expect(await checkDatabase(url)).toMatchObject([{ state: 'fine', text: expect.stringMatching(/^PostgreSQL \d/) }]);
    expect(await databaseBytes(db, url)).toBeGreaterThan(1_000_000);
    expect(Math.abs(((await databaseClock(db, url)?.()) ?? 0) - Date.now())).toBeLessThan(1_000);
    expect(() => backUp(url, 'copy.db')).toThrow('pg_dump');
  });
});

/** All of this schema's sessions but the one that asks. */
async function endOthers(db: Kysely<unknown>): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where pid <> pg_backend_pid() and application_name = current_schema()`.execute(db);
}
