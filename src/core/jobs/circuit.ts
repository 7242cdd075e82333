/**
 * One provider's circuit breaker. After several calls in a row without an answer it opens: then one call at a time tries the
 * provider, after one second, then two, then four, up to half a minute. Any answer closes it, and whoever waits goes on at
 * once. Someone who just asked for something need not wait for the schedule: their call is the next to try.
 *
 * The known libraries read the machine's clock and cannot say when they will try again, which the queue wants to know; here
 * time is an argument, as everywhere in core.
 *
 *     closed -> open (too many in a row) -> one call at a time -> closed (an answer)
 */

import type { Instant } from '../model/keys.ts';
import type { Clock } from '../ports/runtime.ts';

/** What a call told of the provider: an answer of any kind, no answer, or nothing (whoever called stopped waiting). */
export type Verdict = 'answered' | 'away' | 'unknown';

export interface Outage {
  /** When the calls in a row began. */
  since: Instant;
  /** From then on the next call goes out, whoever makes it. */
  askAgainAt: Instant;
}

/** `note` must be called once, with what came of the call. `waitMs`: not now, but it is worth trying after so long. */
export type Entry = { note(verdict: Verdict): void } | { waitMs: number };

export interface Circuit {
  /** Whether a call that nobody just asked for would have to wait, and how long. It takes no turn. */
  blockedFor(): number | undefined;
  /** A turn to call. With `urgent` it waits for one until that is aborted, even while the provider is away. */
  enter(urgent?: AbortSignal): Promise<Entry>;
  /** undefined: as far as we know it is there. */
  outage(): Outage | undefined;
}

/** Fewer could be one task that the provider stumbles over: a click asks for a change twice in a row at the most. */
const MOST_IN_A_ROW = 5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** `onBack`: the provider answers again after an outage. */
export function createCircuit(clock: Clock, onBack: () => void = () => {}): Circuit {
  let inARow = 0;
  let since = 0;
  let askAgainAt = 0;
  let pauseMs = FIRST_PAUSE_MS;
  /** One call is trying an open circuit. */
  let trying = false;
  let queue: (() => void)[] = [];

  const isOpen = () => inARow >= MOST_IN_A_ROW;

  function blockedFor(): number | undefined {
    if (!isOpen()) return undefined;
    if (trying) return pauseMs;
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
    // Calls from before the outage, and those of people, say nothing that the schedule did not know.
    else if (scheduled && isOpen()) pause(Math.min(pauseMs * 2, LONGEST_PAUSE_MS));
  }

  function turn(tries: boolean): Entry {
    const scheduled = tries && clock() >= askAgainAt;
    if (tries) trying = true;
    return {
      note(verdict) {
        if (tries) trying = false;
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
        if (!trying && (urgent || blockedFor() === undefined)) return turn(true);
        if (!urgent || urgent.aborted) return { waitMs: blockedFor() ?? pauseMs };
        await untilNoted(urgent);
      }
    },
    outage: () => (isOpen() ? { since, askAgainAt } : undefined),
  };

  function untilNoted(signal: AbortSignal): Promise<void> {
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
