/** A real PostgreSQL server for tests: each database is a schema of its own, which is dropped at the end. */
import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import type { Clock } from '../../src/core/ports/runtime.ts';
import { openDatabase } from '../../src/store/database.ts';
import { openMigrated, openUrl } from './open.ts';

export const hasPostgres = inject('postgres') !== '';

/** An empty schema, as a DATABASE_URL. `drop` after all that use it are closed. */
export async function createSchema(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = inject('postgres');
  const schema = `docket_${process.pid}_${randomBytes(6).toString('hex')}`;
  await run(server, `create schema ${schema}`);
  const url = new URL(server);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return { url: url.href, drop: () => run(server, `drop schema ${schema} cascade`) };
}

async function run(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

/** One schema for the tests of a file. Each test gets it empty. */
export function postgresForEach() {
  let schema: ReturnType<typeof createSchema> | undefined;
  afterAll(async () => (await schema)?.drop());
  return async (clock?: Clock) => {
    const isFirst = schema === undefined;
    schema ??= createSchema();
    const { url } = await schema;
    const options = clock ? { clock } : {};
    if (isFirst) return { ...(await openUrl(url, options)), url };
    const opened = openMigrated(openDatabase(url), options);
    await empty(opened.db);
    return { ...opened, url };
  };
}

async function empty(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_name not like 'kysely%'`.execute(db);
  await sql`truncate ${sql.join(rows.map(({ name }) => sql.table(name)))} restart identity`.execute(db);
}
