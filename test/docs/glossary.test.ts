/** The glossary and the code use the same words. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, sourceFiles } from '../source-files.ts';

interface Word {
  word: string;
  where: string;
}

const WORDS: Word[] = readFileSync(join(ROOT, 'docs/glossary.md'), 'utf8')
  .split('\n')
  .slice(6)
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split(' | '))
  .map(([word = '', , where = '']) => ({ word: word.replace('| ', ''), where }));

const MODEL = sourceFiles('src/core/model')
  .map(({ text }) => text)
  .join('\n');

function declares(text: string, name: string): boolean {
  return new RegExp(`^(?:export (?:interface|type|class|function|const) ${name}\\b|\\s+${name}:)`, 'm').test(text);
}

test('the words of the house are all there, once', () => {
  const words = WORDS.map(({ word }) => word);

  expect(new Set(words).size).toBe(words.length);
  expect(words).toEqual(
    expect.arrayContaining([
      'task',
      'rep',
      'provider',
      'link',
      'verb',
      'action',
      'digest',
      'run',
      'row',
      'job',
      'click',
    ]),
  );
});

test.each(WORDS)('$word: what the glossary names is declared where it says', ({ where }) => {
  const named = [...where.matchAll(/`(\w+)` in `([^`]+)`/g)];

  const missing = named.filter(([, name = '', path = '']) => !declares(readFileSync(join(ROOT, path), 'utf8'), name));

  expect(missing.map(([text]) => text)).toEqual([]);
});

test.each(WORDS)(
  '$word: a type of the model that has its name is the one that the glossary names',
  ({ word, where }) => {
    const name = word.replaceAll(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase());

    if (declares(MODEL, name)) expect(where).toMatch(new RegExp(`\`${name}\` in \`src/core/model/`));
  },
);
