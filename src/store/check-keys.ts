/** Looks whether `ENCRYPTION_KEY` opens what is stored, for `npm run doctor`, without changing anything. */
import type { Finding } from '../core/model/finding.ts';
import type { ProviderId } from '../core/model/keys.ts';
import type { Store } from '../core/ports/store.ts';
import { openExisting } from './database.ts';
import { isMigrated } from './migrate.ts';
import { storeMigrations } from './migrations.ts';
import { isPostgresUrl } from './postgres/url.ts';
import { isDockets } from './sqlite/check.ts';
import { createStore } from './store.ts';
import { createVault } from './vault.ts';

const ABOUT = 'ENCRYPTION_KEY';
const REMEDY =
  'add the key that sealed the others, behind a comma. If it is lost, see "A key that is lost" in docs/running.md.';

/** `consents`: the tools in which reps sign in. Nothing is said where nothing is stored, or cannot be read. */
export async function checkKeys(
  url: string,
  keys: readonly string[],
  consents: readonly ProviderId[],
): Promise<Finding[]> {
  const counts = await read(url, keys, consents).catch(() => []);
  const stored = counts.filter(({ all }) => all > 0);
  const shut = stored.filter(({ all, opened }) => opened < all);
  if (stored.length === 0) return [];
  if (shut.length === 0) return [{ state: 'fine', about: ABOUT, text: 'opens all that is stored encrypted.' }];
  const parts = shut.map(({ what, all, opened }) => `${opened} of ${all} stored ${what}`);
  return [{ state: 'to do', about: ABOUT, text: `opens ${parts.join(', ')}: ${REMEDY}` }];
}

interface Count {
  what: string;
  all: number;
  opened: number;
}

async function read(url: string, keys: readonly string[], consents: readonly ProviderId[]): Promise<Count[]> {
  if (!isPostgresUrl(url) && !isDockets(url)) return [];
  const db = openExisting(url);
  try {
    if (!(await isMigrated(db, storeMigrations))) return [];
    return await countIn(createStore(db, createVault(keys)), consents);
  } finally {
    await db.destroy();
  }
}

async function countIn({ connections, installs, tools }: Store, consents: readonly ProviderId[]): Promise<Count[]> {
  const signIns = { what: 'sign-ins', all: 0, opened: 0 };
  for (const provider of consents) {
    const all = (await connections.live(provider)).length;
    signIns.all += all;
    signIns.opened += all - (await connections.unreadable(provider)).length;
  }
  const served = (await installs.list()).filter(({ isEnding }) => !isEnding);
  const tokens = await Promise.all(served.map(({ teamId }) => installs.find(teamId)));
  const set = await tools.list();
  const settings = await Promise.all(set.map(({ teamId, provider }) => tools.settings(teamId, provider)));
  return [signIns, countOf('tokens of workspaces', tokens), countOf('keys of tools', settings)];
}

function countOf(what: string, found: readonly unknown[]): Count {
  return { what, all: found.length, opened: found.filter((each) => each !== undefined).length };
}
