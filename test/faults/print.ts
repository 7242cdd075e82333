/**
 * `npm run faults`: every cell of the three matrices (faults, kinds, crashes), their results as tables on the terminal and
 * in `docs/results`. Fails when a cell failed, or left no result. `npm run faults -- survivors`: the one that needs PostgreSQL.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Result } from '../matrix/cells.ts';
import { crashTables, DOCUMENTS, faultTables, kindTables, MISSING, pathOf, type Table, toText } from './report.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** `table.test.ts` beside them compares the documents with the tables, and this run is about to write them. */
const FILES = {
  faults: ['test/faults/gong', 'test/faults/outreach', 'test/faults/reply'],
  kinds: ['test/faults/kinds/'],
  crashes: ['test/crash'],
  survivors: ['test/machines'],
} as const;
const TABLES = {
  faults: faultTables,
  kinds: kindTables,
  crashes: crashTables,
  survivors: (results: readonly Result[]) => crashTables(results, 'survivors'),
} as const;
/** `npm run faults -- kinds`: one alone. */
const WANTED = (['faults', 'kinds', 'crashes', 'survivors'] as const).filter((matrix) =>
  process.argv.length < 3 ? matrix !== 'survivors' : process.argv.includes(matrix),
);

/** A usual server has a hundred sessions. What belongs to three processes has up to twenty. */
const AT_ONCE = WANTED.includes('survivors') ? ['--maxWorkers=3'] : [];

const startedAt = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'docket-faults-'));
try {
  const notes = join(folder, 'notes.jsonl');
  const outcome = join(folder, 'outcome.json');
  writeFileSync(notes, '');
  // Three files at once would make it three times.
  if (WANTED.includes('survivors')) execFileSync(process.execPath, ['deploy/bundle.ts'], { cwd: ROOT });
  await run(notes, outcome);
  process.exitCode = report(resultsIn(notes), JSON.parse(readFileSync(outcome, 'utf8')));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Its own exit code says no more than its outcome does. */
function run(notes: string, outcome: string): Promise<void> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${outcome}`];
  const child = spawn(
    process.execPath,
    [vitest, 'run', ...WANTED.flatMap((matrix) => FILES[matrix]), ...reporters, ...AT_ONCE],
    {
      cwd: ROOT,
      env: { ...process.env, MATRIX: 'all', MATRIX_FILE: notes },
      stdio: 'inherit',
    },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}

function resultsIn(notes: string): Result[] {
  const lines = readFileSync(notes, 'utf8').split('\n').filter(Boolean);
  return lines.map((line): Result => JSON.parse(line));
}

interface Outcome {
  success: boolean;
  numTotalTests: number;
  numFailedTests: number;
  testResults: { name: string; assertionResults: unknown[] }[];
}

/** Returns the exit code. */
function report(results: Result[], outcome: Outcome): 0 | 1 {
  const tables = WANTED.flatMap((matrix) => TABLES[matrix](results));
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  say(tables.map(toText).join('\n\n'));

  const noted = (matrix: Result['matrix']) => results.filter((result) => result.matrix === matrix).length;
  // These are listed nowhere but in their tests.
  const listless = [
    ['crashes', '/test/crash/'],
    ['survivors', '/test/machines/'],
  ] as const;
  const untold = listless.map(([matrix, folder]) => {
    const tests = outcome.testResults.filter(({ name }) => name.includes(folder));
    return Math.max(0, tests.reduce((sum, { assertionResults }) => sum + assertionResults.length, 0) - noted(matrix));
  });
  const missing = countOf(tables, MISSING) + untold.reduce((sum, tests) => sum + tests, 0);
  if (missing === 0) write(results);

  const { numFailedTests } = outcome;
  say(`${WANTED.map((matrix) => `${noted(matrix)} cells of ${matrix}`).join(', ')}, in ${seconds} s.`);
  if (missing > 0) say(`${missing} left no result, so docs/results stays as it is.`);
  say(numFailedTests > 0 || !outcome.success ? `${numFailedTests} failed.` : 'None failed.');
  return outcome.success && missing === 0 ? 0 : 1;
}

function countOf(tables: readonly Table[], word: string): number {
  return tables.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.filter((cell) => cell === word))).length;
}

function write(results: readonly Result[]): void {
  for (const matrix of WANTED) writeFileSync(join(ROOT, pathOf(matrix)), DOCUMENTS[matrix](results));
}

function say(text: string): void {
  process.stdout.write(`${text}\n\n`);
}
