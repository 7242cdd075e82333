/** `/tasks history`: a rep's own actions by local day, newest first. One message is a page; it counts the rest. */
import { Temporal } from 'temporal-polyfill';
import type { Action } from '../src/core/model/action.ts';
import type { Instant, ProviderId } from '../src/core/model/keys.ts';
import { actions as actionsBlock, type Block, button, context, header, type Rendered, section } from './elements.ts';
import { type Entry, entryOf, type HistoryProvider } from './history-entry.ts';
import { ACTION } from './ids.ts';
import { bytesOf, LIMITS, weightOf } from './limits.ts';
import { providerOf } from './providers.ts';
import { count, exactTime, longDate, type Reader } from './text.ts';

export const HISTORY_DAYS = 30;
/** More than anyone does in a month by hand. Beyond them, only that there are more is known. */
export const HISTORY_COUNTED = 2_000;

export interface HistoryPage {
  /** Newest first: all that there is from here on, but one more than `HISTORY_COUNTED` at most. */
  actions: readonly Action[];
  /** The last action of the page before; undefined on the first. */
  after: Action | undefined;
}

export type HistoryProviders = ReadonlyMap<ProviderId, HistoryProvider>;

/** The page before it is no longer there, or belongs to someone else. */
export const NO_SUCH_PAGE = 'This page is too old to go on from. Type `/tasks history` for a fresh one.';

const TITLE = `Your last ${HISTORY_DAYS} days`;
const NOTHING =
  'Nothing yet. Whatever you do here (Done, Dismiss, Snooze, Reschedule, and the changes in a row’s menu) will be listed: what it changed, how it ended, what undid it, and a reference for your admin.';
const NOTHING_OLDER = 'Nothing older. `/tasks history` shows the newest.';

export function renderHistory(page: HistoryPage, providers: HistoryProviders, reader: Reader): Rendered {
  const { actions, after } = page;
  if (actions.length === 0) {
    const nothing = after ? NOTHING_OLDER : NOTHING;
    return { text: `${TITLE}: ${nothing}`, blocks: [header(TITLE), section(nothing)] };
  }
  const heading = headingOf(page, reader);
  const lines = linesThatFit(actions, heading, providers, reader);
  const last = lines.at(-1)?.action;
  const left = actions.length - lines.length;
  const footer = last && left > 0 ? footerOf(last.id, moreText(left, actions.length)) : [];
  return {
    text: fallbackText(lines, actions.length),
    blocks: [...heading, ...lines.flatMap(({ blocks }) => blocks), ...footer],
  };
}

function headingOf({ actions, after }: HistoryPage, reader: Reader): Block[] {
  const which = after
    ? `Older than ${exactTime(after.createdAt, reader)}; \`/tasks history\` shows the newest.`
    : `*${countText(actions.length, actions.length)}*, newest first.`;
  return [
    header(TITLE),
    context(`${which} What is *bold* is in effect, what is ~struck out~ is not. Times are in ${reader.zone}.`),
  ];
}

function footerOf(lastId: string, more: string): Block[] {
  return [context(`*${more}*, older than these.`), actionsBlock([button(ACTION.older, 'Show older', lastId)])];
}

/** Actions beyond `HISTORY_COUNTED` were not read, so their number is not known. */
function countText(number: number, total: number, noun = 'action'): string {
  return total > HISTORY_COUNTED ? `More than ${count(number - 1, noun)}` : count(number, noun);
}

function moreText(left: number, total: number): string {
  return countText(left, total, 'more action');
}

interface Line {
  action: Action;
  entry: Entry;
  /** Stands above the first line of a day. */
  day: string | undefined;
  blocks: Block[];
}

const LARGEST_FOOTER = footerOf('9'.repeat(15), `More than ${count(HISTORY_COUNTED, 'more action')}`);

/** At least one: the largest is far smaller than a message. */
function linesThatFit(
  actions: readonly Action[],
  heading: readonly Block[],
  providers: HistoryProviders,
  reader: Reader,
): Line[] {
  const frame = [...heading, ...LARGEST_FOOTER];
  let blocksLeft = LIMITS.messageBlocks - frame.length;
  let weightLeft = LIMITS.messageWeight - weightOf(frame);
  const lines: Line[] = [];
  let current: string | undefined;
  for (const action of actions) {
    const date = dateOf(action.createdAt, reader.zone);
    const day = date === current ? undefined : dayText(date, reader);
    const line = lineOf(action, day, providers, reader);
    blocksLeft -= line.blocks.length;
    weightLeft -= weightOf(line.blocks);
    if (blocksLeft < 0 || weightLeft < 0) break;
    current = date;
    lines.push(line);
  }
  return lines;
}

function lineOf(action: Action, day: string | undefined, providers: HistoryProviders, reader: Reader): Line {
  const entry = entryOf(action, providerOf(providers, action), reader);
  const blocks = [section(entry.line), context(entry.small)];
  return { action, entry, day, blocks: day === undefined ? blocks : [section(`*${day}*`), ...blocks] };
}

function dateOf(at: Instant, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** `Today, Monday 23 November` */
function dayText(date: string, reader: Reader): string {
  const today = dateOf(reader.now, reader.zone);
  const text = longDate(date, reader);
  if (date === today) return `Today, ${text}`;
  const yesterday = Temporal.PlainDate.from(today).subtract({ days: 1 }).toString();
  return date === yesterday ? `Yesterday, ${text}` : text;
}

function fallbackText(lines: readonly Line[], total: number): string {
  let text = `${TITLE}: ${countText(total, total)}, newest first.`;
  for (const [index, { day, entry }] of lines.entries()) {
    const line = `\n${day === undefined ? '' : `${day}\n`}${entry.spoken}`;
    if (bytesOf(text + line) > LIMITS.fallbackBytes - 60) return `${text}\n… and ${moreText(total - index, total)}`;
    text += line;
  }
  return total > lines.length ? `${text}\n… and ${moreText(total - lines.length, total)}` : text;
}
