/** Opens the SQLite file. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { PatientSqliteDialect } from './driver.ts';
import { explainFile } from './start-problems.ts';

export const MEMORY = ':memory:';

/** Throws `StartError` if the file cannot be used. */
export function createSqliteDialect(url: string): PatientSqliteDialect {
  return new PatientSqliteDialect(open(pathOf(url)));
}

export function existsFile(url: string): boolean {
  return existsSync(pathOf(url));
}

/** The file with its write-ahead log, in bytes. */
export function fileBytes(url: string): number {
  const path = pathOf(url);
  const sizes = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

function open(path: string): Database.Database {
  try {
    if (path !== MEMORY) keepForOwner(path);
    return connect(path);
  } catch (error) {
    throw explainFile(error, path);
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
  return new Error(`DATABASE_URL must be a file: or postgres: address, such as file:data/docket.db, but is ${what}`);
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
