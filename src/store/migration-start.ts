/** 015: the off switch of a workspace's digests, and where a rep's welcome stands. */
import { type Kysely, sql } from 'kysely';

export async function startMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('workspaces')
    .addColumn('team_id', 'text', (column) => column.primaryKey())
    .addColumn('off_at', 'integer', (column) => column.notNull())
    .addColumn('off_by', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.alterTable('reps').addColumn('welcome_channel', 'text').execute();
  await db.schema.alterTable('reps').addColumn('welcome_ts', 'text').execute();
  // Most have been welcomed, and this is asked every minute.
  await sql`create index reps_unwelcomed on reps (active) where welcomed_at is null`.execute(db);
}
