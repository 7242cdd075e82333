import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { answerConsent } from '../../../sandbox/browser.ts';
import { SCOPES } from '../../../src/providers/outreach/oauth.ts';
import { answer, click, fails, failureOf } from '../../contract/provider-harness.ts';
import { CLIENT_ID, HOUR, MINUTE, OWNER, REDIRECT, type Setup, STRANGER, start } from './harness.ts';

const NOW = Date.UTC(2026, 10, 27, 9);
const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-x';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const ask = { state: 'a state & more', redirectUri: REDIRECT, codeChallenge: CHALLENGE };

async function open() {
  const time = { now: NOW };
  const started = await start({ clock: () => time.now });
  const consent = started.provider.consent ?? expect.fail();
  const redeem = (code: string, more: { codeVerifier?: string; redirectUri?: string } = {}) =>
    consent.redeem({ code, redirectUri: REDIRECT, codeVerifier: VERIFIER, ...more }, click);

  /** The code that comes back to the rep's browser. */
  async function allow(): Promise<string> {
    const back = new URL(await answerConsent(consent.authorizeUrl(ask), OWNER.externalId)).searchParams;
    expect(back.get('state')).toBe(ask.state);
    return back.get('code') ?? '';
  }
  return { ...started, authorizeUrl: consent.authorizeUrl, redeem, allow, time };
}

describe('consent to Outreach', () => {
  // outreach.md 1.2: the consent page is asked for with code, state and scopes between blanks
  it('is asked for in the documented form', async () => {
    const { outreach, authorizeUrl } = await open();
    const url = new URL(authorizeUrl(ask));
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

  it('is asked for every scope that reading and changing takes', () => {
    expect(SCOPES).toEqual(expect.arrayContaining(['tasks.read', 'tasks.write', 'tasks.delete', 'webhooks.all']));
    expect(new Set(SCOPES).size).toBe(SCOPES.length);
  });

  it('becomes a grant that works, and can be renewed', async () => {
    const { outreach, provider, grants, redeem, allow, time } = await open();
    const grant = await redeem(await allow());
    expect(grant).toMatchObject({ mintedAt: NOW, expiresAt: NOW + 2 * HOUR, scopes: SCOPES });
    grants.put(OWNER, grant);
    await provider.listTasks(OWNER, click);
    time.now += 2 * HOUR;
    await provider.listTasks(OWNER, click);
    expect(outreach.requests.map(({ status }) => status)).toEqual([200, 302, 200, 200, 200, 200]);
  });

  it.for<[string, { codeVerifier?: string; redirectUri?: string; code?: string }, number]>([
    ['with another verifier', { codeVerifier: `${VERIFIER}y` }, 0],
    ['for another address', { redirectUri: `${REDIRECT}/x` }, 0],
    ['with another code', { code: 'x' }, 0],
    ['too late', {}, 10 * MINUTE],
  ])('is not redeemed %s', async ([, { code, ...other }, lateMs]) => {
    const { redeem, allow, time } = await open();
    const given = await allow();
    time.now += lateMs;
    const error = await failureOf(redeem(code ?? given, other));
    expect(error).toMatchObject({ kind: 'invalid', status: 400, operation: 'POST /oauth/token' });
    expect(error.message + JSON.stringify(error)).not.toContain(given);
  });

  // outreach.md 1.11: expires_in and scope may be left out
  it('that says neither how long nor for what is for two hours, and for all that was asked', async () => {
    const { outreach, redeem } = await open();
    outreach.fail({ on: 'POST', how: answer({ access_token: 'a', refresh_token: 'r' }) });
    const times = { mintedAt: NOW, expiresAt: NOW + 2 * HOUR };
    expect(await redeem('x')).toEqual({ accessToken: 'a', refreshToken: 'r', ...times, scopes: SCOPES });
    outreach.fail({ on: 'POST', how: answer({ access_token: 'a' }) });
    await fails(redeem('x'), 'unreadable');
  });
});

describe('whose consent it is', () => {
  async function asked(setup: Setup = {}) {
    const started = await start(setup);
    const { accessToken, refreshToken } = started.outreach.grant(STRANGER.externalId);
    const grant = { accessToken, refreshToken, mintedAt: NOW, expiresAt: NOW + HOUR, scopes: SCOPES };
    return { ...started, grant, who: async () => started.provider.consent?.whoSignedIn?.(grant, click) };
  }

  it('is asked of Outreach with the grant alone, which need not be stored', async () => {
    const { outreach, who } = await asked();
    expect(await who()).toBe(STRANGER.email);
    const request = { method: 'GET', path: '/api/v2', userId: STRANGER.externalId };
    expect(outreach.requests).toMatchObject([request]);
  });

  it('is not known when Outreach does not say', async () => {
    const { who } = await asked({ simulator: { saysWho: false } });
    expect(await who()).toBeUndefined();
  });

  it.for([
    ...['{}', '[]', 'null', '"text"', '<html>Sign in</html>', '', '{"meta":null}', '{"meta":{"user":[]}}'],
    '{"meta":{"user":{"email":null}}}',
    '{"meta":{"user":{"email":7}}}',
    '{"meta":{"user":{"email":"  "}}}',
    '{"data":{"user":{"email":"theo@northwind.example"}}}',
  ])('is not known from the answer %j', async (body) => {
    const { outreach, who } = await asked();
    outreach.fail({ how: answer(body) });
    expect(await who()).toBeUndefined();
  });

  it.for<[number, string?]>([
    ...[302, 400, 403, 404, 415, 422].map((status): [number] => [status]),
    [401, 'auth'],
    [429, 'rate_limited'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])(
    'is not known where there is no such address, and a failure where it could not be said now: %i %s',
    async ([status, kind]) => {
      const { outreach, who } = await asked();
      outreach.fail({ how: { kind: 'answer', status } });
      if (!kind) return expect(await who()).toBeUndefined();
      expect(await failureOf(who())).toMatchObject({ kind, operation: 'GET /api/v2' });
    },
  );

  it.for(['hang', 'reset'] as const)('is a failure when no answer comes (%s)', async (kind) => {
    const { outreach, who, grant } = await asked({ timeoutMs: 200 });
    outreach.fail({ how: { kind } });
    const error = await failureOf(who());
    expect(error).toMatchObject({ kind: 'unavailable' });
    expect(error.message + JSON.stringify(error)).not.toContain(grant.accessToken);
  });

  it('looks for the rep’s user with the grant that is not stored yet, and renews nothing', async () => {
    const { outreach, provider, grant, grants } = await asked();
    const stored = grants.grant(OWNER);
    const find = () => provider.findUsers(['maya@northwind.example'], { ...click, as: OWNER, grant });
    expect((await find()).get('maya@northwind.example')).toMatchObject([{ externalId: OWNER.externalId }]);
    expect(outreach.requests.map(({ userId }) => userId)).toEqual([STRANGER.externalId]);
    outreach.revoke(STRANGER.externalId);
    await fails(find(), 'disconnected');
    expect(outreach.requests.some(({ path }) => path === '/oauth/token')).toBe(false);
    expect(grants.grant(OWNER)).toEqual(stored);
  });
});
