/**
 * Everything that we tell a rep when something did not go as they wanted: what happened, what they can do, whether it is
 * safe to try again, and a reference that an operator finds in the log. Never what a provider or Slack wrote themselves.
 */
import type { Refusal } from '../src/core/clicks/record.ts';
import type { Action, ActionIn, FailureReason, Found, UndoFailure, Waiting } from '../src/core/model/action.ts';
import type { DeliveryErrorKind } from '../src/core/model/errors.ts';
import type { Instant } from '../src/core/model/keys.ts';
import type { ProviderReport } from '../src/core/model/message.ts';
import type { Operation } from '../src/core/model/task.ts';
import type { Reading, TypedDate, TypedRefusal } from '../src/core/model/typed-reading.ts';
import type { ConsentOutcome } from '../src/core/people/sign-in.ts';
import { clockTime, distance, exactTime, mrkdwn, plainText, sameDay, zoneName } from './text.ts';
import type { Reader } from './words.ts';

// ---------------------------------------------------------------- reasons

/** Whether it helps to try again: `pointless` gets no Retry; `by itself` is gone on with once that was mended. */
type Again = 'safe' | 'safe, later' | 'safe, once that changed' | 'by itself' | 'pointless';

interface Explanation {
  happened: string;
  /** What the rep can do, besides trying again. */
  todo?: string;
  again: Again;
}

const AGAIN: Record<Again, string> = {
  safe: 'Retry is safe: it cannot happen twice.',
  'safe, later': 'Retry in a few minutes is safe.',
  'safe, once that changed': 'Retry is safe, and helps once that has changed.',
  'by itself': 'Docket then does this by itself.',
  pointless: 'Nothing was changed.',
};

const EXPLANATIONS: Record<FailureReason, (provider: string) => Explanation> = {
  rate_limited: (provider) => ({
    happened: `${provider} is getting too many requests from your company right now.`,
    again: 'safe, later',
  }),
  away: (provider) => ({ happened: `${provider} is not answering just now.`, again: 'safe' }),
  unavailable: (provider) => ({ happened: `${provider} did not answer.`, again: 'safe' }),
  unreadable: (provider) => ({ happened: `${provider} sent an answer that we could not read.`, again: 'safe' }),
  auth: (provider) => ({
    happened: `${provider} refused Docket's credentials.`,
    todo: 'Ask your Docket admin to renew them.',
    again: 'by itself',
  }),
  disconnected: (provider) => ({
    happened: `Your ${provider} connection has ended.`,
    todo: 'Type `/tasks connect` and sign in again.',
    again: 'by itself',
  }),
  not_enabled: (provider) => ({
    happened: `The tasks API is not enabled for your ${provider} account.`,
    todo: `Ask your ${provider} admin.`,
    again: 'safe, once that changed',
  }),
  forbidden: (provider) => ({
    happened: `${provider} does not let Docket change this task.`,
    todo: 'It may be someone else’s now; look there.',
    again: 'safe, once that changed',
  }),
  not_found: (provider) => ({
    happened: `${provider} no longer has this task for you: it was deleted, or given to someone else.`,
    again: 'safe, once that changed',
  }),
  invalid: (provider) => ({
    happened: `${provider} refused this change.`,
    todo: `Choose another action, or make the change in ${provider}.`,
    again: 'safe, once that changed',
  }),
  immovable: (provider) => ({
    happened: `${provider} lets no app move this task: it has no text, or starts when it is due.`,
    todo: `Move it in ${provider} itself.`,
    again: 'pointless',
  }),
  conflict: (provider) => ({
    happened: `The task was changed in ${provider} since, so this no longer fits and was left alone.`,
    todo: 'Look there.',
    again: 'safe',
  }),
  not_linked: (provider) => ({
    happened: `Your ${provider} account is no longer linked.`,
    todo: 'Type `/tasks connect`.',
    again: 'safe, once that changed',
  }),
  expired: (provider) => ({
    happened: `The time that you chose had passed before this could go to ${provider}.`,
    todo: 'Choose another one.',
    again: 'pointless',
  }),
  unexpected: () => ({ happened: 'Something broke in Docket, and your admin can see what.', again: 'safe' }),
};

