/** 020: what several processes on one database note for each other. */
import { type Kysely, sql } from 'kysely';

export async function sharedMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shared_notes')
    .addColumn('name', 'text', (column) => column.primaryKey())
    // JSON.
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('written_at', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
}
