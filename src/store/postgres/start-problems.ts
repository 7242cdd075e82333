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

/** The code of PostgreSQL or of the network, from the chain of causes. */
function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
    if (/timeout/i.test(at.message)) return 'ETIMEDOUT';
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
/** PostgreSQL's own codes, by their beginning: appendix A of its manual. */
const PROBLEMS: readonly (readonly [codes: readonly string[], says: string])[] = [
  [UNREACHABLE, 'cannot be reached. Is the server up, and does it listen at that address?'],
  [['28'], 'refuses the user or the password.'],
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
