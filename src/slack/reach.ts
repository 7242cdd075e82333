/**
 * The response_urls of clicks: how to edit the message that was clicked without using up `chat.update`, which a whole
 * workspace shares (slack.md section 1). Each works five times within thirty minutes. They are kept in memory only: a
 * response_url is a secret of half an hour's life.
 */
import type { RespondArguments, RespondFn } from '@slack/bolt';
import type { Clock, Log } from '../core/ports.ts';
import { MINUTE } from '../core/time.ts';
import type { Instant } from '../core/types.ts';
import { toDeliveryError } from './errors.ts';

/** The fifth use is kept for a refusal. */
const USES = 4;
const USABLE_FOR = 29 * MINUTE;
/** Bolt sets no limit of its own, and the next render of the message waits for this one. */
const PATIENCE = 5_000;

interface Way {
  respond: RespondFn;
  usesLeft: number;
  until: Instant;
}

export interface Reach {
  /** A click on a message brought a way to edit it. */
  remember(messageId: string, respond: RespondFn): void;
  has(messageId: string): boolean;
  /** `failed`: the way may work again. `none`: there is none, or it is used up or over. */
  edit(messageId: string, content: RespondArguments): Promise<'done' | 'failed' | 'none'>;
}

export function createReach(clock: Clock, log: Log): Reach {
  const ways = new Map<string, Way>();

  function usable(messageId: string): Way | undefined {
    const way = ways.get(messageId);
    if (way && way.usesLeft > 0 && way.until > clock()) return way;
    ways.delete(messageId);
    return undefined;
  }

  return {
    remember(messageId, respond) {
      const now = clock();
      for (const [id, way] of ways) if (way.until <= now) ways.delete(id);
      ways.set(messageId, { respond, usesLeft: USES, until: now + USABLE_FOR });
    },
    has: (messageId) => usable(messageId) !== undefined,
    async edit(messageId, content) {
      const way = usable(messageId);
      if (!way) return 'none';
      way.usesLeft -= 1;
      try {
        await inTime(way.respond({ replace_original: true, ...content }));
        return 'done';
      } catch (error) {
        log.warn({ err: toDeliveryError(error), message: messageId }, 'a response_url did not work');
        return usable(messageId) ? 'failed' : 'none';
      }
    },
  };
}

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), PATIENCE);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
