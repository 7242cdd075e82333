/**
 * Bundles the app and its commands into `dist`: one file loads in a third of the time of a thousand, and with 60 MB less.
 * Does nothing while `dist` is newer than what it is made of. Ends with 1, and says why, where the bundler is not
 * installed and there is no bundle: `npm start` runs the sources then.
 */
import { existsSync, globSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
/** Written last, so that half a bundle is made again. */
const MADE = join(DIST, 'made');
const ENTRIES = ['main', 'doctor', 'backup', 'report', 'forget'] as const;
const SOURCES = ['src/**/*.ts', 'blocks/**/*.ts', 'deploy/bundle.ts', 'package-lock.json'];

if (!isFresh()) await bundle();

function isFresh(): boolean {
  if (!existsSync(MADE)) return false;
  const madeAt = statSync(MADE).mtimeMs;
  return globSync(SOURCES, { cwd: ROOT }).every((file) => statSync(join(ROOT, file)).mtimeMs <= madeAt);
}

async function bundle(): Promise<void> {
  const bundler = await import('rolldown').catch(() => undefined);
  if (!bundler) return withoutBundler();
  // An old chunk may not stay beside new ones.
  rmSync(DIST, { recursive: true, force: true });
  const build = await bundler.rolldown({
    cwd: ROOT,
    input: Object.fromEntries(ENTRIES.map((name) => [name, `src/${name}.ts`])),
    platform: 'node',
    // It is a binary.
    external: ['better-sqlite3'],
    logLevel: 'warn',
  });
  // Names stay, because the log shows them.
  const minify = { mangle: { keepNames: true }, compress: true };
  await build.write({
    dir: DIST,
    format: 'esm',
    minify,
    entryFileNames: '[name].js',
    chunkFileNames: 'parts/[name]-[hash].js',
  });
  writeFileSync(MADE, '');
}

function withoutBundler(): void {
  const isThere = existsSync(MADE);
  const what = isThere ? 'dist is older than the sources' : 'there is no dist';
  process.stderr.write(
    `The bundler is not installed, and ${what}. Docket runs from its sources: slower to start, and larger.\n`,
  );
  process.exit(1);
}
