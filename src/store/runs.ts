import type { Kysely, Selectable } from 'kysely';
import type { Run } from '../core/model/digest.ts';
import type { RepKey } from '../core/model/keys.ts';
import type { RunCount } from '../core/model/rollup.ts';
import { DAY } from '../core/model/time.ts';
import type { Runs } from '../core/ports/store.ts';
import type { Tx } from '../core/ports/transaction.ts';
import { unsynced } from './manner.ts';
import type { RunRow, StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { inBatches, ofRep, repOf, rowId } from './values.ts';

/** Reps that a late round names. */
const FIRST = 5;

export function createRuns(db: Kysely<StoreTables>): Runs {
  const update = (tx: Tx | undefined, key: RepKey, localDate: string) =>
    on(db, tx)
      .updateTable('runs')
      .where((eb) => eb.and({ ...ofRep(key), local_date: localDate }));

  return {
    async claim(run, tx) {
      const { numInsertedOrUpdatedRows } = await on(db, tx)
        .insertInto('runs')
        .values({
          ...ofRep(run),
          local_date: run.localDate,
          state: run.state,
          why: run.why ?? null,
          due_at: run.dueAt ?? null,
          claimed_at: run.claimedAt,
          posted_at: run.postedAt ?? null,
          message_id: run.messageId === undefined ? null : rowId(run.messageId),
        })
        .onConflict((conflict) => conflict.columns(['team_id', 'user_id', 'local_date']).doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },

    // Without it the digest is made anew, as after a crash right before.
    noteMessage: (key, localDate, messageId) =>
      unsynced(async () => {
        await update(undefined, key, localDate)
          .set({ message_id: rowId(messageId) })
          .execute();
      }),

    async markSkipped(key, localDate, { why, refusal }, tx) {
      const skipped = { state: 'skipped', why, refusal: refusal ?? null } as const;
      await update(tx, key, localDate).where('state', '=', 'claimed').set(skipped).execute();
    },

    async ofDate(localDate) {
      const rows = await db
        .selectFrom('runs')
        .innerJoin('reps', (join) =>
          join.onRef('reps.team_id', '=', 'runs.team_id').onRef('reps.user_id', '=', 'runs.user_id'),
        )
        .where('runs.local_date', '=', localDate)
        .selectAll('runs')
        .select('reps.name')
        .execute();
      return rows.map((row) => ({ ...toRun(row), name: row.name }));
    },

    async unsent({ dueBy, claimedBefore }) {
      const late = db
        .selectFrom('runs')
        .where('state', '=', 'claimed')
        .where('due_at', '<=', dueBy)
        .where('claimed_at', '<', claimedBefore);
      const first = await late.select(['team_id', 'user_id']).orderBy('due_at').limit(FIRST).execute();
      const { reps } =
        first.length < FIRST
          ? { reps: first.length }
          : await late.select((eb) => eb.fn.countAll<number>().as('reps')).executeTakeFirstOrThrow();
      return { reps, first: first.map(repOf) };
    },

    async counted(teamId, userIds, localDate) {
      if (userIds.length === 0) return [];
      const rows = await db
        .selectFrom('runs')
        .selectAll()
        .where('team_id', '=', teamId)
        .where('user_id', 'in', userIds)
        .where('local_date', '>=', localDate)
        .execute();
      return rows.map(toRun).flatMap(countOf);
    },

    async prune(before) {
      // No local date is further from UTC's than a day, and dates have an index.
      const lastDate = new Date(before + DAY).toISOString().slice(0, 10);
      const old = db
        .selectFrom('runs')
        .select(['team_id', 'user_id', 'local_date'])
        .where('local_date', '<=', lastDate)
        .where('claimed_at', '<', before);
      return inBatches((limit) =>
        db
          .deleteFrom('runs')
          .where(({ eb, refTuple }) =>
            eb(
              refTuple('team_id', 'user_id', 'local_date'),
              'in',
              old.limit(limit).$asTuple('team_id', 'user_id', 'local_date'),
            ),
          )
          .executeTakeFirstOrThrow(),
      );
    },

    async find(key, localDate, tx) {
      const row = await on(db, tx)
        .selectFrom('runs')
        .selectAll()
        .where((eb) => eb.and({ ...ofRep(key), local_date: localDate }))
        .executeTakeFirst();
      return row && toRun(row);
    },

    async markPosted(key, localDate, { messageId, at, rows, unanswered = [], overdue }, tx) {
      const posted = { state: 'posted', posted_at: at, message_id: rowId(messageId) } as const;
      const held = { rows: rows ?? null, unanswered: unanswered.length > 0 ? JSON.stringify(unanswered) : null };
      const late = { overdue: overdue?.tasks ?? null, overdue_days: overdue?.days ?? null };
      await update(tx, key, localDate)
        .set({ ...posted, ...held, ...late })
        .execute();
    },

    async since(key, localDate) {
      const rows = await db
        .selectFrom('runs')
        .selectAll()
        .where((eb) => eb.and(ofRep(key)))
        .where('local_date', '>=', localDate)
        .orderBy('local_date')
        .execute();
      return rows.map(toRun);
    },

    async before(key, localDate) {
      const row = await db
        .selectFrom('runs')
        .selectAll()
        .where((eb) => eb.and(ofRep(key)))
        .where('local_date', '<', localDate)
        .orderBy('local_date', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && toRun(row);
    },

    async lastPosted(key) {
      const row = await db
        .selectFrom('runs')
        .selectAll()
        .where((eb) => eb.and({ ...ofRep(key), state: 'posted' }))
        .orderBy('local_date', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && toRun(row);
    },
  };
}

function toRun(row: Selectable<RunRow>): Run {
  const unanswered: string[] | undefined = row.unanswered === null ? undefined : JSON.parse(row.unanswered);
  return {
    ...repOf(row),
    localDate: row.local_date,
    state: row.state,
    ...(row.why && { why: row.why }),
    ...(row.refusal && { refusal: row.refusal }),
    ...(row.due_at !== null && { dueAt: row.due_at }),
    ...(row.rows !== null && { rows: row.rows }),
    ...(unanswered && { unanswered }),
    ...(row.overdue !== null && { overdue: { tasks: row.overdue, days: row.overdue_days ?? 0 } }),
    claimedAt: row.claimed_at,
    postedAt: row.posted_at ?? undefined,
    messageId: row.message_id === null ? undefined : String(row.message_id),
  };
}

/** A morning with nothing open has no digest, and is counted all the same. */
function countOf({ userId, localDate, state, why, rows, unanswered, overdue }: Run): RunCount[] {
  if (state === 'skipped' && why === 'nothing_open') {
    return [{ userId, localDate, open: 0, unanswered, overdue: { tasks: 0, days: 0 } }];
  }
  return state === 'posted' && rows !== undefined ? [{ userId, localDate, open: rows, unanswered, overdue }] : [];
}
