/**
 * `npm run faults`: every cell of the fault matrix and of the crash matrix, their results as tables on the terminal and in
 * `docs/reliability.md`. Fails when a cell failed, or left no result.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Result } from '../matrix/cells.ts';
import {
  crashesInMarkdown,
  crashTables,
  faultsInMarkdown,
  faultTables,
  MISSING,
  replaced,
  type Table,
  toText,
} from './report.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCUMENT = join(ROOT, 'docs/reliability.md');

/** The test beside the first three compares the document with the table, and this run is about to write it. */
const FILES = {
  faults: ['test/faults/gong', 'test/faults/outreach', 'test/faults/reply'],
  crashes: ['test/crash'],
} as const;
/** `npm run faults -- crashes`: one of the two alone. */
const WANTED = (['faults', 'crashes'] as const).filter(
  (matrix) => process.argv.length < 3 || process.argv.includes(matrix),
);

const startedAt = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'docket-faults-'));
try {
  const notes = join(folder, 'notes.jsonl');
  const outcome = join(folder, 'outcome.json');
  writeFileSync(notes, '');
  await run(notes, outcome);
  process.exitCode = report(resultsIn(notes), JSON.parse(readFileSync(outcome, 'utf8')));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Its own exit code says no more than its outcome does. */
function run(notes: string, outcome: string): Promise<void> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${outcome}`];
  const child = spawn(process.execPath, [vitest, 'run', ...WANTED.flatMap((matrix) => FILES[matrix]), ...reporters], {
    cwd: ROOT,
    env: { ...process.env, MATRIX: 'all', MATRIX_FILE: notes },
    stdio: 'inherit',
  });
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
  const faults = WANTED.includes('faults') ? faultTables(results) : [];
  const crashes = WANTED.includes('crashes') ? crashTables(results) : [];
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  say([...faults, ...crashes].map(toText).join('\n\n'));

  const crashTests = outcome.testResults
    .filter(({ name }) => name.includes('/test/crash/'))
    .reduce((sum, { assertionResults }) => sum + assertionResults.length, 0);
  const crashNotes = results.filter(({ matrix }) => matrix === 'crashes').length;
  const missing = countOf(faults, MISSING) + Math.max(0, crashTests - crashNotes);
  if (missing === 0) write(results);

  const { numFailedTests } = outcome;
  const faultNotes = results.filter(({ matrix }) => matrix === 'faults').length;
  say(`${faultNotes} cells with faults, ${crashNotes} with crashes, in ${seconds} s.`);
  if (missing > 0) say(`${missing} left no result, so docs/reliability.md stays as it is.`);
  say(numFailedTests > 0 || !outcome.success ? `${numFailedTests} failed.` : 'None failed.');
  return outcome.success && missing === 0 ? 0 : 1;
}

function countOf(tables: readonly Table[], word: string): number {
  return tables.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.filter((cell) => cell === word))).length;
}

function write(results: readonly Result[]): void {
  let document = readFileSync(DOCUMENT, 'utf8');
  if (WANTED.includes('faults')) document = replaced(document, 'faults', faultsInMarkdown(results));
  if (WANTED.includes('crashes')) document = replaced(document, 'crashes', crashesInMarkdown(results));
  writeFileSync(DOCUMENT, document);
}

function say(text: string): void {
  process.stdout.write(`${text}\n\n`);
}
