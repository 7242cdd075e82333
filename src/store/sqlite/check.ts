/** Looks at the file, without opening or changing it. */
import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Finding } from '../../core/model/finding.ts';
import { MEMORY, pathOf } from './database.ts';
import { explainFile } from './start-problems.ts';

const ABOUT = 'DATABASE_URL';
/** The beginning of every SQLite file. */
const MAGIC = 'SQLite format 3\0';

export function checkFile(url: string): Finding[] {
  const path = pathOf(url);
  if (path === MEMORY)
    return [{ state: 'to do', about: ABOUT, text: 'is in memory: everything is lost at each stop.' }];
  try {
    return existsSync(path) ? checkExisting(path) : [checkFolder(path)];
  } catch (error) {
    const explained = explainFile(error, path);
    const text = explained instanceof Error ? explained.message : 'cannot be read.';
    return [{ state: 'to do', about: ABOUT, text }];
  }
}

function checkExisting(path: string): Finding[] {
  const { R_OK, W_OK } = constants;
  accessSync(path, R_OK | W_OK);
  // SQLite makes two more files beside it.
  accessSync(dirname(path), W_OK);
  const beginning = beginningOf(path);
  if (beginning !== '' && beginning !== MAGIC) {
    return [{ state: 'to do', about: ABOUT, text: `${path} is not a SQLite database.` }];
  }
  return [{ state: 'fine', about: ABOUT, text: `${path} can be written.` }, checkModes(path)];
}

/** The file is in the mode in which Docket leaves it, so that opening it changes nothing. */
export function isDockets(url: string): boolean {
  const path = pathOf(url);
  return existsSync(path) && beginningOf(path, WAL_AT + 1).charCodeAt(WAL_AT) === WAL;
}

/** Of the header: the version of the format that is read. */
const WAL_AT = 19;
const WAL = 2;

function beginningOf(path: string, length = MAGIC.length): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, length, 0));
  } finally {
    closeSync(file);
  }
}

/** It holds customers' names and notes. */
function checkModes(path: string): Finding {
  const files = [path, `${path}-wal`, `${path}-shm`].filter((file) => existsSync(file));
  const open = files.filter((file) => (statSync(file).mode & 0o077) !== 0);
  const about = 'Database files';
  if (open.length === 0) return { state: 'fine', about, text: 'only their owner may read them.' };
  return { state: 'to do', about, text: `others on this machine may read them: chmod 600 ${open.join(' ')}` };
}

function checkFolder(path: string): Finding {
  let folder = resolve(dirname(path));
  while (!existsSync(folder)) folder = dirname(folder);
  if (!statSync(folder).isDirectory()) {
    const text = `${path} cannot be made, because ${folder} is a file: name another place.`;
    return { state: 'to do', about: ABOUT, text };
  }
  accessSync(folder, constants.W_OK);
  return { state: 'fine', about: ABOUT, text: `${path} is not there yet; the first start makes it.` };
}
