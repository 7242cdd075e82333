/** The OAuth state: codes, access tokens and refresh tokens, all by the simulator's clock (outreach.md 1). */
import { randomBytes } from 'node:crypto';
import type { OutreachGrant } from './types.ts';

const CODE_MS = 10 * 60_000;
const ACCESS_SECONDS = 7_200;
const REFRESH_MS = 14 * 86_400_000;

export interface Consent {
  userId: string;
  scope: string;
  /** Absent for what `grant` made: any registered address will do. */
  redirectUri?: string;
  /** S256. */
  challenge?: string;
}

interface Held extends Consent {
  expiresAt: number;
}

export interface Tokens {
  newCode(consent: Consent): string;
  /** The consent behind a code; a code is gone once it was shown, right or wrong, unless it came too early to mint. */
  takeCode(code: string): Consent | undefined;
  /** The consent behind a refresh token. */
  refresh(token: string): Consent | undefined;
  /** A refresh token dies when it is used. */
  spend(token: string): void;
  mint(consent: Consent): OutreachGrant;
  /** The time at which the next token may be minted, in ms; undefined: now. */
  nextMint(userId: string): number | undefined;
  access(token: string): { userId: string; scopes: ReadonlySet<string> } | undefined;
  grant(userId: string, scope: string): OutreachGrant;
  revoke(userId: string): void;
  expireAccess(userId: string): void;
}

export interface TokenRules {
  clock: () => number;
  /** As in `OutreachOptions`. */
  pace: () => number | undefined;
  throttled: boolean;
  /** One token for a user and app in this time. */
  tokenEveryMs: number;
}

export function createTokens({ clock, pace, throttled, tokenEveryMs }: TokenRules): Tokens {
  const codes = new Map<string, Held>();
  const accesses = new Map<string, Held>();
  const refreshes = new Map<string, Held>();
  const minted = new Map<string, number>();

  function live(held: Map<string, Held>, token: string): Held | undefined {
    const found = held.get(token);
    return found && found.expiresAt > clock() ? found : undefined;
  }

  function grant({ userId, scope, redirectUri }: Consent): OutreachGrant {
    const now = clock();
    const kept = { userId, scope, ...(redirectUri !== undefined && { redirectUri }) };
    const accessToken = newToken();
    const refreshToken = newToken();
    accesses.set(accessToken, { ...kept, expiresAt: now + ACCESS_SECONDS * 1000 });
    refreshes.set(refreshToken, { ...kept, expiresAt: now + REFRESH_MS });
    return { accessToken, refreshToken, expiresIn: ACCESS_SECONDS, scope, createdAt: Math.floor(now / 1000) };
  }

  return {
    newCode(consent) {
      const code = newToken();
      codes.set(code, { ...consent, expiresAt: clock() + CODE_MS });
      return code;
    },
    takeCode(code) {
      const found = live(codes, code);
      if (found && nextMint(found.userId) === undefined) codes.delete(code);
      return found;
    },
    refresh: (token) => live(refreshes, token),
    spend(token) {
      refreshes.delete(token);
    },
    mint(consent) {
      minted.set(consent.userId, pace() ?? clock());
      return grant(consent);
    },
    nextMint,
    access(token) {
      const found = live(accesses, token);
      return found && { userId: found.userId, scopes: new Set(found.scope.split(' ')) };
    },
    grant: (userId, scope) => grant({ userId, scope }),
    revoke(userId) {
      for (const held of [codes, accesses, refreshes]) forgetAll(held, userId);
    },
    expireAccess(userId) {
      forgetAll(accesses, userId);
      minted.delete(userId);
    },
  };

  function nextMint(userId: string): number | undefined {
    const next = (minted.get(userId) ?? Number.NEGATIVE_INFINITY) + tokenEveryMs;
    const now = pace();
    return throttled && now !== undefined && next > now ? next : undefined;
  }
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

function forgetAll(held: Map<string, Held>, userId: string): void {
  for (const [token, { userId: owner }] of held) if (owner === userId) held.delete(token);
}
