/** Why the action of a row failed or waits. A failure has a reference that an operator finds in the log. */
import type { Action, ActionIn, UndoFailure, Waiting } from '../src/core/model/action.ts';
import type { Operation } from '../src/core/model/task.ts';
import { explain, explainAgain, happened } from './reasons.ts';
import { momentOf, mrkdwn, type Reader } from './text.ts';

export const NOT_DONE: Record<Operation, string> = {
  done: 'Not marked done',
  dismiss: 'Not dismissed',
  snooze: 'Not snoozed',
  reschedule: 'Not rescheduled',
  note: 'Note not changed',
  reassign: 'Not reassigned',
  rule: 'Opportunity rule not changed',
};

/** `Not marked done`. Once something was sent and its answer was lost, nobody knows. */
export function notDone({ change, sentAt }: Pick<Action, 'change' | 'sentAt'>): string {
  return sentAt === undefined ? NOT_DONE[change.verb] : 'Not confirmed';
}

export function failure(action: ActionIn<'failed'>, provider: string): string {
  return `*${notDone(action)}.* ${explain(action.failure, provider)}${support(action, action.reference)}`;
}

/** Docket never repeats an Undo by itself: the rep presses it again. */
export function undoFailure(action: Action, { reason, reference }: UndoFailure, provider: string): string {
  const said = explainAgain(reason, provider).replace('Trying again', 'Undo');
  return `*Not undone.* ${said}${support(action, reference)}`;
}

/** The log has both references: ours, and the provider's of the exchange that failed. */
function support({ id }: Action, reference: string | undefined): string {
  const theirs = reference ? `, ${mrkdwn(reference, 60)}` : '';
  return ` (Reference: action ${id}${theirs})`;
}

/** Stands under `Marking done in Gong …` once that takes longer than a moment. */
export function waitingFor({ reason, until }: Waiting, provider: string, reader: Reader): string {
  const time = momentOf(until, reader);
  const why = happened(reason, provider);
  if (reason === 'rate_limited') return `${why} Docket goes on at ${time}.`;
  if (reason === 'away') return `${why} Docket does this as soon as it does, until ${time}; it cannot happen twice.`;
  return `${why} Docket keeps trying until ${time}; it cannot happen twice.`;
}
