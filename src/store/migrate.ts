import { type Kysely, sql, type Transaction } from 'kysely';
import { type Migration, type MigrationResultSet, Migrator } from 'kysely/migration';
import { isPostgres, lockName } from './engine.ts';
import { waitingAtMost } from './manner.ts';
import { PostgresTables } from './postgres/tables.ts';
import { transact } from './transaction.ts';

/** For another process that migrates. */
const LOCK_TIMEOUT_MS = 5_000;

/**
 * Runs all missing migrations in one transaction, and returns their names. A second process that starts at once waits, and
 * finds nothing to do. Migrations only go forward, in the order of their names.
 */
export async function migrate(db: Kysely<unknown>, migrations: Record<string, Migration>): Promise<string[]> {
  const run = isPostgres(db) ? () => migratePostgres(db, migrations) : () => migrateSqlite(db, migrations);
  const { error, results = [] } = await waitingAtMost(LOCK_TIMEOUT_MS, run).catch(
    (error) => ({ error }) as MigrationResultSet,
  );
  if (error === undefined) return results.map((result) => result.migrationName);
  const failed = results.find((result) => result.status === 'Error');
  throw new Error(`The database could not be migrated${failed ? `: ${failed.migrationName}` : ''}`, { cause: error });
}

function migrateSqlite(db: Kysely<unknown>, migrations: Record<string, Migration>): Promise<MigrationResultSet> {
  return migratorOf(db, migrations).migrateToLatest();
}

/** The migrator's own tables are made under the lock too: PostgreSQL fails the second one of two who make a table at once. */
async function migratePostgres(
  db: Kysely<unknown>,
  migrations: Record<string, Migration>,
): Promise<MigrationResultSet> {
  let results: MigrationResultSet = {};
  try {
    await transact(db, async (trx) => {
      results = await migrateInside(trx, migrations);
      if (results.error !== undefined) throw results.error;
    });
  } catch (error) {
    return { ...results, error };
  }
  return results;
}

/** As a part of the transaction. On PostgreSQL nobody else migrates until it ends. */
export async function migrateInside(
  trx: Transaction<unknown>,
  migrations: Record<string, Migration>,
): Promise<MigrationResultSet> {
  if (!isPostgres(trx)) return migratorOf(trx, migrations).migrateToLatest();
  await lockName(trx, 'migrate');
  return migratorOf(trx.withPlugin(new PostgresTables()), migrations, await schemaOf(trx)).migrateToLatest();
}

/** Every one of these has run. Changes nothing. */
export async function isMigrated(db: Kysely<unknown>, migrations: Record<string, Migration>): Promise<boolean> {
  const schema = isPostgres(db) ? await schemaOf(db) : undefined;
  const known = await migratorOf(db, migrations, schema).getMigrations();
  return known.every(({ executedAt }) => executedAt !== undefined);
}

function migratorOf(db: Kysely<unknown>, migrations: Record<string, Migration>, schema?: string): Migrator {
  const provider = { getMigrations: async () => migrations };
  return new Migrator({ db, provider, ...(schema !== undefined && { migrationTableSchema: schema }) });
}

/** Where the tables are: another Docket may be in another schema of the same database. */
async function schemaOf(db: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db);
  return rows[0]?.schema ?? 'public';
}
