/**
 * 026: waiting jobs of one priority in the order of their times, so that a look takes the first ones however many are due
 * (`claim.ts`). PostgreSQL has `jobs_first` for it.
 */
import { type Kysely, sql } from 'kysely';
import { isPostgres } from './engine.ts';

export async function rankedMigration(db: Kysely<unknown>): Promise<void> {
  if (isPostgres(db)) return;
  const isOpen = sql.ref('due_at');
  await db.schema
    .createIndex('jobs_ranked')
    .on('jobs')
    .columns(['priority', 'due_at'])
    .where(isOpen, 'is not', null)
    .execute();
}
