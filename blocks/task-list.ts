/**
 * A list of tasks as a whole: the digest, the answer to `/tasks`, and the rows of Home. Pure and total: the same stored
 * message always gives the same blocks, whatever its tasks hold, within Slack's limits.
 */

import { backlogOf, FIRST_ROWS, groupedAt, isUnchanged, newsOf } from '../src/core/model/backlog.ts';
import { KEEP_UPDATED_MS } from '../src/core/model/digest.ts';
import { queryOf } from '../src/core/model/filter.ts';
import { type Group, groupOf } from '../src/core/model/group.ts';
import { type Filter, type LoadedMessage, MOST_ROWS_OF_A_PAGE, startOf } from '../src/core/model/message.ts';
import { isSettled, type Row } from '../src/core/model/row-state.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { backlogBlocks, closedBlocks } from './changes.ts';
import { clearedBlock, isFolded, lastTouchedAt } from './cleared-rows.ts';
import { closeMessage } from './close-message.ts';
import { actions, type Block, type Button, button, context, type Rendered, section } from './elements.ts';
import { ACTION, encodePage } from './ids.ts';
import { FULL_ROOM, LIMITS, type Room, weightOf } from './limits.ts';
import { missingTasks } from './list-errors.ts';
import { heading, type ListView } from './list-heading.ts';
import { fallbackText } from './list-words.ts';
import { presetsOf } from './presets.ts';
import { type Providers, providerOf } from './providers.ts';
import { type RowForm, type RowPlace, type RowReader, retiredRow, taskRow } from './task-row.ts';
import { count, type Reader } from './text.ts';

export function renderList(view: ListView, providers: Providers, time: RepTime, room: Room = FULL_ROOM): Rendered {
  const { message } = view;
  const { filter, reports, day } = message.summary;
  if (day) return closeMessage(message, day, time);
  const news = newsOf(message.summary.since);
  const forms = { oneTool: reports.length === 1, snoozed: isOfSnoozed(filter), news };
  const reader = { ...time, presets: presetsOf(time), ...forms };
  const retired = isRetired(message, reader);
  const hidden = backlogOf(message, time.zone);
  const unchanged = isUnchanged(message, time.zone);
  const list: List = { view, providers, reader, room, retired, hidden, unchanged };
  const head = retired ? retiredHead(list) : headOf(list);
  const page = pageOf(list, head);
  const blocks = [...head, ...page.rows.flatMap((row) => row.blocks), ...tailOf(list, page)];
  const text = fallbackText(message, page.rows, message.items.length - page.next, { providers, reader, room });
  return { text, blocks: retired ? blocks.filter(({ type }) => type !== 'actions').map(withoutControl) : blocks };
}

interface List {
  view: ListView;
  providers: Providers;
  reader: RowReader;
  room: Room;
  retired: boolean;
  /** Positions of rows that say nothing new. */
  hidden: ReadonlySet<number>;
  /** A digest without a change: its first rows are lines. */
  unchanged: boolean;
}

interface Page {
  rows: readonly ShownRow[];
  /** Settled rows, shown as one line. */
  folded: readonly Row[];
  /** What stands under the rows of the first page. */
  after: readonly Block[];
  /** The index of the first row of the next page; the number of rows if there is none. */
  next: number;
}

interface ShownRow {
  row: Row;
  number: number;
  /** What it stands under. */
  title: string;
  blocks: Block[];
}

/** In a message that Slack takes only when it is small, rows count more than what stands above them. */
const ROOM_FOR_A_HEAD = 4_000;

function headOf({ view, providers, reader, room }: List): Block[] {
  const blocks = heading(view, { providers, reader });
  if (view.message.kind !== 'home' && room.weight < ROOM_FOR_A_HEAD) return blocks.slice(0, 1);
  return [...blocks, ...missingTasks(view.message, providers, reader)];
}

/** Slack's own for a view is a hundred; accounts and settings stand under the list there. */
const BLOCKS = { message: LIMITS.messageBlocks, home: 75 } as const;

