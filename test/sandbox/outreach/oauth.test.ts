import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { OutreachSimulator } from '../../../sandbox/outreach/types.ts';
import { ask, LOCKED, list, movable, OTHER, OWNER, start, task } from './outreach.ts';

const BACK = 'http://127.0.0.1:3000/oauth/outreach/callback?from=slack';
const VERIFIER = 'a-verifier-that-is-long-enough-to-be-one-0123456789';
const PKCE = {
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
};
const MINUTE = 60_000;
const DAY = 86_400_000;

function request(outreach: OutreachSimulator, more: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({
    client_id: outreach.clientId,
    redirect_uri: BACK,
    response_type: 'code',
    scope: 'tasks.read tasks.write',
    state: 'st&te',
    ...more,
  });
}

function open(outreach: OutreachSimulator, more: Record<string, string> = {}): Promise<Response> {
  return fetch(`${outreach.url}/oauth/authorize?${request(outreach, more)}`, { redirect: 'manual' });
}

/** Presses a button of the page. */
async function decide(outreach: OutreachSimulator, more: Record<string, string> = {}): Promise<URL> {
  const body = request(outreach, { user: OWNER, decision: 'allow', ...more });
  const response = await fetch(`${outreach.url}/oauth/authorize`, { method: 'POST', body, redirect: 'manual' });
  expect(response.status).toBe(302);
  return new URL(response.headers.get('location') ?? '');
}

async function newCode(outreach: OutreachSimulator, more: Record<string, string> = {}): Promise<string> {
  return (await decide(outreach, more)).searchParams.get('code') ?? '';
}

async function token(outreach: OutreachSimulator, form: Record<string, string>) {
  const credentials = { client_id: outreach.clientId, client_secret: outreach.clientSecret, redirect_uri: BACK };
  const body = new URLSearchParams({ ...credentials, ...form });
  const response = await fetch(`${outreach.url}/oauth/token`, { method: 'POST', body });
  return { status: response.status, headers: response.headers, json: JSON.parse(await response.text()) };
}

function exchange(outreach: OutreachSimulator, code: string, more: Record<string, string> = {}) {
  return token(outreach, { grant_type: 'authorization_code', code, ...more });
}

