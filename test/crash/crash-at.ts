/**
 * Preloaded into a process by NODE_OPTIONS: it dies by SIGKILL at the point that CRASH_AT names (`points.ts`). It says so
 * first, so that a test can tell this death from any other.
 *
 * Several processes take the path together where CRASH_STEPS names a folder: a file for each step that one of them has
 * taken. Only the one that takes the last dies.
 */
import { existsSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { DecoratorHandler, type Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { POINTS } from './points.ts';

const point = POINTS.find(({ name }) => name === process.env.CRASH_AT);
if (!point) throw new Error(`no such point: ${process.env.CRASH_AT}`);
const { name, path } = point;

const steps = process.env.CRASH_STEPS;
/** For a request that is not answered. */
const WAITING_MS = 500;

let reached = 0;

function happens(line: string): void {
  while (isTaken(reached)) reached += 1;
  if (!path[reached]?.test(line) || !take(reached)) return;
  reached += 1;
  if (reached === path.length) die();
}

function isTaken(step: number): boolean {
  return steps !== undefined && existsSync(join(steps, String(step)));
}

/** False: another process has taken it at the same moment. */
function take(step: number): boolean {
  if (steps === undefined) return true;
  try {
    writeFileSync(join(steps, String(step)), '', { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

function die(): never {
  writeSync(2, `killed at: ${name}\n`);
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment to arrive: until then nothing else runs.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

watchSqlite();
watchPostgres();
watchRequests();
watchAcknowledgements();

/** Kysely prepares every statement, those that begin and end a transaction too, and runs it with `all` or `run`. */
function watchSqlite(): void {
  const { prepare } = Database.prototype;
  const session = createSession();
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    const statement = prepare.call(this, sql);
    for (const way of ['all', 'run'] as const) {
      const real = statement[way];
      const value = (...args: unknown[]) => watched(sql, args, () => Reflect.apply(real, statement, args));
      Object.defineProperty(statement, way, { value });
    }
    return statement;
  } as typeof prepare;

  function watched<T>(sql: string, args: unknown[], run: () => T): T {
    const line = session.lineOf(sql, args);
    happens(`before ${line}`);
    const result = run();
    happens(`after ${line}${Array.isArray(result) ? ` => ${rowsOf(result)}` : ''}`);
    return result;
  }
}

/** Each client is a session with transactions of its own. Parameters are written as SQLite writes them. */
function watchPostgres(): void {
  const { query } = pg.Client.prototype;
  const sessions = new WeakMap<object, ReturnType<typeof createSession>>();
  const value = function (this: pg.Client, sql: unknown, args: unknown = [], ...rest: unknown[]) {
    const run = (): unknown => Reflect.apply(query, this, [sql, args, ...rest]);
    if (typeof sql !== 'string' || !Array.isArray(args) || rest.length > 0) return run();
    const session = sessions.get(this) ?? createSession();
    sessions.set(this, session);
    const line = session.lineOf(sql.replace(/\$\d+/g, '?'), args);
    happens(`before ${line}`);
    return (run() as Promise<{ rows?: unknown[] }>).then((result) => {
      happens(`after ${line} => ${rowsOf(result.rows ?? [])}`);
      return result;
    });
  };
  Object.defineProperty(pg.Client.prototype, 'query', { value });
}

function createSession() {
  /** What the transaction that is open has written. */
  let written: string[] | undefined;
  return {
    lineOf(statement: string, args: unknown[]): string {
      // Some are written over several lines.
      const sql = statement.replace(/\s+/g, ' ').trim();
      if (/^(?:begin|start transaction)/.test(sql)) written = [];
      const line = sql === 'commit' ? `commit ${written?.join('; ')}` : `sql ${textOf(sql, args)}`;
      if (sql === 'commit' || sql === 'rollback') written = undefined;
      else if (/^(?:insert|update|delete) /.test(sql)) written?.push(textOf(sql, args));
      return line;
    },
  };
}

function textOf(sql: string, args: unknown[]): string {
  return `${sql} ${JSON.stringify(args)}`;
}

/** Columns that hold JSON stand in it as they are. */
function rowsOf(rows: unknown[]): string {
  return JSON.stringify(rows).replaceAll('\\"', '"');
}

/** Of every undici in the process, which share one dispatcher: that of the bundle and Node's own as well. */
function watchRequests(): void {
  const watching = getGlobalDispatcher().compose((dispatch) => (options, handler) => {
    if (options.upgrade) return dispatch(options, handler);
    const line = `${options.method} ${options.origin}${options.path}`;
    happens(`before http ${line}`);
    return dispatch(options, watchedAnswer(handler, line));
  });
  setGlobalDispatcher(watching);
}

/** Node's own fetch has a handler of an older kind: the decorator takes either. */
function watchedAnswer(handler: Dispatcher.DispatchHandler, line: string): Dispatcher.DispatchHandler {
  const real: Dispatcher.DispatchHandler = new DecoratorHandler(handler);
  const waiting = setTimeout(() => happens(`waiting http ${line}`), WAITING_MS);
  return {
    onRequestStart: (...told) => real.onRequestStart?.(...told),
    onResponseStart(...told) {
      clearTimeout(waiting);
      happens(`after http ${told[1]} ${line}`);
      real.onResponseStart?.(...told);
    },
    onResponseData: (...told) => real.onResponseData?.(...told),
    onResponseEnd: (...told) => real.onResponseEnd?.(...told),
    onResponseError(...told) {
      clearTimeout(waiting);
      real.onResponseError?.(...told);
    },
  };
}

/** Everything that the app sends over its socket is an acknowledgement. It is written to the kernel before `send` returns. */
function watchAcknowledgements(): void {
  const bolt = createRequire(import.meta.resolve('@slack/bolt'));
  const socketMode = createRequire(bolt.resolve('@slack/socket-mode'));
  const { WebSocket }: { WebSocket: { prototype: { send(data: string): void } } } = socketMode('undici');
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    happens('before ack');
    send.call(this, data);
    happens('after ack');
  };
}
