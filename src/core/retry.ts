/** When a job that failed is tried again: the one retry policy, decided by the error's kind alone. */
import { DeliveryError, ProviderError } from './errors.ts';
import type { FailureReason, Instant } from './types.ts';

/** Attempts at something that may be down, the first one included. A rep waits for these, so they are few and close. */
export const MAX_ATTEMPTS = 3;
const FIRST_WAIT = 1_000;
/** How long a rate limit may hold an action back before the rep gets to decide. */
export const MAX_RATE_LIMIT_WAIT = 15 * 60_000;

export type Decision = { again: { runAt: Instant; free: boolean } } | { fail: FailureReason };

export interface Attempt {
  /** 1 for the first; rate-limited ones do not count. */
  number: number;
  /** When the work was first asked for. */
  since: Instant;
  now: Instant;
  /** In [0, 1): keeps workers that failed together from coming back together. */
  random: number;
}

export function decide(error: unknown, attempt: Attempt): Decision {
  const { kind, retryAfterMs } = describe(error);
  if (kind === 'rate_limited') {
    const runAt = attempt.now + Math.max(retryAfterMs ?? FIRST_WAIT, 250) + Math.floor(attempt.random * 250);
    return runAt - attempt.since > MAX_RATE_LIMIT_WAIT ? { fail: kind } : { again: { runAt, free: true } };
  }
  if (kind !== 'unavailable' && kind !== 'unreadable') return { fail: kind };
  if (attempt.number >= MAX_ATTEMPTS) return { fail: kind };
  const wait = FIRST_WAIT * 2 ** (attempt.number - 1) * (1 + attempt.random / 2);
  return { again: { runAt: attempt.now + Math.floor(wait), free: false } };
}

function describe(error: unknown): { kind: FailureReason; retryAfterMs: number | undefined } {
  if (error instanceof ProviderError) return error;
  if (error instanceof DeliveryError) {
    const kind = error.kind === 'permanent' ? 'forbidden' : error.kind;
    return { kind, retryAfterMs: error.retryAfterMs };
  }
  return { kind: 'unexpected', retryAfterMs: undefined };
}
