/** Renders digests once more after `KEEP_UPDATED_MS`, which takes their buttons off (`blocks/task-list.ts`). */
import { KEEP_UPDATED_MS } from '../model/digest.ts';
import { DeliveryError } from '../model/errors.ts';
import { DAY } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';

type RetireDeps = Pick<Ports, 'store' | 'screen' | 'clock' | 'log'>;

/** Half of the background edits of a minute (`screen.ts`). */
const BATCH = 15;
/** A digest that cannot be edited for this long is given up. */
const GIVE_UP_AFTER_MS = DAY;

/** Runs once a minute in each process: rendering twice does no harm. A failed one is retried in the next run. */
export async function retireDigests(deps: RetireDeps, teamId: string, goOn: () => boolean = () => true): Promise<void> {
  const { store, screen, clock } = deps;
  for (const { id, createdAt } of await store.messages.toRetire(teamId, clock() - KEEP_UPDATED_MS, BATCH)) {
    if (!goOn()) return;
    try {
      await screen.showAgain(id);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      deps.log.warn({ err: error, message: id }, 'an old digest could not be edited');
      if (error.kind === 'rate_limited') return;
      const age = clock() - createdAt;
      if (error.kind === 'unavailable' && age <= KEEP_UPDATED_MS + GIVE_UP_AFTER_MS) continue;
    }
    await store.messages.markRetired(id);
  }
}
