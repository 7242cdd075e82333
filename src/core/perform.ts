/**
 * The worker's half of a click: reads the task, has the provider perform the verb, settles the ledger.
 *
 * **Invariant**: nothing regresses (DESIGN 6.7), and an action has at most one effect (6.2): what was not sent is read
 * first, and what may have been sent is recognised before it is sent again.
 */

import type { Job } from './ports.ts';
import type { Change } from './provider.ts';
import {
  failed,
  finish,
  holdWhileSending,
  onFailure,
  type PerformDeps,
  SENT_WITHIN,
  settle,
  succeeded,
} from './settle.ts';
import { findTarget, isDueAt, isSameAccount, type Target } from './target.ts';
import { keepsOpen, movesDate } from './triage.ts';
import type { Action, FailureReason } from './types.ts';

export async function performAction(deps: PerformDeps, job: Job, actionId: string): Promise<void> {
  const action = await deps.store.ledger.find(actionId);
  if (action?.state !== 'queued') return finish(deps, job);
  const target = await findTarget(deps, action);
  // What may have been sent as one user is never gone on with as another; what was not is read first, as who they are now.
  const mayGoOn = target !== undefined && (action.sentAt === undefined || isSameAccount(action, target));
  if (!mayGoOn) return settle(deps, job, action, ['queued'], failed(deps, action, 'not_linked'));
  try {
    const ready =
      action.sentAt === undefined ? await prepare(deps, action, target, job) : await resume(deps, action, target, job);
    if (ready === 'stale') {
      return await settle(deps, job, action, ['queued'], { state: 'stale', settledAt: deps.clock() });
    }
    if (ready === 'withdrawn') return await finish(deps, job);
    if (ready === 'happened') {
      const receipt = { reference: action.reference };
      return await settle(deps, job, action, ['queued'], { ...succeeded(deps, action, receipt), state: 'succeeded' });
    }
    if (!(await mayBeSent(deps, ready, target, job))) return;
    const options = { priority: 'click', signal: AbortSignal.timeout(SENT_WITHIN) } as const;
    const receipt = await target.provider.perform(target.link, ready.task, changeOf(ready), options);
    await settle(deps, job, action, ['queued'], { ...succeeded(deps, action, receipt), state: 'succeeded' });
  } catch (error) {
    await onFailure(deps, job, action, error, (reason) => {
      const patch = failed(deps, action, reason, error);
      return settle(
        deps,
        job,
        action,
        ['queued'],
        refusedOutright(action, job, reason) ? { ...patch, sentAt: undefined } : patch,
      );
    });
  }
}

/** Refusals: the provider understood, and did not do it. */
const REFUSALS: readonly FailureReason[] = [
  'auth',
  'disconnected',
  'not_enabled',
  'forbidden',
  'not_found',
  'invalid',
  'conflict',
];

/** The first sending was refused, so nothing can have happened; after any other, an earlier answer may have been lost. */
function refusedOutright(action: Action, job: Job, reason: FailureReason): boolean {
  return action.sentAt === undefined && job.attempt === 1 && REFUSALS.includes(reason);
}

/** What must not happen twice is sent only under a lease that outlives the sending. */
async function mayBeSent(deps: PerformDeps, action: Action, target: Target, job: Job): Promise<boolean> {
  return isRepeatable(action, target) || holdWhileSending(deps, job);
}

function isRepeatable(action: Action, { provider }: Target): boolean {
  return provider.capabilities.of(action.task).verbs[action.verb]?.repeatable === true;
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
  const found = await target.provider.readTask(target.link, action.taskId, { priority: 'click' });
  if (!found) return 'stale';
  // What one reading of a provider leaves out (Reply.io: the contact's name) is known from the list.
  const task = { ...action.task, ...found };
  const marked = await deps.store.ledger.transition(
    action.id,
    { from: ['queued'], unsent: true },
    { task, sentAt: deps.clock(), externalId: target.link.externalId },
  );
  if (marked) return marked;
  // Withdrawn by Undo, or marked by a worker that was only slow: that one can settle nothing any more, so we go on.
  const current = await deps.store.ledger.find(action.id);
  return current?.state === 'queued' ? resume(deps, current, target, job) : 'withdrawn';
}

/**
 * Something may have gone out already, and its answer was lost. Within seconds, what does the same twice as once is
 * simply sent again, and Undo goes back to what was before the first sending. Of anything else, and after a Retry, the
 * provider is asked first whether it has happened; if it has not, what was read now is what Undo goes back to.
 */
async function resume(
  deps: PerformDeps,
  action: Action,
  target: Target,
  job: Job,
): Promise<Action | 'happened' | 'stale' | 'withdrawn'> {
  if (isRepeatable(action, target) && job.attempt > 1) return action;
  const found = await target.provider.readTask(target.link, action.taskId, { priority: 'click' });
  if (!found) return keepsOpen(action) || movesDate(action) ? 'stale' : 'happened';
  if (movesDate(action) && isDueAt(found, action.dueAt)) return 'happened';
  const task = { ...action.task, ...found };
  return (await deps.store.ledger.transition(action.id, { from: ['queued'] }, { task })) ?? 'withdrawn';
}

function changeOf({ id, verb, dueAt, details = {} }: Action): Change {
  const { note, rule, to } = details;
  if (verb === 'done') return { ...details, verb };
  if (verb === 'dismiss') return { verb };
  if ((verb === 'snooze' || verb === 'reschedule') && dueAt !== undefined) return { verb, dueAt };
  if (verb === 'note' && note !== undefined) return { verb, note };
  if (verb === 'rule' && rule !== undefined) return { verb, rule };
  if (verb === 'reassign' && to !== undefined) return { verb, to };
  throw new TypeError(`action ${id}: ${verb} without what it needs`);
}
