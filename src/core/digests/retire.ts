/**
 * A digest that is too old to be kept true (`KEEP_UPDATED_MS`) loses its buttons and says where to look. What it shows follows
 * from its age alone (`blocks/task-list.ts`), so all that is to be done is to render it once more.
 */

import { KEEP_UPDATED_MS } from '../model/digest.ts';
import { DeliveryError } from '../model/errors.ts';
import type { Instant } from '../model/keys.ts';
import { DAY } from '../model/time.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Screen } from '../ports/screen.ts';
import type { Store } from '../ports/store.ts';

export interface RetireDeps {
  store: Store;
  screen: Screen;
  clock: Clock;
  log: Log;
}

/** At a time: half of what edits that nobody waits for may take in a minute (`screen.ts`). */
const BATCH = 15;
/** One that could not be edited for so long never will be. */
const GIVE_UP_AFTER = DAY;

/** Once a minute, by each process: the same digest rendered twice is the same. One that fails is tried at the next. */
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
      if (error.kind === 'unavailable' && !isHopeless(createdAt, clock())) continue;
    }
    await store.messages.markRetired(id);
  }
}

function isHopeless(createdAt: Instant, now: Instant): boolean {
  return now - createdAt > KEEP_UPDATED_MS + GIVE_UP_AFTER;
}
