import type { Kysely, Transaction } from 'kysely';
import type { Store, TransactOptions } from '../core/ports/store.ts';
import { createConnections } from './connections.ts';
import { createConsents, createHookStore } from './consents.ts';
import { isPostgres, lockName, lockTogether } from './engine.ts';
import { createInstalls } from './installs.ts';
import { createLedger } from './ledger.ts';
import { createLeftHooks } from './left-hooks.ts';
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
import { createGroups } from './sqlite/groups.ts';
import { createSweeps } from './sweeps.ts';
import { createTools } from './tools.ts';
import { createAlone, transactUnsynced } from './transaction.ts';
import type { Vault } from './vault.ts';
import { createWorkspaces } from './workspaces.ts';

/** A store on a migrated database; the vault encrypts secrets. */
export function createStore(database: Kysely<unknown>, vault: Vault): Store {
  const db = database.$extendTables<StoreTables>();
  const together = isPostgres(db) ? createAlone(db) : createGroups(db);
  return {
    transact(work, { synced = true, of, ...options } = {}) {
      const ordered = async (trx: Transaction<StoreTables>) => {
        await inTurn(trx, of);
        return work(trx);
      };
      return synced ? together(ordered, options) : transactUnsynced(db, ordered);
    },
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
    leftHooks: createLeftHooks(db, vault),
    installs: createInstalls(db, vault),
    tools: createTools(db, vault),
  };
}

/**
 * On PostgreSQL transactions run side by side, and each statement sees what was committed before it. What one of them reads
 * about a rep and then acts on stays true because nobody else's transaction about that rep runs until it ends.
 */
async function inTurn(trx: Transaction<StoreTables>, of: TransactOptions['of']): Promise<void> {
  if (!of) return;
  const team = `team ${of.teamId}`;
  if (of.userId === undefined) await lockName(trx, team);
  else await lockTogether(trx, team, `rep ${of.teamId} ${of.userId}`);
}