/** Two or three short sentences. */
export function explain(reason: FailureReason, provider: string): string {
  const { happened, todo, again } = EXPLANATIONS[reason](provider);
  return [happened, todo, AGAIN[again]].filter(Boolean).join(' ');
}

/** As `explain`, where there is no Retry button to speak of: whoever reads it does again what they did. */
export function explainAgain(reason: FailureReason, provider: string): string {
  const { happened, todo, again } = EXPLANATIONS[reason](provider);
  const said = again === 'by itself' ? 'Then try again: it is safe.' : AGAIN[again].replace('Retry', 'Trying again');
  return [happened, todo, said].filter(Boolean).join(' ');
}

export function isRetryUseful(reason: FailureReason): boolean {
  return EXPLANATIONS[reason]('').again !== 'pointless';
}

// ---------------------------------------------------------------- a row

const NOT_DONE: Record<Operation, string> = {
  done: 'Not marked done',
  dismiss: 'Not dismissed',
  snooze: 'Not snoozed',
  reschedule: 'Not rescheduled',
  note: 'Note not changed',
  reassign: 'Not reassigned',
  rule: 'Opportunity rule not changed',
};

/** `Not marked done`; and where something was sent whose answer was lost, no more than is known. */
export function notDone({ change, sentAt }: Pick<Action, 'change' | 'sentAt'>): string {
  return sentAt === undefined ? NOT_DONE[change.verb] : 'Not confirmed';
}

export function failure(action: ActionIn<'failed'>, provider: string): string {
  return `*${notDone(action)}.* ${explain(action.failure, provider)}${support(action, action.reference)}`;
}

/** Undo is pressed again by whoever wants it: it is never gone on with by itself. */
export function undoFailure(action: Action, { reason, reference }: UndoFailure, provider: string): string {
  const said = explainAgain(reason, provider).replace('Trying again', 'Undo');
  return `*Not undone.* ${said}${support(action, reference)}`;
}

/** Ours, and the provider's of the very exchange that failed: both stand in the log beside it. */
function support({ id }: Action, reference: string | undefined): string {
  const theirs = reference ? `, ${mrkdwn(reference, 60)}` : '';
  return ` (Reference: action ${id}${theirs})`;
}

/** Under `Marking done in Gong …`, once that takes longer than a moment. */
export function waitingFor({ reason, until }: Waiting, provider: string, reader: Reader): string {
  const time = momentOf(until, reader);
  if (reason === 'rate_limited') return `${EXPLANATIONS[reason](provider).happened} Docket goes on at ${time}.`;
  if (reason === 'away') {
    return `${EXPLANATIONS[reason](provider).happened} Docket does this as soon as it does, until ${time}; it cannot happen twice.`;
  }
  return `${EXPLANATIONS[reason](provider).happened} Docket keeps trying until ${time}; it cannot happen twice.`;
}

/** Why nothing was sent: the task was not as the row showed it. */
export function stale(
  { found, change, sentAt }: Pick<ActionIn<'stale'>, 'found' | 'sentAt'> & { change: { verb: Operation } },
  provider: string,
  reader: Reader,
): string {
  if (found.how === 'moved') return movedMeanwhile(found, change.verb, provider, reader);
  const said = closedMeanwhile(found, provider, reader);
  // What was sent before, and never answered, may have changed something.
  return sentAt === undefined ? `${said} Nothing was changed.` : said;
}

function closedMeanwhile(found: Found, provider: string, reader: Reader): string {
  if (found.how === 'done') {
    const when = found.at === undefined ? '' : ` at ${momentOf(found.at, reader)}`;
    return `Already done in ${provider}${when}.`;
  }
  return `No longer open in ${provider}: it was done, dismissed or given to someone else there.`;
}

