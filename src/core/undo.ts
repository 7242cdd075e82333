/** The worker's half of Undo: has the provider take a verb back, and settles the ledger. */
import type { Job } from './ports.ts';
import { finish, onFailure, type PerformDeps, referenceOf, settle, succeeded } from './settle.ts';
import { findTarget, isDueAt, isSameAccount, type Target } from './target.ts';
import { movesDate } from './triage.ts';
import type { Action, FailureReason } from './types.ts';

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
  const target = await findTarget(deps, action);
  if (!target || !isSameAccount(action, target)) return giveUp('not_linked');
  try {
    const found = await beforeUndo(action, target);
    if (found === 'moved') return await giveUp('conflict');
    if (found !== 'send') {
      const state = found === 'stale' ? 'stale' : 'undone';
      return await settle(deps, job, action, ['undoing'], { state, settledAt: deps.clock() });
    }
    const receipt = await target.provider.undo(target.link, action.task, action.verb, {
      priority: 'click',
    });
    await settle(deps, job, action, ['undoing'], { ...succeeded(deps, action, receipt), state: 'undone' });
  } catch (error) {
    await onFailure(deps, job, action, error, (reason) => giveUp(reason, error));
  }
}

/**
 * A moved date is taken back only while it is still ours: a task that was closed or moved at the provider since is left
 * alone. Closed tasks cannot be read everywhere, so Undo of done and dismiss is sent as it is.
 */
async function beforeUndo(action: Action, target: Target): Promise<'send' | 'happened' | 'stale' | 'moved'> {
  if (!movesDate(action)) return 'send';
  const task = await target.provider.readTask(target.link, action.taskId, { priority: 'click' });
  if (!task) return 'stale';
  if (isDueAt(task, action.task.dueAt)) return 'happened';
  return isDueAt(task, action.dueAt) ? 'send' : 'moved';
}
