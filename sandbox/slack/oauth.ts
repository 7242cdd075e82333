/** Slack's OAuth for one app: the page that asks for consent, codes, and tokens that end (slack.md 9). Strict. */
import { randomBytes } from 'node:crypto';
import { createTokens, type IssuedToken } from './oauth-tokens.ts';
import type { JsonObject, SlackWorkspace } from './types.ts';

export interface OAuthApp {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  scopes: readonly string[];
  clock: () => number;
  /** Tokens end after twelve hours. `graceMs`: for so long a refresh token is taken again; Slack does not say for how long. */
  rotation?: { graceMs: number } | undefined;
}

interface Code {
  workspace: SlackWorkspace;
  userId: string;
  redirectUri: string;
  expiresAt: number;
  isUsed: boolean;
}

export interface PageAnswer {
  status: number;
  html?: string;
}

const CODE_LIFE_MS = 10 * 60_000;

export type SlackOAuth = ReturnType<typeof createSlackOAuth>;

export function createSlackOAuth(app: OAuthApp, workspaces: readonly SlackWorkspace[]) {
  const codes = new Map<string, Code>();
  const tokens = createTokens(app);
  const unexpected: string[] = [];
  /** All that must be in no log. */
  const secrets = [app.clientSecret];
  /** Changes the answers to codes. */
  let twist = (usual: JsonObject): JsonObject => usual;

  function refuse(why: string): PageAnswer {
    unexpected.push(`authorize: ${why}`);
    return { status: 400, html: why };
  }

  /** The page that asks for consent, with a link for each workspace and one that cancels. */
  function authorize(query: URLSearchParams): PageAnswer {
    const [scope = '', state, redirectUri] = ['scope', 'state', 'redirect_uri'].map((name) => query.get(name) ?? '');
    if (query.get('client_id') !== app.clientId) return refuse('invalid_client_id');
    if (redirectUri !== app.redirectUri) return refuse('bad_redirect_uri');
    if (!state) return refuse('no state');
    if (scope.split(',').toSorted().join() !== app.scopes.toSorted().join()) return refuse('invalid_scope');
    const back = (given: Record<string, string>) => {
      const url = new URL(redirectUri);
      for (const [name, value] of Object.entries({ ...given, state })) url.searchParams.set(name, value);
      return url.href.replaceAll('&', '&amp;');
    };
    const allow = workspaces.map((workspace) => {
      const code = randomBytes(16).toString('hex');
      secrets.push(code);
      const expiresAt = app.clock() + CODE_LIFE_MS;
      const userId = workspace.users[0]?.id ?? '';
      codes.set(code, { workspace, userId, redirectUri, expiresAt, isUsed: false });
      const id = workspace.isOrganisation && workspace.enterprise ? workspace.enterprise.id : workspace.teamId;
      return `<a id="${id}" href="${back({ code })}">Allow in ${id}</a>`;
    });
    return {
      status: 200,
      html: `<!doctype html>${allow.join('')}<a id="cancel" href="${back({ error: 'access_denied' })}">Cancel</a>`,
    };
  }

  function redeem(given: URLSearchParams): JsonObject {
    const code = codes.get(given.get('code') ?? '');
    if (!code || code.expiresAt <= app.clock()) return { ok: false, error: 'invalid_code' };
    if (code.isUsed) return { ok: false, error: 'code_already_used' };
    if (given.get('redirect_uri') !== code.redirectUri) return { ok: false, error: 'bad_redirect_uri' };
    code.isUsed = true;
    return { ...answerOf(code.workspace, tokens.issue(code.workspace)), authed_user: { id: code.userId } };
  }

  function answerOf(workspace: SlackWorkspace, { token, ...rotation }: IssuedToken): JsonObject {
    secrets.push(token, ...(rotation.refresh_token === undefined ? [] : [rotation.refresh_token]));
    return {
      ok: true,
      access_token: token,
      ...rotation,
      token_type: 'bot',
      scope: app.scopes.join(),
      bot_user_id: workspace.botUserId,
      app_id: 'A0SANDBOX',
      team: workspace.isOrganisation ? null : { id: workspace.teamId, name: `Team ${workspace.teamId}` },
      enterprise: workspace.enterprise ?? null,
      is_enterprise_install: workspace.isOrganisation,
    };
  }

  /** `oauth.v2.access`. */
  function access(given: URLSearchParams): JsonObject {
    if (given.get('client_id') !== app.clientId) return { ok: false, error: 'invalid_client_id' };
    if (given.get('client_secret') !== app.clientSecret) return { ok: false, error: 'bad_client_secret' };
    if (given.get('grant_type') !== 'refresh_token') return twist(redeem(given));
    const renewed = tokens.renew(given.get('refresh_token') ?? '');
    return renewed ? answerOf(renewed.workspace, renewed.issued) : { ok: false, error: 'invalid_refresh_token' };
  }

  return {
    authorize,
    access,
    holderOf: tokens.holderOf,
    endTokens: tokens.end,
    unexpected,
    secrets,
    /** From now on the answers to codes are what `change` makes of them. */
    twist(change: (usual: JsonObject) => JsonObject): void {
      twist = change;
    },
  };
}
