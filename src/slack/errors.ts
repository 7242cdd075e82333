/** Slack's failures as core knows them. */
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { DeliveryError } from '../core/errors.ts';

/** Error codes after which trying again is useless: the person or the place cannot be reached, or what we send is refused. */
const PERMANENT = new Set([
  'account_inactive',
  'cannot_dm_bot',
  'cant_update_message',
  'channel_not_found',
  'edit_window_closed',
  'invalid_arguments',
  'invalid_blocks',
  'is_archived',
  'message_not_found',
  'messages_tab_disabled',
  'missing_scope',
  'msg_blocks_too_long',
  'msg_too_long',
  'not_in_channel',
  'restricted_action',
  'user_disabled',
  'user_not_found',
  'user_not_visible',
]);

export function toDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof WebAPIRateLimitedError) {
    return new DeliveryError('rate_limited', 'Slack: rate limited', {
      retryAfterMs: error.retryAfter * 1_000,
      cause: error,
    });
  }
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    return new DeliveryError(PERMANENT.has(code) ? 'permanent' : 'unavailable', `Slack: ${code}`, { cause: error });
  }
  const status = error instanceof WebAPIHTTPError ? `: HTTP ${error.statusCode}` : '';
  return new DeliveryError('unavailable', `Slack did not answer${status}`, { cause: error });
}
