/** What a list says of itself, in its head and as text for notifications and screen readers. */
import { isNarrow, queryOf } from '../src/core/model/filter.ts';
import {
  type Filter,
  type ListSummary,
  type LoadedMessage,
  type MessageKind,
  taskOf,
} from '../src/core/model/message.ts';
import { reasonOf } from '../src/core/model/reason.ts';
import type { Row } from '../src/core/model/row-state.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { sinceText } from './changes.ts';
import { soonTitle } from './day-words.ts';
import { bytesOf, type Room } from './limits.ts';
import { type Providers, providerOf } from './providers.ts';
import { namesIn, withoutOrder } from './query-words.ts';
import { reasonText } from './reason-text.ts';
import { when } from './row-text.ts';
import { longDate, mrkdwn, type Reader, whoAndWhat } from './text.ts';
import { filterNoun } from './words.ts';

/** Whom a list is told to, and of which tools. */
export interface Told {
  providers: Providers;
  reader: Reader;
}

/** The header is plain text, so what `filterNoun` escapes for mrkdwn is undone. */
export function titleOf(kind: MessageKind, { localDate, filter }: ListSummary, { providers, reader }: Told): string {
  if (kind === 'digest') return longDate(localDate, reader);
  if (filter.by === 'soon') return soonTitle(filter.dueAt, filter.tasks.length, reader);
  if (filter.by === 'back') return 'Back from a snooze';
  return `Your ${filterNoun(filter, providers, reader).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')}`;
}

function total({ counts }: ListSummary): number {
  return counts.overdue + counts.today + counts.upcoming;
}

export function countsText({ overdue, today, upcoming }: ListSummary['counts']): string {
  const parts = [[overdue, 'overdue'] as const, [today, 'due today'] as const, [upcoming, 'coming up'] as const];
  const some = parts.filter(([number]) => number > 0);
  return some.map(([number, group]) => `${number.toLocaleString('en-US')} ${group}`).join(', ');
}

/** Docket says that there is nothing only where every provider answered. */
export function nothingText(kind: MessageKind, summary: ListSummary, told: Told): string | undefined {
  const listed = summary.reports.filter((report) => report.state === 'listed');
  if (total(summary) > 0 || listed.length === 0 || listed.some(({ unreadable }) => unreadable > 0)) return undefined;
  const where = namesIn(listed.map((report) => report.name));
  const query = queryOf(summary.filter);
  if (!query || isNarrow(query)) return `You have no ${nounIn(summary.filter, told)} in ${where}.`;
  const noun = [...new Set(listed.map((report) => report.noun))].join(' or ');
  if (kind !== 'digest') return `You have no open ${noun} in ${where}.`;
  const isAll = listed.length === summary.reports.length && (summary.unconnected ?? []).length === 0;
  return isAll ? `*All clear:* no open ${noun} in ${where}.` : `You have no open ${noun} in ${where}.`;
}

/** The tools are named beside it. */
function nounIn(filter: Filter, { providers, reader }: Told): string {
  const query = queryOf(filter);
  if (!query) return filterNoun(filter, providers, reader);
  const { tools: _, ...parts } = query;
  return withoutOrder(parts, providers, reader);
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
  let text = leadText(kind, summary, { providers, reader });
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

function leadText(kind: MessageKind, summary: ListSummary, told: Told): string {
  const namesOf = (tools: readonly { name: string }[]) => namesIn(tools.map(({ name }) => name));
  const failed = namesOf(summary.reports.filter(({ state }) => state === 'failed'));
  const unreadable = namesOf(summary.reports.filter((report) => report.state === 'listed' && report.unreadable > 0));
  const missing = namesOf(summary.unconnected ?? []);
  const parts = [
    sinceText(summary, told.reader).replaceAll('*', ''),
    countsText(summary.counts),
    failed && `${failed} could not be reached`,
    missing && `${missing} is not connected`,
    unreadable && `some tasks in ${unreadable} could not be read`,
    !failed && nothingText(kind, summary, told) && 'nothing open',
  ];
  return `${[mrkdwn(titleOf(kind, summary, told), 200), parts.filter(Boolean).join('; ')].filter(Boolean).join(': ')}.`;
}
