/**
 * Kysely's SQLite driver for a process that must never stand still. better-sqlite3 waits for a locked database without
 * letting anything else run, so here it does not wait at all: a statement that finds the database locked by another
 * process is tried again after a short pause, during which reads and other work go on.
 *
 * One connection serves everyone: a transaction holds it from begin to commit, a single statement only while it runs.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { QueryResult, TransactionSettings } from 'kysely';
import { CompiledQuery, type DatabaseConnection, SqliteAdapter, SqliteDialect, SqliteDriver } from 'kysely';

/** How long work that nobody waits for waits for another process. */
const LONGEST_WAIT_MS = 30_000;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

const waitLimit = new AsyncLocalStorage<number>();

/** What `work` asks of the database fails when another process keeps it locked for so long. */
export function waitingAtMost<T>(ms: number, work: () => Promise<T>): Promise<T> {
  return waitLimit.run(ms, work);
}

/** Repeats what found the database locked: then nothing of it has happened. */
async function untilFree<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + (waitLimit.getStore() ?? LONGEST_WAIT_MS);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isLocked(error) || performance.now() >= deadline) throw error;
    }
    await sleep(pause);
  }
}

/** Not SQLITE_BUSY_SNAPSHOT: a transaction that read first would fail in the same way for ever. */
function isLocked(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'SQLITE_BUSY' || code === 'SQLITE_BUSY_RECOVERY';
}

/** First come, first served. */
class Lock {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's, with how to give it back. */
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
  /** In a transaction: gives the lock back. */
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
 * Transactions begin immediate: a deferred one that reads first and writes later fails at once (SQLITE_BUSY_SNAPSHOT)
 * when another process wrote in between, whereas an immediate one waits its turn. And the migrator is told that schema
 * changes roll back, so that it runs inside one such transaction.
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

  /** A transaction that only reads wants a steady view, not the write lock. */
  override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const begin = settings?.accessMode === 'read only' ? 'begin' : 'begin immediate';
    if (connection instanceof PatientConnection) await connection.begin(begin);
  }

  /** After a full disk SQLite has rolled back by itself; a second rollback would hide that error behind its own. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }

  override async releaseConnection(connection?: DatabaseConnection): Promise<void> {
    if (connection instanceof PatientConnection) connection.end();
  }
}

class PatientSqliteAdapter extends SqliteAdapter {
  /** Or Kysely would have everyone wait for whoever waits for a lock. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
