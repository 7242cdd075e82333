/** Reps and their links: who a Slack user is at each provider. */
import type { Instant, ProviderId, RepKey } from './keys.ts';

/** A Slack user who has tasks. */
export interface Rep extends RepKey {
  name: string;
  /** Lower-cased; undefined when Slack shows us none. */
  email: string | undefined;
  /** A valid IANA zone. */
  zone: string;
  /** False once Slack says that the person left. */
  active: boolean;
}

/**
 * How a link came about, and so who may change it: `address` follows the provider's directory; `consent` (the rep signed
 * in there) and `suggestion` (an admin's, confirmed by the rep) stand until the rep ends them.
 */
export type LinkOrigin = 'address' | 'consent' | 'suggestion';

/** Who a rep is at one provider: all that an adapter needs to act as them. */
export interface Account extends RepKey {
  /** The provider's id of the person, as text. */
  externalId: string;
  /** The address by which the provider knows them, lower-cased. Reply.io is told it with every call. */
  email: string | undefined;
}

/** The mapping from a rep to their user at one provider. */
export interface Link extends Account {
  provider: ProviderId;
  origin: LinkOrigin;
  linkedAt: Instant;
  /** The last time the provider answered a list call for this link. */
  lastListedAt: Instant | undefined;
  /** When a digest told the rep how the link was made. */
  announcedAt: Instant | undefined;
}

/**
 * A positive sign that ends a link which an address made: the user there is not active or is locked, has `moved` to other
 * addresses, or the member's own address in Slack is another one (`renamed`).
 */
export const LINK_ENDS = ['inactive', 'locked', 'moved', 'renamed'] as const;

export type LinkEnd = (typeof LINK_ENDS)[number];

/** What can be said for certain of why a member has no link: for an admin to mend. */
export type LinkProblemReason = LinkEnd | 'unknown' | 'ambiguous' | 'shared' | 'taken';

/**
 * Why a link is in doubt and stays all the same. `unnamed`: the directory does not name the user; `replaced`: nor that
 * user, but another one with the address; `unaddressed`: the user without their address, and not all of their addresses.
 * One of `LINK_ENDS`: so many links had such a sign at once that none was ended.
 */
export type LinkDoubtReason = LinkEnd | 'unnamed' | 'replaced' | 'unaddressed';

export interface LinkDoubt extends RepKey {
  provider: ProviderId;
  externalId: string;
  reason: LinkDoubtReason;
  since: Instant;
  /** On how many days a look at everyone found it so, and the last of them (`YYYY-MM-DD`, UTC). */
  looks: number;
  lastDay: string;
}

export interface LinkProblem extends RepKey {
  provider: ProviderId;
  reason: LinkProblemReason;
  name: string;
  email: string | undefined;
}

/** An admin's proposal for someone whose addresses differ; a link only once that rep confirms. */
export interface Suggestion extends RepKey {
  provider: ProviderId;
  externalId: string;
  email: string | undefined;
  /** What the provider calls that user. */
  name: string;
  suggestedBy: string;
  suggestedAt: Instant;
}

export const LINK_EVENTS = [
  'linked',
  'corrected',
  'removed',
  'unlinked',
  'suggested',
  'declined',
  'disconnected',
] as const;

export type LinkEventKind = (typeof LINK_EVENTS)[number];

/** A line of the audit of who is who. */
export interface LinkEvent extends RepKey {
  provider: ProviderId;
  event: LinkEventKind;
  /** A Slack user id, or `directory` for what followed from the provider's directory or from Slack. */
  by: string;
  externalId: string | undefined;
  origin: LinkOrigin | undefined;
  at: Instant;
}
