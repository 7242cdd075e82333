/** `src/move`: everything goes to the other engine and back, or nothing does. */
import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Copied } from '../../src/move/copy.ts';
import { move } from '../../src/move/move.ts';
import { readWish } from '../../src/move/places.ts';
import { openDatabase } from '../../src/store/database.ts';
import { tableNames } from '../../src/store/engine.ts';
import { ANN, grant, message, rep } from '../store/fixtures.ts';
import { folderForEach } from '../store/folder.ts';
import { openUrl } from '../store/open.ts';
import { createSchema, hasPostgres } from '../store/postgres.ts';
import { fill, LAST_IDS } from './full.ts';

const at = folderForEach();
const file = () => `file:${at('docket.db')}`;

/** Where nothing is yet. */
async function schema(): Promise<string> {
  const { url, drop } = await createSchema();
  onTestFinished(drop);
  return url;
}

async function moved(from: string, to: string, ...more: string[]): Promise<Copied[]> {
  const tables: Copied[] = [];
  await move(readWish(['--from', from, '--to', to, ...more]), (table) => void tables.push(table));
  return tables;
}

async function withDatabase<T>(url: string, work: (db: Kysely<unknown>) => Promise<T>): Promise<T> {
  const db = openDatabase(url);
  return work(db).finally(() => db.destroy());
}

/** Every table of the catalog with its rows, in no order. */
function contents(url: string): Promise<Record<string, string[]>> {
  return withDatabase(url, async (db) => {
    const tables: Record<string, string[]> = {};
    for (const name of await tableNames(db)) {
      const { rows } = await sql<object>`select * from ${sql.table(name)}`.execute(db);
      tables[name] = rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
    }
    return tables;
  });
}

/** The ids that the next rows would get. */
function nextIds(url: string): Promise<Record<string, number>> {
  return withDatabase(url, async (db) => {
    const ids: Record<string, number> = {};
    for (const table of Object.keys(LAST_IDS)) {
      const { rows } = url.startsWith('file:')
        ? await sql<{ id: number }>`select seq + 1 as id from sqlite_sequence where name = ${table}`.execute(db)
        : await sql<{ id: number }>`select nextval(pg_get_serial_sequence(${table}, 'id')) as id`.execute(db);
      ids[table] = rows[0]?.id ?? 0;
    }
    return ids;
  });
}

async function full(): Promise<string> {
  const opened = await openUrl(file());
  await fill(opened);
  await opened.close();
  return file();
}

const REP = sql`insert into reps (team_id, user_id, name, zone, active) values ('T1', 'UANN', 'Ann', 'UTC', 1)`;

/** A database with what the statement adds. */
async function holding(statement: ReturnType<typeof sql>): Promise<string> {
  await (await openUrl(file())).close();
  await withDatabase(file(), (db) => statement.execute(db));
  return file();
}

