/** 006: which links are in doubt and since when, and who was told what Docket is. */
import { type Kysely, sql } from 'kysely';

export async function doubtsMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('link_doubts')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('external_id', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('since', 'integer', (column) => column.notNull())
    .addColumn('looks', 'integer', (column) => column.notNull().check(sql`looks >= 1`))
    .addColumn('last_day', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('link_doubts_pk', ['team_id', 'provider', 'user_id'])
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.alterTable('reps').addColumn('welcomed_at', 'integer').execute();
  // Whoever had a digest, or has a link and so gets one, needs no welcome.
  await sql`update reps set welcomed_at = 0 where exists (
      select 1 from links where links.team_id = reps.team_id and links.user_id = reps.user_id)
    or exists (select 1 from runs where runs.team_id = reps.team_id and runs.user_id = reps.user_id
      and runs.state = 'posted')`.execute(db);
}
