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
import type { ClientConfig } from 'pg';
import pg from 'pg';
import { StartError } from '../../core/model/errors.ts';
import { currentManner } from '../manner.ts';
import { newerVersion } from '../newer-version.ts';
import { Pools } from './pools.ts';
import { placeOf } from './url.ts';

const EXAMPLE = 'postgres://docket:PASSWORD@db.example.com:5432/docket';

/** For every session. A process that stands still in a transaction holds its locks no longer than this. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/** For background work; who may wait less long says so (`waitingAtMost`). */
const LOCK_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Throws `StartError`, which repeats nothing of the URL: it holds a password. */
export function clientConfig(url: string): ClientConfig {
  if (placeOf(url) === undefined) {
    throw new StartError(`DATABASE_URL is not a PostgreSQL address. It looks like ${EXAMPLE}`);
  }
  return {
    connectionString: url,
    application_name: 'docket',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    types: { getTypeParser: typeParser },
  };
}

const INT8 = 20;

/** Instants and ids are int8, which `pg` gives as text. */
const typeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8 && format !== 'binary' ? safeInteger : pg.types.getTypeParser(oid, format);

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('an integer of the database is too large for a number');
  return value;
}

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

/** In one sentence for the operator, if it is known. Other errors are returned unchanged. */
export function explainPostgres(error: unknown, url: string): unknown {
  if (error instanceof StartError) return error;
  const what = `The PostgreSQL database ${placeOf(url)} (DATABASE_URL)`;
  const problem = problemOf(codeOf(error), what) ?? newerVersion(error, what);
  return problem === undefined ? error : new StartError(problem, { cause: error });
}

/** The code of PostgreSQL or of the network, from the chain of causes. */
function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
    if (/timeout/i.test(at.message)) return 'ETIMEDOUT';
  }
  return '';
}

const UNREACHABLE = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
];
/** PostgreSQL's own codes, by their beginning: appendix A of its manual. */
const PROBLEMS: readonly (readonly [codes: readonly string[], says: string])[] = [
  [UNREACHABLE, 'cannot be reached. Is the server up, and does it listen at that address?'],
  [['28'], 'refuses the user or the password.'],
  [['3D000'], 'is not there: create it (docs/running.md says how).'],
  [['42501'], 'does not let this user create tables in its schema. The user must own the database, or the schema.'],
  [['53300'], 'has no connection left (max_connections). Each process of Docket takes up to sixteen.'],
  [['57P'], 'is starting or stopping. Start again in a moment.'],
  [['55P03'], 'stays locked by another process that migrates it. Wait for that one, and start again.'],
  [['25006'], 'is read-only: it may be a standby.'],
  [['53100'], 'has no room left on its disk.'],
];

function problemOf(code: string, what: string): string | undefined {
  const found = PROBLEMS.find(([codes]) => codes.some((known) => code.startsWith(known)));
  return found && `${what} ${found[1]} (${code})`;
}
