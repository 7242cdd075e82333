/** 025: installs in whole organisations. */
import type { Kysely } from 'kysely';

export async function organisationsMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('installs').addColumn('enterprise_id', 'text').execute();
}
