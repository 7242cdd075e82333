/** Counts the statements that the app sends to its database, looks for work included. */
import Database from 'better-sqlite3';
import pg from 'pg';

/** Returns the number since the call before. */
export function countStatements(): () => number {
  let statements = 0;
  const { query } = pg.Client.prototype;
  const counted = function (this: pg.Client, ...args: unknown[]) {
    statements += 1;
    return Reflect.apply(query, this, args);
  };
  Object.defineProperty(pg.Client.prototype, 'query', { value: counted });
  const { prepare } = Database.prototype;
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    const statement = prepare.call(this, sql);
    for (const way of ['all', 'run'] as const) {
      const real = statement[way];
      const value = (...args: unknown[]) => {
        statements += 1;
        return Reflect.apply(real, statement, args);
      };
      Object.defineProperty(statement, way, { value });
    }
    return statement;
  } as typeof prepare;
  return () => {
    const before = statements;
    statements = 0;
    return before;
  };
}
