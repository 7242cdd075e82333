/** 018: calls of tools that were counted, and digests that are listed ahead of their time. */
import { type Kysely, sql } from 'kysely';

export async function aheadMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('spending')
    .addColumn('provider', 'text', (column) => column.notNull())
    // Since 1970, in UTC.
    .addColumn('day', 'integer', (column) => column.notNull())
    .addColumn('calls', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('spending_day', ['provider', 'day'])
    .modifyEnd(sql`strict`)
    .execute();
  // The local date of the digest for which a message was made; null for all others.
  await db.schema.alterTable('messages').addColumn('ahead_of', 'text').execute();
  await db.schema
    .createIndex('messages_ahead')
    .on('messages')
    .columns(['team_id', 'user_id', 'ahead_of'])
    .where(sql.ref('ahead_of'), 'is not', null)
    .execute();
}
