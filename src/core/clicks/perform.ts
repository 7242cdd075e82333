/**
 * The worker's half of a click: reads the task, has the provider perform the verb, settles the ledger.
 *
 * **Invariant 7**: nothing regresses, and an action has at most one effect (invariant 2): what was not sent is read
 * first, and what may have been sent is recognised before it is sent again.
 */

import { holdWhileSending, SENT_WITHIN, urgencyOf } from '../jobs/lease.ts';
import type { Action, FailureReason, Found } from '../model/action.ts';
import { keepsOpen, movesDate } from '../model/action-rules.ts';
import type { Change } from '../model/capabilities.ts';
import type { Task } from '../model/task.ts';
import type { Job } from '../ports/queue.ts';
import { failed, onFailure, type PerformDeps, settle, succeeded } from './settle.ts';
import { closed, findTarget, isDueAt, isOpen, isSameAccount, type Target } from './target.ts';

/** What a look at the provider came to: the action as it is to be sent, or why nothing is sent now. */
type Ready = { send: Action } | { found: Found } | 'happened' | 'expired' | 'withdrawn';

export async function performAction(deps: PerformDeps, job: Job, actionId: string): Promise<void> {
  const action = await deps.store.ledger.find(actionId);
  if (action?.state !== 'queued') return void (await deps.queue.complete(job));
  const target = await findTarget(deps, action);
  // What may have been sent as one user is never gone on with as another; what was not is read first, as who they are now.
  const mayGoOn = target !== undefined && (action.sentAt === undefined || isSameAccount(action, target));
  if (!mayGoOn) return settle(deps, job, action, ['queued'], failed(deps, action, 'not_linked'));
  try {
    const ready = await (action.sentAt === undefined ? prepare : resume)(deps, action, target, job);
    if (ready === 'withdrawn') return void (await deps.queue.complete(job));
    if (ready === 'expired') return await settle(deps, job, action, ['queued'], failed(deps, action, 'expired'));
    if (ready !== 'happened' && 'found' in ready) return await leaveAlone(deps, job, action, ready.found);
    const receipt = ready === 'happened' ? { reference: action.reference } : await send(deps, ready.send, target, job);
    if (!receipt) return;
    await settle(deps, job, action, ['queued'], { ...succeeded(deps, action, receipt), state: 'succeeded' });
  } catch (error) {
    await onFailure(deps, job, action, error, (reason) => {
      const patch = failed(deps, action, reason, error);
      const nothingSent = refusedOutright(action, job, reason);
      return settle(deps, job, action, ['queued'], nothingSent ? { ...patch, sentAt: undefined } : patch);
    });
  }
}

/** undefined: another worker has the job now. What must not happen twice is sent only under a lease that outlives it. */
async function send(deps: PerformDeps, action: Action, target: Target, job: Job) {
  if (!isRepeatable(action, target) && !(await holdWhileSending(deps, job))) return undefined;
  const options = { ...urgencyOf(deps, job), signal: AbortSignal.timeout(SENT_WITHIN) };
  return target.provider.perform(target.link, action.task, changeOf(action), options);
}

function leaveAlone(deps: PerformDeps, job: Job, action: Action, found: Found): Promise<void> {
  const settledAt = deps.clock();
  return settle(deps, job, action, ['queued'], { state: 'stale', found, waiting: undefined, settledAt });
}

/** Refusals: the provider understood, and did not do it. */
const REFUSALS: readonly FailureReason[] = [
  'auth',
  'disconnected',
  'not_enabled',
  'forbidden',
  'not_found',
  'invalid',
  'immovable',
  'conflict',
];

/** The first sending was refused, so nothing can have happened; after any other, an earlier answer may have been lost. */
function refusedOutright(action: Action, job: Job, reason: FailureReason): boolean {
  return action.sentAt === undefined && job.attempt === 1 && REFUSALS.includes(reason);
}

function isRepeatable(action: Action, { provider }: Target): boolean {
  return provider.capabilities.of(action.task).verbs[action.verb]?.repeatable === true;
}

