import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as afterIo } from 'node:timers/promises';
import {
  CompiledQuery,
  type Kysely,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type Transaction,
} from 'kysely';
import type { Tx } from '../core/ports/transaction.ts';
import { unsynced, waitingAtMost } from './driver.ts';

/** Set inside a transaction; `open` ends with it, for work that outlives it. */
const scope = new AsyncLocalStorage<{ open: boolean }>();

/** One transaction; an exception rolls it back. `timeoutMs`: the wait for another process. */
export type Together<DB> = <T>(work: (trx: Transaction<DB>) => Promise<T>, timeoutMs?: number) => Promise<T>;

/** One of several pieces of work that share a commit. */
interface Member<DB> {
  /** Returns what to call after the commit. */
  run(trx: Transaction<DB>): Promise<() => void>;
  failed(error: unknown): void;
}

/** Whoever waits longer for it finds the group full. */
const MOST_MEMBERS = 32;

/**
 * Transactions that share commits: those that begin while another one waits for the disk, or for its turn, are one
 * transaction with a savepoint each, because a sync costs more than all their statements. An exception rolls back only
 * its own. All are acknowledged after the commit; if that fails, all fail.
 */
export function createGroups<DB>(db: Kysely<DB>): Together<DB> {
  /** By time-out: nobody waits longer for another process than they may. */
  const groups = new Map<number | undefined, Member<DB>[]>();

  async function lead(timeoutMs: number | undefined, waiting: Member<DB>[]): Promise<void> {
    while (waiting.length > 0) {
      // Requests that arrived together are about to join.
      await afterIo();
      const ended: (() => void)[] = [];
      const joined: Member<DB>[] = [];
      const run = () =>
        db.transaction().execute(async (trx) => {
          // More may come while it runs.
          while (joined.length < MOST_MEMBERS) {
            const member = waiting.shift();
            if (!member) return;
            joined.push(member);
            ended.push(await runMember(trx.withoutPlugins(), member));
          }
        });
      try {
        await (timeoutMs === undefined ? run() : waitingAtMost(timeoutMs, run));
        for (const end of ended) end();
      } catch (error) {
        // If it could not begin, nobody has joined yet.
        if (joined.length === 0) joined.push(...waiting.splice(0, MOST_MEMBERS));
        for (const { failed } of joined) failed(error);
      }
    }
    groups.delete(timeoutMs);
  }

  return function transactTogether<T>(work: (trx: Transaction<DB>) => Promise<T>, timeoutMs?: number): Promise<T> {
    return new Promise<T>((done, failed) => {
      refuseInside();
      // Each runs in its own caller's context.
      const bound = AsyncLocalStorage.bind((trx: Transaction<DB>) => within(() => work(trx)));
      const run = async (trx: Transaction<DB>) => {
        const result = await bound(trx);
        return () => done(result);
      };
      const member = { run, failed };
      const group = groups.get(timeoutMs);
      if (group) return void group.push(member);
      const waiting = [member];
      groups.set(timeoutMs, waiting);
      void lead(timeoutMs, waiting);
    });
  };
}

const SAVEPOINT = CompiledQuery.raw('savepoint member');
const RELEASE = CompiledQuery.raw('release member');
const ROLLBACK = CompiledQuery.raw('rollback to member');

/** Returns what to do after the commit. */
async function runMember<DB>(trx: Transaction<DB>, { run, failed }: Member<DB>): Promise<() => void> {
  await trx.executeQuery(SAVEPOINT);
  try {
    const end = await run(trx);
    await trx.executeQuery(RELEASE);
    return end;
  } catch (error) {
    try {
      await trx.executeQuery(ROLLBACK);
      await trx.executeQuery(RELEASE);
    } catch {
      // SQLite has rolled everything back already, as it does when the disk is full.
      throw error;
    }
    return () => failed(error);
  }
}

/** One transaction of its own; an exception rolls it back. Transactions do not nest. */
export async function transact<DB, T>(db: Kysely<DB>, work: (trx: Transaction<DB>) => Promise<T>): Promise<T> {
  return within(() => db.transaction().execute((trx) => work(trx.withoutPlugins())));
}

/** As `transact`, but a power cut may undo it until the next synced commit. */
export function transactUnsynced<DB, T>(db: Kysely<DB>, work: (trx: Transaction<DB>) => Promise<T>): Promise<T> {
  return unsynced(() => transact(db, work));
}

/** A read-only transaction, for queries that need one snapshot. */
export async function snapshot<DB, T>(db: Kysely<DB>, work: (trx: Transaction<DB>) => Promise<T>): Promise<T> {
  const transaction = db.transaction().setAccessMode('read only');
  return within(() => transaction.execute((trx) => work(trx.withoutPlugins())));
}

async function within<T>(run: () => Promise<T>): Promise<T> {
  refuseInside();
  const current = { open: true };
  try {
    return await scope.run(current, run);
  } finally {
    current.open = false;
  }
}

/** Queries on `tx`, if any. The only cast in the store: `transact` made every `tx`. */
export function on<DB>(db: Kysely<DB>, tx: Tx | undefined): Kysely<DB> {
  return tx === undefined ? db : (tx as Transaction<DB>);
}

/**
 * Throws at a query inside a transaction that does not use its `tx`. Such a query would wait for the transaction, which
 * waits for the query: both use the only connection.
 */
export class OutsideTransaction implements KyselyPlugin {
  transformQuery({ node }: PluginTransformQueryArgs): PluginTransformQueryArgs['node'] {
    refuseInside();
    return node;
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<PluginTransformResultArgs['result']> {
    return result;
  }
}

function refuseInside(): void {
  if (scope.getStore()?.open) throw new Error('This runs inside a transaction and must be given its tx');
}
