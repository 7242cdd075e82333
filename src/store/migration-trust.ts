/** 004: what a verb found instead of the task, what it waits for, what undid it; and which digests lost their buttons. */
import { type Kysely, sql } from 'kysely';

export async function trustMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('actions').addColumn('waiting', 'text').execute();
  await db.schema.alterTable('actions').addColumn('found', 'text').execute();
  await db.schema.alterTable('actions').addColumn('undo', 'text').execute();
  await db.schema
    .createIndex('actions_of_rep')
    .on('actions')
    .columns(['team_id', 'user_id', 'created_at', 'id'])
    .execute();
  await db.schema.createIndex('actions_failed').on('actions').columns(['state', 'team_id', 'provider']).execute();
  await db.schema.createIndex('actions_age').on('actions').column('created_at').execute();
  await db.schema
    .alterTable('messages')
    .addColumn('retired', 'integer', (column) => column.notNull().defaultTo(0).check(sql`retired in (0, 1)`))
    .execute();
  await db.schema
    .createIndex('messages_unretired')
    .on('messages')
    .columns(['team_id', 'kind', 'retired', 'created_at'])
    .execute();
  await db.schema
    .createTable('credentials')
    .addColumn('provider', 'text', (column) => column.primaryKey().notNull())
    .addColumn('mark', 'text', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  // Those of earlier days are left as they are: a year of them would take days to edit.
  await sql`update messages set retired = 1
    where created_at < (select max(created_at) from messages) - 259200000`.execute(db);
  await db.schema.createIndex('messages_digests').on('messages').columns(['team_id', 'kind', 'created_at']).execute();
  await db.schema.createIndex('link_events_age').on('link_events').column('at').execute();
}
