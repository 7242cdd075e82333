/** The schema of the queue, forward only; numbered together with the store's, which run in the same list. */
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { dueMigration } from './migration-due.ts';
import { lapsedMigration } from './migration-lapsed.ts';
import { rankedMigration } from './migration-ranked.ts';

export const queueMigrations = {
  '002_queue': { up: createJobs },
  '005_failing': { up: noteFailing },
  '008_engine': { up: noteFate },
  '019_due': { up: dueMigration },
  '026_ranked': { up: rankedMigration },
  '028_lapsed': { up: lapsedMigration },
} satisfies Record<string, Migration>;

async function noteFailing(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('jobs').addColumn('failing_since', 'integer').execute();
}

/** What a job waits for, how often it took its process with it, and what it is without a look into its payload. */
async function noteFate(db: Kysely<unknown>): Promise<void> {
  const table = () => db.schema.alterTable('jobs');
  await table().addColumn('waits_for', 'text').execute();
  await table()
    .addColumn('lapses', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await table()
    .addColumn('kind', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  // Not every database has these functions, and one without jobs needs none.
  const { rows } = await sql`select id from jobs limit 1`.execute(db);
  if (rows.length === 0) return;
  await sql`update jobs set kind = coalesce(json_extract(payload, '$.kind'), '') where json_valid(payload)`.execute(db);
}

async function createJobs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('jobs')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('key', 'text', (column) => column.notNull().unique())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('priority', 'integer', (column) => column.notNull())
    .addColumn('run_at', 'integer', (column) => column.notNull())
    .addColumn('enqueued_at', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) =>
      column.notNull().check(sql`state in ('waiting', 'held', 'done', 'cancelled')`),
    )
    .addColumn('token', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('lease_until', 'integer')
    .addColumn('last_error', 'text')
    .addColumn('finished_at', 'integer')
    .addCheckConstraint('jobs_lease', sql`(state = 'held') = (lease_until is not null)`)
    .addCheckConstraint('jobs_finished', sql`(state in ('done', 'cancelled')) = (finished_at is not null)`)
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('jobs_waiting').on('jobs').columns(['state', 'run_at']).execute();
  await db.schema.createIndex('jobs_held').on('jobs').columns(['state', 'lease_until']).execute();
  await db.schema.createIndex('jobs_finished_at').on('jobs').columns(['state', 'finished_at']).execute();
}
