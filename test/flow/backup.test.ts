/** A copy that is taken while the app runs, and a day that goes on from it. */
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { STEP_TASK, TASK_A } from './cast.ts';
import { type } from './press.ts';
import { run } from './process.ts';
import { actionsAt, patches } from './read.ts';
import { afterWindow, createThree, morningOfThree } from './start.ts';
import type { World } from './world.ts';

/** As `npm run backup -- FILE` runs it. */
const backup = (databaseUrl: string, ...args: string[]) => run('src/backup.ts', args, { DATABASE_URL: databaseUrl });

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
  expect(digest.controls('Whitfield 001')).toEqual(['Undo']);
  expect((await type(world, '')).controls('Bo Tanaka')).toContain('Done');
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
  const sent = () => [actionsAt(world).length, patches(world).length];
  expect(sent()).toEqual([1, 1]);

  await restore(world, copy);

  // The digest still shows what the copy does not know of.
  await digest.press('Whitfield 001', 'Undo');
  await world.pass(60_000);
  expect(sent()).toEqual([1, 1]);
  expect((await type(world, '')).words()).not.toMatch(/Ines Calder|Whitfield 001/);
  // With that, the digest is true again as well.
  await world.pass(15_000);
  expect(digest.words()).toContain('2 of 5 cleared');
});

test('a copy without its ENCRYPTION_KEY is of no use to whoever finds it: it does not even start', async () => {
  const world = await createThree();
  const copy = join(folder(), 'copy.db');
  await backup(world.config.databaseUrl, copy);

  Object.assign(world.config, { encryptionKeys: [Buffer.alloc(32, 9).toString('base64')] });

  await expect(restore(world, copy)).rejects.toThrow('ENCRYPTION_KEY opens none of 1 stored sign-ins');
});

test.each<[string, string, string, readonly string[]]>([
  ['no FILE', 'npm run backup -- FILE', 'docket.db', []],
  ['two of them', 'npm run backup -- FILE', 'docket.db', ['a.db', 'b.db']],
  ['a folder that is not there', 'There is no folder', 'docket.db', ['no/a.db']],
  ['no database', 'There is no database', 'docket.db', ['a.db']],
  ['a file that is no database', 'is not a SQLite database', 'notes.txt', ['a.db']],
  ['one that is there already', 'exists already', 'notes.txt', ['notes.txt']],
])('%s: says so, fails, and makes nothing', async (_name, said, database, args) => {
  const at = folder();
  writeFileSync(join(at, 'notes.txt'), 'not a database');

  const { code, out, error } = await backup(`file:${join(at, database)}`, ...args.map((file) => join(at, file)));

  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(error).toContain(said);
  expect(error.trim().split('\n')).toHaveLength(1);
  for (const file of ['docket.db', 'a.db']) expect(existsSync(join(at, file))).toBe(false);
});

test('an address that is no file is refused without telling what it holds', async () => {
  const { code, error } = await backup('mysql://docket:hunter2@db.example/docket', join(folder(), 'a.db'));

  expect(code).toBe(1);
  expect(error).toContain('DATABASE_URL must be a file: address');
  expect(error).not.toContain('hunter2');
});
