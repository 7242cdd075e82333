import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { answerConsent } from '../../../sandbox/browser.ts';
import type { OutreachSimulator } from '../../../sandbox/outreach/types.ts';
import { breaches, clockAt } from '../simulator.ts';
import { ADMIN, ask, LOCKED, list, NOW, OTHER, OWNER, start } from './outreach.ts';

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

/** Allows what is asked for, as a person at the page does. */
async function newCode(outreach: OutreachSimulator, { user = OWNER, ...more }: Form = {}): Promise<string> {
  const back = await answerConsent(`${outreach.url}/oauth/authorize?${request(outreach, more)}`, user);
  return new URL(back).searchParams.get('code') ?? '';
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

it('the page of consent says what is asked for, and lets one choose among the active users', async () => {
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

it('the page of consent cannot be made to hold markup', async () => {
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
])('the page of consent sends %s nowhere', async (_, more) => {
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
])('the page of consent sends back an error for %s, and notes it', async (_, more, error) => {
  const outreach = await start();

  const { status, headers } = await open(outreach, more);

  expect([status, new URL(headers.get('location') ?? '').searchParams.get('error')]).toEqual([302, error]);
  expect(breaches(outreach)).toHaveLength(1);
});

it('the page of consent notes what is not documented, except what browsers ask for by themselves', async () => {
  const outreach = await start();

  expect((await open(outreach, { prompt: 'consent' })).status).toBe(400);
  expect((await fetch(`${outreach.url}/oauth/consent`)).status).toBe(404);
  expect(breaches(outreach)).toHaveLength(2);
  expect((await fetch(`${outreach.url}/favicon.ico`)).status).toBe(404);
});

it.each<Form>([{ user: LOCKED }, EVIL, { decision: 'perhaps' }])(
  'the page of consent judges the form anew: %j',
  async (more) => {
    const outreach = await start();

    expect((await press(outreach, more)).status).toBe(400);
    breaches(outreach);
  },
);

it.each([
  [OTHER, OTHER],
  [LOCKED, OWNER],
  [undefined, OWNER],
])(
  'the page of consent chooses whoever is signed in to the browser (%s), which can be changed',
  async (inBrowser, first) => {
    const outreach = await start({ inBrowser: () => inBrowser });

    const html = await (await open(outreach)).text();

    expect([...html.matchAll(/value="(\d+)" required checked/g)].map(([, id]) => id)).toEqual([first]);
    const { json } = await exchange(outreach, await newCode(outreach, { user: OTHER }));
    expect((await ask(outreach, 'GET ', { token: json.access_token })).json.meta.user.email).toContain('theo');
  },
);

it.each<[string, asked: Form, sent: Form, status: number, error: string | undefined, noted: number]>([
  ['no verifier', PKCE, {}, 400, 'invalid_grant', 0],
  ['a verifier without a challenge', {}, { code_verifier: VERIFIER }, 400, 'invalid_request', 1],
  ['another address', {}, ELSEWHERE, 400, 'invalid_grant', 0],
  ['another secret', {}, { client_secret: 'wrong' }, 401, 'invalid_client', 0],
  ['no redirect_uri', {}, { redirect_uri: '' }, 400, 'invalid_request', 1],
  ['another grant type', {}, { grant_type: 'client_credentials' }, 400, 'invalid_request', 1],
  ['a parameter that is not known', {}, { audience: 'x' }, 400, 'invalid_request', 1],
  ['a refresh token beside it', {}, { grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'invalid_request', 1],
])('a code for tokens with %s', async (_, asked, sent, status, error, noted) => {
  const outreach = await start();

  const answer = await exchange(outreach, await newCode(outreach, asked), sent);

  expect([answer.status, answer.json.error]).toEqual([status, error]);
  expect(breaches(outreach)).toHaveLength(noted);
});

it('a code for tokens wants a form, not JSON, and answers a fault in its own form', async () => {
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

it('refreshing ends after 14 days without use', async () => {
  const clock = clockAt(NOW);
  const outreach = await start({ clock: clock.read });
  const [kept, idle] = [outreach.grant(OWNER), outreach.grant(OWNER)];

  clock.advance(14 * DAY - 1);
  expect((await refresh(outreach, kept.refreshToken)).status).toBe(200);
  clock.advance(1);
  expect((await refresh(outreach, idle.refreshToken)).status).toBe(400);
});

it('refreshing wants the redirect_uri of the consent, and kills the refresh token that was used', async () => {
  const outreach = await start();
  const { json } = await exchange(outreach, await newCode(outreach));

  expect((await refresh(outreach, json.refresh_token, ELSEWHERE)).status).toBe(400);
  expect(breaches(outreach)).toEqual([]);
  expect((await refresh(outreach, json.refresh_token, { redirect_uri: '' })).status).toBe(400);
  expect(breaches(outreach)).toHaveLength(1);
  expect((await refresh(outreach, json.refresh_token)).status).toBe(200);
  expect(await refresh(outreach, json.refresh_token)).toMatchObject(DEAD);
});

it('refreshing, one token a minute for each user, whichever way; what came too early is not spent', async () => {
  const clock = clockAt(NOW);
  const outreach = await start({ clock: clock.read, rateLimits: true });
  const { json } = await exchange(outreach, await newCode(outreach));
  const code = await newCode(outreach);

  const early = await refresh(outreach, json.refresh_token);
  expect(early).toMatchObject({ status: 429, json: { errors: [{ id: 'rateLimitExceeded' }] } });
  expect(early.headers.get('retry-after')).toBe(String((NOW + MINUTE) / 1000));
  expect((await exchange(outreach, code)).status).toBe(429);
  expect((await exchange(outreach, await newCode(outreach, { user: OTHER }))).status).toBe(200);
  clock.advance(MINUTE);
  expect((await refresh(outreach, json.refresh_token)).status).toBe(200);
  clock.advance(MINUTE);
  expect((await exchange(outreach, code)).status).toBe(200);
});

it('no token of someone locked works', async () => {
  const outreach = await start();
  const { accessToken, refreshToken } = outreach.grant(OWNER);

  for (const user of outreach.users()) if (user.id === OWNER) outreach.putUser({ ...user, locked: true });

  expect((await list(outreach, {}, accessToken)).status).toBe(401);
  expect(await refresh(outreach, refreshToken)).toMatchObject(DEAD);
});
