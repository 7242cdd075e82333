/**
 * The schema of the store, forward only: a released migration is never edited, the next one gets the next number. They are
 * written for SQLite, whose `integer` has 64 bits; `postgres/tables.ts` says what PostgreSQL calls its columns. A PostgreSQL
 * database began with 018, so what earlier ones do to rows that were there concerns SQLite alone.
 */
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { actionsMigration } from './migration-actions.ts';
import { aheadMigration } from './migration-ahead.ts';
import { deliveriesMigration } from './migration-deliveries.ts';
import { doubtsMigration } from './migration-doubts.ts';
import { installsMigration } from './migration-installs.ts';
import { leftHooksMigration } from './migration-left-hooks.ts';
import { organisationsMigration } from './migration-organisations.ts';
import { peopleMigration } from './migration-people.ts';
import { returnsMigration } from './migration-returns.ts';
import { rollupsMigration } from './migration-rollups.ts';
import { sharedMigration } from './migration-shared.ts';
import { signInsMigration } from './migration-sign-ins.ts';
import { startMigration } from './migration-start.ts';
import { sweepsMigration } from './migration-sweeps.ts';
import { syncsMigration } from './migration-syncs.ts';
import { toolsMigration } from './migration-tools.ts';
import { trustMigration } from './migration-trust.ts';
import { workspacesMigration } from './migration-workspaces.ts';

const STRICT = sql`strict`;

export const storeMigrations = {
  '001_store': { up: createStoreTables },
  '003_people': { up: peopleMigration },
  '004_trust': { up: trustMigration },
  '006_doubts': { up: doubtsMigration },
  '007_sign_ins': { up: signInsMigration },
  '009_actions': { up: actionsMigration },
  '010_locale': { up: localeMigration },
  '011_sweeps': { up: sweepsMigration },
  '012_returns': { up: returnsMigration },
  '013_when': { up: whenMigration },
  '014_day': { up: dayMigration },
  '015_start': { up: startMigration },
  '016_deliveries': { up: deliveriesMigration },
  '017_rollups': { up: rollupsMigration },
  '018_ahead': { up: aheadMigration },
  '020_shared': { up: sharedMigration },
  '021_workspaces': { up: workspacesMigration },
  '023_installs': { up: installsMigration },
  '024_tools': { up: toolsMigration },
  '027_organisations': { up: organisationsMigration },
  '029_syncs': { up: syncsMigration },
  '030_left_hooks': { up: leftHooksMigration },
} satisfies Record<string, Migration>;

async function localeMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('reps').addColumn('locale', 'text').execute();
}

/** What reps choose besides time and days: a zone of their own, and the country of their public holidays. */
async function whenMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('schedules').addColumn('own_zone', 'text').execute();
  await db.schema.alterTable('schedules').addColumn('country', 'text').execute();
  // For the few that are chosen, at start.
  await db.schema
    .createIndex('schedules_country')
    .on('schedules')
    .column('country')
    .where('country', 'is not', null)
    .execute();
}

/** What else reps choose, and why a run sent nothing. */
async function dayMigration(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('schedules')
    .addColumn('choices', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute();
  await db.schema.alterTable('runs').addColumn('why', 'text').execute();
}

async function createStoreTables(db: Kysely<unknown>): Promise<void> {
  await createReps(db);
  await createLinks(db);
  await createSchedules(db);
  await createMessages(db);
  await createMessageItems(db);
  await createRuns(db);
  await createActions(db);
}

async function createReps(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('reps')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text')
    .addColumn('zone', 'text', (column) => column.notNull())
    .addColumn('active', 'integer', (column) => column.notNull().check(sql`active in (0, 1)`))
    .addPrimaryKeyConstraint('reps_pk', ['team_id', 'user_id'])
    .modifyEnd(STRICT)
    .execute();
}

async function createLinks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('links')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('external_id', 'text', (column) => column.notNull())
    .addColumn('linked_at', 'integer', (column) => column.notNull())
    .addColumn('last_listed_at', 'integer')
    .addPrimaryKeyConstraint('links_pk', ['team_id', 'user_id', 'provider'])
    .addForeignKeyConstraint('links_rep', ['team_id', 'user_id'], 'reps', ['team_id', 'user_id'])
    .modifyEnd(STRICT)
    .execute();
}

