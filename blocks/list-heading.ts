/** The head of a list, and the list as text for notifications and screen readers. */
import { obviousSweep } from '../src/core/clicks/obvious-sweep.ts';
import { groupOf } from '../src/core/model/group.ts';
import { type ListSummary, type LoadedMessage, type MessageKind, taskOf } from '../src/core/model/message.ts';
import { reasonOf } from '../src/core/model/reason.ts';
import { isBack, isSettled, isSnoozed, type Row } from '../src/core/model/row-state.ts';
import { MINUTE, type RepTime } from '../src/core/model/time.ts';
import { sinceText } from './changes.ts';
import { soonTitle } from './day-words.ts';
import { actions, type Block, type Button, button, context, header, section } from './elements.ts';
import { ACTION, encodeHomeList } from './ids.ts';
import { bytesOf, type Room } from './limits.ts';
import { type Providers, providerOf } from './providers.ts';
import { reasonText } from './reason-text.ts';
import { when } from './row-text.ts';
import { encodeOffer } from './sweep-ids.ts';
import { longDate, momentOf, mrkdwn, type Reader, whoAndWhat } from './text.ts';
import { filterNoun, newLinks } from './words.ts';

const DOT = '  ·  ';

/** A stored message, and the rows of today's digest where that is another one. */
export interface ListView {
  message: LoadedMessage;
  morning?: readonly Row[] | undefined;
}

export function heading({ message, morning }: ListView, reader: Reader): Block[] {
  const { kind, summary } = message;
  const since = sinceText(summary, reader);
  const day = [since, ...dayLine(message, morning, reader)].filter(Boolean).join(DOT);
  const lines = [...(day ? [day] : []), ...(since ? [] : toolsLine(summary)), ...newLinks(summary.newLinks ?? [])];
  const nothing = nothingText(kind, summary);
  return [
    header(titleOf(kind, summary, reader)),
    ...(lines.length > 0 ? [context(...lines)] : []),
    ...(nothing ? [section(nothing)] : []),
    ...waysThrough(message, reader),
  ];
}

/** Windows for many tasks, for one task has its own buttons; and the other list of Home. */
function waysThrough(message: LoadedMessage, reader: Reader): Block[] {
  const { id, items } = message;
  const isMany = items.filter((row) => !isSettled(row)).length >= 2;
  const many = [button(ACTION.focus, 'Work through', id), button(ACTION.sweep, 'Act on many', id)];
  const buttons = [...(isMany ? [...many, ...offer(message, reader)] : []), ...otherList(message, reader)];
  return buttons.length > 0 ? [actions(buttons)] : [];
}

/** Home turns to what is snoozed, and back. */
function otherList({ kind, items, summary }: LoadedMessage, { now }: Reader): Button[] {
  if (kind !== 'home') return [];
  if (summary.filter.by === 'snoozed') return [button(ACTION.homeList, 'All open tasks', encodeHomeList('all'))];
  const snoozed = items.filter((row) => isSnoozed(row, now)).length;
  if (snoozed === 0) return [];
  return [button(ACTION.homeList, `${snoozed.toLocaleString('en-US')} snoozed`, encodeHomeList('snoozed'))];
}

/** Clears the long overdue tasks in two clicks. */
function offer({ id, items, summary }: LoadedMessage, { now, zone }: Reader): Button[] {
  // The unchanged tasks have a button of their own.
  if (summary.since && !summary.unfolded) return [];
  const obvious = obviousSweep({ rows: items, now, zone });
  if (!obvious) return [];
  const overdue = `${obvious.tasks.toLocaleString('en-US')} overdue`;
  const text = obvious.which.days === undefined ? overdue : `${overdue} for more than a week`;
  return [button(ACTION.offer, `${text}: move them…`, encodeOffer(id, obvious.which))];
}

/** The header is plain text, so what `filterNoun` escapes for mrkdwn is undone. */
function titleOf(kind: MessageKind, { localDate, filter }: ListSummary, reader: Reader): string {
  if (kind === 'digest') return longDate(localDate, reader);
  if (filter.by === 'soon') return soonTitle(filter.dueAt, filter.tasks.length, reader);
  if (filter.by === 'back') return 'Back from a snooze';
  return `Your ${filterNoun(filter).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')}`;
}

function total({ counts }: ListSummary): number {
  return counts.overdue + counts.today + counts.upcoming;
}

/**
 * The count of the day, the same in the digest, in lists and in Home: cleared of all that were open this morning, and what is
 * left of those. In words as well: a screen reader cannot read a bar.
 */
function dayLine(message: LoadedMessage, morning: readonly Row[] | undefined, reader: Reader): string[] {
  const { items } = message;
  const rows = morning ?? items;
  if (rows.length === 0) return [];
  const open = rows.filter((row) => !isSettled(row) || isBack(row, reader.now));
  const cleared = rows.length - open.length;
  const left = countsText(countLeft(open, reader));
  const known = new Set(rows.map(keyOf));
  const fresh = morning ? items.filter((row) => !isSettled(row) && !known.has(keyOf(row))).length : 0;
  const parts = [
    cleared === rows.length && cleared > 1 ? `*All ${rows.length} cleared*` : `*${cleared} of ${rows.length} cleared*`,
    left && `left: ${left}`,
    fresh > 0 && `${fresh} new since this morning`,
    laterText(message, reader),
    asOf(message, reader),
  ];
  return [parts.filter(Boolean).join(DOT)];
}

