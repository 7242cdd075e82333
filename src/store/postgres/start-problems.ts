/** Explains errors of PostgreSQL to the operator in one sentence. */
import { StartError } from '../../core/model/errors.ts';
import { newerVersion } from '../newer-version.ts';
import { placeOf } from './url.ts';

/** Other errors are returned unchanged. */
export function explainPostgres(error: unknown, url: string): unknown {
  if (error instanceof StartError) return error;
  const what = `The PostgreSQL database ${placeOf(url)} (DATABASE_URL)`;
  const problem = problemOf(codeOf(error), what) ?? newerVersion(error, what);
  return problem === undefined ? error : new StartError(problem, { cause: error });
}

/** Of errors that have no code, or one of many. */
const BY_MESSAGE: readonly (readonly [words: RegExp, code: string])[] = [
  [/server does not support SSL/, 'NO_TLS'],
  [/unsupported startup parameter/, 'PARAMETER'],
];

/** The code of PostgreSQL or of the network, from the chain of causes. */
function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { message } = at;
    const [, known] = BY_MESSAGE.find(([words]) => words.test(message)) ?? [];
    if (known !== undefined) return known;
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
    if (/timeout/i.test(message)) return 'ETIMEDOUT';
  }
  return '';
}

const UNREACHABLE = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
];
const UNTRUSTED = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];
/** PostgreSQL's own codes, by their beginning: appendix A of its manual. */
const PROBLEMS: readonly (readonly [codes: readonly string[], says: string])[] = [
  [UNREACHABLE, 'cannot be reached. Is the server up, and does it listen at that address?'],
  [
    UNTRUSTED,
    'has a certificate that this machine does not trust. Add ?sslmode=verify-full&sslrootcert=/path/to/ca.crt.',
  ],
  [['CERT_HAS_EXPIRED'], 'has a certificate that has expired.'],
  [['ERR_TLS_CERT_ALTNAME_INVALID'], 'has a certificate for another host name than the one in its address.'],
  [['ENOENT', 'EACCES'], 'needs a file that cannot be read: sslrootcert, sslcert, sslkey or a socket in its address.'],
  [['NO_TLS'], 'offers no TLS, and sslmode in its address asks for it.'],
  [
    ['PARAMETER'],
    'is behind a pooler that takes no “options” in the address. Set search_path with ALTER ROLE instead.',
  ],
  [['28P01'], 'refuses the user or the password.'],
  [['28'], 'refuses the user, or takes them only over TLS: add ?sslmode=verify-full.'],
  [['3D000'], 'is not there: create it (docs/running.md says how).'],
  [['42501'], 'does not let this user create tables in its schema. The user must own the database, or the schema.'],
  [['53300'], 'has no connection left (max_connections). Each process of Docket takes up to sixteen.'],
  [['57P'], 'is starting or stopping. Start again in a moment.'],
  [['55P03'], 'stays locked by another process that migrates it. Wait for that one, and start again.'],
  [['25006'], 'is read-only: it may be a standby.'],
  [['53100'], 'has no room left on its disk.'],
];

function problemOf(code: string, what: string): string | undefined {
  const found = PROBLEMS.find(([codes]) => codes.some((known) => code.startsWith(known)));
  return found && `${what} ${found[1]} (${code})`;
}
