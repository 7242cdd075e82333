/**
 * A digest that is too old to be kept true (`KEEP_TRUE_FOR`) loses its buttons and says where to look. What it shows follows
 * from its age alone (`blocks/task-list.ts`), so all that is to be done is to render it once more.
 */
import { DeliveryError } from './errors.ts';
import { tryAgainLater } from './notices.ts';
import type { Clock, Job, Log, Queue, Screen, Store } from './ports.ts';
import { MINUTE } from './time.ts';
import { KEEP_TRUE_FOR } from './types.ts';

export interface RetireDeps {
  store: Store;
  queue: Queue;
  screen: Screen;
  clock: Clock;
  random: () => number;
  log: Log;
}

/** A minute: half of what edits that nobody waits for may take (`screen.ts`). */
const BATCH = 15;

/** Once a minute, by whichever process ticks first; nothing when there is nothing to do. */
export async function enqueueRetiring({ store, queue, clock }: RetireDeps, teamId: string): Promise<void> {
  const now = clock();
  const [oldest] = await store.messages.toRetire(teamId, now - KEEP_TRUE_FOR, 1);
  if (oldest === undefined) return;
  const key = `retire:${teamId}:${Math.floor(now / MINUTE)}`;
  await queue.enqueue({ key, payload: { kind: 'retire', teamId }, priority: 0, runAt: now });
}

/** One that Slack will not have edited any more, because it was deleted for example, is as good as retired. */
export async function retireDigests(deps: RetireDeps, job: Job, teamId: string): Promise<void> {
  const { store, screen, queue, clock } = deps;
  try {
    for (const id of await store.messages.toRetire(teamId, clock() - KEEP_TRUE_FOR, BATCH)) {
      await screen.showAgain(id).catch((error: unknown) => {
        if (!(error instanceof DeliveryError && error.kind === 'permanent')) throw error;
        deps.log.warn({ err: error, message: id }, 'an old digest can no longer be edited');
      });
      await store.messages.markRetired(id);
    }
    await queue.complete(job);
  } catch (error) {
    await tryAgainLater(deps, job, error, 'could not take the buttons off old digests');
  }
}