/** The rows from the page's first one on, as many as fit. */
function pageOf(list: List, head: readonly Block[]): Page {
  const { kind, items, summary } = list.view.message;
  const touched = lastTouchedAt(items);
  const most = {
    weight: kind === 'home' ? Number.POSITIVE_INFINITY : list.room.weight,
    blocks: BLOCKS[kind === 'home' ? 'home' : 'message'],
  };
  const after = afterRows(list);
  let used = { weight: weightOf(head) + weightOf(after), blocks: head.length + after.length };
  let page: Page = { rows: [], folded: [], after, next: Math.min(startOf(summary), items.length) };
  for (const row of items.slice(page.next)) {
    const next = page.next + 1;
    const isHidden = list.hidden.has(row.position);
    if (isHidden && !isSettled(row)) {
      page = { ...page, next };
      continue;
    }
    const folds = !list.retired && (isHidden || isFolded(row, touched, list.reader));
    const shown = folds ? undefined : shownRow(list, page, row, most.weight - used.weight);
    const own = shown?.blocks ?? [];
    const longer: Page = {
      ...page,
      rows: shown ? [...page.rows, shown] : page.rows,
      folded: folds ? [...page.folded, row] : page.folded,
      next,
    };
    const now = { weight: used.weight + weightOf(own), blocks: used.blocks + own.length };
    const fits = isRoomy(longer, now, most) || fitsWithTail(list, longer, now, most);
    // A page without a row would lead nowhere.
    if ((!fits && page.rows.length > 0) || longer.rows.length > MOST_ROWS_OF_A_PAGE) break;
    page = longer;
    used = now;
  }
  return page;
}

interface Size {
  weight: number;
  blocks: number;
}

/** Where the largest footer fits, the page's own need not be drawn to know it. */
function isRoomy({ folded }: Page, { weight, blocks }: Size, most: Size): boolean {
  return folded.length === 0 && weight + ROOM_FOR_A_TAIL <= most.weight && blocks + BLOCKS_OF_A_FOOTER <= most.blocks;
}

function fitsWithTail(list: List, page: Page, { weight, blocks }: Size, most: Size): boolean {
  const tail = [...clearedOf(list, page), ...footer(list, page)];
  return weight + weightOf(tail) <= most.weight && blocks + tail.length <= most.blocks;
}

/** What was closed elsewhere, and what is as it was. In a small message the first of them gives way to rows. */
function afterRows({ view: { message }, providers, reader, room, hidden, unchanged }: List): Block[] {
  if (startOf(message.summary) > 0) return [];
  const rows = message.items.filter(({ position }) => hidden.has(position));
  return [
    ...(room.weight < ROOM_FOR_A_HEAD ? [] : closedBlocks(message.summary, providers)),
    ...backlogBlocks(message, rows, reader, unchanged ? 'line' : 'groups'),
  ];
}

function shownRow(list: List, { rows, next }: Page, row: Row, room: number): ShownRow {
  const title = titleOf(list, row, next);
  const isFirst = title !== '' && title !== rows.at(-1)?.title;
  const lead = isFirst && title === START ? title : undefined;
  const heading = isFirst && !lead ? [section(`*${title}*`)] : [];
  const place = { messageId: list.view.message.id, number: next + 1, lead };
  const shown = { row, number: place.number, title };
  const blocks = [...heading, ...blocksOf(list, row, { ...place, form: formOf(list, rows.length) })];
  if (rows.length > 0 || weightOf(blocks) + ROOM_FOR_A_TAIL <= room) return { ...shown, blocks };
  return { ...shown, blocks: blocksOf(list, row, { ...place, form: 'short' }) };
}

/** Groups stay as they were when the list was made: a row must not wander while a rep works through it. */
function titleOf({ view: { message }, reader, unchanged }: List, row: Row, index: number): string {
  const { filter, since } = message.summary;
  const sort = queryOf(filter)?.sort;
  if (unchanged || isOfSnoozed(filter) || filter.by === 'back' || filter.by === 'soon') return '';
  // Any other order goes across the groups.
  if (sort !== undefined && sort !== 'due') return '';
  if (message.kind === 'digest' && index < FIRST_ROWS && message.items.length > FIRST_ROWS) return START;
  const group = groupOf(row.task, groupedAt(message.summary), reader.zone);
  return group === 'overdue' && since?.missed !== undefined ? 'Went overdue while you were away' : GROUP_TITLE[group];
}

