import { expect, it, test } from 'vitest';
import { move } from '../../src/move/move.ts';
import { readWish } from '../../src/move/places.ts';
import { folderForEach } from '../store/folder.ts';
import { openUrl } from '../store/open.ts';

const at = folderForEach();
const SERVER = 'postgres://docket:hunter2@127.0.0.1:1/docket';

/** Why the command does not even begin. */
function refusal(...args: string[]): string {
  try {
    readWish(args);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'nothing was refused';
}

it.each([
  ['nothing at all', 'Say from where and to where', []],
  ['no --to', 'Say from where and to where', ['--from', SERVER]],
  ['an option that is none', 'Say from where and to where', ['--from', 'file:a.db', '--to', SERVER, '--force']],
  [
    'another kind of server',
    '--to must be a file: or postgres:',
    ['--from', 'file:a.db', '--to', 'mysql://a:hunter2@b/c'],
  ],
  [
    'a server without a database',
    '--to must be',
    ['--from', 'file:a.db', '--to', 'postgres://docket:hunter2@db.example'],
  ],
  ['a path without file:', '--from must be', ['--from', 'data/docket.db', '--to', SERVER]],
  ['a database in memory', '--to must be', ['--from', SERVER, '--to', 'file::memory:']],
  ['two files', 'npm run backup', ['--from', 'file:a.db', '--to', 'file:b.db']],
  ['two servers', 'pg_dump', ['--from', SERVER, '--to', SERVER]],
])('%s is refused with what to do, and without a password', (_name, said, args) => {
  expect(refusal(...args)).toContain(said);
  expect(refusal(...args)).not.toContain('hunter2');
});

test('what cannot be opened is named by its option, and without a password', async () => {
  const url = `file:${at('docket.db')}`;
  const wish = () => readWish(['--from', url, '--to', SERVER]);

  await expect(move(wish(), () => undefined)).rejects.toThrow(`There is no database at ${at('docket.db')} (--from).`);
  await (await openUrl(url)).close();
  await expect(move(wish(), () => undefined)).rejects.toThrow(
    /^The PostgreSQL database 127\.0\.0\.1:1\/docket \(--to\) cannot be reached/,
  );
});
