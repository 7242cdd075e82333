/** ARCHITECTURE.md, "Who may import what", as data, and the few other rules that keep the house in order. */
import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';
import { type SourceFile, sourceFiles } from './source-files.ts';

interface Part {
  /** Files or folders (with a slash at the end) that the rule is for; the first part that matches counts. */
  of: readonly string[];
  /** Files, folders and packages. A folder may always import from itself. */
  may: readonly string[];
  /** As `may`, for `import type` alone. */
  mayTypes: readonly string[];
}

const NODE = 'node:';

/** Names are written with blanks between them. */
function part(of: string, may: string, mayTypes = ''): Part {
  return { of: of.split(' '), may: may.split(' '), mayTypes: mayTypes.split(' ') };
}

const PARTS: readonly Part[] = [
  // Libraries of core do no I/O: dates, how people write them, and how far apart two words are.
  part('src/core/', 'temporal-polyfill chrono-node fastest-levenshtein'),
  part(
    'blocks/',
    // Values of core where they are pure: what things are, which sweep is offered, and what can be typed.
    'src/core/model/ src/core/clicks/obvious-sweep.ts src/core/ask/grammar.ts zod temporal-polyfill',
    'src/core/ @slack/types @slack/web-api',
  ),
  part(
    'src/providers/',
    'src/core/ src/fetch.ts zod ofetch p-queue htmlparser2 temporal-polyfill node:crypto node:timers/promises',
  ),
  part('src/fetch.ts', 'undici node:stream node:zlib'),
  part(
    'src/store/',
    // Tokens are encrypted at rest: jose.
    'src/core/ kysely kysely/migration better-sqlite3 pg node:fs node:net node:path node:url node:async_hooks ' +
      'node:timers/promises node:crypto jose',
  ),
  part('src/queue/', 'src/core/ kysely kysely/migration node:async_hooks'),
  part(
    'src/slack/',
    'src/core/ src/fetch.ts blocks/ @slack/bolt @slack/oauth @slack/web-api @slack/types p-queue undici zod',
    'node:http',
  ),
  part('src/jobs/', 'src/core/ node-cron node:crypto node:timers/promises'),
  part('src/http/', 'src/core/ node:'),
  part('src/config.ts', 'zod src/core/model/circle.ts src/core/model/ranking.ts'),
  part('src/log.ts', 'pino', 'src/config.ts'),
  part('src/backup.ts', 'src/config.ts src/store/sqlite/backup.ts'),
  part('src/move/', 'src/core/ src/store/ src/queue/ kysely node:crypto node:util'),
  part('src/move.ts', 'src/move/'),
  part('src/report.ts', 'src/config.ts src/core/ src/store/ src/queue/migrations.ts src/holidays.ts node:util'),
  part('src/forget.ts', 'src/config.ts src/core/ src/store/ src/queue/ src/providers/index.ts'),
  part('src/doctor/', 'src/core/ src/providers/index.ts zod node:diagnostics_channel node:tls'),
  part(
    'src/doctor.ts',
    'src/config.ts src/core/model/ src/doctor/ src/http/ src/providers/index.ts src/slack/check.ts src/store/check.ts ' +
      'src/store/check-keys.ts node:crypto node:http',
  ),
  part('src/metrics.ts', 'prom-client src/core/model/', 'src/core/'),
  part('src/tool-accounts.ts', 'src/core/'),
  part('src/tool-requests.ts', 'src/core/', 'src/http/server.ts src/workspace.ts'),
  part('src/shared-pace.ts', 'src/core/jobs/ node:crypto node:timers/promises', 'src/core/ports/'),
  part('src/secrets.ts', 'node:crypto', 'src/core/'),
  part('src/holidays.ts', 'src/core/model/ date-holidays', 'src/core/'),
  part('src/app.ts', 'src/ node:'),
  part('src/connect-providers.ts', 'src/'),
  part('src/workspace-tools.ts', 'src/'),
  part('src/follow-tools.ts', 'src/core/', 'src/'),
  part('src/use-cases.ts', 'src/'),
  part('src/workspace.ts', 'src/'),
  part('src/workspaces.ts', 'src/core/', 'src/workspace.ts'),
  part('src/install.ts', 'src/'),
  part('src/minute.ts', 'src/core/ src/jobs/', 'src/workspace.ts src/workspaces.ts'),
  part('src/standing.ts', 'src/core/', 'src/workspaces.ts'),
  part('src/handlers.ts', 'src/core/', 'src/use-cases.ts'),
  part('src/listeners.ts', 'src/core/ src/slack/', 'src/use-cases.ts'),
  part('src/main.ts', 'src/ node:'),
  part('sandbox/stage.ts', 'src/app.ts sandbox/ node:'),
  part(
    'sandbox/',
    'blocks/limits.ts react react-dom/client slack-blocks-to-jsx slack-blocks-to-jsx/dist/style.css ' +
      'temporal-polyfill vite ws yaml zod node:',
  ),
];

