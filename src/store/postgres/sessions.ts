/** Does a connection keep its session? A pooler may have each transaction run in another one. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../../core/model/errors.ts';
import { loadPg, sessionConfig } from './config.ts';
import type { Sockets } from './sockets.ts';
import { placeOf } from './url.ts';

/** A busy server takes seconds for each. */
const CONNECT_TIMEOUT_MS = 30_000;
const HEAR_TIMEOUT_MS = 5_000;

/**
 * Throws `StartError` where one session does not hear what another one says. Then this process would hear of no job and no
 * key of the others, and what is set for sessions whose commits need not wait for the disk would be set for clicks as well.
 */
export async function expectSessions(url: string, sockets?: Sockets): Promise<void> {
  const { pg } = await loadPg();
  const config = { ...sessionConfig(url, sockets), connectionTimeoutMillis: CONNECT_TIMEOUT_MS };
  const [hearing, saying] = [new pg.Client(config), new pg.Client(config)];
  // The query of a client that ends fails, and tells why.
  for (const client of [hearing, saying]) client.on('error', () => undefined);
  try {
    await Promise.all([hearing.connect(), saying.connect()]);
    const channel = `docket_${randomBytes(8).toString('hex')}`;
    const heard = new Promise<true>((resolve) => hearing.once('notification', () => resolve(true)));
    await hearing.query(`listen ${channel}`);
    await saying.query('select pg_notify($1, $2)', [channel, '']);
    if (await Promise.race([heard, sleep(HEAR_TIMEOUT_MS, false, { ref: false })])) return;
  } finally {
    await Promise.all([hearing.end(), saying.end()]).catch(() => undefined);
  }
  throw new StartError(
    `The PostgreSQL database ${placeOf(url)} (DATABASE_URL) is behind a pooler that keeps no sessions, such as PgBouncer in transaction mode. Set pool_mode = session there, or connect to the server itself.`,
  );
}
