/**
 * What a provider refused because a credential had ended is gone on with once that was mended: a rep signed in again, or
 * Docket was started with another key. What was refused was not done; where an answer was lost before, `perform.ts` reads
 * first, and it reads each task anew, so nothing that was changed meanwhile is trampled on.
 */

import { RECONNECT } from '../jobs/retry.ts';
import type { ProviderId } from '../model/keys.ts';
import { DAY } from '../model/time.ts';
import type { Log } from '../ports/runtime.ts';
import type { Tx } from '../ports/transaction.ts';
import { type ClickDeps, performAgain } from './record.ts';

/** Older ones wait for the rep to say so: nobody expects a click of last week to happen now. */
const RESUMED_WITHIN = 3 * DAY;

/** Without a rep: everyone's at that provider. Returns how many go on. */
export async function resumeRefused(
  deps: Pick<ClickDeps, 'store' | 'queue' | 'clock'>,
  of: { teamId: string; userId?: string; provider: ProviderId },
  tx: Tx,
): Promise<number> {
  const since = deps.clock() - RESUMED_WITHIN;
  const refused = await deps.store.ledger.failed(of, RECONNECT, since, tx);
  let resumed = 0;
  for (const action of refused) resumed += (await performAgain(deps, action, tx)) ? 1 : 0;
  return resumed;
}

/** A company's credential stands in the environment, so a start may have brought a better one. Reps sign in by themselves. */
export async function resumeRefusedKeys(
  deps: Pick<ClickDeps, 'store' | 'queue' | 'clock' | 'providers'> & { log: Log },
  teamId: string,
  markOf: (provider: ProviderId) => string,
): Promise<void> {
  for (const { id: provider, consent } of deps.providers.values()) {
    if (consent) continue;
    const resumed = await deps.store.transact(async (tx) => {
      if (!(await deps.store.connections.noteCredential(provider, markOf(provider), tx))) return 0;
      return resumeRefused(deps, { teamId, provider }, tx);
    });
    if (resumed > 0) deps.log.info({ provider, resumed }, 'went on with what had been refused');
  }
}
