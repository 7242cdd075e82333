import type { Kysely } from 'kysely';
import type { Returns } from '../core/ports/store.ts';
import { toAction } from './ledger.ts';
import type { StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { ofRep, rowId } from './values.ts';

export function createReturns(db: Kysely<StoreTables>): Returns {
  return {
    async add({ actionId, dueAt, ...rep }, tx) {
      await on(db, tx)
        .insertInto('returns')
        .values({ ...ofRep(rep), action_id: rowId(actionId), due_at: dueAt })
        .onConflict((conflict) => conflict.column('action_id').doNothing())
        .execute();
    },

    async due({ teamId, userId }, { after, until }) {
      const rows = await db
        .selectFrom('returns')
        .innerJoin('actions', 'actions.id', 'returns.action_id')
        .selectAll('actions')
        .where('returns.team_id', '=', teamId)
        .where('returns.user_id', '=', userId)
        .where('returns.due_at', '>', after)
        .where('returns.due_at', '<=', until)
        .orderBy('returns.due_at')
        .orderBy('returns.action_id')
        .execute();
      return rows.map(toAction);
    },

    async take(actionId, tx) {
      const { numDeletedRows } = await on(db, tx)
        .deleteFrom('returns')
        .where('action_id', '=', rowId(actionId))
        .executeTakeFirstOrThrow();
      return numDeletedRows === 1n;
    },
  };
}
