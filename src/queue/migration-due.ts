/**
 * 019: when a job may be claimed, in one column: at its time while it waits, and at the end of its lease while it is held. One
 * that has ended has none, so that the index holds open jobs alone.
 */
import { type Kysely, sql } from 'kysely';
import { isPostgres } from './engine.ts';

const DUE_AT = sql`case state when 'waiting' then run_at when 'held' then lease_until end`;

export async function dueMigration(db: Kysely<unknown>): Promise<void> {
  const onPostgres = isPostgres(db);
  await db.schema
    .alterTable('jobs')
    // Neither engine can do it the other's way: SQLite adds only computed columns, PostgreSQL 15 knows only stored ones.
    .addColumn('due_at', 'integer', (column) =>
      onPostgres ? column.generatedAlwaysAs(DUE_AT).stored() : column.generatedAlwaysAs(DUE_AT),
    )
    .execute();
  for (const replaced of ['jobs_waiting', 'jobs_held', 'jobs_finished_at']) {
    await db.schema.dropIndex(replaced).execute();
  }
  const index = (name: string, columns: string[], of: string) =>
    db.schema.createIndex(name).on('jobs').columns(columns).where(sql.ref(of), 'is not', null).execute();
  await index('jobs_due', ['due_at'], 'due_at');
  await index('jobs_ended', ['finished_at'], 'finished_at');
  // While many are due, it finds the first ones without a look at the others. SQLite keeps no statistics by which it would
  // know when: it would go through all that waits for later, a job for each digest of three days.
  if (onPostgres) await index('jobs_first', ['priority desc', 'run_at', 'id'], 'due_at');
}
