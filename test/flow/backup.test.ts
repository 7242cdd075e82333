/** A copy that is taken while the app runs, and a day that goes on from it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { STEP_TASK, TASK_A } from './cast.ts';
import { type } from './press.ts';
import { actionsAt, patches, wordsOf } from './read.ts';
import { afterWindow, createThree, morningOfThree } from './start.ts';
import type { World } from './world.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Ended {
  code: number | null;
  out: string;
  error: string;
}

/** As `npm run backup -- FILE` runs it, without the `.env` of whoever tests. */
async function backup(databaseUrl: string, ...args: string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH, DATABASE_URL: databaseUrl };
  const child = spawn(process.execPath, ['src/backup.ts', ...args], { cwd: ROOT, env });
  const ended: Ended = { code: null, out: '', error: '' };
  child.stdout.on('data', (chunk) => {
    ended.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    ended.error += String(chunk);
  });
  const [code]: (number | null)[] = await once(child, 'close');
  return { ...ended, code: code ?? null };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'docket-backup-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What `docs/running.md` says: stop, put the copy in the place of all three files, start. */
async function restore(world: World, copy: string): Promise<void> {
  const path = world.config.databaseUrl.slice('file:'.length);
  await world.app.stop();
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
  copyFileSync(copy, path);
  await world.restart();
}

test('a restored copy goes on: old messages work, tokens open, and what was held is done exactly once', async () => {
  const { world, digest } = await morningOfThree();
  // Outreach cannot take this back, so it waits for the undo window: it is a job in the copy.
  await digest.press('Ines Calder', 'Done');
  const copy = join(folder(), 'copy.db');

  const { code, out, error } = await backup(world.config.databaseUrl, copy);

  expect({ code, error }).toEqual({ code: 0, error: '' });
  expect(out).toBe(`Wrote ${copy}: ${statSync(copy).size.toLocaleString('en-US')} bytes, checked.\n`);
  expect(actionsAt(world)).toEqual([]);
  await restore(world, copy);
  await afterWindow(world);
  expect(actionsAt(world)).toHaveLength(1);
  expect(world.outreach.task(STEP_TASK)?.state).toBe('complete');
  expect(digest.words()).toContain('Marked done in Outreach');

  await digest.press('Whitfield 001', 'Done');
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(digest.row('Whitfield 001').text).toContain('Marked done in Gong');
  expect((await type(world, '')).rows().some(({ text }) => text.includes('Bo Tanaka'))).toBe(true);
  await world.restart();
  await afterWindow(world);
  expect(actionsAt(world)).toHaveLength(1);
});

test('what was done after the copy was taken is found at the provider, and not done again', async () => {
  const { world, digest } = await morningOfThree({ env: { UNDO_WINDOW_SECONDS: '0' } });
  const copy = join(folder(), 'copy.db');
  expect(await backup(world.config.databaseUrl, copy)).toMatchObject({ code: 0 });
  await digest.press('Ines Calder', 'Done');
  await digest.press('Whitfield 001', 'Done');
  expect(actionsAt(world)).toHaveLength(1);
  expect(patches(world)).toHaveLength(1);

  await restore(world, copy);
  const list = await type(world, '');

  expect(wordsOf(list)).not.toContain('Ines Calder');
  expect(wordsOf(list)).not.toContain('Whitfield 001');
  // The digest still shows what the copy does not know of.
  await digest.press('Whitfield 001', 'Undo');
  await world.pass(60_000);
  expect(actionsAt(world)).toHaveLength(1);
  expect(patches(world)).toHaveLength(1);
});

test('a copy without its ENCRYPTION_KEY is of no use to whoever finds it: it does not even start', async () => {
  const world = await createThree();
  const copy = join(folder(), 'copy.db');
  await backup(world.config.databaseUrl, copy);

  Object.assign(world.config, { encryptionKeys: [Buffer.alloc(32, 9).toString('base64')] });

  await expect(restore(world, copy)).rejects.toThrow('ENCRYPTION_KEY opens none of 1 stored sign-ins');
});

test.each([
  ['no FILE', 'npm run backup -- FILE', () => []],
  ['two of them', 'npm run backup -- FILE', (at: string) => [join(at, 'a.db'), join(at, 'b.db')]],
  ['a folder that is not there', 'There is no folder', (at: string) => [join(at, 'no', 'a.db')]],
  ['no database', 'There is no database', (at: string) => [join(at, 'a.db')]],
])('%s: says so, fails, and makes nothing', async (_name, said, args) => {
  const at = folder();

  const { code, out, error } = await backup(`file:${join(at, 'docket.db')}`, ...args(at));

  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(error).toContain(said);
  expect(error.trim().split('\n')).toHaveLength(1);
  expect(existsSync(join(at, 'docket.db')) || existsSync(join(at, 'a.db'))).toBe(false);
});

test('a file that is no database, one that is there already, and an address that is none: said, and left alone', async () => {
  const at = folder();
  const other = join(at, 'notes.txt');
  writeFileSync(other, 'not a database');

  expect(await backup(`file:${other}`, join(at, 'a.db'))).toMatchObject({
    code: 1,
    error: expect.stringContaining('is not a SQLite database'),
  });
  expect(await backup(`file:${other}`, other)).toMatchObject({
    code: 1,
    error: expect.stringContaining('exists already'),
  });
  const server = await backup('postgres://docket:hunter2@db.example/docket', join(at, 'a.db'));
  expect(server).toMatchObject({ code: 1, error: expect.stringContaining('DATABASE_URL must be a file: address') });
  expect(server.error).not.toContain('hunter2');
  expect(existsSync(join(at, 'a.db'))).toBe(false);
});
