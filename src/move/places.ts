/** What the command is asked for. No message repeats an address: it may hold a password. */
import { parseArgs } from 'node:util';
import { isPostgresUrl, placeOf } from '../store/postgres/url.ts';
import { MEMORY, pathOf } from '../store/sqlite/database.ts';

const USAGE =
  'Say from where and to where: npm run move -- --from file:data/docket.db --to postgres://… (with --dry-run to try it)';

export interface Wish {
  from: Place;
  to: Place;
  /** Does all of it, and takes it back. */
  dryRun: boolean;
}

export interface Place {
  url: string;
  option: '--from' | '--to';
  /** For people: a path, or a server and a database. */
  name: string;
}

export function readWish(args: readonly string[]): Wish {
  const { from, to, dryRun } = optionsOf(args);
  const wish = { from: placeAt(from, '--from'), to: placeAt(to, '--to'), dryRun };
  if (isPostgresUrl(from) !== isPostgresUrl(to)) return wish;
  throw new TypeError(
    isPostgresUrl(from)
      ? 'Both are PostgreSQL, which has pg_dump and pg_restore for this: docs/running.md says how.'
      : 'Both are files: npm run backup -- FILE copies one.',
  );
}

function optionsOf(args: readonly string[]): { from: string; to: string; dryRun: boolean } {
  const options = { from: { type: 'string' }, to: { type: 'string' }, 'dry-run': { type: 'boolean' } } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.from && values.to) return { from: values.from, to: values.to, dryRun: values['dry-run'] === true };
  } catch {}
  throw new TypeError(USAGE);
}

function placeAt(url: string, option: Place['option']): Place {
  const name = isPostgresUrl(url) ? placeOf(url) : fileAt(url);
  if (name !== undefined) return { url, option, name };
  throw new TypeError(`${option} must be a file: or postgres: address, as DATABASE_URL is: file:data/docket.db`);
}

function fileAt(url: string): string | undefined {
  try {
    const path = pathOf(url);
    return path === MEMORY ? undefined : path;
  } catch {
    return undefined;
  }
}
