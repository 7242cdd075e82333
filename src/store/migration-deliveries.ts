/** 016: what became of each digest that was due. */
import type { Kysely } from 'kysely';

export async function deliveriesMigration(db: Kysely<unknown>): Promise<void> {
  const table = () => db.schema.alterTable('runs');
  await table().addColumn('due_at', 'integer').execute();
  await table().addColumn('rows', 'integer').execute();
  await table().addColumn('unanswered', 'text').execute();
  await table().addColumn('refusal', 'text').execute();
  // For the report of a day, and for the watch over what is due and not sent.
  await db.schema.createIndex('runs_of_date').on('runs').column('local_date').execute();
  await db.schema.createIndex('runs_unsent').on('runs').columns(['state', 'due_at']).execute();
}
