/** Before all tests: is there a PostgreSQL server? Without one its tests are left out, in one line. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's address, and how the names of this run's schemas begin. Empty: there is no server. */
    postgres: { server: string; prefix: string };
  }
}

const USUAL = 'postgres://postgres@127.0.0.1:5432/test';

/** Returns what drops the schemas of tests that could not do it themselves. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const promised = process.env.TEST_DATABASE_URL;
  const server = promised ?? USUAL;
  const prefix = `docket_${randomBytes(4).toString('hex')}_`;
  try {
    await onServer(server, async () => undefined);
    project.provide('postgres', { server, prefix });
    return () => onServer(server, (client) => dropAll(client, prefix));
  } catch (error) {
    if (promised !== undefined)
      throw new Error('TEST_DATABASE_URL names a server that does not answer', { cause: error });
    process.stdout.write('PostgreSQL is left out: no server at 127.0.0.1:5432 (TEST_DATABASE_URL names another one)\n');
    project.provide('postgres', { server: '', prefix });
    return undefined;
  }
}

async function onServer(server: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: server, connectionTimeoutMillis: 2_000 });
  await client.connect();
  await work(client).finally(() => client.end());
}

async function dropAll(client: pg.Client, prefix: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'select nspname as name from pg_namespace where starts_with(nspname, $1)',
    [prefix],
  );
  for (const { name } of rows) await client.query(`drop schema ${name} cascade`);
}
