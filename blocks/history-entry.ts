/**
 * One action as an entry of the rep's history: what it changed, how it ended and what undid it. Of a provider's own words it
 * has only the id of the exchange. In the past tense: `reasons.ts` says the same while the rep can still do something.
 */
import type { Action, ActionIn, FailureReason } from '../src/core/model/action.ts';
import { isHeldBack } from '../src/core/model/action-rules.ts';
import type { Instant } from '../src/core/model/keys.ts';
import type { Operation, Task } from '../src/core/model/task.ts';
import type { Choice } from '../src/core/ports/provider.ts';
import { byWhom, movedTo } from './elsewhere.ts';
import type { RowProvider } from './providers.ts';
import { notDone } from './row-errors.ts';
import { clockTime, exactTime, mrkdwn, type Reader, sameDay, whoAndWhat } from './text.ts';
import { ownerName } from './words.ts';

/** The history also needs the names of a provider's opportunity rules. */
export type HistoryProvider = RowProvider & { readonly editing?: { readonly rules: readonly Choice[] } };

export interface Entry {
  /** `09:12  *Done*  Dana Whitfield: Call about the renewal  ·  Gong` */
  line: string;
  /** Stands under the line: the change, the end, the reference. */
  small: string;
  /** For screen readers. */
  spoken: string;
}

const LABEL: Record<Operation, string> = {
  done: 'Done',
  dismiss: 'Dismissed',
  snooze: 'Snoozed',
  reschedule: 'Rescheduled',
  note: 'Note changed',
  reassign: 'Reassigned',
  rule: 'Opportunity rule changed',
};

export function entryOf(action: Action, provider: HistoryProvider, reader: Reader): Entry {
  const time = clockTime(action.createdAt, reader);
  const label = LABEL[action.change.verb];
  const stands = standing(action);
  const about = whoAndWhat(action.task, ': ');
  const said = [...changed(action, provider, reader), ...cameOf(action, provider.name, reader)];
  const reference = referenceOf(action, provider.name);
  return {
    line: `${time}  ${MARKED[stands](label)}  ${about}  ·  ${provider.name}`,
    small: [...said, reference].join('  ·  '),
    spoken: `${time} ${label}${stands === 'void' ? ' (not in effect)' : ''}: ${about}, ${provider.name}. ${[...said, reference].join('. ')}.`,
  };
}

/** `open` while the change is under way, and where an answer was lost. */
type Standing = 'in effect' | 'void' | 'open';

const MARKED: Record<Standing, (label: string) => string> = {
  'in effect': (label) => `*${label}*`,
  void: (label) => `~${label}~`,
  open: (label) => label,
};

function standing(action: Action): Standing {
  if (action.state === 'queued') return 'open';
  if (action.state === 'undone') return 'void';
  if (action.state === 'succeeded' || action.state === 'undoing') return 'in effect';
  // An action whose Undo was asked for had been done.
  if (action.state === 'stale' && action.undoAsked) return 'in effect';
  return action.sentAt === undefined ? 'void' : 'open';
}

// ---------------------------------------------------------------- from what to what

function changed(action: Action, provider: HistoryProvider, reader: Reader): string[] {
  const { change, task } = action;
  switch (change.verb) {
    case 'done':
      return [
        ...endingOf(change.ending, task, provider),
        ...(change.note ? [`With your note ${quoted(change.note)}`] : []),
      ];
    case 'dismiss':
      return [];
    case 'snooze':
    case 'reschedule':
      return [`${due(task.dueAt, reader)} → ${exactTime(change.dueAt, reader)}`];
    case 'note':
      return [change.note ? `Now ${quoted(change.note)}` : 'Now empty'];
    case 'reassign':
      return [`From you to ${ownerName(change)}`];
    case 'rule':
      return [`Now ${quoted(ruleName(change.rule, provider))}`];
  }
}

function endingOf(ending: string | undefined, task: Task, { capabilities }: HistoryProvider): string[] {
  if (ending === undefined) return [];
  const known = capabilities.of(task).endings?.find(({ id }) => id === ending);
  return [sentence(mrkdwn(known?.outcome ?? ending.replaceAll('_', ' '), 80))];
}

function ruleName(rule: string, { editing }: HistoryProvider): string {
  return editing?.rules.find(({ value }) => value === rule)?.text ?? rule;
}

function due(dueAt: Instant | undefined, reader: Reader): string {
  return dueAt === undefined ? 'No due date' : `Due ${exactTime(dueAt, reader)}`;
}

