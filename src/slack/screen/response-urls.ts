/**
 * The response_urls of clicks. Edits through them do not use the workspace's limit of `chat.update` (slack.md 1). Each
 * works five times within thirty minutes; those of several clicks on one message are all kept. In memory only, because
 * they are secrets.
 */
import { DeliveryError } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/keys.ts';
import { MINUTE } from '../../core/model/time.ts';
import type { Clock, Log } from '../../core/ports/runtime.ts';
import { toDeliveryError } from '../transport/errors.ts';
import type { Respond } from '../transport/respond.ts';

/** The fifth use is kept for a refusal. */
const USES = 4;
const USABLE_MS = 29 * MINUTE;

interface ResponseUrl {
  respond: Respond;
  usesLeft: number;
  until: Instant;
}

export function createResponseUrls(clock: Clock, log: Log) {
  /** Message id -> URLs, oldest first. */
  const urls = new Map<string, ResponseUrl[]>();
  let forgottenAt = Number.NEGATIVE_INFINITY;

  /** Once a minute: looking through all at each click would take longer the more people click. */
  function forgetOld(): void {
    if (clock() < forgottenAt + MINUTE) return;
    forgottenAt = clock();
    for (const id of urls.keys()) usable(id);
  }

  function usable(messageId: string): ResponseUrl | undefined {
    const left = (urls.get(messageId) ?? []).filter((url) => url.usesLeft > 0 && url.until > clock());
    if (left.length > 0) urls.set(messageId, left);
    else urls.delete(messageId);
    return left[0];
  }

  return {
    remember(messageId: string, respond: Respond): void {
      forgetOld();
      const url = { respond, usesLeft: USES, until: clock() + USABLE_MS };
      urls.set(messageId, [...(urls.get(messageId) ?? []), url]);
    },
    isAny: () => urls.size > 0,
    has: (messageId: string) => usable(messageId) !== undefined,
    /** An error: the URL may work again. `none`: there is none, or it is used up or has expired. */
    async edit(
      messageId: string,
      edit: (respond: Respond) => Promise<unknown>,
    ): Promise<'done' | 'none' | DeliveryError> {
      for (let url = usable(messageId); url; url = usable(messageId)) {
        try {
          await edit(respondWith(url));
          return 'done';
        } catch (error) {
          const failed = toDeliveryError(error);
          log.warn({ err: failed, message: messageId }, 'a response_url did not work');
          // Another click's may still work.
          if (failed.kind === 'permanent') url.usesLeft = 0;
          else return usable(messageId) ? failed : 'none';
        }
      }
      return 'none';
    },
  };
}

function respondWith(url: ResponseUrl): Respond {
  return (content) => {
    if (url.usesLeft <= 0) throw new DeliveryError('permanent', 'a response_url is used up');
    url.usesLeft -= 1;
    return url.respond({ replace_original: true, ...content });
  };
}
