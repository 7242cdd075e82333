/** The provider and link of a job, and what a read task says about an action. */
import type { Action, StaleCause } from '../model/action.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { Link } from '../model/people.ts';
import type { Task } from '../model/task.ts';
import type { Ports } from '../ports/ports.ts';
import type { Done, TaskProvider } from '../ports/provider.ts';
import type { Store } from '../ports/store.ts';

interface LinkDeps extends Pick<Ports, 'providers'> {
  store: Pick<Store, 'links'>;
}

export interface Target {
  link: Link;
  provider: TaskProvider;
}

/** The rep's link now; it may have gone since the click. */
export async function findTarget(deps: LinkDeps, key: RepKey & { provider: ProviderId }): Promise<Target | undefined> {
  const provider = deps.providers.get(key.provider);
  const link = provider && (await deps.store.links.find(key, key.provider));
  return link && { provider, link };
}

/** True if the rep still has the same user at the provider. */
export function isSameAccount(action: Action, { link }: Target): boolean {
  // Actions of older versions have no user.
  return action.externalId === undefined || action.externalId === link.externalId;
}

export function isOpen(read: Task | Done | undefined): read is Task {
  return read !== undefined && !('doneAt' in read);
}

/** Why the task is not open. */
export function closed(read: Done | undefined): Extract<StaleCause, { how: 'done' | 'gone' }> {
  if (!read) return { how: 'gone' };
  return {
    how: 'done',
    ...(read.doneAt !== undefined && { at: read.doneAt }),
    ...(read.doneBy && { by: read.doneBy }),
  };
}

/** Links to configured providers. The others stay stored. */
export async function usableLinks(deps: LinkDeps, key: RepKey): Promise<Link[]> {
  return (await deps.store.links.of(key)).filter((link) => deps.providers.has(link.provider));
}
