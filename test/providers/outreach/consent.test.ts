import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Consent, Grant } from '../../../src/core/ports/provider.ts';
import { SCOPES } from '../../../src/providers/outreach/oauth.ts';
import { click, failureOf } from '../../contract/provider-harness.ts';
import {
  CLIENT_ID,
  HOUR,
  MINUTE,
  OWNER,
  outreachPerTest,
  REDIRECT,
  type Setup,
  STRANGER,
  type Started,
} from './harness.ts';

const start = outreachPerTest();
const NOW = Date.UTC(2026, 10, 27, 9);
const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-x';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

async function open(): Promise<Started & { consenting: Consent; pass(ms: number): void }> {
  let now = NOW;
  const started = await start({ clock: () => now });
  const { consent } = started.provider;
  if (!consent) throw new Error('Outreach asks for no consent');
  return {
    ...started,
    consenting: consent,
    pass: (ms) => {
      now += ms;
    },
  };
}

/** As the rep's browser does it: opens the page, and sends its form back with Allow. */
async function allow(address: string): Promise<URL> {
  const page = await fetch(address);
  expect(page.status).toBe(200);
  const url = new URL(address);
  const body = new URLSearchParams([...url.searchParams, ['user', OWNER.externalId], ['decision', 'allow']]);
  const answer = await fetch(`${url.origin}${url.pathname}`, { method: 'POST', body, redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '');
}

const ask = { state: 'a state & more', redirectUri: REDIRECT, codeChallenge: CHALLENGE };

describe('consent to Outreach', () => {
  // outreach.md 1.2: the consent page is asked for with code, state and scopes between blanks
  it('is asked for in the documented form', async () => {
    const { outreach, consenting } = await open();
    const url = new URL(consenting.authorizeUrl(ask));
    expect(`${url.origin}${url.pathname}`).toBe(`${outreach.url}/oauth/authorize`);
    expect(url.search).not.toContain('+');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: SCOPES.join(' '),
      state: 'a state & more',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
    });
  });

  it('becomes a grant that works, and can be renewed', async () => {
    const { outreach, consenting, provider, grants, pass } = await open();
    const back = await allow(consenting.authorizeUrl(ask));
    expect(back.searchParams.get('state')).toBe('a state & more');
    const code = back.searchParams.get('code') ?? '';
    const grant = await consenting.redeem({ code, redirectUri: REDIRECT, codeVerifier: VERIFIER }, click);
    expect(grant).toMatchObject({ mintedAt: NOW, expiresAt: NOW + 2 * HOUR, scopes: SCOPES });
    grants.put(OWNER, grant);
    await provider.listTasks(OWNER, click);
    pass(2 * HOUR);
    await provider.listTasks(OWNER, click);
    expect(outreach.requests.map(({ status }) => status)).toEqual([200, 302, 200, 200, 200, 200]);
  });

  it.for<[string, { codeVerifier?: string; redirectUri?: string; code?: string }, number]>([
    ['with another verifier', { codeVerifier: `${VERIFIER}y` }, 0],
    ['for another address', { redirectUri: `${REDIRECT}/x` }, 0],
    ['with another code', { code: 'x' }, 0],
    ['too late', {}, 10 * MINUTE],
  ])('is not redeemed %s', async ([, other, lateMs]) => {
    const { consenting, pass } = await open();
    const back = await allow(consenting.authorizeUrl(ask));
    const code = back.searchParams.get('code') ?? '';
    pass(lateMs);
    const redeemed = consenting.redeem({ code, redirectUri: REDIRECT, codeVerifier: VERIFIER, ...other }, click);
    const error = await failureOf(redeemed);
    expect(error).toMatchObject({ kind: 'invalid', status: 400, operation: 'POST /oauth/token' });
    expect(error.message + JSON.stringify(error)).not.toContain(code);
  });

  // outreach.md 1.11: expires_in and scope may be left out
  it('that says neither how long nor for what is for two hours, and for all that was asked', async () => {
    const { outreach, consenting } = await open();
    const code = { code: 'x', redirectUri: REDIRECT, codeVerifier: VERIFIER };
    const answer = (body: object) =>
      outreach.fail({ on: 'POST', how: { kind: 'answer', status: 200, body: JSON.stringify(body) } });
    answer({ access_token: 'a', refresh_token: 'r' });
    expect(await consenting.redeem(code, click)).toEqual({
      accessToken: 'a',
      refreshToken: 'r',
      mintedAt: NOW,
      expiresAt: NOW + 2 * HOUR,
      scopes: SCOPES,
    });
    answer({ access_token: 'a' });
    expect(await failureOf(consenting.redeem(code, click))).toMatchObject({ kind: 'unreadable' });
  });
});

