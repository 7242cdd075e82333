/**
 * The response_urls of clicks: how to edit the message that was clicked without using up `chat.update`, which a whole
 * workspace shares (slack.md 1). Each works five times within thirty minutes, so those of several quick clicks on one
 * message are kept side by side: a list that only the rep sees has no other way to show what became of them. They are
 * kept in memory only: a response_url is a secret of half an hour's life.
 */
import { DeliveryError } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/keys.ts';
import { MINUTE } from '../../core/model/time.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import { toDeliveryError } from '../transport/errors.ts';
import type { Respond } from '../transport/respond.ts';

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
  /** Message id -> the oldest first. */
  const ways = new Map<string, Way[]>();

  function usable(messageId: string): Way | undefined {
    const left = (ways.get(messageId) ?? []).filter((way) => way.usesLeft > 0 && way.until > clock());
    if (left.length > 0) ways.set(messageId, left);
    else ways.delete(messageId);
    return left[0];
  }

  return {
    remember(messageId, respond) {
      for (const id of ways.keys()) usable(id);
      const way = { respond, usesLeft: USES, until: clock() + USABLE_FOR };
      ways.set(messageId, [...(ways.get(messageId) ?? []), way]);
    },
    has: (messageId) => usable(messageId) !== undefined,
    async edit(messageId, edit) {
      for (let way = usable(messageId); way; way = usable(messageId)) {
        try {
          await edit(respondWith(way));
          return 'done';
        } catch (error) {
          const failed = toDeliveryError(error);
          log.warn({ err: failed, message: messageId }, 'a response_url did not work');
          // Another click's may still work.
          if (failed.kind === 'permanent') way.usesLeft = 0;
          else return usable(messageId) ? failed : 'none';
        }
      }
      return 'none';
    },
  };
}

function respondWith(way: Way): Respond {
  return (content) => {
    if (way.usesLeft <= 0) throw new DeliveryError('permanent', 'a response_url is used up');
    way.usesLeft -= 1;
    return way.respond({ replace_original: true, ...content });
  };
}
