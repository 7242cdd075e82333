/** Forms of a task's edits: their starting values, and new owners. */
import type { ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import type { Choice, TaskProvider } from '../ports/provider.ts';
import type { Store } from '../ports/store.ts';
import { findTarget } from './target.ts';

/** How long a window shows that it asks, in milliseconds. */
const READ_TIMEOUT_MS = 12_000;

type FormValues =
  | { is: 'read'; note: string; rule: string; rules: readonly Choice[] }
  /** The task is no longer open. */
  | { is: 'gone' }
  | { is: 'not_linked' };

export interface Edits {
  /** Throws `ProviderError`. */
  read(task: TaskKey): Promise<FormValues>;
  /** Whom a provider knows a rep as; undefined for someone who left, or has no link there. */
  owner(rep: RepKey, provider: ProviderId): Promise<{ externalId: string; name: string } | undefined>;
}

export function createEdits(deps: { store: Store; providers: ReadonlyMap<ProviderId, TaskProvider> }): Edits {
  return {
    async read(task) {
      const target = await findTarget(deps, task);
      const editing = target?.provider.editing;
      if (!target || !editing) return { is: 'not_linked' };
      const options = { priority: 'person', signal: AbortSignal.timeout(READ_TIMEOUT_MS) } as const;
      const now = await editing.read(target.link, task.taskId, options);
      return now ? { is: 'read', ...now, rules: editing.rules } : { is: 'gone' };
    },
    async owner(key, provider) {
      const rep = await deps.store.reps.find(key);
      const link = await deps.store.links.find(key, provider);
      return rep?.active && link ? { externalId: link.externalId, name: rep.name } : undefined;
    },
  };
}
