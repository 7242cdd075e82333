/** Maps Slack's errors to `DeliveryError`. */
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { DeliveryError } from '../../core/model/errors.ts';

/** Errors of our token. `auth.test` has the same error. */
const TOKEN_REFUSED = new Set([
  'account_inactive',
  'invalid_auth',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
]);

/** Errors of our permissions. `auth.test` may succeed. */
const METHOD_REFUSED = new Set(['access_denied', 'ekm_access_denied', 'missing_scope', 'no_permission']);

/** The message or its channel is gone or closed: it can never be edited. */
const GONE = new Set([
  'cant_update_message',
  'channel_not_found',
  'edit_window_closed',
  'is_archived',
  'message_not_found',
  'messages_tab_disabled',
  'not_in_channel',
]);

const TOO_LARGE = new Set(['msg_blocks_too_long', 'msg_too_long']);

/** More permanent errors: the person cannot be reached, or the content is refused. */
const PERMANENT = new Set([
  'cannot_dm_bot',
  'exchanged_trigger_id',
  'expired_trigger_id',
  'expired_url',
  'invalid_arguments',
  'invalid_blocks',
  'invalid_trigger_id',
  'invalid_url',
  'no_text',
  'not_found',
  'restricted_action',
  'used_url',
  'user_disabled',
  'user_not_found',
  'user_not_visible',
]);

/** A call came to nothing: Slack refused it, or did not answer. */
export function isFromSlack(error: unknown): boolean {
  return [WebAPIPlatformError, WebAPIRequestError, WebAPIHTTPError, WebAPIRateLimitedError].some(
    (kind) => error instanceof kind,
  );
}

export function toDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof WebAPIRateLimitedError) {
    const details = { retryAfterMs: error.retryAfter * 1_000, cause: error };
    return new DeliveryError('rate_limited', 'Slack: rate limited', details);
  }
  if (error instanceof WebAPIPlatformError) return refusal(error.data.error, error);
  const status = error instanceof WebAPIHTTPError ? `: HTTP ${error.statusCode}` : '';
  return new DeliveryError('unavailable', `Slack did not answer${status}`, { cause: error });
}

/** Unknown codes may be temporary. */
export function refusal(code: string, cause?: unknown): DeliveryError {
  return new DeliveryError(kindOf(code), `Slack: ${code}`, { code, cause });
}

function kindOf(code: string): DeliveryError['kind'] {
  if (code === 'ratelimited' || code === 'rate_limited') return 'rate_limited';
  if (isTokenRefused(code) || isMethodRefused(code)) return 'unauthorized';
  return PERMANENT.has(code) || GONE.has(code) || TOO_LARGE.has(code) ? 'permanent' : 'unavailable';
}

export function isTokenRefused(code: string): boolean {
  return TOKEN_REFUSED.has(code);
}

export function isMethodRefused(code: string): boolean {
  return METHOD_REFUSED.has(code);
}

export function isGone({ code = '' }: DeliveryError): boolean {
  return GONE.has(code);
}

export function isTooLarge({ code = '' }: DeliveryError): boolean {
  return TOO_LARGE.has(code);
}
