/**
 * What a provider's directory does to links. Reading one may take minutes, and what people decide meanwhile stands: so
 * each change is made only if the link still is what the directory was compared with.
 */

import type { Clock, Store } from './ports.ts';
import type { ProviderUser } from './provider.ts';
import type { Link, ProviderId, RepKey } from './types.ts';

interface Deps {
  store: Store;
  clock: Clock;
}

/** False: somebody decided otherwise while the directory was read, which may take minutes. */
export async function saveLink(
  deps: Deps,
  key: RepKey,
  provider: ProviderId,
  { externalId }: ProviderUser,
  email: string | undefined,
  current: Link | undefined,
): Promise<boolean> {
  const at = deps.clock();
  const same = current?.externalId === externalId;
  if (same && current.email === email) return true;
  const { people, links } = deps.store;
  return deps.store.transact(async (tx) => {
    const held = (await links.of(key, tx)).find((link) => link.provider === provider);
    if (held?.externalId !== current?.externalId || held?.origin !== current?.origin) return false;
    const declined = await people.declined(key.teamId, tx);
    if (declined.some((each) => each.userId === key.userId && each.provider === provider)) return false;
    const holders = await links.holders(key.teamId, provider, externalId, tx);
    if (holders.some(({ userId, origin }) => userId !== key.userId && origin !== 'address')) return false;
    await links.save(
      { ...key, provider, externalId, email, origin: 'address', linkedAt: same ? current.linkedAt : at },
      tx,
    );
    const event = current ? 'corrected' : 'linked';
    await people.record({ ...key, provider, event, by: 'directory', externalId, origin: 'address', at }, tx);
    return true;
  });
}

/** Leaves alone what the rep has made of it meanwhile. */
export async function endLink(deps: Deps, link: Link): Promise<void> {
  const { teamId, userId, provider, externalId, origin } = link;
  await deps.store.transact(async (tx) => {
    const held = (await deps.store.links.of(link, tx)).find((each) => each.provider === provider);
    if (held?.externalId !== externalId || held.origin !== origin) return;
    await deps.store.links.remove(link, provider, tx);
    await deps.store.connections.remove(link, provider, tx);
    await deps.store.people.record(
      { teamId, userId, provider, event: 'removed', by: 'directory', externalId, origin, at: deps.clock() },
      tx,
    );
  });
}
