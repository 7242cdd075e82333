/** The store's tables about people: links, sign-ins and webhook subscriptions. */
import type { FailureReason } from '../model/action.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { Link, LinkDoubt, LinkEvent, LinkProblem, Suggestion } from '../model/people.ts';
import type { Grant, HeldGrant } from './provider.ts';
import type { Tx } from './transaction.ts';

export interface Links {
  /** Inserts or replaces. Keeps `lastListedAt` and `announcedAt` if the external id is the same. */
  save(link: Omit<Link, 'lastListedAt' | 'announcedAt'>, tx?: Tx): Promise<void>;
  remove(key: RepKey, provider: ProviderId, tx?: Tx): Promise<void>;
  /** Ordered by provider. */
  of(key: RepKey, tx?: Tx): Promise<Link[]>;
  find(key: RepKey, provider: ProviderId, tx?: Tx): Promise<Link | undefined>;
  /** Gives the event loop turns, because a company has many; what changes meanwhile may or may not be there. */
  list(teamId: string): Promise<Link[]>;
  count(teamId: string, provider: ProviderId): Promise<number>;
  /** When the provider last gave anybody's tasks. */
  lastListed(teamId: string, provider: ProviderId): Promise<Instant | undefined>;
  /** Every link to this user of the provider. */
  holders(teamId: string, provider: ProviderId, externalId: string, tx?: Tx): Promise<Link[]>;
  markListed(key: RepKey, provider: ProviderId, at: Instant): Promise<void>;
  markAnnounced(key: RepKey, providers: readonly ProviderId[], at: Instant, tx?: Tx): Promise<void>;
}

/** Declined links, suggestions, problems, doubts and the audit log. */
export interface People {
  /** A rep who ended a link is not linked by address again until they ask for it. */
  decline(key: RepKey, provider: ProviderId, at: Instant, tx?: Tx): Promise<void>;
  undecline(key: RepKey, provider: ProviderId, tx?: Tx): Promise<void>;
  hasDeclined(key: RepKey, provider: ProviderId, tx?: Tx): Promise<boolean>;
  declined(teamId: string): Promise<(RepKey & { provider: ProviderId })[]>;
  /** Inserts or replaces: one open suggestion for a rep and provider. */
  suggest(suggestion: Suggestion, tx?: Tx): Promise<void>;
  suggestions(key: RepKey, tx?: Tx): Promise<Suggestion[]>;
  dropSuggestion(key: RepKey, provider: ProviderId, tx?: Tx): Promise<void>;
  /** Replaces all problems of the provider; no write if they are the same. */
  noteProblems(teamId: string, provider: ProviderId, problems: readonly LinkProblem[]): Promise<void>;
  /** Inserts or replaces one problem. */
  noteProblem(problem: LinkProblem, tx?: Tx): Promise<void>;
  /** Ordered by provider, then name. */
  problems(teamId: string): Promise<LinkProblem[]>;
  /** Replaces all doubts about the provider's links; no write if they are the same. */
  noteDoubts(teamId: string, provider: ProviderId, doubts: readonly LinkDoubt[]): Promise<void>;
  /** Ordered by provider, then by start. */
  doubts(teamId: string): Promise<LinkDoubt[]>;
  /** Appends to the audit log. */
  record(event: LinkEvent, tx?: Tx): Promise<void>;
  /** Newest first. */
  events(teamId: string, options: { limit: number; userId?: string }): Promise<LinkEvent[]>;
  /** Deletes audit lines from before `before`; returns their number. */
  pruneEvents(before: Instant): Promise<number>;
}

