/**
 * Posts that nobody waits for, such as a morning's digests: at an even rate, so that Slack refuses none, and none at all
 * while it has asked for a pause. Slack says "several hundred a minute" for a workspace, and no figure (slack.md 1).
 */
import PQueue from 'p-queue';
import type { Limit, SharePace } from '../../core/jobs/pace.ts';
import { toDeliveryError } from '../transport/errors.ts';
import { createSharedGate } from './gate.ts';

const EVEN_RATE = { intervalCap: 5, interval: 1_000, concurrency: 5, strict: true };
const TOGETHER: Limit = { calls: 5, windowMs: 1_000, concurrency: 5 };
const DEFAULT_PAUSE_MS = 1_000;

export interface Posts {
  /** Posts when it is its turn. Throws what `post` throws. */
  add<T>(post: () => Promise<T>): Promise<T>;
}

/** `isPaced`: false while nothing need wait for a rate limit. `sharePace`: other processes post in the same workspace. */
export function createPosts(isPaced: () => boolean, sharePace?: SharePace): Posts {
  const { add, pause } = sharePace ? createSharedGate(sharePace, 'slack posts', [TOGETHER]) : createOwnGate();
  return {
    async add(post) {
      if (!isPaced()) return post();
      return add(async () => {
        try {
          return await post();
        } catch (error) {
          const { kind, retryAfterMs = DEFAULT_PAUSE_MS } = toDeliveryError(error);
          if (kind === 'rate_limited') pause(retryAfterMs);
          throw error;
        }
      });
    },
  };
}

function createOwnGate() {
  const queue = new PQueue(EVEN_RATE);
  let timer: NodeJS.Timeout | undefined;
  return {
    add: <T>(post: () => Promise<T>) => queue.add(post),
    pause(ms: number): void {
      queue.pause();
      clearTimeout(timer);
      timer = setTimeout(() => queue.start(), ms).unref();
    },
  };
}
