import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely, KyselyPlugin, PluginTransformQueryArgs, PluginTransformResultArgs, Transaction } from 'kysely';
import type { Tx } from '../core/ports/transaction.ts';
import { waitingAtMost } from './driver.ts';

/** Set in everything that is called from inside a transaction; `open` ends with it, for work that outlives it. */
const scope = new AsyncLocalStorage<{ open: boolean }>();

/**
 * Runs `work` in one transaction: all of it is kept, or, when it throws, none of it. Transactions do not nest.
 * `timeoutMs`: how long it may wait for another process before it begins.
 */
export async function transact<DB, T>(
  db: Kysely<DB>,
  work: (trx: Transaction<DB>) => Promise<T>,
  { timeoutMs }: { timeoutMs?: number } = {},
): Promise<T> {
  const run = () => within(() => db.transaction().execute((trx) => work(trx.withoutPlugins())));
  return timeoutMs === undefined ? run() : waitingAtMost(timeoutMs, run);
}

/** Runs queries that only read, and that must all see the same moment. */
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

/**
 * The queries of `tx` when there is one. This is the only cast in the store: core passes a transaction around without
 * knowing what it is, and every one of them was made by `transact`.
 */
export function on<DB>(db: Kysely<DB>, tx: Tx | undefined): Kysely<DB> {
  return tx === undefined ? db : (tx as Transaction<DB>);
}

/**
 * SQLite has one connection, and a transaction holds it: a query that is started inside a transaction, but not on it,
 * waits for the end of the transaction, which waits for the query. With this plugin it is an error instead. A
 * transaction itself runs without it.
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
