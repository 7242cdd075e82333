/** The edit forms of a task. */
import type { ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import type { Ports } from '../ports/ports.ts';
import type { Choice } from '../ports/provider.ts';
import { findTarget } from './target.ts';

/** The window shows that it loads meanwhile. */
const READ_TIMEOUT_MS = 12_000;

type FormValues =
  | { is: 'read'; note: string; rule: string; rules: readonly Choice[] }
  /** The task is no longer open. */
  | { is: 'gone' }
  | { is: 'not_linked' };

export type Edits = ReturnType<typeof createEdits>;

export function createEdits(deps: Pick<Ports, 'store' | 'providers'>) {
  return {
    /** Throws `ProviderError`. */
    async read(task: TaskKey): Promise<FormValues> {
      const target = await findTarget(deps, task);
      const editing = target?.provider.editing;
      if (!target || !editing) return { is: 'not_linked' };
      const options = { priority: 'person', signal: AbortSignal.timeout(READ_TIMEOUT_MS) } as const;
      const now = await editing.read(target.link, task.taskId, options);
      return now ? { is: 'read', ...now, rules: editing.rules } : { is: 'gone' };
    },
    /** The rep's user at the provider; undefined for a rep who left or has no link there. */
    async owner(key: RepKey, provider: ProviderId): Promise<{ externalId: string; name: string } | undefined> {
      const rep = await deps.store.reps.find(key);
      const link = await deps.store.links.find(key, provider);
      return rep?.active && link ? { externalId: link.externalId, name: rep.name } : undefined;
    },
  };
}
