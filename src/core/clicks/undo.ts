/** The job of Undo: has the provider reverse a verb, and settles the action. */
import type { Ended, Handler } from '../jobs/kinds.ts';
import { sendingOptions, urgencyOf } from '../jobs/lease.ts';
import { type ActionIn, dueAtOf, type FailureReason, type StaleCause } from '../model/action.ts';
import { movesDate } from '../model/action-rules.ts';
import { isDueAt } from '../model/task.ts';
import * as transitions from '../model/transitions.ts';
import type { CallOptions } from '../ports/provider.ts';
import type { Job } from '../ports/queue.ts';
import type { PerformDeps } from './perform.ts';
import { delayed, referenceOf, settled } from './settle.ts';
import { closed, findTarget, isOpen, isSameAccount, type Target } from './target.ts';

type Undoing = ActionIn<'undoing'>;

export function undoHandler(deps: PerformDeps): Handler<'undo'> {
  return async ({ actionId }, job) => {
    const action = await deps.store.ledger.find(actionId);
    if (action?.state !== 'undoing') return undefined;
    return {
      run: () => undo(deps, job, action),
      again: (trouble) => delayed(deps, job, action, trouble),
      giveUp: ({ reason, error }) => notUndone({ deps, job }, action, reason, referenceOf(error)),
    };
  };
}

async function undo(deps: PerformDeps, job: Job, action: Undoing): Promise<Ended> {
  const target = await findTarget(deps, action);
  if (!target || !isSameAccount(action, target)) return notUndone({ deps, job }, action, 'not_linked');
  const found = await beforeUndo(action, target, urgencyOf(deps, job));
  if (found === 'moved') return notUndone({ deps, job }, action, 'conflict');
  if (typeof found === 'object') {
    return settled(deps, job, action, (now) => transitions.leaveAlone(now, found, deps.clock()));
  }
  const undone = (reference: string | undefined) =>
    settled(deps, job, action, (now) => transitions.undo(now, reference, deps.clock()));
  if (found === 'happened') return undone(undefined);
  const { provider, link } = target;
  const receipt = await provider.undo(link, action.task, action.change.verb, sendingOptions(deps, job));
  return undone(receipt.reference);
}

function notUndone(
  { deps, job }: { deps: PerformDeps; job: Job },
  action: Undoing,
  reason: FailureReason,
  reference?: string,
): Ended {
  return settled(deps, job, action, (now) => transitions.failUndo(now, reason, reference));
}

/**
 * A moved date is restored only if nobody changed the task since. Closed tasks cannot be read everywhere, so Undo of
 * done and dismiss is sent without reading.
 */
async function beforeUndo(
  action: Undoing,
  target: Target,
  urgency: CallOptions,
): Promise<'send' | 'happened' | 'moved' | StaleCause> {
  if (!movesDate(action.change.verb)) return 'send';
  const task = await target.provider.readTask(target.link, action.taskId, urgency);
  if (!isOpen(task)) return closed(task);
  if (isDueAt(task, action.task.dueAt)) return 'happened';
  return isDueAt(task, dueAtOf(action)) ? 'send' : 'moved';
}
