/** The retry policy: the error's kind decides. */
import type { FailureReason } from '../model/action.ts';
import { DeliveryError, type DeliveryErrorKind, ProviderError } from '../model/errors.ts';
import type { Instant } from '../model/keys.ts';
import { CATCH_UP_WINDOW, HOUR, MINUTE } from '../model/time.ts';
import type { Again, Job } from '../ports/queue.ts';
import type { Clock } from '../ports/runtime.ts';

/**
 * - `wait`      until the provider's time, or for a while: no attempt, and no retry time, is used up
 * - `back off`  exponential, with jitter, within the limits: the effect may be unknown
 * - `reconnect` a person has to fix the credentials; `resume.ts` retries then
 * - `give up`   a retry would fail too
 */
type Policy = 'wait' | 'back off' | 'reconnect' | 'give up';

const POLICIES: Record<FailureReason, Policy> = {
  rate_limited: 'wait',
  away: 'wait',
  unavailable: 'back off',
  unreadable: 'back off',
  auth: 'reconnect',
  disconnected: 'reconnect',
  not_enabled: 'give up',
  forbidden: 'give up',
  not_found: 'give up',
  invalid: 'give up',
  immovable: 'give up',
  conflict: 'give up',
  not_linked: 'give up',
  expired: 'give up',
  unexpected: 'give up',
};

export const RECONNECT: readonly FailureReason[] = reasonsWith('reconnect');

function reasonsWith(policy: Policy): FailureReason[] {
  return Object.entries(POLICIES).flatMap(([reason, its]) => (its === policy ? [reason as FailureReason] : []));
}

export interface RetryLimits {
  /** The last attempt is at the latest this long after `since`. */
  withinMs: number;
  /** From the first failure, so that a click survives a downtime of Docket; or from the request. */
  since: 'first failure' | 'asked';
  /** Limit for the waits that a provider asks for, from the request on. */
  waitingMs: number;
  /** The longest pause between two attempts. */
  longestMs: number;
  /** True: unexpected errors (our own bugs, a full disk) are retried. */
  unexpected: boolean;
}

/** For jobs that a rep waits for. */
export const CLICK: RetryLimits = {
  withinMs: 15 * MINUTE,
  since: 'first failure',
  waitingMs: 4 * HOUR,
  longestMs: MINUTE,
  unexpected: false,
};
/** For jobs that nobody waits for. */
export const BACKGROUND: RetryLimits = {
  withinMs: CATCH_UP_WINDOW,
  since: 'asked',
  waitingMs: CATCH_UP_WINDOW,
  longestMs: 5 * MINUTE,
  unexpected: true,
};

const FIRST_WAIT_MS = 1_000;

/** `until`: when it is given up; after a rate limit, when it goes on. */
export type Decision = { again: Again; reason: FailureReason; until: Instant } | { fail: FailureReason };

export interface Attempt {
  /** 1 for the first. Rate-limited attempts do not count. */
  number: number;
  askedAt: Instant;
  /** Default: now. */
  failingSince: Instant | undefined;
  now: Instant;
  /** In [0, 1), for jitter. */
  random: number;
}

export function attemptOf(job: Job, { clock, random }: { clock: Clock; random: () => number }): Attempt {
  const { attempt, enqueuedAt, failingSince } = job;
  return { number: attempt, askedAt: enqueuedAt, failingSince, now: clock(), random: random() };
}

export function decide(error: unknown, attempt: Attempt, limits: RetryLimits): Decision {
  const { kind, retryAfterMs } = describe(error);
  const { now, random, askedAt } = attempt;
  if (POLICIES[kind] === 'wait') {
    const runAt = now + Math.ceil((retryAfterMs ?? FIRST_WAIT_MS) + random * 250);
    const last = askedAt + limits.waitingMs;
    if (runAt > last) return { fail: kind };
    const again = { runAt, free: true, ...waitsFor(error) };
    return { again, reason: kind, until: kind === 'away' ? last : runAt };
  }
  const passing = POLICIES[kind] === 'back off' || (kind === 'unexpected' && limits.unexpected);
  const until = (limits.since === 'asked' ? askedAt : (attempt.failingSince ?? now)) + limits.withinMs;
  if (!passing || now >= until) return { fail: kind };
  const backoff = Math.min(FIRST_WAIT_MS * 2 ** (attempt.number - 1), limits.longestMs) * (1 + random / 2);
  // Not before the provider's retry time. The last attempt is exactly at the limit.
  const runAt = Math.min(now + Math.ceil(Math.max(backoff, retryAfterMs ?? 0)), until);
  return { again: { runAt, free: false, ...waitsFor(error) }, reason: kind, until };
}

/** A job that waits for the provider to recover; but not if the provider named a time. */
function waitsFor(error: unknown): Pick<Again, 'waitsFor'> {
  if (!(error instanceof ProviderError)) return {};
  const { kind, provider, retryAfterMs } = error;
  const isAway = kind === 'away' || ((kind === 'unavailable' || kind === 'unreadable') && retryAfterMs === undefined);
  return isAway ? { waitsFor: provider } : {};
}

/** True if such an error can pass without anyone's help. */
export function passes({ kind }: { kind: FailureReason }): boolean {
  return POLICIES[kind] === 'wait' || POLICIES[kind] === 'back off';
}

const DELIVERY: Record<DeliveryErrorKind, FailureReason> = {
  rate_limited: 'rate_limited',
  unavailable: 'unavailable',
  // Nothing is lost: it is sent once Slack accepts our token again.
  unauthorized: 'unavailable',
  permanent: 'forbidden',
};

function describe(error: unknown): { kind: FailureReason; retryAfterMs: number | undefined } {
  if (error instanceof ProviderError) return error;
  if (error instanceof DeliveryError) {
    return { kind: DELIVERY[error.kind], retryAfterMs: error.retryAfterMs };
  }
  return { kind: 'unexpected', retryAfterMs: undefined };
}
