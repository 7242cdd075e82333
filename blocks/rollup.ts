/** The weekly roll-up: one table of counts, and the same as text. Neither a customer nor a task is named. */
import type { RollupReport, RollupRow } from '../src/core/model/rollup.ts';
import { localDate, startOfLocalDate } from '../src/core/model/time.ts';
import { MOST_DAYS_LATE } from '../src/core/model/work-days.ts';
import { actions, type Block, button, context, type Rendered, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { bytesOf, LIMITS, type Room, weightOf } from './limits.ts';
import { encodeRollupPage } from './rollup-ids.ts';
import { count, longDate, mrkdwn, peopleCount, plainText, type Reader, shortDate } from './text.ts';

const TITLES = ['Name', 'Open', 'Trend', 'Overdue', 'Done', 'Dismissed', 'Moved', 'Note'] as const;

/** Every reader's cells of a row are made here. */
function cellsOf(row: RollupRow, reader: Reader): string[] {
  const { counted, done, dismissed, moved } = row;
  return [
    plainText(row.name, 40) || row.userId,
    counted ? String(counted.open) : NOTHING,
    row.trend === undefined ? NOTHING : trendText(row.trend),
    counted?.overdue ? overdueText(counted.overdue) : NOTHING,
    ...[done, dismissed, moved].map(String),
    noteText(row, reader),
  ];
}

const NOTHING = '–';

/** A sign and a number, so that nothing is said by colour or by an arrow alone. */
function trendText(trend: number): string {
  if (trend === 0) return 'same';
  return trend > 0 ? `+${trend}` : `−${-trend}`;
}

function overdueText({ tasks, days }: { tasks: number; days: number }): string {
  if (tasks === 0) return '0';
  if (days === 0) return `${tasks} (today)`;
  return `${tasks} (${days >= MOST_DAYS_LATE ? `${MOST_DAYS_LATE}+ days` : count(days, 'day')})`;
}

function noteText({ isConnected, counted, isOld, unconnected, unanswered }: RollupRow, reader: Reader): string {
  if (!isConnected) return 'not connected';
  const parts = [
    counted === undefined ? 'no digest in 3 weeks' : isOld && `as of ${dayOf(counted.localDate, reader)}`,
    ...unconnected.map((name) => `${name} not connected`),
    ...unanswered.map((name) => `${name} did not answer`),
  ];
  return parts.filter(Boolean).join(', ') || NOTHING;
}

function dayOf(date: string, reader: Reader): string {
  return shortDate(startOfLocalDate(date, reader.zone), reader);
}

/** A rep's own row as one line, with the very cells that the others read. */
export function rowLine(row: RollupRow, reader: Reader): string {
  const [, ...cells] = cellsOf(row, reader);
  return mrkdwn(lineOf(cells), 400);
}

/** What is empty is left out. */
function lineOf(cells: readonly string[]): string {
  const said = TITLES.slice(1).map((title, index) => [title.toLowerCase(), cells[index]] as const);
  return said.flatMap(([title, cell]) => (cell === NOTHING ? [] : [`${title} ${cell}`])).join('; ');
}

/** What the readers get. `room`: Slack takes no more. */
export function rollupMessage(report: RollupReport, reader: Reader, room: Room): Rendered {
  const cells = report.rows.map((row) => cellsOf(row, reader));
  const heading = headingOf(report, reader);
  const draw = (shown: number): Block[] => [
    section(heading),
    ...(shown > 0 ? [table(cells.slice(0, shown))] : []),
    ...(shown < cells.length ? [section(moreText(cells.length - shown))] : []),
    context(legend(report)),
  ];
  let shown = Math.min(cells.length, LIMITS.tableRows - 1);
  while (shown > 0 && (weightOf(draw(shown)) > room.weight || lengthOf(cells.slice(0, shown)) > LIMITS.tableText)) {
    shown -= 1;
  }
  return { text: textOf(plainHeading(report, reader), cells, room.textBytes), blocks: draw(shown) };
}

/** So many fit into an answer. */
const ROWS_SHOWN = 20;

/** The same for an admin, page by page. */
export function rollupPage(report: RollupReport, wanted: number, reader: Reader): Rendered {
  const { rollup, rows } = report;
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_SHOWN));
  const page = Math.min(wanted, pages - 1);
  const cells = rows.slice(page * ROWS_SHOWN, (page + 1) * ROWS_SHOWN).map((row) => cellsOf(row, reader));
  const where = pages > 1 ? ` Page ${page + 1} of ${pages}.` : '';
  const to = (next: number) => encodeRollupPage(rollup.id, next);
  return {
    text: textOf(plainHeading(report, reader) + where, cells, LIMITS.fallbackBytes),
    blocks: [
      section(`${headingOf(report, reader)}${where}`),
      ...(cells.length > 0 ? [table(cells)] : []),
      context(legend(report)),
      actions([
        ...(page > 0 ? [button(ACTION.rollupPrevious, 'Previous', to(page - 1), { label: 'Previous page' })] : []),
        ...(page < pages - 1 ? [button(ACTION.rollupNext, 'Next', to(page + 1), { label: 'Next page' })] : []),
        button(ACTION.rollups, 'Back to the roll-ups', '0'),
      ]),
    ],
  };
}

