/**
 * How an action ends: in the ledger, in the queue, on the screen.
 *
 * **Invariant**: the ledger is settled in the same transaction that completes the job, and only by the worker whose
 * lease still holds, so a late worker cannot overwrite the outcome of the one that took over.
 */
import { LeaseLost } from '../jobs/lease.ts';
import { tryAgainLater } from '../jobs/notices.ts';
import { attemptOf, CLICK, type Decision, decide } from '../jobs/retry.ts';
import type { Action, ActionState, FailureReason, Waiting } from '../model/action.ts';
import { ProviderError } from '../model/errors.ts';
import type { ProviderId, TaskKey } from '../model/keys.ts';
import type { Receipt, TaskProvider } from '../ports/provider.ts';
import type { Job, Queue } from '../ports/queue.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Screen } from '../ports/screen.ts';
import type { Store } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';
import { showJob } from './show.ts';

export interface PerformDeps {
  store: Store;
  queue: Queue;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  screen: Screen;
  clock: Clock;
  random: () => number;
  log: Log;
}

type Patch = Parameters<Store['ledger']['transition']>[2];

export function succeeded(deps: PerformDeps, action: Action, receipt: Receipt): Patch {
  return {
    attempts: action.attempts + 1,
    waiting: undefined,
    failure: undefined,
    undoFailure: undefined,
    reference: receipt.reference,
    settledAt: deps.clock(),
  };
}

export function failed(deps: PerformDeps, action: Action, reason: FailureReason, error?: unknown): Patch {
  return {
    state: 'failed',
    attempts: action.attempts + 1,
    waiting: undefined,
    failure: reason,
    reference: referenceOf(error),
    settledAt: deps.clock(),
  };
}

export function referenceOf(error: unknown): string | undefined {
  return error instanceof ProviderError ? error.reference : undefined;
}

export async function settle(
  deps: PerformDeps,
  job: Job,
  action: Action,
  from: readonly ActionState[],
  patch: Patch,
): Promise<void> {
  const show = showJob(action, 'settled', deps.clock());
  try {
    await deps.store.transact(async (tx: Tx) => {
      await deps.store.ledger.transition(action.id, { from }, patch, tx);
      if (!(await deps.queue.complete(job, tx))) throw new LeaseLost();
      await deps.queue.enqueue(show, tx);
    });
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    deps.log.warn({ action: action.id, job: job.id }, 'lease lost, outcome left to the other worker');
    return;
  }
  try {
    await deps.screen.showTask(action);
    await deps.queue.cancel(show.key);
  } catch (error) {
    notShown(deps, action, error);
  }
}

export async function showOutcome(
  deps: Pick<PerformDeps, 'screen' | 'queue' | 'clock' | 'random' | 'log'>,
  job: Job,
  task: TaskKey,
): Promise<void> {
  try {
    await deps.screen.showTask(task);
    await deps.queue.complete(job);
  } catch (error) {
    await tryAgainLater(deps, job, error, 'outcome not shown yet');
  }
}

/**
 * Gives the action back for later, or up. A worker whose lease is over leaves both to the one that took over, for the
 * ledger is written in the transaction that gives the job back.
 */
export async function onFailure(
  deps: PerformDeps,
  job: Job,
  action: Action,
  error: unknown,
  giveUp: (reason: FailureReason) => Promise<void>,
): Promise<void> {
  const decision = decide(error, attemptOf(job, deps), CLICK);
  const fields = { err: error, action: action.id, verb: action.verb, provider: action.provider, attempt: job.attempt };
  if ('fail' in decision) {
    deps.log.error(fields, 'action failed');
    return giveUp(decision.fail);
  }
  deps.log.warn({ ...fields, until: new Date(decision.until).toISOString() }, 'action failed, will be tried again');
  await tryAgain(deps, job, action, error, decision);
}

/** A shorter pause is over before the rep could have read of it. */
const WORTH_TELLING = 5_000;

async function tryAgain(
  deps: PerformDeps,
  job: Job,
  action: Action,
  error: unknown,
  { again, reason, until }: Extract<Decision, { again: unknown }>,
): Promise<void> {
  const isShort = again.runAt - deps.clock() < WORTH_TELLING;
  const waiting = isShort || saysTheSame(action.waiting, reason) ? action.waiting : { reason, until };
  const isNews = waiting?.reason !== action.waiting?.reason || waiting?.until !== action.waiting?.until;
  const attempts = action.attempts + (again.free ? 0 : 1);
  // Where nothing had been sent before, nothing has been sent now: the action can be withdrawn again, and is read again. A
  // worker that took the job over does not know what the one before it had sent.
  const first = action.sentAt === undefined && job.attempt === 1;
  const unsent = first && wasNotDone(error) ? { sentAt: undefined } : {};
  try {
    await deps.store.transact(async (tx) => {
      await deps.store.ledger.transition(action.id, { from: [action.state] }, { attempts, waiting, ...unsent }, tx);
      const retry = { ...again, error: error instanceof Error ? error.message : 'unknown' };
      if (!(await deps.queue.retry(job, retry, tx))) throw new LeaseLost();
    });
  } catch (lost) {
    if (!(lost instanceof LeaseLost)) throw lost;
    return;
  }
  if (isNews) await deps.screen.showTask(action).catch((failed: unknown) => notShown(deps, action, failed));
}

/** While a provider is away, a click is tried now and then: that is no news each time. */
function saysTheSame(waiting: Waiting | undefined, reason: FailureReason): boolean {
  return waiting?.reason === 'away' && (reason === 'unavailable' || reason === 'unreadable');
}

/** The provider said that it did nothing, or was not asked. */
function wasNotDone(error: unknown): boolean {
  return error instanceof ProviderError && (error.kind === 'rate_limited' || error.kind === 'away');
}

function notShown({ log }: PerformDeps, action: Action, error: unknown): void {
  log.warn({ err: error, action: action.id }, 'outcome not shown yet');
}
