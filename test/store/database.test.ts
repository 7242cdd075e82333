import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { FOREVER } from '../../src/core/model/digest.ts';
import { StartError } from '../../src/core/model/errors.ts';
import { openDatabase } from '../../src/store/database.ts';
import { ANN, rep, schedule } from './fixtures.ts';
import { folderForEach } from './folder.ts';
import { MEMORY, openUrl } from './open.ts';

const at = folderForEach();

async function touch(url: string): Promise<void> {
  const db = openDatabase(url);
  await sql`create table t (a integer)`.execute(db);
  await db.destroy();
}

it('opens an absolute path, in both spellings', async () => {
  await touch(`file:${at('a.db')}`);
  await touch(pathToFileURL(at('with space.db')).href);
  expect([at('a.db'), at('with space.db')].map(existsSync)).toEqual([true, true]);
});

it('creates the folder of a relative path, for this user alone', async () => {
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(at());
  await touch('file:data/deep/docket.db');
  expect(existsSync(at('data/deep/docket.db'))).toBe(true);
  if (process.platform !== 'win32') expect(statSync(at('data')).mode & 0o077).toBe(0);
});

it.skipIf(process.platform === 'win32')(
  'keeps all three files to their owner, in a folder that others may enter, and those of an earlier start too',
  async () => {
    const before = process.umask(0o022);
    onTestFinished(() => void process.umask(before));
    const file = at('open', 'docket.db');
    mkdirSync(at('open'), { mode: 0o755 });
    const modes = () => ['', '-wal', '-shm'].map((end) => (statSync(file + end).mode & 0o777).toString(8));

    const db = openDatabase(`file:${file}`);
    await sql`create table t (a integer)`.execute(db);
    expect(modes()).toEqual(['600', '600', '600']);
    for (const end of ['', '-wal', '-shm']) chmodSync(file + end, 0o644);
    const another = openDatabase(`file:${file}`);
    expect(modes()).toEqual(['600', '600', '600']);

    await another.destroy();
    await db.destroy();
  },
);

const UNWRITABLE = 'cannot be opened for writing';

it.each<[string, (file: string) => void, string, below?: string]>([
  ['a text file', (file) => writeFileSync(file, 'not a database, '.repeat(100)), 'is not a SQLite database'],
  ['a folder', (file) => mkdirSync(file), UNWRITABLE],
  ['a file below a file', (file) => writeFileSync(file, ''), UNWRITABLE, 'deeper'],
])('says in one sentence what is wrong with %s', (_, make, sentence, below = '') => {
  make(at('docket.db'));

  const open = () => openDatabase(`file:${at('docket.db', below)}`);

  for (const said of [StartError, sentence, 'DATABASE_URL']) expect(open).toThrow(said);
});

it('leaves no file behind in memory', async () => {
  await touch(MEMORY);
  expect(existsSync(':memory:')).toBe(false);
});

it.each([
  'postgres://docket:hunter2@/docket',
  'postgres://docket:hunter2@db.example.com',
  'postgres://docket:hunter2@db.example.com:port/docket',
  'mysql://docket:hunter2@db.example.com/docket',
  'data/docket.db?hunter2',
  '',
  'file:',
  'file://hunter2/share/docket.db',
  'file:data/docket.db?mode=memory&key=hunter2',
])('refuses %j by naming the variable, and repeats nothing of it', (url) => {
  expect(() => openDatabase(url)).toThrow('DATABASE_URL');
  expect(() => openDatabase(url)).not.toThrow('hunter2');
});

it('keeps commits through a power cut, checks references, and never stands still for other processes', async () => {
  const db = openDatabase(`file:${at('a.db')}`);
  const pragma = async (name: string) => {
    const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(db);
    return Object.values(rows[0] ?? {})[0];
  };

  expect(await pragma('journal_mode')).toBe('wal');
  expect(await pragma('synchronous')).toBe(2);
  expect(await pragma('foreign_keys')).toBe(1);
  expect(await pragma('busy_timeout')).toBe(0);
  await db.destroy();
});

it('keeps the latest instant as an integer', async () => {
  const { db, store, close } = await openUrl(MEMORY);
  await store.reps.save(rep(ANN));
  await store.schedules.save(schedule(ANN, { nextDueAt: FOREVER }));
  const { rows } = await sql`select typeof(next_due_at) as type, next_due_at as value from schedules`.execute(db);

  expect(FOREVER).toBeLessThan(Number.MAX_SAFE_INTEGER);
  expect(rows).toEqual([{ type: 'integer', value: FOREVER }]);
  await close();
});
