/**
 * Sign-in by OAuth (Outreach). A link in Slack carries a sealed ticket; each press of it starts a sign-in with a new
 * state. `oauth-callback.ts` handles the browser's return.
 */
import type { ProviderId, RepKey } from '../model/keys.ts';
import type { Suggestion } from '../model/people.ts';
import { DAY, MINUTE } from '../model/time.ts';
import type { UnconfirmedGrant } from '../ports/people-store.ts';
import type { TaskProvider } from '../ports/provider.ts';
import {
  type ConsentAnswer,
  type ConsentOutcome,
  consentOf,
  handleCallback,
  linkUser,
  orFailed,
  outcomeOf,
  type SignInDeps,
} from './oauth-callback.ts';

export type SignIns = ReturnType<typeof createSignIns>;

export function createSignIns(deps: SignInDeps) {
  const withConsent = (id: ProviderId) => {
    const provider = deps.providers.get(id);
    return provider?.consent ? provider : undefined;
  };
  return {
    /** The URL behind a rep's sign-in button. `confirmed`: a suggestion that they accepted. Stores nothing. */
    link: (rep: RepKey, provider: TaskProvider, confirmed?: Suggestion) => linkFor(deps, rep, provider, confirmed),
    /** The link was pressed: returns the provider's sign-in page. undefined: no such provider. */
    async start(id: ProviderId, ticket: string | undefined): Promise<{ url: string } | ConsentOutcome | undefined> {
      const provider = withConsent(id);
      if (!provider) return undefined;
      const url = await start(deps, provider, ticket);
      return url === undefined ? { is: 'expired', provider: provider.name } : { url };
    },
    /** The OAuth callback. undefined: no such provider. */
    async callback(id: ProviderId, answer: ConsentAnswer): Promise<ConsentOutcome | undefined> {
      const provider = withConsent(id);
      return provider && handleCallback(deps, provider, answer);
    },
    /** The rep confirms a sign-in. undefined: there is none. After a failure they can confirm again. */
    confirm: (rep: RepKey, provider: TaskProvider, ref: SignInRef) => confirm(deps, rep, provider, ref),
    /** The rep denies a sign-in. False: there is none. */
    reject: (rep: RepKey, ref: SignInRef) => reject(deps, rep, ref),
  };
}

/** The link in Slack works this long. */
const TICKET_LIFETIME_MS = DAY;
const STATE_LIFETIME_MS = 10 * MINUTE;

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
    expiresAt: deps.clock() + TICKET_LIFETIME_MS,
  });
  return `${deps.urls.start(provider.id)}?ticket=${ticket}`;
}

/** Returns the provider's sign-in page; undefined: the ticket is invalid or has expired. */
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
    expiresAt: now + STATE_LIFETIME_MS,
  });
  return consent.authorizeUrl({
    state,
    redirectUri: deps.urls.callback(provider.id),
    codeChallenge: deps.secrets.hash(codeVerifier),
  });
}

/** The sign-in that a rep was asked about. */
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
  const result = await orFailed(deps, provider, rep, (options) => linkUser(deps, provider, rep, { ...held, options }));
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
