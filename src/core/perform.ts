/**
 * The worker's half of a click: reads the task, has the provider perform or undo, settles the ledger.
 *
 * **Invariant**: the ledger is settled in the same transaction that completes the job, and only by the worker whose
 * lease still holds, so a late worker cannot overwrite the outcome of the one that took over.
 */

import { CLICK_JOB_PRIORITY } from './click.ts';
import { ProviderError } from './errors.ts';
import type { Change, Clock, Job, Links, NewJob, Queue, Receipt, Screen, Store, TaskProvider, Tx } from './ports.ts';
import { CLICK, decide } from './retry.ts';
import type { Action, ActionState, FailureReason, Instant, Link, ProviderId, Task, TaskKey } from './types.ts';

export interface PerformDeps {
  store: Store;
  queue: Queue;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  screen: Screen;
  clock: Clock;
  random: () => number;
  log: Log;
}

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Thrown inside the settling transaction to roll it back: another worker owns the job now. */
class LeaseLost extends Error {}

type Patch = Parameters<Store['ledger']['transition']>[2];

export async function performAction(deps: PerformDeps, job: Job, actionId: string): Promise<void> {
  const action = await deps.store.ledger.find(actionId);
  if (action?.state !== 'queued') return finish(deps, job);
  const target = await resolve(deps, action);
  if (!target) return settle(deps, job, action, ['queued'], failed(deps, action, 'not_linked'));
  try {
    const ready =
      action.sentAt === undefined ? await prepare(deps, action, target, job) : await resume(action, target, job);
    if (ready === 'stale') {
      return await settle(deps, job, action, ['queued'], { state: 'stale', settledAt: deps.clock() });
    }
    if (ready === 'withdrawn') return await finish(deps, job);
    if (ready === 'happened') {
      const receipt = { reference: action.reference };
      return await settle(deps, job, action, ['queued'], { ...succeeded(deps, action, receipt), state: 'succeeded' });
    }
    const receipt = await target.provider.perform(target.link.externalId, ready.task, changeOf(ready), {
      priority: 'click',
    });
    await settle(deps, job, action, ['queued'], { ...succeeded(deps, action, receipt), state: 'succeeded' });
  } catch (error) {
    await onFailure(deps, job, action, error, (reason) =>
      settle(deps, job, action, ['queued'], failed(deps, action, reason, error)),
    );
  }
}

export async function undoAction(deps: PerformDeps, job: Job, actionId: string): Promise<void> {
  const action = await deps.store.ledger.find(actionId);
  if (action?.state !== 'undoing') return finish(deps, job);
  const giveUp = (reason: FailureReason, error?: unknown) =>
    settle(deps, job, action, ['undoing'], {
      state: 'succeeded',
      undoFailure: reason,
      attempts: action.attempts + 1,
      reference: referenceOf(error) ?? action.reference,
    });
  const target = await resolve(deps, action);
  if (!target) return giveUp('not_linked');
  try {
    const found = await beforeUndo(action, target);
    if (found === 'moved') return await giveUp('conflict');
    if (found !== 'send') {
      const state = found === 'stale' ? 'stale' : 'undone';
      return await settle(deps, job, action, ['undoing'], { state, settledAt: deps.clock() });
    }
    const receipt = await target.provider.undo(target.link.externalId, action.task, action.verb, {
      priority: 'click',
    });
    await settle(deps, job, action, ['undoing'], { ...succeeded(deps, action, receipt), state: 'undone' });
  } catch (error) {
    await onFailure(deps, job, action, error, (reason) => giveUp(reason, error));
  }
}

interface Target {
  link: Link;
  provider: TaskProvider;
}

/** The rep's own link, looked up now: it may have gone since the click. */
async function resolve(
  deps: { store: { links: Links }; providers: PerformDeps['providers'] },
  action: Action,
): Promise<Target | undefined> {
  const provider = deps.providers.get(action.provider);
  const link = (await deps.store.links.of(action)).find((candidate) => candidate.provider === action.provider);
  return provider && link ? { provider, link } : undefined;
}

/**
 * Reads the task as it is now, so that nothing regresses and Undo goes back to the truth, and marks the action as sent
 * before anything is. Once that mark stands, an effect is possible and the action can no longer be withdrawn.
 */
