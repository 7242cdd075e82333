/**
 * Where each rep signs in for themselves (Outreach): the way there, and back.
 *
 * **Invariant 3**: a grant is used only as the rep whose it is. The state says who began: it is random, kept only
 * as a hash, good once and for ten minutes. Who allowed it is somebody else's word, because a link can be forwarded: the
 * provider is asked whose grant it is, and where it does not say, the rep is (outreach.md 7). What the browser says is never
 * believed.
 */

import { resumeRefused } from '../clicks/resume.ts';
import { hookJob } from '../digests/webhooks.ts';
import { enqueueNotice } from '../jobs/notices.ts';
import { newReference, ProviderError } from '../model/errors.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { Rep, Suggestion } from '../model/people.ts';
import { DAY, HOUR, MINUTE } from '../model/time.ts';
import type { BroughtState, ConsentResult, PendingConsent, UnconfirmedGrant } from '../ports/people-store.ts';
import type { CallOptions, Consent, TaskProvider } from '../ports/provider.ts';
import type { Queue } from '../ports/queue.ts';
import type { Clock, Log, Secrets } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { takeUser } from './decide.ts';
import { onlyOne } from './matching.ts';

export interface SignInDeps {
  store: Store;
  queue: Queue;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  clock: Clock;
  random: () => number;
  log: Log;
  secrets: Secrets;
  urls: SignInUrls;
}

interface SignInUrls {
  /** Where the link in Slack leads: an address of ours, which begins a sign-in at each press. */
  start(provider: ProviderId): string;
  /** The OAuth callback: where a provider sends the rep's browser back to. */
  callback(provider: ProviderId): string;
}

export interface SignIns {
  /** The address behind a rep's button. `confirmed`: a suggestion to which they said yes. Nothing is begun yet. */
  link(rep: RepKey, provider: TaskProvider, confirmed?: Suggestion): Promise<string>;
  /** The link was pressed: the provider's page that asks for the consent. undefined: no such provider. */
  start(provider: ProviderId, ticket: string | undefined): Promise<{ url: string } | ConsentOutcome | undefined>;
  /** The OAuth callback. undefined: no such provider. */
  callback(provider: ProviderId, answer: ConsentAnswer): Promise<ConsentOutcome | undefined>;
  /** It was the rep: undefined when there is nothing to confirm any more. After a failure it can be confirmed again. */
  confirm(rep: RepKey, provider: TaskProvider, ref: SignInRef): Promise<ConsentOutcome | undefined>;
  /** It was not: false when there was nothing to forget any more. */
  reject(rep: RepKey, ref: SignInRef): Promise<boolean>;
}

export function createSignIns(deps: SignInDeps): SignIns {
  const withConsent = (id: ProviderId) => {
    const provider = deps.providers.get(id);
    return provider?.consent ? provider : undefined;
  };
  return {
    link: (rep, provider, confirmed) => linkFor(deps, rep, provider, confirmed),
    async start(id, ticket) {
      const provider = withConsent(id);
      if (!provider) return undefined;
      const url = await start(deps, provider, ticket);
      return url === undefined ? { is: 'expired', provider: provider.name } : { url };
    },
    async callback(id, answer) {
      const provider = withConsent(id);
      return provider && handleCallback(deps, provider, answer);
    },
    confirm: (rep, provider, ref) => confirm(deps, rep, provider, ref),
    reject: (rep, ref) => reject(deps, rep, ref),
  };
}

/** How long the link in Slack can be pressed. */
const TICKET_LIFETIME = DAY;
const CONSENT_LIFETIME = 10 * MINUTE;
/** How long a rep has to say that it was they who signed in. */
const CONFIRM_WITHIN = HOUR;
/** How long the browser that comes back waits, in milliseconds. */
const CALLBACK_TIMEOUT_MS = 20_000;
/** Whoever took a state and has not said by then what came of it, died. */
const TAKEN_FOR = CALLBACK_TIMEOUT_MS + 10_000;

async function linkFor(
  deps: SignInDeps,
  { teamId, userId }: RepKey,
  provider: TaskProvider,
  confirmed?: Suggestion,
): Promise<string> {
  const email = confirmed?.email;
  const ticket = await deps.store.consents.sealTicket({
    teamId,
    userId,
    provider: provider.id,
    ...(email !== undefined && { email }),
    expiresAt: deps.clock() + TICKET_LIFETIME,
  });
  return `${deps.urls.start(provider.id)}?ticket=${ticket}`;
}

/** The link was pressed: the address where the provider asks for the consent; undefined when the link is none, or over. */
async function start(
  deps: SignInDeps,
  provider: TaskProvider,
  sealed: string | undefined,
): Promise<string | undefined> {
  const consent = consentOf(provider);
  const ticket = sealed === undefined ? undefined : await deps.store.consents.openTicket(sealed);
  const now = deps.clock();
  if (ticket?.provider !== provider.id || ticket.expiresAt <= now) return undefined;
  if (!(await deps.store.reps.find(ticket))?.active) return undefined;
  const state = deps.secrets.token();
  const codeVerifier = deps.secrets.token();
  await deps.store.consents.begin(deps.secrets.hash(state), {
    ...ticket,
    codeVerifier,
    expiresAt: now + CONSENT_LIFETIME,
  });
  return consent.authorizeUrl({
    state,
    redirectUri: deps.urls.callback(provider.id),
    codeChallenge: deps.secrets.hash(codeVerifier),
  });
}

