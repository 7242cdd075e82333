/** Hears what other processes signal (NOTIFY), on a session of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Log } from '../../core/ports/runtime.ts';
import { loadPg, sessionConfig } from './config.ts';
import type { Sockets } from './sockets.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const LONGEST_END_MS = 1_000;
/** The server is asked so often whether it is there, and has so long to answer: a busy one takes seconds. */
const PING_INTERVAL_MS = 5_000;
const LONGEST_SILENCE_MS = 10_000;
/** PostgreSQL takes 8,000 bytes. */
const LONGEST_WORD = 1_500;

export interface Signals {
  /** Called at each signal, and after each connection: signals may have been missed before it. */
  hear(listener: () => void): void;
  /** Tells all other processes that listen now. What is told while a session is lost is lost. */
  tell(word: string): void;
  /** Called with each word of another process. */
  onWord(listener: (word: string) => void): void;
  /** False while the session is lost: then the database is away, or was a moment ago. */
  isUp(): boolean;
  /** Connects, now or as soon as it can, and again whenever the session ends. */
  start(): void;
  stop(): Promise<void>;
}

interface SignalsDeps {
  url: string;
  channel: string;
  /** All connections of this process. They are cut once the server is silent: each would wait for a quarter of an hour. */
  sockets: Sockets;
  log: Pick<Log, 'warn'>;
}

export function createSignals({ url, channel, sockets, log }: SignalsDeps): Signals {
  const config = sessionConfig(url, sockets);
  const words = `${channel}_words`;
  const listeners: (() => void)[] = [];
  const wordListeners: ((word: string) => void)[] = [];
  let session: { client: Client; schema: string; pid: number | undefined } | undefined;
  const ending = new AbortController();
  const { signal } = ending;
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  let listening: Promise<void> | undefined;
  let isUp = false;
  const tell = () => {
    for (const listener of listeners) listener();
  };

  const heard = (word: string) => {
    for (const listener of wordListeners) listener(word);
  };

  async function connect(client: Client): Promise<void> {
    await client.connect();
    const { rows } = await client.query<{ schema: string; pid: number }>(
      'select current_schema() as schema, pg_backend_pid() as pid',
    );
    const schema = rows[0]?.schema ?? '';
    client.on('notification', ({ channel: on, payload = '', processId }) => {
      if (on === channel && payload === schema) tell();
      // A session hears itself too.
      const isOthers = on === words && processId !== session?.pid;
      if (isOthers && payload.startsWith(`${schema} `)) heard(payload.slice(schema.length + 1));
    });
    for (const each of [channel, words]) await client.query(`listen ${client.escapeIdentifier(each)}`);
    session = { client, schema, pid: rows[0]?.pid };
  }

  /** Resolves when the session has ended. */
  async function listen(onReady: () => void): Promise<void> {
    const { pg } = await loadPg();
    const client = new pg.Client(config);
    const lost = new Promise<void>((resolve) => {
      client.once('end', resolve);
      client.on('error', () => resolve());
    });
    // A session that is ended while it connects says nothing more.
    const over = Promise.race([lost, stopped]);
    try {
      const isThere = await Promise.race([connect(client).then(() => true), over.then(() => false)]);
      if (!isThere || signal.aborted) return;
      onReady();
      isUp = true;
      tell();
      await Promise.race([over, watchSilence(client)]);
    } finally {
      isUp = false;
      session = undefined;
      await Promise.race([client.end().catch(() => undefined), sleep(LONGEST_END_MS, undefined, { ref: false })]);
    }
  }

  /** Rejects when the server does not answer. Resolves when the session ends. */
  async function watchSilence(client: Client): Promise<void> {
    for (;;) {
      await sleep(PING_INTERVAL_MS, undefined, { ref: false });
      if (session?.client !== client) return;
      const answer = client.query('select 1').then(
        () => true,
        () => true,
      );
      if (await Promise.race([answer, sleep(LONGEST_SILENCE_MS, false, { ref: false })])) continue;
      const why = `the database has said nothing for ${LONGEST_SILENCE_MS / 1_000} seconds`;
      sockets.cut(why);
      throw new Error(why);
    }
  }

  async function keepListening(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const problem = await listen(() => {
        pause = FIRST_PAUSE_MS;
      }).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (signal.aborted) return;
      // Once, however often it cannot come back.
      if (pause === FIRST_PAUSE_MS)
        log.warn({ err: problem }, 'new jobs of other processes are found by polling for now');
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  return {
    hear: (listener) => void listeners.push(listener),
    tell(word) {
      if (!session || word.length > LONGEST_WORD) return;
      session.client.query('select pg_notify($1, $2)', [words, `${session.schema} ${word}`]).catch(() => undefined);
    },
    onWord: (listener) => void wordListeners.push(listener),
    isUp: () => isUp,
    start() {
      listening ??= keepListening();
    },
    async stop() {
      ending.abort();
      await listening;
    },
  };
}
