/** The head of a list, and the list as text for notifications and screen readers. */
import { type ListSummary, type LoadedMessage, type MessageKind, taskOf } from '../src/core/model/message.ts';
import { type Block, context, header, section } from './elements.ts';
import { bytesOf, type Room } from './limits.ts';
import { isSettled, type Row } from './row-state.ts';
import { when } from './row-text.ts';
import { longDate, mrkdwn, type Reader, whoAndWhat } from './text.ts';
import { filterNoun, newLinks } from './words.ts';

export function heading({ kind, summary, items }: LoadedMessage, reader: Reader): Block[] {
  const lines = [...countsLine(summary), ...progressLine(items), ...newLinks(summary.newLinks ?? [])];
  const nothing = nothingText(kind, summary);
  return [
    header(titleOf(kind, summary, reader)),
    ...(lines.length > 0 ? [context(...lines)] : []),
    ...(nothing ? [section(nothing)] : []),
  ];
}

/** The header is plain text, so what `filterNoun` escapes for mrkdwn is undone. */
function titleOf(kind: MessageKind, { localDate, filter }: ListSummary, reader: Reader): string {
  if (kind === 'digest') return longDate(localDate, reader);
  return `Your ${filterNoun(filter).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')}`;
}

export function total({ counts }: ListSummary): number {
  return counts.overdue + counts.today + counts.upcoming;
}

function countsLine(summary: ListSummary): string[] {
  if (total(summary) === 0) return [];
  const listed = summary.reports.filter((report) => report.state === 'listed');
  const from = listed.map((report) => `${report.name} ${report.noun}`).join(', ');
  return [[`*${countsText(summary)}*`, from].filter(Boolean).join('  ·  ')];
}

function countsText({ counts: { overdue, today, upcoming } }: ListSummary): string {
  const parts = [[overdue, 'overdue'] as const, [today, 'due today'] as const, [upcoming, 'coming up'] as const];
  const some = parts.filter(([number]) => number > 0);
  return some.map(([number, group]) => `${number.toLocaleString('en-US')} ${group}`).join(', ');
}

const BAR = 10;

/** In words as well: a screen reader cannot read the bar. */
function progressLine(rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const settled = rows.filter(isSettled).length;
  const filled = Math.floor((settled / rows.length) * BAR);
  const bar = '▰'.repeat(filled) + '▱'.repeat(BAR - filled);
  return [`${bar}  ${settled === rows.length ? `All ${settled}` : `${settled} of ${rows.length}`} settled`];
}

/** Docket says that there is nothing only where every provider answered. */
function nothingText(kind: MessageKind, summary: ListSummary): string | undefined {
  const listed = summary.reports.filter((report) => report.state === 'listed');
  if (total(summary) > 0 || listed.length === 0 || listed.some(({ unreadable }) => unreadable > 0)) return undefined;
  const where = listed.map((report) => report.name).join(' and ');
  if (summary.filter.by !== 'all') return `You have no ${filterNoun(summary.filter)} in ${where}.`;
  const noun = [...new Set(listed.map((report) => report.noun))].join(' or ');
  return kind === 'digest' ? `No open ${noun} in ${where} this morning.` : `You have no open ${noun} in ${where}.`;
}

/** Room for `… and 4,990 more` at the end of a text that is cut. */
const MORE_BYTES = 60;

export function fallbackText({ kind, summary, items }: LoadedMessage, reader: Reader, { textBytes }: Room): string {
  let text = leadText(kind, summary, reader);
  let left = textBytes - MORE_BYTES - bytesOf(text);
  for (const [index, row] of items.entries()) {
    const task = taskOf(row);
    const line = `\n${index + 1}. ${whoAndWhat(task, ', ')}. ${when(task, reader)}`;
    left -= bytesOf(line);
    if (left < 0) return `${text}\n… and ${items.length - index + summary.remaining} more`;
    text += line;
  }
  return summary.remaining > 0 ? `${text}\n… and ${summary.remaining} more` : text;
}

function leadText(kind: MessageKind, summary: ListSummary, reader: Reader): string {
  const namesOf = (tools: readonly { name: string }[]) => tools.map(({ name }) => name).join(' and ');
  const failed = namesOf(summary.reports.filter(({ state }) => state === 'failed'));
  const unreadable = namesOf(summary.reports.filter((report) => report.state === 'listed' && report.unreadable > 0));
  const missing = namesOf(summary.unconnected ?? []);
  const parts = [
    countsText(summary),
    failed && `${failed} could not be reached`,
    missing && `${missing} is not connected`,
    unreadable && `some tasks in ${unreadable} could not be read`,
    !failed && nothingText(kind, summary) && 'nothing open',
  ];
  return `${[mrkdwn(titleOf(kind, summary, reader), 200), parts.filter(Boolean).join('; ')].filter(Boolean).join(': ')}.`;
}
