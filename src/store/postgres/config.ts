/** How every session of PostgreSQL is opened. */
import type { ClientConfig, CustomTypesConfig } from 'pg';
import { StartError } from '../../core/model/errors.ts';
import type { Sockets } from './sockets.ts';
import { placeOf } from './url.ts';

const EXAMPLE = 'postgres://docket:PASSWORD@db.example.com:5432/docket';

const CONNECT_TIMEOUT_MS = 5_000;
/** A connection that is cut without a word is noticed some seconds after this. */
const KEEP_ALIVE_MS = 10_000;

/** Throws `StartError`, which repeats nothing of the URL: it holds a password. `sockets`: counts the connections. */
export function sessionConfig(url: string, sockets?: Sockets): ClientConfig {
  if (placeOf(url) === undefined) {
    throw new StartError(`DATABASE_URL is not a PostgreSQL address. It looks like ${EXAMPLE}`);
  }
  return {
    connectionString: verified(url),
    application_name: 'docket',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    ...(sockets && { stream: sockets.open }),
  };
}

/**
 * pg takes these modes as `verify-full`, which is more than they mean elsewhere, and warns that its next version will not.
 * Docket stays with it: whoever wants TLS without knowing the server says `no-verify`.
 */
function verified(url: string): string {
  if (/[?&]uselibpqcompat=/.test(url)) return url;
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}

const INT8 = 20;

/** Loaded only by those who use it: it takes ten megabytes. `types`: instants and ids are int8, which it gives as text. */
export async function loadPg() {
  const { default: pg } = await import('pg');
  const getTypeParser: CustomTypesConfig['getTypeParser'] = (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? safeInteger : pg.types.getTypeParser(oid, format);
  return { pg, types: { getTypeParser } };
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('an integer of the database is too large for a number');
  return value;
}
