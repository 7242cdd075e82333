/** The part of the store about who is who: links, sign-ins and webhook subscriptions. */

import type { FailureReason } from '../model/action.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { Link, LinkDoubt, LinkEvent, LinkProblem, Suggestion } from '../model/people.ts';
import type { Grant, HeldGrant } from './provider.ts';
import type { Tx } from './transaction.ts';

export interface Links {
  /** Inserts or replaces; keeps `lastListedAt` and `announcedAt` when the external id is the same. */
  save(link: Omit<Link, 'lastListedAt' | 'announcedAt'>, tx?: Tx): Promise<void>;
  remove(key: RepKey, provider: ProviderId, tx?: Tx): Promise<void>;
  /** Ordered by provider. */
  of(key: RepKey, tx?: Tx): Promise<Link[]>;
  find(key: RepKey, provider: ProviderId, tx?: Tx): Promise<Link | undefined>;
  list(teamId: string): Promise<Link[]>;
  /** Who else has this user of the provider. */
  holders(teamId: string, provider: ProviderId, externalId: string, tx?: Tx): Promise<Link[]>;
  markListed(key: RepKey, provider: ProviderId, at: Instant): Promise<void>;
  markAnnounced(key: RepKey, providers: readonly ProviderId[], at: Instant, tx?: Tx): Promise<void>;
}

/** Everything about who is who besides the links themselves. */
export interface People {
  /** A rep who ended a link is not linked again by their address, until they ask for it. */
  decline(key: RepKey, provider: ProviderId, at: Instant, tx?: Tx): Promise<void>;
  undecline(key: RepKey, provider: ProviderId, tx?: Tx): Promise<void>;
  declined(teamId: string, tx?: Tx): Promise<(RepKey & { provider: ProviderId })[]>;
  /** Inserts or replaces: one open suggestion for a rep and provider. */
  suggest(suggestion: Suggestion, tx?: Tx): Promise<void>;
  suggestions(key: RepKey, tx?: Tx): Promise<Suggestion[]>;
  dropSuggestion(key: RepKey, provider: ProviderId, tx?: Tx): Promise<void>;
  /** Replaces what was known of a provider's problems. */
  noteProblems(teamId: string, provider: ProviderId, problems: readonly LinkProblem[]): Promise<void>;
  /** Adds one to what is known, or replaces it. */
  noteProblem(problem: LinkProblem, tx?: Tx): Promise<void>;
  /** Ordered by provider, then name. */
  problems(teamId: string): Promise<LinkProblem[]>;
  /** Replaces what was known of the doubts about a provider's links. */
  noteDoubts(teamId: string, provider: ProviderId, doubts: readonly LinkDoubt[]): Promise<void>;
  /** Ordered by provider, then since when. */
  doubts(teamId: string): Promise<LinkDoubt[]>;
  /** Appends to the audit. */
  record(event: LinkEvent, tx?: Tx): Promise<void>;
  /** Newest first. */
  events(teamId: string, options: { limit: number; userId?: string }): Promise<LinkEvent[]>;
  /** Forgets lines of the audit from before `before`; returns how many. */
  pruneEvents(before: Instant): Promise<number>;
}

export interface Connections {
  /** After a rep's consent; replaces an earlier one. */
  save(rep: RepKey & { provider: ProviderId; grant: Grant; at: Instant }, tx?: Tx): Promise<void>;
  /** Also one that has ended: `ended` says so. */
  find(key: RepKey, provider: ProviderId): Promise<(HeldGrant & { connectedAt: Instant; ended: boolean }) | undefined>;
  lock(held: HeldGrant, provider: ProviderId, now: Instant, until: Instant): Promise<boolean>;
  unlock(held: HeldGrant, provider: ProviderId): Promise<void>;
  renew(held: HeldGrant, provider: ProviderId, grant: Grant): Promise<boolean>;
  /** False when it had ended already, or was renewed since. */
  end(held: HeldGrant, provider: ProviderId, tx?: Tx): Promise<boolean>;
  remove(key: RepKey, provider: ProviderId, tx?: Tx): Promise<void>;
  /** Those that have not ended, least recently renewed first. */
  live(provider: ProviderId): Promise<(RepKey & { mintedAt: Instant })[]>;
  /** Those of `live` that no key opens. What they hold stays as it is. */
  unreadable(provider: ProviderId): Promise<RepKey[]>;
  /**
   * Notes by what mark the company's own credential is known (never the credential). True when it was another one before.
   */
  noteCredential(provider: ProviderId, mark: string, tx?: Tx): Promise<boolean>;
}

