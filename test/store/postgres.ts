/** A real PostgreSQL server for tests: each database is a schema of its own, which is dropped at the end. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import type { Clock } from '../../src/core/ports/runtime.ts';
import { JOBS_CHANNEL } from '../../src/queue/engine.ts';
import { openDatabase, openSignals } from '../../src/store/database.ts';
import { createSockets } from '../../src/store/postgres/sockets.ts';
import { isAll } from '../matrix/cells.ts';
import { type OpenUrlOptions, openMigrated, openUrl } from './open.ts';

export const hasPostgres = inject('postgres').server !== '';

/** An empty schema, as a DATABASE_URL. `drop` after all that use it are closed. */
export async function createSchema(): Promise<{ url: string; drop(): Promise<void> }> {
  const { server, prefix } = inject('postgres');
  const schema = `${prefix}${randomBytes(6).toString('hex')}`;
  await run(server, `create schema ${schema}`);
  const url = new URL(server);
  url.searchParams.set('options', `-c search_path=${schema}`);
  url.searchParams.set('application_name', schema);
  return { url: url.href, drop: () => run(server, `drop schema ${schema} cascade`) };
}

async function run(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** Until all other files that call this have ended. */
const LONGEST_WAIT_MS = 3_600_000;

/**
 * For tests of several processes: a server takes a hundred sessions, so one file of them runs at a time. When they run
 * alone, three do: three processes have twenty sessions open at most, and wait for leases most of the time.
 */
export function takeTurnsOnServer(): void {
  const places = isAll ? 3 : 1;
  let client: pg.Client | undefined;
  beforeAll(async () => {
    const { server, prefix } = inject('postgres');
    if (server === '') return;
    client = new pg.Client({ connectionString: server });
    await client.connect();
    for (let turn = 0; !(await takes(client, `${prefix}${turn % places}`)); turn += 1) await sleep(100);
  }, LONGEST_WAIT_MS);
  afterAll(() => client?.end());
}

async function takes(client: pg.Client, place: string): Promise<boolean> {
  const { rows } = await client.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as is_mine', [place]);
  return rows[0]?.is_mine === true;
}

/** The store and the queue on it, with signals of other processes. */
export async function openPostgres(
  url: string,
  { isMigrated = false, ...options }: OpenUrlOptions & { isMigrated?: boolean } = {},
) {
  const signals = openSignals({ url, channel: JOBS_CHANNEL, sockets: createSockets(), log: { warn: () => undefined } });
  const heard = { ...options, hear: signals.hear };
  const opened = isMigrated ? openMigrated(openDatabase(url, options), heard) : await openUrl(url, heard);
  signals.start();
  const close = async () => {
    await signals.stop();
    await opened.close();
  };
  return { ...opened, url, close };
}

/** One schema for the tests of a file. Each test gets it empty. */
export function postgresForEach() {
  let schema: ReturnType<typeof createSchema> | undefined;
  afterAll(async () => (await schema)?.drop());
  return async (clock?: Clock) => {
    const isFirst = schema === undefined;
    schema ??= createSchema();
    const { url } = await schema;
    const opened = await openPostgres(url, { isMigrated: !isFirst, ...(clock && { clock }) });
    if (!isFirst) await empty(opened.db);
    return opened;
  };
}

async function empty(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_name not like 'kysely%'`.execute(db);
  await sql`truncate ${sql.join(rows.map(({ name }) => sql.table(name)))} restart identity`.execute(db);
}
