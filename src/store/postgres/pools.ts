/** The sessions of one process: those whose commits wait for the disk, and those whose commits do not. */
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { ClientBase, ClientConfig, Pool, PoolClient } from 'pg';
import { currentManner } from '../manner.ts';
import { loadPg } from './config.ts';

/** Clicks and ends of jobs. More would wait for one another in the server anyway. */
const SYNCED_SESSIONS = 10;
/** Claims, leases, and what can be found out again. */
const UNSYNCED_SESSIONS = 5;
/**
 * Whatever the server's own defaults are. Each statement sees what was committed before it, which locks rely on. A process
 * that stands still in a transaction holds its locks for ten seconds. Who may wait for locks less long says so (`waitingAtMost`).
 */
const SETTINGS = `set default_transaction_isolation = 'read committed'; set lock_timeout = '30s';
  set idle_in_transaction_session_timeout = '10s'`;
/** For a free session. */
const ACQUIRE_TIMEOUT_MS = 30_000;

export class Pools implements PostgresPool {
  readonly #synced: Pool;
  readonly #unsynced: Pool;

  constructor(synced: Pool, unsynced: Pool) {
    this.#synced = synced;
    this.#unsynced = unsynced;
  }

  get options(): object {
    return {};
  }

  async connect(): Promise<PostgresPoolClient> {
    const { synced = true, lockTimeoutMs } = currentManner();
    return inTime(synced ? this.#synced : this.#unsynced, lockTimeoutMs);
  }

  async end(): Promise<void> {
    await Promise.all([this.#synced.end(), this.#unsynced.end()]);
  }
}

export async function createPools(config: ClientConfig): Promise<Pools> {
  const { pg, types } = await loadPg();
  const shared = { ...config, types, connectionTimeoutMillis: ACQUIRE_TIMEOUT_MS };
  const open = (max: number, settings: string) => {
    const onConnect = async (client: ClientBase) => {
      // Whoever uses a session that is cut off hears of it from its query. Without a listener it would end the process too.
      client.on('error', () => undefined);
      await client.query(settings);
    };
    return quietly(new pg.Pool({ ...shared, max, onConnect }));
  };
  return new Pools(
    open(SYNCED_SESSIONS, SETTINGS),
    open(UNSYNCED_SESSIONS, `${SETTINGS}; set synchronous_commit = off`),
  );
}

/** A session that ends while nobody uses it would end the process. Whoever asks next gets a new one, or hears why not. */
function quietly(pool: Pool): Pool {
  return pool.on('error', () => undefined);
}

/** Rejects after that time; a session that comes later goes back. */
async function inTime(pool: Pool, timeoutMs: number | undefined): Promise<PoolClient> {
  const connecting = pool.connect();
  if (timeoutMs === undefined) return connecting;
  const late = Promise.withResolvers<never>();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    late.reject(new Error('timeout: the database gave no session in time'));
  }, timeoutMs);
  connecting.then(
    (client) => isLate && client.release(),
    () => undefined,
  );
  try {
    return await Promise.race([connecting, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
