/** Opens a PostgreSQL database: DATABASE_URL=postgres://… */
import {
  CompiledQuery,
  type Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresDriver,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import { currentManner } from '../manner.ts';
import { clientConfig } from './config.ts';
import { Pools } from './pools.ts';

export function createPostgresDialect(url: string): PostgresDialect {
  return new DocketPostgresDialect(new Pools(clientConfig(url)));
}

class DocketPostgresDialect extends PostgresDialect {
  readonly #pools: Pools;

  constructor(pools: Pools) {
    super({ pool: pools });
    this.#pools = pools;
  }

  override createDriver(): PostgresDriver {
    return new DocketPostgresDriver({ pool: this.#pools });
  }

  override createAdapter(): PostgresAdapter {
    return new DocketPostgresAdapter();
  }

  override createQueryCompiler(): PostgresQueryCompiler {
    return new DocketPostgresCompiler();
  }
}

/** PostgreSQL has no text with a NUL in it, and refuses the whole statement; names and titles come from anywhere. */
class DocketPostgresCompiler extends PostgresQueryCompiler {
  protected override addParameter(value: unknown): void {
    super.addParameter(typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '') : value);
  }
}

class DocketPostgresDriver extends PostgresDriver {
  /** With the time-out in the same round trip. */
  override async beginTransaction(
    ...[connection, settings]: Parameters<PostgresDriver['beginTransaction']>
  ): Promise<void> {
    const { lockTimeoutMs } = currentManner();
    if (lockTimeoutMs === undefined || settings.accessMode) return super.beginTransaction(connection, settings);
    const begin = `begin; set local lock_timeout = ${Math.max(1, Math.ceil(lockTimeoutMs))}`;
    await connection.executeQuery(CompiledQuery.raw(begin));
  }
}

/** `migrate` takes a lock of its own, which ends with its transaction. */
class DocketPostgresAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}

  override async releaseMigrationLock(): Promise<void> {}
}

export async function postgresBytes(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(db);
  return rows[0]?.bytes ?? 0;
}

export async function postgresNow(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ now: string }>`select extract(epoch from clock_timestamp()) * 1000 as now`.execute(db);
  return Number(rows[0]?.now);
}
