/** One table from one database to the other, a page at a time, and read again from where it went. */
import { type Kysely, sql } from 'kysely';
import { createDigest, type Row } from './digest.ts';
import { lastId, setLastId } from './ids.ts';
import type { Table } from './tables.ts';

export type AnyTables = Record<string, Row>;
type Database = Kysely<AnyTables>;

/** Of the widest table, a page has a third of the parameters that SQLite takes in one statement (32,766). */
const PAGE = 500;

interface Side {
  rows: number;
  hash: string;
  /** undefined: whoever writes the rows says their ids. */
  lastId: number | undefined;
}

export interface Copied {
  table: string;
  from: Side;
  to: Side;
  /** Texts that lost a NUL. */
  cut: number;
}

export async function copyTable(from: Database, to: Database, table: Table): Promise<Copied> {
  const sent = createDigest(table.name);
  for await (const page of pagesOf(from, table)) {
    sent.add(page);
    await to
      .insertInto(table.name)
      .values(page.map((row) => without(row, table.computed)))
      .execute();
  }
  if (table.numbered) await setLastId(to, table.name, await lastId(from, table.name));
  const kept = createDigest(table.name);
  for await (const page of pagesOf(to, table)) kept.add(page);
  const sideOf = async (db: Database, hash: string): Promise<Side> => ({
    rows: await countOf(db, table.name),
    hash,
    lastId: table.numbered ? await lastId(db, table.name) : undefined,
  });
  return {
    table: table.name,
    from: await sideOf(from, sent.hash()),
    to: await sideOf(to, kept.hash()),
    cut: sent.cut(),
  };
}

/** Nothing is missing, and nothing is another than it was. */
export function isSame({ from, to }: Copied): boolean {
  return from.rows === to.rows && from.hash === to.hash && from.lastId === to.lastId;
}

/** In the order of the key. */
async function* pagesOf(db: Database, { name, key }: Table): AsyncGenerator<Row[]> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  let last: Row | undefined;
  do {
    const behind = last;
    const page = await db
      .selectFrom(name)
      .selectAll()
      .$if(behind !== undefined, (query) =>
        query.where(sql<boolean>`(${columns}) > (${sql.join(key.map((column) => behind?.[column]))})`),
      )
      .orderBy(columns)
      .limit(PAGE)
      .execute();
    if (page.length > 0) yield page;
    last = page.length < PAGE ? undefined : page.at(-1);
  } while (last !== undefined);
}

function without(row: Row, computed: readonly string[] | undefined): Row {
  if (!computed) return row;
  return Object.fromEntries(Object.entries(row).filter(([column]) => !computed.includes(column)));
}

/** Counted by the database itself, so that rows that a page has passed over would show. */
async function countOf(db: Database, table: string): Promise<number> {
  const { count } = await db.selectFrom(table).select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow();
  return count;
}
