/**
 * 028: held jobs in the order of their leases. Each look for a lease that has run out would otherwise go through all that is
 * due: on a morning that is a job for each rep (`claim.ts`).
 */
import { type Kysely, sql } from 'kysely';

export async function lapsedMigration(db: Kysely<unknown>): Promise<void> {
  const isHeld = sql<boolean>`${sql.ref('state')} = ${sql.lit('held')}`;
  await db.schema.createIndex('jobs_lapsed').on('jobs').column('lease_until').where(isHeld).execute();
}
