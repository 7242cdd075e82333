import { type ExpressionBuilder, type Kysely, type Selectable, sql } from 'kysely';
import { type Action, type Life, lifeOf, type NewAction } from '../core/model/action.ts';
import type { Change } from '../core/model/capabilities.ts';
import type { RepKey, TaskKey } from '../core/model/keys.ts';
import type { Settled } from '../core/model/rollup.ts';
import type { Ledger } from '../core/ports/store.ts';
import type { Tx } from '../core/ports/transaction.ts';
import { toChange, wordAt } from './engine.ts';
import type { ActionRow, StoreTables } from './schema.ts';
import { on, transact } from './transaction.ts';
import { inBatches, ofRep, readTask, repOf, rowId } from './values.ts';

const NONE_SETTLED: Settled = { done: 0, dismissed: 0, moved: 0 };

/** null: an edit, which settles nothing. */
const partOf = (db: Kysely<StoreTables>) => sql<keyof Settled | null>`case ${wordAt(db, 'change', 'verb')}
  when 'done' then 'done' when 'dismiss' then 'dismissed' when 'snooze' then 'moved' when 'reschedule' then 'moved' end`;

export function createLedger(db: Kysely<StoreTables>): Ledger {
  return {
    async record(action, tx) {
      const row = await on(db, tx)
        .insertInto('actions')
        .values(toRow(action))
        .onConflict((conflict) => conflict.columns(['team_id', 'user_id', 'provider', 'task_id', 'seq']).doNothing())
        .returningAll()
        .executeTakeFirst();
      return row && toAction(row);
    },

    async find(id, tx) {
      const row = await on(db, tx).selectFrom('actions').selectAll().where('id', '=', rowId(id)).executeTakeFirst();
      return row && toAction(row);
    },

    async latest(task, tx) {
      const row = await newestOf(on(db, tx), task).executeTakeFirst();
      return row && toAction(row);
    },

    async before(action) {
      const row = await newestOf(db, action).where('seq', '<', action.seq).executeTakeFirst();
      return row && toAction(row);
    },

    async transition(id, next, tx) {
      const work = async (trx: Tx) => {
        const queries = on(db, trx);
        const found = queries.selectFrom('actions').selectAll().where('id', '=', rowId(id));
        const row = await found.$call(toChange(queries)).executeTakeFirst();
        const changed = row && next(toAction(row));
        if (!changed) return undefined;
        await queries.updateTable('actions').set(toRow(changed)).where('id', '=', rowId(id)).execute();
        return changed;
      };
      return tx ? work(tx) : transact(db, work);
    },

    async history(key, { since, before, limit }) {
      const rows = await db
        .selectFrom('actions')
        .selectAll()
        .where((eb) => eb.and(ofRep(key)))
        .where('created_at', '>=', since)
        .$if(before !== undefined, (query) =>
          query.where((eb) =>
            eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(before?.createdAt ?? 0, rowId(before?.id ?? ''))),
          ),
        )
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toAction);
    },

    async changedSince(key, since) {
      const row = await db
        .selectFrom('actions')
        .select('id')
        .where((eb) => eb.and(ofRep(key)))
        .where((eb) =>
          eb.or([
            eb('state', 'in', ['queued', 'undoing']),
            ...(['created_at', 'sent_at', 'settled_at'] as const).map((at) => eb(at, '>=', since)),
          ]),
        )
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    async failed({ teamId, userId, provider }, reasons, since, tx) {
      if (reasons.length === 0) return [];
      const rows = await on(db, tx)
        .selectFrom('actions')
        .selectAll()
        .where((eb) => eb.and({ state: 'failed', team_id: teamId, provider }))
        .where('failure', 'in', reasons)
        .where('created_at', '>=', since)
        .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
        .where(isLast)
        .orderBy('id')
        .execute();
      return rows.map(toAction);
    },

    async snoozes(key) {
      const rows = await lastSnoozes(db, key).execute();
      return rows.map(toAction).filter(({ change }) => change.verb === 'snooze');
    },

    async ofSweep(sweepId, tx) {
      const rows = await on(db, tx)
        .selectFrom('actions')
        .selectAll()
        .where('sweep_id', '=', rowId(sweepId))
        .orderBy('id')
        .execute();
      return rows.map(toAction);
    },

    async settledBy(teamId, userIds, since) {
      if (userIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('actions')
        // A task that was moved twice is one task.
        .select(['user_id', partOf(db).as('part'), sql<number>`count(distinct provider || ' ' || task_id)`.as('tasks')])
        .where('team_id', '=', teamId)
        .where('user_id', 'in', userIds)
        .where('created_at', '>=', since)
        .where('state', '=', 'succeeded')
        .groupBy(['user_id', 'part'])
        .execute();
      const settled = new Map<string, Settled>();
      for (const { user_id: userId, part, tasks } of rows) {
        if (part !== null) settled.set(userId, { ...NONE_SETTLED, ...settled.get(userId), [part]: tasks });
      }
      return settled;
    },

    async prune(before) {
      const old = db
        .selectFrom('actions')
        .select('id')
        .where('created_at', '<', before)
        .where('state', 'not in', ['queued', 'undoing'])
        // Messages that show the task need the number of its actions.
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('message_items')
                .select('message_items.message_id')
                .whereRef('message_items.provider', '=', 'actions.provider')
                .whereRef('message_items.task_id', '=', 'actions.task_id'),
            ),
          ),
        );
      return inBatches((limit) =>
        db.deleteFrom('actions').where('id', 'in', old.limit(limit)).executeTakeFirstOrThrow(),
      );
    },
  };
}

