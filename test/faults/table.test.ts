/** The table in the documents is the one in the code, and it holds whatever was asked of it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { between, faultsInMarkdown, FAULTS as HEAD, MISSING } from './report.ts';
import { CELLS, FAULTS, LISTED } from './table.ts';
import { NAMES, type Provider, VERBS } from './verbs.ts';

const PROVIDERS = Object.keys(NAMES) as Provider[];

test('docs/reliability.md has exactly the cells of the table in the code, each with a result', () => {
  const written = between(readFileSync('docs/reliability.md', 'utf8'), 'faults');

  expect(outline(written)).toEqual(outline(faultsInMarkdown([])));
  expect(written).not.toContain(MISSING);
});

/** The lines of its tables: names of columns and rows, and where there is a cell. */
function outline(markdown: string): string[][] {
  const lines = markdown.split('\n').filter((line) => line.startsWith('| '));
  return lines.map((line) => {
    const [name = '', ...cells] = line.slice(2, -2).split(' | ');
    return name === HEAD ? cells : [name, ...cells.map((cell) => (cell === '–' ? cell : 'a cell'))];
  });
}

test.each(LISTED)('%s strikes every verb of every provider, at the change', (listed) => {
  const cells = CELLS.filter(({ fault, at }) => fault.listed === listed && at === 'change');

  const struck = new Set(cells.map(({ verb }) => verb));

  expect([...struck]).toEqual(VERBS);
});

test.each(PROVIDERS)('%s has the four verbs, and Undo of a snooze', (provider) => {
  const names = VERBS.filter((verb) => verb.provider === provider).map(({ name }) => name);

  expect(names).toEqual(expect.arrayContaining(['done', 'dismiss', 'snooze', 'reschedule', 'Undo of snooze']));
});

test('429 comes in each form that a header may have, and in none', () => {
  const forms = FAULTS.filter(({ listed }) => listed === '429').map(
    ({ header }) => header && [header.name, header.form],
  );

  expect(forms).toEqual([
    ['Retry-After', 'seconds'],
    ['Retry-After', 'http date'],
    ['Retry-After', 'epoch'],
    ['Retry-After', 'iso date'],
    ['X-RateLimit-Reset', 'epoch'],
    undefined,
  ]);
});

test('no two cells have one place in the table', () => {
  const places = CELLS.map(({ row, column }) => `${row}, ${column}`);

  expect(new Set(places).size).toBe(CELLS.length);
});
