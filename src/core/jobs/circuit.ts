/**
 * One provider's circuit breaker. After several calls in a row without an answer it opens: then one call at a time
 * probes the provider, with a pause that doubles up to half a minute. Any answer closes it, and waiting calls go on at
 * once. A call that somebody just asked for does not wait for the pause: it is the next probe.
 *
 * Known libraries read the machine's clock and cannot say when the next probe is; the queue needs to know.
 */
import type { Instant } from '../model/keys.ts';
import type { Clock } from '../ports/runtime.ts';

/** The result of a call: an answer of any kind, no answer, or unknown (the caller stopped waiting). */
export type Verdict = 'answered' | 'away' | 'unknown';

export interface Outage {
  /** The first of the failed calls. */
  since: Instant;
  /** The next probe is allowed from then on. */
  askAgainAt: Instant;
}

/** `report` must be called once with the call's result. `waitMs`: the circuit is open; try again then. */
export type Entry = { report(verdict: Verdict): void } | { waitMs: number };

export interface Circuit {
  /** Milliseconds that a background call would have to wait; undefined: none. */
  blockedFor(): number | undefined;
  /** Admits a call. With `urgent` it waits until it may probe, or until `urgent` is aborted. */
  enter(urgent?: AbortSignal): Promise<Entry>;
  /** undefined: the circuit is closed. */
  outage(): Outage | undefined;
}

/** Not fewer: one bad task fails twice in a row at the most. */
const MOST_IN_A_ROW = 5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** `onBack` is called when the circuit closes. */
export function createCircuit(clock: Clock, onBack: () => void = () => {}): Circuit {
  let inARow = 0;
  let since = 0;
  let askAgainAt = 0;
  let pauseMs = FIRST_PAUSE_MS;
  /** A probe is under way. */
  let probing = false;
  let queue: (() => void)[] = [];

  const isOpen = () => inARow >= MOST_IN_A_ROW;

  function blockedFor(): number | undefined {
    if (!isOpen()) return undefined;
    if (probing) return pauseMs;
    const left = askAgainAt - clock();
    return left > 0 ? left : undefined;
  }

  function pause(ms: number): void {
    pauseMs = ms;
    askAgainAt = clock() + ms;
  }

  function answered(): void {
    const wasOpen = isOpen();
    inARow = 0;
    if (wasOpen) onBack();
  }

  function away(scheduled: boolean): void {
    if (inARow === 0) since = clock();
    inARow += 1;
    if (inARow === MOST_IN_A_ROW) pause(FIRST_PAUSE_MS);
    // Calls from before the outage, and urgent probes, do not lengthen the pause.
    else if (scheduled && isOpen()) pause(Math.min(pauseMs * 2, LONGEST_PAUSE_MS));
  }

  function turn(isProbe: boolean): Entry {
    const scheduled = isProbe && clock() >= askAgainAt;
    if (isProbe) probing = true;
    return {
      report(verdict) {
        if (isProbe) probing = false;
        if (verdict === 'answered') answered();
        if (verdict === 'away') away(scheduled);
        const waiting = queue;
        queue = [];
        for (const wake of waiting) wake();
      },
    };
  }

  return {
    blockedFor,
    async enter(urgent) {
      for (;;) {
        if (!isOpen()) return turn(false);
        if (!probing && (urgent || blockedFor() === undefined)) return turn(true);
        if (!urgent || urgent.aborted) return { waitMs: blockedFor() ?? pauseMs };
        await untilReported(urgent);
      }
    },
    outage: () => (isOpen() ? { since, askAgainAt } : undefined),
  };

  function untilReported(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      queue.push(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
