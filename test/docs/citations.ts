/** Citations of our own documents: which there can be, and which a text has. The form is in docs/contracts/README.md, section 1. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type SourceFile, sourceFiles } from '../source-files.ts';

const CONTRACTS = 'docs/contracts';
const OF_COMMON = ['conflict', 'rule', 'unknown'];

/** What a citation may name, with the line that it leads to: `gong.md 2`, `gong.md 2.3`, `conflict 4`, `invariant 11`. */
export type Citable = ReadonlyMap<string, string>;

export function citable(): Citable {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(ROOT, CONTRACTS))) {
    const text = readFileSync(join(ROOT, CONTRACTS, name), 'utf8');
    for (const [key, line] of entriesOf(text, name)) found.set(key, line);
  }
  const architecture = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  for (const [key, line] of entriesOf(architecture, 'ARCHITECTURE.md')) found.set(key, line);
  return found;
}

/** A table tells by the head of its first column what its rows are: a status of this section, or an entry of its own kind. */
function entriesOf(text: string, name: string): [key: string, line: string][] {
  const found: [string, string][] = [];
  let section = '';
  let head = '';
  let before = '';
  for (const line of text.split('\n')) {
    const [, number, title] = /^## (?:(\d+) )?(.+)/.exec(line) ?? [];
    const [, fact] = /^- (\d+\.\d+) /.exec(line) ?? [];
    const [, cell = ''] = /^\| (.+?) \|/.exec(line) ?? [];
    if (title !== undefined) {
      section = number ?? '';
      found.push([number === undefined ? `${name} "${title}"` : `${name} ${number}`, line]);
    }
    if (fact !== undefined) found.push([`${name} ${fact}`, line]);
    if (cell !== '' && !before.startsWith('|')) head = cell;
    if (head === 'status' && /^\d{3}$/.test(cell)) found.push([`${name} ${section}.${cell}`, line]);
    if ([...OF_COMMON, 'invariant'].includes(head) && /^[GOR]?\d+$/.test(cell)) found.push([`${head} ${cell}`, line]);
    before = line;
  }
  return found;
}

/** Facts that a test must cite: every numbered one, every status, conflict and rule, and each unknown with a test. */
export function factsToCite(all: Citable): Citable {
  return new Map([...all].filter(([key, line]) => isFact(key) && !line.endsWith('| – |')));
}

function isFact(key: string): boolean {
  return /\.md \d+\.\d+$/.test(key) || OF_COMMON.some((kind) => key.startsWith(`${kind} `));
}

const NEXT = '(?:, | to | and )';
const NUMBER = '\\d+(?:\\.\\d+)?';
const OF_FILE = new RegExp(`\\b((?:gong|outreach|reply|slack)\\.md) (${NUMBER}(?:${NEXT}${NUMBER})*)`, 'g');
const OF_LIST = new RegExp(
  `\\b(?:contracts, (conflict|rule|unknown)|(invariant))s? ([GOR]?\\d+\\b(?:${NEXT}[GOR]?\\d+\\b)*)`,
  'gi',
);
const OF_ARCHITECTURE = /\bARCHITECTURE\.md, ("[^"]+")/g;

/** The keys of everything that a text cites, over the ends of lines in comments too. */
export function citedIn(text: string): string[] {
  const joined = inOneLine(text);
  const keys = (of: string, numbers: string) => numbers.split(new RegExp(NEXT)).map((number) => `${of} ${number}`);
  return [
    ...[...joined.matchAll(OF_FILE)].flatMap(([, file = '', numbers = '']) => keys(file, numbers)),
    ...[...joined.matchAll(OF_LIST)].flatMap(([, entry, invariant = '', numbers = '']) =>
      keys((entry ?? invariant).toLowerCase(), numbers),
    ),
    ...[...joined.matchAll(OF_ARCHITECTURE)].map(([, title]) => `ARCHITECTURE.md ${title}`),
  ];
}

/** Documents that are not in the repository, and forms that name no list. */
const OLD =
  /\b[Cc]ontracts (?:section )?(?:\d|[GOR]\d)|\bDESIGN\b|\bslack\.md,? section|\bseeds? \d{3}\b|(?<!Reply\.io )\(seed\)|\b(?:house|found)\.md\b|\((?:[GOR]\d|6\.\d+)\)/g;

export function oldFormsIn(text: string): string[] {
  return [...inOneLine(text).matchAll(OLD)].map(([form]) => form);
}

function inOneLine(text: string): string {
  return text.replaceAll(/\n\s*(?:\*|\/\/)\s+/g, ' ');
}

/** TypeScript files of ours that a comment, or a document, names in backticks. */
export function filesNamedIn({ path, text }: SourceFile): string[] {
  const isProse = (line: string) => path.endsWith('.md') || /^\s*(?:\/\*\*|\*|\/\/)|\/\*\*.*\*\//.test(line);
  const prose = text.split('\n').filter(isProse);
  return prose.flatMap((line) => [...line.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, name]) => name ?? ''));
}

/** Every source but the tests of citations, whose examples are no citations. */
export function citingFiles(): SourceFile[] {
  const sources = ['src', 'blocks', 'test', 'sandbox', 'bench', 'deploy'].flatMap(sourceFiles);
  const documents = documentPaths().map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
  return [...sources, ...documents].filter(({ path }) => !path.startsWith('test/docs/'));
}

/** Markdown that people write and read; not what is generated. */
export function documentPaths(): string[] {
  const below = (folder: string, options = {}) =>
    readdirSync(join(ROOT, folder), { encoding: 'utf8', ...options })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name));
  return [...below('.'), ...below('docs', { recursive: true })]
    .filter((path) => !path.startsWith('docs/results/'))
    .sort();
}
