/** The deliveries of a day for operators: a table, or CSV. Times are UTC, because reps are in many zones. */
import type { Delivery } from '../model/delivery.ts';
import type { Instant } from '../model/keys.ts';
import { MINUTE } from '../model/time.ts';

const HEAD = ['team', 'rep', 'name', 'due', 'sent', 'late_minutes', 'rows', 'outcome', 'detail'] as const;
const SHOWN = ['rep', 'name', 'due', 'sent', 'late_minutes', 'rows', 'outcome', 'detail'] as const;

type Cells = Record<(typeof HEAD)[number], string>;

/** RFC 4180, with a head. Names are reps' own words, so no cell begins as a formula does. */
export function deliveryCsv(deliveries: readonly Delivery[]): string {
  const lines = deliveries.map(cellsOf).map((cells) => HEAD.map((name) => quoted(cells[name])).join(','));
  return [HEAD.join(','), ...lines, ''].join('\r\n');
}

function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function deliveryTable(date: string, deliveries: readonly Delivery[]): string {
  if (deliveries.length === 0) return `${date}: no digest was due.\n`;
  const rows = deliveries.map(cellsOf).map((cells) => SHOWN.map((name) => cells[name].replace(/\s+/g, ' ')));
  const lines = [SHOWN.map((name) => name.replace('_', ' ')), ...rows];
  const widths = SHOWN.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const drawn = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return `${date}: ${summed(deliveries)}\n\n${drawn.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** `3 digests: 2 sent, 1 paused` */
function summed(deliveries: readonly Delivery[]): string {
  const outcomes = Map.groupBy(deliveries, ({ outcome }) => outcome);
  const parts = [...outcomes].map(([outcome, of]) => `${of.length} ${outcome}`);
  return `${deliveries.length} ${deliveries.length === 1 ? 'digest' : 'digests'}: ${parts.join(', ')}`;
}

function cellsOf({ teamId, userId, name, dueAt, postedAt, rows, ...delivery }: Delivery): Cells {
  const lateMs = dueAt === undefined || postedAt === undefined ? undefined : Math.max(postedAt - dueAt, 0);
  return {
    team: teamId,
    rep: userId,
    name,
    due: utc(dueAt),
    sent: utc(postedAt),
    late_minutes: lateMs === undefined ? '' : String(Math.floor(lateMs / MINUTE)),
    rows: rows === undefined ? '' : String(rows),
    outcome: delivery.outcome,
    detail: detailOf(delivery),
  };
}

function detailOf({ unanswered = [], refusal }: Pick<Delivery, 'unanswered' | 'refusal'>): string {
  return refusal ?? (unanswered.length > 0 ? `without ${unanswered.join(' and ')}` : '');
}

function utc(at: Instant | undefined): string {
  return at === undefined ? '' : `${new Date(at).toISOString().slice(0, 19)}Z`;
}
