/** Pages of a list: by place in the order, with cursors that only the simulator can make (outreach.md 2). */
import { randomBytes } from 'node:crypto';
import { bad } from './answer.ts';
import type { Key, ListQuery } from './query.ts';

interface Place {
  signature: string;
  keys: Key[];
  id: string;
}

export interface Cursors {
  newCursor(place: Place): string;
  place(cursor: string): Place | undefined;
}

export function createCursors(): Cursors {
  const places = new Map<string, Place>();
  return {
    newCursor(place) {
      // Opaque, and with characters that break when a client puts it into a query without encoding it.
      const cursor = `${randomBytes(12).toString('base64')}+/==`;
      places.set(cursor, place);
      return cursor;
    },
    place: (cursor) => places.get(cursor),
  };
}

export interface Page<Record> {
  records: Record[];
  total: number;
  /** Present only while more remain. */
  next?: string;
}

/** The place, not the number, of the last record is remembered: what closes meanwhile shifts nothing. */
export function pageOf<Record extends { id: string }>(
  all: readonly Record[],
  query: ListQuery<Record>,
  owner: string,
  cursors: Cursors,
): Page<Record> {
  const signature = `${owner} ${query.signature}`;
  const placed = all
    .filter((record) => query.matches(record))
    .map((record) => ({ record, place: { signature, keys: query.order.map(({ of }) => of(record)), id: record.id } }))
    .sort((a, b) => compare(a.place, b.place, query));
  const after = query.after === undefined ? undefined : cursors.place(query.after);
  if (query.after !== undefined && after?.signature !== signature)
    throw bad('page[after]: is not a cursor of this list');

  const rest = after ? placed.filter(({ place }) => compare(place, after, query) > 0) : placed;
  const shown = rest.slice(0, query.size);
  const last = shown.at(-1);
  return {
    records: shown.map(({ record }) => record),
    total: placed.length,
    ...(last && rest.length > shown.length && { next: cursors.newCursor(last.place) }),
  };
}

function compare<Record>(a: Place, b: Place, query: ListQuery<Record>): number {
  for (const [index, { descending }] of query.order.entries()) {
    const order = compareKeys(a.keys[index] ?? null, b.keys[index] ?? null);
    if (order !== 0) return descending ? -order : order;
  }
  return BigInt(a.id) < BigInt(b.id) ? -1 : Number(a.id !== b.id);
}

/** Nothing counts as the greatest, as in PostgreSQL. */
function compareKeys(a: Key, b: Key): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : Number(a !== b);
}
