/** A database with rows in every table. The types fail where a table of the schema has none here. */
import { type Insertable, sql } from 'kysely';
import type { AnyTables } from '../../src/move/copy.ts';
import type { Row } from '../../src/move/digest.ts';
import { ALL_TABLES, type Tables } from '../../src/move/tables.ts';
import { transact } from '../../src/store/transaction.ts';
import { grant } from '../store/fixtures.ts';
import type { openUrl } from '../store/open.ts';

/** The migrations fill their own, and tokens are sealed. */
type Filled = Omit<Tables, 'kysely_migration' | 'connections'>;

const ANN = { team_id: 'T1', user_id: 'UANN' };
const ACCOUNT = { ...ANN, provider: 'outreach' };
/** As text that tools and reps write: half a character and a NUL as JSON has them, a whole character, quotes, lines. */
const TASK = '{"id":"7","title":"Call \\ud83d \\u0000 \u{1F642} \\"Zoë\\"\\n\u2028"}';
const LIFE = '{"state":"queued","heldUntil":1700000010000}';
const AT = 1_700_000_000_000;
/** More than two pages of one message, so that a page ends inside it. */
const MANY = 1_100;

const ROWS = {
  reps: [
    { ...ANN, name: "Ann O'Neill", email: null, zone: 'Europe/Berlin', locale: 'de-DE', active: 1, welcomed_at: AT },
    { team_id: 'T2', user_id: 'UANN', name: '', email: 'a@example.com', zone: 'UTC', locale: null, active: 0 },
  ],
  links: [{ ...ACCOUNT, ...{ external_id: '9'.repeat(40), email: null, origin: 'address', linked_at: 0 }, ...none() }],
  schedules: [
    {
      ...{ ...ANN, time: '09:00', days: '[1,2]', own_zone: null, country: 'DE', paused_until: null },
      ...{ next_due_at: Number.MAX_SAFE_INTEGER, choices: '{"quiet":true}' },
    },
  ],
  messages: [
    { ...messageRow(), id: 3, channel: 'D1', ts: '1.2', ahead_of: '2026-11-27', retired: 1 },
    { ...messageRow(), id: 4, channel: null, ts: null },
  ],
  message_items: Array.from({ length: MANY }, (_, position) => ({
    ...{ message_id: position < MANY - 3 ? 3 : 4, position, ordinal: MANY - position, visible: position % 2 },
    ...{ provider: 'outreach', task_id: `t${position}`, task: TASK, seq: 0, seen: null },
  })),
  runs: [
    {
      ...{ ...ANN, local_date: '2026-11-27', state: 'posted', why: null, refusal: null, due_at: AT, rows: 5 },
      ...{ unanswered: '["gong"]', overdue: 2, overdue_days: 9, claimed_at: AT, posted_at: AT + 1, message_id: 3 },
    },
  ],
  sweeps: [
    {
      ...{ ...ANN, id: 2, kind: 'sweep', key: 'k', message_id: 3, change: '{"verb":"done"}', left_out: null },
      ...{ channel: null, ts: null, undo_asked_at: null, round: 1, created_at: AT },
    },
  ],
  actions: [
    {
      ...{ ...ACCOUNT, id: 42, task_id: '7', seq: 1, change: '{"verb":"done"}', external_id: '1', task: TASK },
      ...{ life: LIFE, state: 'queued', failure: null, settled_at: null, sent_at: null, attempts: 0 },
      ...{ reference: null, created_at: AT, sweep_id: 2 },
    },
  ],
  returns: [{ ...ANN, action_id: 42, due_at: AT }],
  declined_links: [{ ...ACCOUNT, at: AT }],
  suggestions: [{ ...ACCOUNT, external_id: '1', email: null, name: 'A', suggested_by: 'UADMIN', suggested_at: AT }],
  link_problems: [{ ...ACCOUNT, reason: 'ambiguous', name: 'A', email: null }],
  link_doubts: [{ ...ACCOUNT, external_id: '1', reason: 'unnamed', since: AT, looks: 2, last_day: '2026-11-27' }],
  link_events: [{ ...ACCOUNT, id: 8, event: 'linked', by: 'system', external_id: '1', origin: 'address', at: AT }],
  consents: [{ ...ACCOUNT, state_hash: 'h', sealed: '', expires_at: AT, taken_at: AT, result: '{"kind":"connected"}' }],
  unconfirmed_grants: [{ ...ACCOUNT, state_hash: 'h', sealed: 'sealed', expires_at: AT }],
  left_hooks: [
    { ...ACCOUNT, hook_id: '6', url: 'https://docket.example/hooks', sealed_key: 'sealed', sealed_grant: null },
  ],
  hooks: [{ ...ACCOUNT, hook_id: '5', url: 'https://docket.example/hooks', sealed: 'sealed' }],
  credentials: [{ team_id: 'T1', provider: 'gong', mark: 'abcdef' }],
  installs: [
    {
      ...{ team_id: 'T2', enterprise_id: 'E1', name: 'Two', sealed: 'sealed', bot_id: 'B1', bot_user_id: 'UBOT' },
      ...{ installed_by: 'UADMIN', installed_at: AT, version: 2, expires_at: AT + 1, locked_until: null, ended: 0 },
    },
  ],
  tools: [{ team_id: 'T2', provider: 'gong', sealed: 'sealed', set_by: 'UADMIN', set_at: AT }],
  install_states: [{ state_hash: 'h', expires_at: AT }],
  workspaces: [{ team_id: 'T1', off_at: AT, off_by: 'UADMIN' }],
  syncs: [{ team_id: 'T1', at: AT, mark: 'abc' }],
  rollups: [
    {
      ...{ id: 6, team_id: 'T1', about: '{"people":["UANN"]}', reader: 'C1', day: 1, time: '09:00', zone: 'UTC' },
      ...{ set_by: 'UADMIN', next_due_at: AT, last_sent_at: null },
    },
  ],
  rollup_members: [{ ...ANN, rollup_id: 6 }],
  spending: [{ provider: 'gong', day: 20_000, calls: 7 }],
  shared_notes: [{ name: 'pace:gong', note: '{}', version: 3, written_at: AT }],
  jobs: [
    { ...jobRow('perform:42:0'), id: 11, state: 'waiting', run_at: AT + 10_000 },
    { ...jobRow('show:42:0'), id: 12, state: 'held', lease_until: AT, token: 3 },
    { ...jobRow('digest:1'), id: 13, state: 'done', finished_at: AT, last_error: 'gong: unavailable' },
  ],
} satisfies { [Name in keyof Filled]: Insertable<Filled[Name]>[] };

