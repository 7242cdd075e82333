/** Opens the SQLite file. Only this file and `driver.ts` are not SQL that PostgreSQL would accept. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { Kysely, type Logger } from 'kysely';
import { StartError } from '../core/model/errors.ts';
import { PatientSqliteDialect } from './driver.ts';
import { explainDatabase } from './start-problems.ts';
import { OutsideTransaction } from './transaction.ts';

export const MEMORY = ':memory:';

export interface OpenOptions {
  /** Gets every query, for tests and debugging. Parameters are customers' data: never log them. */
  log?: Logger;
}

/**
 * Opens `file:data/docket.db` (relative to the working directory), `file:///var/lib/docket.db` or `file::memory:`, and
 * creates its folder. Store and queue share the result, for common transactions.
 */
export function openDatabase(url: string, options: OpenOptions = {}): Kysely<unknown> {
  const path = pathOf(url);
  const database = open(path);
  const dialect = new PatientSqliteDialect(database);
  const db = new Kysely<unknown>(options.log ? { dialect, log: options.log } : { dialect });
  return db.withPlugin(new OutsideTransaction());
}

/** The file with its write-ahead log, in bytes. */
export function databaseBytes(url: string): number {
  const path = pathOf(url);
  const sizes = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** For a command beside the app: makes no file. */
export function openExisting(url: string): Kysely<unknown> {
  const path = pathOf(url);
  if (!existsSync(path)) throw new StartError(`There is no database at ${path} (DATABASE_URL).`);
  return openDatabase(url);
}

/** Throws `StartError` if the file cannot be used. */
function open(path: string): Database.Database {
  try {
    if (path !== MEMORY) keepForOwner(path);
    return connect(path);
  } catch (error) {
    throw explainDatabase(error, path);
  }
}

/**
 * The files hold customers' names and encrypted tokens, so only their owner may read them. SQLite copies the first
 * file's mode to its other two files; older files are changed too.
 */
function keepForOwner(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', OWNER_ONLY));
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    try {
      chmodSync(file, OWNER_ONLY);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
}

const OWNER_ONLY = 0o600;

export function pathOf(url: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  // The URL is not repeated: a server's URL holds a password.
  if (scheme !== 'file') throw unsupported(scheme ? `a ${scheme}: address` : 'one without a scheme');
  const path = url.startsWith('file:///') ? fileURLToPath(url) : url.slice('file:'.length);
  if (path.startsWith('//')) throw unsupported('a file on another host');
  if (path.includes('?')) throw unsupported('one with parameters');
  if (path === '') throw unsupported('one without a path');
  return path;
}

function unsupported(what: string): Error {
  return new Error(`DATABASE_URL must be a file: address, such as file:data/docket.db, but is ${what}`);
}

/** For the first statements: nothing else runs at a start. */
const BUSY_TIMEOUT_MS = 5_000;
const RETRY_PAUSE_MS = 20;

/** SQLite does not wait for this statement. It runs once in a file's life, before anything else, so it may block. */
function switchToWal(database: Database.Database): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += RETRY_PAUSE_MS) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY';
      if (!busy || waited >= BUSY_TIMEOUT_MS) throw error;
      Atomics.wait(sleeper, 0, 0, RETRY_PAUSE_MS);
    }
  }
}

function connect(path: string): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  switchToWal(database);
  // After journal_mode, because this build defaults to NORMAL in WAL mode: a power cut could lose the last commits, and
  // so an acknowledged click.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // From here on the driver waits, without blocking.
  database.pragma('busy_timeout = 0');
  return database;
}
