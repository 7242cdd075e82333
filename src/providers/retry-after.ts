/** The wait that a provider asks for. */
import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../core/model/keys.ts';

/** A provider that asks for more is asked again after this long: its limit may have been raised meanwhile. */
export const MAX_RETRY_AFTER_MS = 15 * 60_000;

/** Outreach has the end of its window on every answer, by either name (outreach.md 6): only a 429 means that we wait for it. */
export function waitToldIn({ status, headers }: Response): string | null {
  if (status === 429) return headers.get('retry-after') ?? headers.get('x-ratelimit-reset');
  return status === 503 ? headers.get('retry-after') : null;
}

const SECONDS = /^\d+(\.\d+)?$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
/** Numbers from here on are seconds since the epoch (2001 and later), smaller ones are seconds from now. */
const FIRST_EPOCH_SECOND = 1e9;

/**
 * `Retry-After` as milliseconds from `now`, between 0 and 15 minutes: seconds, seconds since the epoch, an HTTP date or
 * an ISO date with an offset. undefined when it is absent or nonsense.
 */
export function retryAfterMs(value: string | null | undefined, now: Instant): number | undefined {
  const text = value?.trim() ?? '';
  const ms = SECONDS.test(text) ? secondsToMs(Number(text), now) : dateToMs(text, now);
  if (ms === undefined || Number.isNaN(ms)) return undefined;
  return Math.min(Math.max(Math.ceil(ms), 0), MAX_RETRY_AFTER_MS);
}

function secondsToMs(seconds: number, now: Instant): number {
  return seconds >= FIRST_EPOCH_SECOND ? seconds * 1000 - now : seconds * 1000;
}

function dateToMs(text: string, now: Instant): number | undefined {
  if (HTTP_DATE.test(text)) return Date.parse(text) - now;
  try {
    return Temporal.Instant.from(text).epochMilliseconds - now;
  } catch {
    return undefined;
  }
}