function refresh(outreach: OutreachSimulator, refreshToken: string, more: Record<string, string> = {}) {
  return token(outreach, { grant_type: 'refresh_token', refresh_token: refreshToken, ...more });
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
    expect([...html.matchAll(/type="radio" name="user" value="(\d+)"/g)].map(([, id]) => id)).toEqual([
      OWNER,
      OTHER,
      '30',
    ]);
    expect(html).toContain('name="state" value="st&amp;te"');
    expect(html).toMatch(/<button class="yes" name="decision" value="allow">Allow<[\s\S]*value="deny">Deny</);
    expect(html).not.toMatch(/<script|src=|href=/);
    expect(outreach.unexpected).toEqual([]);
  });

  it('cannot be made to hold markup', async () => {
    const outreach = await start();

    const html = await (await open(outreach, { state: '"><b>x' })).text();

    expect(html).not.toContain('<b>');
    expect(html).toContain('value="&quot;&gt;&lt;b&gt;x"');
  });

  it.each<[string, Record<string, string>]>([
    ['another app', { client_id: 'someone' }],
    ['an address elsewhere', { redirect_uri: 'https://evil.example/callback' }],
    ['an address that looks like a loopback one', { redirect_uri: 'http://127.0.0.1.evil.example/' }],
    ['an address with a user in it', { redirect_uri: 'http://someone@127.0.0.1:3000/callback' }],
    ['no address', { redirect_uri: '' }],
  ])('sends %s nowhere', async (_, more) => {
    const outreach = await start();

    const page = await open(outreach, more);

    expect([page.status, page.headers.get('location')]).toEqual([400, null]);
    expect(await page.text()).toContain('This link does not work');
  });

  it('goes back to registered addresses only, when there are any', async () => {
    const outreach = await start({ redirectUris: ['https://docket.example/oauth/'] });

    expect((await open(outreach, { redirect_uri: 'https://docket.example/oauth/outreach' })).status).toBe(200);
    expect((await open(outreach, { redirect_uri: 'https://docket.example/elsewhere' })).status).toBe(400);
    expect((await open(outreach, { redirect_uri: 'https://docket.example.evil.example/oauth/' })).status).toBe(400);
    expect((await open(outreach)).status).toBe(400);
  });

  it.each<[string, Record<string, string>, string]>([
    ['another response_type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no state', { state: '' }, 'invalid_request'],
    ['a scope that Outreach has not', { scope: 'tasks.read tasks.complete' }, 'invalid_scope'],
    ['a plain challenge', { ...PKCE, code_challenge_method: 'plain' }, 'invalid_request'],
    ['half a challenge', { code_challenge: PKCE.code_challenge }, 'invalid_request'],
  ])('sends back an error for %s, and notes it', async (_, more, error) => {
    const outreach = await start();

    const page = await open(outreach, more);

    expect(page.status).toBe(302);
    expect(new URL(page.headers.get('location') ?? '').searchParams.get('error')).toBe(error);
    expect(outreach.unexpected).toHaveLength(1);
  });

  it('notes a parameter that is not documented', async () => {
    const outreach = await start();

    expect((await open(outreach, { prompt: 'consent' })).status).toBe(400);
    expect(outreach.unexpected).toHaveLength(1);
    expect((await fetch(`${outreach.url}/oauth/consent`)).status).toBe(404);
    expect(outreach.unexpected).toHaveLength(2);
    expect((await fetch(`${outreach.url}/favicon.ico`)).status).toBe(404);
    expect(outreach.unexpected).toHaveLength(2);
  });

  it('Allow leads back with a code, Deny with an error, both with the state', async () => {
    const outreach = await start();

    const allowed = await decide(outreach);
    const denied = await decide(outreach, { decision: 'deny' });

    expect(`${allowed.origin}${allowed.pathname}`).toBe('http://127.0.0.1:3000/oauth/outreach/callback');
    expect(Object.fromEntries(allowed.searchParams)).toEqual({
      from: 'slack',
      code: expect.any(String),
      state: 'st&te',
    });
    expect(Object.fromEntries(denied.searchParams)).toEqual({ from: 'slack', error: 'access_denied', state: 'st&te' });
    expect(outreach.unexpected).toEqual([]);
  });

  it('takes no consent of a locked user, and judges the form anew', async () => {
    const outreach = await start();
    const post = (more: Record<string, string>) =>
      fetch(`${outreach.url}/oauth/authorize`, { method: 'POST', body: request(outreach, more), redirect: 'manual' });

    expect((await post({ user: LOCKED, decision: 'allow' })).status).toBe(400);
    expect((await post({ user: OWNER, decision: 'allow', redirect_uri: 'https://evil.example/' })).status).toBe(400);
    expect((await post({ user: OWNER, decision: 'perhaps' })).status).toBe(400);
  });
});

