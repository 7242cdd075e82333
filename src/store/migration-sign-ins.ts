/** 007: what each sign-in came to, and grants of which the provider does not say whose they are. */
import { type Kysely, sql } from 'kysely';

export async function signInsMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('consents').addColumn('taken_at', 'integer').execute();
  await db.schema.alterTable('consents').addColumn('result', 'text').execute();
  await db.schema
    .createIndex('consents_of_rep')
    .on('consents')
    .columns(['team_id', 'user_id', 'provider', 'expires_at'])
    .execute();
  await db.schema
    .createTable('unconfirmed_grants')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('state_hash', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('unconfirmed_grants_pk', ['team_id', 'user_id', 'provider'])
    .addForeignKeyConstraint('unconfirmed_grants_rep', ['team_id', 'user_id'], 'reps', ['team_id', 'user_id'])
    .modifyEnd(sql`strict`)
    .execute();
}