/**
 * Reads the task as it is now, so that nothing regresses and Undo goes back to the truth, and marks the action as sent
 * before anything is. Once that mark stands, an effect is possible and the action can no longer be withdrawn.
 */
async function prepare(deps: PerformDeps, action: Action, target: Target, job: Job): Promise<Ready> {
  const read = await target.provider.readTask(target.link, action.taskId, urgencyOf(deps, job));
  if (!isOpen(read)) return { found: closed(read) };
  if (await wasMovedElsewhere(deps, action, read)) return noteMoved(deps, action, read);
  if (isExpired(action, deps.clock())) return 'expired';
  const marked = await deps.store.ledger.transition(
    action.id,
    { from: ['queued'], unsent: true },
    { task: asRead(action, read), sentAt: deps.clock(), externalId: target.link.externalId },
  );
  if (marked) return { send: marked };
  // Withdrawn by Undo, or marked by a worker that was only slow: that one can settle nothing any more, so we go on.
  const current = await deps.store.ledger.find(action.id);
  return current?.state === 'queued' ? resume(deps, current, target, job) : 'withdrawn';
}

/** The rep chose a time for a task that was due at another; to whoever moved it since, that would undo their work. */
function wasMoved(action: Action, now: Task): boolean {
  if (!movesDate(action) || isDueAt(now, action.dueAt)) return false;
  const before = action.task.dueAt;
  return before === undefined ? now.dueAt !== undefined : !isDueAt(now, before);
}

/** A time that this rep gave it, or that Undo brought back, is no one else's doing: another message may not know of it. */
async function wasMovedElsewhere(deps: PerformDeps, action: Action, now: Task): Promise<boolean> {
  if (!wasMoved(action, now)) return false;
  const before = await deps.store.ledger.before(action);
  return before === undefined || !(isDueAt(now, before.dueAt) || isDueAt(now, before.task.dueAt));
}

/** The rows first: once the action is settled they offer their verbs again, for the task as it is. */
async function noteMoved(deps: PerformDeps, action: Action, task: Task): Promise<Ready> {
  await deps.store.messages.noteSeen(action, { how: 'changed', at: deps.clock(), task: asRead(action, task) }, 0);
  return { found: { how: 'moved', dueAt: task.dueAt } };
}

/** What waited for long must not set a task to a time that has passed. */
function isExpired(action: Action, now: number): boolean {
  return movesDate(action) && action.dueAt !== undefined && action.dueAt <= now;
}

/** What one reading of a provider leaves out (Reply.io: the contact's name) is known from the list. */
function asRead(action: Action, read: Task): Task {
  return { ...action.task, ...read };
}

/** Too short for anyone to have changed the task at the provider on purpose. Once, so that one task is not five failures in a row. */
const REPEATED_WITHIN = 30_000;

/**
 * Something may have gone out already, and its answer was lost. Within seconds, what does the same twice as once is
 * simply sent again, and Undo goes back to what was before the first sending. Of anything else, and after a Retry, the
 * provider is asked first whether it has happened; if it has not, what was read now is what Undo goes back to.
 */
async function resume(deps: PerformDeps, action: Action, target: Target, job: Job): Promise<Ready> {
  const justNow = job.attempt === 2 && deps.clock() - (action.sentAt ?? 0) < REPEATED_WITHIN;
  if (justNow && isRepeatable(action, target)) return { send: action };
  const read = await target.provider.readTask(target.link, action.taskId, urgencyOf(deps, job));
  if (!isOpen(read)) return keepsOpen(action) || movesDate(action) ? { found: closed(read) } : 'happened';
  if (movesDate(action) && isDueAt(read, action.dueAt)) return 'happened';
  if (await wasMovedElsewhere(deps, action, read)) return noteMoved(deps, action, read);
  if (isExpired(action, deps.clock())) return 'expired';
  const marked = await deps.store.ledger.transition(action.id, { from: ['queued'] }, { task: asRead(action, read) });
  return marked ? { send: marked } : 'withdrawn';
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
