/** Hears what other processes signal (NOTIFY), on a session of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../../core/ports/runtime.ts';
import { clientConfig } from './config.ts';

const LOST = 'lost the session that hears of new jobs; until it is back they are found by polling';
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export interface Signals {
  /** Called at each signal, and after each connection: signals may have been missed before it. */
  hear(listener: () => void): void;
  /** Connects, now or as soon as it can, and again whenever the session ends. */
  start(): void;
  stop(): Promise<void>;
}

export function createSignals(url: string, channel: string, log: Pick<Log, 'warn'>): Signals {
  const config = clientConfig(url);
  const listeners: (() => void)[] = [];
  const ending = new AbortController();
  let session: pg.Client | undefined;
  let listening: Promise<void> | undefined;
  const tell = () => {
    for (const listener of listeners) listener();
  };

  /** Resolves when the session has ended. */
  async function listen(onReady: () => void): Promise<void> {
    const client = new pg.Client(config);
    session = client;
    const ended = new Promise<void>((resolve) => {
      client.once('end', resolve);
      client.on('error', () => resolve());
    });
    try {
      await client.connect();
      const { rows } = await client.query<{ schema: string }>('select current_schema() as schema');
      client.on('notification', ({ payload }) => payload === rows[0]?.schema && tell());
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      onReady();
      tell();
      if (!ending.signal.aborted) await ended;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async function keepListening(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!ending.signal.aborted) {
      const problem = await listen(() => {
        pause = FIRST_PAUSE_MS;
      }).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (ending.signal.aborted) return;
      if (pause === FIRST_PAUSE_MS) log.warn({ err: problem }, LOST);
      await sleep(pause, undefined, { signal: ending.signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  return {
    hear: (listener) => void listeners.push(listener),
    start() {
      listening ??= keepListening();
    },
    async stop() {
      ending.abort();
      await session?.end().catch(() => undefined);
      await listening;
    },
  };
}
