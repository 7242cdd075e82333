/**
 * A list of tasks as a whole: the digest, the answer to `/tasks`, and the rows of Home. Pure and total: the same stored
 * message always gives the same blocks, whatever its tasks hold, within Slack's limits.
 */

import { type Group, groupOf } from '../src/core/digests/rank.ts';
import type { Action, ActionBase } from '../src/core/model/action.ts';
import { KEEP_TRUE_FOR } from '../src/core/model/digest.ts';
import type { Instant, ProviderId } from '../src/core/model/keys.ts';
import type { LoadedMessage } from '../src/core/model/message.ts';
import {
  type ListSummary,
  type MessageKind,
  type ProviderReport,
  type Tool,
  taskOf,
} from '../src/core/model/message.ts';
import type { Task } from '../src/core/model/task.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { actions, type Block, type Button, button, context, header, section } from './elements.ts';
import { unreachable } from './errors.ts';
import { ACTION, encodePage } from './ids.ts';
import { bytesOf, LIMITS, weightOf } from './limits.ts';
import { LARGEST_PRESETS, presetsOf } from './presets.ts';
import {
  type Item,
  isSettled,
  type News,
  type RowProvider,
  type RowReader,
  retiredRow,
  taskRow,
  when,
} from './task-row.ts';
import { count, longDate, mrkdwn, whoAndWhat } from './text.ts';
import { filterNoun, newLinks, type Reader, unconnected, unreadableTasks } from './words.ts';

export interface Rendered {
  /** What notifications and screen readers use. */
  text: string;
  blocks: Block[];
}

export type Providers = ReadonlyMap<ProviderId, RowProvider>;

const GROUP_TITLE: Record<Group, string> = { overdue: 'Overdue', today: 'Due today', upcoming: 'Coming up' };

/** How much a message may come to. Slack's rule is undocumented, so it may turn out to take less (`src/slack/screen/fit.ts`). */
export interface Room {
  /** As `weightOf` counts. */
  weight: number;
  textBytes: number;
}

export const FULL_ROOM: Room = { weight: LIMITS.messageWeight, textBytes: LIMITS.fallbackBytes };

export function renderList(
  message: LoadedMessage,
  providers: Providers,
  reader: RepTime,
  room: Room = FULL_ROOM,
): Rendered {
  const { shown, blocks } = blocksThatFit(message, providers, { ...reader, presets: presetsOf(reader) }, room);
  return { text: fallbackText(shown, reader, room), blocks };
}

/** Nobody keeps its rows true any more, so nothing can be pressed on it. */
function isRetired({ kind, createdAt }: LoadedMessage, { now }: Reader): boolean {
  return kind === 'digest' && now - createdAt >= KEEP_TRUE_FOR;
}

const RETIRED =
  'This list is older than three days and is no longer kept up to date. What is open now: type `/tasks`, or look at the Home tab.';

/** As it was, with nothing to press. */
function retiredBlocks(message: LoadedMessage, providers: Providers, reader: Reader): Block[] {
  const [title, ...counts] = heading(message);
  const rest = [
    ...counts,
    ...problems(message, reader),
    ...rows(message, reader, (item) => [section(retiredRow(item, rowProvider(providers, item.task), reader))]),
    ...footer(message),
  ];
  const silent = rest.flatMap((block) => (block.type === 'actions' ? [] : [withoutControl(block)]));
  return [...(title ? [title] : []), context(RETIRED), ...silent];
}

function withoutControl(block: Block): Block {
  if (block.type !== 'section') return block;
  const { accessory: _, ...bare } = block;
  return bare;
}

/**
 * What open rows tell of since they were counted has no room kept for it: a row more is worth more than that. So where it
 * does not fit, tasks that grew have their old texts; if need be nothing of it is told; and only then are there fewer rows.
 */
function blocksThatFit(
  message: LoadedMessage,
  providers: Providers,
  reader: RowReader,
  room: Room,
): { shown: LoadedMessage; blocks: Block[] } {
  const fits = (blocks: Block[]) => message.kind === 'home' || weightOf(blocks) <= room.weight;
  for (let rows = message.items.length; ; rows -= 1) {
    const shown = firstRows(message, rows);
    let blocks: Block[] = [];
    for (const form of formsOf(shown, providers, reader)) {
      blocks = form();
      if (fits(blocks)) return { shown, blocks };
    }
    // Without rows there is nothing more to leave out.
    if (rows <= 0) return { shown, blocks };
  }
}

