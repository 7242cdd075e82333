/** Retries for calls that a person waits for. Other calls go back to the job queue. */
import type { DeliveryError } from '../../core/model/errors.ts';
import { toDeliveryError } from './errors.ts';

/** Slack's rate limits mostly last a second or a few. */
const PERSON_TIMEOUT_MS = 30_000;
/** A trigger lives three seconds, of which some have passed. */
export const TRIGGER_TIMEOUT_MS = 2_000;

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Pause after a failure; undefined: a retry is useless. */
export function pauseAfter({ kind, retryAfterMs }: DeliveryError, failures: number): number | undefined {
  switch (kind) {
    case 'permanent':
      return undefined;
    case 'rate_limited':
      return retryAfterMs ?? FIRST_PAUSE_MS;
    case 'unauthorized':
      return LONGEST_PAUSE_MS;
    case 'unavailable':
      return Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  }
}

/**
 * Repeats the call while the next pause fits into the time-out. Also after a lost answer: an answer twice is better
 * than none (docs/decisions.md). Throws `DeliveryError`.
 */
export async function withRetries<T>(call: () => Promise<T>, timeoutMs: number = PERSON_TIMEOUT_MS): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (let failures = 1; ; failures += 1) {
    try {
      return await call();
    } catch (error) {
      const failed = toDeliveryError(error);
      const pause = pauseAfter(failed, failures);
      if (pause === undefined || performance.now() + pause > until) throw failed;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
