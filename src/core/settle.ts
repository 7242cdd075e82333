/**
 * How an action ends: in the ledger, in the queue, on the screen.
 *
 * **Invariant**: the ledger is settled in the same transaction that completes the job, and only by the worker whose
 * lease still holds, so a late worker cannot overwrite the outcome of the one that took over.
 */
import { CLICK_JOB_PRIORITY } from './click.ts';
import { ProviderError } from './errors.ts';
import { tryAgainLater } from './notices.ts';
import type { Clock, Job, Log, NewJob, Queue, Screen, Store, Tx } from './ports.ts';
import type { Receipt, TaskProvider } from './provider.ts';
import { attemptOf, CLICK, type Decision, decide } from './retry.ts';
import type { Action, ActionState, FailureReason, ProviderId, TaskKey, Waiting } from './types.ts';

export interface PerformDeps {
  store: Store;
  queue: Queue;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  screen: Screen;
  clock: Clock;
  random: () => number;
  log: Log;
}

/** Thrown inside a settling transaction to roll it back: another worker owns the job now. */
export class LeaseLost extends Error {}

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

/** How long one sending may take, its turn behind others included. */
export const SENT_WITHIN = 45_000;
const LEASE_WHILE_SENDING = 60_000;

/**
 * Keeps a job until whatever is sent now has been given up, so that whoever takes it over afterwards reads what came of it.
 * False: another worker has it. A process that stood still while it asked has used part of the lease up, and asks again.
 */
export async function holdWhileSending(
  { queue, clock }: Pick<PerformDeps, 'queue' | 'clock'>,
  job: Job,
): Promise<boolean> {
  for (;;) {
    const until = clock() + LEASE_WHILE_SENDING;
    if (!(await queue.extend(job, until))) return false;
    if (until - clock() > SENT_WITHIN) return true;
  }
}

export async function finish(deps: PerformDeps, job: Job): Promise<void> {
  await deps.queue.complete(job);
}

export async function settle(
  deps: PerformDeps,
  job: Job,
  action: Action,
  from: readonly ActionState[],
  patch: Patch,
): Promise<void> {
  const show = showJob(deps, action);
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

/** Long after the outcome was shown, if nothing went wrong. */
const SHOW_AGAIN_AFTER = 10_000;

/** A crash right after settling must leave no row that says "being done" for ever: then this job shows the outcome. */
function showJob({ clock }: PerformDeps, action: Action): NewJob {
  const { teamId, userId, provider, taskId } = action;
  return {
    key: `show:${action.id}:${action.attempts}`,
    payload: { kind: 'show', teamId, userId, provider, taskId },
    priority: CLICK_JOB_PRIORITY,
    runAt: clock() + SHOW_AGAIN_AFTER,
  };
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
  const waiting: Waiting | undefined = again.runAt - deps.clock() < WORTH_TELLING ? action.waiting : { reason, until };
  const isNews = waiting?.reason !== action.waiting?.reason || waiting?.until !== action.waiting?.until;
  const attempts = action.attempts + (again.free ? 0 : 1);
  try {
    await deps.store.transact(async (tx) => {
      await deps.store.ledger.transition(action.id, { from: [action.state] }, { attempts, waiting }, tx);
      const retry = { ...again, error: error instanceof Error ? error.message : 'unknown' };
      if (!(await deps.queue.retry(job, retry, tx))) throw new LeaseLost();
    });
  } catch (lost) {
    if (!(lost instanceof LeaseLost)) throw lost;
    return;
  }
  if (isNews) await deps.screen.showTask(action).catch((failed: unknown) => notShown(deps, action, failed));
}

function notShown({ log }: PerformDeps, action: Action, error: unknown): void {
  log.warn({ err: error, action: action.id }, 'outcome not shown yet');
}
