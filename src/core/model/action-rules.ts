/** Rules of an action that follow from what is stored: what can be undone, what is held back. Pure. */

import type { Action, ActionIn } from './action.ts';
import type { Capabilities } from './capabilities.ts';
import type { Instant } from './keys.ts';
import type { Operation, Task } from './task.ts';

/** What has not been sent yet, and what the provider can reverse. */
export function canUndo(action: Action, capabilities: Capabilities): boolean {
  if (action.state === 'queued')
    return isHeldBack(action) || (action.waiting !== undefined && action.sentAt === undefined);
  return isReversible(action.change.verb, action.task, capabilities);
}

/** It counts for the rep, and is sent once the undo window is over. */
export function isHeldBack(action: Action): action is ActionIn<'queued'> & { heldUntil: Instant } {
  if (action.state !== 'queued' || action.sentAt !== undefined) return false;
  return action.heldUntil !== undefined && action.waiting === undefined;
}

/** A moved date only if there was one to go back to. */
export function isReversible(verb: Operation, task: Task, capabilities: Capabilities): boolean {
  if (movesDate(verb) && task.dueAt === undefined) return false;
  return capabilities.of(task).verbs[verb]?.reversible === true;
}

/** The provider would have skipped the task by then. */
export function isSkippedBy(dueAt: Instant, { skipsAt }: Pick<Task, 'skipsAt'>): boolean {
  return skipsAt !== undefined && dueAt >= skipsAt;
}

/** Leaves the task open and its row as it was. */
export function keepsOpen(verb: Operation): boolean {
  return verb === 'note' || verb === 'rule';
}

export function movesDate(verb: Operation): boolean {
  return verb === 'snooze' || verb === 'reschedule';
}
