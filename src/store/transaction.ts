import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely, KyselyPlugin, PluginTransformQueryArgs, PluginTransformResultArgs, Transaction } from 'kysely';
import { MaybeRecorded } from '../core/model/errors.ts';
import type { Tx } from '../core/ports/transaction.ts';
import { unsynced, waitingAtMost } from './manner.ts';

/** Set inside a transaction; `open` ends with it, for work that outlives it. */
const scope = new AsyncLocalStorage<{ open: boolean }>();

/** `timeoutMs`: the wait for another process. `patient`: nobody waits for it. */
export interface TogetherOptions {
  timeoutMs?: number | undefined;
  patient?: boolean | undefined;
}

/** One transaction; an exception rolls it back. */
export type Together<DB> = <T>(work: (trx: Transaction<DB>) => Promise<T>, options?: TogetherOptions) => Promise<T>;

/** One transaction of its own, and no commit with others: PostgreSQL's server has commits share the disk by itself. */
export function createAlone<DB>(db: Kysely<DB>): Together<DB> {
  return async (work, { timeoutMs } = {}) => {
    let isWritten = false;
    const run = () =>
      transact(db, async (trx) => {
        const result = await work(trx);
        isWritten = true;
        return result;
      });
    try {
      return await (timeoutMs === undefined ? run() : waitingAtMost(timeoutMs, run));
    } catch (error) {
      throw isWritten && !hasAnswered(error) ? new MaybeRecorded({ cause: error }) : error;
    }
  };
}

/** Only the server's own errors have this. Where it was not heard, the commit may have arrived all the same. */
function hasAnswered(error: unknown): boolean {
  return error instanceof Error && 'severity' in error;
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
  const transaction = db.transaction().setAccessMode('read only').setIsolationLevel('repeatable read');
  return within(() => transaction.execute((trx) => work(trx.withoutPlugins())));
}

export async function within<T>(run: () => Promise<T>): Promise<T> {
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
 * Throws at a query inside a transaction that does not use its `tx`. On SQLite such a query would wait for the transaction,
 * which waits for the query, because both use the only connection; on PostgreSQL it would neither see nor undo the same.
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

export function refuseInside(): void {
  if (scope.getStore()?.open) throw new Error('This runs inside a transaction and must be given its tx');
}
