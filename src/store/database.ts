/** Opens the database that DATABASE_URL names. What only one of the engines has is in its own folder. */
import { Kysely, type Logger } from 'kysely';
import { StartError } from '../core/model/errors.ts';
import type { SharedNotes } from '../core/ports/shared-notes.ts';
import { createPostgresDialect, postgresBytes, postgresNow } from './postgres/database.ts';
import { createSharedNotes } from './postgres/notes.ts';
import { expectSessions } from './postgres/sessions.ts';
import { createSignals, type Signals } from './postgres/signals.ts';
import type { Sockets } from './postgres/sockets.ts';
import { explainPostgres } from './postgres/start-problems.ts';
import { isPostgresUrl } from './postgres/url.ts';
import { createSqliteDialect, existsFile, fileBytes, pathOf } from './sqlite/database.ts';
import { explainFile } from './sqlite/start-problems.ts';
import { OutsideTransaction } from './transaction.ts';

export interface OpenOptions {
  /** Gets every query, for tests and debugging. Parameters are customers' data: never log them. */
  log?: Logger;
  /** Nobody else has the file open, from now until it is closed. PostgreSQL knows nothing like it: `otherSessions`. */
  alone?: boolean;
  /** Of PostgreSQL: every connection is one of them. */
  sockets?: Sockets;
}

/**
 * Opens `file:data/docket.db` (relative to the working directory), `file:///var/lib/docket.db` or `file::memory:`, and
 * creates its folder; or `postgres://…`, which connects with the first query. Store and queue share the result, for common
 * transactions.
 */
export function openDatabase(url: string, options: OpenOptions = {}): Kysely<unknown> {
  const dialect = isPostgresUrl(url)
    ? createPostgresDialect(url, options.sockets)
    : createSqliteDialect(url, options.alone);
  const db = new Kysely<unknown>(options.log ? { dialect, log: options.log } : { dialect });
  return db.withPlugin(new OutsideTransaction());
}

/** For a command beside the app: makes no file. */
export function openExisting(url: string, options: OpenOptions = {}): Kysely<unknown> {
  if (!isPostgresUrl(url) && !existsFile(url)) {
    throw new StartError(`There is no database at ${pathOf(url)} (DATABASE_URL).`);
  }
  return openDatabase(url, options);
}

/** Throws `StartError` where a pooler gives and takes sessions as it likes. A file has none. */
export async function checkSessions(url: string, sockets?: Sockets): Promise<void> {
  if (isPostgresUrl(url)) await expectSessions(url, sockets);
}

/** With what belongs to it, in bytes. */
export async function databaseBytes(db: Kysely<unknown>, url: string): Promise<number> {
  return isPostgresUrl(url) ? postgresBytes(db) : fileBytes(url);
}

/** In one sentence for the operator, if it is known. Other errors are returned unchanged. */
export function explainDatabase(error: unknown, url: string): unknown {
  return isPostgresUrl(url) ? explainPostgres(error, url) : explainFile(error, pathOf(url));
}

/** By the server's clock, which all machines share. undefined: all processes are on one machine. */
export function databaseClock(db: Kysely<unknown>, url: string): (() => Promise<number>) | undefined {
  return isPostgresUrl(url) ? () => postgresNow(db) : undefined;
}

/** What all processes note together. undefined: there is one process. */
export function openSharedNotes(db: Kysely<unknown>, url: string): SharedNotes | undefined {
  return isPostgresUrl(url) ? createSharedNotes(db) : undefined;
}

/** What other processes signal on the channel. Those of one file hear nothing of each other. */
export function openSignals(deps: Parameters<typeof createSignals>[0]): Signals {
  if (isPostgresUrl(deps.url)) return createSignals(deps);
  const nothing = () => undefined;
  return {
    hear: nothing,
    tell: nothing,
    onWord: nothing,
    isUp: () => true,
    start: nothing,
    stop: async () => undefined,
  };
}