describe.skipIf(!hasPostgres)('a move', () => {
  it('takes every row, every next id and every sealed token along, and back again', async () => {
    const [from, to, back] = [await full(), await schema(), `file:${at('back.db')}`];
    const before = await contents(from);
    expect(Object.entries(before).filter(([, rows]) => rows.length === 0)).toEqual([]);

    const tables = await moved(from, to);

    expect(await contents(to)).toEqual(before);
    expect(tables.map((table) => table.to.rows)).toEqual(tables.map(({ table }) => before[table]?.length));
    expect(await contents(from)).toEqual(before);
    await moved(to, back, '--dry-run');
    expect(existsSync(at('back.db'))).toBe(false);
    await moved(to, back);
    expect(await contents(back)).toEqual(before);
    // An id is never given again, not even that of a row that is gone.
    const next = Object.fromEntries(Object.entries(LAST_IDS).map(([table, id]) => [table, id + 1]));
    expect(await nextIds(back)).toEqual(next);
    expect(await nextIds(to)).toEqual(next);
    const { store, close } = await openUrl(to);
    onTestFinished(close);
    expect(Number((await store.messages.create(message(ANN), [])).id)).toBe(LAST_IDS.messages + 2);
    expect(await store.connections.find(ANN, 'outreach')).toMatchObject({ grant: grant() });
  });

  it('does with a NUL what the app does there, says so, and reads what is no Unicode as the app does', async () => {
    const odd = 'a \0 NUL';
    const from = await holding(sql`insert into reps (team_id, user_id, name, zone, active)
      values ('T1', 'UANN', ${odd}, 'UTC', 1), ('T1', 'UBEN', cast(x'61ff62' as text), 'UTC', 1)`);
    const to = await schema();
    const namesAt = async (url: string) => {
      const { store, close } = await openUrl(url);
      const names = [await store.reps.find(ANN), await store.reps.find({ ...ANN, userId: 'UBEN' })];
      await store.reps.save(rep({ ...ANN, userId: 'UNEW' }, { name: odd }));
      const written = await store.reps.find({ ...ANN, userId: 'UNEW' });
      await close();
      return [...names.map((found) => found?.name), written?.name];
    };

    const tables = await moved(from, to);

    expect(tables.reduce((sum, { cut }) => sum + cut, 0)).toBe(1);
    const [, unreadable, written] = await namesAt(from);
    expect(written).toBe(odd);
    const [cut, same, asWritten] = await namesAt(to);
    expect(cut).toBe(asWritten);
    expect(same).toBe(unreadable);
  });

  it('can be tried while Docket runs, and leaves nothing anywhere', async () => {
    const [from, to] = [await full(), await schema()];
    const running = openDatabase(from);
    onTestFinished(() => running.destroy());
    await sql`select 1 from reps`.execute(running);
    const before = await contents(from);

    const tables = await moved(from, to, '--dry-run');

    expect(tables.find(({ table }) => table === 'message_items')?.to.rows).toBe(before.message_items?.length);
    expect(await contents(to)).toEqual({});
    expect(await contents(from)).toEqual(before);
  });

  it('refuses a source that is in use, and lets nobody in while it lasts', async () => {
    const [from, to] = [await holding(REP), await schema()];
    const running = openDatabase(from);
    await sql`select 1 from reps`.execute(running);

    await expect(moved(from, to)).rejects.toThrow(/docket\.db \(--from\) is in use.*Stop every process of Docket/);
    await running.destroy();
    await move(readWish(['--from', from, '--to', to]), ({ table }) => {
      if (table === 'reps')
        expect(() => new Sqlite(at('docket.db'), { timeout: 0 }).pragma('user_version')).toThrow('locked');
    });

    const there = openDatabase(to);
    onTestFinished(() => there.destroy());
    await sql`select 1`.execute(there);
    await expect(moved(to, `file:${at('back.db')}`)).rejects.toThrow(/\(--from\) is in use.*Stop every process/);
  });

  it('refuses a target that is not empty, and changes nothing there', async () => {
    const [from, to] = [await holding(REP), await schema()];
    await withDatabase(to, (db) => sql`create table notes (line text)`.execute(db));
    await expect(moved(from, to)).rejects.toThrow('(--to) is not empty');
    expect(await contents(to)).toEqual({ notes: [] });

    await withDatabase(to, (db) => sql`drop table notes`.execute(db));
    await moved(from, to);
    const before = await contents(from);
    await expect(moved(to, from)).rejects.toThrow(`${at('docket.db')} (--to) is not empty`);
    expect(await contents(from)).toEqual(before);
  });

  it.each([
    ['of an older version', sql`delete from kysely_migration where name = '019_due'`, 'written by an older version'],
    [
      'of a newer version',
      sql`insert into kysely_migration values ('999_new', '')`,
      'newer version of Docket (999_new)',
    ],
    ['with a table that Docket does not know', sql`create table notes (line text)`, "not Docket's: notes"],
    [
      'with an integer that JavaScript has not',
      sql`insert into spending values ('a', 1, 9007199254740993)`,
      'spending',
    ],
    ['that is something else', sql`drop table kysely_migration`, 'is no database of Docket'],
  ])('refuses a source %s, and leaves the target empty', async (_name, statement, said) => {
    const [from, to] = [await holding(statement), await schema()];

    await expect(moved(from, to)).rejects.toThrow(said);

    expect(await contents(to)).toEqual({});
  });

  it('leaves the target empty when it fails at the last row, in either direction', async () => {
    const [from, to] = [await full(), await schema()];
    await withDatabase(from, async (db) => {
      const job = sql`payload, kind, priority, run_at, enqueued_at, state, token, attempts, lapses`;
      await sql`insert into jobs (key, ${job}) select 'one' || char(0), ${job} from jobs where id = 11`.execute(db);
      await sql`insert into jobs (key, ${job}) select 'one', ${job} from jobs where id = 11`.execute(db);
    });

    // Without the NUL both have the same key.
    await expect(moved(from, to)).rejects.toThrow('jobs_key_key');
    expect(await contents(to)).toEqual({});

    await withDatabase(from, (db) => sql`delete from jobs where key like 'one%'`.execute(db));
    await moved(from, to);
    await withDatabase(to, (db) => sql`update spending set calls = 9007199254740993`.execute(db));
    await expect(moved(to, `file:${at('back.db')}`)).rejects.toThrow('too large');
    expect(existsSync(at('back.db'))).toBe(false);
  });

  it('notices a row that was passed over', async () => {
    // 500 rows are a page. The last of them is read as another text than it is, which orders behind the next.
    const from = await holding(sql`insert into credentials (team_id, provider, mark)
      with recursive n(n) as (select 1 union all select n + 1 from n where n < 499)
      select 'T1', printf('%04d', n), '' from n union all select 'T1', cast(x'eda0bd' as text), '' union all select 'T1', char(57344), ''`);
    const to = await schema();

    await expect(moved(from, to)).rejects.toThrow('credentials is not the same on both sides');

    expect(await contents(to)).toEqual({});
  });
});
