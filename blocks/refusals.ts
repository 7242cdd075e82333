/** Why a click changed nothing. */
import type { Refusal } from '../src/core/clicks/record.ts';
import type { Action } from '../src/core/model/action.ts';
import type { Instant } from '../src/core/model/keys.ts';
import type { Operation } from '../src/core/model/task.ts';
import { exactTime, momentOf, type Reader } from './text.ts';

export function refusal(refused: Refusal, reader: Reader): string {
  switch (refused.why) {
    case 'unknown_row':
      return 'This list is too old to act on, so nothing was changed. Type `/tasks` for a fresh one.';
    case 'not_yours':
      return "This is someone else's list, so nothing was changed. Type `/tasks` for your own.";
    case 'not_linked':
      return `Your ${refused.provider} account is not linked, so nothing was changed. Type \`/tasks connect\`.`;
    case 'unsupported':
      return `${refused.provider} does not allow this for the task, so nothing was changed.`;
    case 'too_late':
      return `It is too late to undo: ${refused.provider} has it already and cannot take it back. Nothing was changed.`;
    case 'no_follow_up':
      return `Docket cannot create a follow-up on this task in ${refused.provider}, so nothing was created. The shortcut *Create a follow-up* on any message can.`;
    case 'passed':
      return `${refused.dueAt > 0 ? momentOf(refused.dueAt, reader) : 'That time'} has passed, so nothing was changed. Choose a later one.`;
    case 'skipped_first':
      return `${skippedFirst(refused, reader)} Nothing was changed: if you want it all the same, press *Reschedule*, and the window asks.`;
    case 'overtaken':
      return `${sinceThen(refused.by, reader)} Your click changed nothing; the row now shows how things stand.`;
  }
}

/** Windows show errors as plain text. */
export function plainRefusal(refused: Refusal, reader: Reader): string {
  return refusal(refused, reader).replaceAll('`', '').replaceAll('*', '');
}

/** Names both times, so that the rep can choose. */
export function skippedFirst(
  { provider, skipsAt, dueAt }: Extract<Refusal, { why: 'skipped_first' }>,
  reader: Reader,
): string {
  const at = (instant: Instant) => exactTime(instant, reader);
  return `${provider} skips this task by itself on ${at(skipsAt)}, before the time that you chose (${at(dueAt)}).`;
}

const DONE_TO_IT: Record<Operation, string> = {
  done: 'marked done',
  dismiss: 'dismissed',
  snooze: 'snoozed',
  reschedule: 'rescheduled',
  note: 'changed',
  reassign: 'reassigned',
  rule: 'changed',
};

function sinceThen(action: Action | undefined, reader: Reader): string {
  if (!action) return 'This row was out of date.';
  const { verb } = action.change;
  const what = DONE_TO_IT[verb];
  const at = exactTime(action.createdAt, reader);
  switch (action.state) {
    case 'queued':
      return `This task is being ${what} already.`;
    case 'undoing':
      return 'This task is being put back already.';
    case 'succeeded':
      return `You already ${verb === 'done' ? 'marked this task done' : `${what} this task`} (${at}).`;
    default:
      return `You have worked on this task since (${at}).`;
  }
}
