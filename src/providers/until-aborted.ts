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
