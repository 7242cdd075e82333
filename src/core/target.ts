/** Whom a job speaks to for a rep, and what a task that was read again tells of an action. */

import type { Links } from './ports.ts';
import type { Done, TaskProvider } from './provider.ts';
import type { Action, Found, Instant, Link, ProviderId, RepKey, Task } from './types.ts';

export interface Target {
  link: Link;
  provider: TaskProvider;
}

/** The rep's own link, looked up now: it may have gone since the click. */
export async function findTarget(
  deps: { store: { links: Links }; providers: ReadonlyMap<ProviderId, TaskProvider> },
  key: RepKey & { provider: ProviderId },
): Promise<Target | undefined> {
  const provider = deps.providers.get(key.provider);
  const link = (await deps.store.links.of(key)).find((candidate) => candidate.provider === key.provider);
  return provider && link ? { provider, link } : undefined;
}

/** Whether the rep is still who they were at the provider when something was last asked for. */
export function isSameAccount(action: Action, { link }: Target): boolean {
  // Actions of older versions do not say.
  return action.externalId === undefined || action.externalId === link.externalId;
}

export function isOpen(read: Task | Done | undefined): read is Task {
  return read !== undefined && !('doneAt' in read);
}

/** What was found instead of an open task. */
export function closed(read: Done | undefined): Extract<Found, { how: 'done' | 'gone' }> {
  return read ? { how: 'done', at: read.doneAt } : { how: 'gone' };
}

/** Providers keep whole seconds. */
export function isDueAt(task: Task, wanted: Instant | undefined): boolean {
  return wanted !== undefined && task.dueAt !== undefined && Math.abs(task.dueAt - wanted) < 1_000;
}
