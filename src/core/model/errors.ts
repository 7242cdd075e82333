import type { ProviderId } from './keys.ts';

/**
 * Why a provider call failed. The kind alone decides what happens next (`retry.ts`).
 *
 * - `rate_limited` wait `retryAfterMs`, then try again
 * - `away`         not sent: the circuit breaker is open (`circuit.ts`)
 * - `unavailable`  no connection, a time-out or 5xx: try again later; the effect is unknown
 * - `unreadable`   the answer has another shape than documented: as `unavailable`
 * - `auth`         our credentials were refused (401)
 * - `disconnected` the rep's OAuth grant is missing or has ended: only the rep can renew it
 * - `not_enabled`  the account has no access to the provider's task API
 * - `forbidden`    no permission (403)
 * - `not_found`    the task is gone, or is not this rep's (404)
 * - `invalid`      the provider refused the change (400, 422)
 * - `immovable`    not sent: the provider would refuse another time for this task
 * - `conflict`     the task is in the wrong state for this (409)
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
  /** The request, for operators: `PATCH /v2/tasks/{id}`. Never a token, a query or a body. */
  operation: string;
  status?: number | undefined;
  /** From now, in milliseconds. Capped. */
  retryAfterMs?: number | undefined;
  /** The provider's request id (Gong's requestId), for its support. */
  reference?: string | undefined;
  /** The key is one person's, and acts as them whoever is named. */
  isPersonal?: boolean;
  cause?: unknown;
}

/** The only error that a provider adapter throws. */
export class ProviderError extends Error {
  override name = 'ProviderError' as const;
  readonly provider: ProviderId;
  readonly kind: ProviderErrorKind;
  readonly operation: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly reference: string | undefined;
  readonly isPersonal: boolean;

  constructor(details: ProviderErrorDetails) {
    const status = details.status === undefined ? '' : `, status ${details.status}`;
    super(`${details.provider}: ${details.kind}${status}, ${details.operation}`, { cause: details.cause });
    this.provider = details.provider;
    this.kind = details.kind;
    this.operation = details.operation;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.reference = details.reference;
    this.isPersonal = details.isPersonal ?? false;
  }
}

/** Docket cannot start, and a restart would not help. The message is one sentence for the operator. */
export class StartError extends Error {
  override name = 'StartError' as const;
}

/** A database was lost while it committed: what was to be written is there as a whole, or not at all. */
export class MaybeRecorded extends Error {
  override name = 'MaybeRecorded' as const;

  constructor(details: { cause: unknown }) {
    super('the database was lost while it committed', details);
  }
}

/** A six-character id that a rep sees and that stands in the log too. */
export function newReference({ random }: { random: () => number }): string {
  return Math.floor(random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0')
    .toUpperCase();
}

/**
 * Why a Slack call failed.
 *
 * - `rate_limited` wait `retryAfterMs`, then try again; nothing was done
 * - `unavailable`  no answer, or an answer without meaning: the effect is unknown
 * - `unauthorized` Slack refuses our own token: everything waits until Slack accepts it again
 * - `permanent`    this person, channel or content is refused: a retry is useless
 */
export type DeliveryErrorKind = 'rate_limited' | 'unavailable' | 'unauthorized' | 'permanent';

interface DeliveryErrorDetails {
  /** Slack's error code: `message_not_found`. */
  code?: string | undefined;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** The error for a failed Slack call. */
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

/** What Slack said, if it was Slack. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof DeliveryError ? (error.code ?? error.kind) : undefined;
}