function quoted(text: string): string {
  return `“${mrkdwn(text, 100)}”`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// ---------------------------------------------------------------- how it ended, and what undid it

function cameOf(action: Action, provider: string, reader: Reader): string[] {
  switch (action.state) {
    case 'queued':
      return [underWay(action, provider, reader)];
    case 'succeeded':
      return [...wentThrough(action, reader), ...notUndone(action, provider)];
    case 'failed':
      return [failed(action, provider)];
    case 'dropped':
      return [failed(action, provider), 'You chose another action'];
    case 'stale':
      return [leftAlone(action, provider, reader)];
    case 'undoing':
      return [undoing(action, provider, reader)];
    case 'undone':
      return [undone(action, reader)];
  }
}

function underWay(action: ActionIn<'queued'>, provider: string, reader: Reader): string {
  if (isHeldBack(action)) return `Goes to ${provider} once it can no longer be undone`;
  if (!action.waiting) return `Under way${tried(action)}`;
  const { reason, until } = action.waiting;
  if (reason === 'rate_limited') return `Waits for ${provider} until ${at(until, action, reader)}`;
  return `${sentence(WHY[reason](provider))}; Docket keeps trying until ${at(until, action, reader)}${tried(action)}`;
}

/** The history tells when an action went through only if the rep had to wait for it. */
const AT_ONCE = 60_000;

function wentThrough(action: ActionIn<'succeeded'>, reader: Reader): string[] {
  const { settledAt, createdAt } = action;
  if (settledAt - createdAt < AT_ONCE) return [];
  return [`Went through at ${at(settledAt, action, reader)}${tried(action)}`];
}

function notUndone({ undoFailure }: ActionIn<'succeeded'>, provider: string): string[] {
  return undoFailure ? [`Not undone: ${WHY[undoFailure.reason](provider)}`] : [];
}

function failed(action: ActionIn<'failed' | 'dropped'>, provider: string): string {
  return `${notDone(action)}: ${WHY[action.failure](provider)}${tried(action)}`;
}

function leftAlone(action: ActionIn<'stale'>, provider: string, reader: Reader): string {
  const found = foundText(action, provider, reader);
  if (action.undoAsked) return `Not undone: ${found}`;
  return `${action.sentAt === undefined ? 'Nothing sent' : 'Left alone'}: ${found}`;
}

function foundText(action: ActionIn<'stale'>, provider: string, reader: Reader): string {
  const { found } = action;
  if (found.how === 'done') {
    const when = found.at === undefined ? '' : ` at ${at(found.at, action, reader)}`;
    return `already done in ${provider}${byWhom(found.by)}${when}`;
  }
  return `${found.how === 'moved' ? movedTo(found, reader) : 'no longer open for you'} in ${provider}`;
}

function undoing(action: ActionIn<'undoing'>, provider: string, reader: Reader): string {
  return action.waiting
    ? `Undo waits for ${provider} until ${at(action.waiting.until, action, reader)}`
    : 'Being undone';
}

function undone(action: ActionIn<'undone'>, reader: Reader): string {
  const { how, doneAt } = action.undo;
  const when = ` at ${at(doneAt, action, reader)}`;
  return how === 'withdrawn' ? `Taken back${when}, before it was sent` : `Undone${when}`;
}

/** Attempts of an Undo count as well, so an action with a failed Undo does not say how many there were. */
function tried(action: Action): string {
  const { attempts } = action;
  const isUndoTried = action.state === 'succeeded' && action.undoFailure !== undefined;
  return attempts > 1 && !isUndoTried ? ` (tried ${attempts.toLocaleString('en-US')} times)` : '';
}

/** `09:12` on the entry's own day, else with its day. */
function at(instant: Instant, { createdAt }: Action, reader: Reader): string {
  return sameDay(instant, createdAt, reader.zone) ? clockTime(instant, reader) : exactTime(instant, reader);
}

const WHY: Record<FailureReason, (provider: string) => string> = {
  rate_limited: (provider) => `${provider} was getting too many requests`,
  away: (provider) => `${provider} was not answering`,
  unavailable: (provider) => `${provider} did not answer`,
  unreadable: (provider) => `${provider} sent an answer that could not be read`,
  auth: (provider) => `${provider} refused Docket’s credentials`,
  disconnected: (provider) => `your ${provider} connection had ended`,
  not_enabled: (provider) => `the tasks API was not enabled for your ${provider} account`,
  forbidden: (provider) => `${provider} did not let Docket change this task`,
  not_found: (provider) => `${provider} no longer had this task for you`,
  invalid: (provider) => `${provider} refused this change`,
  immovable: (provider) => `${provider} lets no other app move this task`,
  conflict: (provider) => `the task was changed in ${provider} since`,
  not_linked: (provider) => `your ${provider} account was not linked`,
  expired: () => 'the time that you chose had passed',
  unexpected: () => 'something broke in Docket',
};

/** For the admin: our own reference, and the provider's for the verb and for its Undo. */
function referenceOf(action: Action, provider: string): string {
  const { id, reference } = action;
  const undo = action.state === 'undone' ? action.undo : action.state === 'succeeded' ? action.undoFailure : undefined;
  const theirs = reference === undefined ? '' : `, ${provider} ${mrkdwn(reference, 60)}`;
  const ofUndo = undo?.reference === undefined ? '' : `, undo ${mrkdwn(undo.reference, 60)}`;
  return `action ${id}${theirs}${ofUndo}`;
}