/** The same list with fewer rows; those left out are counted with the rest. */
function firstRows(message: LoadedMessage, rows: number): LoadedMessage {
  const { items, summary } = message;
  if (rows >= items.length) return message;
  const remaining = summary.remaining + items.length - rows;
  return { ...message, items: items.slice(0, rows), summary: { ...summary, remaining } };
}

/** The ways to show these rows, the fullest first. */
function formsOf(message: LoadedMessage, providers: Providers, reader: RowReader): (() => Block[])[] {
  if (isRetired(message, reader)) return [() => retiredBlocks(message, providers, reader)];
  return [
    () => blocksOf(message, providers, reader, 'told'),
    () => blocksOf(asListed(message), providers, reader, 'told'),
    () => blocksOf(asListed(message), providers, reader, 'left out'),
  ];
}

function blocksOf(message: LoadedMessage, providers: Providers, reader: RowReader, news: News): Block[] {
  return [
    ...heading(message),
    ...problems(message, reader),
    ...rows(message, reader, (item) =>
      taskRow(message.id, item, rowProvider(providers, item.task), { ...reader, news }),
    ),
    ...footer(message),
  ];
}

/** Tasks that grew at their provider since the rows were counted: as they were, but for the new due date. */
function asListed(message: LoadedMessage): LoadedMessage {
  const items = message.items.map((item) => {
    if (item.seen?.how !== 'changed') return item;
    return { ...item, seen: { ...item.seen, task: { ...item.task, dueAt: item.seen.task.dueAt } } };
  });
  return { ...message, items };
}

function heading(message: LoadedMessage): Block[] {
  const { summary, items } = message;
  const lines: string[] = [];
  if (total(summary) > 0) lines.push(countsLine(summary));
  const progress = progressLine(items);
  if (progress) lines.push(progress);
  const title = message.kind === 'digest' ? longDate(summary.localDate) : titleOf(summary);
  const nothing = total(summary) === 0 ? nothingText(message) : undefined;
  lines.push(...newLinks(summary.newLinks ?? []));
  return [header(title), ...(lines.length > 0 ? [context(...lines)] : []), ...(nothing ? [section(nothing)] : [])];
}

function titleOf(summary: ListSummary): string {
  const noun = filterNoun(summary.filter).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return `Your ${noun}`;
}

function total({ counts }: ListSummary): number {
  return counts.overdue + counts.today + counts.upcoming;
}

function countsLine(summary: ListSummary): string {
  const listed = summary.reports.filter((report) => report.state === 'listed');
  const from = listed.map((report) => `${report.name} ${report.noun}`).join(', ');
  return [`*${countsText(summary)}*`, from].filter(Boolean).join('  ·  ');
}

