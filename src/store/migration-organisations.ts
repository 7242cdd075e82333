/** 027: the organisation that an installed workspace belongs to, and names to tell people. */
import type { Kysely } from 'kysely';

export async function organisationsMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('installs').addColumn('enterprise_id', 'text').execute();
  await db.schema.alterTable('installs').addColumn('name', 'text').execute();
  await db.schema.createIndex('installs_organisation').on('installs').column('enterprise_id').execute();
}
