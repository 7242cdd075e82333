import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { OutreachSimulator } from '../../../sandbox/outreach/types.ts';
import { breaches, clockAt } from '../simulator.ts';
import { ADMIN, ask, LOCKED, list, NOW, OTHER, OWNER, start, task } from './outreach.ts';

const BACK = 'http://127.0.0.1:3000/oauth/outreach/callback?from=slack';
const ELSEWHERE = { redirect_uri: 'http://127.0.0.1:3000/other' };
const EVIL = { redirect_uri: 'https://evil.example/' };
const VERIFIER = 'a-verifier-that-is-long-enough-to-be-one-0123456789';
const PKCE = {
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
};
const MINUTE = 60_000;
const DAY = 86_400_000;
const DEAD = { status: 400, json: { error: 'invalid_grant' } };

type Form = Record<string, string>;

function request({ clientId }: OutreachSimulator, more: Form = {}): URLSearchParams {
  const scope = 'tasks.read tasks.write';
  const asked = { client_id: clientId, redirect_uri: BACK, response_type: 'code', scope, state: 'st&te', ...more };
  return new URLSearchParams(asked);
}

function open(outreach: OutreachSimulator, more: Form = {}): Promise<Response> {
  return fetch(`${outreach.url}/oauth/authorize?${request(outreach, more)}`, { redirect: 'manual' });
}

/** Presses a button of the page. */
function press(outreach: OutreachSimulator, more: Form = {}): Promise<Response> {
  const body = request(outreach, { user: OWNER, decision: 'allow', ...more });
  return fetch(`${outreach.url}/oauth/authorize`, { method: 'POST', body, redirect: 'manual' });
}

async function decide(outreach: OutreachSimulator, more: Form = {}): Promise<URL> {
  const response = await press(outreach, more);
  expect(response.status).toBe(302);
  return new URL(response.headers.get('location') ?? '');
}

async function newCode(outreach: OutreachSimulator, more: Form = {}): Promise<string> {
  return (await decide(outreach, more)).searchParams.get('code') ?? '';
}

async function token(outreach: OutreachSimulator, form: Form) {
  const credentials = { client_id: outreach.clientId, client_secret: outreach.clientSecret, redirect_uri: BACK };
  const body = new URLSearchParams({ ...credentials, ...form });
  const response = await fetch(`${outreach.url}/oauth/token`, { method: 'POST', body });
  return { status: response.status, headers: response.headers, json: JSON.parse(await response.text()) };
}

function exchange(outreach: OutreachSimulator, code: string, more: Form = {}) {
  return token(outreach, { grant_type: 'authorization_code', code, ...more });
}

function refresh(outreach: OutreachSimulator, refreshToken: string, more: Form = {}) {
  return token(outreach, { grant_type: 'refresh_token', refresh_token: refreshToken, ...more });
}

async function works(outreach: OutreachSimulator, accessToken: string): Promise<boolean> {
  const { status } = await list(outreach, {}, accessToken);
  expect([200, 401]).toContain(status);
  return status === 200;
}

