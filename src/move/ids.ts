/** The last id that a table has given, perhaps to a row that is gone. */
import { type QueryExecutorProvider, sql } from 'kysely';
import { isPostgres } from '../store/engine.ts';

export async function lastId(db: QueryExecutorProvider, table: string): Promise<number> {
  const query = isPostgres(db)
    ? sql<{ last: number | null }>`select pg_sequence_last_value(${sequenceOf(table)}::regclass) as last`
    : sql<{ last: number | null }>`select seq as last from sqlite_sequence where name = ${table}`;
  const { rows } = await query.execute(db);
  return rows[0]?.last ?? 0;
}

/** In the transaction that made the table, so that it ends with it. */
export async function setLastId(db: QueryExecutorProvider, table: string, last: number): Promise<void> {
  if (last === 0) return;
  if (isPostgres(db)) {
    await sql`select setval(${sequenceOf(table)}, ${last})`.execute(db);
    return;
  }
  await sql`delete from sqlite_sequence where name = ${table}`.execute(db);
  await sql`insert into sqlite_sequence (name, seq) values (${table}, ${last})`.execute(db);
}

function sequenceOf(table: string) {
  return sql`pg_get_serial_sequence(${table}, 'id')`;
}