function isOfSnoozed(filter: Filter): boolean {
  return queryOf(filter)?.when?.is === 'snoozed';
}

const START = 'Start here';
const GROUP_TITLE: Record<Group, string> = { overdue: 'Overdue', today: 'Due today', upcoming: 'Coming up' };

function formOf({ room, unchanged }: List, before: number): RowForm {
  if (unchanged) return 'line';
  return room.weight >= ROOM_FOR_FULL_ROWS && before < FIRST_ROWS ? 'full' : 'compact';
}

/** The footer at its largest: a line, and its buttons. */
const ROOM_FOR_A_TAIL = 400;
const BLOCKS_OF_A_FOOTER = 2;

/** Three full rows take about 2,000. */
const ROOM_FOR_FULL_ROWS = 6_000;

function blocksOf({ providers, reader, retired }: List, row: Row, place: RowPlace): Block[] {
  const provider = providerOf(providers, row.task);
  if (retired) return [section(`*${place.number}.* ${retiredRow(row, provider, reader)}`)];
  return taskRow(place, row, provider, reader);
}

function tailOf(list: List, page: Page): Block[] {
  return [...page.after, ...clearedOf(list, page), ...footer(list, page)];
}

function clearedOf({ view: { message }, providers, reader }: List, { folded }: Page): Block[] {
  return clearedBlock(message.id, folded, providers, reader);
}

function footer({ view: { message }, hidden }: List, { next }: Page): Block[] {
  const { id, kind, items, summary } = message;
  const start = startOf(summary);
  const left = items.slice(next).filter(({ position }) => !hidden.has(position)).length;
  const unlisted = summary.remaining ?? 0;
  const buttons: Button[] = [];
  const before = summary.starts?.at(-2);
  if (before !== undefined) buttons.push(button(ACTION.previous, 'Previous', encodePage(id, before)));
  if (left > 0) buttons.push(button(ACTION.next, 'Next', encodePage(id, next)));
  if (hidden.size > 0) buttons.push(button(ACTION.unfold, `Show all ${items.length.toLocaleString('en-US')}`, id));
  if (unlisted > 0) buttons.push(button(ACTION.refresh, 'Refresh', id));
  // Home has its own below the accounts.
  const settings = kind === 'digest' ? [button(ACTION.settings, 'Settings', 'open', { label: 'Digest settings' })] : [];
  const controls = [...buttons, ...settings];
  const isPaged = before !== undefined || left > 0;
  const range = hidden.size > 0 ? moreText(left) : rangeText(items.length, start, next);
  const rest = unlisted > 0 ? `${count(unlisted, 'more task')} come with Refresh.` : '';
  const said = [isPaged ? range : '', rest].filter(Boolean).join(' ');
  return [...(said ? [context(said)] : []), ...(controls.length > 0 ? [actions(controls)] : [])];
}

function rangeText(all: number, start: number, next: number): string {
  return `Tasks ${(start + 1).toLocaleString('en-US')} to ${next.toLocaleString('en-US')} of ${all.toLocaleString('en-US')}.`;
}

/** Rows have gaps in their numbers where some are not shown. */
function moreText(left: number): string {
  return left > 0 ? `${count(left, 'more task')} changed or due.` : '';
}

/** Docket no longer keeps its rows true, so nothing can be pressed on it. */
function isRetired({ kind, createdAt }: LoadedMessage, { now }: Reader): boolean {
  return kind === 'digest' && now - createdAt >= KEEP_UPDATED_MS;
}

const RETIRED =
  'This list is older than three days and is no longer kept up to date. What is open now: type `/tasks`, or look at the Home tab.';

function retiredHead({ view, providers, reader }: List): Block[] {
  const [title, ...counts] = heading(view, { providers, reader });
  return [...(title ? [title] : []), context(RETIRED), ...counts, ...missingTasks(view.message, providers, reader)];
}

function withoutControl(block: Block): Block {
  if (block.type !== 'section') return block;
  const { accessory: _, ...bare } = block;
  return bare;
}
