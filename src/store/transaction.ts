import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely, KyselyPlugin, PluginTransformQueryArgs, PluginTransformResultArgs, Transaction } from 'kysely';
import type { Tx } from '../core/ports/transaction.ts';
import { waitingAtMost } from './driver.ts';

/** Set inside a transaction; `open` ends with it, for work that outlives it. */
const scope = new AsyncLocalStorage<{ open: boolean }>();

/** One transaction; an exception rolls it back. Transactions do not nest. `timeoutMs`: the wait for another process. */
export async function transact<DB, T>(
  db: Kysely<DB>,
  work: (trx: Transaction<DB>) => Promise<T>,
  { timeoutMs }: { timeoutMs?: number } = {},
): Promise<T> {
  const run = () => within(() => db.transaction().execute((trx) => work(trx.withoutPlugins())));
  return timeoutMs === undefined ? run() : waitingAtMost(timeoutMs, run);
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
