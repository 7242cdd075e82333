/** Messages to a rep that nobody asked for: durable, once for each key, and tried again while Slack is away. */
import type { RepKey } from '../model/keys.ts';
import type { Queue } from '../ports/queue.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Notice, Screen } from '../ports/screen.ts';
import type { Tx } from '../ports/transaction.ts';
import { type Handler, newJob } from './kinds.ts';

export async function enqueueNotice(
  { queue, clock }: { queue: Queue; clock: Clock },
  { key, to: { teamId, userId }, notice }: { key: string; to: RepKey; notice: Notice },
  tx?: Tx,
): Promise<void> {
  await queue.enqueue(newJob(key, { kind: 'notify', teamId, userId, notice }, clock()), tx);
}

export function notifyHandler(screen: Pick<Screen, 'notify'>): Handler<'notify'> {
  return async ({ notice, ...rep }) => ({
    async run() {
      await screen.notify(rep, notice);
      return {};
    },
  });
}
