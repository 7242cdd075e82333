/**
 * What a look at a provider's directory means for the links that addresses made. Pure.
 *
 * **Invariant 11**: absence is not news. A link ends only on a positive sign (`LINK_ENDS`). What the directory
 * leaves out puts a link in doubt at the most. Signs against many links at once are believed only once they have stood for
 * three days, because a broken answer looks just like that.
 */

import type { Instant } from '../model/keys.ts';
import { LINK_ENDS, type Link, type LinkDoubt, type LinkDoubtReason, type LinkEnd } from '../model/people.ts';
import { localDate } from '../model/time.ts';
import type { ProviderUser } from '../ports/provider.ts';

/** A link, with all that is said of it. */
export interface Evidence {
  link: Link;
  /** The member's address in Slack; undefined when Slack does not say. */
  address: string | undefined;
  /** What the directory says of the link's user; undefined when it does not name them. */
  user: ProviderUser | undefined;
  /** The one active user with the member's address, beyond doubt and free. */
  match: ProviderUser | undefined;
}

export interface Judgement {
  /** Links that end, or go over to `match`. */
  ends: (Evidence & { why: LinkEnd | 'replaced' })[];
  /** Links that stay and are in doubt. */
  doubts: LinkDoubt[];
  /** How many positive signs were not believed yet. */
  held: number;
}

/** On so many days a look has to find the same before it is believed, or told. */
export const LOOKS_TO_BELIEVE = 3;
/** A look may end this many links, and no more than this part of them; one alone may always end. */
const MOST_ENDS = 3;
const MOST_PART = 0.1;

/** Of a look at everyone. `links`: how many there are at this provider, however they were made. */
export function judge(
  all: readonly Evidence[],
  earlier: readonly LinkDoubt[],
  { now, links }: { now: Instant; links: number },
): Judgement {
  const signs = all.flatMap((evidence) => {
    const reason = signOf(evidence);
    return reason ? [{ evidence, reason, doubt: doubtOf(evidence.link, reason, earlier, now) }] : [];
  });
  const hasStood = ({ doubt }: (typeof signs)[number]) => doubt.looks >= LOOKS_TO_BELIEVE;
  const fresh = signs.filter((sign) => isEnd(sign.reason) && !hasStood(sign)).length;
  const isTooMany = fresh > MOST_ENDS || (fresh > 1 && fresh > links * MOST_PART);
  const judgement: Judgement = { ends: [], doubts: [], held: isTooMany ? fresh : 0 };
  for (const sign of signs) {
    const { evidence, reason, doubt } = sign;
    const isBelieved = isEnd(reason) ? hasStood(sign) || !isTooMany : reason === 'replaced' && hasStood(sign);
    if (isBelieved && (isEnd(reason) || reason === 'replaced')) judgement.ends.push({ ...evidence, why: reason });
    else judgement.doubts.push(doubt);
  }
  return judgement;
}

/** Of a look at one member alone, which cannot tell a broken answer: what a look at everyone held back stays held back. */
export function judgeOne(evidence: Evidence, earlier: readonly LinkDoubt[]): LinkEnd | undefined {
  const reason = signOf(evidence);
  const isHeld = earlier.some((doubt) => isAbout(doubt, evidence.link) && isEnd(doubt.reason));
  return reason && isEnd(reason) && !isHeld ? reason : undefined;
}

function signOf({ link, address, user, match }: Evidence): LinkDoubtReason | undefined {
  if (user?.state === 'inactive' || user?.state === 'locked') return user.state;
  const wanted = address ?? link.email;
  if (wanted !== undefined && user?.emails.includes(wanted)) return undefined;
  if (address !== undefined && link.email !== undefined && address !== link.email) return 'renamed';
  if (!user) return match ? 'replaced' : 'unnamed';
  if (wanted === undefined) return undefined;
  return user.partial || user.emails.length === 0 ? 'unaddressed' : 'moved';
}

function isEnd(reason: LinkDoubtReason): reason is LinkEnd {
  return LINK_ENDS.some((end) => end === reason);
}

function isAbout(doubt: LinkDoubt, link: Link): boolean {
  return doubt.userId === link.userId && doubt.provider === link.provider && doubt.externalId === link.externalId;
}

/** Looks count once a day: a process that starts again ten times has not seen it ten times. */
function doubtOf(link: Link, reason: LinkDoubtReason, earlier: readonly LinkDoubt[], now: Instant): LinkDoubt {
  const today = localDate(now, 'UTC');
  const before = earlier.find((doubt) => isAbout(doubt, link) && doubt.reason === reason);
  const { teamId, userId, provider, externalId } = link;
  const about = { teamId, userId, provider, externalId, reason };
  if (!before) return { ...about, since: now, looks: 1, lastDay: today };
  if (before.lastDay >= today) return before;
  return { ...about, since: before.since, looks: before.looks + 1, lastDay: today };
}
