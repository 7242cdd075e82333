/** 021: several workspaces. Where the app was installed; what a tool told, and its credential, for each. */
import { type Kysely, sql } from 'kysely';

export async function workspacesMigration(db: Kysely<unknown>): Promise<void> {
  await keepHooks(db);
  await keepCredentials(db);
  await db.schema
    .createTable('installs')
    .addColumn('team_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('bot_id', 'text', (column) => column.notNull())
    .addColumn('bot_user_id', 'text', (column) => column.notNull())
    .addColumn('installed_by', 'text', (column) => column.notNull())
    .addColumn('installed_at', 'integer', (column) => column.notNull())
    .modifyEnd(sql`strict`)
    .execute();
}

async function keepHooks(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('hooks').renameTo('hooks_before').execute();
  await db.schema
    .createTable('hooks')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('hook_id', 'text', (column) => column.notNull())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    // The provider first: before Slack has said which workspace ours is, the only subscription is looked for.
    .addPrimaryKeyConstraint('hooks_of_team_pk', ['provider', 'team_id'])
    .modifyEnd(sql`strict`)
    .execute();
  await sql`insert into hooks (team_id, provider, user_id, hook_id, url, sealed)
    select team_id, provider, user_id, hook_id, url, sealed from hooks_before`.execute(db);
  await db.schema.dropTable('hooks_before').execute();
}

/** They did not say whose they are: those of a database that has seen several workspaces are each one's. */
async function keepCredentials(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('credentials').renameTo('credentials_before').execute();
  await db.schema
    .createTable('credentials')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('mark', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('credentials_of_team_pk', ['team_id', 'provider'])
    .modifyEnd(sql`strict`)
    .execute();
  await sql`insert into credentials (team_id, provider, mark)
    select distinct reps.team_id, credentials_before.provider, credentials_before.mark
    from reps cross join credentials_before`.execute(db);
  await db.schema.dropTable('credentials_before').execute();
}
