import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { BackupError, backUp } from '../../src/store/sqlite/backup.ts';
import { ANN, grant, rep, schedule } from './fixtures.ts';
import { folderForEach } from './folder.ts';
import { openUrl } from './open.ts';

const DATABASE = new URL('../../src/store/database.ts', import.meta.url).href;

/** Writes pairs, each in one transaction, until it is killed. */
const WRITER = `
  import { sql } from 'kysely';
  const { openDatabase } = await import(${JSON.stringify(DATABASE)});
  const db = openDatabase(process.env.URL);
  process.stdout.write('ready');
  for (;;) {
    await db.transaction().execute(async (tx) => {
      await sql\`insert into lefts (filler) values (randomblob(2000))\`.execute(tx);
      await sql\`insert into rights (filler) values (randomblob(2000))\`.execute(tx);
    });
  }`;

const at = folderForEach();
const from = () => at('docket.db');
const to = () => at('copy.db');
const url = () => `file:${from()}`;
const files = () => readdirSync(at()).filter((name) => !/-(wal|shm)$/.test(name));

async function pairs() {
  const db = openDatabase(url());
  onTestFinished(() => db.destroy());
  for (const name of ['lefts', 'rights']) {
    await sql`create table ${sql.table(name)} (id integer primary key, filler blob)`.execute(db);
  }
  return db;
}

async function startWriter(): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER], {
    env: { ...process.env, URL: url() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await once(child.stdout, 'data');
}

function count(path: string, table: string): number {
  const copy = new Database(path, { readonly: true });
  try {
    return Number(copy.prepare(`select count(*) from ${table}`).pluck().get());
  } finally {
    copy.close();
  }
}

it('a backup copies everything into one file, for this user alone', async () => {
  const { store, close } = await openUrl(url());
  await store.reps.save(rep(ANN));
  await store.schedules.save(schedule(ANN));
  await store.connections.save({ ...ANN, provider: 'outreach', grant: grant(), at: 1_000 });

  const { path, bytes } = backUp(url(), to());

  expect(path).toBe(to());
  expect(bytes).toBe(statSync(to()).size);
  expect(files().sort()).toEqual(['copy.db', 'docket.db']);
  if (process.platform !== 'win32') expect(statSync(to()).mode & 0o777).toBe(0o600);
  await close();
  const copy = await openUrl(`file:${to()}`);
  expect(await copy.store.reps.find(ANN)).toEqual(rep(ANN));
  expect(await copy.store.schedules.find(ANN)).toEqual(schedule(ANN));
  // Sealed in the copy, and opened by the same key.
  expect(readFileSync(to()).includes(grant().refreshToken)).toBe(false);
  expect(await copy.store.connections.find(ANN, 'outreach')).toMatchObject({ grant: grant() });
  await copy.close();
});

it('a backup is consistent, and complete up to its start, while two processes write without a pause', async () => {
  const db = await pairs();
  await Promise.all([startWriter(), startWriter()]);
  let last = 0;

  for (let round = 0; round < 8; round += 1) {
    await expect.poll(() => count(from(), 'lefts'), { timeout: 10_000, interval: 10 }).toBeGreaterThan(last);
    const before = count(from(), 'lefts');
    const file = at(`copy-${round}.db`);
    backUp(url(), file);
    const copied = count(file, 'lefts');
    expect(count(file, 'rights')).toBe(copied);
    expect(copied).toBeGreaterThanOrEqual(before);
    last = copied;
  }

  // They wrote while the last copy was made, or right after it: none of them was stopped.
  await expect.poll(() => count(from(), 'lefts'), { timeout: 10_000 }).toBeGreaterThan(last);
  await db.destroy();
});

it('a backup neither waits for a transaction that is open nor copies half of it', async () => {
  const db = await pairs();
  const before = performance.now();
  await db.transaction().execute(async (tx) => {
    await sql`insert into lefts (filler) values ('a')`.execute(tx);
    backUp(url(), to());
    await sql`insert into rights (filler) values ('a')`.execute(tx);
  });

  expect(performance.now() - before).toBeLessThan(2_000);
  expect([count(to(), 'lefts'), count(to(), 'rights')]).toEqual([0, 0]);
  expect([count(from(), 'lefts'), count(from(), 'rights')]).toEqual([1, 1]);
});

it('a backup leaves out what was deleted', async () => {
  const db = await pairs();
  await sql`insert into lefts (filler) values ('a name that was forgotten')`.execute(db);
  await sql`delete from lefts`.execute(db);

  backUp(url(), to());

  expect(readFileSync(to()).includes('a name that was forgotten')).toBe(false);
});

it('a backup never writes over a file, finished or not', async () => {
  await pairs();
  writeFileSync(to(), 'yesterday');
  expect(() => backUp(url(), to())).toThrow('exists already');
  expect(readFileSync(to(), 'utf8')).toBe('yesterday');

  const other = at('other.db');
  writeFileSync(`${other}.part`, 'someone is at it');
  expect(() => backUp(url(), other)).toThrow('another backup is writing it');
  expect(readFileSync(`${other}.part`, 'utf8')).toBe('someone is at it');
  expect(existsSync(other)).toBe(false);
});

it.each([
  ['no database', 'There is no database', () => {}],
  ['a folder in its place', 'There is no database', () => mkdirSync(from())],
  ['an empty file', 'is empty', () => writeFileSync(from(), '')],
  ['a file that is no database', 'is not a SQLite database', () => writeFileSync(from(), 'hello '.repeat(1_000))],
])('a backup refuses %s, and leaves everything as it was', (_name, said, arrange) => {
  arrange();
  const before = readdirSync(at());

  expect(() => backUp(url(), to())).toThrow(BackupError);
  expect(() => backUp(url(), to())).toThrow(said);

  expect(readdirSync(at())).toEqual(before);
});

it('a backup refuses a folder that is not there, and a database in memory', async () => {
  await pairs();
  expect(() => backUp(url(), at('no', 'copy.db'))).toThrow('There is no folder');
  expect(() => backUp('file::memory:', to())).toThrow('in memory');
  expect(files()).toEqual(['docket.db']);
});

it('a backup makes no copy of a damaged database', async () => {
  const db = await pairs();
  for (let row = 0; row < 50; row += 1) await sql`insert into lefts (filler) values (randomblob(3000))`.execute(db);
  await db.destroy();
  const bytes = readFileSync(from());
  bytes.fill(0xff, 4_096, bytes.length - 8_192);
  writeFileSync(from(), bytes);

  expect(() => backUp(url(), to())).toThrow('is damaged');

  expect(files()).toEqual(['docket.db']);
});
