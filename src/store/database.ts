/**
 * Where the SQLite file is, and its pragmas; `driver.ts` is how statements reach it. Everything else in `src/store` is
 * SQL that PostgreSQL would take as well.
 */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { Kysely, type Logger } from 'kysely';
import { PatientSqliteDialect } from './driver.ts';
import { explainDatabase } from './start-problems.ts';
import { OutsideTransaction } from './transaction.ts';

export const MEMORY = ':memory:';

export interface OpenOptions {
  /** Told of every query, for tests and for debugging. Parameters are customers' data: never log them. */
  log?: Logger;
}

/**
 * Opens the database that `DATABASE_URL` names: `file:data/docket.db` (relative to the working directory),
 * `file:///var/lib/docket.db`, or `file::memory:`. Its folder is created. The store and the queue share what this
 * returns, so that one transaction can hold rows of both.
 */
export function openDatabase(url: string, options: OpenOptions = {}): Kysely<unknown> {
  const path = pathOf(url);
  const database = open(path);
  const dialect = new PatientSqliteDialect(database);
  const db = new Kysely<unknown>(options.log ? { dialect, log: options.log } : { dialect });
  return db.withPlugin(new OutsideTransaction());
}

/** Throws `StartError` with one sentence when the file cannot be used. */
function open(path: string): Database.Database {
  try {
    if (path !== MEMORY) keepForOwner(path);
    return connect(path);
  } catch (error) {
    throw explainDatabase(error, path);
  }
}

/**
 * The files hold customers' names and sealed tokens, so only their owner may read them, whatever the folder's mode and
 * the umask are. SQLite gives its two other files the mode of the first; those of an earlier start are changed as well.
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

/** Where the file is that an address names. */
export function pathOf(url: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  // The address itself is not repeated: that of a server holds a password.
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

/** How long the first statements wait for another process, in milliseconds: at a start nothing else runs yet. */
const BUSY_TIMEOUT = 5_000;
const LOOK_AGAIN_AFTER = 20;

/**
 * The one statement for which SQLite does not wait by itself: while another process makes the same switch on a new file
 * it fails at once. This happens once in a file's life, before anything else runs, so it may block.
 */
function switchToWal(database: Database.Database): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += LOOK_AGAIN_AFTER) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY';
      if (!busy || waited >= BUSY_TIMEOUT) throw error;
      Atomics.wait(sleeper, 0, 0, LOOK_AGAIN_AFTER);
    }
  }
}

function connect(path: string): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT });
  switchToWal(database);
  // After journal_mode, because this build of SQLite defaults to NORMAL in WAL mode. There a power cut may take the
  // last commits with it, and a click that was acknowledged must never be lost.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // From here on others run too, and the driver waits without stopping them.
  database.pragma('busy_timeout = 0');
  return database;
}
