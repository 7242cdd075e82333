import type { ProviderId } from './keys.ts';

/**
 * Why a provider did not do what was asked. The kind alone decides what happens next (`retry.ts`).
 *
 * - `rate_limited` wait `retryAfterMs`, then again
 * - `away`         not asked: it does not answer anyone just now (`circuit.ts`)
 * - `unavailable`  not reached, timed out, or 5xx: again later; whether it took effect is unknown
 * - `unreadable`   answered with something that is not the documented shape: as `unavailable`
 * - `auth`         our credentials were refused (401)
 * - `disconnected` the rep's own consent is missing or has ended: only they can renew it
 * - `not_enabled`  the account does not have the provider's task API
 * - `forbidden`    we may not (403)
 * - `not_found`    the task is gone, or is not this rep's (404)
 * - `invalid`      the provider refuses the change itself (400, 422)
 * - `immovable`    the provider would refuse another time for this task, so it was not asked
 * - `conflict`     the task is not in a state for this (409)
 */
export type ProviderErrorKind =
  | 'rate_limited'
  | 'away'
  | 'unavailable'
  | 'unreadable'
  | 'auth'
  | 'disconnected'
  | 'not_enabled'
  | 'forbidden'
  | 'not_found'
  | 'invalid'
  | 'immovable'
  | 'conflict';

export interface ProviderErrorDetails {
  provider: ProviderId;
  kind: ProviderErrorKind;
  /** What we asked for, for operators: `PATCH /v2/tasks/{id}`. Never a token, a query or a body. */
  operation: string;
  status?: number | undefined;
  /** From now, in milliseconds; already capped. */
  retryAfterMs?: number | undefined;
  /** The provider's own id of the exchange (Gong's requestId), for its support. */
  reference?: string | undefined;
  cause?: unknown;
}

/** The one error that a provider adapter throws for anything that went wrong on the wire. */
export class ProviderError extends Error {
  override name = 'ProviderError' as const;
  readonly provider: ProviderId;
  readonly kind: ProviderErrorKind;
  readonly operation: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly reference: string | undefined;

  constructor(details: ProviderErrorDetails) {
    const status = details.status === undefined ? '' : `, status ${details.status}`;
    super(`${details.provider}: ${details.kind}${status}, ${details.operation}`, { cause: details.cause });
    this.provider = details.provider;
    this.kind = details.kind;
    this.operation = details.operation;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.reference = details.reference;
  }
}

/** Docket cannot start, and starting again with the same settings is useless. The message is one sentence for the operator. */
export class StartError extends Error {
  override name = 'StartError' as const;
}

/** Six characters that a rep can read out, and that stand in the log beside what happened. */
export function newReference({ random }: { random: () => number }): string {
  return Math.floor(random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0')
    .toUpperCase();
}

/**
 * - `rate_limited` wait `retryAfterMs`, then again; nothing was done
 * - `unavailable`  no answer, or one that says nothing: whether it took effect is unknown
 * - `unauthorized` Slack refuses our own token, so it is about everyone: it waits until Slack takes the token again
 * - `permanent`    this person, place or content is refused: trying again is useless
 */
export type DeliveryErrorKind = 'rate_limited' | 'unavailable' | 'unauthorized' | 'permanent';

export interface DeliveryErrorDetails {
  /** Slack's own word for it: `message_not_found`. */
  code?: string | undefined;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** Slack did not take what we sent. */
export class DeliveryError extends Error {
  override name = 'DeliveryError' as const;
  readonly kind: DeliveryErrorKind;
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(kind: DeliveryErrorKind, message: string, details: DeliveryErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.code = details.code;
    this.retryAfterMs = details.retryAfterMs;
  }
}
