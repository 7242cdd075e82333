/** Rules of an action: what can be undone, what is held back. Pure. */
import type { Action, ActionIn } from './action.ts';
import type { Capabilities } from './capabilities.ts';
import type { Instant } from './keys.ts';
import type { Operation, Task } from './task.ts';
import { readable } from './text.ts';

/** True for an action that has not been sent, and for a verb that the provider can reverse. */
export function canUndo(action: Action, capabilities: Capabilities): boolean {
  if (action.state === 'queued')
    return isHeldBack(action) || (action.waiting !== undefined && action.sentAt === undefined);
  return isReversible(action.change.verb, action.task, capabilities);
}

/** The rep sees it as done. It is sent when the undo window is over. */
export function isHeldBack(action: Action): action is ActionIn<'queued'> & { heldUntil: Instant } {
  if (action.state !== 'queued' || action.sentAt !== undefined) return false;
  return action.heldUntil !== undefined && action.waiting === undefined;
}

/** A moved date can be reversed only if the task had a due date before. */
export function isReversible(verb: Operation, task: Task, capabilities: Capabilities): boolean {
  if (movesDate(verb) && task.dueAt === undefined) return false;
  return capabilities.of(task).verbs[verb]?.reversible === true;
}

/** The provider would skip the task before that time. */
export function isSkippedBy(dueAt: Instant, { skipsAt }: Pick<Task, 'skipsAt'>): boolean {
  return skipsAt !== undefined && dueAt >= skipsAt;
}

/** The task stays open and its row does not change. */
export function keepsOpen(verb: Operation): boolean {
  return verb === 'note' || verb === 'rule';
}

export function movesDate(verb: Operation): boolean {
  return verb === 'snooze' || verb === 'reschedule';
}

/** After Done on a call or an e-mail, whose person is known and which is no step: the draft's kind and person. */
export function followUpOf(action: Action, capabilities: Capabilities): { kind: string; who: string } | undefined {
  const { change, task } = action;
  if (change.verb !== 'done' || !(action.state === 'succeeded' || isHeldBack(action))) return undefined;
  if ((task.kind !== 'call' && task.kind !== 'email') || task.flow !== undefined || task.step) return undefined;
  const kind = capabilities.of(task).followUp;
  const [address] = task.contact?.emails ?? [];
  const who = address ?? readable(task.contact?.name ?? '');
  return kind !== undefined && who !== '' ? { kind, who } : undefined;
}
