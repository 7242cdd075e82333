/** One list and one digest for a person of several workspaces of one organisation. */
import type { RepKey } from '../model/keys.ts';
import type { Ports } from '../ports/ports.ts';

/** The workspace of the same organisation that has this person's list, if it is not this one. */
export async function listElsewhere({ store, organisation }: Pick<Ports, 'store' | 'organisation'>, key: RepKey) {
  return organisation === undefined ? undefined : store.installs.elsewhere(key, organisation);
}