async function prepare(
  deps: PerformDeps,
  action: Action,
  target: Target,
  job: Job,
): Promise<Action | 'stale' | 'withdrawn' | 'happened'> {
  const task = await target.provider.readTask(target.link.externalId, action.taskId, { priority: 'click' });
  if (!task) return 'stale';
  const marked = await deps.store.ledger.transition(
    action.id,
    { from: ['queued'], unsent: true },
    { task, sentAt: deps.clock() },
  );
  if (marked) return marked;
  // Withdrawn by Undo, or marked by a worker that was only slow: that one can settle nothing any more, so we go on.
  const current = await deps.store.ledger.find(action.id);
  return current?.state === 'queued' ? resume(current, target, job) : 'withdrawn';
}

/**
 * Something may have gone out already, and its answer was lost. Within seconds, what does the same twice as once is
 * simply sent again. Of anything else, and after a Retry, the provider is asked first whether it has happened. The action
 * keeps the task as it was before the first sending, because that is what Undo goes back to.
 */
async function resume(action: Action, target: Target, job: Job): Promise<Action | 'happened' | 'stale'> {
  const repeatable = target.provider.capabilities.verbs[action.verb]?.repeatable === true;
  if (repeatable && job.attempt > 1) return action;
  const task = await target.provider.readTask(target.link.externalId, action.taskId, { priority: 'click' });
  if (!movesDate(action)) return task ? action : 'happened';
  if (!task) return 'stale';
  return isDueAt(task, action.dueAt) ? 'happened' : action;
}

function movesDate({ verb }: Action): boolean {
  return verb === 'snooze' || verb === 'reschedule';
}

/**
 * A moved date is taken back only while it is still ours: a task that was closed or moved at the provider since is left
 * alone. Closed tasks cannot be read everywhere, so Undo of done and dismiss is sent as it is.
 */
async function beforeUndo(action: Action, target: Target): Promise<'send' | 'happened' | 'stale' | 'moved'> {
  if (!movesDate(action)) return 'send';
  const task = await target.provider.readTask(target.link.externalId, action.taskId, { priority: 'click' });
  if (!task) return 'stale';
  if (isDueAt(task, action.task.dueAt)) return 'happened';
  return isDueAt(task, action.dueAt) ? 'send' : 'moved';
}

/** Providers keep whole seconds. */
function isDueAt(task: Task, wanted: Instant | undefined): boolean {
  return wanted !== undefined && task.dueAt !== undefined && Math.abs(task.dueAt - wanted) < 1_000;
}

function changeOf(action: Action): Change {
  if (action.verb === 'done' || action.verb === 'dismiss') return { verb: action.verb };
  if (action.dueAt === undefined) throw new TypeError(`action ${action.id}: ${action.verb} without a due time`);
  return { verb: action.verb, dueAt: action.dueAt };
}

function succeeded(deps: PerformDeps, action: Action, receipt: Receipt): Patch {
  return {
    attempts: action.attempts + 1,
    failure: undefined,
    undoFailure: undefined,
    reference: receipt.reference,
    settledAt: deps.clock(),
  };
}

function failed(deps: PerformDeps, action: Action, reason: FailureReason, error?: unknown): Patch {
  return {
    state: 'failed',
    attempts: action.attempts + 1,
    failure: reason,
    reference: referenceOf(error) ?? action.reference,
    settledAt: deps.clock(),
  };
}

function referenceOf(error: unknown): string | undefined {
  return error instanceof ProviderError ? error.reference : undefined;
}

async function finish(deps: PerformDeps, job: Job): Promise<void> {
  await deps.queue.complete(job);
}

async function settle(
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
    deps.log.warn({ err: error, action: action.id }, 'outcome not shown yet');
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

export async function showOutcome(deps: Pick<PerformDeps, 'screen' | 'queue'>, job: Job, task: TaskKey): Promise<void> {
  await deps.screen.showTask(task);
  await deps.queue.complete(job);
}

async function onFailure(
  deps: PerformDeps,
  job: Job,
  action: Action,
  error: unknown,
  giveUp: (reason: FailureReason) => Promise<void>,
): Promise<void> {
  const decision = decide(
    error,
    { number: job.attempt, since: job.enqueuedAt, now: deps.clock(), random: deps.random() },
    CLICK,
  );
  const fields = { err: error, action: action.id, verb: action.verb, provider: action.provider, attempt: job.attempt };
  if ('again' in decision) {
    deps.log.warn(fields, 'action failed, will be tried again');
    await deps.queue.retry(job, { ...decision.again, error: error instanceof Error ? error.message : 'unknown' });
    return;
  }
  deps.log.error(fields, 'action failed');
  await giveUp(decision.fail);
}
