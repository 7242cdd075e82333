/** Remembers the messages from which reps went to sign in. In memory only, as all response_urls. */
import type { Instant, RepKey } from '../../core/model/keys.ts';
import { MINUTE } from '../../core/model/time.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import type { Respond } from '../transport/respond.ts';

/** A response_url works for thirty minutes. */
const USABLE_MS = 29 * MINUTE;

export type LeftMessages = ReturnType<typeof createLeftMessages>;

export function createLeftMessages(clock: Clock) {
  const left = new Map<string, { respond: Respond; until: Instant }>();
  const keyOf = ({ teamId, userId }: RepKey) => `${teamId}:${userId}`;

  return {
    remember(rep: RepKey, respond: Respond): void {
      const now = clock();
      for (const [key, { until }] of left) if (until <= now) left.delete(key);
      left.set(keyOf(rep), { respond, until: now + USABLE_MS });
    },
    take(rep: RepKey): Respond | undefined {
      const found = left.get(keyOf(rep));
      left.delete(keyOf(rep));
      return found && found.until > clock() ? found.respond : undefined;
    },
  };
}
