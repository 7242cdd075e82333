import type { Kysely } from 'kysely';
import type { Store } from '../core/ports.ts';
import { createLedger } from './ledger.ts';
import { createLinks } from './links.ts';
import { createMessages } from './messages.ts';
import { createReps } from './reps.ts';
import { createRuns } from './runs.ts';
import { createSchedules } from './schedules.ts';
import type { StoreTables } from './schema.ts';
import { transact } from './transaction.ts';

/** The store on a database that `openDatabase` opened and `migrate` brought up to date. */
export function createStore(database: Kysely<unknown>): Store {
  const db = database.$extendTables<StoreTables>();
  return {
    transact: (work) => transact(db, work),
    reps: createReps(db),
    links: createLinks(db),
    schedules: createSchedules(db),
    runs: createRuns(db),
    messages: createMessages(db),
    ledger: createLedger(db),
  };
}
