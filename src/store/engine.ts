/** Where one engine's SQL is not the other's. */
import { PostgresAdapter, type QueryExecutorProvider, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';

export function isPostgres(db: QueryExecutorProvider): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/**
 * The word at a key of a JSON column that we wrote. PostgreSQL looks for it in the text, because it refuses to parse what
 * reps and tools may have written beside it, half a character for example. A quote inside of a value is escaped, so only a
 * key matches.
 */
export function wordAt(db: QueryExecutorProvider, column: string, key: string): RawBuilder<string | null> {
  return isPostgres(db)
    ? sql`substring(${sql.ref(column)} from ${sql.lit(`"${key}":"([a-z_]+)"`)})`
    : sql`${sql.ref(column)} ->> ${sql.lit(`$.${key}`)}`;
}

/** The same for a check, in the SQL that SQLite's tables have had from the beginning. */
export function checkedWordAt(db: QueryExecutorProvider, column: string, key: string): RawBuilder<string | null> {
  return isPostgres(db) ? wordAt(db, column, key) : sql.raw(`json_extract(${column}, '$.${key}')`);
}

/** Before a table is made again beside itself: the names of PostgreSQL's unique constraints are the whole schema's. */
export async function freeName(db: QueryExecutorProvider, table: string, constraint: string): Promise<void> {
  if (!isPostgres(db)) return;
  const [before, after] = [sql.ref(constraint), sql.ref(`${constraint}_before`)];
  await sql`alter table ${sql.table(table)} rename constraint ${before} to ${after}`.execute(db);
}

/**
 * Locks the rows that a transaction reads in order to change them. SQLite's transactions lock the whole database as they
 * begin.
 */
export function toChange(db: QueryExecutorProvider) {
  const isNeeded = isPostgres(db);
  return <Of, Table extends keyof Of, Row>(query: SelectQueryBuilder<Of, Table, Row>) =>
    isNeeded ? query.forNoKeyUpdate() : query;
}

/** The rest of the transaction is alone with this name: whoever else asks for it waits until it ends. */
export async function lockName(trx: QueryExecutorProvider, ...names: readonly string[]): Promise<void> {
  if (!isPostgres(trx)) return;
  const locks = names.map((name) => sql`pg_advisory_xact_lock(${keyOf(name)})`);
  await sql`select ${sql.join(locks)}`.execute(trx);
}

/** As `lockName`, but with others who share it. */
export async function lockTogether(trx: QueryExecutorProvider, shared: string, alone: string): Promise<void> {
  if (!isPostgres(trx)) return;
  await sql`select pg_advisory_xact_lock_shared(${keyOf(shared)}), pg_advisory_xact_lock(${keyOf(alone)})`.execute(trx);
}

/** Locks are of the whole database; each schema has a Docket of its own. */
function keyOf(name: string) {
  return sql`hashtextextended(current_schema() || ' ' || ${name}, 0)`;
}

/** Of the database, or of the schema that is Docket's. */
export async function tableNames(db: QueryExecutorProvider): Promise<string[]> {
  const tables = isPostgres(db)
    ? sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema()`
    : sql<{
        name: string;
      }>`select name from sqlite_schema where type = 'table' and name not like 'sqlite!_%' escape '!'`;
  const { rows } = await tables.execute(db);
  return rows.map(({ name }) => name);
}
