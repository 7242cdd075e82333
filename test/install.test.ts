/** `.npmrc` silences npm's warnings, because they are about the Node that runs npm. Here they are checked against the right one. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { z } from 'zod';

const { satisfies } = createRequire(import.meta.url)('semver') as {
  satisfies(version: string, range: string): boolean;
};

const lockedPackage = z.object({
  version: z.string(),
  engines: z.record(z.string(), z.string()).optional(),
  deprecated: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  dev: z.boolean().optional(),
});

const { packages } = z
  .object({ packages: z.record(z.string(), lockedPackage.partial({ version: true })) })
  .parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
const project = z
  .object({ engines: z.object({ node: z.string() }), allowScripts: z.record(z.string(), z.boolean()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

const INSTALLED = Object.entries(packages).filter(([path]) => path !== '');

function nameOf(path: string): string {
  return path.split('node_modules/').at(-1) ?? path;
}

test('every package accepts the Node that the project brings', () => {
  const node = packages['node_modules/node']?.version ?? '';
  const refused = INSTALLED.filter(([, { engines }]) => engines?.node !== undefined && !satisfies(node, engines.node));

  expect(satisfies(node, '>=24')).toBe(true);
  expect(refused.map(([path]) => path)).toEqual([]);
});

test('an install without what only developers need brings that Node too', () => {
  expect(packages['node_modules/node']?.dev).toBeUndefined();
});

test('the README names the Node that package.json asks for', () => {
  const [, version] = /Node (\d+) or newer/.exec(readFileSync('README.md', 'utf8')) ?? [];

  expect(project.engines.node).toBe(`>=${version}`);
});

test('no package is deprecated', () => {
  const deprecated = INSTALLED.filter(([, entry]) => entry.deprecated !== undefined);

  expect(deprecated.map(([path, entry]) => `${path}: ${entry.deprecated}`)).toEqual([]);
});

test('every install script is decided on', () => {
  const undecided = INSTALLED.filter(
    ([path, entry]) => entry.hasInstallScript && !(nameOf(path) in project.allowScripts),
  );

  expect(undecided.map(([path]) => path)).toEqual([]);
});
