/** How SQLite would go about every query that a contract makes. */
import { CompiledQuery } from 'kysely';
import { expect } from 'vitest';
import type { Clock } from '../../src/core/ports/runtime.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { MEMORY, openUrl } from './open.ts';

export interface Plan {
  query: string;
  lines: string[];
}

/**
 * Few rows: consents live for ten minutes, unconfirmed grants for an hour. Connections and runs are gone through once a
 * day.
 */
const SMALL = [
  ...['SCAN consents', 'SCAN unconfirmed_grants', 'SCAN connections', 'SCAN runs', 'SCAN spending'],
  // One for each workspace.
  ...[
    'SCAN installs',
    'SCAN install_states',
    'SCAN hooks',
    'SCAN tools',
    'SCAN syncs USING COVERING INDEX sqlite_autoindex_syncs_1',
  ],
  'USE TEMP B-TREE FOR ORDER BY',
];

export function watchPlans() {
  const queries = new Map<string, CompiledQuery>();
  /** The methods that nobody has called yet. */
  const uncalled = new Map<string, boolean>();

  function spyOn<Part extends object>(name: string, part: Part): Part {
    for (const method of Object.keys(part))
      uncalled.set(`${name}.${method}`, uncalled.get(`${name}.${method}`) ?? true);
    return new Proxy(part, {
      get(target, method, receiver) {
        uncalled.set(`${name}.${String(method)}`, false);
        return Reflect.get(target, method, receiver);
      },
    });
  }

  return {
    /** A database of which every query is remembered, except those that made it. */
    async open(clock?: Clock) {
      let isMade = false;
      const opened = await openUrl(MEMORY, {
        ...(clock && { clock }),
        log({ query }) {
          if (isMade && !/^(begin|commit|rollback)/.test(query.sql)) queries.set(query.sql, query);
        },
      });
      isMade = true;
      const { transact, ...parts } = opened.store;
      const spied = Object.entries(parts).map(([name, part]) => [name, spyOn(name, part)]);
      const store: Store = { transact, ...Object.fromEntries(spied) };
      return { ...opened, store, queue: spyOn('queue', opened.queue) };
    },

    uncalled: () => [...uncalled].flatMap(([name, isUncalled]) => (isUncalled ? [name] : [])),

    async plans(): Promise<Plan[]> {
      const { db, close } = await openUrl(MEMORY);
      const plans = [];
      for (const { sql, parameters } of queries.values()) {
        const explain = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
        const { rows } = await db.executeQuery<{ detail: string }>(explain);
        plans.push({ query: sql, lines: rows.map((row) => row.detail) });
      }
      await close();
      return plans;
    },
  };
}

/** Goes through everyone, in a process of its own: `npm run report`. */
const OF_REPORT = 'as "linked" from "schedules"';

/** They search, and never scan a table. */
export function expectSearches(plans: Plan[]): void {
  // The rows of an insert are "scanned" as well, and the few that the same query has just found.
  const isScan = (line: string) => /^SCAN (?!.*VALUES CLAUSE|due$|late$|ranks$)/.test(line);
  // Among none of something, nothing is looked for.
  const scans = plans.filter(
    ({ query, lines }) => !query.includes(' in ()') && !query.includes(OF_REPORT) && lines.some(isScan),
  );

  expect(plans.some(({ lines }) => lines.some((line) => line.startsWith('SEARCH')))).toBe(true);
  expect(scans.flatMap(({ lines }) => lines).filter((line) => !SMALL.includes(line))).toEqual([]);
}
