/** Whom a job speaks to for a rep, and what a task that was read again tells of an action. */

import type { Action, StaleCause } from '../model/action.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { Link } from '../model/people.ts';
import type { Task } from '../model/task.ts';
import type { Links } from '../ports/people-store.ts';
import type { Done, TaskProvider } from '../ports/provider.ts';

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
  const link = provider && (await deps.store.links.find(key, key.provider));
  return link && { provider, link };
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
export function closed(read: Done | undefined): Extract<StaleCause, { how: 'done' | 'gone' }> {
  if (!read) return { how: 'gone' };
  return { how: 'done', ...(read.doneAt !== undefined && { at: read.doneAt }) };
}

/** Providers keep whole seconds. */
export function isDueAt(task: Task, wanted: Instant | undefined): boolean {
  return wanted !== undefined && task.dueAt !== undefined && Math.abs(task.dueAt - wanted) < 1_000;
}

/** Links to providers that this Docket is set up for; the others wait in the store until theirs is back. */
export async function usableLinks(
  deps: { store: { links: Links }; providers: ReadonlyMap<ProviderId, TaskProvider> },
  key: RepKey,
): Promise<Link[]> {
  return (await deps.store.links.of(key)).filter((link) => deps.providers.has(link.provider));
}
