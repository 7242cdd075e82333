/** 011: sweeps, and which actions belong to one. */
import { type Kysely, sql } from 'kysely';
import { SWEEP_KINDS } from '../core/model/sweep.ts';

export async function sweepsMigration(db: Kysely<unknown>): Promise<void> {
  const kinds = sql.join(SWEEP_KINDS.map((kind) => sql.lit(kind)));
  await db.schema
    .createTable('sweeps')
    // autoincrement: actions name their sweep, and its id must never be another's.
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull().check(sql`kind in (${kinds})`))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('message_id', 'integer', (column) => column.notNull())
    .addColumn('change', 'text')
    .addColumn('left_out', 'text')
    .addColumn('channel', 'text')
    .addColumn('ts', 'text')
    .addColumn('undo_asked_at', 'integer')
    .addColumn('round', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addForeignKeyConstraint('sweeps_rep', ['team_id', 'user_id'], 'reps', ['team_id', 'user_id'])
    .addUniqueConstraint('sweeps_once', ['team_id', 'user_id', 'key'])
    .addCheckConstraint('sweeps_posted', sql`(channel is null) = (ts is null)`)
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('sweeps_age').on('sweeps').column('created_at').execute();
  await db.schema
    .alterTable('actions')
    .addColumn('sweep_id', 'integer', (column) => column.references('sweeps.id'))
    .execute();
  await db.schema.createIndex('actions_of_sweep').on('actions').columns(['sweep_id', 'id']).execute();
}
