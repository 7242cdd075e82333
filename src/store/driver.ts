/**
 * Kysely's SQLite driver without blocking waits. better-sqlite3 blocks the process while the database is locked, so its
 * own wait is off: a statement that finds the database locked is retried after a short pause.
 *
 * All share one connection: a transaction holds it from begin to commit, a statement while it runs.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { QueryResult, TransactionSettings } from 'kysely';
import { CompiledQuery, type DatabaseConnection, SqliteAdapter, SqliteDialect, SqliteDriver } from 'kysely';

/** For background work. */
const LOCK_TIMEOUT_MS = 30_000;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

const waitLimit = new AsyncLocalStorage<number>();

/** Sets the lock time-out for everything in `work`. */
export function waitingAtMost<T>(ms: number, work: () => Promise<T>): Promise<T> {
  return waitLimit.run(ms, work);
}

/** Retries while the database is locked; nothing has happened then. */
async function untilFree<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + (waitLimit.getStore() ?? LOCK_TIMEOUT_MS);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isLocked(error) || performance.now() >= deadline) throw error;
    }
    await sleep(pause);
  }
}

/** Not SQLITE_BUSY_SNAPSHOT: that transaction would fail again. */
function isLocked(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'SQLITE_BUSY' || code === 'SQLITE_BUSY_RECOVERY';
}

/** A first-in, first-out lock. */
class Lock {
  #last: Promise<void> = Promise.resolve();

  /** Resolves with the function that releases it. */
  async take(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = before.then(() => promise);
    await before;
    return resolve;
  }
}

class PatientConnection implements DatabaseConnection {
  readonly #inner: DatabaseConnection;
  readonly #lock: Lock;
  /** Set in a transaction: releases the lock. */
  #release: (() => void) | undefined;

  constructor(inner: DatabaseConnection, lock: Lock) {
    this.#inner = inner;
    this.#lock = lock;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#release) return this.#inner.executeQuery<R>(query);
    return untilFree(async () => {
      const release = await this.#lock.take();
      try {
        return await this.#inner.executeQuery<R>(query);
      } finally {
        release();
      }
    });
  }

  begin(statement: string): Promise<void> {
    return untilFree(async () => {
      this.#release = await this.#lock.take();
      try {
        await this.executeQuery(CompiledQuery.raw(statement));
      } catch (error) {
        this.end();
        throw error;
      }
    });
  }

  end(): void {
    this.#release?.();
    this.#release = undefined;
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.#inner.streamQuery<R>(query, chunkSize);
  }
}

/**
 * Transactions begin immediate, because a deferred one fails if another process writes between its read and its write.
 * The migrator is told that DDL rolls back, so that it uses one such transaction.
 */
export class PatientSqliteDialect extends SqliteDialect {
  readonly #database: Database;

  constructor(database: Database) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): SqliteDriver {
    return new PatientSqliteDriver(this.#database);
  }

  override createAdapter(): SqliteAdapter {
    return new PatientSqliteAdapter();
  }
}

class PatientSqliteDriver extends SqliteDriver {
  readonly #database: Database;
  readonly #lock = new Lock();

  constructor(database: Database) {
    super({ database });
    this.#database = database;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return new PatientConnection(await super.acquireConnection(), this.#lock);
  }

  /** Read-only transactions need a snapshot, not the write lock. */
  override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const begin = settings?.accessMode === 'read only' ? 'begin' : 'begin immediate';
    if (connection instanceof PatientConnection) await connection.begin(begin);
  }

  /** After a full disk SQLite has rolled back already; a second rollback would hide the error. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }

  override async releaseConnection(connection?: DatabaseConnection): Promise<void> {
    if (connection instanceof PatientConnection) connection.end();
  }
}

class PatientSqliteAdapter extends SqliteAdapter {
  /** Otherwise Kysely would serialise everything behind a caller that waits for a lock. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
