/** Writes the results of a directory sync, which takes minutes: only if the link is still the one compared. */
import { enqueueNotice } from '../jobs/notices.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { Link, LinkEnd } from '../model/people.ts';
import type { Ports } from '../ports/ports.ts';
import type { ProviderUser } from '../ports/provider.ts';
import { about, type Tx } from '../ports/transaction.ts';

type Deps = Pick<Ports, 'store' | 'queue' | 'clock'>;

export interface NewLink {
  key: RepKey;
  provider: ProviderId;
  user: ProviderUser;
  email: string | undefined;
  /** The link that was compared. */
  current: Link | undefined;
  /** Reps whose links end in the same sync: their users are free. */
  leaving?: ReadonlySet<string>;
}

/** False: the link changed meanwhile, or another rep has that user. */
export async function saveLink(deps: Deps, link: NewLink): Promise<boolean> {
  const { provider, email, current } = link;
  const { externalId } = link.user;
  const { teamId, userId } = link.key;
  const at = deps.clock();
  const same = current?.externalId === externalId;
  if (same && current.email === email) return true;
  const { people, links } = deps.store;
  return deps.store.transact(async (tx) => {
    if (!(await isStill(deps, link, tx))) return false;
    const user = { teamId, userId, provider, externalId, origin: 'address' } as const;
    await links.save({ ...user, email, linkedAt: same ? current.linkedAt : at }, tx);
    await people.record({ ...user, event: current ? 'corrected' : 'linked', by: 'directory', at }, tx);
    return true;
  }, about(link.key));
}

async function isStill({ store }: Deps, { key, provider, user, current, leaving }: NewLink, tx: Tx): Promise<boolean> {
  const held = await store.links.find(key, provider, tx);
  if (held?.externalId !== current?.externalId || held?.origin !== current?.origin) return false;
  if (await store.people.hasDeclined(key, provider, tx)) return false;
  const holders = await store.links.holders(key.teamId, provider, user.externalId, tx);
  return !holders.some(
    ({ userId, origin }) => userId !== key.userId && !(origin === 'address' && leaving?.has(userId)),
  );
}

/** Ends a link if it did not change meanwhile, and tells the rep, unless they `left` the workspace. */
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
  }, about(link));
}
