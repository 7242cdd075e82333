import type { Kysely } from 'kysely';
import type { Spending } from '../core/ports/store.ts';
import { unsynced } from './manner.ts';
import type { StoreTables } from './schema.ts';

/** A power cut may lose a minute's count: the tool counts for itself. */
export function createSpending(db: Kysely<StoreTables>): Spending {
  return {
    add: (account, day, calls) =>
      unsynced(async () => {
        const row = await db
          .insertInto('spending')
          .values({ provider: account, day, calls })
          .onConflict((conflict) =>
            conflict.columns(['provider', 'day']).doUpdateSet((eb) => ({
              calls: eb('spending.calls', '+', eb.ref('excluded.calls')),
            })),
          )
          .returning('calls')
          .executeTakeFirstOrThrow();
        return row.calls;
      }),

    async prune(before) {
      const { numDeletedRows } = await db.deleteFrom('spending').where('day', '<', before).executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}
