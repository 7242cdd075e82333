/** The other direction: each fact that the code depends on has a test that says so, in a comment above it or in its title. */
import { describe, expect, test } from 'vitest';
import { citable, citedIn, citingFiles, factsToCite } from './citations.ts';

const ALL = citable();
const FACTS = factsToCite(ALL);
const CITED = new Set(
  citingFiles()
    .filter(({ path }) => path.startsWith('test/'))
    .flatMap(({ text }) => citedIn(text)),
);

function uncited(facts: ReadonlyMap<string, string>, cited: ReadonlySet<string>): string[] {
  return [...facts].filter(([key]) => !cited.has(key)).map(([key, line]) => `${key}: ${line}`);
}

test('a test cites each fact that the code depends on', () => {
  expect(uncited(FACTS, CITED)).toEqual([]);
});

describe('a fact counts', () => {
  test.each([
    'gong.md 5.404',
    'outreach.md 1.10',
    'reply.md 5.429',
    'slack.md 3.1',
    'conflict 15',
    'rule 10',
    'unknown R9',
  ])('and is missed where no test cites it: %s', (key) => {
    const others = new Set([...CITED].filter((cited) => cited !== key));

    expect(uncited(FACTS, others).map((line) => line.split(': ')[0])).toContain(key);
  });

  test.each(['unknown G1', 'gong.md 9', 'invariant 1'])('not: %s', (key) => {
    expect(ALL.has(key)).toBe(true);
    expect(FACTS.has(key)).toBe(false);
  });

  test('with the section in its number', () => {
    const astray = [...ALL].filter(([key]) => /\.md \d+\.\d+$/.test(key) && !isInItsSection(key));

    expect(astray).toEqual([]);
  });
});

/** The last heading before a fact is the one that its number begins with. */
function isInItsSection(key: string): boolean {
  const [file = '', number = ''] = key.split(' ');
  const keys = [...ALL.keys()].filter((other) => other.startsWith(`${file} `));
  const headings = keys.slice(0, keys.indexOf(key)).filter((other) => /^\S+ \d+$/.test(other));
  return headings.at(-1) === `${file} ${number.split('.')[0]}`;
}