export interface Connections {
  /** Stores a rep's grant; replaces an earlier one. */
  save(rep: RepKey & { provider: ProviderId; grant: Grant; at: Instant }, tx?: Tx): Promise<void>;
  /** Also finds a grant that has `ended`. */
  find(key: RepKey, provider: ProviderId): Promise<(HeldGrant & { connectedAt: Instant; ended: boolean }) | undefined>;
  lock(held: HeldGrant, provider: ProviderId, now: Instant, until: Instant): Promise<boolean>;
  unlock(held: HeldGrant, provider: ProviderId): Promise<void>;
  renew(held: HeldGrant, provider: ProviderId, grant: Grant): Promise<boolean>;
  /** False if it had ended already or was renewed since. */
  end(held: HeldGrant, provider: ProviderId, tx?: Tx): Promise<boolean>;
  remove(key: RepKey, provider: ProviderId, tx?: Tx): Promise<void>;
  /** Grants that have not ended, least recently renewed first. Without a team: of all workspaces. */
  live(provider: ProviderId, teamId?: string): Promise<(RepKey & { mintedAt: Instant })[]>;
  /** Grants of `live` that no key can decrypt. They are not changed. */
  unreadable(provider: ProviderId): Promise<RepKey[]>;
  /** Stores a fingerprint of the company's credential (never the credential). True if it changed. */
  noteCredential(of: { teamId: string; provider: ProviderId }, mark: string, tx?: Tx): Promise<boolean>;
}

/** The encrypted contents of a sign-in link in Slack. */
export interface Ticket extends RepKey {
  provider: ProviderId;
  /** The address of a confirmed suggestion; default: the rep's own address. */
  email?: string;
  expiresAt: Instant;
}

/** A started OAuth flow: whoever returns with its state acts as this rep, once. */
export interface PendingConsent extends Ticket {
  codeVerifier: string;
}

/** The result of a sign-in, for its page. Holds no token. */
export type ConsentResult =
  | { is: 'connected'; email: string }
  | { is: 'expired' }
  | { is: 'denied' }
  /** No active user has the rep's address; or several have it; or another rep is linked to that user. */
  | { is: 'no_user'; email: string | undefined; why: 'none' | 'unclear' | 'taken' }
  /** `signedIn`: the address of the person who signed in. */
  | { is: 'wrong_person'; signedIn: string }
  /** The provider does not say who signed in, so the rep is asked in Slack. */
  | { is: 'unconfirmed' }
  | { is: 'failed'; reason: FailureReason; reference: string };

/** An OAuth state: used for the first time, or used before. */
export type BroughtState =
  | { is: 'new'; pending: PendingConsent }
  /** Without a result: another request is working on it, or died. */
  | ({ is: 'used'; provider: ProviderId; takenAt: Instant; result: ConsentResult | undefined } & RepKey);

/** A stored grant that is not used before the rep confirmed the sign-in. */
export interface UnconfirmedGrant extends RepKey {
  provider: ProviderId;
  /** The sign-in that gave it. */
  stateHash: string;
  grant: Grant;
  /** The address of the user whom it probably belongs to. */
  email: string;
  expiresAt: Instant;
}

export interface Consents {
  /** Encrypts and authenticates. */
  sealTicket(ticket: Ticket): Promise<string>;
  /** undefined: not ours, changed, or encrypted with a lost key. Does not check the expiry. */
  openTicket(sealed: string): Promise<Ticket | undefined>;
  /** Stores only the hash of the state. Keeps the newest 20 of a rep and provider. */
  begin(stateHash: string, consent: PendingConsent): Promise<void>;
  /** The workspace of the sign-in with that state; nothing is used up. undefined: unknown. */
  teamOf(stateHash: string): Promise<string | undefined>;
  /** `new` for one caller only. undefined: unknown or expired. */
  take(stateHash: string, now: Instant): Promise<BroughtState | undefined>;
  /** Stores the result, for requests that bring the state again. */
  settle(stateHash: string, result: ConsentResult, tx?: Tx): Promise<void>;
  /** Replaces the rep's earlier one at this provider. */
  hold(unconfirmed: UnconfirmedGrant): Promise<void>;
  /** Removes and returns it. undefined: not this rep's, gone, or expired. */
  takeHeld(
    key: RepKey,
    of: Pick<UnconfirmedGrant, 'provider' | 'stateHash'>,
    now: Instant,
  ): Promise<UnconfirmedGrant | undefined>;
  /** Deletes expired states and unconfirmed grants. */
  prune(now: Instant): Promise<void>;
}

/** A workspace's webhook subscription at one provider. */
export interface Hook extends RepKey {
  provider: ProviderId;
  hookId: string;
  url: string;
  secret: string;
}

export interface HookStore {
  save(hook: Hook): Promise<void>;
  /** Without a team: the only one there is. */
  find(provider: ProviderId, teamId?: string): Promise<Hook | undefined>;
}
