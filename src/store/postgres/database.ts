/** Opens a PostgreSQL database: DATABASE_URL=postgres://… */
import {
  CompiledQuery,
  type DatabaseIntrospector,
  type Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresDriver,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import { currentManner } from '../manner.ts';
import { sessionConfig } from './config.ts';
import { OwnTables } from './introspector.ts';
import { createPools, type Pools } from './pools.ts';
import type { Sockets } from './sockets.ts';

export function createPostgresDialect(url: string, sockets?: Sockets): PostgresDialect {
  const config = sessionConfig(url, sockets);
  return new DocketPostgresDialect(() => createPools(config));
}

class DocketPostgresDialect extends PostgresDialect {
  readonly #pool: () => Promise<Pools>;

  constructor(pool: () => Promise<Pools>) {
    super({ pool });
    this.#pool = pool;
  }

  override createDriver(): PostgresDriver {
    return new DocketPostgresDriver({ pool: this.#pool });
  }

  override createAdapter(): PostgresAdapter {
    return new DocketPostgresAdapter();
  }

  override createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new OwnTables(db);
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

/** Sessions of the same name and user that somebody else has on the database: another Docket's, where there is one. */
export async function otherSessions(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
      and application_name = current_setting('application_name')`.execute(db);
  return rows[0]?.count ?? 0;
}
