/** A database of a benchmark's own, on either engine, and the few statements that set a morning up in it. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { temporaryFolder } from './processes.ts';

export interface BenchDatabase {
  url: string;
  run(statement: string): Promise<void>;
  drop(): Promise<void>;
}

const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';

export function createSqlite(): BenchDatabase {
  const file = join(temporaryFolder(), 'docket.db');
  return {
    url: `file:${file}`,
    async run(statement) {
      const database = new DatabaseSync(file, { timeout: 10_000 });
      database.exec(statement);
      database.close();
    },
    drop: async () => undefined,
  };
}

/** A schema of its own. */
export async function createPostgres(): Promise<BenchDatabase> {
  const schema = `docket_bench_${process.pid}_${Date.now()}`;
  const url = new URL(SERVER);
  await query(SERVER, `create schema ${schema}`);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return {
    url: url.href,
    run: (statement) => query(url.href, statement),
    drop: () => query(SERVER, `drop schema ${schema} cascade`),
  };
}

async function query(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
