/**
 * The database as a power cut would leave it: what SQLite has synced, without what it has only written. Its log is synced
 * at each commit of a connection whose `synchronous` is FULL, and at no other (sqlite.org, "Write-Ahead Logging").
 */
import { copyFileSync, statSync, truncateSync } from 'node:fs';
import Database from 'better-sqlite3';
import { onTestFinished, vi } from 'vitest';

const FULL = 2;

export interface Disk {
  /** Copies what is synced. Returns how many bytes were written and are lost. */
  cut(from: string, to: string): number;
}

/** Watches every database that is opened from now on. */
export function watchDisk(): Disk {
  /** Path -> bytes of its log that are synced. */
  const synced = new Map<string, number>();
  const known = new WeakSet<Database.Database>();
  const prepare = Database.prototype.prepare;
  const spy = vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, sql) {
    // The log would start anew after a checkpoint, and its length would say nothing.
    if (!known.has(this)) this.pragma('wal_autocheckpoint = 0');
    known.add(this);
    return watched(this, prepare.call(this, sql));
  });
  onTestFinished(() => spy.mockRestore());

  function watched(database: Database.Database, statement: Database.Statement): Database.Statement {
    return new Proxy(statement, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => {
          const before = logOf(database.name);
          const result = value.apply(target, given);
          note(database, before);
          return result;
        };
      },
    });
  }

  /** A statement that has written, in a transaction or by itself. */
  function note(database: Database.Database, before: number): void {
    const length = logOf(database.name);
    if (length === before || database.inTransaction) return;
    if (database.pragma('synchronous', { simple: true }) === FULL) synced.set(database.name, length);
  }

  return {
    cut(from, to) {
      const kept = synced.get(from) ?? 0;
      copyFileSync(from, to);
      copyFileSync(`${from}-wal`, `${to}-wal`);
      truncateSync(`${to}-wal`, kept);
      return logOf(from) - kept;
    },
  };
}

function logOf(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
