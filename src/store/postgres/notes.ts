import { type Kysely, sql } from 'kysely';
import type { SharedNotes } from '../../core/ports/shared-notes.ts';
import { unsynced } from '../manner.ts';
import type { StoreTables } from '../schema.ts';

/**
 * A note is read, decided upon, and written if nobody else has written it since. No lock is held in between, so a process
 * that stands still keeps nobody waiting. What a power cut undoes is worth a moment: the server was away for longer.
 */
export function createSharedNotes(database: Kysely<unknown>): SharedNotes {
  const db = database.$extendTables<StoreTables>();
  const serverNow = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
  return {
    read: (name) =>
      unsynced(async () => {
        const { rows } = await sql<{ note: string | null; version: number | null; now: number }>`
          select shared_notes.note, shared_notes.version, ${serverNow} as now
          from (select 1) as always left join shared_notes on name = ${name}`.execute(db);
        const [row] = rows;
        if (!row) throw new TypeError('the database did not say the time');
        return { note: row.note ?? undefined, version: row.version ?? 0, now: row.now };
      }),

    write: (name, note, version) =>
      unsynced(async () => {
        const written = await db
          .insertInto('shared_notes')
          .values({ name, note, version: 1, written_at: serverNow })
          .onConflict((conflict) =>
            conflict
              .column('name')
              .doUpdateSet({ note, version: version + 1, written_at: serverNow })
              .where('shared_notes.version', '=', version),
          )
          .executeTakeFirstOrThrow();
        return written.numInsertedOrUpdatedRows === 1n;
      }),

    async prune(unusedMs) {
      await db.deleteFrom('shared_notes').where('written_at', '<', sql<number>`${serverNow} - ${unusedMs}`).execute();
    },
  };
}
