/** When work that failed is tried again: the one retry policy, decided by the error's kind. */

import type { FailureReason } from '../model/action.ts';
import { DeliveryError, type DeliveryErrorKind, ProviderError } from '../model/errors.ts';
import type { Instant } from '../model/keys.ts';
import { CATCH_UP_WINDOW, HOUR, MINUTE } from '../model/time.ts';
import type { Again, Job } from '../ports/queue.ts';
import type { Clock } from '../ports/runtime.ts';

/**
 * - `wait`      as long as we were told to, or until it is worth asking; it costs no attempt, and no time of the total
 * - `back off`  exponentially, with jitter, within the total: whether it took effect may not be known
 * - `reconnect` only a person can mend it; what was refused is gone on with once they did (`resume.ts`)
 * - `give up`   trying again would say the same
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

export interface Patience {
  /** The last attempt comes no later than this after `since`. */
  withinMs: number;
  /** A click that waited while Docket was down has its time all the same, if it had not failed before; a digest has not. */
  since: 'first failure' | 'asked';
  /** Being told to wait is taken for no longer than this after the work was asked for. */
  waitingMs: number;
  /** The longest pause between two attempts that nobody told us to make. */
  longestMs: number;
  /** Our own bugs, a full disk: worth another try only where nobody waits for the answer. */
  unexpected: boolean;
}

/** A rep waits for this. */
export const CLICK: Patience = {
  withinMs: 15 * MINUTE,
  since: 'first failure',
  waitingMs: 4 * HOUR,
  longestMs: MINUTE,
  unexpected: false,
};
/** Nobody waits: as long as it is still of use. */
export const BACKGROUND: Patience = {
  withinMs: CATCH_UP_WINDOW,
  since: 'asked',
  waitingMs: CATCH_UP_WINDOW,
  longestMs: 5 * MINUTE,
  unexpected: true,
};

const FIRST_WAIT = 1_000;

/** `until`: when it is given up, or, where a provider told us to wait, when it goes on. */
export type Decision = { again: Again; reason: FailureReason; until: Instant } | { fail: FailureReason };

export interface Attempt {
  /** 1 for the first; rate-limited ones do not count. */
  number: number;
  /** When the work was asked for. */
  askedAt: Instant;
  /** When it first failed; default: now. */
  failingSince: Instant | undefined;
  now: Instant;
  /** In [0, 1): keeps workers that failed together from coming back together. */
  random: number;
}

export function attemptOf(job: Job, { clock, random }: { clock: Clock; random: () => number }): Attempt {
  const { attempt, enqueuedAt, failingSince } = job;
  return { number: attempt, askedAt: enqueuedAt, failingSince, now: clock(), random: random() };
}

export function decide(error: unknown, attempt: Attempt, patience: Patience): Decision {
  const { kind, retryAfterMs } = describe(error);
  const { now, random, askedAt } = attempt;
  if (POLICIES[kind] === 'wait') {
    const runAt = now + Math.ceil((retryAfterMs ?? FIRST_WAIT) + random * 250);
    const last = askedAt + patience.waitingMs;
    if (runAt > last) return { fail: kind };
    const again = { runAt, free: true, ...waitsFor(error) };
    return { again, reason: kind, until: kind === 'away' ? last : runAt };
  }
  const passing = POLICIES[kind] === 'back off' || (kind === 'unexpected' && patience.unexpected);
  const until = (patience.since === 'asked' ? askedAt : (attempt.failingSince ?? now)) + patience.withinMs;
  if (!passing || now >= until) return { fail: kind };
  const backoff = Math.min(FIRST_WAIT * 2 ** (attempt.number - 1), patience.longestMs) * (1 + random / 2);
  // Never before the provider said that it would be back; and once more when time is up, so that it is used.
  const runAt = Math.min(now + Math.ceil(Math.max(backoff, retryAfterMs ?? 0)), until);
  return { again: { runAt, free: false, ...waitsFor(error) }, reason: kind, until };
}

/** A time that the provider named is kept, whatever it answers to others meanwhile. */
function waitsFor(error: unknown): Pick<Again, 'waitsFor'> {
  if (!(error instanceof ProviderError)) return {};
  const { kind, provider, retryAfterMs } = error;
  const isAway = kind === 'away' || ((kind === 'unavailable' || kind === 'unreadable') && retryAfterMs === undefined);
  return isAway ? { waitsFor: provider } : {};
}

/** Trouble of the kind that is over some time, without anyone's doing. */
export function passes({ kind }: { kind: FailureReason }): boolean {
  return POLICIES[kind] === 'wait' || POLICIES[kind] === 'back off';
}

const DELIVERY: Record<DeliveryErrorKind, FailureReason> = {
  rate_limited: 'rate_limited',
  unavailable: 'unavailable',
  // Nothing is skipped for it: it goes out once Slack takes our token again.
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