/** `provider` is its name. */
export type ConsentOutcome = { provider: string } & (
  | { is: 'connected'; rep: Rep; email: string; again?: true }
  | { is: 'wrong_person'; rep: Rep; signedIn: string }
  /** Another request has brought the same state, and is not done with it. */
  | { is: 'under_way' }
  | Exclude<ConsentResult, { is: 'connected' | 'wrong_person' }>
);

/** What came back with the rep's browser. Any of it may be missing or made up. */
export interface ConsentAnswer {
  state: string | undefined;
  code: string | undefined;
  error: string | undefined;
}

async function handleCallback(
  deps: SignInDeps,
  provider: TaskProvider,
  answer: ConsentAnswer,
): Promise<ConsentOutcome> {
  const stateHash = deps.secrets.hash(answer.state ?? '');
  const brought = await deps.store.consents.take(stateHash, deps.clock());
  if (!brought) return { is: 'expired', provider: provider.name };
  if (brought.is === 'used') return seenBefore(deps, provider, brought);
  const rep = await deps.store.reps.find(brought.pending);
  // What a second look says when something of ours breaks.
  let result: ConsentResult = { is: 'expired' };
  try {
    result = await resultOf(deps, provider, rep, { ...brought.pending, ...answer, stateHash });
  } finally {
    if (result.is !== 'connected') await deps.store.consents.settle(stateHash, result);
  }
  return outcomeOf(provider, rep, result);
}

function outcomeOf({ name: provider }: TaskProvider, rep: Rep | undefined, result: ConsentResult): ConsentOutcome {
  if (result.is !== 'connected' && result.is !== 'wrong_person') return { ...result, provider };
  return rep ? { ...result, rep, provider } : { is: 'expired', provider };
}

/** A page that is loaded again, a link scanner before the person, two tabs: all read what came of it, and redeem nothing. */
async function seenBefore(
  { store, clock }: SignInDeps,
  provider: TaskProvider,
  used: BroughtState & { is: 'used' },
): Promise<ConsentOutcome> {
  const expired = { is: 'expired', provider: provider.name } as const;
  const rep = await store.reps.find(used);
  if (used.provider !== provider.id || !rep?.active) return expired;
  if (!used.result) {
    return clock() - used.takenAt < TAKEN_FOR ? { is: 'under_way', provider: provider.name } : expired;
  }
  const outcome = outcomeOf(provider, rep, used.result);
  if (outcome.is !== 'connected') return outcome;
  // Unlinked since: then it is not connected any more.
  return (await store.links.find(rep, provider.id)) ? { ...outcome, again: true } : expired;
}

type Begun = PendingConsent & ConsentAnswer & { stateHash: string };

async function resultOf(
  deps: SignInDeps,
  provider: TaskProvider,
  rep: Rep | undefined,
  begun: Begun,
): Promise<ConsentResult> {
  const { code, error } = begun;
  if (begun.provider !== provider.id || !rep?.active) return { is: 'expired' };
  if (code === undefined) return withoutCode(deps, rep, provider, error);
  const emails = await addressesOf(deps, rep, begun);
  const [email] = emails;
  if (email === undefined) return { is: 'no_user', email, why: 'none' };
  return orFailed(deps, provider, rep, async (options) => {
    const consent = consentOf(provider);
    const { codeVerifier, stateHash } = begun;
    const grant = await consent.redeem({ code, redirectUri: deps.urls.callback(provider.id), codeVerifier }, options);
    const signedIn = (await consent.whoSignedIn?.(grant, options))?.trim().toLowerCase();
    const { teamId, userId } = rep;
    const expiresAt = deps.clock() + CONFIRM_WITHIN;
    const unconfirmed = { teamId, userId, provider: provider.id, stateHash, grant, email, expiresAt };
    if (!signedIn) return askRep(deps, unconfirmed);
    if (emails.includes(signedIn)) return link(deps, provider, rep, { ...unconfirmed, email: signedIn, options });
    return tellRep(deps, unconfirmed, signedIn);
  });
}

/** Only the rep can deny it. Anything else is for an admin to mend, and the log says what (RFC 6749, 4.1.2.1). */
function withoutCode(deps: SignInDeps, rep: RepKey, { id }: TaskProvider, error: string | undefined): ConsentResult {
  if (error === undefined || error === 'access_denied') return { is: 'denied' };
  // What a browser brings may be anything; the codes are words.
  const said = /^[a-z_]{1,40}$/.test(error) ? error : 'unreadable';
  const reference = newReference(deps);
  deps.log.warn({ reference, provider: id, rep: rep.userId, said }, 'a provider refused to ask for a consent');
  return { is: 'failed', reason: 'invalid', reference };
}

