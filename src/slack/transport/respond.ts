/** Posts to response_urls: an error says what Slack answered, and no call waits for ever. */
import type { Block } from '../../../blocks/elements.ts';
import { DeliveryError } from '../../core/model/errors.ts';
import { refusal } from './errors.ts';

interface Answer {
  text: string;
  blocks?: Block[];
  response_type?: 'ephemeral';
  replace_original?: boolean;
}

/** A way to answer a person: through a response_url, or in the conversation. */
export type Respond = (content: Answer) => Promise<unknown>;

/** The next render of a message waits for this one. */
const ANSWERED_WITHIN = 5_000;

/**
 * What Bolt calls response_urls with. Bolt alone sets no time limit, and its error tells neither Slack's word nor how
 * long to wait. Calls of Web API methods pass through: the SDK reads their answers itself.
 */
export function responseUrlFetch(apiUrl: string): typeof fetch {
  return async (url, init) => {
    if (String(url).startsWith(apiUrl)) return fetch(url, init);
    let response: Response;
    let body: string;
    try {
      response = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWERED_WITHIN) });
      body = await response.text();
    } catch (error) {
      throw new DeliveryError('unavailable', 'Slack did not answer at a response_url', { cause: error });
    }
    const code = codeOf(body, response.status);
    if (response.status === 429) {
      const seconds = Number(response.headers.get('retry-after') ?? 1);
      const retryAfterMs = (Number.isFinite(seconds) ? seconds : 1) * 1_000;
      throw new DeliveryError('rate_limited', 'Slack: rate limited at a response_url', { retryAfterMs });
    }
    if (code !== undefined) throw refusal(code);
    if (!response.ok) throw answered(response.status);
    return response;
  };
}

/** What Slack says no to is answered as JSON, or with the bare word. */
function codeOf(body: string, status: number): string | undefined {
  if (status !== 200 && /^[a-z_]{3,60}$/.test(body.trim())) return body.trim();
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== 'object' || answer === null || !('ok' in answer) || answer.ok !== false) return undefined;
    return 'error' in answer && typeof answer.error === 'string' ? answer.error : undefined;
  } catch {
    return undefined;
  }
}

function answered(status: number): DeliveryError {
  const kind = status >= 500 ? 'unavailable' : 'permanent';
  return new DeliveryError(kind, `Slack answered HTTP ${status} at a response_url`);
}
