/** Messages to reps, sent by jobs: once for each key, and retried while Slack is away. */
import type { RepKey } from '../model/keys.ts';
import type { Ports } from '../ports/ports.ts';
import type { Notice, Screen } from '../ports/screen.ts';
import type { Tx } from '../ports/transaction.ts';
import { type Handler, newJob, simpleHandler } from './kinds.ts';

export async function enqueueNotice(
  { queue, clock }: Pick<Ports, 'queue' | 'clock'>,
  { key, to: { teamId, userId }, notice }: { key: string; to: RepKey; notice: Notice },
  tx?: Tx,
): Promise<void> {
  await queue.enqueue(newJob(key, { kind: 'notify', teamId, userId, notice }, clock()), tx);
}

export function notifyHandler(screen: Pick<Screen, 'notify'>): Handler<'notify'> {
  return simpleHandler(({ notice, ...rep }) => screen.notify(rep, notice));
}
