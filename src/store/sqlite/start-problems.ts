/** Explains errors of the file to the operator in one sentence. */
import { StartError } from '../../core/model/errors.ts';
import { newerVersion } from '../newer-version.ts';

/** Other errors are returned unchanged. */
export function explainFile(error: unknown, path: string): unknown {
  if (error instanceof StartError) return error;
  const problem = problemOf(codeOf(error), path) ?? newerVersion(error, `The database at ${path} (DATABASE_URL)`);
  return problem === undefined ? error : new StartError(problem, { cause: error });
}

/** The code of SQLite or the file system, from the chain of causes. */
function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return '';
}

function problemOf(code: string, path: string): string | undefined {
  if (code === 'SQLITE_NOTADB') return `${path} (DATABASE_URL) is not a SQLite database. Nothing in it was changed.`;
  if (code.startsWith('SQLITE_CORRUPT')) {
    return `The database at ${path} (DATABASE_URL) is damaged. Restore the last backup: docs/running.md says how.`;
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return `The database at ${path} (DATABASE_URL) stays locked by another process. Stop that one, or wait for it, and start again.`;
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return `The disk that holds ${path} (DATABASE_URL) is full.`;
  const refused = ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_PERM', 'SQLITE_IOERR', 'EACCES', 'EPERM', 'EROFS'];
  const wrong = ['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOENT'];
  if (![...refused, ...wrong].some((prefix) => code.startsWith(prefix))) return undefined;
  return `The database at ${path} (DATABASE_URL) cannot be opened for writing (${code}). It must be a file on a local disk that this user owns.`;
}
