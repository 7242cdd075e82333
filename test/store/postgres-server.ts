/** Before all tests: is there a PostgreSQL server? Without one its tests are left out, in one line. */
import pg from 'pg';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's address; empty: there is none. */
    postgres: string;
  }
}

const USUAL = 'postgres://postgres@127.0.0.1:5432/test';

export async function setup(project: TestProject): Promise<void> {
  const promised = process.env.TEST_DATABASE_URL;
  const client = new pg.Client({ connectionString: promised ?? USUAL, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.end();
    project.provide('postgres', promised ?? USUAL);
  } catch (error) {
    if (promised !== undefined)
      throw new Error('TEST_DATABASE_URL names a server that does not answer', { cause: error });
    process.stdout.write('PostgreSQL is left out: no server at 127.0.0.1:5432 (TEST_DATABASE_URL names another one)\n');
    project.provide('postgres', '');
  }
}
