/** The head of a list. */
import { obviousSweep } from '../src/core/clicks/obvious-sweep.ts';
import { isNarrow, queryOf } from '../src/core/model/filter.ts';
import { groupOf } from '../src/core/model/group.ts';
import type { ProviderId } from '../src/core/model/keys.ts';
import { type ListSummary, type LoadedMessage, taskOf } from '../src/core/model/message.ts';
import { isBack, isSettled, type Row } from '../src/core/model/row-state.ts';
import { MINUTE } from '../src/core/model/time.ts';
import { sinceText } from './changes.ts';
import { actions, type Block, type Button, button, context, header, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { askElements, homeControls } from './list-asks.ts';
import { countsText, nothingText, type Told, titleOf } from './list-words.ts';
import { encodeOffer } from './sweep-ids.ts';
import { count, momentOf, type Reader } from './text.ts';
import { newLinks } from './words.ts';

const DOT = '  ·  ';

/** A stored message, and the rows of today's digest where that is another one. */
export interface ListView {
  message: LoadedMessage;
  morning?: readonly Row[] | undefined;
  /** The rep's tools: Home offers them. */
  linked?: readonly ProviderId[];
}

export function heading({ message, morning, linked = [] }: ListView, told: Told): Block[] {
  const { kind, summary } = message;
  const { reader } = told;
  const since = sinceText(summary, reader);
  const day = [since, ...dayLine(message, morning, reader)].filter(Boolean).join(DOT);
  const found = foundLine(message, morning);
  const said = [...(day ? [day] : []), ...found, ...(since ? [] : toolsLine(summary))];
  const lines = [...said, ...newLinks(summary.newLinks ?? [])];
  const nothing = nothingText(kind, summary, told);
  return [
    header(titleOf(kind, summary, told)),
    ...(lines.length > 0 ? [context(...lines)] : []),
    ...(nothing ? [section(nothing)] : []),
    ...(kind === 'home' ? homeControls(message, linked, told) : []),
    ...waysThrough(message, reader),
  ];
}

/** Windows for many tasks, for one task has its own buttons; and the way to another list. */
function waysThrough(message: LoadedMessage, reader: Reader): Block[] {
  const { id, items } = message;
  const isMany = items.filter((row) => !isSettled(row)).length >= 2;
  const many = [button(ACTION.focus, 'Work through', id), button(ACTION.sweep, 'Act on many', id)];
  const elements = [...(isMany ? [...many, ...offer(message, reader)] : []), ...askElements(message, reader)];
  return elements.length > 0 ? [actions(elements)] : [];
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

/** Where the day is counted by its digest, a list of something else has counts of its own; and how old its answer is. */
function foundLine({ kind, summary }: LoadedMessage, morning: readonly Row[] | undefined): string[] {
  const { filter, counts, keptFor = 0 } = summary;
  const query = queryOf(filter);
  const isCounted = kind !== 'digest' && morning && query && isNarrow(query);
  const words = isCounted ? countsText(counts) : '';
  const age = keptFor < AGE_MS ? '' : `read ${count(Math.round(keptFor / 1_000), 'second')} before you asked`;
  const parts = [words && `in this list: ${words}`, kind !== 'digest' && age].filter(Boolean);
  return parts.length > 0 ? [parts.join(DOT)] : [];
}

/** Younger is now. */
const AGE_MS = 1_000;

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