/** The contents of the link in Slack, sealed: for whom a press of it begins a sign-in. */
export interface Ticket extends RepKey {
  provider: ProviderId;
  /** That of a suggestion which the rep confirmed; without one their own address counts. */
  email?: string;
  expiresAt: Instant;
}

/** A consent that was begun: whoever comes back with the state began it as this rep, once. */
export interface PendingConsent extends Ticket {
  codeVerifier: string;
}

/** The result of a sign-in, as its page says it. It holds no token. */
export type ConsentResult =
  | { is: 'connected'; email: string }
  | { is: 'expired' }
  | { is: 'denied' }
  /** Nobody active there has the rep's address; or more than one has it, or another rep is linked to that user. */
  | { is: 'no_user'; email: string | undefined; why: 'none' | 'unclear' | 'taken' }
  /** `signedIn` is the address of whoever allowed it. */
  | { is: 'wrong_person'; signedIn: string }
  /** The provider does not say who signed in, so the rep is asked in Slack. */
  | { is: 'unconfirmed' }
  | { is: 'failed'; reason: FailureReason; reference: string };

/** A state that a browser brings for the first time, or has brought before. */
export type BroughtState =
  | { is: 'new'; pending: PendingConsent }
  /** Without a result: another request has it in hand, or died with it. */
  | ({ is: 'used'; provider: ProviderId; takenAt: Instant; result: ConsentResult | undefined } & RepKey);

/** A grant that is kept, and not used before the rep said that it was they who signed in. */
export interface UnconfirmedGrant extends RepKey {
  provider: ProviderId;
  /** Which sign-in gave it. */
  stateHash: string;
  grant: Grant;
  /** Whose user the grant is thought to be. */
  email: string;
  expiresAt: Instant;
}

export interface Consents {
  /** Cannot be read or made up by whoever holds it. */
  sealTicket(ticket: Ticket): Promise<string>;
  /** undefined: not ours, changed, or sealed with a key that is gone. Does not look at its time. */
  openTicket(sealed: string): Promise<Ticket | undefined>;
  /** The state itself is not kept, only its hash. Of one rep's states at one provider the newest 20 are kept. */
  begin(stateHash: string, consent: PendingConsent): Promise<void>;
  /** `new` for one caller only. undefined: unknown, or over. */
  take(stateHash: string, now: Instant): Promise<BroughtState | undefined>;
  /** What a state came to; shown to whoever brings it again before its time is over. */
  settle(stateHash: string, result: ConsentResult, tx?: Tx): Promise<void>;
  /** Replaces an earlier one of this rep at this provider. */
  hold(unconfirmed: UnconfirmedGrant): Promise<void>;
  /** Takes it out; undefined when it is not this rep's, is gone, or is over. */
  takeHeld(
    key: RepKey,
    of: Pick<UnconfirmedGrant, 'provider' | 'stateHash'>,
    now: Instant,
  ): Promise<UnconfirmedGrant | undefined>;
  /** Forgets states and unconfirmed grants whose time is over. */
  prune(now: Instant): Promise<void>;
}

/** Our subscription to one provider's changes. */
export interface Hook extends RepKey {
  provider: ProviderId;
  hookId: string;
  url: string;
  secret: string;
}

export interface HookStore {
  save(hook: Hook): Promise<void>;
  find(provider: ProviderId): Promise<Hook | undefined>;
}
