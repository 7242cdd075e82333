/** How every session of PostgreSQL is opened. */
import type { ClientConfig, CustomTypesConfig } from 'pg';
import { StartError } from '../../core/model/errors.ts';
import { placeOf } from './url.ts';

const EXAMPLE = 'postgres://docket:PASSWORD@db.example.com:5432/docket';

/** For every session. A process that stands still in a transaction holds its locks no longer than this. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/** For background work; who may wait less long says so (`waitingAtMost`). */
const LOCK_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Throws `StartError`, which repeats nothing of the URL: it holds a password. */
export function sessionConfig(url: string): ClientConfig {
  if (placeOf(url) === undefined) {
    throw new StartError(`DATABASE_URL is not a PostgreSQL address. It looks like ${EXAMPLE}`);
  }
  return {
    connectionString: url,
    application_name: 'docket',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  };
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
