/** Where PostgreSQL's queue is not SQLite's. The store has helpers of its own: the two rooms know nothing of each other. */
import { PostgresAdapter, type QueryExecutorProvider, type SelectQueryBuilder } from 'kysely';

/** What PostgreSQL's sessions listen to. The payload is the schema: each schema has a queue of its own. */
export const JOBS_CHANNEL = 'docket_jobs';

export function isPostgres(db: QueryExecutorProvider): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/** For jobs of which any will do: it waits for none that another transaction is about to change. SQLite has one writer. */
export function passingBy(db: QueryExecutorProvider) {
  const isNeeded = isPostgres(db);
  return <Of, Table extends keyof Of, Row>(query: SelectQueryBuilder<Of, Table, Row>) =>
    isNeeded ? query.forUpdate().skipLocked() : query;
}
