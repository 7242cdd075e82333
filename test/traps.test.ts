/** The map from facts to tests goes stale with every test that is renamed; this reads it as data. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TRAPS } from './traps.ts';

/** Where each provider's errors stand in the contracts, and which statuses they name. */
const ERRORS: Readonly<Record<string, readonly number[]>> = {
  '1.5': [400, 401, 403, 404, 429, 500],
  '2.5': [400, 401, 403, 404, 415, 422, 429, 503],
  '3.5': [400, 401, 403, 404, 409],
  '3.6': [429],
};

/** As a title stands in a source: in any of the three quotes. */
function titlesOf(name: string): string[] {
  return ["'", '"', '`'].map((quote) => quote + name.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote);
}

function isTest(reference: string): boolean {
  const [file = '', name = ''] = reference.split(' › ');
  const path = `test/${file}`;
  if (name === '' || !existsSync(path)) return false;
  const source = readFileSync(path, 'utf8');
  return titlesOf(name).some((title) => source.includes(title));
}

test('every test that protects a fact exists', () => {
  expect(TRAPS.filter(({ test }) => !isTest(test))).toEqual([]);
});

test('every fact stands there once', () => {
  const facts = TRAPS.map(({ section, fact, test }) => `${section}: ${fact} (${test.split('/')[0]})`);
  expect(facts.filter((fact, index) => facts.indexOf(fact) !== index)).toEqual([]);
});

test.each(Object.entries(ERRORS))('every error of %s has its row', (section, statuses) => {
  const facts = TRAPS.filter((trap) => trap.section === section).map(({ fact }) => fact);

  const missing = statuses.filter((status) => !facts.some((fact) => fact.startsWith(String(status))));

  expect(missing).toEqual([]);
});

test('a test that is not there is noticed', () => {
  expect(isTest('providers/gong/gong.test.ts › to change only what changes')).toBe(true);
  expect(isTest('providers/gong/gong.test.ts › to change what does not change')).toBe(false);
  expect(isTest('providers/gong/gong.test.ts')).toBe(false);
  expect(isTest('providers/gone.test.ts › to change only what changes')).toBe(false);
});