/** Folders in a strict order: each may import those before it, and the files beside them may import all. */
const ORDERED: Readonly<Record<string, readonly string[]>> = {
  'src/core/': ['model', 'ports', 'jobs', 'clicks', 'digests', 'people', 'ask'],
  'src/slack/': ['transport', 'install', 'screen', 'listeners'],
};

/** Folders that share code beside them and know nothing of one another, and the only ones that may know all of them. */
const STRANGERS: readonly { of: readonly string[]; knownBy: readonly string[] }[] = [
  { of: foldersIn('src/providers'), knownBy: ['src/providers/index.ts'] },
  {
    of: ['sandbox/gong/', 'sandbox/outreach/', 'sandbox/reply/'],
    knownBy: ['sandbox/providers.ts', 'sandbox/sign-in.ts'],
  },
  {
    of: ['sandbox/slack/'],
    knownBy: [
      ...['page/', 'web.ts', 'manifest.ts', 'stage.ts', 'sign-in.ts', 'tour.ts'],
      ...['message-text.ts', 'week-print.ts'],
    ].map((path) => `sandbox/${path}`),
  },
];

function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${folder}/${name}/`);
}

/** What nothing but this may import, whatever stands above. */
const ONLY: Record<string, string> = {
  '@slack/bolt': 'src/slack/',
  '@slack/oauth': 'src/slack/',
  'better-sqlite3': 'src/store/',
  'date-holidays': 'src/holidays.ts',
  jose: 'src/store/',
  pg: 'src/store/',
  pino: 'src/log.ts',
  'prom-client': 'src/metrics.ts',
};

/** Slack reads no store and writes no job: it calls core's use cases. */
const NOT_FOR_SLACK = ['store', 'people-store', 'queue', 'transaction'].map((port) => `src/core/ports/${port}.ts`);

/** What runs on import: processes, and the page's entry. */
const ACTS_ON_IMPORT = [
  'src/main.ts',
  'src/backup.ts',
  'src/forget.ts',
  'src/doctor.ts',
  'src/report.ts',
  'src/move.ts',
  'sandbox/demo.ts',
  'sandbox/page/main.tsx',
];

/** What makes an answer depend on more than its arguments. */
const IMPURE = 'Date.now Math.random Temporal.Now performance.now crypto process fetch console setTimeout setInterval';

const FILES = ['src', 'blocks', 'sandbox'].flatMap(sourceFiles);

test.each(FILES.map((file) => [file.path, file] as const))('%s keeps to its place', (_path, file) => {
  expect(problemsOf(file)).toEqual([]);
});

test('every part of the table has files, and grants no package that none of them uses', () => {
  const idle = PARTS.flatMap((part) => {
    const files = FILES.filter(({ path }) => partOf(path) === part);
    if (files.length === 0) return part.of;
    const targets = files.flatMap(importsOf).map(({ target }) => target);
    const packages = part.may.filter((rule) => !rule.includes('/') && rule !== NODE);
    return packages.filter((rule) => !targets.some((target) => isUnder(target, rule)));
  });

  expect(idle).toEqual([]);
});

test('no file imports itself by way of others, not even for a type', () => {
  expect(circlesIn(FILES)).toEqual([]);
});

describe('the check', () => {
  const check = (path: string, text: string) => problemsOf({ path, text }).length > 0;

  test.each([
    ['src/core/a.ts', "import { createStore } from '../store/store.ts';"],
    ['src/core/a.ts', "import type { Store } from '../store/store.ts';"],
    ['src/core/a.ts', "export { createStore } from '../store/store.ts';"],
    ['src/core/a.ts', "const store = () => import('../store/store.ts');"],
    ['src/core/a.ts', "let store: import('../store/store.ts').Store;"],
    ['src/core/a.ts', "import '../store/store.ts';"],
    ['src/core/a.ts', 'const store = (name: string) => import(name);'],
    ['src/core/a.ts', "const fs = require('node:fs');"],
    ['src/core/a.ts', "import fs from 'node:fs';"],
    ['src/core/a.ts', "import type { Block } from '../../blocks/elements.ts';"],
    ['blocks/a.ts', "import { recordVerb } from '../src/core/clicks/record.ts';"],
    ['blocks/a.ts', "import { type RowRef } from '../src/core/clicks/record.ts';"],
    ['src/store/a.ts', "import { createQueue } from '../queue/queue.ts';"],
    ['src/providers/gong/a.ts', "import { createOutreach } from '../outreach/outreach.ts';"],
    ['src/providers/pace.ts', "import { createGong } from './gong/gong.ts';"],
    ['src/slack/listeners/a.ts', "import type { Store } from '../../core/ports/store.ts';"],
    ['src/jobs/a.ts', "import { App } from '@slack/bolt';"],
    ['src/app.ts', "import { createSlackWorkspace } from '../sandbox/slack/workspace.ts';"],
    ['src/providers/a.ts', "import { compactDecrypt } from 'jose';"],
    ['src/new.ts', "import { z } from 'zod';"],
    ['sandbox/slack/a.ts', "import { createApp } from '../../src/app.ts';"],
    ['sandbox/outreach/a.ts', "import type { When } from '../gong/due.ts';"],
    ['sandbox/reply/a.ts', "import { isObject } from '../slack/json.ts';"],
    ['sandbox/panel.ts', "import { createGong } from './gong/simulator.ts';"],
    ['src/core/model/a.ts', "import type { Store } from '../ports/store.ts';"],
    ['src/core/jobs/a.ts', "import { showTask } from '../clicks/settle.ts';"],
    ['src/core/clicks/a.ts', "import { daily } from '../daily.ts';"],
    ['src/core/others/a.ts', 'export const a = 1;'],
    ['src/slack/transport/a.ts', "import { tell } from '../listeners/replies.ts';"],
    ['src/services/a.ts', 'export const a = 1;'],
    ['src/core/index.ts', 'export const a = 1;'],
    ['src/core/a.ts', "export * from './types.ts';"],
    ['src/core/a.ts', "export { rank } from './triage.ts';\nexport type { Task } from './types.ts';"],
    ['src/core/a.ts', 'enum Verb { done }'],
    ['src/core/a.ts', 'namespace A { export const b = 1; }'],
    ['src/core/a.ts', "import fs = require('node:fs');"],
    ['src/core/a.ts', 'export const clock = Date.now;'],
    ['src/core/a.ts', 'export const now = () => new Date();'],
    ['src/core/a.ts', 'export const now = () => Date();'],
    ['src/core/a.ts', 'export const now = () => globalThis.Date.now();'],
    ['src/core/a.ts', "import { Temporal } from 'temporal-polyfill'; export const now = () => Temporal.Now.instant();"],
    ['blocks/a.ts', 'export const zone = () => process.env.TZ;'],
    ['blocks/a.ts', "export const get = () => fetch('https://x.example');"],
    ['src/core/a.ts', 'start();'],
    ['src/slack/a.ts', "await import('../core/model/task.ts');"],
    ['src/slack/a.ts', 'if (1) start();'],
  ])('finds fault with %s: %s', (path, text) => {
    expect(check(path, text)).toBe(true);
  });

  test.each([
    ['src/core/a.ts', "import { rank } from './triage.ts';\nexport const b = new Date(0);"],
    ['src/core/people/a.ts', "import { rank } from '../digests/rank.ts';\nimport { b } from './b.ts';"],
    ['src/slack/a.ts', "import { withRetries } from './transport/retry.ts';"],
    ['blocks/a.ts', "import type { RowRef } from '../src/core/clicks/record.ts';"],
    ['src/providers/index.ts', "import { gongModule } from './gong/gong.ts';"],
    ['src/providers/gong/a.ts', "import { createPace } from '../pace.ts';\nimport { b } from './b.ts';"],
    ['src/store/a.ts', "import { compactDecrypt } from 'jose';\nimport { createHash } from 'node:crypto';"],
    ['src/secrets.ts', "import { randomBytes } from 'node:crypto';\nimport type { Secrets } from './core/a.ts';"],
    ['src/main.ts', "import { createApp } from './app.ts';\ncreateApp();"],
    ['src/http/a.ts', 'export const now = () => Date.now();'],
    ['sandbox/slack/a.ts', "import { LIMITS } from '../../blocks/limits.ts';"],
    ['sandbox/outreach/a.ts', "import { toJson } from '../json.ts';\nimport { b } from './b.ts';"],
    ['sandbox/providers.ts', "import { createGong } from './gong/simulator.ts';"],
    // How long a call may take is for whoever makes it to say; the timer is the runtime's.
    ['src/core/a.ts', 'export const limit = () => AbortSignal.timeout(1);'],
    ['src/core/a.ts', 'export const task = (process: { env: string }) => process.env.length;'],
  ])('has no fault to find with %s: %s', (path, text) => {
    expect(problemsOf({ path, text })).toEqual([]);
  });

  test('finds a circle of types', () => {
    const files = [
      { path: 'blocks/a.ts', text: "import { b } from './b.ts';" },
      { path: 'blocks/b.ts', text: "import type { C } from './c.ts';" },
      { path: 'blocks/c.ts', text: "import type { A } from './a.ts';" },
      { path: 'blocks/d.ts', text: "import { b } from './b.ts';" },
    ];
    expect(circlesIn(files)).toEqual([['blocks/a.ts', 'blocks/b.ts', 'blocks/c.ts']]);
    expect(circlesIn(files.slice(0, 2))).toEqual([]);
  });

  test('fails on what it cannot read', () => {
    expect(() => problemsOf({ path: 'src/core/a.ts', text: 'import {' })).toThrow();
  });
});

// ---------------------------------------------------------------- reading

interface Import {
  /** A path from the root, or a package. */
  target: string;
  /** Erased before anything runs. */
  isType: boolean;
}

interface Node {
  type: string;
  [field: string]: unknown;
}

function problemsOf(file: SourceFile): string[] {
  const { path } = file;
  const body = bodyOf(file);
  const problems = importsOf(file).flatMap((each) => problemOf(path, each) ?? []);
  if (/service/i.test(path)) problems.push('there is no services layer');
  if (Object.entries(ORDERED).some(([root, folders]) => path.startsWith(root) && levelOf(path, root, folders) < 0)) {
    problems.push('stands in a folder that has no place in the order');
  }
  if (posix.basename(path) === 'index.ts' && path !== 'src/providers/index.ts') problems.push('index.ts is a barrel');
  if (body.length > 0 && body.every(isReExport)) problems.push('does nothing but export what others made');
  // Enums and namespaces make code of their own, too (tsconfig.json, erasableSyntaxOnly).
  const acts = body.filter((node) => !PASSIVE.has(node.type) && node.declare !== true);
  if (acts.length > 0 && !ACTS_ON_IMPORT.includes(path)) problems.push(`acts on import: ${acts[0]?.type}`);
  const isPure = path.startsWith('src/core/') || path.startsWith('blocks/');
  walk(body, (node, { top, own }) => {
    if (node.type === 'ExportAllDeclaration') problems.push('export *');
    if (node.type === 'AwaitExpression' && top && !ACTS_ON_IMPORT.includes(path)) problems.push('waits on import');
    const impure = isPure ? impurity(node, own) : undefined;
    if (impure) problems.push(`uses ${impure}`);
  });
  return problems;
}

function problemOf(path: string, { target, isType }: Import): string | undefined {
  const part = partOf(path);
  if (!part) return `${path} belongs to no part of the table`;
  const only = Object.entries(ONLY).find(([name]) => isUnder(target, name));
  if (only && !path.startsWith(only[1])) return `${target} is for ${only[1]} alone`;
  const own = part.of.filter((each) => each.endsWith('/'));
  const allowed = [...own, ...part.may, ...(isType ? part.mayTypes : [])];
  if (!allowed.some((rule) => isUnder(target, rule))) return `may not import ${target}${isType ? '' : ' (a value)'}`;
  if (path.startsWith('src/slack/') && NOT_FOR_SLACK.includes(target)) return `may not import the port ${target}`;
  if (isStranger(path, target)) return `may not import another of its kind: ${target}`;
  return isUpward(path, target) ? `imports upward: ${target}` : undefined;
}

function isStranger(path: string, target: string): boolean {
  return STRANGERS.some(({ of, knownBy }) => {
    const theirs = of.find((folder) => target.startsWith(folder));
    return theirs !== undefined && ![theirs, ...knownBy].some((rule) => isUnder(path, rule));
  });
}

function isUpward(path: string, target: string): boolean {
  return Object.entries(ORDERED).some(([root, folders]) => {
    if (!path.startsWith(root) || !target.startsWith(root)) return false;
    return levelOf(target, root, folders) > levelOf(path, root, folders);
  });
}

/** Files beside the folders stand above them all. */
function levelOf(path: string, root: string, folders: readonly string[]): number {
  const [folder, ...rest] = path.slice(root.length).split('/');
  return rest.length === 0 ? folders.length : folders.indexOf(folder ?? '');
}

/** Groups of files that import one another in a circle, types included. */
function circlesIn(files: readonly SourceFile[]): string[][] {
  const targets = new Map(files.map((file) => [file.path, importsOf(file).map(({ target }) => target)]));
  const reached = (from: string): Set<string> => {
    const seen = new Set<string>();
    const open = [...(targets.get(from) ?? [])];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      open.push(...(targets.get(path) ?? []));
    }
    return seen;
  };
  const reach = new Map([...targets.keys()].map((path) => [path, reached(path)]));
  const circles = [...reach].flatMap(([path, seen]) =>
    seen.has(path) ? [[...seen].filter((other) => reach.get(other)?.has(path)).sort()] : [],
  );
  return [...new Map(circles.map((circle) => [circle.join(), circle])).values()];
}

function partOf(path: string): Part | undefined {
  return PARTS.find((part) => part.of.some((each) => path === each || (each.endsWith('/') && path.startsWith(each))));
}

function isUnder(target: string, rule: string): boolean {
  return target === rule || ((rule.endsWith('/') || rule === NODE) && target.startsWith(rule));
}

function bodyOf({ path, text }: SourceFile): Node[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  return program.body.map((node) => ({ ...node }));
}

function importsOf(file: SourceFile): Import[] {
  const imports: Import[] = [];
  const add = (source: unknown, isType: boolean) => {
    const name = isNode(source) && typeof source.value === 'string' ? source.value : undefined;
    const path = name?.startsWith('.') ? posix.join(posix.dirname(file.path), name) : name;
    imports.push({ target: path ?? 'something that only shows when it runs', isType });
  };
  walk(bodyOf(file), (node) => {
    if (node.type === 'ImportDeclaration') add(node.source, node.importKind === 'type');
    if (node.type === 'ExportAllDeclaration') add(node.source, node.exportKind === 'type');
    if (node.type === 'ExportNamedDeclaration' && node.source) add(node.source, node.exportKind === 'type');
    if (node.type === 'ImportExpression') add(node.source, false);
    if (node.type === 'TSImportType') add(node.source, true);
    if (node.type === 'CallExpression' && isNode(node.callee) && node.callee.name === 'require') add(undefined, false);
  });
  return imports;
}

/** What may stand at the top of a module: it makes something, and does nothing. */
const PASSIVE = new Set([
  ...['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration'],
  ...['FunctionDeclaration', 'ClassDeclaration', 'VariableDeclaration'],
  ...['TSTypeAliasDeclaration', 'TSInterfaceDeclaration', 'TSDeclareFunction'],
]);

function isReExport(node: Node): boolean {
  return node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && Boolean(node.source));
}

function impurity(node: Node, own: readonly string[]): string | undefined {
  const args = Array.isArray(node.arguments) ? node.arguments.length : 0;
  const callee = isNode(node.callee) ? node.callee.name : undefined;
  if (node.type === 'NewExpression' && callee === 'Date' && args === 0) return 'new Date()';
  if (node.type === 'CallExpression' && callee === 'Date') return 'Date()';
  if (node.type === 'Identifier' && node.name === 'globalThis') return 'globalThis';
  for (const name of IMPURE.split(' ')) {
    const [object = '', property] = name.split('.');
    if (own.includes(object)) continue;
    if (property === undefined && node.type === 'Identifier' && node.name === object) return name;
    if (node.type !== 'MemberExpression' || !isNode(node.object) || !isNode(node.property)) continue;
    if (node.object.name === object && node.property.name === property) return name;
  }
  return undefined;
}

interface Place {
  /** Outside of any function. */
  top: boolean;
  /** What functions around this place call their parameters. */
  own: readonly string[];
}

const OUTSIDE: Place = { top: true, own: [] };

function walk(nodes: readonly Node[], visit: (node: Node, place: Place) => void, { top, own } = OUTSIDE): void {
  for (const node of nodes) {
    const isFunction = /Function/.test(node.type);
    const parameters = isFunction && Array.isArray(node.params) ? node.params.flatMap(namesIn) : [];
    const inside = [...own, ...parameters];
    visit(node, { top, own: inside });
    for (const [field, value] of Object.entries(node)) {
      // Names of properties are not uses of a variable.
      if (field === 'key' || (field === 'property' && node.computed !== true)) continue;
      const children = (Array.isArray(value) ? value : [value]).filter(isNode);
      walk(children, visit, { top: top && !isFunction, own: inside });
    }
  }
}

function namesIn(parameter: unknown): string[] {
  return isNode(parameter) && typeof parameter.name === 'string' ? [parameter.name] : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
