/**
 * The OAuth callback: a rep's browser comes back from a provider's sign-in page.
 *
 * **Invariant 3**: a grant is used only as its own rep. The state says who started: it is random, stored as a hash,
 * valid once and for ten minutes. A sign-in link can be forwarded, so the provider is asked whose grant it is; if it
 * does not say, the rep is asked in Slack (outreach.md 7). Nothing that the browser says is trusted.
 */
import { resumeRefused } from '../clicks/resume.ts';
import { hookJob } from '../digests/webhooks.ts';
import { enqueueNotice } from '../jobs/notices.ts';
import { newReference, ProviderError } from '../model/errors.ts';
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { Rep } from '../model/people.ts';
import { HOUR } from '../model/time.ts';
import type { BroughtState, ConsentResult, PendingConsent, UnconfirmedGrant } from '../ports/people-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { CallOptions, Consent, TaskProvider } from '../ports/provider.ts';
import { about } from '../ports/transaction.ts';
import { takeUser } from './decide.ts';
import { onlyOne } from './matching.ts';

export interface SignInDeps
  extends Pick<Ports, 'store' | 'queue' | 'providers' | 'clock' | 'random' | 'log' | 'secrets'> {
  urls: {
    /** Our URL behind a sign-in link in Slack. */
    start(provider: ProviderId): string;
    /** Our OAuth callback. */
    callback(provider: ProviderId): string;
  };
}

/** A rep has this long to confirm a sign-in. */
const CONFIRM_MS = HOUR;
const CALLBACK_TIMEOUT_MS = 20_000;
/** Longer than a callback takes: a state without a result by then belongs to a request that died. */
const CALLBACK_MAX_MS = CALLBACK_TIMEOUT_MS + 10_000;

/** `provider` is its name. */
export type ConsentOutcome = { provider: string } & (
  | { is: 'connected'; rep: Rep; email: string; again?: true }
  | { is: 'wrong_person'; rep: Rep; signedIn: string }
  /** Another request with the same state is still working. */
  | { is: 'under_way' }
  | Exclude<ConsentResult, { is: 'connected' | 'wrong_person' }>
);

/** The callback's query. Any of it may be missing or forged. */
export interface ConsentAnswer {
  state: string | undefined;
  code: string | undefined;
  error: string | undefined;
}

export async function handleCallback(
  deps: SignInDeps,
  provider: TaskProvider,
  answer: ConsentAnswer,
): Promise<ConsentOutcome> {
  const stateHash = deps.secrets.hash(answer.state ?? '');
  const brought = await deps.store.consents.take(stateHash, deps.clock());
  if (!brought) return { is: 'expired', provider: provider.name };
  if (brought.is === 'used') return seenBefore(deps, provider, brought);
  const rep = await deps.store.reps.find(brought.pending);
  // The result for later requests if something of ours breaks.
  let result: ConsentResult = { is: 'expired' };
  try {
    result = await resultOf(deps, provider, rep, { ...brought.pending, ...answer, stateHash });
  } finally {
    if (result.is !== 'connected') await deps.store.consents.settle(stateHash, result);
  }
  return outcomeOf(provider, rep, result);
}

export function outcomeOf(
  { name: provider }: TaskProvider,
  rep: Rep | undefined,
  result: ConsentResult,
): ConsentOutcome {
  if (result.is !== 'connected' && result.is !== 'wrong_person') return { ...result, provider };
  return rep ? { ...result, rep, provider } : { is: 'expired', provider };
}

/** A repeated callback (a reload, a link scanner, a second tab) shows the stored result and redeems nothing. */
async function seenBefore(
  { store, clock }: SignInDeps,
  provider: TaskProvider,
  used: BroughtState & { is: 'used' },
): Promise<ConsentOutcome> {
  const expired = { is: 'expired', provider: provider.name } as const;
  const rep = await store.reps.find(used);
  if (used.provider !== provider.id || !rep?.active) return expired;
  if (!used.result) {
    return clock() - used.takenAt < CALLBACK_MAX_MS ? { is: 'under_way', provider: provider.name } : expired;
  }
  const outcome = outcomeOf(provider, rep, used.result);
  if (outcome.is !== 'connected') return outcome;
  // Unlinked since then.
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
    const expiresAt = deps.clock() + CONFIRM_MS;
    const unconfirmed = { teamId, userId, provider: provider.id, stateHash, grant, email, expiresAt };
    if (!signedIn) return askRep(deps, unconfirmed);
    if (emails.includes(signedIn)) return linkUser(deps, provider, rep, { ...unconfirmed, email: signedIn, options });
    return tellRep(deps, unconfirmed, signedIn);
  });
}

/** Only `access_denied` is the rep's choice; an admin has to fix the others (RFC 6749, 4.1.2.1). */
function withoutCode(deps: SignInDeps, rep: RepKey, { id }: TaskProvider, error: string | undefined): ConsentResult {
  if (error === undefined || error === 'access_denied') return { is: 'denied' };
  // The query may hold anything; OAuth's error codes are words.
  const said = /^[a-z_]{1,40}$/.test(error) ? error : 'unreadable';
  const reference = newReference(deps);
  deps.log.warn({ reference, provider: id, rep: rep.userId, said }, 'a provider refused to ask for a consent');
  return { is: 'failed', reason: 'invalid', reference };
}

/** Accepted addresses, the likeliest first. A rep with a link by suggestion may sign in with that address again. */
async function addressesOf({ store }: SignInDeps, rep: Rep, { provider, email }: Begun): Promise<string[]> {
  if (email !== undefined) return [email.toLowerCase()];
  const linked = await store.links.find(rep, provider);
  return [linked?.email, rep.email].flatMap((address) => (address ? [address.toLowerCase()] : []));
}

export async function orFailed(
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

/** The grant is not used before the rep confirms it. */
async function askRep(deps: SignInDeps, unconfirmed: UnconfirmedGrant): Promise<ConsentResult> {
  const { provider, stateHash, email } = unconfirmed;
  await deps.store.consents.hold(unconfirmed);
  const notice = { about: 'confirm_sign_in', provider, stateHash, email } as const;
  await enqueueNotice(deps, { key: `confirm_sign_in:${stateHash}`, to: unconfirmed, notice });
  return { is: 'unconfirmed' };
}

/** The grant is dropped: Outreach documents no way to revoke it (outreach.md 1). */
async function tellRep(deps: SignInDeps, of: UnconfirmedGrant, signedIn: string): Promise<ConsentResult> {
  const { provider, stateHash, email } = of;
  const notice = { about: 'wrong_person', provider, signedIn, email } as const;
  await enqueueNotice(deps, { key: `wrong_person:${stateHash}`, to: of, notice });
  deps.log.warn({ provider, rep: of.userId }, 'somebody else signed in with the link of a rep; nothing was connected');
  return { is: 'wrong_person', signedIn };
}

/** The rep has signed in: everything is stored in one transaction, if their user is found. */
export async function linkUser(
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
    // The page tells the rep, so the digest need not.
    await deps.store.links.markAnnounced(rep, [provider.id], now, tx);
    if (provider.hooks) await deps.queue.enqueue(hookJob({ teamId, provider: provider.id }, now, now), tx);
    await resumeRefused(deps, { teamId: rep.teamId, userId: rep.userId, provider: provider.id }, tx);
    const connected = { is: 'connected', email } as const;
    await deps.store.consents.settle(stateHash, connected, tx);
    return connected;
  }, about(rep));
}

export function consentOf(provider: TaskProvider): Consent {
  if (!provider.consent) throw new TypeError(`${provider.id} asks for no consent`);
  return provider.consent;
}
