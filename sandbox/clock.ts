/**
 * One clock for the app, Slack, the sales tools and the page. It runs as the machine's does, can stand still, and can be
 * set ahead. It never goes back: the app and the tools have stored instants, and those would lie in the future.
 */

export interface SandboxClock {
  /** Milliseconds since the epoch. */
  now(): number;
  isRunning(): boolean;
  pause(): void;
  goOn(): void;
  /** Throws `BackInTime`. Whoever sets it lets the app do what has become due (`travel.ts`). */
  setAhead(at: number): void;
  /**
   * The time by which rate limits count: also goes on while the clock stands, because calls take the machine's time. Nothing
   * is counted (undefined) while `uncounted` work runs.
   */
  pace(): number | undefined;
  /** Rate limits rest meanwhile, on both sides: an hour's calls in a second of the machine's are still an hour's. */
  uncounted<T>(work: () => Promise<T>): Promise<T>;
  onChange(listener: () => void): () => void;
}

export class BackInTime extends Error {
  override name = 'BackInTime' as const;

  constructor() {
    super('The clock only goes forward: what the app and the tools have stored would lie in the future.');
  }
}

/** `machine`: milliseconds that never go back. */
export function createClock(startAt: number, machine: () => number = () => performance.now()): SandboxClock {
  let origin = startAt - machine();
  let paceOrigin = origin;
  let stoppedAt: number | undefined;
  let uncounted = 0;
  const listeners = new Set<() => void>();

  const now = () => Math.floor(stoppedAt ?? origin + machine());

  function changed(): void {
    for (const listener of [...listeners]) listener();
  }

  return {
    now,
    isRunning: () => stoppedAt === undefined,
    pause() {
      stoppedAt ??= now();
      changed();
    },
    goOn() {
      if (stoppedAt === undefined) return;
      origin = stoppedAt - machine();
      stoppedAt = undefined;
      changed();
    },
    setAhead(at) {
      const ahead = at - now();
      if (ahead < 0) throw new BackInTime();
      origin += ahead;
      paceOrigin += ahead;
      if (stoppedAt !== undefined) stoppedAt = at;
      changed();
    },
    pace: () => (uncounted > 0 ? undefined : Math.floor(paceOrigin + machine())),
    async uncounted(work) {
      uncounted += 1;
      try {
        return await work();
      } finally {
        uncounted -= 1;
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
