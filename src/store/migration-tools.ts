/** 024: the keys of sales tools that a workspace's admins set. */
import { type Kysely, sql } from 'kysely';

export async function toolsMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('tools')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('set_by', 'text', (column) => column.notNull())
    .addColumn('set_at', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('tools_pk', ['team_id', 'provider'])
    .modifyEnd(sql`strict`)
    .execute();
}
