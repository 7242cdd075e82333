import type { Kysely, Selectable, Updateable } from 'kysely';
import type { Action, ActionDetails, Undo, Waiting } from '../core/model/action.ts';
import type { Ledger } from '../core/ports/store.ts';
import type { ActionRow, StoreTables } from './schema.ts';
import { on } from './transaction.ts';
import { ofRep, readFound, readTask, repOf, rowId } from './values.ts';

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
      const row = await on(db, tx)
        .selectFrom('actions')
        .selectAll()
        .where((eb) => eb.and({ ...ofRep(task), provider: task.provider, task_id: task.taskId }))
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && toAction(row);
    },

    async before(action) {
      const row = await db
        .selectFrom('actions')
        .selectAll()
        .where((eb) => eb.and({ ...ofRep(action), provider: action.provider, task_id: action.taskId }))
        .where('seq', '<', action.seq)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && toAction(row);
    },

    async transition(id, { from, unsent }, patch, tx) {
      if (from.length === 0) return undefined;
      const row = await on(db, tx)
        .updateTable('actions')
        // An empty patch still asks whether the guard holds, and `set` needs at least one column.
        .set((eb) => ({ state: eb.ref('state'), ...toColumns(patch) }))
        .where('id', '=', rowId(id))
        .where('state', 'in', from)
        .$if(unsent === true, (update) => update.where('sent_at', 'is', null))
        .returningAll()
        .executeTakeFirst();
      return row && toAction(row);
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

    async failed({ teamId, userId, provider }, reasons, since, tx) {
      if (reasons.length === 0) return [];
      const rows = await on(db, tx)
        .selectFrom('actions')
        .selectAll()
        .where((eb) => eb.and({ state: 'failed', team_id: teamId, provider }))
        .where('failure', 'in', reasons)
        .where('created_at', '>=', since)
        .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('actions as later')
                .select('later.id')
                .whereRef('later.team_id', '=', 'actions.team_id')
                .whereRef('later.user_id', '=', 'actions.user_id')
                .whereRef('later.provider', '=', 'actions.provider')
                .whereRef('later.task_id', '=', 'actions.task_id')
                .whereRef('later.seq', '>', 'actions.seq'),
            ),
          ),
        )
        .orderBy('id')
        .execute();
      return rows.map(toAction);
    },

    async prune(before) {
      const { numDeletedRows } = await db
        .deleteFrom('actions')
        .where('created_at', '<', before)
        .where('state', 'not in', ['queued', 'undoing'])
        // A message that still shows the task counts its actions, and its buttons carry that number.
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
        )
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

function toRow(action: Omit<Action, 'id'>) {
  return {
    ...ofRep(action),
    provider: action.provider,
    task_id: action.taskId,
    seq: action.seq,
    verb: action.verb,
    due_at: action.dueAt ?? null,
    details: toJson(action.details),
    external_id: action.externalId ?? null,
    task: JSON.stringify(action.task),
    state: action.state,
    held_until: action.heldUntil ?? null,
    sent_at: action.sentAt ?? null,
    attempts: action.attempts,
    waiting: toJson(action.waiting),
    found: toJson(action.found),
    undo: toJson(action.undo),
    failure: action.failure ?? null,
    undo_failure: action.undoFailure ?? null,
    reference: action.reference ?? null,
    created_at: action.createdAt,
    settled_at: action.settledAt ?? null,
  };
}

function toJson(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** A field that is present and undefined empties its column; one that is absent, or cannot be empty, stays as it is. */
function toColumns(patch: Parameters<Ledger['transition']>[2]): Updateable<ActionRow> {
  const columns: Updateable<ActionRow> = {};
  if (patch.state !== undefined) columns.state = patch.state;
  if (patch.task !== undefined) columns.task = JSON.stringify(patch.task);
  if (patch.attempts !== undefined) columns.attempts = patch.attempts;
  if ('externalId' in patch) columns.external_id = patch.externalId ?? null;
  if ('heldUntil' in patch) columns.held_until = patch.heldUntil ?? null;
  if ('sentAt' in patch) columns.sent_at = patch.sentAt ?? null;
  if ('waiting' in patch) columns.waiting = toJson(patch.waiting);
  if ('found' in patch) columns.found = toJson(patch.found);
  if ('undo' in patch) columns.undo = toJson(patch.undo);
  if ('failure' in patch) columns.failure = patch.failure ?? null;
  if ('undoFailure' in patch) columns.undo_failure = patch.undoFailure ?? null;
  if ('reference' in patch) columns.reference = patch.reference ?? null;
  if ('settledAt' in patch) columns.settled_at = patch.settledAt ?? null;
  return columns;
}

export function toAction(row: Selectable<ActionRow>): Action {
  const details: ActionDetails | undefined = row.details === null ? undefined : JSON.parse(row.details);
  const waiting: Waiting | undefined = row.waiting === null ? undefined : JSON.parse(row.waiting);
  const undo: Undo | undefined = row.undo === null ? undefined : JSON.parse(row.undo);
  return {
    ...repOf(row),
    id: String(row.id),
    provider: row.provider,
    taskId: row.task_id,
    seq: row.seq,
    verb: row.verb,
    dueAt: row.due_at ?? undefined,
    details,
    externalId: row.external_id ?? undefined,
    task: readTask(row.task),
    state: row.state,
    heldUntil: row.held_until ?? undefined,
    sentAt: row.sent_at ?? undefined,
    attempts: row.attempts,
    waiting,
    found: readFound(row.found),
    undo,
    failure: row.failure ?? undefined,
    undoFailure: row.undo_failure ?? undefined,
    reference: row.reference ?? undefined,
    createdAt: row.created_at,
    settledAt: row.settled_at ?? undefined,
  };
}
