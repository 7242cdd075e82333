/**
 * What a provider's directory does to links. Reading one may take minutes, and what people decide meanwhile stands: so
 * each change is made only if the link still is what the directory was compared with.
 */

import { enqueueNotice } from '../jobs/notices.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { Link, LinkEnd } from '../model/people.ts';
import type { ProviderUser } from '../ports/provider.ts';
import type { Queue } from '../ports/queue.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';

interface Deps {
  store: Store;
  queue: Queue;
  clock: Clock;
}

export interface NewLink {
  key: RepKey;
  provider: ProviderId;
  user: ProviderUser;
  email: string | undefined;
  /** The link that the directory was compared with. */
  current: Link | undefined;
  /** Reps whose links end in the same look: they keep their user from nobody. */
  leaving?: ReadonlySet<string>;
}

/** False: somebody decided otherwise while the directory was read, or another rep has that user. */
export async function saveLink(deps: Deps, link: NewLink): Promise<boolean> {
  const { provider, email, current } = link;
  const { externalId } = link.user;
  const { teamId, userId } = link.key;
  const key = { teamId, userId };
  const at = deps.clock();
  const same = current?.externalId === externalId;
  if (same && current.email === email) return true;
  const { people, links } = deps.store;
  return deps.store.transact(async (tx) => {
    if (!(await isStill(deps, link, tx))) return false;
    await links.save(
      { ...key, provider, externalId, email, origin: 'address', linkedAt: same ? current.linkedAt : at },
      tx,
    );
    const event = current ? 'corrected' : 'linked';
    await people.record({ ...key, provider, event, by: 'directory', externalId, origin: 'address', at }, tx);
    return true;
  });
}

async function isStill({ store }: Deps, { key, provider, user, current, leaving }: NewLink, tx: Tx): Promise<boolean> {
  const held = await store.links.find(key, provider, tx);
  if (held?.externalId !== current?.externalId || held?.origin !== current?.origin) return false;
  const declined = await store.people.declined(key.teamId, tx);
  if (declined.some((each) => each.userId === key.userId && each.provider === provider)) return false;
  const holders = await store.links.holders(key.teamId, provider, user.externalId, tx);
  return !holders.some(
    ({ userId, origin }) => userId !== key.userId && !(origin === 'address' && leaving?.has(userId)),
  );
}

/**
 * Leaves alone what the rep has made of it meanwhile. The rep is told why, and how to get the link back; someone who
 * `left` the workspace cannot be.
 */
export async function endLink(deps: Deps, link: Link, why: LinkEnd | 'left'): Promise<void> {
  const { teamId, userId, provider, externalId, email, origin } = link;
  const { links, connections, people, reps } = deps.store;
  const name = (await reps.find(link))?.name ?? userId;
  await deps.store.transact(async (tx) => {
    const held = await links.find(link, provider, tx);
    if (held?.externalId !== externalId || held.origin !== origin) return;
    await links.remove(link, provider, tx);
    await connections.remove(link, provider, tx);
    const at = deps.clock();
    await people.record({ teamId, userId, provider, event: 'removed', by: 'directory', externalId, origin, at }, tx);
    if (why === 'left') return;
    await people.noteProblem({ teamId, userId, provider, reason: why, name, email }, tx);
    const key = `link-ended:${provider}:${teamId}:${userId}:${externalId}:${at}`;
    const notice = { about: 'link_ended', provider, why, email } as const;
    await enqueueNotice(deps, { key, to: link, notice }, tx);
  });
}
