/** 029: when the people of a workspace were last read to the end, and with which settings. */
import { type Kysely, sql } from 'kysely';

export async function syncsMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('syncs')
    .addColumn('team_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('mark', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
}
