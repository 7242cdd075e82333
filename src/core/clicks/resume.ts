/**
 * Retries actions that failed because a credential had ended, after a rep signed in again or Docket started with a new
 * key. They had no effect; where an answer was lost, `perform.ts` reads the task first.
 */
import { RECONNECT } from '../jobs/retry.ts';
import type { ProviderId } from '../model/keys.ts';
import { DAY } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import { about, type Tx } from '../ports/transaction.ts';
import { performAgain } from './actions.ts';

/** Older ones wait for a Retry: nobody expects a click of last week to happen now. */
const RESUME_MAX_AGE_MS = 3 * DAY;

/** Without a user: all reps' actions. Returns how many are retried. */
export async function resumeRefused(
  deps: Pick<Ports, 'store' | 'queue' | 'clock'>,
  of: { teamId: string; userId?: string; provider: ProviderId },
  tx: Tx,
): Promise<number> {
  const refused = await deps.store.ledger.failed(of, RECONNECT, deps.clock() - RESUME_MAX_AGE_MS, tx);
  let resumed = 0;
  for (const action of refused) resumed += (await performAgain(deps, action, tx)) ? 1 : 0;
  return resumed;
}

/** A company's credential is in the environment, so it can change at a start. */
export async function resumeRefusedKeys(
  deps: Pick<Ports, 'store' | 'queue' | 'clock' | 'providers' | 'log'>,
  teamId: string,
  markOf: (provider: ProviderId) => string,
): Promise<void> {
  for (const { id: provider, consent } of deps.providers.values()) {
    if (consent) continue;
    const resumed = await deps.store.transact(async (tx) => {
      if (!(await deps.store.connections.noteCredential({ teamId, provider }, markOf(provider), tx))) return 0;
      return resumeRefused(deps, { teamId, provider }, tx);
    }, about({ teamId }));
    if (resumed > 0) deps.log.info({ provider, resumed }, 'went on with what had been refused');
  }
}
