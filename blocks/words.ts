/**
 * What we say to reps, in one place: what happened, what they can do, whether trying again is safe.
 * `reference` is the id that an operator finds in the log, or that the provider's support knows.
 */
import type { Refusal } from '../src/core/click.ts';
import type {
  Action,
  FailureReason,
  Filter,
  Instant,
  ListSummary,
  Operation,
  ProviderReport,
  SeenElsewhere,
} from '../src/core/types.ts';
import { count, distance, exactTime, mrkdwn } from './text.ts';

export interface Reader {
  now: Instant;
  /** IANA zone of the rep. */
  zone: string;
}

/** `Marked done in Gong`; `ending` says in which other way. */
export function outcome(action: Action, provider: string, reader: Reader, ending?: string): string {
  const until = action.dueAt === undefined ? '' : ` ${exactTime(action.dueAt, reader.now, reader.zone)}`;
  const way = ending === undefined ? '' : `, ${ending}`;
  if (action.state === 'queued') return held(action, provider, reader, way);
  switch (action.verb) {
    case 'done':
      return `Marked done in ${provider}${way}${action.details?.note ? ', with your note' : ''}`;
    case 'dismiss':
      return `Dismissed in ${provider}`;
    case 'snooze':
      return `Snoozed until${until}`;
    case 'reschedule':
      return `Rescheduled to${until}`;
    case 'note':
      return `Note changed in ${provider}`;
    case 'reassign':
      return `Given to ${newOwner(action)} in ${provider}`;
    case 'rule':
      return `Opportunity rule changed in ${provider}`;
  }
}

function newOwner(action: Action): string {
  return mrkdwn(action.details?.to?.name ?? 'someone else', 80);
}

/** Settled for the rep, but not sent yet, because the provider could not take it back. */
function held(action: Action, provider: string, reader: Reader, way: string): string {
  const what: Record<Operation, string> = {
    done: `Done${way}`,
    dismiss: 'Dismissed',
    snooze: 'Snoozed',
    reschedule: 'Rescheduled',
    note: 'Note changed',
    reassign: `Given to ${newOwner(action)}`,
    rule: 'Opportunity rule changed',
  };
  const seconds = Math.max(1, Math.ceil(((action.heldUntil ?? reader.now) - reader.now) / 1_000));
  return `${what[action.verb]}. Goes to ${provider} in ${count(seconds, 'second')}; until then you can undo it`;
}

const UNDERWAY: Record<Operation, string> = {
  done: 'Marking done',
  dismiss: 'Dismissing',
  snooze: 'Snoozing',
  reschedule: 'Rescheduling',
  note: 'Changing the note',
  reassign: 'Reassigning',
  rule: 'Changing the opportunity rule',
};

export function underway(action: Action, provider: string): string {
  if (action.state === 'undoing') return `Undoing in ${provider} …`;
  return `${UNDERWAY[action.verb]} in ${provider} …`;
}

/** What a row shows that happened elsewhere. */
export function seen(what: SeenElsewhere, provider: string, reader: Reader): string {
  const at = exactTime(what.at, reader.now, reader.zone);
  switch (what.how) {
    case 'done':
      return `Done in ${provider} itself (${at}).`;
    case 'gone':
      return `No longer open for you in ${provider} (seen ${at}): it was done, deleted or given to someone else there.`;
    case 'changed':
      return `Changed in ${provider} since this list was made.`;
  }
}

const NOT_DONE: Record<Operation, string> = {
  done: 'Not marked done',
  dismiss: 'Not dismissed',
  snooze: 'Not snoozed',
  reschedule: 'Not rescheduled',
  note: 'Note not changed',
  reassign: 'Not reassigned',
  rule: 'Opportunity rule not changed',
};

export function failure(action: Action, provider: string): string {
  const reason = action.failure ?? 'unexpected';
  return `*${NOT_DONE[action.verb]}.* ${explain(reason, provider)}${support(action)}`;
}

export function undoFailure(action: Action, provider: string): string {
  return `*Not undone.* ${explain(action.undoFailure ?? 'unexpected', provider)}${support(action)}`;
}

function support(action: Action): string {
  const theirs = action.reference ? `, ${mrkdwn(action.reference, 60)}` : '';
  return ` (Reference: action ${action.id}${theirs})`;
}