describe('whose consent it is', () => {
  const grantFor = (outreach: Started['outreach'], userId: string): Grant => {
    const { accessToken, refreshToken } = outreach.grant(userId);
    return { accessToken, refreshToken, mintedAt: NOW, expiresAt: NOW + HOUR, scopes: SCOPES };
  };
  async function ask(setup: Setup = {}) {
    const started = await start(setup);
    const { consent } = started.provider;
    const grant = grantFor(started.outreach, STRANGER.externalId);
    return { ...started, grant, who: async () => consent?.whoSignedIn?.(grant, click) };
  }

  it('is asked of Outreach with the grant alone, which need not be stored', async () => {
    const { outreach, who } = await ask();

    expect(await who()).toBe('theo@northwind.example');
    expect(outreach.requests.map(({ method, path, userId }) => [method, path, userId])).toEqual([
      ['GET', '/api/v2', STRANGER.externalId],
    ]);
  });

  it('is not known when Outreach does not say', async () => {
    const { who } = await ask({ simulator: { saysWho: false } });
    expect(await who()).toBeUndefined();
  });

  it.for([
    '{}',
    '[]',
    'null',
    '"text"',
    '{"meta":null}',
    '{"meta":{"user":[]}}',
    '{"meta":{"user":{"email":null}}}',
    '{"meta":{"user":{"email":7}}}',
    '{"meta":{"user":{"email":"  "}}}',
    '{"data":{"user":{"email":"theo@northwind.example"}}}',
    '<html>Sign in</html>',
    '',
  ])('is not known from the answer %j', async (body) => {
    const { outreach, who } = await ask();
    outreach.fail({ on: 'GET /api/v2', how: { kind: 'answer', status: 200, body } });
    expect(await who()).toBeUndefined();
  });

  it.for([302, 400, 403, 404, 415, 422])('is not known where there is no such address (%i)', async (status) => {
    const { outreach, who } = await ask();
    outreach.fail({ on: 'GET /api/v2', how: { kind: 'answer', status } });
    expect(await who()).toBeUndefined();
  });

  it.for([
    [401, 'auth'],
    [429, 'rate_limited'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ] as const)('is a failure when Outreach could not say it now (%i)', async ([status, kind]) => {
    const { outreach, who } = await ask();
    outreach.fail({ on: 'GET /api/v2', how: { kind: 'answer', status } });
    expect(await failureOf(who())).toMatchObject({ kind, operation: 'GET /api/v2' });
  });

  it.for(['hang', 'reset'] as const)('is a failure when no answer comes (%s)', async (kind) => {
    const { outreach, who, grant } = await ask({ timeoutMs: 200 });
    outreach.fail({ on: 'GET /api/v2', how: { kind } });
    const error = await failureOf(who());
    expect(error).toMatchObject({ kind: 'unavailable' });
    expect(error.message + JSON.stringify(error)).not.toContain(grant.accessToken);
  });

  it('looks for the rep’s user with the grant that is not stored yet, and renews nothing', async () => {
    const { outreach, provider, grant, grants } = await ask();
    const stored = grants.grant(OWNER);

    const found = await provider.findUsers(['maya@northwind.example'], { ...click, as: OWNER, grant });
    expect(found.get('maya@northwind.example')).toMatchObject([{ externalId: OWNER.externalId }]);
    expect(outreach.requests.map(({ userId }) => userId)).toEqual([STRANGER.externalId]);
    outreach.revoke(STRANGER.externalId);
    const refused = provider.findUsers(['maya@northwind.example'], { ...click, as: OWNER, grant });
    expect(await failureOf(refused)).toMatchObject({ kind: 'disconnected' });
    expect(outreach.requests.some(({ path }) => path === '/oauth/token')).toBe(false);
    expect(grants.grant(OWNER)).toEqual(stored);
  });
});