function movedMeanwhile(
  { dueAt }: Extract<Found, { how: 'moved' }>,
  verb: Operation,
  provider: string,
  reader: Reader,
): string {
  const how =
    dueAt === undefined
      ? 'its due date was taken away'
      : `it was moved to ${exactTime(dueAt, reader.now, reader.zone)}`;
  return `${NOT_DONE[verb]}: ${how} in ${provider} since this list was made. Choose again if you still want to.`;
}

/** `09:12` of today, else with its day. */
function momentOf(at: number, { now, zone }: Reader): string {
  return sameDay(at, now, zone) ? clockTime(at, zone) : exactTime(at, now, zone);
}

// ---------------------------------------------------------------- a click that changed nothing

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
    case 'passed':
      return `${refused.dueAt > 0 ? momentOf(refused.dueAt, reader) : 'That time'} has passed, so nothing was changed. The row now offers later times.`;
    case 'skipped_first':
      return `${skippedFirst(refused, reader)} Nothing was changed: if you want it all the same, press *Reschedule*, and the window asks.`;
    case 'overtaken':
      return `${sinceThen(refused.by, reader)} Your click changed nothing; the row now shows how things stand.`;
  }
}

/** Errors in a window are plain text. */
export function plainRefusal(refused: Refusal, reader: Reader): string {
  return refusal(refused, reader).replaceAll('`', '').replaceAll('*', '');
}

