/** All that a database of Docket holds. The types fail where a table of the schema is missing here. */
import type { JobRow } from '../queue/schema.ts';
import type { StoreTables } from '../store/schema.ts';

interface MigrationRow {
  name: string;
  timestamp: string;
}

export type Tables = StoreTables & { jobs: JobRow; kysely_migration: MigrationRow };

type ColumnOf<Row> = keyof Row & string;

interface Shape<Row> {
  /** The primary key: by it pages follow one another. */
  key: readonly ColumnOf<Row>[];
  /** Given by the database: an id is never given twice, not even that of a row that was deleted. */
  numbered?: true;
  /** Columns that the database computes. */
  computed?: readonly ColumnOf<Row>[];
}

const OF_REP = ['team_id', 'user_id'] as const;
const OF_ACCOUNT = [...OF_REP, 'provider'] as const;

/** A table stands behind those that it refers to. */
const TABLES = {
  kysely_migration: { key: ['name'] },
  reps: { key: OF_REP },
  links: { key: OF_ACCOUNT },
  schedules: { key: OF_REP },
  messages: { key: ['id'], numbered: true },
  message_items: { key: ['message_id', 'position'] },
  runs: { key: [...OF_REP, 'local_date'] },
  sweeps: { key: ['id'], numbered: true },
  actions: { key: ['id'], numbered: true },
  returns: { key: ['action_id'] },
  declined_links: { key: OF_ACCOUNT },
  suggestions: { key: OF_ACCOUNT },
  link_problems: { key: OF_ACCOUNT },
  link_doubts: { key: OF_ACCOUNT },
  link_events: { key: ['id'], numbered: true },
  connections: { key: OF_ACCOUNT },
  consents: { key: ['state_hash'] },
  unconfirmed_grants: { key: OF_ACCOUNT },
  hooks: { key: ['provider', 'team_id'] },
  left_hooks: { key: ['team_id', 'provider', 'hook_id'] },
  credentials: { key: ['team_id', 'provider'] },
  installs: { key: ['team_id'] },
  tools: { key: ['team_id', 'provider'] },
  install_states: { key: ['state_hash'] },
  workspaces: { key: ['team_id'] },
  syncs: { key: ['team_id'] },
  rollups: { key: ['id'], numbered: true },
  rollup_members: { key: ['rollup_id', 'user_id'] },
  spending: { key: ['provider', 'day'] },
  shared_notes: { key: ['name'] },
  jobs: { key: ['id'], numbered: true, computed: ['due_at'] },
} satisfies { [Name in keyof Tables]: Shape<Tables[Name]> };

export interface Table {
  name: string;
  key: readonly string[];
  numbered?: boolean;
  computed?: readonly string[];
}

export const ALL_TABLES: readonly Table[] = Object.entries<Omit<Table, 'name'>>(TABLES).map(([name, shape]) => ({
  name,
  ...shape,
}));

/** The migrator's second table says who migrates now: nobody. */
export const LEFT_OUT: readonly string[] = ['kysely_migration_lock'];
