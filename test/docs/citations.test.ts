/** A citation leads somewhere, and a file that a comment names is there. */
import { describe, expect, test } from 'vitest';
import { citable, citedIn, citingFiles, filesNamedIn, oldFormsIn } from './citations.ts';

const FILES = citingFiles();
const CITABLE = citable();

test('every citation names a section, a fact or an entry that exists', () => {
  const missing = FILES.flatMap(({ path, text }) =>
    citedIn(text)
      .filter((key) => !CITABLE.has(key))
      .map((key) => `${path}: ${key}`),
  );

  expect(missing).toEqual([]);
});

test('no citation has a form of its own: docs/contracts/README.md, section 1, says how to cite', () => {
  const old = FILES.flatMap(({ path, text }) => oldFormsIn(text).map((form) => `${path}: ${form}`));

  expect(old).toEqual([]);
});

test('every file of ours that a comment or a document names exists', () => {
  const paths = ['/vitest.config.ts', ...FILES.map(({ path }) => `/${path}`)];
  const isThere = (name: string) => paths.some((path) => path.endsWith(`/${name.replace(/^(\.\.?\/)+/, '')}`));

  const missing = FILES.flatMap((file) =>
    filesNamedIn(file)
      .filter((name) => !isThere(name))
      .map((name) => `${file.path}: ${name}`),
  );

  expect(missing).toEqual([]);
});

describe('what is made up is noticed', () => {
  test.each([
    ['a section', '// Three a second (gong.md 99).'],
    ['a fact', "test('sends no body (outreach.md 4.77)', run);"],
    ['a second section', '// gong.md 2, 98'],
    ['a section over two lines', '/**\n * As its page says (reply.md\n * 97).\n */'],
    ['a status', '// gong.md 5.418'],
    ['a conflict', '// (contracts, conflict 96)'],
    ['a rule', '// contracts, rule 0'],
    ['an unknown', '// (contracts, unknown O95)'],
    ['an invariant', '// Invariant 94'],
    ['a heading', '// (ARCHITECTURE.md, "A sweep of brooms")'],
  ])('%s', (_kind, text) => {
    expect(citedIn(text).filter((key) => !CITABLE.has(key))).toHaveLength(1);
  });

  test.each([
    'contracts 2.1',
    'contracts section 3',
    'contracts R4',
    'DESIGN 6.3',
    'slack.md section 1',
    'seed 003',
    '(O1)',
  ])('%s is a form of its own', (form) => {
    expect(oldFormsIn(`// Why (${form}).`)).not.toEqual([]);
  });

  test('a file', () => {
    const text = '/** Beside `no-such-file.ts`. */\nconst name = `other.ts`;';

    expect(filesNamedIn({ path: 'src/a.ts', text })).toEqual(['no-such-file.ts']);
  });
});

test('what exists is found', () => {
  const text =
    '// gong.md 2, 2.1, 5.404; slack.md 3 (contracts, conflicts 1, 2; contracts, unknown R1) invariant 11, ARCHITECTURE.md, "A click"';

  expect(citedIn(text)).toHaveLength(9);
  expect(citedIn(text).filter((key) => !CITABLE.has(key))).toEqual([]);
});
