/** 017: weekly roll-ups, who is in them, and how many tasks of a digest were overdue. */
import { type Kysely, sql } from 'kysely';

export async function rollupsMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rollups')
    // autoincrement: a button or a job of one that was stopped never reaches another.
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('about', 'text', (column) => column.notNull())
    .addColumn('reader', 'text', (column) => column.notNull())
    .addColumn('day', 'integer', (column) => column.notNull().check(sql`day between 1 and 7`))
    .addColumn('time', 'text', (column) => column.notNull())
    .addColumn('zone', 'text', (column) => column.notNull())
    .addColumn('set_by', 'text', (column) => column.notNull())
    .addColumn('next_due_at', 'integer', (column) => column.notNull())
    .addColumn('last_sent_at', 'integer')
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('rollups_due').on('rollups').column('next_due_at').execute();
  await db.schema.createIndex('rollups_of_team').on('rollups').column('team_id').execute();
  await db.schema
    .createTable('rollup_members')
    .addColumn('rollup_id', 'integer', (column) => column.notNull())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('rollup_members_pk', ['rollup_id', 'user_id'])
    .addForeignKeyConstraint('rollup_members_rollup', ['rollup_id'], 'rollups', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .addForeignKeyConstraint('rollup_members_rep', ['team_id', 'user_id'], 'reps', ['team_id', 'user_id'])
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('rollup_members_rep').on('rollup_members').columns(['team_id', 'user_id']).execute();
  await db.schema.alterTable('runs').addColumn('overdue', 'integer').execute();
  await db.schema.alterTable('runs').addColumn('overdue_days', 'integer').execute();
}