describe('the page of consent', () => {
  it('says what is asked for, and lets one choose among the active users', async () => {
    const outreach = await start();

    const page = await open(outreach, PKCE);
    const html = await page.text();

    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain('<h1>Docket wants to work with your Outreach tasks</h1>');
    expect(html).toContain('<li>See tasks</li><li>Create and change tasks</li>');
    const offered = [...html.matchAll(/type="radio" name="user" value="(\d+)"/g)].map(([, id]) => id);
    expect(offered).toEqual([OWNER, OTHER, ADMIN]);
    expect(html).toContain('name="state" value="st&amp;te"');
    expect(html).toMatch(/<button class="yes" name="decision" value="allow">Allow<[\s\S]*value="deny">Deny</);
    expect(html).not.toMatch(/<script|src=|href=/);
  });

  it('cannot be made to hold markup', async () => {
    const html = await (await open(await start(), { state: '"><b>x' })).text();

    expect(html).not.toContain('<b>');
    expect(html).toContain('value="&quot;&gt;&lt;b&gt;x"');
  });

  it.each<[string, Form]>([
    ['another app', { client_id: 'someone' }],
    ['an address elsewhere', EVIL],
    ['an address that looks like a loopback one', { redirect_uri: 'http://127.0.0.1.evil.example/' }],
    ['an address with a user in it', { redirect_uri: 'http://someone@127.0.0.1:3000/callback' }],
    ['no address', { redirect_uri: '' }],
  ])('sends %s nowhere', async (_, more) => {
    const outreach = await start();

    const page = await open(outreach, more);

    expect([page.status, page.headers.get('location')]).toEqual([400, null]);
    expect(await page.text()).toContain('This link does not work');
    breaches(outreach);
  });

  it.each<[string, Form, string]>([
    ['another response_type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no state', { state: '' }, 'invalid_request'],
    ['a scope that Outreach has not', { scope: 'tasks.read tasks.complete' }, 'invalid_scope'],
    ['a plain challenge', { ...PKCE, code_challenge_method: 'plain' }, 'invalid_request'],
    ['half a challenge', { code_challenge: PKCE.code_challenge }, 'invalid_request'],
  ])('sends back an error for %s, and notes it', async (_, more, error) => {
    const outreach = await start();

    const { status, headers } = await open(outreach, more);

    expect([status, new URL(headers.get('location') ?? '').searchParams.get('error')]).toEqual([302, error]);
    expect(breaches(outreach)).toHaveLength(1);
  });

  it('notes what is not documented, except what browsers ask for by themselves', async () => {
    const outreach = await start();

    expect((await open(outreach, { prompt: 'consent' })).status).toBe(400);
    expect((await fetch(`${outreach.url}/oauth/consent`)).status).toBe(404);
    expect(breaches(outreach)).toHaveLength(2);
    expect((await fetch(`${outreach.url}/favicon.ico`)).status).toBe(404);
  });

  it('Allow leads back with a code, Deny with an error, both with the state', async () => {
    const outreach = await start();

    const allowed = await decide(outreach);
    const denied = await decide(outreach, { decision: 'deny' });

    expect(`${allowed.origin}${allowed.pathname}`).toBe('http://127.0.0.1:3000/oauth/outreach/callback');
    const kept = { from: 'slack', state: 'st&te' };
    expect(Object.fromEntries(allowed.searchParams)).toEqual({ ...kept, code: expect.any(String) });
    expect(Object.fromEntries(denied.searchParams)).toEqual({ ...kept, error: 'access_denied' });
  });

  it.each<Form>([{ user: LOCKED }, EVIL, { decision: 'perhaps' }])('judges the form anew: %j', async (more) => {
    const outreach = await start();

    expect((await press(outreach, more)).status).toBe(400);
    breaches(outreach);
  });

  it.each([
    [OTHER, OTHER],
    [ADMIN, ADMIN],
    [LOCKED, OWNER],
    ['nobody', OWNER],
    [undefined, OWNER],
  ])('chooses whoever is signed in to the browser (%s), which can be changed', async (inBrowser, first) => {
    const outreach = await start({ inBrowser: () => inBrowser });

    const html = await (await open(outreach)).text();

    expect([...html.matchAll(/value="(\d+)" required checked/g)].map(([, id]) => id)).toEqual([first]);
    const { json } = await exchange(outreach, await newCode(outreach, { user: OTHER }));
    expect((await ask(outreach, 'GET ', { token: json.access_token })).json.meta.user.email).toContain('theo');
  });
});

describe('a code for tokens', () => {
  it('answers a pair that works, for two hours', async () => {
    const clock = clockAt(NOW);
    const outreach = await start({ clock: clock.read, tasks: [task('1'), task('2', { ownerId: OTHER })] });

    const { status, json, headers } = await exchange(outreach, await newCode(outreach));

    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 7200,
      refresh_token: expect.any(String),
      scope: 'tasks.read tasks.write',
      created_at: NOW / 1000,
    });
    expect((await list(outreach, {}, json.access_token)).json.data).toHaveLength(1);
    clock.advance(7_200_000 - 1);
    expect(await works(outreach, json.access_token)).toBe(true);
    clock.advance(1);
    expect(await works(outreach, json.access_token)).toBe(false);
  });

  it('once, and only for ten minutes', async () => {
    const clock = clockAt(NOW);
    const outreach = await start({ clock: clock.read });
    const spent = await newCode(outreach);
    await exchange(outreach, spent);
    const late = await newCode(outreach);

    expect(await exchange(outreach, spent)).toMatchObject(DEAD);
    clock.advance(10 * MINUTE);
    expect(await exchange(outreach, late)).toMatchObject(DEAD);
  });

  it.each<[string, asked: Form, sent: Form, status: number, error: string | undefined, noted: number]>([
    ['the verifier of the challenge', PKCE, { code_verifier: VERIFIER }, 200, undefined, 0],
    ['no verifier', PKCE, {}, 400, 'invalid_grant', 0],
    ['another verifier', PKCE, { code_verifier: `${VERIFIER}x` }, 400, 'invalid_grant', 0],
    ['a verifier without a challenge', {}, { code_verifier: VERIFIER }, 400, 'invalid_request', 1],
    ['another address', {}, ELSEWHERE, 400, 'invalid_grant', 0],
    ['another secret', {}, { client_secret: 'wrong' }, 401, 'invalid_client', 0],
    ['no redirect_uri', {}, { redirect_uri: '' }, 400, 'invalid_request', 1],
    ['another grant type', {}, { grant_type: 'client_credentials' }, 400, 'invalid_request', 1],
    ['a parameter that is not known', {}, { audience: 'x' }, 400, 'invalid_request', 1],
    ['a refresh token beside it', {}, { grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'invalid_request', 1],
  ])('with %s', async (_, asked, sent, status, error, noted) => {
    const outreach = await start();

    const answer = await exchange(outreach, await newCode(outreach, asked), sent);

    expect([answer.status, answer.json.error]).toEqual([status, error]);
    expect(breaches(outreach)).toHaveLength(noted);
  });

  it('wants a form, not JSON, and answers a fault in its own form', async () => {
    const outreach = await start();
    const post = () => {
      const headers = { 'content-type': 'application/json' };
      return fetch(`${outreach.url}/oauth/token`, { method: 'POST', headers, body: '{"grant_type":"refresh_token"}' });
    };

    expect((await post()).status).toBe(400);
    expect(breaches(outreach)).toHaveLength(1);
    outreach.fail({ on: 'POST /oauth/token', how: { kind: 'answer', status: 500 } });
    expect(await (await post()).json()).toMatchObject({ error: 'server_error' });
  });
});

