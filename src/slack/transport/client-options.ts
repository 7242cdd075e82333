/** How every client of Slack's Web API is made. */
import type { WebClientOptions } from '@slack/web-api';
import type { Log } from '../../core/ports/runtime.ts';
import { fetchWithin } from './fetch.ts';
import { boltLogger } from './loggers.ts';

const TIMEOUT_MS = 10_000;

/** Rate-limited calls fail at once and we retry them: the SDK would block a click's feedback (slack.md 1). */
export function clientOptions(apiUrl: string, log: Log) {
  return {
    slackApiUrl: apiUrl,
    rejectRateLimitedCalls: true,
    fetch: fetchWithin(TIMEOUT_MS),
    // That fetch has one of its own.
    timeout: 0,
    // The SDK's retry after a lost answer could post a digest twice.
    retryConfig: { retries: 0 },
    logger: boltLogger(log),
  } satisfies WebClientOptions;
}
