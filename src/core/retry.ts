/** When a job that failed is tried again: the one retry policy, decided by the error's kind. */
import { DeliveryError, ProviderError } from './errors.ts';
import { CATCH_UP_WINDOW, MINUTE } from './time.ts';
import type { FailureReason, Instant } from './types.ts';

export interface Patience {
  /** The first one included; rate-limited ones do not count. */
  attempts: number;
  /** Given up once the next attempt would come later than this after the work was asked for. */
  withinMs: number;
  /** Our own bugs, a full disk: worth another try only where nobody waits for the answer. */
  unexpected: boolean;
}

/** A rep waits for this, so attempts are few and close, and then the rep decides. */
export const CLICK: Patience = { attempts: 3, withinMs: 15 * MINUTE, unexpected: false };
/** Nobody waits: as long as it is still of use. */
export const BACKGROUND: Patience = { attempts: Number.POSITIVE_INFINITY, withinMs: CATCH_UP_WINDOW, unexpected: true };

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 5 * MINUTE;

export type Decision = { again: { runAt: Instant; free: boolean } } | { fail: FailureReason };

export interface Attempt {
  /** 1 for the first; rate-limited ones do not count. */
  number: number;
  /** When the work was asked for. */
  since: Instant;
  now: Instant;
  /** In [0, 1): keeps workers that failed together from coming back together. */
  random: number;
}

export function decide(error: unknown, attempt: Attempt, patience: Patience): Decision {
  const { kind, retryAfterMs } = describe(error);
  if (!passes({ kind }) && !(kind === 'unexpected' && patience.unexpected)) return { fail: kind };
  const free = kind === 'rate_limited';
  if (!free && attempt.number >= patience.attempts) return { fail: kind };
  const backoff = Math.min(FIRST_WAIT * 2 ** (attempt.number - 1), LONGEST_WAIT) * (1 + attempt.random / 2);
  const runAt = attempt.now + Math.ceil(free ? (retryAfterMs ?? FIRST_WAIT) + attempt.random * 250 : backoff);
  return runAt - attempt.since > patience.withinMs ? { fail: kind } : { again: { runAt, free } };
}

/** Trouble of the kind that is over some time, without anyone's doing. */
export function passes({ kind }: { kind: FailureReason }): boolean {
  return kind === 'rate_limited' || kind === 'unavailable' || kind === 'unreadable';
}

function describe(error: unknown): { kind: FailureReason; retryAfterMs: number | undefined } {
  if (error instanceof ProviderError) return error;
  if (error instanceof DeliveryError) {
    const kind = error.kind === 'permanent' ? 'forbidden' : error.kind;
    return { kind, retryAfterMs: error.retryAfterMs };
  }
  return { kind: 'unexpected', retryAfterMs: undefined };
}
