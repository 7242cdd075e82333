/** How a piece of work waits for locks and for the disk, whoever stands between it and the driver. */
import { AsyncLocalStorage } from 'node:async_hooks';

interface Manner {
  /** Of a wait for another process. */
  lockTimeoutMs?: number;
  /** False: a power cut may undo it. */
  synced?: boolean;
}

const manner = new AsyncLocalStorage<Manner>();

export function currentManner(): Manner {
  return manner.getStore() ?? {};
}

/** Sets the lock time-out for everything in `work`. */
export function waitingAtMost<T>(ms: number, work: () => Promise<T>): Promise<T> {
  return manner.run({ ...manner.getStore(), lockTimeoutMs: ms }, work);
}

/**
 * What `work` writes reaches the disk with the next synced commit, and until then a power cut undoes it: only for what can
 * be found out again (docs/reliability.md, "What is synced"). The death of the process alone undoes nothing.
 */
export function unsynced<T>(work: () => Promise<T>): Promise<T> {
  return manner.run({ ...manner.getStore(), synced: false }, work);
}
