/** Finds the workspace of a job. */
import type { JobPayload } from '../ports/queue.ts';
import type { Store } from '../ports/store.ts';

type Reads = Pick<Store, 'ledger' | 'messages' | 'sweeps'>;

/**
 * The workspace of a job. An older version's job may not name it, and then what it is about does. undefined: nothing does,
 * because it is gone, or because the job is of a time when there was one workspace.
 */
export async function workspaceOf(store: Reads, payload: JobPayload): Promise<string | undefined> {
  if ('teamId' in payload && payload.teamId !== undefined) return payload.teamId;
  if ('actionId' in payload) return (await store.ledger.find(payload.actionId))?.teamId;
  if ('sweepId' in payload) return (await store.sweeps.find(payload.sweepId))?.teamId;
  if ('messageId' in payload) return (await store.messages.load(payload.messageId))?.teamId;
  return 'rep' in payload ? payload.rep?.teamId : undefined;
}
