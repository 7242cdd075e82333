/** Posts to response_urls, with time-outs and typed errors. */
import type { FetchFunction } from '@slack/web-api';
import type { Block } from '../../../blocks/elements.ts';
import { DeliveryError } from '../../core/model/errors.ts';
import { refusal } from './errors.ts';
import { fetchWithin } from './fetch.ts';

type FetchResponse = Awaited<ReturnType<FetchFunction>>;

interface Answer {
  text: string;
  blocks?: Block[];
  response_type?: 'ephemeral';
  replace_original?: boolean;
}

/** Answers a person, through a response_url or in the conversation. */
export type Respond = (content: Answer) => Promise<unknown>;

/** The message's next render waits for it. */
const RESPONSE_TIMEOUT_MS = 5_000;

/** Bolt's fetch, with Slack's code and retry time. Calls of the Web API are `callApi`'s. */
export function responseUrlFetch(apiUrl: string, callApi: FetchFunction): FetchFunction {
  const post = fetchWithin(RESPONSE_TIMEOUT_MS);
  return async (url, init) => {
    if (String(url).startsWith(apiUrl)) return callApi(url, init);
    let response: FetchResponse;
    let body: string;
    try {
      response = await post(url, init);
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
    if (!response.ok) {
      const kind = response.status >= 500 ? 'unavailable' : 'permanent';
      throw new DeliveryError(kind, `Slack answered HTTP ${response.status} at a response_url`);
    }
    return response;
  };
}

/** Slack's error code, as JSON or as a bare word. */
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
