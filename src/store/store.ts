import type { Kysely } from 'kysely';
import type { Store } from '../core/ports/store.ts';
import { createConnections } from './connections.ts';
import { createConsents, createHookStore } from './consents.ts';
import { createLedger } from './ledger.ts';
import { createLinks } from './links.ts';
import { createMessages } from './messages.ts';
import { createPeople } from './people.ts';
import { createReps } from './reps.ts';
import { createReturns } from './returns.ts';
import { createRollups } from './rollups.ts';
import { createRuns } from './runs.ts';
import { createSchedules } from './schedules.ts';
import type { StoreTables } from './schema.ts';
import { createSpending } from './spending.ts';
import { createSweeps } from './sweeps.ts';
import { createGroups, transactUnsynced } from './transaction.ts';
import type { Vault } from './vault.ts';
import { createWorkspaces } from './workspaces.ts';

/** A store on a migrated database; the vault encrypts secrets. */
export function createStore(database: Kysely<unknown>, vault: Vault): Store {
  const db = database.$extendTables<StoreTables>();
  const together = createGroups(db);
  return {
    transact: (work, { synced = true, timeoutMs } = {}) =>
      synced ? together(work, timeoutMs) : transactUnsynced(db, work),
    reps: createReps(db),
    links: createLinks(db),
    schedules: createSchedules(db),
    runs: createRuns(db),
    messages: createMessages(db, together),
    ledger: createLedger(db),
    returns: createReturns(db),
    sweeps: createSweeps(db),
    spending: createSpending(db),
    people: createPeople(db),
    workspaces: createWorkspaces(db),
    rollups: createRollups(db),
    connections: createConnections(db, vault),
    consents: createConsents(db, vault),
    hooks: createHookStore(db, vault),
  };
}
