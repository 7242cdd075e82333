/** Opens the SQLite file. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { StartError } from '../../core/model/errors.ts';
import { PatientSqliteDialect } from './driver.ts';
import { explainFile } from './start-problems.ts';

export const MEMORY = ':memory:';

/** Throws `StartError` if the file cannot be used. */
export function createSqliteDialect(url: string, alone = false): PatientSqliteDialect {
  return new PatientSqliteDialect(open(pathOf(url), alone));
}

export function existsFile(url: string): boolean {
  return existsSync(pathOf(url));
}

export function removeFile(url: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(pathOf(url) + end, { force: true });
}

/** The file with its write-ahead log, in bytes. */
export function fileBytes(url: string): number {
  const path = pathOf(url);
  const sizes = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

function open(path: string, alone: boolean): Database.Database {
  try {
    if (path !== MEMORY) keepForOwner(path);
    return connect(path, alone);
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

/**
 * SQLite does not wait for this statement, unless somebody has the file for themselves. It runs once in a file's life, before
 * anything else, so it may block.
 */
function switchToWal(database: Database.Database): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY';
      if (!busy || performance.now() >= deadline) throw error;
      Atomics.wait(sleeper, 0, 0, RETRY_PAUSE_MS);
    }
  }
}

/** Whoever reads for a moment. */
const ALONE_TIMEOUT_MS = 500;

/** Whoever has a file in WAL mode open, however idle, holds a lock that this one needs for itself. */
function takeAlone(database: Database.Database, path: string): void {
  try {
    database.pragma(`busy_timeout = ${ALONE_TIMEOUT_MS}`);
    database.pragma('locking_mode = exclusive');
    database.exec('begin exclusive; commit');
    database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  } catch (error) {
    database.close();
    const busy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
    throw busy ? new StartError(inUse(`${path} (DATABASE_URL)`), { cause: error }) : error;
  }
}

/** `what`: the database, as a sentence begins. */
export function inUse(what: string): string {
  return `${what} is in use. Stop every process of Docket first: what one writes meanwhile would stay behind.`;
}

function connect(path: string, alone: boolean): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  if (alone) takeAlone(database, path);
  switchToWal(database);
  // After journal_mode, because this build defaults to NORMAL in WAL mode: a power cut could lose the last commits, and
  // so an acknowledged click.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // From here on the driver waits, without blocking.
  database.pragma('busy_timeout = 0');
  return database;
}
