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

/** Processes tell each other of one provider: five calls failed, a probe is under way, it answers again. */
export type CircuitWord = 'away' | 'probing' | 'back';

export interface Circuit {
  /** Milliseconds that a background call would have to wait; undefined: none. */
  blockedFor(): number | undefined;
  /** Admits a call. With `urgent` it waits until it may probe, or until `urgent` is aborted. */
  enter(urgent?: AbortSignal): Promise<Entry>;
  /** undefined: the circuit is closed. */
  outage(): Outage | undefined;
  /** Takes a word of another process as a hint: only own calls open or close a circuit, because that one may be cut off itself. */
  hear(word: CircuitWord): void;
}

/** Other processes that call the provider. */
export interface CircuitOthers {
  tell(word: CircuitWord): void;
  random(): number;
}

/** Not fewer: one bad task fails twice in a row at the most. */
const MOST_IN_A_ROW = 5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** `onBack` is called when the circuit closes. */
export function createCircuit(clock: Clock, onBack: () => void = () => {}, others?: CircuitOthers): Circuit {
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
    // So that processes do not probe at the same moment, and none is always the last.
    askAgainAt = clock() + ms * (others ? 0.75 + others.random() / 2 : 1);
  }

  function answered(): void {
    const wasOpen = isOpen();
    inARow = 0;
    if (!wasOpen) return;
    others?.tell('back');
    onBack();
  }

  function away(scheduled: boolean): void {
    if (inARow === 0) since = clock();
    inARow += 1;
    if (inARow === MOST_IN_A_ROW) {
      pause(FIRST_PAUSE_MS);
      others?.tell('away');
    }
    // Calls from before the outage, and urgent probes, do not lengthen the pause.
    else if (scheduled && isOpen()) pause(Math.min(pauseMs * 2, LONGEST_PAUSE_MS));
  }

  function wakeAll(): void {
    const waiting = queue;
    queue = [];
    for (const wake of waiting) wake();
  }

  function hear(word: CircuitWord): void {
    if (word === 'away' && !isOpen()) {
      if (inARow === 0) since = clock();
      inARow = MOST_IN_A_ROW - 1;
    }
    if (!isOpen() || probing) return;
    if (word === 'probing') askAgainAt = Math.max(askAgainAt, clock() + pauseMs);
    if (word === 'back') {
      pauseMs = FIRST_PAUSE_MS;
      askAgainAt = clock();
      wakeAll();
    }
  }

  function turn(isProbe: boolean): Entry {
    const scheduled = isProbe && clock() >= askAgainAt;
    if (isProbe) {
      probing = true;
      others?.tell('probing');
    }
    return {
      report(verdict) {
        if (isProbe) probing = false;
        if (verdict === 'answered') answered();
        if (verdict === 'away') away(scheduled);
        wakeAll();
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
    hear,
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
