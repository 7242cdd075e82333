/** Work that others wait for, or that others must not wait for. */

/** Stops waiting when the caller does, not the work: others wait for it too. `stopped` makes the error of the reason. */
export function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  stopped: (reason: unknown) => Error,
): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(stopped(signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Goes through many elements, a few at a time, and lets everything else have its turn in between. */
export async function inTurns<T>(
  elements: readonly T[],
  atOnce: number,
  work: (some: readonly T[]) => void,
): Promise<void> {
  for (let at = 0; at < elements.length; at += atOnce) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    work(elements.slice(at, at + atOnce));
  }
}