function newestOf(queries: Kysely<StoreTables>, { provider, taskId, ...rep }: TaskKey) {
  return queries
    .selectFrom('actions')
    .selectAll()
    .where((eb) => eb.and({ ...ofRep(rep), provider, task_id: taskId }))
    .orderBy('seq', 'desc')
    .limit(1);
}

/** Its task has no later action. */
function isLast(eb: ExpressionBuilder<StoreTables, 'actions'>) {
  const later = eb
    .selectFrom('actions as later')
    .select('later.id')
    .whereRef('later.team_id', '=', 'actions.team_id')
    .whereRef('later.user_id', '=', 'actions.user_id')
    .whereRef('later.provider', '=', 'actions.provider')
    .whereRef('later.task_id', '=', 'actions.task_id')
    .whereRef('later.seq', '>', 'actions.seq');
  return eb.not(eb.exists(later));
}

/** Snoozes, and at the most a few others whose details read like one. */
function lastSnoozes(db: Kysely<StoreTables>, key: RepKey) {
  return db
    .selectFrom('actions')
    .selectAll()
    .where((eb) => eb.and({ ...ofRep(key), state: 'succeeded' }))
    .where('change', 'like', '%"verb":"snooze"%')
    .where(isLast);
}

/** `state`, `failure` and `settled_at` are copies of fields in `life`, for queries. */
function toRow(action: Action | (NewAction & { id?: undefined })) {
  const life = lifeOf({ id: '', ...action });
  return {
    ...ofRep(action),
    provider: action.provider,
    task_id: action.taskId,
    seq: action.seq,
    change: JSON.stringify(action.change),
    external_id: action.externalId ?? null,
    task: JSON.stringify(action.task),
    life: JSON.stringify(life),
    state: life.state,
    failure: 'failure' in life ? life.failure : null,
    settled_at: 'settledAt' in life ? life.settledAt : null,
    sent_at: action.sentAt ?? null,
    attempts: action.attempts,
    reference: action.reference ?? null,
    created_at: action.createdAt,
    sweep_id: action.sweepId === undefined ? null : rowId(action.sweepId),
  };
}

export function toAction(row: Selectable<ActionRow>): Action {
  const change: Change = JSON.parse(row.change);
  const life: Life = JSON.parse(row.life);
  return {
    ...repOf(row),
    id: String(row.id),
    provider: row.provider,
    taskId: row.task_id,
    seq: row.seq,
    change,
    externalId: row.external_id ?? undefined,
    task: readTask(row.task),
    sentAt: row.sent_at ?? undefined,
    attempts: row.attempts,
    reference: row.reference ?? undefined,
    createdAt: row.created_at,
    ...(row.sweep_id !== null && { sweepId: String(row.sweep_id) }),
    ...life,
  };
}
