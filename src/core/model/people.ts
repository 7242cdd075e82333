/** Reps and their links. */
import type { Schedule } from './digest.ts';
import type { Instant, ProviderId, RepKey } from './keys.ts';

/** What Slack says of a rep. */
export interface Profile extends RepKey {
  name: string;
  /** Lower-cased. undefined: Slack does not show it. */
  email: string | undefined;
  /** A valid IANA zone. */
  slackZone: string;
  /** BCP 47, such as `en-GB`. undefined: Slack never said one. */
  locale: string | undefined;
  /** False after Slack reported that the person left. */
  active: boolean;
}

/** A Slack user who has tasks. */
export interface Rep extends Profile {
  /** The zone of all their times: the one that they chose (`Schedule.ownZone`), else Slack's. */
  zone: string;
}

/** A rep with what decides whether a message comes to them by itself, and how it looks. */
export interface Recipient {
  rep: Rep;
  /** undefined: none was made for them yet. */
  schedule: Schedule | undefined;
  /** An admin has stopped all digests of the workspace. */
  isSwitchedOff: boolean;
}

/** `address` follows the provider's directory. `consent` and `suggestion` stay until the rep ends them. */
export type LinkOrigin = 'address' | 'consent' | 'suggestion';

/** A rep's user at one provider: all that an adapter needs to act as them. */
export interface Account extends RepKey {
  /** The provider's user id, as text. */
  externalId: string;
  /** Their address at the provider, lower-cased. Reply.io needs it in every call. */
  email: string | undefined;
}

/** The mapping from a rep to their user at one provider. */
export interface Link extends Account {
  provider: ProviderId;
  origin: LinkOrigin;
  linkedAt: Instant;
  /** The last time the provider answered a list call for this link. */
  lastListedAt: Instant | undefined;
  /** When a digest told the rep about the link. */
  announcedAt: Instant | undefined;
}

/** Signs that end a link made by address. `moved`: the user has other addresses; `renamed`: the member has. */
export const LINK_ENDS = ['inactive', 'locked', 'moved', 'renamed'] as const;

export type LinkEnd = (typeof LINK_ENDS)[number];

/** Why a member has no link, for an admin to fix. */
export type LinkProblemReason = LinkEnd | 'unknown' | 'ambiguous' | 'shared' | 'taken';

/**
 * Doubts that do not end a link. `unnamed`: the user is missing in the directory; `replaced`: missing, and another user
 * has the address; `unaddressed`: the user is there without the address, and not all addresses were read. One of
 * `LINK_ENDS`: too many links had such a sign at once, so none was ended.
 */
export type LinkDoubtReason = LinkEnd | 'unnamed' | 'replaced' | 'unaddressed';

export interface LinkDoubt extends RepKey {
  provider: ProviderId;
  externalId: string;
  reason: LinkDoubtReason;
  since: Instant;
  /** Number of days on which the daily sync found it, and the last of them (`YYYY-MM-DD`, UTC). */
  looks: number;
  lastDay: string;
}

export interface LinkProblem extends RepKey {
  provider: ProviderId;
  reason: LinkProblemReason;
  name: string;
  email: string | undefined;
}

/** An admin's proposal for a rep whose addresses differ. It becomes a link when the rep confirms it. */
export interface Suggestion extends RepKey {
  provider: ProviderId;
  externalId: string;
  email: string | undefined;
  /** That user's name at the provider. */
  name: string;
  suggestedBy: string;
  suggestedAt: Instant;
}

/** Of a tool's key: an admin set it, replaced it, or took it away. The line's user is that admin. */
export const KEY_EVENTS = ['key_set', 'key_replaced', 'key_removed'] as const;

export const LINK_EVENTS = [
  'linked',
  'corrected',
  'removed',
  'unlinked',
  'suggested',
  'declined',
  'disconnected',
  ...KEY_EVENTS,
] as const;

export type LinkEventKind = (typeof LINK_EVENTS)[number];

/** A line of the audit log of links, and of the keys that they are reached with. */
export interface LinkEvent extends RepKey {
  provider: ProviderId;
  event: LinkEventKind;
  /** A Slack user id, or `directory` for changes that followed from the provider's directory or Slack. */
  by: string;
  externalId: string | undefined;
  origin: LinkOrigin | undefined;
  at: Instant;
}
