/**
 * Kysely's SQLite driver without blocking waits. better-sqlite3 blocks the process while the database is locked, so its
 * own wait is off: a statement that finds the database locked is retried after a short pause.
 *
 * All share one connection: a transaction holds it from begin to commit, a statement while it runs. Each statement is
 * prepared once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Statement } from 'better-sqlite3';
import type { QueryResult, TransactionSettings } from 'kysely';
import { CompiledQuery, type DatabaseConnection, SqliteAdapter, SqliteDialect, SqliteDriver } from 'kysely';
import { currentManner } from '../manner.ts';

/** For background work. */
const LOCK_TIMEOUT_MS = 30_000;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

/** Retries while the database is locked; nothing has happened then. */
async function untilFree<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + (currentManner().lockTimeoutMs ?? LOCK_TIMEOUT_MS);
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

/** Lists of values of any length make ever new statements. */
const MOST_STATEMENTS = 500;

/** Prepared statements, the most recently used last. */
class Statements {
  readonly #database: Database;
  readonly #known = new Map<string, Statement>();

  constructor(database: Database) {
    this.#database = database;
  }

  of(sql: string): Statement {
    const known = this.#known.get(sql);
    const statement = known ?? this.#database.prepare(sql);
    if (known) this.#known.delete(sql);
    else if (this.#known.size >= MOST_STATEMENTS) this.#forgetOldest();
    this.#known.set(sql, statement);
    return statement;
  }

  #forgetOldest(): void {
    for (const sql of this.#known.keys()) {
      this.#known.delete(sql);
      return;
    }
  }
}

/** What all connections of one driver share. */
interface Shared {
  database: Database;
  statements: Statements;
  lock: Lock;
  /** How the connection commits now. */
  isSynced: boolean;
}

class PatientConnection implements DatabaseConnection {
  readonly #shared: Shared;
  /** Set in a transaction: releases the lock. */
  #release: (() => void) | undefined;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#release) return this.#run<R>(query);
    return untilFree(async () => {
      const release = await this.#shared.lock.take();
      try {
        this.#setSync(query.sql);
        return this.#run<R>(query);
      } finally {
        release();
      }
    });
  }

  begin(statement: string): Promise<void> {
    return untilFree(async () => {
      this.#release = await this.#shared.lock.take();
      try {
        this.#setSync(statement);
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

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The only connection would be held for as long as the reader takes.');
  }

  /** Before the first statement of what may write: the setting cannot be changed inside a transaction. */
  #setSync(sql: string): void {
    const shared = this.#shared;
    const isSynced = currentManner().synced !== false;
    if (shared.isSynced === isSynced || shared.statements.of(sql).readonly) return;
    shared.database.exec(`pragma synchronous = ${isSynced ? 'full' : 'normal'}`);
    shared.isSynced = isSynced;
  }

  #run<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
    const statement = this.#shared.statements.of(sql);
    if (statement.reader) return { rows: statement.all(parameters) as R[] };
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes), rows: [] };
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
  readonly #shared: Shared;

  constructor(database: Database) {
    super({ database });
    this.#shared = { database, statements: new Statements(database), lock: new Lock(), isSynced: true };
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return new PatientConnection(this.#shared);
  }

  /** Read-only transactions need a snapshot, not the write lock. */
  override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const begin = settings?.accessMode === 'read only' ? 'begin' : 'begin immediate';
    if (connection instanceof PatientConnection) await connection.begin(begin);
  }

  /** After a full disk SQLite has rolled back already; a second rollback would hide the error. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#shared.database.inTransaction) await super.rollbackTransaction(connection);
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
