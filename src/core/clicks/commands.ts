/**
 * Which typed commands were carried out, so that one that is delivered again acts once. A job's key is known whatever
 * became of the job, so a job that is cancelled as it is written is a note of its key.
 */
import { newJob } from '../jobs/kinds.ts';
import type { RepKey, TaskKey } from '../model/keys.ts';
import type { Ports } from '../ports/ports.ts';
import type { Tx } from '../ports/transaction.ts';

/** `command`: the trigger or the message with which it came. */
function commandKey({ teamId, userId }: RepKey, command: string): string {
  return `typed:${teamId}:${userId}:${command}`;
}

export function knowsCommand({ queue }: Pick<Ports, 'queue'>, rep: RepKey, command: string, tx?: Tx): Promise<boolean> {
  return queue.knows(commandKey(rep, command), tx);
}

/** In the transaction of what it does. */
export async function noteCommand(
  { queue, clock }: Pick<Ports, 'queue' | 'clock'>,
  { teamId, userId, provider, taskId }: TaskKey,
  command: string,
  tx: Tx,
): Promise<void> {
  const key = commandKey({ teamId, userId }, command);
  await queue.enqueue(newJob(key, { kind: 'show', teamId, userId, provider, taskId }, clock()), tx);
  await queue.cancel(key, tx);
}
