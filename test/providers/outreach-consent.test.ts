import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Consent } from '../../src/core/provider.ts';
import { SCOPES } from '../../src/providers/outreach/oauth.ts';
import { click, failureOf } from '../contract/provider-harness.ts';
import { CLIENT_ID, HOUR, MINUTE, OWNER, outreachPerTest, REDIRECT, type Started } from './outreach-harness.ts';

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
