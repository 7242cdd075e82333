/** Copies a database of Docket into an empty one of the other engine: all of it, or nothing. */
import { type Kysely, sql, type Transaction } from 'kysely';
import { StartError } from '../core/model/errors.ts';
import { queueMigrations } from '../queue/migrations.ts';
import { explainDatabase, openDatabase, openExisting } from '../store/database.ts';
import { isPostgres, tableNames } from '../store/engine.ts';
import { migrateInside } from '../store/migrate.ts';
import { storeMigrations } from '../store/migrations.ts';
import { otherSessions } from '../store/postgres/database.ts';
import { isPostgresUrl } from '../store/postgres/url.ts';
import { existsFile, inUse, removeFile } from '../store/sqlite/database.ts';
import { snapshot } from '../store/transaction.ts';
import { type AnyTables, type Copied, copyTable, isSame } from './copy.ts';
import type { Place, Wish } from './places.ts';
import { ALL_TABLES, LEFT_OUT } from './tables.ts';

const MIGRATIONS = { ...storeMigrations, ...queueMigrations };

/** Undoes the transaction of a dry run. */
class Tried extends Error {}

/** `tell` hears of each table once it is copied and checked. An error says what an operator can do. */
export async function move(wish: Wish, tell: (copied: Copied) => void): Promise<void> {
  try {
    const source = await openSource(wish);
    try {
      await intoTarget(source, wish, tell);
    } finally {
      await source.destroy();
    }
  } catch (error) {
    throw inWords(error, wish);
  }
}

/**
 * Alone, because what a running Docket goes on to write would stay behind. A dry run copies what is there at the moment, and
 * may be tried while Docket runs.
 */
async function openSource({ from, dryRun }: Wish): Promise<Kysely<unknown>> {
  const db = openExisting(from.url, { alone: !dryRun });
  if (dryRun || !isPostgres(db) || (await otherSessions(db)) === 0) return db;
  await db.destroy();
  throw new StartError(inUse(`${from.name} (${from.option})`));
}

async function intoTarget(source: Kysely<unknown>, wish: Wish, tell: (copied: Copied) => void): Promise<void> {
  const { from, to, dryRun } = wish;
  const isNew = !isPostgresUrl(to.url) && !existsFile(to.url);
  const target = openDatabase(to.url);
  let isMoved = false;
  try {
    await snapshot(source, async (reading) => {
      await patiently(reading);
      await checkSource(reading, from);
      await target.transaction().execute(async (trx) => {
        const writing = trx.withoutPlugins();
        await patiently(writing);
        await prepare(writing, to);
        for (const table of ALL_TABLES) {
          const copied = await copyTable(reading.withTables<AnyTables>(), writing.withTables<AnyTables>(), table);
          tell(copied);
          if (!isSame(copied)) throw new Error(`${copied.table} is not the same on both sides.`);
        }
        if (dryRun) throw new Tried();
      });
    });
    isMoved = true;
  } catch (error) {
    if (!(error instanceof Tried)) throw error;
  } finally {
    await target.destroy();
    if (isNew && !isMoved) removeFile(to.url);
  }
}

/** Each side waits while the other works, and a table may be large. */
async function patiently(trx: Kysely<unknown>): Promise<void> {
  if (!isPostgres(trx)) return;
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx);
  await sql`set local statement_timeout = 0`.execute(trx);
}

async function checkSource(db: Kysely<unknown>, { name, option }: Place): Promise<void> {
  const what = `${name} (${option})`;
  const tables = await tableNames(db);
  if (!tables.includes('kysely_migration')) throw new StartError(`${what} is no database of Docket.`);
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const ran = new Set(rows.map((row) => row.name));
  const [newer] = [...ran].filter((migration) => !(migration in MIGRATIONS));
  if (newer !== undefined)
    throw new StartError(`${what} was written by a newer version of Docket (${newer}). Move it with that one.`);
  if (ran.size < Object.keys(MIGRATIONS).length) {
    throw new StartError(
      `${what} was written by an older version of Docket. Start this version on it once, stop it, and move then.`,
    );
  }
  const known = new Set([...LEFT_OUT, ...ALL_TABLES.map((table) => table.name)]);
  const [unknown] = tables.filter((table) => !known.has(table));
  if (unknown !== undefined)
    throw new StartError(`${what} has a table that is not Docket's: ${unknown}. It would be left behind.`);
}

/** Makes the tables. Which migrations ran, and when, is the source's to say. */
async function prepare(trx: Transaction<unknown>, { name, option }: Place): Promise<void> {
  if ((await tableNames(trx)).length > 0) {
    throw new StartError(`${name} (${option}) is not empty. Give a new database: nothing is ever written over.`);
  }
  const { error } = await migrateInside(trx, MIGRATIONS);
  if (error !== undefined) throw error;
  await sql`delete from kysely_migration`.execute(trx);
}

/** What the database says, in words for whoever gave its address. */
function inWords(error: unknown, { from, to }: Wish): unknown {
  for (const { url, option } of [from, to]) {
    const explained = explainDatabase(error, url);
    if (explained instanceof StartError && explained.message.includes('DATABASE_URL')) {
      return new StartError(explained.message.replaceAll('DATABASE_URL', option), { cause: error });
    }
  }
  return error;
}
