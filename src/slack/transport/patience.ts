/**
 * How a person's wait meets a Slack that is busy (429) or away for a moment: with a wait, not with an apology. Whatever
 * a person waits for goes through here; what nobody waits for is given back to the queue, which has more time.
 */
import type { DeliveryError } from '../../core/model/errors.ts';
import { toDeliveryError } from './errors.ts';

/** The time that a person waits in all before they read that it did not work. Slack mostly asks for a second or a few. */
const PERSON_WAITS = 30_000;
/** A trigger lives three seconds, and some of them are gone when a window is asked for. */
export const TRIGGER_LIVES = 2_000;

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** How long to wait after so many failures in a row; undefined: trying again would say the same. */
export function pauseAfter({ kind, retryAfterMs }: DeliveryError, failures: number): number | undefined {
  switch (kind) {
    case 'permanent':
      return undefined;
    case 'rate_limited':
      return retryAfterMs ?? FIRST_PAUSE;
    case 'unauthorized':
      return LONGEST_PAUSE;
    case 'unavailable':
      return Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
  }
}

/**
 * Does one call to Slack, and again after each pause that still fits into the time. A call whose answer was lost is
 * made again too: a person would rather see an answer twice than never (docs/decisions.md). Throws `DeliveryError`.
 */
export async function patiently<T>(call: () => Promise<T>, withinMs: number = PERSON_WAITS): Promise<T> {
  const until = performance.now() + withinMs;
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
