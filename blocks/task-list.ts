/**
 * A list of tasks as a whole: the digest, the answer to `/tasks`, and the rows of Home. Pure and total: the same stored
 * message always gives the same blocks, whatever its tasks hold, within Slack's limits.
 */
import { type Group, groupOf } from '../src/core/digests/rank.ts';
import { KEEP_UPDATED_MS } from '../src/core/model/digest.ts';
import type { LoadedMessage } from '../src/core/model/message.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { actions, type Block, button, context, type Rendered, section } from './elements.ts';
import { ACTION, encodePage } from './ids.ts';
import { FULL_ROOM, type Room, weightOf } from './limits.ts';
import { missingTasks } from './list-errors.ts';
import { fallbackText, heading, total } from './list-heading.ts';
import { presetsOf } from './presets.ts';
import { type Providers, providerOf } from './providers.ts';
import type { Row } from './row-state.ts';
import { type News, type RowReader, retiredRow, taskRow } from './task-row.ts';
import { count, type Reader } from './text.ts';

export function renderList(
  message: LoadedMessage,
  providers: Providers,
  reader: RepTime,
  room: Room = FULL_ROOM,
): Rendered {
  const { shown, blocks } = blocksThatFit(message, providers, { ...reader, presets: presetsOf(reader) }, room);
  return { text: fallbackText(shown, reader, room), blocks };
}

/**
 * No room is kept for what open rows tell of changes since they were counted: one more row is worth more than that. Where
 * it does not fit, tasks that grew keep their old texts, then nothing of it is told, and only then are there fewer rows.
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
    ...heading(message, reader),
    ...missingTasks(message, reader),
    ...rowBlocks(message, reader, (row) =>
      taskRow(message.id, row, providerOf(providers, row.task), { ...reader, news }),
    ),
    ...footer(message),
  ];
}

/** Tasks that changed elsewhere have their old texts, but for the new due date. */
function asListed(message: LoadedMessage): LoadedMessage {
  const items = message.items.map((row) => {
    if (row.seen?.how !== 'changed') return row;
    return { ...row, seen: { ...row.seen, task: { ...row.task, dueAt: row.seen.task.dueAt } } };
  });
  return { ...message, items };
}

/** Docket no longer keeps its rows true, so nothing can be pressed on it. */
function isRetired({ kind, createdAt }: LoadedMessage, { now }: Reader): boolean {
  return kind === 'digest' && now - createdAt >= KEEP_UPDATED_MS;
}

const RETIRED =
  'This list is older than three days and is no longer kept up to date. What is open now: type `/tasks`, or look at the Home tab.';

function retiredBlocks(message: LoadedMessage, providers: Providers, reader: Reader): Block[] {
  const [title, ...counts] = heading(message, reader);
  const rest = [
    ...counts,
    ...missingTasks(message, reader),
    ...rowBlocks(message, reader, (row) => [section(retiredRow(row, providerOf(providers, row.task), reader))]),
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

const GROUP_TITLE: Record<Group, string> = { overdue: 'Overdue', today: 'Due today', upcoming: 'Coming up' };

function rowBlocks({ items, summary }: LoadedMessage, { zone }: Reader, blocksOfRow: (row: Row) => Block[]): Block[] {
  const blocks: Block[] = [];
  let current: Group | undefined;
  for (const row of items) {
    // Groups stay as they were when the list was made: a row must not wander while a rep works through it.
    const group = groupOf(row.task, summary.fetchedAt, zone);
    if (group !== current) blocks.push(section(`*${GROUP_TITLE[group]}*`));
    current = group;
    blocks.push(...blocksOfRow(row));
  }
  return blocks;
}

function footer({ id, items, summary }: LoadedMessage): Block[] {
  const { offset, remaining } = summary;
  if (remaining === 0 && offset === 0) return [];
  const range =
    offset > 0 && items.length > 0 ? `Tasks ${offset + 1} to ${offset + items.length} of ${total(summary)}.` : '';
  if (remaining === 0) return [context(range)];
  const more = `*${count(remaining, 'more task')}*, not shown here.`;
  const next = remaining > items.length ? 'Show the next ones' : 'Show the rest';
  return [
    context([range, more].filter(Boolean).join(' ')),
    actions([button(ACTION.more, next, encodePage(id, items.length))]),
  ];
}
