/** Why an install came to nothing: a line in the log, and what the person reads, with one reference. */
import type { IncomingMessage } from 'node:http';
import { ErrorCode } from '@slack/oauth';
import { WebAPIPlatformError } from '@slack/web-api';
import { newReference } from '../../core/model/errors.ts';
import type { InstallFailure, InstallOutcome } from '../../core/people/installing.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { isFromSlack, toDeliveryError } from '../transport/errors.ts';

/** The library passes it on as it is. */
export class StateRefused extends Error {
  override name = 'StateRefused' as const;
  readonly why: 'expired' | 'used';

  constructor(why: 'expired' | 'used') {
    super('the state of an install was refused');
    this.why = why;
  }
}

/** `request`: whose query says what Slack's page said. */
export function failureOf(
  deps: { log: Log; random: () => number },
  error: Error & { code?: string },
  request: IncomingMessage,
): InstallOutcome {
  if (error.code === ErrorCode.AuthorizationError) return { is: 'denied' };
  const reference = newReference(deps);
  const why = whyOf(error);
  const said = saidBy(error, request);
  if (why === 'failed') deps.log.error({ err: error, reference }, 'an install failed');
  else deps.log.warn({ reference, why, said }, 'an install came to nothing');
  return { is: why, reference };
}

function whyOf(error: Error & { code?: string }): InstallFailure {
  if (error instanceof StateRefused) return error.why;
  if (error.code === ErrorCode.MissingStateError || error.code === ErrorCode.InvalidStateError) return 'foreign';
  if (error.code === ErrorCode.MissingCodeError) return 'refused';
  if (!isFromSlack(error)) return 'failed';
  return error instanceof WebAPIPlatformError && !UNSURE.has(error.data.error) ? 'refused' : 'unavailable';
}

/** Slack's own trouble. */
const UNSURE: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'request_timeout',
  'service_unavailable',
]);

/** Slack's code; of its page too, whose query may hold anything. */
function saidBy(error: Error, request: IncomingMessage): string | undefined {
  if (isFromSlack(error)) return toDeliveryError(error).code ?? toDeliveryError(error).message;
  const said = new URL(request.url ?? '/', 'http://docket.invalid').searchParams.get('error');
  if (said === null) return undefined;
  return /^[a-z_]{1,40}$/.test(said) ? said : 'unreadable';
}
