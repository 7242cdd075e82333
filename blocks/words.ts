/** Words for reps when all is well. `reasons.ts` and the files of errors have the rest. */
import type { Action, ActionIn } from '../src/core/model/action.ts';
import type { Change } from '../src/core/model/capabilities.ts';
import type { Instant } from '../src/core/model/keys.ts';
import type { Filter, ListSummary } from '../src/core/model/message.ts';
import type { Query, When } from '../src/core/model/query.ts';
import type { Operation, TaskKind } from '../src/core/model/task.ts';
import { count, exactTime, mrkdwn, type Reader } from './text.ts';

/** `Marked done in Gong`; `ending` tells in which way. */
export function outcome(action: Action, provider: string, reader: Reader, ending?: string): string {
  const { change } = action;
  const way = ending === undefined ? '' : `, ${ending}`;
  if (action.state === 'queued') return held(action, provider, reader, way);
  const at = (dueAt: Instant) => exactTime(dueAt, reader);
  switch (change.verb) {
    case 'done':
      return `Marked done in ${provider}${way}${change.note ? ', with your note' : ''}`;
    case 'dismiss':
      return `Dismissed in ${provider}`;
    case 'snooze':
      return `Snoozed until ${at(change.dueAt)}`;
    case 'reschedule':
      return `Rescheduled to ${at(change.dueAt)}`;
    case 'note':
      return `Note changed in ${provider}`;
    case 'reassign':
      return `Given to ${ownerName(change)} in ${provider}`;
    case 'rule':
      return `Opportunity rule changed in ${provider}`;
  }
}

export function takenBack({ undo }: ActionIn<'undone'>, provider: string): string {
  return undo.how === 'withdrawn' ? `Taken back before it went to ${provider}.` : `Undone in ${provider}.`;
}

export function ownerName({ to }: Extract<Change, { verb: 'reassign' }>): string {
  return mrkdwn(to.name, 80);
}

/** Settled for the rep, but held back, because the provider cannot reverse it. */
function held({ change, heldUntil }: ActionIn<'queued'>, provider: string, reader: Reader, way: string): string {
  const what: Record<Operation, string> = {
    done: `Done${way}`,
    dismiss: 'Dismissed',
    snooze: 'Snoozed',
    reschedule: 'Rescheduled',
    note: 'Note changed',
    reassign: change.verb === 'reassign' ? `Given to ${ownerName(change)}` : '',
    rule: 'Opportunity rule changed',
  };
  const seconds = Math.max(1, Math.ceil(((heldUntil ?? reader.now) - reader.now) / 1_000));
  return `${what[change.verb]}. Goes to ${provider} in ${count(seconds, 'second')}; until then you can undo it`;
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
  return `${UNDERWAY[action.change.verb]} in ${provider} …`;
}

/** One line for each address, so that the rep notices a link that is wrong. */
export function newLinks(links: NonNullable<ListSummary['newLinks']>): string[] {
  const byEmail = new Map<string, string[]>();
  for (const { name, email = 'your Slack address' } of links) byEmail.set(email, [...(byEmail.get(email) ?? []), name]);
  return [...byEmail].map(([email, names]) => {
    const are = names.length === 1 ? 'is' : 'are';
    const which = names.map((name) => `*${name}*`).join(' and ');
    return `New: ${which} ${are} linked, because ${mrkdwn(email, 120)} is your address there too. Not you? \`/tasks connect\` ends it.`;
  });
}

/** `overdue tasks`, `open tasks with “acme”` */
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
    case 'snoozed':
      return 'snoozed tasks';
    case 'back':
      return 'tasks back from a snooze';
    case 'soon':
      return 'calls that are due soon';
    case 'text':
      return `open tasks with “${mrkdwn(filter.text, 60)}”`;
    case 'query':
      return queryNoun(filter.query);
  }
}

const KINDS: Record<TaskKind, string> = {
  call: 'calls',
  email: 'e-mails',
  linkedin: 'LinkedIn steps',
  sms: 'text messages',
  meeting: 'meetings',
  todo: 'to-dos',
  other: 'other tasks',
};

const DUE: Record<Exclude<When['is'], 'before'>, string> = {
  overdue: 'that are overdue',
  today: 'due today',
  tomorrow: 'due tomorrow',
  week: 'due in the next seven days',
  'this week': 'due this week',
  'next week': 'due next week',
  'no date': 'without a due date',
  snoozed: 'that are snoozed',
};

/** `urgent calls due today in gong with “acme”` */
function queryNoun({ when, kinds, tools, urgent, text }: Query): string {
  const noun = kinds ? kinds.map((kind) => KINDS[kind]).join(' and ') : 'tasks';
  const due = when && (when.is === 'before' ? `due before ${when.date}` : DUE[when.is]);
  const where = tools && `in ${tools.join(' and ')}`;
  const which = text === undefined ? '' : `with “${mrkdwn(text, 60)}”`;
  return [urgent ? 'urgent' : '', noun, due, where, which].filter(Boolean).join(' ');
}