/**
 * Whose user may have signed in, the likeliest first. A link that the rep made themselves names an address that a
 * suggestion brought, which they need not confirm again to renew it.
 */
async function addressesOf({ store }: SignInDeps, rep: Rep, { provider, email }: Begun): Promise<string[]> {
  if (email !== undefined) return [email.toLowerCase()];
  const linked = await store.links.find(rep, provider);
  return [linked?.email, rep.email].flatMap((address) => (address ? [address.toLowerCase()] : []));
}

async function orFailed(
  deps: SignInDeps,
  { id }: TaskProvider,
  rep: RepKey,
  work: (options: CallOptions) => Promise<ConsentResult>,
): Promise<ConsentResult> {
  try {
    return await work({ priority: 'person', signal: AbortSignal.timeout(CALLBACK_TIMEOUT_MS) });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const reference = newReference(deps);
    deps.log.warn({ err: error, reference, provider: id, rep: rep.userId }, 'a consent could not be completed');
    return { is: 'failed', reason: error.kind, reference };
  }
}

/** Nothing is done with the grant before the rep says that it is theirs. */
async function askRep(deps: SignInDeps, unconfirmed: UnconfirmedGrant): Promise<ConsentResult> {
  const { provider, stateHash, email } = unconfirmed;
  await deps.store.consents.hold(unconfirmed);
  const notice = { about: 'confirm_sign_in', provider, stateHash, email } as const;
  await enqueueNotice(deps, { key: `confirm_sign_in:${stateHash}`, to: unconfirmed, notice });
  return { is: 'unconfirmed' };
}

/** The grant is forgotten: Outreach documents no way to give one back (outreach.md 1). */
async function tellRep(deps: SignInDeps, of: UnconfirmedGrant, signedIn: string): Promise<ConsentResult> {
  const { provider, stateHash, email } = of;
  const notice = { about: 'wrong_person', provider, signedIn, email } as const;
  await enqueueNotice(deps, { key: `wrong_person:${stateHash}`, to: of, notice });
  deps.log.warn({ provider, rep: of.userId }, 'somebody else signed in with the link of a rep; nothing was connected');
  return { is: 'wrong_person', signedIn };
}

/** The one who signed in is the rep. Only when their user is found is anything stored, all of it at once. */
async function link(
  deps: SignInDeps,
  provider: TaskProvider,
  rep: Rep,
  {
    email,
    grant,
    stateHash,
    options,
  }: Pick<UnconfirmedGrant, 'email' | 'stateHash' | 'grant'> & { options: CallOptions },
): Promise<ConsentResult> {
  const found = await provider.findUsers([email], { ...options, as: rep, grant });
  const user = onlyOne(found.get(email) ?? []);
  if (user === undefined || typeof user === 'string') {
    return { is: 'no_user', email, why: user === 'ambiguous' ? 'unclear' : 'none' };
  }
  const taken = { provider: provider.id, externalId: user.externalId, email, origin: 'consent' } as const;
  return deps.store.transact(async (tx) => {
    if (!(await takeUser(deps, rep, taken, tx))) return { is: 'no_user', email, why: 'taken' };
    const now = deps.clock();
    const { teamId, userId } = rep;
    await deps.store.connections.save({ teamId, userId, provider: provider.id, grant, at: now }, tx);
    // Told on the page that the rep sees now, so no digest need say it.
    await deps.store.links.markAnnounced(rep, [provider.id], now, tx);
    if (provider.hooks) await deps.queue.enqueue(hookJob(provider.id, now, now), tx);
    await resumeRefused(deps, { teamId: rep.teamId, userId: rep.userId, provider: provider.id }, tx);
    const connected = { is: 'connected', email } as const;
    await deps.store.consents.settle(stateHash, connected, tx);
    return connected;
  });
}

/** Which sign-in a rep was asked about. */
export type SignInRef = Pick<UnconfirmedGrant, 'provider' | 'stateHash'>;

async function confirm(
  deps: SignInDeps,
  key: RepKey,
  provider: TaskProvider,
  ref: SignInRef,
): Promise<ConsentOutcome | undefined> {
  const rep = await deps.store.reps.find(key);
  const held = rep?.active && (await deps.store.consents.takeHeld(key, ref, deps.clock()));
  if (!rep || !held) return undefined;
  const result = await orFailed(deps, provider, rep, (options) => link(deps, provider, rep, { ...held, options }));
  if (result.is === 'failed') await deps.store.consents.hold(held);
  else if (result.is !== 'connected') await deps.store.consents.settle(ref.stateHash, result);
  return outcomeOf(provider, rep, result);
}

async function reject(deps: SignInDeps, key: RepKey, ref: SignInRef): Promise<boolean> {
  if (!(await deps.store.consents.takeHeld(key, ref, deps.clock()))) return false;
  await deps.store.consents.settle(ref.stateHash, { is: 'expired' });
  deps.log.warn({ provider: ref.provider, rep: key.userId }, 'a rep says that it was not they who signed in');
  return true;
}

function consentOf(provider: TaskProvider): Consent {
  if (!provider.consent) throw new TypeError(`${provider.id} asks for no consent`);
  return provider.consent;
}
