/**
 * The response_urls of clicks: how to edit the message that was clicked without using up `chat.update`, which a whole
 * workspace shares (slack.md section 1). Each works five times within thirty minutes. They are kept in memory only: a
 * response_url is a secret of half an hour's life.
 */
import { DeliveryError } from '../core/errors.ts';
import type { Clock, Log } from '../core/ports.ts';
import { MINUTE } from '../core/time.ts';
import type { Instant } from '../core/types.ts';
import { toDeliveryError } from './errors.ts';
import type { Respond } from './respond.ts';

/** The fifth use is kept for a refusal. */
const USES = 4;
const USABLE_FOR = 29 * MINUTE;

interface Way {
  respond: Respond;
  usesLeft: number;
  until: Instant;
}

export interface Reach {
  /** A click on a message brought a way to edit it. */
  remember(messageId: string, respond: Respond): void;
  has(messageId: string): boolean;
  /** An error: the way may work again. `none`: there is none, or it is used up or over. */
  edit(messageId: string, edit: (respond: Respond) => Promise<unknown>): Promise<'done' | 'none' | DeliveryError>;
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
    async edit(messageId, edit) {
      const way = usable(messageId);
      if (!way) return 'none';
      const respond: Respond = (content) => {
        if (way.usesLeft <= 0) throw new DeliveryError('permanent', 'a response_url is used up');
        way.usesLeft -= 1;
        return way.respond({ replace_original: true, ...content });
      };
      try {
        await edit(respond);
        return 'done';
      } catch (error) {
        const failed = toDeliveryError(error);
        log.warn({ err: failed, message: messageId }, 'a response_url did not work');
        // A newer click may have brought another way meanwhile.
        if (failed.kind === 'permanent' && ways.get(messageId) === way) ways.delete(messageId);
        return usable(messageId) ? failed : 'none';
      }
    },
  };
}
