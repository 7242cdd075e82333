/**
 * The messages from which reps went to sign in: once they are back, what they read there is no longer so. Kept in
 * memory only, as every response_url is (`reach.ts`).
 */

import type { Instant, RepKey } from '../../core/model/keys.ts';
import { MINUTE } from '../../core/model/time.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import type { Respond } from '../transport/respond.ts';

/** A response_url lives for thirty minutes. */
const USABLE_FOR = 29 * MINUTE;

export interface LeftMessages {
  remember(rep: RepKey, respond: Respond): void;
  /** The last message from which this rep went, once. */
  take(rep: RepKey): Respond | undefined;
}

export function createLeftMessages(clock: Clock): LeftMessages {
  const left = new Map<string, { respond: Respond; until: Instant }>();
  const keyOf = ({ teamId, userId }: RepKey) => `${teamId}:${userId}`;

  return {
    remember(rep, respond) {
      const now = clock();
      for (const [key, { until }] of left) if (until <= now) left.delete(key);
      left.set(keyOf(rep), { respond, until: now + USABLE_FOR });
    },
    take(rep) {
      const found = left.get(keyOf(rep));
      left.delete(keyOf(rep));
      return found && found.until > clock() ? found.respond : undefined;
    },
  };
}
