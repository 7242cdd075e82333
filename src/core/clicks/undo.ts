/** The worker's half of Undo: has the provider take a verb back, and settles the ledger. */

import { SENT_WITHIN, urgencyOf } from '../jobs/lease.ts';
import type { Action, FailureReason, Found, Undo } from '../model/action.ts';
import { movesDate } from '../model/action-rules.ts';
import type { CallOptions } from '../ports/provider.ts';
import type { Job } from '../ports/queue.ts';
import { onFailure, type PerformDeps, referenceOf, settle, succeeded } from './settle.ts';
import { closed, findTarget, isDueAt, isOpen, isSameAccount, type Target } from './target.ts';

export async function undoAction(deps: PerformDeps, job: Job, actionId: string): Promise<void> {
  const action = await deps.store.ledger.find(actionId);
  if (action?.state !== 'undoing') return void (await deps.queue.complete(job));
  const giveUp = (reason: FailureReason, error?: unknown) =>
    settle(deps, job, action, ['undoing'], notUndone(deps, action, reason, error));
  const target = await findTarget(deps, action);
  if (!target || !isSameAccount(action, target)) return giveUp('not_linked');
  try {
    const urgency = urgencyOf(deps, job);
    const found = await beforeUndo(action, target, urgency);
    if (found === 'moved') return await giveUp('conflict');
    const settledAt = deps.clock();
    if (typeof found === 'object') {
      return await settle(deps, job, action, ['undoing'], { state: 'stale', found, waiting: undefined, settledAt });
    }
    const undo = { how: 'reversed', askedAt: action.undo?.askedAt ?? settledAt, doneAt: settledAt } as const;
    if (found === 'happened') {
      return await settle(deps, job, action, ['undoing'], { state: 'undone', undo, waiting: undefined, settledAt });
    }
    const options = { ...urgency, signal: AbortSignal.timeout(SENT_WITHIN) };
    const { reference } = await target.provider.undo(target.link, action.task, action.verb, options);
    await settle(deps, job, action, ['undoing'], {
      ...succeeded(deps, action, { reference: action.reference }),
      state: 'undone',
      undo: { ...undo, doneAt: deps.clock(), ...(reference !== undefined && { reference }) },
    });
  } catch (error) {
    await onFailure(deps, job, action, error, (reason) => giveUp(reason, error));
  }
}

export function notUndone(
  { clock }: Pick<PerformDeps, 'clock'>,
  action: Action,
  reason: FailureReason,
  error?: unknown,
) {
  return {
    state: 'succeeded',
    undoFailure: reason,
    waiting: undefined,
    attempts: action.attempts + 1,
    // That of the change itself stays beside it.
    undo: { how: 'reversed', askedAt: action.undo?.askedAt ?? clock(), ...referenceIn(error) },
  } as const;
}

function referenceIn(error: unknown): Pick<Undo, 'reference'> {
  const reference = referenceOf(error);
  return reference === undefined ? {} : { reference };
}

/**
 * A moved date is taken back only while it is still ours: a task that was closed or moved at the provider since is left
 * alone. Closed tasks cannot be read everywhere, so Undo of done and dismiss is sent as it is.
 */
async function beforeUndo(
  action: Action,
  target: Target,
  urgency: CallOptions,
): Promise<'send' | 'happened' | 'moved' | Found> {
  if (!movesDate(action)) return 'send';
  const task = await target.provider.readTask(target.link, action.taskId, urgency);
  if (!isOpen(task)) return closed(task);
  if (isDueAt(task, action.task.dueAt)) return 'happened';
  return isDueAt(task, action.dueAt) ? 'send' : 'moved';
}