function none() {
  return { last_listed_at: null, announced_at: null };
}

function messageRow() {
  return { ...ANN, kind: 'digest', summary: '{"filter":{}}', created_at: AT, next_position: 5 } as const;
}

function jobRow(key: string) {
  return {
    ...{ key, payload: '{"kind":"perform","actionId":"42"}', kind: 'perform', priority: 5, run_at: AT },
    ...{ enqueued_at: AT, token: 0, attempts: 0, lapses: 0 },
  } as const;
}

/** Ids of rows that are gone: no row ever gets one of them again. */
export const LAST_IDS = { messages: 104, sweeps: 102, actions: 142, link_events: 108, rollups: 106, jobs: 113 };

/** Fills the tables of an empty database. A token is sealed as the app seals it. */
export async function fill({ db, store }: Pick<Awaited<ReturnType<typeof openUrl>>, 'db' | 'store'>): Promise<void> {
  await transact(db.withTables<AnyTables>(), async (trx) => {
    for (const { name } of ALL_TABLES) {
      const rows: readonly Row[] = Object.entries<readonly Row[]>(ROWS).find(([table]) => table === name)?.[1] ?? [];
      const alike = Map.groupBy(rows, (row) => Object.keys(row).join());
      for (const together of alike.values()) await trx.insertInto(name).values(together).execute();
    }
  });
  await store.connections.save({ teamId: 'T1', userId: 'UANN', provider: 'outreach', grant: grant(), at: AT });
  for (const [table, seq] of Object.entries(LAST_IDS)) {
    await sql`update sqlite_sequence set seq = ${seq} where name = ${table}`.execute(db);
  }
}
