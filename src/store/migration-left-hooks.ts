/** 030: webhooks that are to be deleted at a tool which was disconnected, each with what that takes. */
import { type Kysely, sql } from 'kysely';

export async function leftHooksMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('left_hooks')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('hook_id', 'text', (column) => column.notNull())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('sealed_key', 'text')
    .addColumn('sealed_grant', 'text')
    .addPrimaryKeyConstraint('left_hooks_pk', ['team_id', 'provider', 'hook_id'])
    .modifyEnd(sql`strict`)
    .execute();
}
