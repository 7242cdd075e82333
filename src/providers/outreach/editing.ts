/** What a rep can edit of a task besides its state and time. */
import type { Choice, Editing } from '../../core/ports/provider.ts';
import type { OutreachClient } from './client.ts';
import { findTask } from './reading.ts';
import { isOpenOf } from './tasks.ts';

/** Which opportunity a task counts for (seed). */
export const RULES: readonly Choice[] = [
  { value: 'recent_created', text: 'Most recently created opportunity' },
  { value: 'recent_updated', text: 'Most recently updated opportunity' },
  { value: 'noop', text: 'No opportunity' },
];

export function createEditing(client: OutreachClient): Editing {
  return {
    rules: RULES,
    /** The note as it is, HTML included, for that is what will be replaced; no rule is an empty one. */
    async read(account, taskId, options) {
      const found = await findTask(client, account, taskId, options);
      if (!found || !isOpenOf(found.task, account.externalId)) return undefined;
      const { note, opportunityAssociation } = found.task.attributes;
      return { note: note ?? '', rule: opportunityAssociation ?? '' };
    },
  };
}
