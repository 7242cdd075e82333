/**
 * Where each rep signs in for themselves (Outreach): the way there and back, and what an adapter may do with what it gave.
 *
 * **Invariant**: whoever comes back with a state is the rep for whom it was made (DESIGN 6.3): it is random, kept only as
 * a hash, used once and within ten minutes. Which user of the provider they are is decided by their address in Slack, or
 * by an admin's suggestion that they confirmed, never by what the browser says.
 */
import { newReference, ProviderError } from './errors.ts';
import { type LinksDeps, takeUser } from './links.ts';
import { onlyOne } from './matching.ts';
import { enqueueNotice, tryAgainLater } from './notices.ts';
import type { Job, Log } from './ports.ts';
import type { Consent, Grants, TaskProvider } from './provider.ts';
import { resumeRefused } from './resume.ts';
import { MINUTE } from './time.ts';
import type { FailureReason, ProviderId, Rep, RepKey, Suggestion } from './types.ts';

export interface Secrets {
  /** Cannot be guessed; fit for an address. */
  token(): string;
  /** SHA-256 in base64url: what a state is kept as, and PKCE's S256 challenge. */
  hash(text: string): string;
}

export interface ConsentDeps extends LinksDeps {
  random: () => number;
  log: Log;
  secrets: Secrets;
  /** Where a provider sends the rep's browser back to. */
  redirectUri: (provider: ProviderId) => string;
}

export const CONSENT_LIFETIME = 10 * MINUTE;
/** How long the browser that comes back waits, in milliseconds. */
const PATIENCE = 20_000;

/** A link for this rep alone: once, and for ten minutes. `confirmed` is a suggestion to which they said yes. */
export async function beginConsent(
  deps: ConsentDeps,
  rep: RepKey,
  provider: TaskProvider,
  confirmed?: Suggestion,
): Promise<string> {
  const state = deps.secrets.token();
  const codeVerifier = deps.secrets.token();
  const now = deps.clock();
  const { teamId, userId } = rep;
  const email = confirmed?.email;
  const pending = {
    teamId,
    userId,
    provider: provider.id,
    codeVerifier,
    ...(email !== undefined && { email }),
    expiresAt: now + CONSENT_LIFETIME,
  };
  await deps.store.consents.begin(deps.secrets.hash(state), pending, now);
  return consentOf(provider).authorizeUrl({
    state,
    redirectUri: deps.redirectUri(provider.id),
    codeChallenge: deps.secrets.hash(codeVerifier),
  });
}

export type ConsentOutcome =
  | { is: 'connected'; rep: Rep; provider: string; email: string | undefined }
  /** Unknown, used already, or over. */
  | { is: 'expired'; provider: string }
  | { is: 'denied'; provider: string }
  /** Signed in, but no active user there has the rep's address; or more than one, or another rep's. */
  | { is: 'no_user'; provider: string; email: string | undefined; why: 'none' | 'unclear' | 'taken' }
  | { is: 'failed'; provider: string; reason: FailureReason; reference: string };

/** What came back with the rep's browser. Any of it may be missing or made up. */
export interface ConsentAnswer {
  state: string | undefined;
  code: string | undefined;
  error: string | undefined;
}

export async function completeConsent(
  deps: ConsentDeps,
  providerId: ProviderId,
  answer: ConsentAnswer,
): Promise<ConsentOutcome> {
  const provider = deps.providers.get(providerId);
  if (!provider?.consent) throw new TypeError(`${providerId} asks for no consent`);
  const pending =
    answer.state === undefined
      ? undefined
      : await deps.store.consents.take(deps.secrets.hash(answer.state), deps.clock());
  const rep = pending?.provider === providerId ? await deps.store.reps.find(pending) : undefined;
  if (!pending || !rep?.active) return { is: 'expired', provider: provider.name };
  if (answer.code === undefined) return withoutCode(deps, rep, provider, answer.error);
  const options = { priority: 'person', signal: AbortSignal.timeout(PATIENCE) } as const;
  let before: Earlier;
  let stored = false;
  try {
    const { codeVerifier } = pending;
    const redeemed = { code: answer.code, redirectUri: deps.redirectUri(providerId), codeVerifier };
    const grant = await provider.consent.redeem(redeemed, options);
    // Only now, since it may be renewed at any time.
    before = await deps.store.connections.find(rep, providerId);
    await deps.store.connections.save(rep, providerId, grant, deps.clock());
    stored = true;
    const outcome = await linkConsented(deps, rep, provider, pending.email ?? rep.email);
    if (outcome.is === 'connected') return outcome;
    await putBack(deps, rep, providerId, before);
    return outcome;
  } catch (error) {
    if (stored) await putBack(deps, rep, providerId, before);
    if (!(error instanceof ProviderError)) throw error;
    const reference = newReference(deps);
    deps.log.warn({ err: error, reference, provider: providerId, rep: rep.userId }, 'a consent could not be completed');
    return { is: 'failed', provider: provider.name, reason: error.kind, reference };
  }
}