describe('a code for tokens', () => {
  it('answers a pair that works, for two hours', async () => {
    const clock = movable();
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
      created_at: clock.now / 1000,
    });
    expect((await list(outreach, {}, json.access_token)).json.data).toHaveLength(1);
    clock.move(7_200_000 - 1);
    expect((await list(outreach, {}, json.access_token)).status).toBe(200);
    clock.move(1);
    expect((await list(outreach, {}, json.access_token)).status).toBe(401);
    expect((await ask(outreach, 'GET', '/users', { token: json.access_token })).status).toBe(401);
    expect(outreach.unexpected).toEqual([]);
  });

  it('only once, only for ten minutes, only with the address it was made for', async () => {
    const clock = movable();
    const outreach = await start({ clock: clock.read });
    const spent = await newCode(outreach);
    await exchange(outreach, spent);
    const late = await newCode(outreach);
    const elsewhere = await newCode(outreach);

    expect(await exchange(outreach, spent)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect(await exchange(outreach, elsewhere, { redirect_uri: 'http://127.0.0.1:3000/other' })).toMatchObject({
      status: 400,
      json: { error: 'invalid_grant' },
    });
    clock.move(10 * MINUTE);
    expect(await exchange(outreach, late)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect(outreach.unexpected).toEqual([]);
  });

  it('with the verifier of the challenge, and no verifier without one', async () => {
    const outreach = await start();

    expect((await exchange(outreach, await newCode(outreach, PKCE), { code_verifier: VERIFIER })).status).toBe(200);
    expect((await exchange(outreach, await newCode(outreach, PKCE))).status).toBe(400);
    expect((await exchange(outreach, await newCode(outreach, PKCE), { code_verifier: `${VERIFIER}x` })).status).toBe(
      400,
    );
    expect(outreach.unexpected).toEqual([]);
    expect((await exchange(outreach, await newCode(outreach), { code_verifier: VERIFIER })).status).toBe(400);
    expect(outreach.unexpected).toHaveLength(1);
  });

  it('only to the app that is registered', async () => {
    const outreach = await start();

    const wrong = await exchange(outreach, await newCode(outreach), { client_secret: 'wrong' });

    expect(wrong).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
  });

  it.each<[string, Record<string, string>]>([
    ['no redirect_uri', { redirect_uri: '' }],
    ['another grant type', { grant_type: 'client_credentials' }],
    ['a parameter that is not known', { audience: 'x' }],
    ['a code beside a refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }],
  ])('refuses %s, and notes it', async (_, more) => {
    const outreach = await start();

    const answer = await exchange(outreach, await newCode(outreach), more);

    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
    expect(outreach.unexpected).toHaveLength(1);
  });

  it('wants a form, not JSON', async () => {
    const outreach = await start();

    const response = await fetch(`${outreach.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'refresh_token' }),
    });

    expect(response.status).toBe(400);
    expect(outreach.unexpected).toHaveLength(1);
  });
});

describe('refreshing', () => {
  it('answers a new pair, and the old refresh token is dead', async () => {
    const outreach = await start();
    const first = outreach.grant(OWNER);

    const second = await refresh(outreach, first.refreshToken);

    expect(second.status).toBe(200);
    expect(second.json.refresh_token).not.toBe(first.refreshToken);
    expect(second.json.scope).toBe(first.scope);
    expect((await list(outreach, {}, second.json.access_token)).status).toBe(200);
    expect(await refresh(outreach, first.refreshToken)).toMatchObject({
      status: 400,
      json: { error: 'invalid_grant' },
    });
    expect((await refresh(outreach, second.json.refresh_token)).status).toBe(200);
    expect(outreach.unexpected).toEqual([]);
  });

  it('leniently: the old one lives until there are 100 newer ones', async () => {
    const outreach = await start({ rotation: 'lenient' });
    const first = outreach.grant(OWNER);

    expect((await refresh(outreach, first.refreshToken)).status).toBe(200);
    for (let newer = 0; newer < 98; newer += 1) outreach.grant(OWNER);
    expect((await refresh(outreach, first.refreshToken)).status).toBe(200);
    expect((await refresh(outreach, first.refreshToken)).status).toBe(400);
  });

  it('ends after 14 days without use', async () => {
    const clock = movable();
    const outreach = await start({ clock: clock.read });
    const kept = outreach.grant(OWNER);
    const idle = outreach.grant(OWNER);

    clock.move(14 * DAY - 1);
    expect((await refresh(outreach, kept.refreshToken)).status).toBe(200);
    clock.move(1);
    expect((await refresh(outreach, idle.refreshToken)).status).toBe(400);
  });

  it('wants the redirect_uri of the consent', async () => {
    const outreach = await start();
    const { json } = await exchange(outreach, await newCode(outreach));

    expect((await refresh(outreach, json.refresh_token, { redirect_uri: 'http://127.0.0.1:3000/other' })).status).toBe(
      400,
    );
    expect(outreach.unexpected).toEqual([]);
    expect((await refresh(outreach, json.refresh_token, { redirect_uri: '' })).status).toBe(400);
    expect(outreach.unexpected).toHaveLength(1);
    expect((await refresh(outreach, json.refresh_token)).status).toBe(200);
  });

  it('one token a minute for each user, whichever way; what came too early is not spent', async () => {
    const clock = movable();
    const outreach = await start({ clock: clock.read, rateLimits: true });
    const { json } = await exchange(outreach, await newCode(outreach));
    const code = await newCode(outreach);

    const early = await refresh(outreach, json.refresh_token);
    expect(early).toMatchObject({ status: 429, json: { errors: [{ id: 'rateLimitExceeded' }] } });
    expect(early.headers.get('retry-after')).toBe(String((clock.now + MINUTE) / 1000));
    expect((await exchange(outreach, code)).status).toBe(429);
    expect((await exchange(outreach, await newCode(outreach, { user: OTHER }))).status).toBe(200);
    clock.move(MINUTE - 1);
    expect((await refresh(outreach, json.refresh_token)).status).toBe(429);
    clock.move(1);
    expect((await refresh(outreach, json.refresh_token)).status).toBe(200);
    clock.move(MINUTE);
    expect((await exchange(outreach, code)).status).toBe(200);
  });
});

describe('what tests do to tokens', () => {
  it('expireAccess: the access token is gone, refreshing works at once', async () => {
    const outreach = await start({ rateLimits: true });
    const { json } = await exchange(outreach, await newCode(outreach));
    const other = outreach.grant(OTHER);

    outreach.expireAccess(OWNER);

    expect((await list(outreach, {}, json.access_token)).status).toBe(401);
    expect((await list(outreach, {}, other.accessToken)).status).toBe(200);
    expect((await refresh(outreach, json.refresh_token)).status).toBe(200);
  });

  it('revoke: both are gone', async () => {
    const outreach = await start();
    const mine = outreach.grant(OWNER);

    outreach.revoke(OWNER);

    expect((await list(outreach, {}, mine.accessToken)).status).toBe(401);
    expect(await refresh(outreach, mine.refreshToken)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('a locked user has no tokens that work', async () => {
    const outreach = await start();
    const mine = outreach.grant(OWNER);
    const user = outreach.users().find(({ id }) => id === OWNER);

    if (user) outreach.putUser({ ...user, locked: true });

    expect((await list(outreach, {}, mine.accessToken)).status).toBe(401);
    expect((await refresh(outreach, mine.refreshToken)).status).toBe(400);
  });
});

describe('whose token it is (outreach.md 7)', () => {
  it.each([
    [OWNER, 'Maya.Lindqvist@northlight.example', 'Maya', 'Lindqvist'],
    [OTHER, 'theo@northlight.example', 'Theo', 'Brandvold'],
  ])('is said at the root of the API, whatever was granted', async (userId, email, firstName, lastName) => {
    const outreach = await start();
    const { accessToken } = outreach.grant(userId, ['webhooks.read']);

    const answer = await ask(outreach, 'GET', '', { token: accessToken });

    expect(answer).toMatchObject({ status: 200, json: { meta: { user: { email, firstName, lastName } } } });
    expect(outreach.unexpected).toEqual([]);
  });

  it('is left out where a test wants it so', async () => {
    const outreach = await start({ saysWho: false });

    expect(await ask(outreach, 'GET', '')).toMatchObject({ status: 200, json: { meta: {} } });
  });

  it.each([
    ['GET', '/', 404],
    ['GET', '?fields=x', 400],
    ['POST', '', 404],
  ])('is not said to %s %j', async (method, path, status) => {
    const outreach = await start();

    expect((await ask(outreach, method, path)).status).toBe(status);
    expect(outreach.unexpected).toHaveLength(1);
  });

  it('is not said without a token, or without the media type', async () => {
    const outreach = await start();

    expect((await ask(outreach, 'GET', '', { token: 'nobodys' })).status).toBe(401);
    expect((await ask(outreach, 'GET', '', { headers: { 'content-type': 'application/json' } })).status).toBe(415);
  });
});

describe('who is signed in at Outreach in the browser', () => {
  const chosen = (html: string) => [...html.matchAll(/value="(\d+)" required checked/g)].map(([, id]) => id);

  it.each([
    [OTHER, OTHER],
    ['30', '30'],
    [LOCKED, OWNER],
    ['nobody', OWNER],
    [undefined, OWNER],
  ])('(%s) is chosen first, and can be changed', async (inBrowser, first) => {
    const outreach = await start({ inBrowser: () => inBrowser });

    expect(chosen(await (await open(outreach)).text())).toEqual([first]);
    const code = await newCode(outreach, { user: OTHER });
    const { json } = await exchange(outreach, code);
    expect((await ask(outreach, 'GET', '', { token: json.access_token })).json.meta.user.email).toContain('theo');
  });
});
