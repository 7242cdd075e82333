/** How far this machine's clock is from those of the services that were asked. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { z } from 'zod';
import type { Finding } from '../core/model/finding.ts';
import type { Clock } from '../core/ports/runtime.ts';

/** Node's own fetch tells of each answer's headers, names and values by turns. */
const CHANNEL = 'undici:request:headers';
const Message = z.object({ response: z.object({ headers: z.array(z.instanceof(Uint8Array)) }) });
/** Slack's signatures are refused at five minutes; a `Date` header is exact to a second, and an answer takes its time. */
const MOST_SECONDS = 30;

/** Listens to the `Date` of every answer until `judge` is called. */
export function watchClocks(clock: Clock): { judge(): Finding } {
  const skews: number[] = [];
  const listener = (message: unknown) => {
    const headers = Message.safeParse(message).data?.response.headers.map((part) => Buffer.from(part).toString()) ?? [];
    const at = headers.findIndex((part, index) => index % 2 === 0 && part.toLowerCase() === 'date');
    const date = at < 0 ? Number.NaN : Date.parse(headers[at + 1] ?? '');
    if (!Number.isNaN(date)) skews.push(Math.round((clock() - date) / 1_000));
  };
  subscribe(CHANNEL, listener);
  return {
    judge() {
      unsubscribe(CHANNEL, listener);
      return judgeSkew(skews);
    },
  };
}

/** The middle one counts: a single service may be wrong. */
function judgeSkew(skews: readonly number[]): Finding {
  const about = 'Clock';
  const middle = skews.toSorted((one, other) => one - other)[Math.floor(skews.length / 2)];
  if (middle === undefined) return { state: 'note', about, text: 'could not be compared: no service answered.' };
  if (Math.abs(middle) <= MOST_SECONDS) return { state: 'fine', about, text: 'agrees with those of the services.' };
  const how = `${Math.abs(middle)} seconds ${middle > 0 ? 'ahead of' : 'behind'} those of the services`;
  return {
    state: 'to do',
    about,
    text: `is ${how}: let the system set it (NTP). Slack's requests are refused from 5 minutes on.`,
  };
}