function countsText({ counts }: ListSummary): string {
  const parts = [
    counts.overdue > 0 ? `${counts.overdue.toLocaleString('en-US')} overdue` : undefined,
    counts.today > 0 ? `${counts.today.toLocaleString('en-US')} due today` : undefined,
    counts.upcoming > 0 ? `${counts.upcoming.toLocaleString('en-US')} coming up` : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

const BAR = 10;

/** Moves as tasks are settled; in words as well, since the bar alone says nothing to a screen reader. */
function progressLine(items: readonly Item[]): string | undefined {
  if (items.length === 0) return undefined;
  const settled = items.filter(isSettled).length;
  const filled = Math.floor((settled / items.length) * BAR);
  const bar = '▰'.repeat(filled) + '▱'.repeat(BAR - filled);
  return settled === items.length
    ? `${bar}  All ${items.length} settled`
    : `${bar}  ${settled} of ${items.length} settled`;
}

/** Only where every provider answered may we say that there is nothing. */
function nothingText({ kind, summary }: LoadedMessage): string | undefined {
  const listed = summary.reports.filter((report) => report.state === 'listed');
  if (listed.length === 0 || listed.some((report) => report.unreadable > 0)) return undefined;
  const where = listed.map((report) => report.name).join(' and ');
  if (summary.filter.by !== 'all') return `You have no ${filterNoun(summary.filter)} in ${where}.`;
  const noun = [...new Set(listed.map((report) => report.noun))].join(' or ');
  return kind === 'digest' ? `No open ${noun} in ${where} this morning.` : `You have no open ${noun} in ${where}.`;
}

function problems({ id, summary }: LoadedMessage, reader: Reader): Block[] {
  const blocks: Block[] = [];
  for (const report of summary.reports) {
    if (report.state === 'failed') blocks.push(section(unreachable(report, reader), mending(report, id)));
    else if (report.unreadable > 0) blocks.push(context(unreadableTasks(report)));
  }
  return [...blocks, ...(summary.unconnected ?? []).map(unconnectedBlock)];
}

/** Asking again helps unless the rep has to sign in first. */
function mending({ provider, name, reason }: ProviderReport & { state: 'failed' }, id: string): Button {
  return reason === 'disconnected'
    ? connectButton({ provider, name })
    : button(ACTION.refresh, 'Retry', id, { label: `Ask ${name} again` });
}

function unconnectedBlock(tool: Tool): Block {
  return section(unconnected(tool), connectButton(tool));
}

/** It asks for a fresh link, because the message outlives each of them. */
function connectButton({ provider, name }: Tool): Button {
  return button(ACTION.consent, 'Connect', provider, { label: `Connect ${name}` });
}

function rows(message: LoadedMessage, reader: Reader, rowOf: (item: Item) => Block[]): Block[] {
  const blocks: Block[] = [];
  let current: Group | undefined;
  for (const item of message.items) {
    // Groups are as they were when the list was made: a row must not wander while a rep works through it.
    const group = groupOf(item.task, message.summary.fetchedAt, reader.zone);
    if (group !== current) blocks.push(section(`*${GROUP_TITLE[group]}*`));
    current = group;
    blocks.push(...rowOf(item));
  }
  return blocks;
}

/** A row outlives the provider's settings: without them it still stands there, with nothing to press. */
function rowProvider(providers: Providers, { provider }: Task): RowProvider {
  return providers.get(provider) ?? { name: provider, capabilities: { noun: 'tasks', of: () => ({ verbs: {} }) } };
}

function footer({ id, items, summary }: LoadedMessage): Block[] {
  const { offset, remaining } = summary;
  if (remaining === 0 && offset === 0) return [];
  const place =
    offset > 0 && items.length > 0 ? `Tasks ${offset + 1} to ${offset + items.length} of ${total(summary)}.` : '';
  if (remaining === 0) return [context(place)];
  const more = `*${count(remaining, 'more task')}*, not shown here.`;
  return [
    context([place, more].filter(Boolean).join(' ')),
    actions([
      button(
        ACTION.more,
        remaining > items.length ? 'Show the next ones' : 'Show the rest',
        encodePage(id, items.length),
      ),
    ]),
  ];
}

/** At the end of a text that is cut: `… and 4,990 more`. */
const MORE_BYTES = 60;

function fallbackText(message: LoadedMessage, reader: Reader, { textBytes }: Room): string {
  const { kind, summary, items } = message;
  const failed = summary.reports.filter((report) => report.state === 'failed').map((report) => report.name);
  const unreadable = summary.reports.filter((report) => report.state === 'listed' && report.unreadable > 0);
  const missing = (summary.unconnected ?? []).map(({ name }) => name);
  const lead = kind === 'digest' ? longDate(summary.localDate) : titleOf(summary);
  const parts = [
    total(summary) > 0 ? countsText(summary) : undefined,
    failed.length > 0 ? `${failed.join(' and ')} could not be reached` : undefined,
    missing.length > 0 ? `${missing.join(' and ')} is not connected` : undefined,
    unreadable.length > 0
      ? `some tasks in ${unreadable.map(({ name }) => name).join(' and ')} could not be read`
      : undefined,
    total(summary) === 0 && failed.length === 0 && nothingText(message) ? 'nothing open' : undefined,
  ];
  let text = `${[mrkdwn(lead, 200), parts.filter(Boolean).join('; ')].filter(Boolean).join(': ')}.`;
  let left = textBytes - MORE_BYTES - bytesOf(text);
  for (const [index, item] of items.entries()) {
    const task = taskOf(item);
    const line = `\n${index + 1}. ${whoAndWhat(task, ', ')}. ${when(task, reader)}`;
    left -= bytesOf(line);
    if (left < 0) {
      return `${text}\n… and ${items.length - index + summary.remaining} more`;
    }
    text += line;
  }
  return summary.remaining > 0 ? `${text}\n… and ${summary.remaining} more` : text;
}

const MOST_ROWS: Record<MessageKind, number> = { digest: 10, list: 10, home: 30 };
/**
 * Title, counts, progress, three group titles and footer, at their largest: the title of a list repeats what was searched
 * for. A block for each provider's trouble. As `weightOf` counts.
 */
const FRAME_WEIGHT: Record<MessageKind, number> = { digest: 1_150, list: 1_300, home: 0 };
const REPORT_WEIGHT = 580;
/** What a date gets with time: another year, a day of two digits. And the wordiest reason is not the same for all names. */
const LATER_CHARACTERS = 15;
/** A date in another year is written with it. */
const A_YEAR = 31_536_000_000;
/** `Overdue by less than a minute` are the most words for a due date. */
const HALF_A_MINUTE = 29_000;

/** How many of these tasks fit, from the first on, whatever state each row may come to. At least one. */
export function rowsThatFit(
  list: { kind: MessageKind; tasks: readonly Task[] } & Pick<ListSummary, 'reports' | 'newLinks' | 'unconnected'>,
  providers: Providers,
  reader: Reader,
  room: Room = FULL_ROOM,
): number {
  const most = Math.min(MOST_ROWS[list.kind], list.tasks.length);
  if (list.kind === 'home') return most;
  const troubled = list.reports.filter((report) => report.state === 'failed' || report.unreadable > 0).length;
  let left = room.weight - FRAME_WEIGHT[list.kind] - troubled * REPORT_WEIGHT;
  for (const line of newLinks(list.newLinks ?? [])) left -= weightOf([{ text: line }]);
  left -= weightOf((list.unconnected ?? []).map(unconnectedBlock));
  for (const [index, task] of list.tasks.slice(0, most).entries()) {
    left -= largestRow(task, rowProvider(providers, task), reader);
    if (left < 0) return Math.max(index, 1);
  }
  return most;
}

/**
 * Open with its controls, just overdue; or, where controls are few, failed or not undone for the wordiest reason (a test
 * holds that).
 */
function largestRow(task: Task, provider: RowProvider, reader: Reader): number {
  const base = {
    teamId: '',
    userId: '',
    provider: task.provider,
    taskId: task.id,
    id: '99999999',
    seq: 999,
    externalId: undefined,
    task,
    sentAt: undefined,
    attempts: 1,
    reference: '"'.repeat(60),
    createdAt: reader.now,
  } satisfies Omit<ActionBase, 'change'>;
  const settledAt = reader.now;
  const dueAt = reader.now + A_YEAR;
  const rule = { verb: 'rule', rule: '' } as const;
  const failed: Action = { ...base, change: rule, state: 'failed', settledAt, failure: 'not_enabled' };
  const change = { verb: 'reschedule', dueAt } as const;
  const undoFailure = { reason: 'not_enabled' } as const;
  const notUndone: Action = { ...base, change, state: 'succeeded', settledAt, undoFailure };
  const dated = { ...task, dueAt: task.dueAt ?? reader.now };
  const row = (shown: Task, action: Action | undefined, now: Instant) => {
    const item = { position: 999, task: shown, seq: 998, action };
    return weightOf(
      taskRow('99999999', item, provider, { ...reader, now, presets: LARGEST_PRESETS, news: 'left out' }),
    );
  };
  const sizes = [
    row(dated, undefined, dated.dueAt + HALF_A_MINUTE),
    row(task, failed, reader.now),
    row(task, notUndone, reader.now),
  ];
  return Math.max(...sizes) + LATER_CHARACTERS;
}