describe('refreshing', () => {
  it('answers a new pair, and the old refresh token is dead', async () => {
    const outreach = await start();
    const first = outreach.grant(OWNER);

    const { status, json } = await refresh(outreach, first.refreshToken);

    expect([status, json.scope]).toEqual([200, first.scope]);
    expect(json.refresh_token).not.toBe(first.refreshToken);
    expect(await works(outreach, json.access_token)).toBe(true);
    expect(await refresh(outreach, first.refreshToken)).toMatchObject(DEAD);
    expect((await refresh(outreach, json.refresh_token)).status).toBe(200);
  });

  it('ends after 14 days without use', async () => {
    const clock = clockAt(NOW);
    const outreach = await start({ clock: clock.read });
    const [kept, idle] = [outreach.grant(OWNER), outreach.grant(OWNER)];

    clock.advance(14 * DAY - 1);
    expect((await refresh(outreach, kept.refreshToken)).status).toBe(200);
    clock.advance(1);
    expect((await refresh(outreach, idle.refreshToken)).status).toBe(400);
  });

  it('wants the redirect_uri of the consent', async () => {
    const outreach = await start();
    const { json } = await exchange(outreach, await newCode(outreach));

    expect((await refresh(outreach, json.refresh_token, ELSEWHERE)).status).toBe(400);
    expect(breaches(outreach)).toEqual([]);
    expect((await refresh(outreach, json.refresh_token, { redirect_uri: '' })).status).toBe(400);
    expect(breaches(outreach)).toHaveLength(1);
    expect((await refresh(outreach, json.refresh_token)).status).toBe(200);
  });

  it('one token a minute for each user, whichever way; what came too early is not spent', async () => {
    const clock = clockAt(NOW);
    const outreach = await start({ clock: clock.read, rateLimits: true });
    const { json } = await exchange(outreach, await newCode(outreach));
    const code = await newCode(outreach);

    const early = await refresh(outreach, json.refresh_token);
    expect(early).toMatchObject({ status: 429, json: { errors: [{ id: 'rateLimitExceeded' }] } });
    expect(early.headers.get('retry-after')).toBe(String((NOW + MINUTE) / 1000));
    expect((await exchange(outreach, code)).status).toBe(429);
    expect((await exchange(outreach, await newCode(outreach, { user: OTHER }))).status).toBe(200);
    clock.advance(MINUTE - 1);
    expect((await refresh(outreach, json.refresh_token)).status).toBe(429);
    clock.advance(1);
    expect((await refresh(outreach, json.refresh_token)).status).toBe(200);
    clock.advance(MINUTE);
    expect((await exchange(outreach, code)).status).toBe(200);
  });
});

describe('what tests do to tokens', () => {
  it('expireAccess: the access token is gone, refreshing works at once', async () => {
    const outreach = await start({ rateLimits: true });
    const { json } = await exchange(outreach, await newCode(outreach));
    const other = outreach.grant(OTHER);

    outreach.expireAccess(OWNER);

    expect(await works(outreach, json.access_token)).toBe(false);
    expect(await works(outreach, other.accessToken)).toBe(true);
    expect((await refresh(outreach, json.refresh_token)).status).toBe(200);
  });

  it.each<[string, (outreach: OutreachSimulator) => void]>([
    ['are revoked', (outreach) => outreach.revoke(OWNER)],
    [
      'belong to someone locked',
      (outreach) => {
        for (const user of outreach.users()) if (user.id === OWNER) outreach.putUser({ ...user, locked: true });
      },
    ],
  ])('no token works once they %s', async (_, end) => {
    const outreach = await start();
    const { accessToken, refreshToken } = outreach.grant(OWNER);

    end(outreach);

    expect(await works(outreach, accessToken)).toBe(false);
    expect(await refresh(outreach, refreshToken)).toMatchObject(DEAD);
  });
});

describe('whose token it is (outreach.md 7)', () => {
  it.each([
    [OWNER, 'Maya.Lindqvist@northlight.example', 'Maya', 'Lindqvist'],
    [OTHER, 'theo@northlight.example', 'Theo', 'Brandvold'],
  ])('is said at the root of the API, whatever was granted', async (userId, email, firstName, lastName) => {
    const outreach = await start();
    const { accessToken } = outreach.grant(userId, ['webhooks.read']);

    const answer = await ask(outreach, 'GET ', { token: accessToken });

    expect(answer).toMatchObject({ status: 200, json: { meta: { user: { email, firstName, lastName } } } });
  });

  it('is left out where a test wants it so', async () => {
    const outreach = await start({ saysWho: false });

    expect(await ask(outreach, 'GET ')).toMatchObject({ status: 200, json: { meta: {} } });
  });
});
