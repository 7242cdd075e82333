/**
 * The worker's half of a click: reads the task, has the provider perform the verb, settles the ledger.
 *
 * **Invariant**: nothing regresses (DESIGN 6.7), and an action has at most one effect (6.2): what was not sent is read
 * first, and what may have been sent is recognised before it is sent again.
 */
import type { Change, Job } from './ports.ts';
import { failed, finish, onFailure, type PerformDeps, settle, succeeded } from './settle.ts';
import { findTarget, isDueAt, type Target } from './target.ts';
import { movesDate } from './triage.ts';
import type { Action } from './types.ts';

export async function performAction(deps: PerformDeps, job: Job, actionId: string): Promise<void> {
  const action = await deps.store.ledger.find(actionId);
  if (action?.state !== 'queued') return finish(deps, job);
  const target = await findTarget(deps, action);
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

function changeOf(action: Action): Change {
  if (action.verb === 'done' || action.verb === 'dismiss') return { verb: action.verb };
  if (action.dueAt === undefined) throw new TypeError(`action ${action.id}: ${action.verb} without a due time`);
  return { verb: action.verb, dueAt: action.dueAt };
}