function headingOf(report: RollupReport, reader: Reader): string {
  const [title, ...sums] = sumsOf(report, reader);
  return [`*${title}*`, ...sums].join('\n');
}

function plainHeading(report: RollupReport, reader: Reader): string {
  return sumsOf(report, reader).join('. ');
}

function sumsOf({ rows }: RollupReport, reader: Reader): string[] {
  const title = `Weekly roll-up, ${longDate(localDate(reader.now, reader.zone), reader)}`;
  if (rows.length === 0)
    return [title, 'Nobody is in it now: the user group is empty, or nobody in it may be written to.'];
  const sum = (of: (row: RollupRow) => number) => rows.reduce((all, row) => all + of(row), 0).toLocaleString('en-US');
  const open = sum(({ counted }) => counted?.open ?? 0);
  const overdue = sum(({ counted }) => counted?.overdue?.tasks ?? 0);
  const settled = `${sum(({ done }) => done)} done, ${sum(({ dismissed }) => dismissed)} dismissed, ${sum(({ moved }) => moved)} moved`;
  return [title, `${peopleCount(rows.length)}: ${open} open, ${overdue} overdue; in the last seven days ${settled}`];
}

function moreText(more: number): string {
  return `… and ${peopleCount(more).replace(' ', ' more ')}, with less overdue. An admin of this workspace pages through all of them: \`/tasks rollup\`, *Show*. A roll-up for each team stays whole.`;
}

function legend({ setBy }: RollupReport): string {
  return `Open and overdue are as of each person's last digest; the days are their own working days, of the oldest task; the trend is open against a week before; done, dismissed and moved are what they settled through Docket in the last seven days. Set up by ${mrkdwn(setBy, 80)}. Everyone in it was told, and sees their own line with \`/tasks status\`.`;
}

/** For old clients and screen readers, which do not read the table. */
function textOf(heading: string, rows: readonly (readonly string[])[], most: number): string {
  let text = heading;
  for (const [index, [name = '', ...cells]] of rows.entries()) {
    const line = `\n${name}: ${lineOf(cells)}`;
    if (bytesOf(text + line) > most - 60) return `${text}\n… and ${rows.length - index} more`;
    text += line;
  }
  return text;
}

/** Of all cells, those of the heading too. */
function lengthOf(rows: readonly (readonly string[])[]): number {
  return [TITLES, ...rows].flat().reduce((sum, text) => sum + text.length, 0);
}

const RIGHT = { align: 'right' } as const;
const COLUMNS = [{}, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, RIGHT, { is_wrapped: true }];

function table(rows: readonly (readonly string[])[]): Block {
  const cells = (texts: readonly string[]) => texts.map((text) => ({ type: 'raw_text', text }) as const);
  return { type: 'table', column_settings: COLUMNS, rows: [cells(TITLES), ...rows.map(cells)] };
}
