/** The end of an action: written to the ledger, and then shown. */
import { type Ended, newJob, type Trouble } from '../jobs/kinds.ts';
import { type Action, type Waiting, waitingOf } from '../model/action.ts';
import { ProviderError } from '../model/errors.ts';
import type { Instant } from '../model/keys.ts';
import * as transitions from '../model/transitions.ts';
import type { Job, NewJob, Queue } from '../ports/queue.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Screen } from '../ports/screen.ts';
import type { Store } from '../ports/store.ts';

export interface SettleDeps {
  store: Store;
  queue: Queue;
  screen: Screen;
  clock: Clock;
}

/** Long after the outcome was shown, if nothing went wrong. */
const SHOW_AGAIN_AFTER = 10_000;

/**
 * Shows an outcome if the process dies before it is shown. `what` tells apart the outcomes that one action may have between
 * two attempts.
 */
export function showJob(action: Action, what: 'settled' | 'withdrawn' | 'dropped', now: Instant): NewJob {
  const { teamId, userId, provider, taskId } = action;
  const payload = { kind: 'show', teamId, userId, provider, taskId } as const;
  return newJob(`show:${action.id}:${action.attempts}:${what}`, payload, now + SHOW_AGAIN_AFTER);
}

export function settled(deps: SettleDeps, action: Action, next: (action: Action) => Action | undefined): Ended {
  const show = showJob(action, 'settled', deps.clock());
  return {
    async write(tx) {
      await deps.store.ledger.transition(action.id, next, tx);
      await deps.queue.enqueue(show, tx);
    },
    async after() {
      await deps.screen.showTask(action);
      await deps.queue.cancel(show.key);
    },
  };
}

export function referenceOf(error: unknown): string | undefined {
  return error instanceof ProviderError ? error.reference : undefined;
}

/** A shorter pause is over before the rep could have read of it. */
const WORTH_TELLING = 5_000;

/** The action waits to be tried again. Its rows say so once that takes longer. */
export function delayed(
  deps: SettleDeps,
  job: Job,
  action: Action,
  { error, decision: { again, reason, until } }: Trouble,
): Ended {
  const before = waitingOf(action);
  const isShort = again.runAt - deps.clock() < WORTH_TELLING;
  const waiting = isShort || saysTheSame(before, reason) ? before : { reason, until };
  const isNews = waiting?.reason !== before?.reason || waiting?.until !== before?.until;
  const attempts = action.attempts + (again.free ? 0 : 1);
  // Where nothing had been sent before, nothing has been sent now: the action can be withdrawn again, and is read again. A
  // worker that took the job over does not know what the one before it had sent.
  const unsent = action.sentAt === undefined && job.attempt === 1 && wasNotDone(error);
  return {
    write: (tx) => {
      const next = (now: Action) =>
        now.state === action.state ? transitions.wait(now, { attempts, waiting, unsent }) : undefined;
      return deps.store.ledger.transition(action.id, next, tx);
    },
    ...(isNews && { after: () => deps.screen.showTask(action) }),
  };
}

/** While a provider is away, a click is tried now and then: that is no news each time. */
function saysTheSame(waiting: Waiting | undefined, reason: Waiting['reason']): boolean {
  return waiting?.reason === 'away' && (reason === 'unavailable' || reason === 'unreadable');
}

/** The provider said that it did nothing, or was not asked. */
function wasNotDone(error: unknown): boolean {
  return error instanceof ProviderError && (error.kind === 'rate_limited' || error.kind === 'away');
}
