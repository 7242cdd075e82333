/** Databases for tests: in memory, and in a file of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Clock } from '../../src/core/ports/runtime.ts';
import { queueMigrations } from '../../src/queue/migrations.ts';
import { createQueue } from '../../src/queue/queue.ts';
import { type OpenOptions, openDatabase } from '../../src/store/database.ts';
import { unsynced } from '../../src/store/manner.ts';
import { migrate } from '../../src/store/migrate.ts';
import { storeMigrations } from '../../src/store/migrations.ts';
import { createStore } from '../../src/store/store.ts';
import { createVault } from '../../src/store/vault.ts';

export const MEMORY = 'file::memory:';
export const allMigrations = { ...storeMigrations, ...queueMigrations };
/** Keys as ENCRYPTION_KEY holds them: 32 bytes in base64. */
export const [KEY, OLDER_KEY, OTHER_KEY] = [keyOf(1), keyOf(2), keyOf(3)];

function keyOf(byte: number): string {
  return Buffer.alloc(32, byte).toString('base64');
}

/** A new folder, and how to remove it. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'docket-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export type OpenUrlOptions = OpenOptions & {
  clock?: Clock;
  keys?: readonly string[];
  hear?: Parameters<typeof createQueue>[3];
};

/** The store and the queue as the app opens them. */
export async function openUrl(url: string, options: OpenUrlOptions = {}) {
  const db = openDatabase(url, options);
  await migrate(db, allMigrations);
  return openMigrated(db, options);
}

export function openMigrated(db: Kysely<unknown>, options: OpenUrlOptions = {}) {
  const store = createStore(db, createVault(options.keys ?? [KEY]));
  const queue = createQueue(db, options.clock, unsynced, options.hear);
  return { db, store, queue, close: () => db.destroy() };
}

/** As `openUrl`, in a new file that is removed with it. */
export async function openFile(options: { clock?: Clock } = {}) {
  const folder = temporaryFolder();
  const opened = await openUrl(`file:${join(folder.path, 'docket.db')}`, options);
  const close = async () => {
    await opened.close();
    folder.remove();
  };
  return { ...opened, close };
}