/** One sentence or two; each says whether pressing Retry is safe. */
export function explain(reason: FailureReason, provider: string): string {
  switch (reason) {
    case 'rate_limited':
      return `${provider} is getting too many requests from your company right now. Retry in a few minutes is safe.`;
    case 'unavailable':
      return `${provider} did not answer. Retry is safe: it cannot happen twice.`;
    case 'unreadable':
      return `${provider} sent an answer that we could not read. Retry is safe: it cannot happen twice.`;
    case 'auth':
      return `${provider} refused Docket's credentials. Ask your Docket admin to renew them, then Retry.`;
    case 'disconnected':
      return `Your ${provider} connection has ended. Type \`/tasks connect\` and sign in again, then Retry: it is safe.`;
    case 'not_enabled':
      return `The tasks API is not enabled for your ${provider} account. Ask your ${provider} admin; nothing was changed.`;
    case 'forbidden':
      return `${provider} does not let Docket change this task. It may have been given to someone else; look there.`;
    case 'not_found':
      return `${provider} no longer has this task for you: it was deleted, or given to someone else.`;
    case 'invalid':
      return `${provider} refused this change. Choose another action, or make the change in ${provider}.`;
    case 'conflict':
      return `The task was changed in ${provider} since, so this no longer fits and was left alone. Look there.`;
    case 'not_linked':
      return `Your ${provider} account is no longer linked. Type \`/tasks connect\`, then Retry.`;
    case 'unexpected':
      return 'Something broke in Docket, and your admin can see what. Retry is safe.';
  }
}

/** As `explain`, where there is no Retry button to speak of: whoever reads it does again what they did. */
export function explainAgain(reason: FailureReason, provider: string): string {
  return explain(reason, provider).replaceAll('then Retry', 'then try again').replaceAll('Retry', 'Trying again');
}

export function stale(provider: string): string {
  return `No longer open in ${provider}: it was done, dismissed or given to someone else there. Nothing was changed.`;
}

/** For a list: a provider that could not be asked, with the age of what we last knew. */
export function unreachable(report: ProviderReport & { state: 'failed' }, reader: Reader): string {
  const age =
    report.lastListedAt === undefined
      ? ''
      : ` Last reached ${distance(report.lastListedAt, reader.now, reader.zone)} ago, ${exactTime(report.lastListedAt, reader.now, reader.zone)}.`;
  return `*${report.name} could not be reached, so your ${report.name} ${report.noun} are missing here.* ${whyMissing(report)}${age}`;
}

function whyMissing(report: ProviderReport & { state: 'failed' }): string {
  switch (report.reason) {
    case 'rate_limited':
      return 'It is getting too many requests from your company right now.';
    case 'auth':
      return "It refused Docket's credentials; ask your Docket admin to renew them.";
    case 'disconnected':
      return 'Your connection has ended: type `/tasks connect` and sign in again.';
    case 'not_enabled':
      return `The tasks API is not enabled for your ${report.name} account; ask your ${report.name} admin.`;
    case 'forbidden':
      return 'It does not let Docket see your tasks; ask your Docket admin.';
    case 'unreadable':
    case 'invalid':
      return 'It sent an answer that we could not read.';
    default:
      return 'It did not answer.';
  }
}

/** How links were made, said once, so that a wrong one is noticed: a line for each address. */
export function newLinks(links: NonNullable<ListSummary['newLinks']>): string[] {
  const byEmail = new Map<string, string[]>();
  for (const { name, email = 'your Slack address' } of links) byEmail.set(email, [...(byEmail.get(email) ?? []), name]);
  return [...byEmail].map(([email, names]) => {
    const are = names.length === 1 ? 'is' : 'are';
    const which = names.map((name) => `*${name}*`).join(' and ');
    return `New: ${which} ${are} linked, because ${mrkdwn(email, 120)} is your address there too. Not you? \`/tasks connect\` ends it.`;
  });
}

export function unreadableTasks(report: ProviderReport & { state: 'listed' }): string {
  return `${count(report.unreadable, 'more task')} in ${report.name} could not be read; look there.`;
}

/** What a filter asked for, as a noun: `overdue tasks`, `tasks with “acme”`. */
export function filterNoun(filter: Filter): string {
  switch (filter.by) {
    case 'all':
      return 'open tasks';
    case 'overdue':
      return 'overdue tasks';
    case 'today':
      return 'tasks due today';
    case 'week':
      return 'tasks due in the next seven days';
    case 'text':
      return `open tasks with “${mrkdwn(filter.text, 60)}”`;
  }
}

/** Why a click changed nothing. */
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
    case 'overtaken':
      return `${sinceThen(refused.by, reader)} Your click changed nothing; the row now shows how things stand.`;
  }
}

function sinceThen(action: Action | undefined, reader: Reader): string {
  if (!action) return 'This row was out of date.';
  const what: Record<Operation, string> = {
    done: 'marked done',
    dismiss: 'dismissed',
    snooze: 'snoozed',
    reschedule: 'rescheduled',
    note: 'changed',
    reassign: 'reassigned',
    rule: 'changed',
  };
  const at = exactTime(action.createdAt, reader.now, reader.zone);
  switch (action.state) {
    case 'queued':
      return `This task is being ${what[action.verb]} already.`;
    case 'undoing':
      return 'This task is being put back already.';
    case 'succeeded':
      return `You already ${action.verb === 'done' ? 'marked this task done' : `${what[action.verb]} this task`} (${at}).`;
    default:
      return `You have worked on this task since (${at}).`;
  }
}

/** A command or a button that sends nothing to a provider broke somewhere; how far it got is not known. */
export function unexpected(reference: string): string {
  return `Docket could not finish that. Your tasks are as they were, and trying again is safe. If it keeps failing, give your admin this reference: ${reference}.`;
}
