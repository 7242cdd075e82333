/**
 * 009: one shape for actions. The change that was asked for, and what became of it, are one JSON value each; until here they
 * were thirteen columns, of which each state used a few.
 */
import { type Kysely, sql } from 'kysely';
import type { FailureReason, Life, StaleCause, Undo, Waiting } from '../core/model/action.ts';
import type { Change } from '../core/model/capabilities.ts';
import type { Instant } from '../core/model/keys.ts';
import { checkedWordAt, freeName, isPostgres } from './engine.ts';

/** The columns that end here. */
interface OldRow {
  id: number;
  verb: string;
  due_at: Instant | null;
  details: string | null;
  state: Life['state'];
  held_until: Instant | null;
  sent_at: Instant | null;
  waiting: string | null;
  found: string | null;
  undo: string | null;
  failure: FailureReason | null;
  undo_failure: FailureReason | null;
  created_at: Instant;
  settled_at: Instant | null;
}

const BATCH = 500;

export async function actionsMigration(db: Kysely<unknown>): Promise<void> {
  await freeName(db, 'actions', 'actions_once');
  await createTable(db);
  const queries = db.withTables<{ actions: OldRow; actions_next: { id: number } }>();
  for (let last = 0; ; ) {
    const rows = await queries
      .selectFrom('actions')
      .selectAll()
      .where('id', '>', last)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    const end = rows.at(-1);
    if (!end) break;
    for (const row of rows) await carryOver(db, row);
    last = end.id;
  }
  // On PostgreSQL there was nothing before.
  if (!isPostgres(db)) await keepNextId(db);
  await db.schema.dropTable('actions').execute();
  await db.schema.alterTable('actions_next').renameTo('actions').execute();
  const index = (name: string, columns: string[]) =>
    db.schema.createIndex(name).on('actions').columns(columns).execute();
  await index('actions_of_rep', ['team_id', 'user_id', 'created_at', 'id']);
  await index('actions_failed', ['state', 'team_id', 'provider']);
  await index('actions_age', ['created_at']);
}

/** The next id stays the next one: keys of jobs name actions by it, and the key of a pruned action may still be known. */
async function keepNextId(db: Kysely<unknown>): Promise<void> {
  await sql`delete from sqlite_sequence where name = 'actions_next'`.execute(db);
  await sql`insert into sqlite_sequence (name, seq) select 'actions_next', seq from sqlite_sequence where name = 'actions'`.execute(
    db,
  );
}

async function createTable(db: Kysely<unknown>): Promise<void> {
  const states = sql`state in ('queued', 'succeeded', 'failed', 'stale', 'undoing', 'undone', 'dropped')`;
  const verbs = sql`${checkedWordAt(db, 'change', 'verb')} in
    ('done', 'dismiss', 'snooze', 'reschedule', 'note', 'reassign', 'rule')`;
  await db.schema
    .createTable('actions_next')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('task_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull().check(sql`seq >= 1`))
    .addColumn('change', 'text', (column) => column.notNull().check(verbs))
    .addColumn('external_id', 'text')
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('life', 'text', (column) => column.notNull().check(sql`${checkedWordAt(db, 'life', 'state')} = state`))
    .addColumn('state', 'text', (column) => column.notNull().check(states))
    .addColumn('failure', 'text')
    .addColumn('settled_at', 'integer')
    .addColumn('sent_at', 'integer')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('reference', 'text')
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addForeignKeyConstraint('actions_rep', ['team_id', 'user_id'], 'reps', ['team_id', 'user_id'])
    .addUniqueConstraint('actions_once', ['team_id', 'user_id', 'provider', 'task_id', 'seq'])
    .modifyEnd(sql`strict`)
    .execute();
}

async function carryOver(db: Kysely<unknown>, row: OldRow): Promise<void> {
  const life = lifeOf(row);
  const failure = 'failure' in life ? life.failure : null;
  const settledAt = 'settledAt' in life ? life.settledAt : null;
  await sql`insert into actions_next (id, team_id, user_id, provider, task_id, seq, change, external_id, task, life, state,
      failure, settled_at, sent_at, attempts, reference, created_at)
    select id, team_id, user_id, provider, task_id, seq, ${JSON.stringify(changeOf(row))}, external_id, task,
      ${JSON.stringify(life)}, state, ${failure}, ${settledAt}, sent_at, attempts, reference, created_at
    from actions where id = ${row.id}`.execute(db);
}

/** What a change cannot be without. */
const NEEDED: Record<string, string> = {
  snooze: 'dueAt',
  reschedule: 'dueAt',
  note: 'note',
  reassign: 'to',
  rule: 'rule',
};

/** `details` has just the fields of its change, except the due time. */
function changeOf({ id, verb, due_at, details }: OldRow): Change {
  const fields: object = details === null ? {} : JSON.parse(details);
  const change = { verb, ...(due_at !== null && { dueAt: due_at }), ...fields };
  const needed = NEEDED[verb];
  if (needed !== undefined && !(needed in change))
    throw new TypeError(`action ${id} is a ${verb} without its ${needed}`);
  return change as Change;
}

/** Older versions did not note everything: of what they left out, the safe reading is taken. */
function lifeOf(row: OldRow): Life {
  const { state } = row;
  const settledAt = row.settled_at ?? row.created_at;
  const waiting: Waiting | null = row.waiting === null ? null : JSON.parse(row.waiting);
  const undo: Partial<Undo> | null = row.undo === null ? null : JSON.parse(row.undo);
  switch (state) {
    case 'queued':
      return { state, ...(row.held_until !== null && { heldUntil: row.held_until }), ...(waiting && { waiting }) };
    case 'succeeded': {
      const failed = row.undo_failure && {
        reason: row.undo_failure,
        ...(undo?.reference && { reference: undo.reference }),
      };
      return { state, settledAt, ...(failed && { undoFailure: failed }) };
    }
    case 'failed':
    case 'dropped':
      return { state, settledAt, failure: row.failure ?? 'unexpected' };
    case 'stale': {
      const found: StaleCause = row.found === null ? { how: 'gone' } : JSON.parse(row.found);
      return { state, settledAt, found, ...(undo && { undoAsked: true }) };
    }
    case 'undoing':
      return { state, settledAt, undoAskedAt: undo?.askedAt ?? settledAt, ...(waiting && { waiting }) };
    case 'undone': {
      const how = undo?.how ?? (row.sent_at === null ? 'withdrawn' : 'reversed');
      const times = { askedAt: undo?.askedAt ?? settledAt, doneAt: undo?.doneAt ?? settledAt };
      return { state, settledAt, undo: { how, ...times, ...(undo?.reference && { reference: undo.reference }) } };
    }
  }
}
