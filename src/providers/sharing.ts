/** Work that several callers wait for at once. */

export interface Sharing<T> {
  /**
   * Whoever asks during the work for a key shares it, so it belongs to no one caller's signal: an abort ends the waiting of
   * its caller, and not the work.
   */
  get(key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
}

/** `stopped` makes the error of an abort's reason. */
export function createSharing<T>(stopped: (reason: unknown) => Error): Sharing<T> {
  const underWay = new Map<string, Promise<T>>();

  return {
    get(key, signal, work) {
      const shared = underWay.get(key) ?? work().finally(() => underWay.delete(key));
      underWay.set(key, shared);
      if (!signal) return shared;
      return new Promise((resolve, reject) => {
        const abort = () => reject(stopped(signal.reason));
        if (signal.aborted) abort();
        signal.addEventListener('abort', abort, { once: true });
        shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
      });
    },
  };
}