/** Both times, so that whoever reads it can choose. */
export function skippedFirst(
  { provider, skipsAt, dueAt }: Extract<Refusal, { why: 'skipped_first' }>,
  reader: Reader,
): string {
  const at = (instant: Instant) => exactTime(instant, reader.now, reader.zone);
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
  const at = exactTime(action.createdAt, reader.now, reader.zone);
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

// ---------------------------------------------------------------- a list

/** A provider that could not be asked, with the age of what we last knew. */
export function unreachable(report: ProviderReport & { state: 'failed' }, reader: Reader): string {
  const age =
    report.lastListedAt === undefined
      ? ''
      : ` Last reached ${distance(report.lastListedAt, reader.now, reader.zone)} ago, ${exactTime(report.lastListedAt, reader.now, reader.zone)}.`;
  const reference = report.reference === undefined ? '' : ` (Reference: ${mrkdwn(report.reference, 60)})`;
  return `*${report.name} could not be reached, so your ${report.name} ${report.noun} are missing here.* ${whyMissing(report)}${age}${reference}`;
}

function whyMissing(report: ProviderReport & { state: 'failed' }): string {
  switch (report.reason) {
    case 'rate_limited':
      return 'It is getting too many requests from your company right now.';
    case 'away':
      return 'It is not answering just now.';
    case 'auth':
      return "It refused Docket's credentials; ask your Docket admin to renew them.";
    case 'disconnected':
      return 'Your connection has ended: press *Connect*, or type `/tasks connect`, and sign in again.';
    case 'not_enabled':
      return `The tasks API is not enabled for your ${report.name} account; ask your ${report.name} admin.`;
    case 'forbidden':
      return 'It does not let Docket see your tasks; ask your Docket admin.';
    case 'unavailable':
      return 'It did not answer.';
    case 'unexpected':
      return 'Something broke in Docket, and your admin can see what.';
    default:
      return 'It sent an answer that we could not read.';
  }
}

// ---------------------------------------------------------------- the rest

/** With the reference that the log has as well. */
export function referred(text: string, reference: string): string {
  return `${text} (Reference: ${mrkdwn(reference, 60)})`;
}

/** A command or a button that sends nothing to a provider broke somewhere; how far it got is not known. */
export function unexpected(reference: string): string {
  return `Docket could not finish that. Your tasks are as they were, and trying again is safe. If it keeps failing, give your admin this reference: ${reference}.`;
}

/** Slack did not take what was to be shown, although Docket waited and tried again. */
export function notDelivered(kind: DeliveryErrorKind, reference: string): string {
  const kept = 'Your tasks are as they were, and nothing was lost.';
  switch (kind) {
    case 'rate_limited':
      return referred(
        `Slack is getting too many requests, so Docket could not show this. ${kept} Try again in a minute; it is safe.`,
        reference,
      );
    case 'unavailable':
      return referred(
        `Slack did not answer, so Docket cannot tell whether you were shown this. ${kept} Trying again is safe: at worst you see it twice.`,
        reference,
      );
    case 'unauthorized':
      return referred(
        `Slack refuses Docket's own access just now, so Docket could not show this. ${kept} Tell your admin; trying again is safe.`,
        reference,
      );
    case 'permanent':
      return unexpected(reference);
  }
}

export function windowClosed(reference: string): string {
  return `Slack closed the window before it could open. Nothing was changed; press the button again, it is safe. (Reference: ${reference})`;
}

/** Of a provider that was asked for something besides tasks. */
export function notReached(provider: string): string {
  return `${provider} could not be reached, so nothing was changed. Try again in a few minutes; it is safe.`;
}

// ---------------------------------------------------------------- forms: next to the field, nothing is lost

export const INVALID = {
  choice: 'Choose one.',
  days: 'Choose at least one day. To get no digests at all, use /tasks pause.',
  email: 'Give their e-mail address.',
  note: 'Write a note, or use the Done button.',
  past: 'That is in the past. Choose a later time.',
  person: 'Choose someone.',
  sameOwner: 'The task is yours already. Choose someone else.',
  time: 'Choose a time.',
  unlinked: 'Your account there is no longer linked. Type /tasks connect, then try again.',
  unread:
    'Docket did not understand that. Try "tomorrow at 3pm" or "2026-12-01 15:00", or clear this field and use the picker.',
  when: 'Choose a time, or type one below.',
} as const;

/** Beside the field for a typed date, as plain text: what is wrong, and what to type for each thing that may be meant. */
export function typedRefusal(read: TypedRefusal, reader: Reader): string {
  switch (read.refused) {
    case 'past':
      return `That is in the past in your time zone (${zoneName(reader.zone)}). Give a later time.`;
    case 'not_understood':
      return INVALID.unread;
    case 'far_away':
      return `That would be ${anyOf(read.readings, reader)}, more than two years ahead. Give a nearer time, or choose that one in the picker.`;
    case 'no_such_date':
      return `There is no such date as ${plainText(read.said, 40)}. Give another one.`;
    case 'no_such_time':
      return `The clocks are put forward, so that time does not exist. ${typeFor(read.readings, reader)}`;
    case 'contradicts':
      return `“${plainText(read.said, 40)}” and “${plainText(read.against, 60)}” contradict each other. ${typeFor(read.readings, reader)}`;
    case 'two_readings':
      return `That can be ${anyOf(read.readings, reader)}. ${typeFor(read.readings, reader)}`;
  }
}

/** To `/tasks pause until …`, which has no picker to fall back on. */
export function pauseRefused(typed: string, read: TypedRefusal, reader: Reader): string {
  const quoted = `“${mrkdwn(typed, 100)}”`;
  const examples = 'Try `/tasks pause until Monday` or `/tasks pause until 2026-12-01`.';
  switch (read.refused) {
    case 'past':
      return `${quoted} is in the past, so nothing was changed. ${examples}`;
    case 'not_understood':
      return `${quoted} is not a date that Docket understands, so nothing was changed. ${examples}`;
    case 'far_away':
      return `${quoted} is more than two years ahead, so nothing was changed. \`/tasks pause\` alone stops digests until you resume them.`;
    default:
      return `${quoted}: ${mrkdwn(typedRefusal(read, reader), 600)} Nothing was changed.`;
  }
}

function anyOf(readings: readonly Reading[], { now, zone }: Reader): string {
  return readings.map(({ at }) => exactTime(at, now, zone)).join(' or ');
}

function typeFor(readings: readonly Reading[], { now, zone }: Reader): string {
  if (readings.length === 0) return 'Leave one of them out.';
  const ways = readings.map(({ at, type }) => `${type} for ${exactTime(at, now, zone)}`);
  return `Type ${ways.join(', or ')}.`;
}

/** Plain text: it is shown inside windows too. */
export function notRecorded(reference: string): string {
  return `Docket could not record this, so nothing was changed. Please try again in a moment. (Reference: ${reference})`;
}

export function unknownOwner(provider: string): string {
  return `Docket has not linked this person to ${provider}. Choose someone who uses Docket with ${provider}.`;
}

/** Under the field, while someone types: the time as it is read, or the question. */
export function typedPreview(typed: string, read: TypedDate, reader: Reader): string {
  if (typed.trim() === '') return TYPED_NOTHING;
  if ('at' in read) return `= *${exactTime(read.at, reader.now, reader.zone)}*`;
  // Most of what is half typed is no date yet.
  return read.refused === 'not_understood' ? 'Not a date yet.' : mrkdwn(typedRefusal(read, reader), 600);
}

export const TYPED_NOTHING = 'What you type is shown here as Docket reads it.';

/** Beside the address of a follow-up. */
export function notOnePerson(found: 'none' | 'several', provider: string): string {
  return found === 'none'
    ? `No prospect in ${provider} has this address. Correct it, or add the person in ${provider} first. Nothing was created.`
    : `More than one prospect in ${provider} has this address, so Docket cannot tell who is meant. Give another address of theirs, or create the task in ${provider}. Nothing was created.`;
}

/** Of `names` that let Docket create tasks, the rep has none. */
export function noCreator(names: string): string {
  return names
    ? `Follow-ups are created in ${names}, and you have no linked account there. Type \`/tasks connect\`.`
    : 'None of the sales tools that Docket is set up for lets it create tasks.';
}

// ---------------------------------------------------------------- who is who

export const LINKS = {
  gone: 'This suggestion is no longer there. Nothing was changed.',
  notAdmin: 'Only admins of this workspace can see who is linked. `/tasks connect` shows your own accounts.',
  notMember: 'That is no active member of this workspace, so nothing was suggested.',
  stranger: 'Docket is for the people of its own workspace, and you belong to another one. Nothing was changed.',
} as const;

export function userTaken(provider: string): string {
  return `Someone else here is linked to that user in ${provider}, so nothing was changed. Tell your admin.`;
}

/** The result of a sign-in that the rep confirmed. */
export function signInConfirmed(outcome: ConsentOutcome | undefined, provider: string): string {
  switch (outcome?.is) {
    case 'connected':
      return `*${provider} is connected.*`;
    case 'no_user':
      return outcome.why === 'taken'
        ? userTaken(provider)
        : `*Nothing was connected.* Not exactly one active user in ${provider} has the address ${mrkdwn(outcome.email ?? '(none)', 120)}. Ask your ${provider} admin to mend that, or a Slack admin to suggest the right address with \`/tasks team\`; then press Connect again.`;
    case 'failed':
      return `*Nothing was connected yet.* ${explainAgain(outcome.reason, provider)} (Reference: ${outcome.reference})`;
    default:
      return SIGN_IN.gone;
  }
}

export const SIGN_IN = {
  gone: 'That sign-in was answered already, or was forgotten after an hour. Nothing was changed; press Connect to begin again.',
  forgotten:
    '*Nothing was connected, and that sign-in is forgotten.* If you did not forward the link, tell your admin. Press Connect to sign in yourself.',
} as const;

export function connectFirst(provider: string): string {
  return `${provider} is asked as you, so connect your own account first: \`/tasks connect\`. Nothing was suggested.`;
}