async function createSchedules(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('schedules')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('time', 'text', (column) => column.notNull())
    .addColumn('days', 'text', (column) => column.notNull())
    .addColumn('paused_until', 'integer')
    .addColumn('next_due_at', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('schedules_pk', ['team_id', 'user_id'])
    .addForeignKeyConstraint('schedules_rep', ['team_id', 'user_id'], 'reps', ['team_id', 'user_id'])
    .modifyEnd(STRICT)
    .execute();
  await db.schema.createIndex('schedules_due').on('schedules').columns(['next_due_at', 'team_id', 'user_id']).execute();
}

async function createMessages(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('messages')
    // autoincrement: the id of a pruned message is never given to another, so an old button cannot reach a new message.
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull().check(sql`kind in ('digest', 'list', 'home')`))
    .addColumn('channel', 'text')
    .addColumn('ts', 'text')
    .addColumn('summary', 'text', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('next_position', 'integer', (column) => column.notNull())
    .addForeignKeyConstraint('messages_rep', ['team_id', 'user_id'], 'reps', ['team_id', 'user_id'])
    .addCheckConstraint('messages_posted', sql`(channel is null) = (ts is null)`)
    .modifyEnd(STRICT)
    .execute();
  await db.schema
    .createIndex('messages_newest')
    .on('messages')
    .columns(['team_id', 'user_id', 'kind', 'created_at', 'id'])
    .execute();
  await db.schema
    .createIndex('messages_since')
    .on('messages')
    .columns(['team_id', 'user_id', 'created_at', 'id'])
    .execute();
  await db.schema.createIndex('messages_age').on('messages').column('created_at').execute();
}

async function createMessageItems(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('message_items')
    .addColumn('message_id', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('visible', 'integer', (column) => column.notNull().check(sql`visible in (0, 1)`))
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('task_id', 'text', (column) => column.notNull())
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull().check(sql`seq >= 0`))
    .addPrimaryKeyConstraint('message_items_pk', ['message_id', 'position'])
    .addForeignKeyConstraint('message_items_message', ['message_id'], 'messages', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .modifyEnd(STRICT)
    .execute();
  await db.schema
    .createIndex('message_items_task')
    .on('message_items')
    .columns(['provider', 'task_id', 'message_id'])
    .execute();
}

async function createRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('runs')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('local_date', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull().check(sql`state in ('claimed', 'posted', 'skipped')`))
    .addColumn('claimed_at', 'integer', (column) => column.notNull())
    .addColumn('posted_at', 'integer')
    .addColumn('message_id', 'integer')
    .addPrimaryKeyConstraint('runs_pk', ['team_id', 'user_id', 'local_date'])
    .addForeignKeyConstraint('runs_rep', ['team_id', 'user_id'], 'reps', ['team_id', 'user_id'])
    .addForeignKeyConstraint('runs_message', ['message_id'], 'messages', ['id'])
    .modifyEnd(STRICT)
    .execute();
  await db.schema.createIndex('runs_of_message').on('runs').column('message_id').execute();
}

async function createActions(db: Kysely<unknown>): Promise<void> {
  const states = sql`state in ('queued', 'succeeded', 'failed', 'stale', 'undoing', 'undone', 'dropped')`;
  await db.schema
    .createTable('actions')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('task_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull().check(sql`seq >= 1`))
    .addColumn('verb', 'text', (column) =>
      column.notNull().check(sql`verb in ('done', 'dismiss', 'snooze', 'reschedule')`),
    )
    .addColumn('due_at', 'integer')
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
    // The idempotency key of clicks: one action for each number of a task. It also answers "the latest of this task".
    .addUniqueConstraint('actions_once', ['team_id', 'user_id', 'provider', 'task_id', 'seq'])
    .modifyEnd(STRICT)
    .execute();
}
