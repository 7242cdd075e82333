/**
 * Posts that nobody waits for, such as a morning's digests: at an even rate, so that Slack refuses none, and none at all
 * while it has asked for a pause. Slack says "several hundred a minute" for a workspace, and no figure (slack.md 1).
 */
import PQueue from 'p-queue';
import { toDeliveryError } from '../transport/errors.ts';

const EVEN_RATE = { intervalCap: 5, interval: 1_000, concurrency: 5, strict: true };
const DEFAULT_PAUSE_MS = 1_000;

export interface Posts {
  /** Posts when it is its turn. Throws what `post` throws. */
  add<T>(post: () => Promise<T>): Promise<T>;
}

/** `isPaced`: false while nothing need wait for a rate limit. */
export function createPosts(isPaced: () => boolean): Posts {
  const queue = new PQueue(EVEN_RATE);
  let timer: NodeJS.Timeout | undefined;

  function pause(ms: number): void {
    queue.pause();
    clearTimeout(timer);
    timer = setTimeout(() => queue.start(), ms).unref();
  }

  return {
    async add(post) {
      if (!isPaced()) return post();
      return queue.add(async () => {
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
