import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { waitingAtMost } from './driver.ts';

/** For another process that migrates. */
const LOCK_TIMEOUT_MS = 5_000;

/**
 * Runs all missing migrations in one immediate transaction, and returns their names. A second process that starts at
 * once waits, and finds nothing to do. Migrations only go forward, in the order of their names.
 */
export async function migrate(db: Kysely<unknown>, migrations: Record<string, Migration>): Promise<string[]> {
  const migrator = migratorOf(db, migrations);
  const { error, results = [] } = await waitingAtMost(LOCK_TIMEOUT_MS, () => migrator.migrateToLatest());
  if (error === undefined) return results.map((result) => result.migrationName);
  const failed = results.find((result) => result.status === 'Error');
  throw new Error(`The database could not be migrated${failed ? `: ${failed.migrationName}` : ''}`, { cause: error });
}

/** Every one of these has run. Changes nothing. */
export async function isMigrated(db: Kysely<unknown>, migrations: Record<string, Migration>): Promise<boolean> {
  const known = await migratorOf(db, migrations).getMigrations();
  return known.every(({ executedAt }) => executedAt !== undefined);
}

function migratorOf(db: Kysely<unknown>, migrations: Record<string, Migration>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } });
}
