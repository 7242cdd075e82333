/**
 * A list of tasks as a whole: the digest, the answer to `/tasks`, and the rows of Home. Pure and total: the same stored
 * message always gives the same blocks, whatever its tasks hold, within Slack's limits.
 */
import { type Group, groupOf } from '../src/core/digests/rank.ts';
import { KEEP_UPDATED_MS } from '../src/core/model/digest.ts';
import { type LoadedMessage, MOST_ROWS_OF_A_PAGE, startOf } from '../src/core/model/message.ts';
import type { Row } from '../src/core/model/row-state.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { clearedBlock, isFolded, lastTouchedAt } from './cleared-rows.ts';
import { actions, type Block, type Button, button, context, type Rendered, section } from './elements.ts';
import { ACTION, encodePage } from './ids.ts';
import { FULL_ROOM, LIMITS, type Room, weightOf } from './limits.ts';
import { missingTasks } from './list-errors.ts';
import { fallbackText, heading, type ListView } from './list-heading.ts';
import { presetsOf } from './presets.ts';
import { type Providers, providerOf } from './providers.ts';
import { type RowForm, type RowReader, retiredRow, taskRow } from './task-row.ts';
import { count, type Reader } from './text.ts';

export function renderList(view: ListView, providers: Providers, time: RepTime, room: Room = FULL_ROOM): Rendered {
  const { message } = view;
  const { filter, reports } = message.summary;
  const reader = { ...time, presets: presetsOf(time), oneTool: reports.length === 1, snoozed: filter.by === 'snoozed' };
  const retired = isRetired(message, reader);
  const list: List = { view, providers, reader, room, retired };
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
}

interface Page {
  rows: readonly ShownRow[];
  /** Settled rows, shown as one line. */
  folded: readonly Row[];
  /** The index of the first row of the next page; the number of rows if there is none. */
  next: number;
}

interface ShownRow {
  row: Row;
  number: number;
  group: Group;
  blocks: Block[];
}

/** In a message that Slack takes only when it is small, rows count more than what stands above them. */
const ROOM_FOR_A_HEAD = 4_000;

function headOf({ view, reader, room }: List): Block[] {
  const blocks = heading(view, reader);
  if (view.message.kind !== 'home' && room.weight < ROOM_FOR_A_HEAD) return blocks.slice(0, 1);
  return [...blocks, ...missingTasks(view.message, reader)];
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
  let used = { weight: weightOf(head), blocks: head.length };
  let page: Page = { rows: [], folded: [], next: Math.min(startOf(summary), items.length) };
  for (const row of items.slice(page.next)) {
    const next = page.next + 1;
    const folds = !list.retired && isFolded(row, touched, list.reader);
    const shown = folds ? undefined : shownRow(list, page, row, most.weight - used.weight);
    const own = shown?.blocks ?? [];
    const longer = {
      rows: shown ? [...page.rows, shown] : page.rows,
      folded: folds ? [...page.folded, row] : page.folded,
      next,
    };
    const tail = tailOf(list, longer);
    const now = { weight: used.weight + weightOf(own), blocks: used.blocks + own.length };
    const fits = now.weight + weightOf(tail) <= most.weight && now.blocks + tail.length <= most.blocks;
    // A page without a row would lead nowhere.
    if ((!fits && page.rows.length > 0) || longer.rows.length > MOST_ROWS_OF_A_PAGE) break;
    page = longer;
    used = now;
  }
  return page;
}

/** Groups stay as they were when the list was made: a row must not wander while a rep works through it. */
function shownRow(list: List, { rows, next }: Page, row: Row, room: number): ShownRow {
  const { view, reader } = list;
  const group = groupOf(row.task, view.message.summary.fetchedAt, reader.zone);
  const { filter } = view.message.summary;
  const isGrouped = filter.by !== 'snoozed' && filter.by !== 'back';
  const title = !isGrouped || group === rows.at(-1)?.group ? [] : [section(`*${GROUP_TITLE[group]}*`)];
  const number = next + 1;
  const form = list.room.weight >= ROOM_FOR_FULL_ROWS && rows.length < FULL_ROWS ? 'full' : 'compact';
  const blocks = [...title, ...blocksOf(list, row, number, form)];
  if (rows.length > 0 || weightOf(blocks) + ROOM_FOR_A_TAIL <= room) return { row, number, group, blocks };
  return { row, number, group, blocks: blocksOf(list, row, number, 'short') };
}

const GROUP_TITLE: Record<Group, string> = { overdue: 'Overdue', today: 'Due today', upcoming: 'Coming up' };
/** The footer at its largest. */
const ROOM_FOR_A_TAIL = 400;

const FULL_ROWS = 3;
/** Three full rows take about 2,000. */
const ROOM_FOR_FULL_ROWS = 6_000;

function blocksOf(list: List, row: Row, number: number, form: RowForm): Block[] {
  const { view, providers, reader, retired } = list;
  const provider = providerOf(providers, row.task);
  if (retired) return [section(`*${number}.* ${retiredRow(row, provider, reader)}`)];
  return taskRow({ messageId: view.message.id, number, form }, row, provider, reader);
}

function tailOf(list: List, page: Page): Block[] {
  const { message } = list.view;
  return [...clearedBlock(message.id, page.folded, list.providers, list.reader), ...footer(message, page)];
}

function footer({ id, kind, items, summary }: LoadedMessage, { next }: Page): Block[] {
  const start = startOf(summary);
  const left = items.length - next;
  const unlisted = summary.remaining ?? 0;
  const buttons: Button[] = [];
  const before = summary.starts?.at(-2);
  if (before !== undefined) buttons.push(button(ACTION.previous, 'Previous', encodePage(id, before)));
  if (left > 0) buttons.push(button(ACTION.next, 'Next', encodePage(id, next)));
  if (unlisted > 0) buttons.push(button(ACTION.refresh, 'Refresh', id));
  // Home has its own below the accounts.
  const settings = kind === 'digest' ? [button(ACTION.settings, 'Settings', 'open', { label: 'Digest settings' })] : [];
  if (buttons.length === 0) return settings.length > 0 ? [actions(settings)] : [];
  const range = `Tasks ${(start + 1).toLocaleString('en-US')} to ${next.toLocaleString('en-US')} of ${items.length.toLocaleString('en-US')}.`;
  const rest = unlisted > 0 ? `${count(unlisted, 'more task')} come with Refresh.` : '';
  return [context([range, rest].filter(Boolean).join(' ')), actions([...buttons, ...settings])];
}

/** Docket no longer keeps its rows true, so nothing can be pressed on it. */
function isRetired({ kind, createdAt }: LoadedMessage, { now }: Reader): boolean {
  return kind === 'digest' && now - createdAt >= KEEP_UPDATED_MS;
}

const RETIRED =
  'This list is older than three days and is no longer kept up to date. What is open now: type `/tasks`, or look at the Home tab.';

function retiredHead({ view, reader }: List): Block[] {
  const [title, ...counts] = heading(view, reader);
  return [...(title ? [title] : []), context(RETIRED), ...counts, ...missingTasks(view.message, reader)];
}

function withoutControl(block: Block): Block {
  if (block.type !== 'section') return block;
  const { accessory: _, ...bare } = block;
  return bare;
}
