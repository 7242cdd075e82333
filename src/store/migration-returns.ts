/** 012: which snoozes come back on the same day. */
import { type Kysely, sql } from 'kysely';

export async function returnsMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('returns')
    .addColumn('action_id', 'integer', (column) => column.primaryKey())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('due_at', 'integer', (column) => column.notNull())
    .addForeignKeyConstraint('returns_action', ['action_id'], 'actions', ['id'], (key) => key.onDelete('cascade'))
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('returns_due').on('returns').columns(['team_id', 'user_id', 'due_at']).execute();
}
