/** Bot tokens of installs, and refresh tokens (slack.md 9.2). */
import { randomBytes } from 'node:crypto';
import type { SlackWorkspace } from './types.ts';

const LIFE_SECONDS = 43_200;
/** The oldest others are revoked. */
const MOST_ACTIVE = 2;

interface Active {
  workspace: SlackWorkspace;
  expiresAt: number;
  isRevoked: boolean;
  /** What Slack says of it since the app was removed. */
  removed?: TokenError;
}

export type TokenError = 'account_inactive' | 'token_revoked' | 'token_expired';

interface Refresh {
  workspace: SlackWorkspace;
  usedAt: number | undefined;
}

export interface IssuedToken {
  token: string;
  refresh_token?: string;
  expires_in?: number;
}

interface TokensOptions {
  clock: () => number;
  /** undefined: tokens last. */
  rotation?: { graceMs: number } | undefined;
}

export function createTokens({ clock, rotation }: TokensOptions) {
  const active = new Map<string, Active>();
  const refreshing = new Map<string, Refresh>();

  /** Without rotation an app has one token in a workspace, however often it is installed. */
  function issue(workspace: SlackWorkspace): IssuedToken {
    if (!rotation) return { token: workspace.botToken };
    const token = `xoxe.xoxb-1-${randomBytes(16).toString('hex')}`;
    const refreshToken = `xoxe-1-${randomBytes(16).toString('hex')}`;
    active.set(token, { workspace, expiresAt: clock() + LIFE_SECONDS * 1_000, isRevoked: false });
    const theirs = [...active.values()].filter((each) => each.workspace === workspace && !each.isRevoked);
    for (const each of theirs.slice(0, -MOST_ACTIVE)) each.isRevoked = true;
    refreshing.set(refreshToken, { workspace, usedAt: undefined });
    return { token, refresh_token: refreshToken, expires_in: LIFE_SECONDS };
  }

  return {
    issue,
    renew(refreshToken: string): { workspace: SlackWorkspace; issued: IssuedToken } | undefined {
      const known = refreshing.get(refreshToken);
      const isOver = known?.usedAt !== undefined && clock() - known.usedAt >= (rotation?.graceMs ?? 0);
      if (!known || isOver) return undefined;
      known.usedAt ??= clock();
      return { workspace: known.workspace, issued: issue(known.workspace) };
    },
    /** Takes no refresh token of the workspace any more. `says`: of its tokens, if the app was removed. */
    end(workspace: SlackWorkspace, says?: TokenError): void {
      for (const [token, each] of refreshing) if (each.workspace === workspace) refreshing.delete(token);
      if (says) for (const each of active.values()) if (each.workspace === workspace) each.removed = says;
    },
    /** Whose token it is, or Slack's error. undefined: none that was issued here. */
    holderOf(token: string): SlackWorkspace | TokenError | undefined {
      const known = active.get(token);
      if (!known) return undefined;
      if (known.removed) return known.removed;
      if (known.isRevoked) return 'token_revoked';
      return known.expiresAt <= clock() ? 'token_expired' : known.workspace;
    },
  };
}
