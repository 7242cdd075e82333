/** Pages of a list: by place in the order, with cursors that only the simulator can make (outreach.md 2). */
import { randomBytes } from 'node:crypto';
import { bad } from './answer.ts';
import type { Key, ListQuery } from './query.ts';

interface Place {
  signature: string;
  key: Key;
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
    .map((record) => ({ record, place: { signature, key: query.keyOf(record), id: record.id } }))
    .sort((a, b) => compare(a.place, b.place));
  const after = query.after === undefined ? undefined : cursors.place(query.after);
  if (query.after !== undefined && after?.signature !== signature)
    throw bad('page[after]: is not a cursor of this list');

  const rest = after ? placed.filter(({ place }) => compare(place, after) > 0) : placed;
  const shown = rest.slice(0, query.size);
  const last = shown.at(-1);
  return {
    records: shown.map(({ record }) => record),
    ...(last && rest.length > shown.length && { next: cursors.newCursor(last.place) }),
  };
}

/** Nothing counts as the greatest, as in PostgreSQL. */
function compare(a: Place, b: Place): number {
  if (a.key === b.key) return BigInt(a.id) < BigInt(b.id) ? -1 : Number(a.id !== b.id);
  if (a.key === null || b.key === null) return a.key === null ? 1 : -1;
  return a.key < b.key ? -1 : 1;
}
