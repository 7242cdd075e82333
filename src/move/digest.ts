/** What rows of a table amount to, whatever engine holds them and in whatever order. */
import { createHash } from 'node:crypto';

type Cell = string | number | null;
export type Row = Readonly<Record<string, Cell>>;

/** PostgreSQL's texts have no NUL, and its driver leaves it out (`store/postgres/database.ts`). */
const NUL = /\0/g;
const SIZE = 1n << 256n;

export interface Digest {
  add(rows: readonly Row[]): void;
  rows(): number;
  /** Texts that had a NUL. */
  cut(): number;
  hash(): string;
}

/** Sums hashes of rows, because the engines need not agree on an order where a NUL is left out. */
export function createDigest(table: string): Digest {
  let [sum, rows, cut] = [0n, 0, 0];
  const cell = (value: Cell | undefined, column: string): Cell => {
    if (typeof value === 'string' && value.includes('\0')) {
      cut += 1;
      return value.replace(NUL, '');
    }
    if (value === null || typeof value === 'string' || Number.isSafeInteger(value)) return value as Cell;
    throw new RangeError(`${table}.${column} holds a value that is no text and no integer below 2^53.`);
  };
  return {
    add(page) {
      const columns = Object.keys(page[0] ?? {}).sort();
      for (const row of page) {
        const text = JSON.stringify(columns.map((column) => [column, cell(row[column], column)]));
        sum = (sum + BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)) % SIZE;
      }
      rows += page.length;
    },
    rows: () => rows,
    cut: () => cut,
    hash: () => sum.toString(16).padStart(64, '0'),
  };
}
