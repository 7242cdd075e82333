/**
 * One provider's circuit breaker: after several calls in a row that brought no answer nobody asks for a while, then one call
 * looks whether it is back. Known libraries for this read the machine's clock and cannot say when they will ask again,
 * which is what the queue wants to know; here time is an argument, as everywhere in core.
 *
 *     closed -> open (too many in a row) -> one call at a time, each `ASK_AGAIN_AFTER` -> closed (an answer)
 */
import type { Clock } from './ports.ts';
import type { Instant } from './types.ts';

/** What a call told of the provider: an answer of any kind, no answer, or nothing (whoever called stopped waiting). */
export type Verdict = 'answered' | 'away' | 'unknown';

export interface Outage {
  /** When the calls in a row began. */
  since: Instant;
  /** The next call goes out then. */
  askAgainAt: Instant;
}

export interface Circuit {
  /** Milliseconds until it is worth asking again; undefined: go ahead, and tell `note` what came of it. */
  blockedFor(): number | undefined;
  note(verdict: Verdict): void;
  /** undefined: as far as we know it is there. */
  outage(): Outage | undefined;
}

/** Fewer could be one task that the provider stumbles over: a click asks for a change twice in a row at the most. */
const MOST_IN_A_ROW = 5;
const ASK_AGAIN_AFTER = 30_000;
/** Longer than any call may take: whoever asked and never said what came of it does not keep others from asking. */
const ANSWERED_WITHIN = 60_000;
/** While another call is looking. */
const A_MOMENT = 1_000;

export function createCircuit(clock: Clock): Circuit {
  let inARow = 0;
  let since = 0;
  let askAgainAt = 0;
  let lookingUntil = 0;

  const isOpen = () => inARow >= MOST_IN_A_ROW;

  return {
    blockedFor() {
      const now = clock();
      if (!isOpen()) return undefined;
      if (now < askAgainAt) return askAgainAt - now;
      if (now < lookingUntil) return A_MOMENT;
      lookingUntil = now + ANSWERED_WITHIN;
      return undefined;
    },
    note(verdict) {
      lookingUntil = 0;
      if (verdict === 'unknown') return;
      if (verdict === 'answered') {
        inARow = 0;
        return;
      }
      const now = clock();
      if (inARow === 0) since = now;
      inARow += 1;
      if (isOpen()) askAgainAt = now + ASK_AGAIN_AFTER;
    },
    outage: () => (isOpen() ? { since, askAgainAt } : undefined),
  };
}
