/** The tables in the documents are those in the code, and they hold whatever was asked of them. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { STORIES } from './kinds/table.ts';
import { DOCUMENTS, HEAD, MISSING, pathOf } from './report.ts';
import { CELLS, FAULTS, LISTED } from './table.ts';
import { NAMES, type Provider, VERBS } from './verbs.ts';

const PROVIDERS = Object.keys(NAMES) as Provider[];

test.each(['faults', 'kinds'] as const)(
  'docs/results has exactly the cells of the %s in the code, each with a result',
  (matrix) => {
    const written = readFileSync(pathOf(matrix), 'utf8');

    expect(outline(written)).toEqual(outline(DOCUMENTS[matrix]([])));
    expect(written).not.toContain(MISSING);
  },
);

test('what docs/results says of the kinds is what their stories must come to', () => {
  const results = STORIES.map(({ row, column, comes }) => ({ matrix: 'kinds' as const, row, column, came: comes }));

  expect(readFileSync(pathOf('kinds'), 'utf8')).toBe(DOCUMENTS.kinds(results));
});

test.each(['faults', 'kinds', 'crashes', 'survivors'] as const)(
  'docs/reliability.md counts the %s as their results do',
  (matrix) => {
    const [, count] = /^([\d,]+) cells/m.exec(readFileSync(pathOf(matrix), 'utf8')) ?? [];

    expect(readFileSync('docs/reliability.md', 'utf8')).toContain(`| [${matrix}](results/${matrix}.md) | ${count} |`);
  },
);

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

test.each([
  ['faults', CELLS],
  ['kinds', STORIES],
] as const)('no two cells of the %s have one place in the table', (_matrix, cells) => {
  const places = cells.map(({ row, column }) => `${row}, ${column}`);

  expect(new Set(places).size).toBe(cells.length);
});
