/**
 * Reps' tokens. A renewal uses the refresh token up, so two at once would lock the rep out, and Outreach makes at most
 * one token a minute for a rep (outreach.md 1): one renewal at a time, in this process and across processes, stored
 * before it is used.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError, type ProviderErrorDetails, type ProviderErrorKind } from '../../core/model/errors.ts';
import type { RepKey } from '../../core/model/keys.ts';
import type { Grant, Grants, HeldGrant } from '../../core/ports/provider.ts';
import type { Clock } from '../../core/ports/runtime.ts';
import { createSharing } from '../sharing.ts';

export interface Tokens {
  /** The grant as it is, with a token that may have ended. Throws `disconnected` when there is none. */
  held(rep: RepKey): Promise<HeldGrant>;
  /** A grant whose access token can be used now. Throws `disconnected` when there is none any more. */
  current(rep: RepKey, signal?: AbortSignal): Promise<HeldGrant>;
  /** A grant with another access token than this one, which Outreach refused. */
  renewed(refused: HeldGrant, signal?: AbortSignal): Promise<HeldGrant>;
  /** Renews whatever there is, unless that was done a moment ago. */
  keepAlive(rep: RepKey, signal?: AbortSignal): Promise<void>;
}

export interface TokensDeps {
  grants: Grants;
  clock: Clock;
  /** Asks Outreach for a new token. */
  mint(old: Grant): Promise<Grant>;
  /** Between two looks at a renewal that another process has in hand; default 250. */
  lookAgainMs?: number;
}

/** The operation's name in the errors of a renewal. */
const TOKEN_OPERATION = 'POST /oauth/token';

/** A token that ends sooner is renewed first. */
const AHEAD_MS = 60_000;
const MINT_EVERY_MS = 60_000;
/** Longer than the time limit of one exchange, so that it ends only for a process that died. */
const LOCK_MS = 30_000;
const LOOK_AGAIN_MS = 250;
/** For ten seconds. */
const LOOKS = 40;

export function createTokens(deps: TokensDeps): Tokens {
  const { grants, clock } = deps;
  const renewals = createSharing<HeldGrant>((cause) => failure('unavailable', { cause }));
  const held = (rep: RepKey) => find(grants, rep);
  const renewed = (refused: HeldGrant, signal?: AbortSignal) =>
    renewals.get(JSON.stringify([refused.teamId, refused.userId]), signal, () => renew(deps, refused));

  return {
    held,
    async current(rep, signal) {
      const found = await held(rep);
      if (found.grant.expiresAt - clock() > AHEAD_MS) return found;
      try {
        return await renewed(found, signal);
      } catch (error) {
        const isOver = error instanceof ProviderError && error.kind === 'disconnected';
        if (isOver || signal?.aborted || found.grant.expiresAt <= clock()) throw error;
        return found;
      }
    },
    renewed,
    async keepAlive(rep, signal) {
      const found = await held(rep);
      if (clock() - found.grant.mintedAt >= MINT_EVERY_MS) await renewed(found, signal);
    },
  };
}

async function find(grants: Grants, rep: RepKey): Promise<HeldGrant> {
  const held = await grants.find(rep);
  if (!held) throw failure('disconnected', { cause: new Error('no consent') });
  return held;
}

async function renew(deps: TokensDeps, refused: HeldGrant): Promise<HeldGrant> {
  const { grants, clock, lookAgainMs = LOOK_AGAIN_MS } = deps;
  for (let look = 0; look < LOOKS; look += 1) {
    const latest = await find(grants, refused);
    if (isAnother(latest, refused)) return latest;
    const waitMs = latest.grant.mintedAt + MINT_EVERY_MS - clock();
    if (waitMs > 0) throw failure('rate_limited', { retryAfterMs: Math.min(waitMs, MINT_EVERY_MS) });
    if (await grants.lock(latest, clock() + LOCK_MS)) return mintLocked(deps, latest);
    await sleep(lookAgainMs);
  }
  throw failure('unavailable', { cause: new Error('another process is renewing the consent') });
}

async function mintLocked({ grants, mint }: TokensDeps, held: HeldGrant): Promise<HeldGrant> {
  let grant: Grant;
  try {
    grant = await mint(held.grant);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'disconnected') {
      await grants.unlock(held);
      throw error;
    }
    // Refused because somebody was faster after all: then theirs is the one to use.
    const latest = await grants.find(held);
    if (latest && isAnother(latest, held)) return latest;
    await grants.end(held);
    throw error;
  }
  await grants.renew(held, grant);
  // Ours, or when the version had moved on the one that did it: what is used is always what is stored.
  return find(grants, held);
}

/** For a grant that is not stored yet: it can be used, and not renewed. */
export function tokensOf(grant: Grant): Tokens {
  const held = async ({ teamId, userId }: RepKey) => ({ teamId, userId, grant, version: 0 });
  return {
    held,
    current: held,
    renewed: async () => {
      throw failure('disconnected', { cause: new Error('the grant is not stored') });
    },
    keepAlive: async () => {},
  };
}

/** A new consent may begin to count its versions again, so the token itself tells. */
function isAnother(latest: HeldGrant, than: HeldGrant): boolean {
  return latest.grant.accessToken !== than.grant.accessToken;
}

function failure(kind: ProviderErrorKind, more: Partial<ProviderErrorDetails>): ProviderError {
  return new ProviderError({ provider: 'outreach', kind, operation: TOKEN_OPERATION, ...more });
}
