/**
 * Preloaded into a process by NODE_OPTIONS: it dies by SIGKILL at the point that CRASH_AT names (`points.ts`). It says so
 * first, so that a test can tell this death from any other.
 */
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import Database from 'better-sqlite3';
import { POINTS } from './points.ts';

const point = POINTS.find(({ name }) => name === process.env.CRASH_AT);
if (!point) throw new Error(`no such point: ${process.env.CRASH_AT}`);
const { name, path } = point;

let reached = 0;

function happens(line: string): void {
  if (!path[reached]?.test(line)) return;
  reached += 1;
  if (reached === path.length) die();
}

function die(): never {
  writeSync(2, `killed at: ${name}\n`);
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment to arrive: until then nothing else runs.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

watchDatabase();
watchRequests();
watchAcknowledgements();

/** Kysely prepares every statement, those that begin and end a transaction too, and runs it with `all` or `run`. */
function watchDatabase(): void {
  const { prepare } = Database.prototype;
  /** What the transaction that is open has written. */
  let written: string[] | undefined;
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
    if (sql.startsWith('begin')) written = [];
    const line = sql === 'commit' ? `commit ${written?.join('; ')}` : `sql ${textOf(sql, args)}`;
    if (sql === 'commit' || sql === 'rollback') written = undefined;
    else if (/^(?:insert|update|delete) /.test(sql)) written?.push(textOf(sql, args));
    happens(`before ${line}`);
    const result = run();
    happens(`after ${line}${Array.isArray(result) ? ` => ${rowsOf(result)}` : ''}`);
    return result;
  }
}

function textOf(sql: string, args: unknown[]): string {
  return `${sql} ${JSON.stringify(args)}`;
}

/** Columns that hold JSON stand in it as they are. */
function rowsOf(rows: unknown[]): string {
  return JSON.stringify(rows).replaceAll('\\"', '"');
}

/** ofetch, Slack's SDK and Bolt's `respond` all use the global one. */
function watchRequests(): void {
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const line = `${init?.method ?? (input instanceof Request ? input.method : 'GET')} ${url}`;
    happens(`before http ${line}`);
    const answer = await real(input, init);
    happens(`after http ${answer.status} ${line}`);
    return answer;
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
