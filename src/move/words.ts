/** What the command prints: a line for each table as it is done, and what to do next. */
import type { Copied } from './copy.ts';
import type { Wish } from './places.ts';

/** As much of a hash as one compares by eye. */
const SHOWN = 12;

export const HEAD = drawn(['table', 'rows', 'copied', 'last id', 'hash', 'of the copy']);

export function lineOf({ table, from, to }: Copied): string {
  const ids = from.lastId === undefined ? '' : shown(to.lastId ?? 0);
  return drawn([table, shown(from.rows), shown(to.rows), ids, from.hash.slice(0, SHOWN), to.hash.slice(0, SHOWN)]);
}

function drawn([table = '', rows = '', copied = '', lastId = '', ...hashes]: readonly string[]): string {
  const numbers = [rows, copied, lastId].map((cell) => cell.padStart(12));
  return [table.padEnd(18), ...numbers, '', ...hashes.map((cell) => cell.padEnd(SHOWN))].join(' ').trimEnd();
}

function shown(count: number): string {
  return count.toLocaleString('en-US');
}

export function summaryOf({ from, to, dryRun }: Wish, copied: readonly Copied[]): string {
  const sum = (of: (table: Copied) => number) => copied.reduce((all, table) => all + of(table), 0);
  const rows = `${shown(sum(({ to: { rows } }) => rows))} rows of ${copied.length} tables`;
  const cut = sum((table) => table.cut);
  const lost =
    cut > 0
      ? [`${shown(cut)} texts had a NUL, which PostgreSQL cannot hold: it is left out, as Docket does there.`]
      : [];
  if (dryRun)
    return [`Tried: ${rows} would arrive at ${to.name}, checked. All of it was taken back.`, ...lost].join('\n');
  const next = `Now set DATABASE_URL to it, and never start Docket on ${from.name} again.`;
  return [`Moved ${rows} to ${to.name}, checked.`, ...lost, next].join('\n');
}
