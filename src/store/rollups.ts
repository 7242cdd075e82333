import type { Kysely, Selectable } from 'kysely';
import type { Instant } from '../core/model/keys.ts';
import type { Rollup, RollupPeople } from '../core/model/rollup.ts';
import type { Rollups } from '../core/ports/store.ts';
import { toChange } from './engine.ts';
import type { RollupTable, StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { ofRep, rowId } from './values.ts';

export function createRollups(db: Kysely<StoreTables>): Rollups {
  return {
    async create(rollup, tx) {
      const values = { team_id: rollup.teamId, ...toColumns(rollup) };
      return toRollup(await on(db, tx).insertInto('rollups').values(values).returningAll().executeTakeFirstOrThrow());
    },

    async change(rollup, tx) {
      const queries = on(db, tx);
      const before = await queries
        .selectFrom('rollups')
        .select('reader')
        .where((eb) => eb.and(keyOf(rollup)))
        .$call(toChange(queries))
        .executeTakeFirst();
      if (!before) return false;
      await queries
        .updateTable('rollups')
        .set(toColumns(rollup))
        .where((eb) => eb.and(keyOf(rollup)))
        .execute();
      if (before.reader !== rollup.to) {
        await queries.deleteFrom('rollup_members').where('rollup_id', '=', rowId(rollup.id)).execute();
      }
      return true;
    },

    async remove(teamId, id) {
      const gone = await db
        .deleteFrom('rollups')
        .where((eb) => eb.and(keyOf({ teamId, id })))
        .executeTakeFirstOrThrow();
      return gone.numDeletedRows === 1n;
    },

    async find(teamId, id) {
      const row = await db
        .selectFrom('rollups')
        .selectAll()
        .where((eb) => eb.and(keyOf({ teamId, id })))
        .executeTakeFirst();
      return row && toRollup(row);
    },

    async list(teamId) {
      const rows = await db
        .selectFrom('rollups')
        .selectAll()
        .select((eb) =>
          eb
            .selectFrom('rollup_members')
            .select((count) => count.fn.countAll<number>().as('members'))
            .whereRef('rollup_members.rollup_id', '=', 'rollups.id')
            .as('members'),
        )
        .where('team_id', '=', teamId)
        .orderBy('id')
        .execute();
      return rows.map((row) => ({ ...toRollup(row), members: row.members ?? 0 }));
    },

    async of({ teamId, userId }) {
      const rows = await db
        .selectFrom('rollup_members')
        .innerJoin('rollups', 'rollups.id', 'rollup_members.rollup_id')
        .selectAll('rollups')
        .where('rollup_members.team_id', '=', teamId)
        .where('rollup_members.user_id', '=', userId)
        .orderBy('rollups.id')
        .execute();
      return rows.map(toRollup);
    },

    async due(now) {
      const due = db.selectFrom('rollups').selectAll().where('next_due_at', '<=', now);
      return (await due.orderBy('next_due_at').orderBy('id').execute()).map(toRollup);
    },

    async nextAfter(now) {
      const { at } = await db
        .selectFrom('rollups')
        .select((eb) => eb.fn.min<Instant | null>('next_due_at').as('at'))
        .where('next_due_at', '>', now)
        .executeTakeFirstOrThrow();
      return at ?? undefined;
    },

    async advance(rollup, { from, to }, tx) {
      const { numUpdatedRows } = await on(db, tx)
        .updateTable('rollups')
        .set({ next_due_at: to })
        .where((eb) => eb.and(keyOf(rollup)))
        .where('next_due_at', '=', from)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },

    async markSent(rollup, at, tx) {
      await on(db, tx)
        .updateTable('rollups')
        .set({ last_sent_at: at })
        .where((eb) => eb.and(keyOf(rollup)))
        .execute();
    },

    async members({ teamId, id }) {
      const rows = await db
        .selectFrom('rollup_members')
        .select('user_id')
        .where('rollup_id', '=', rowId(id))
        .where('team_id', '=', teamId)
        .orderBy('user_id')
        .execute();
      return rows.map((row) => row.user_id);
    },

    async setMembers(rollup, userIds, tx) {
      const queries = on(db, tx);
      const id = rowId(rollup.id);
      const known = await queries
        .selectFrom('rollups')
        .select('id')
        .where((eb) => eb.and(keyOf(rollup)))
        .$call(toChange(queries))
        .executeTakeFirst();
      if (!known) return [];
      const before = await queries.selectFrom('rollup_members').select('user_id').where('rollup_id', '=', id).execute();
      const had = new Set(before.map((row) => row.user_id));
      const fresh = [...new Set(userIds)].filter((userId) => !had.has(userId));
      const stays = new Set(userIds);
      for (const userId of had) {
        if (stays.has(userId)) continue;
        await queries.deleteFrom('rollup_members').where('rollup_id', '=', id).where('user_id', '=', userId).execute();
      }
      for (const userId of fresh) {
        const values = { rollup_id: id, ...ofRep({ teamId: rollup.teamId, userId }) };
        await queries.insertInto('rollup_members').values(values).execute();
      }
      return fresh;
    },
  };
}

/** An id alone comes back from buttons: the workspace is checked with it. */
function keyOf({ teamId, id }: Pick<Rollup, 'id' | 'teamId'>): { team_id: string; id: number } {
  return { team_id: teamId, id: rowId(id) };
}

function toColumns(rollup: Omit<Rollup, 'id' | 'lastSentAt'>) {
  return {
    about: JSON.stringify(rollup.about),
    reader: rollup.to,
    day: rollup.day,
    time: rollup.time,
    zone: rollup.zone,
    set_by: rollup.by,
    next_due_at: rollup.nextDueAt,
  };
}

function toRollup(row: Selectable<RollupTable>): Rollup {
  const about: RollupPeople = JSON.parse(row.about);
  return {
    id: String(row.id),
    teamId: row.team_id,
    about,
    to: row.reader,
    day: row.day,
    time: row.time,
    zone: row.zone,
    by: row.set_by,
    nextDueAt: row.next_due_at,
    lastSentAt: row.last_sent_at ?? undefined,
  };
}
