import type { Kysely, Selectable } from 'kysely';
import type { Rep } from '../core/model/people.ts';
import type { Reps } from '../core/ports/store.ts';
import type { RepRow, StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { ofRep, repOf } from './values.ts';

export function createReps(db: Kysely<StoreTables>): Reps {
  return {
    async save(rep, tx) {
      const { name, zone } = rep;
      const said = { name, email: rep.email ?? null, zone, locale: rep.locale ?? null };
      const columns = { ...said, active: rep.active ? 1 : 0 };
      await on(db, tx)
        .insertInto('reps')
        .values({ ...ofRep(rep), ...columns })
        .onConflict((conflict) => conflict.columns(['team_id', 'user_id']).doUpdateSet(columns))
        .execute();
    },

    async find(key) {
      const row = await db
        .selectFrom('reps')
        .selectAll()
        .where((eb) => eb.and(ofRep(key)))
        .executeTakeFirst();
      return row && toRep(row);
    },

    async list(teamId) {
      const rows = await db.selectFrom('reps').selectAll().where('team_id', '=', teamId).orderBy('user_id').execute();
      return rows.map(toRep);
    },

    async markWelcomed(key, at, tx) {
      const { numUpdatedRows } = await on(db, tx)
        .updateTable('reps')
        .set({ welcomed_at: at })
        .where((eb) => eb.and(ofRep(key)))
        .where('welcomed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
  };
}

function toRep(row: Selectable<RepRow>): Rep {
  const { name, email, zone, locale, active } = row;
  return { ...repOf(row), name, email: email ?? undefined, zone, locale: locale ?? undefined, active: active === 1 };
}
