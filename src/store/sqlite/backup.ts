/**
 * A consistent copy of the database while the app writes to it. `VACUUM INTO` reads one snapshot and blocks no writer.
 * SQLite's online backup restarts at every write of another process. The copy also lacks the bytes of deleted rows.
 */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { isPostgresUrl } from '../postgres/url.ts';
import { MEMORY, pathOf } from './database.ts';

/** The message is for the operator. */
export class BackupError extends Error {
  override name = 'BackupError' as const;
}

export interface Backup {
  path: string;
  bytes: number;
}

/** Reads are blocked only while the app starts or recovers. */
const BUSY_TIMEOUT_MS = 10_000;

/** Copies the database to a new file that only this user can read. Creates and migrates nothing. */
export function backUp(databaseUrl: string, file: string): Backup {
  if (isPostgresUrl(databaseUrl)) {
    throw new BackupError('DATABASE_URL is PostgreSQL, which has pg_dump for this: docs/running.md says how.');
  }
  const from = resolve(pathOf(databaseUrl));
  if (pathOf(databaseUrl) === MEMORY)
    throw new BackupError('DATABASE_URL is a database in memory: there is nothing to copy.');
  const to = resolve(file);
  if (!isThere(dirname(to), 'folder')) throw new BackupError(`There is no folder ${dirname(to)}.`);
  if (existsSync(to)) throw new BackupError(`${to} exists already. Give the name of a new file.`);
  if (!isThere(from, 'file')) throw new BackupError(`There is no database at ${from} (DATABASE_URL).`);
  const part = `${to}.part`;
  reserve(part);
  try {
    copy(from, part);
    check(part);
    const bytes = flush(part);
    renameSync(part, to);
    flush(dirname(to));
    return { path: to, bytes };
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

function isThere(path: string, what: 'file' | 'folder'): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return (what === 'file' ? stats?.isFile() : stats?.isDirectory()) ?? false;
}

/** Creates the file first, so that its mode is right, and two backups cannot write the same file. */
function reserve(part: string): void {
  try {
    closeSync(openSync(part, 'wx', 0o600));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new BackupError(
      `${part} exists: another backup is writing it, or was killed. If none is running, delete it.`,
    );
  }
}

function copy(from: string, part: string): void {
  const database = new Database(from, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const tables = database.prepare('select count(*) from sqlite_schema').pluck().get();
    if (tables === 0) throw new BackupError(`The database at ${from} is empty.`);
    database.prepare('vacuum into ?').run(part);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'SQLITE_NOTADB') throw new BackupError(`${from} is not a SQLite database.`, { cause: error });
    if (code.startsWith('SQLITE_BUSY')) {
      throw new BackupError(`${from} stayed locked for ${BUSY_TIMEOUT_MS / 1_000} seconds. Try again.`, {
        cause: error,
      });
    }
    if (code.startsWith('SQLITE_CORRUPT')) throw new BackupError(`${from} is damaged.`, { cause: error });
    throw error;
  } finally {
    database.close();
  }
}

function check(part: string): void {
  const database = new Database(part, { readonly: true, fileMustExist: true });
  try {
    const said = database.pragma('integrity_check(1)', { simple: true });
    if (said !== 'ok') throw new BackupError(`The copy is damaged, so it was deleted: ${said}`);
  } finally {
    database.close();
  }
}

/** `VACUUM INTO` does not flush to the disk. */
function flush(path: string): number {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return statSync(path).size;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
