import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { waitingAtMost } from './driver.ts';

/** For another process that migrates; whoever starts Docket is waiting to hear of anything else. */
const LOCKED_AT_MOST_MS = 5_000;

/**
 * Brings the schema up to date and returns the names of the migrations that ran. All of them run in one immediate
 * transaction: of two processes that start at once, the second waits, and then finds nothing left to do. They only go
 * forward, in the order of their names, so a new one takes the next number.
 */
export async function migrate(db: Kysely<unknown>, migrations: Record<string, Migration>): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error, results = [] } = await waitingAtMost(LOCKED_AT_MOST_MS, () => migrator.migrateToLatest());
  if (error === undefined) return results.map((result) => result.migrationName);
  const failed = results.find((result) => result.status === 'Error');
  throw new Error(`The database could not be migrated${failed ? `: ${failed.migrationName}` : ''}`, { cause: error });
}