function laterText({ summary: { later }, createdAt }: LoadedMessage, reader: Reader): string {
  return later ? `${later.count.toLocaleString('en-US')} new since ${momentOf(createdAt, reader)}` : '';
}

/** A digest is edited as the day goes on, but not each minute. */
const SAYS_ITS_AGE_MS = MINUTE;

function asOf({ kind, createdAt }: LoadedMessage, reader: Reader): string {
  return kind === 'digest' && reader.now - createdAt >= SAYS_ITS_AGE_MS ? `as of ${momentOf(reader.now, reader)}` : '';
}

function keyOf({ task }: Row): string {
  return `${task.provider} ${task.id}`;
}

function countLeft(rows: readonly Row[], { now, zone }: Reader): ListSummary['counts'] {
  const counts = { overdue: 0, today: 0, upcoming: 0 };
  for (const row of rows) counts[isBack(row, now) ? 'overdue' : groupOf(taskOf(row), now, zone)] += 1;
  return counts;
}

function toolsLine({ reports }: ListSummary): string[] {
  const listed = reports.filter((report) => report.state === 'listed' && report.tasks > 0);
  return listed.length > 1 ? [listed.map((report) => `${report.name} ${report.noun}`).join(', ')] : [];
}

function countsText({ overdue, today, upcoming }: ListSummary['counts']): string {
  const parts = [[overdue, 'overdue'] as const, [today, 'due today'] as const, [upcoming, 'coming up'] as const];
  const some = parts.filter(([number]) => number > 0);
  return some.map(([number, group]) => `${number.toLocaleString('en-US')} ${group}`).join(', ');
}

/** Docket says that there is nothing only where every provider answered. */
function nothingText(kind: MessageKind, summary: ListSummary): string | undefined {
  const listed = summary.reports.filter((report) => report.state === 'listed');
  if (total(summary) > 0 || listed.length === 0 || listed.some(({ unreadable }) => unreadable > 0)) return undefined;
  const where = listed.map((report) => report.name).join(' and ');
  if (summary.filter.by !== 'all') return `You have no ${filterNoun(summary.filter)} in ${where}.`;
  const noun = [...new Set(listed.map((report) => report.noun))].join(' or ');
  if (kind !== 'digest') return `You have no open ${noun} in ${where}.`;
  const isAll = listed.length === summary.reports.length && (summary.unconnected ?? []).length === 0;
  return isAll ? `*All clear:* no open ${noun} in ${where}.` : `You have no open ${noun} in ${where}.`;
}

/** Room for `… and 4,990 more` at the end of a text that is cut. */
const MORE_BYTES = 60;

/** `shown`: the rows of the page, with their numbers. */
export function fallbackText(
  { kind, summary }: LoadedMessage,
  shown: readonly { row: Row; number: number }[],
  more: number,
  { providers, reader, room: { textBytes } }: { providers: Providers; reader: RepTime; room: Room },
): string {
  let text = leadText(kind, summary, reader);
  let left = textBytes - MORE_BYTES - bytesOf(text);
  for (const [index, { row, number }] of shown.entries()) {
    const task = taskOf(row);
    const why = reasonText(reasonOf(task, reader), providerOf(providers, task).name, reader);
    const parts = [when(task, reader).replaceAll('*', ''), why].filter(Boolean);
    const line = `\n${number}. ${whoAndWhat(task, ', ')}. ${parts.join('. ')}`;
    left -= bytesOf(line);
    if (left < 0) return `${text}\n… and ${shown.length - index + more} more`;
    text += line;
  }
  return more > 0 ? `${text}\n… and ${more} more` : text;
}

function leadText(kind: MessageKind, summary: ListSummary, reader: Reader): string {
  const namesOf = (tools: readonly { name: string }[]) => tools.map(({ name }) => name).join(' and ');
  const failed = namesOf(summary.reports.filter(({ state }) => state === 'failed'));
  const unreadable = namesOf(summary.reports.filter((report) => report.state === 'listed' && report.unreadable > 0));
  const missing = namesOf(summary.unconnected ?? []);
  const parts = [
    sinceText(summary, reader).replaceAll('*', ''),
    countsText(summary.counts),
    failed && `${failed} could not be reached`,
    missing && `${missing} is not connected`,
    unreadable && `some tasks in ${unreadable} could not be read`,
    !failed && nothingText(kind, summary) && 'nothing open',
  ];
  return `${[mrkdwn(titleOf(kind, summary, reader), 200), parts.filter(Boolean).join('; ')].filter(Boolean).join(': ')}.`;
}
