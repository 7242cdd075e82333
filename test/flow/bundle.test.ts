/** `deploy/bundle.ts`: when it makes a bundle, and what is in it. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../source-files.ts';
import { run } from './process.ts';

/** A checkout of its own, with the packages of this one. */
function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'docket-bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const path of ['src', 'blocks', 'deploy', 'package.json', 'package-lock.json', 'tsconfig.json']) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

const bundle = (folder: string) => run(join(folder, 'deploy/bundle.ts'), [], {});
const madeIn = (folder: string) => statSync(join(folder, 'dist/main.js')).ino;

test('a bundle is made once, and again when a source has changed; what an older one had is gone', async () => {
  const folder = checkout();
  expect(await bundle(folder)).toEqual({ code: 0, out: '', error: '' });
  const first = madeIn(folder);
  await bundle(folder);
  expect(madeIn(folder)).toBe(first);

  cpSync(join(folder, 'dist/main.js'), join(folder, 'dist/old.js'));
  const later = new Date(Date.now() + 1_000);
  utimesSync(join(folder, 'blocks/words.ts'), later, later);
  await bundle(folder);

  expect(madeIn(folder)).not.toBe(first);
  expect(existsSync(join(folder, 'dist/old.js'))).toBe(false);
});

test('it carries the licence of each package that is in it', async () => {
  const folder = checkout();
  await bundle(folder);

  const notices = readFileSync(join(folder, 'dist/LICENSES.txt'), 'utf8').split(/\n\n-{80}\n\n/);

  expect(notices.map((notice) => notice.split(' ')[0])).toEqual(
    expect.arrayContaining(['@slack/bolt', '@slack/web-api', 'kysely', 'pino', 'temporal-polyfill', 'undici', 'zod']),
  );
  expect(notices.filter((notice) => !/copyright|permission|licen[cs]e/i.test(notice.slice(60)))).toEqual([]);
});

test('without a bundler it says so and fails, and a bundle that is too old is not taken for a new one', async () => {
  const folder = checkout();
  rmSync(join(folder, 'node_modules'));
  // A folder above may have one.
  mkdirSync(join(folder, 'node_modules/rolldown'), { recursive: true });
  expect(await bundle(folder)).toMatchObject({ code: 1, error: expect.stringContaining('there is no dist') });

  mkdirSync(join(folder, 'dist'));
  const made = await bundle(folder);

  expect(made).toMatchObject({ code: 1, error: expect.stringContaining('dist is older than the sources') });
});
