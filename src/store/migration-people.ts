/** 003: several providers. How links came about and who changed them, reps' own consents, edits of tasks, what was seen. */
import { type Kysely, sql } from 'kysely';
import { freeName } from './engine.ts';

const STRICT = sql`strict`;

export async function peopleMigration(db: Kysely<unknown>): Promise<void> {
  await extendLinks(db);
  await widenActions(db);
  await db.schema.alterTable('message_items').addColumn('seen', 'text').execute();
  await createPeople(db);
  await createConnections(db);
}

async function extendLinks(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('links').addColumn('email', 'text').execute();
  await db.schema
    .alterTable('links')
    .addColumn('origin', 'text', (column) =>
      column.notNull().defaultTo('address').check(sql`origin in ('address', 'consent', 'suggestion')`),
    )
    .execute();
  await db.schema.alterTable('links').addColumn('announced_at', 'integer').execute();
  // Whoever has a link by now has long seen the tasks that it brings. Their address is the one that linked them.
  await sql`update links set announced_at = linked_at, email = (
    select reps.email from reps where reps.team_id = links.team_id and reps.user_id = links.user_id)`.execute(db);
  await db.schema.createIndex('links_holder').on('links').columns(['team_id', 'provider', 'external_id']).execute();
}

/** A check cannot be changed in place: the table is made again with the wider one, and takes the old one's name. */
async function widenActions(db: Kysely<unknown>): Promise<void> {
  await freeName(db, 'actions', 'actions_once');
  const states = sql`state in ('queued', 'succeeded', 'failed', 'stale', 'undoing', 'undone', 'dropped')`;
  const verbs = sql`verb in ('done', 'dismiss', 'snooze', 'reschedule', 'note', 'reassign', 'rule')`;
  await db.schema
    .createTable('actions_next')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('task_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull().check(sql`seq >= 1`))
    .addColumn('verb', 'text', (column) => column.notNull().check(verbs))
    .addColumn('due_at', 'integer')
    .addColumn('details', 'text')
    .addColumn('external_id', 'text')
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull().check(states))
    .addColumn('held_until', 'integer')
    .addColumn('sent_at', 'integer')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('failure', 'text')
    .addColumn('undo_failure', 'text')
    .addColumn('reference', 'text')
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('settled_at', 'integer')
    .addForeignKeyConstraint('actions_rep', ['team_id', 'user_id'], 'reps', ['team_id', 'user_id'])
    .addUniqueConstraint('actions_once', ['team_id', 'user_id', 'provider', 'task_id', 'seq'])
    .modifyEnd(STRICT)
    .execute();
  const kept = sql.raw(`id, team_id, user_id, provider, task_id, seq, verb, due_at, task, state, held_until, sent_at,
    attempts, failure, undo_failure, reference, created_at, settled_at`);
  await sql`insert into actions_next (${kept}) select ${kept} from actions`.execute(db);
  await db.schema.dropTable('actions').execute();
  await db.schema.alterTable('actions_next').renameTo('actions').execute();
}

async function createPeople(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('declined_links')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('declined_links_pk', ['team_id', 'user_id', 'provider'])
    .modifyEnd(STRICT)
    .execute();
  await db.schema
    .createTable('suggestions')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('external_id', 'text', (column) => column.notNull())
    .addColumn('email', 'text')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('suggested_by', 'text', (column) => column.notNull())
    .addColumn('suggested_at', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('suggestions_pk', ['team_id', 'user_id', 'provider'])
    .modifyEnd(STRICT)
    .execute();
  await db.schema
    .createTable('link_problems')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text')
    .addPrimaryKeyConstraint('link_problems_pk', ['team_id', 'provider', 'user_id'])
    .modifyEnd(STRICT)
    .execute();
  await db.schema
    .createTable('link_events')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('external_id', 'text')
    .addColumn('origin', 'text')
    .addColumn('at', 'integer', (column) => column.notNull())
    .modifyEnd(STRICT)
    .execute();
  await db.schema.createIndex('link_events_of').on('link_events').columns(['team_id', 'id']).execute();
}

async function createConnections(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('connections')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('minted_at', 'integer', (column) => column.notNull())
    .addColumn('connected_at', 'integer', (column) => column.notNull())
    .addColumn('locked_until', 'integer')
    .addColumn('ended', 'integer', (column) => column.notNull().check(sql`ended in (0, 1)`))
    .addPrimaryKeyConstraint('connections_pk', ['team_id', 'user_id', 'provider'])
    .addForeignKeyConstraint('connections_rep', ['team_id', 'user_id'], 'reps', ['team_id', 'user_id'])
    .modifyEnd(STRICT)
    .execute();
  await db.schema
    .createTable('consents')
    .addColumn('state_hash', 'text', (column) => column.primaryKey())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'integer', (column) => column.notNull())
    .modifyEnd(STRICT)
    .execute();
  await db.schema
    .createTable('hooks')
    .addColumn('provider', 'text', (column) => column.primaryKey())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('hook_id', 'text', (column) => column.notNull())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .modifyEnd(STRICT)
    .execute();
}
