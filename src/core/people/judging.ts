/**
 * Decides from a provider's directory which links made by address end. Pure.
 *
 * **Invariant 11**: absence is not news. Only a positive sign (`LINK_ENDS`) ends a link; a missing entry is at most a
 * doubt. Many signs at once may be a broken answer: they are believed after three days.
 */
import type { Instant } from '../model/keys.ts';
import { LINK_ENDS, type Link, type LinkDoubt, type LinkDoubtReason, type LinkEnd } from '../model/people.ts';
import { localDate } from '../model/time.ts';
import type { ProviderUser } from '../ports/provider.ts';

/** A link, and what Slack and the directory say about it. */
export interface Evidence {
  link: Link;
  /** The member's address in Slack; undefined: not said. */
  address: string | undefined;
  /** The link's user in the directory; undefined: not there. */
  user: ProviderUser | undefined;
  /** The only active user with the member's address, if no other link has it. */
  match: ProviderUser | undefined;
}

export interface Judgement {
  /** Links that end or change to `match`. */
  ends: (Evidence & { why: LinkEnd | 'replaced' })[];
  /** Links that stay, with a doubt. */
  doubts: LinkDoubt[];
  /** Number of signs that are not believed yet. */
  held: number;
}

/** Days on which the sync must find the same sign before it is believed or reported. */
export const DAYS_TO_BELIEVE = 3;
/** A sync may end this many links, and at most this part of all links; one link may always end. */
const MOST_ENDS = 3;
const MOST_PART = 0.1;

/** For a sync of all members. `links`: number of all links at this provider. */
export function judge(
  all: readonly Evidence[],
  earlier: readonly LinkDoubt[],
  { now, links }: { now: Instant; links: number },
): Judgement {
  const today = localDate(now, 'UTC');
  // A broken answer speaks against everyone, and so did the one before.
  const doubted = new Map(earlier.map((doubt) => [keyOf(doubt, doubt.reason), doubt]));
  const signs = all.flatMap((evidence) => {
    const reason = signOf(evidence);
    if (!reason) return [];
    const before = doubted.get(keyOf(evidence.link, reason));
    return [{ evidence, reason, doubt: doubtOf(evidence.link, reason, before, { now, today }) }];
  });
  const hasStood = ({ doubt }: (typeof signs)[number]) => doubt.looks >= DAYS_TO_BELIEVE;
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

/** For a sync of one member, which cannot detect a broken answer: signs that were held back stay held back. */
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

function keyOf({ userId, provider, externalId }: Link | LinkDoubt, reason: LinkDoubtReason): string {
  return `${provider} ${userId} ${externalId} ${reason}`;
}

/** Counted once a day, however often the process restarts. */
function doubtOf(
  link: Link,
  reason: LinkDoubtReason,
  before: LinkDoubt | undefined,
  { now, today }: { now: Instant; today: string },
): LinkDoubt {
  const { teamId, userId, provider, externalId } = link;
  const about = { teamId, userId, provider, externalId, reason };
  if (!before) return { ...about, since: now, looks: 1, lastDay: today };
  if (before.lastDay >= today) return before;
  return { ...about, since: before.since, looks: before.looks + 1, lastDay: today };
}
