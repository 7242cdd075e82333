/** The log's lines stand in the document that operators read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../source-files.ts';
import { logTable } from './log-lines.ts';

const document = readFileSync(join(ROOT, 'docs/running.md'), 'utf8');

test('docs/running.md lists every line with its levels and fields, and no other', () => {
  const [, table = ''] = document.split('### Every line\n');
  const [, ...rows] = table.split('\n').filter((line) => line.startsWith('| '));

  expect(rows.toSorted()).toEqual(logTable().toSorted());
});

test('docs/running.md says what every field holds', () => {
  const [, fields = ''] = document.split('### Fields\n');
  const known = [...(fields.split('###')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name);
  const used = new Set(logTable().flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name)));

  expect([...used].filter((name) => !known.includes(name)).sort()).toEqual([]);
});
