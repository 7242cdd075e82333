/** 023: tokens that end and are renewed, installs that are being deleted, and states of the install page that were used. */
import { type Kysely, sql } from 'kysely';

export async function installsMigration(db: Kysely<unknown>): Promise<void> {
  // Another one with each token.
  await db.schema
    .alterTable('installs')
    .addColumn('version', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
  await db.schema.alterTable('installs').addColumn('expires_at', 'integer').execute();
  await db.schema.alterTable('installs').addColumn('locked_until', 'integer').execute();
  await db.schema
    .alterTable('installs')
    .addColumn('ended', 'integer', (column) => column.notNull().defaultTo(0).check(sql`ended in (0, 1)`))
    .execute();
  await db.schema
    .createTable('install_states')
    .addColumn('state_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('expires_at', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
}
