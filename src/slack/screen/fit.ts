/**
 * Shrinks messages that Slack refuses for their size. The limit is undocumented (slack.md 3), so a refused message is
 * sent smaller, and the size that worked is remembered, in memory only.
 */
import type { Rendered } from '../../../blocks/elements.ts';
import { bytesOf, FULL_ROOM, type Room, weightOf } from '../../../blocks/limits.ts';
import type { DeliveryError } from '../../core/model/errors.ts';
import type { Log } from '../../core/ports/runtime.ts';
import { isTooLarge, toDeliveryError } from '../transport/errors.ts';

export type Fit = ReturnType<typeof createFit>;

const SHRINK = 2 / 3;
/** A title and a row or two. Below this, the text is sent alone. */
const SMALLEST_WEIGHT = 1_000;
const SMALLEST_TEXT = 200;
const TEXT_ALONE = 0;

export function createFit(log: Log) {
  let known = FULL_ROOM;

  return {
    /** The known limit of a message's size. */
    get room(): Room {
      return known;
    },
    /** Renders for the known limit and sends. Throws `DeliveryError`. */
    async send<T>(render: (room: Room) => Rendered, send: (content: Rendered) => Promise<T>): Promise<T> {
      for (let room = known; ; ) {
        const content =
          room.weight === TEXT_ALONE ? textAlone(render({ ...room, weight: known.weight })) : render(room);
        try {
          const result = await send(content);
          if (room.weight !== TEXT_ALONE) known = smaller(known, room);
          return result;
        } catch (error) {
          const refused = toDeliveryError(error);
          const less = isTooLarge(refused) ? lessThan(room, content, refused) : undefined;
          if (!less) throw refused;
          log.warn({ err: refused, from: room, to: less }, 'a message was too large for Slack, a smaller one is sent');
          room = less;
        }
      }
    },
  };
}

function textAlone({ text }: Rendered): Rendered {
  return { text: `${text}\nThe buttons are in the Home tab of Docket.`, blocks: [] };
}

function smaller(one: Room, other: Room): Room {
  return { weight: Math.min(one.weight, other.weight), textBytes: Math.min(one.textBytes, other.textBytes) };
}

/** undefined: nothing is left to remove. */
function lessThan(room: Room, { text, blocks }: Rendered, { code }: DeliveryError): Room | undefined {
  if (code === 'msg_too_long') {
    const textBytes = Math.floor(Math.min(room.textBytes, bytesOf(text)) * SHRINK);
    return textBytes < SMALLEST_TEXT ? undefined : { ...room, textBytes };
  }
  if (room.weight === TEXT_ALONE) return undefined;
  const weight = Math.floor(Math.min(room.weight, weightOf(blocks)) * SHRINK);
  return { ...room, weight: weight < SMALLEST_WEIGHT ? TEXT_ALONE : weight };
}
