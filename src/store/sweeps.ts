import type { Kysely, Selectable } from 'kysely';
import type { Sweep } from '../core/model/sweep.ts';
import type { Sweeps } from '../core/ports/store.ts';
import type { StoreTables, SweepRow } from './schema.ts';
import { on } from './transaction.ts';
import { ofRep, repOf, rowId } from './values.ts';

export function createSweeps(db: Kysely<StoreTables>): Sweeps {
  return {
    async create(sweep, tx) {
      const { key, kind, messageId, change, leftOut, createdAt } = sweep;
      const made = await on(db, tx)
        .insertInto('sweeps')
        .values({
          ...ofRep(sweep),
          kind,
          key,
          message_id: rowId(messageId),
          change: change === undefined ? null : JSON.stringify(change),
          left_out: leftOut === undefined ? null : JSON.stringify(leftOut),
          round: 0,
          created_at: createdAt,
        })
        .onConflict((conflict) => conflict.columns(['team_id', 'user_id', 'key']).doNothing())
        .returningAll()
        .executeTakeFirst();
      if (made) return { sweep: toSweep(made), isNew: true };
      const known = await on(db, tx)
        .selectFrom('sweeps')
        .selectAll()
        .where((eb) => eb.and({ ...ofRep(sweep), key }))
        .executeTakeFirstOrThrow();
      return { sweep: toSweep(known), isNew: false };
    },

    async find(id, tx) {
      const row = await on(db, tx).selectFrom('sweeps').selectAll().where('id', '=', rowId(id)).executeTakeFirst();
      return row && toSweep(row);
    },

    async notePosted(id, { channel, ts }, tx) {
      await on(db, tx).updateTable('sweeps').set({ channel, ts }).where('id', '=', rowId(id)).execute();
    },

    async again(id, { undoAskedAt }, tx) {
      const { round } = await on(db, tx)
        .updateTable('sweeps')
        .set((eb) => ({
          round: eb('round', '+', 1),
          ...(undoAskedAt !== undefined && { undo_asked_at: undoAskedAt }),
        }))
        .where('id', '=', rowId(id))
        .returning('round')
        .executeTakeFirstOrThrow();
      return round;
    },

    async prune(before) {
      const { numDeletedRows } = await db
        .deleteFrom('sweeps')
        .where('created_at', '<', before)
        .where((eb) =>
          eb.not(
            eb.exists(eb.selectFrom('actions').select('actions.id').whereRef('actions.sweep_id', '=', 'sweeps.id')),
          ),
        )
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

function toSweep(row: Selectable<SweepRow>): Sweep {
  return {
    ...repOf(row),
    id: String(row.id),
    kind: row.kind,
    messageId: String(row.message_id),
    ...(row.change !== null && { change: JSON.parse(row.change) }),
    ...(row.left_out !== null && { leftOut: JSON.parse(row.left_out) }),
    createdAt: row.created_at,
    ...(row.channel !== null && row.ts !== null && { posted: { channel: row.channel, ts: row.ts } }),
    ...(row.undo_asked_at !== null && { undoAskedAt: row.undo_asked_at }),
    round: row.round,
  };
}
