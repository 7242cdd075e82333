/**
 * Bundles the app and its commands into `dist`: one file loads in a third of the time of a thousand, and with 60 MB less.
 * `dist/LICENSES.txt` has the licences of what is in it; only `better-sqlite3` is still needed beside it. Does nothing
 * while `dist` is newer than what it is made of. Ends with 1, and says why, where the bundler is not installed and there
 * is no fresh bundle: `npm start` runs the sources then.
 */
import {
  existsSync,
  globSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import type { OutputChunk, Plugin } from 'rolldown';

const ROOT = resolve(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
/** Takes the place of `DIST` once it is whole. */
const NEXT = `${DIST}.${process.pid}`;
const MADE = 'made';
const ENTRIES = ['main', 'doctor', 'backup', 'report', 'forget', 'move'] as const;
const SOURCES = ['src/**/*.ts', 'blocks/**/*.ts', 'deploy/bundle.ts', 'package-lock.json'];
/** The folder of a module's package. */
const PACKAGE = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/;
/**
 * Bolt loads every receiver and Slack's library for installs, whichever is used. Docket uses neither of these receivers, and
 * only its own install page uses that library. Without them Bolt is 7 MB smaller.
 */
const FROM_BOLT = /\/@slack\/bolt\//;
const UNUSED = /(^|\/)(ExpressReceiver|AwsLambdaReceiver)(\.js)?$|^@slack\/oauth$/;
const NOTHING = '\0nothing';
const withoutUnused: Plugin = {
  name: 'without-unused',
  resolveId: {
    filter: { id: UNUSED },
    handler: (_, importer) => (importer && FROM_BOLT.test(importer) ? NOTHING : undefined),
  },
  load: { filter: { id: /^\0nothing$/ }, handler: () => ({ code: 'module.exports = {};', moduleType: 'js' }) },
};

if (!isFresh()) await bundle();

function isFresh(): boolean {
  const madeAt = statSync(join(DIST, MADE), { throwIfNoEntry: false })?.mtimeMs;
  if (madeAt === undefined) return false;
  return globSync(SOURCES, { cwd: ROOT }).every((file) => statSync(join(ROOT, file)).mtimeMs <= madeAt);
}

async function bundle(): Promise<void> {
  const bundler = await import('rolldown').catch(() => undefined);
  if (!bundler) return withoutBundler();
  // What is written to the sources meanwhile may not be in it.
  const begunAt = new Date();
  const build = await bundler.rolldown({
    cwd: ROOT,
    input: Object.fromEntries(ENTRIES.map((name) => [name, `src/${name}.ts`])),
    platform: 'node',
    // It is a binary.
    external: ['better-sqlite3'],
    plugins: [withoutUnused],
    logLevel: 'warn',
  });
  // Names stay, because the log shows them.
  const minify = { mangle: { keepNames: true }, compress: true };
  const { output } = await build.write({
    dir: NEXT,
    format: 'esm',
    minify,
    comments: { legal: true },
    entryFileNames: '[name].js',
    chunkFileNames: 'parts/[name]-[hash].js',
  });
  writeFileSync(join(NEXT, 'LICENSES.txt'), licencesOf(output.filter((file) => file.type === 'chunk')));
  writeFileSync(join(NEXT, MADE), '');
  utimesSync(join(NEXT, MADE), begunAt, begunAt);
  rmSync(DIST, { recursive: true, force: true });
  renameSync(NEXT, DIST);
}

/** Minified code has lost most of its notices, and a copy must carry them. */
function licencesOf(chunks: readonly OutputChunk[]): string {
  const folders = chunks.flatMap(({ moduleIds }) => moduleIds.map((id) => PACKAGE.exec(id)?.[0]));
  const texts = [...new Set(folders)].flatMap((folder) => {
    if (folder === undefined) return [];
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter((file) => /^licen[cs]e/i.test(file));
    const found = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
    const text = (found.length > 0 ? found : licencesIn(folder)).join('\n\n');
    return [`${name} ${version} (${license})\n\n${text}`];
  });
  return `${texts.sort().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** Some packages have it at the end of their README alone. */
function licencesIn(folder: string): string[] {
  const readme = readdirSync(folder).find((file) => /^readme/i.test(file));
  const text = readme && readFileSync(join(folder, readme), 'utf8');
  const [, licence] = (text && /^#+ *licen[cs]e *$(.*)/ims.exec(text)) || [];
  return licence ? [licence.trim()] : [];
}

function withoutBundler(): void {
  const isThere = existsSync(DIST);
  const what = isThere ? 'dist is older than the sources' : 'there is no dist';
  process.stderr.write(
    `The bundler is not installed, and ${what}. Docket runs from its sources: slower to start, and larger.\n`,
  );
  process.exit(1);
}
