/** Prose about files and commands goes stale; this reads it as data. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { citable, documentPaths } from './citations.ts';

const DOCS = documentPaths();

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

test.each(DOCS)('every file that %s names exists', (path) => {
  const text = read(path);
  const named = [...text.matchAll(/`((?:src|blocks|test|sandbox|docs|bench)(?:\/[\w.-]+)*)`/g)].map(
    ([, name]) => name ?? '',
  );
  const linked = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, name = '']) => join(dirname(path), name));

  const missing = [...named, ...linked].filter((name) => !existsSync(name));

  expect(missing).toEqual([]);
});

test('every npm script that the documents name exists', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = DOCS.flatMap((path) => [
    ...read(path).matchAll(/`?npm (?:run )?(start|test|demo|format|[a-z]+:[a-z]+)\b/g),
  ]);

  const missing = named.map(([, script]) => script ?? '').filter((script) => !(script in scripts));

  expect(missing).toEqual([]);
  expect(named.length).toBeGreaterThan(5);
});

test('CI runs the test command of the README, and then the page in a browser', () => {
  const [, command] = /Run the tests[^`]*```sh\n(.+)\n```/.exec(read('README.md')) ?? [];

  const lines = read('.ci/run').trim().split('\n');
  expect(lines.filter((line) => line.startsWith('npm '))).toEqual([command, 'npm run browser']);
  expect(lines.at(-1)).toBe('npm run browser');
});

test('npm test runs what CONTRIBUTING.md says, in that order', () => {
  const [, said = ''] = /`npm ci && npm test` must pass: ([^.]+)\./.exec(read('CONTRIBUTING.md')) ?? [];

  expect(JSON.parse(read('package.json')).scripts.test).toBe(said.replaceAll('`', '').replaceAll(', ', ' && '));
});

test('ARCHITECTURE.md stays a page that one reads', () => {
  expect(read('ARCHITECTURE.md').split('\n').length).toBeLessThanOrEqual(150);
});

test('ARCHITECTURE.md numbers its invariants from 1 on, and names a test for each', () => {
  const rows = [...citable()].filter(([key]) => key.startsWith('invariant '));

  expect(rows.map(([key]) => key)).toEqual(rows.map((_, index) => `invariant ${index + 1}`));
  expect(rows.filter(([, row]) => !row.includes('`test/'))).toEqual([]);
  expect(rows).not.toEqual([]);
});

test('the start of a provider in CONTRIBUTING.md is that of the small provider', () => {
  const [, sample = ''] =
    /This is all there is to a provider:\n\n```ts\n([^`]+)```/.exec(read('CONTRIBUTING.md')) ?? [];
  const lines = (text: string) => text.split('\n').map((line) => line.replace(/\/\/.*/, '').trim());

  expect(sample).not.toBe('');
  expect(lines(read('test/providers/toy/toy.ts')).join('\n')).toContain(lines(sample).join('\n').trim());
});