/** Only the rep can deny it. Anything else is for an admin to mend, and the log says what (RFC 6749, 4.1.2.1). */
function withoutCode(
  deps: ConsentDeps,
  rep: Rep,
  { id, name }: TaskProvider,
  error: string | undefined,
): ConsentOutcome {
  if (error === undefined || error === 'access_denied') return { is: 'denied', provider: name };
  // What a browser brings may be anything; the codes are words.
  const said = /^[a-z_]{1,40}$/.test(error) ? error : 'unreadable';
  const reference = newReference(deps);
  deps.log.warn({ reference, provider: id, rep: rep.userId, said }, 'a provider refused to ask for a consent');
  return { is: 'failed', provider: name, reason: 'invalid', reference };
}

type Earlier = Awaited<ReturnType<LinksDeps['store']['connections']['find']>>;

/** A consent that leads to no user is forgotten; an earlier one that still worked goes on. */
async function putBack(deps: ConsentDeps, rep: RepKey, provider: ProviderId, before: Earlier): Promise<void> {
  if (before && !before.ended) {
    await deps.store.connections.save(rep, provider, before.grant, before.connectedAt);
    return;
  }
  await deps.store.connections.remove(rep, provider);
}

async function linkConsented(
  deps: ConsentDeps,
  rep: Rep,
  provider: TaskProvider,
  email: string | undefined,
): Promise<ConsentOutcome> {
  const nobody = { is: 'no_user', provider: provider.name, email } as const;
  if (email === undefined) return { ...nobody, why: 'none' };
  const options = { priority: 'person', as: rep, signal: AbortSignal.timeout(PATIENCE) } as const;
  const user = onlyOne((await provider.findUsers([email], options)).get(email) ?? []);
  if (user === undefined || typeof user === 'string')
    return { ...nobody, why: user === 'ambiguous' ? 'unclear' : 'none' };
  const taken = { provider: provider.id, externalId: user.externalId, email };
  const linked = await deps.store.transact(async (tx) => {
    if (!(await takeUser(deps, rep, taken, 'consent', tx))) return false;
    const now = deps.clock();
    // Told on the page that the rep sees now, so no digest need say it.
    await deps.store.links.markAnnounced(rep, [provider.id], now, tx);
    if (provider.hooks) await deps.queue.enqueue(hookJob(provider.id, now), tx);
    await resumeRefused(deps, { teamId: rep.teamId, userId: rep.userId, provider: provider.id }, tx);
    return true;
  });
  return linked ? { is: 'connected', rep, provider: provider.name, email } : { ...nobody, why: 'taken' };
}

export function hookJob(provider: ProviderId, runAt: number) {
  return { key: `hook:${provider}:${runAt}`, payload: { kind: 'hook', provider }, priority: 0, runAt } as const;
}

/** One provider's grants, for its adapter. */
export function grantsOf(deps: Pick<ConsentDeps, 'store' | 'queue' | 'clock' | 'log'>, provider: ProviderId): Grants {
  const { connections } = deps.store;
  return {
    async find(rep) {
      const held = await connections.find(rep, provider);
      return held && !held.ended ? held : undefined;
    },
    lock: (held, until) => connections.lock(held, provider, deps.clock(), until),
    unlock: (held) => connections.unlock(held, provider),
    renew: (held, grant) => connections.renew(held, provider, grant),
    async end(held) {
      const { teamId, userId, version } = held;
      await deps.store.transact(async (tx) => {
        if (!(await connections.end(held, provider, tx))) return;
        const at = deps.clock();
        await deps.store.people.record(
          {
            teamId,
            userId,
            provider,
            event: 'disconnected',
            by: 'directory',
            externalId: undefined,
            origin: undefined,
            at,
          },
          tx,
        );
        const key = `disconnected:${provider}:${teamId}:${userId}:${version}:${at}`;
        await enqueueNotice(deps, key, held, { about: 'disconnected', provider }, tx);
      });
      deps.log.warn({ provider, rep: userId }, 'a connection ended and must be renewed by the rep');
    },
  };
}

/** A grant that nobody used for so long is renewed before it ends by itself (Outreach: 14 days, contracts 2.1). */
const KEEP_ALIVE_AFTER = 7 * 24 * 60 * MINUTE;

/** A job of its own: a provider that is away would keep whatever waits for this. */
export async function renewGrants(deps: ConsentDeps, job: Job): Promise<void> {
  try {
    await keepGrantsAlive(deps);
    await deps.queue.complete(job);
  } catch (error) {
    await tryAgainLater(deps, job, error, 'could not look for connections to keep alive');
  }
}

export async function keepGrantsAlive(deps: ConsentDeps): Promise<void> {
  for (const provider of deps.providers.values()) {
    if (!provider.consent) continue;
    for (const { mintedAt, ...rep } of await deps.store.connections.live(provider.id)) {
      if (deps.clock() - mintedAt < KEEP_ALIVE_AFTER) break;
      try {
        await provider.consent.keepAlive(rep, { priority: 'digest' });
      } catch (error) {
        deps.log.warn({ err: error, provider: provider.id, rep: rep.userId }, 'could not keep a connection alive');
      }
    }
  }
}

function consentOf(provider: TaskProvider): Consent {
  if (!provider.consent) throw new TypeError(`${provider.id} asks for no consent`);
  return provider.consent;
}
