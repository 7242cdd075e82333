import { expect, it } from 'vitest';
import { ProviderError } from '../../../src/core/model/errors.ts';
import type { Account } from '../../../src/core/model/people.ts';
import type { Grant } from '../../../src/core/ports/provider.ts';
import { createTokens } from '../../../src/providers/outreach/tokens.ts';
import { answer, click, expectNoSecrets, fails, failureOf } from '../../contract/provider-harness.ts';
import { memoryGrants } from '../grants.ts';
import { HOUR, MINUTE, OWNER, REDIRECT, STRANGER, start } from './harness.ts';

const NOW = Date.UTC(2026, 10, 27, 9);
const TOKEN = 'POST /oauth/token';

/** With a clock that stands still until it is moved. */
async function open() {
  const time = { now: NOW };
  const started = await start({ clock: () => time.now });
  const { outreach, provider } = started;
  return {
    ...started,
    pass: (ms: number) => {
      time.now += ms;
    },
    list: (rep: Account = OWNER) => provider.listTasks(rep, click),
    keepAlive: async () => provider.consent?.keepAlive(OWNER, click),
    mints: () => outreach.requests.filter(({ method, path }) => `${method} ${path}` === TOKEN),
    /** Every request as `GET 200`. */
    story: () =>
      outreach.requests.map(({ method, path, status }) => `${path.startsWith('/oauth') ? 'MINT' : method} ${status}`),
    failMint: (how: Parameters<typeof outreach.fail>[0]['how']) => outreach.fail({ on: TOKEN, how }),
  };
}

it('a token is used while it lives longer than another minute', async () => {
  const { consent, pass, list, story } = await open();
  consent(OWNER, 0);
  pass(2 * HOUR - MINUTE - 1);
  await list();
  expect(story()).toEqual(['GET 200']);
});

// outreach.md 1.3: redirect_uri also on renewal, form encoded
it('a token is renewed ahead of its end, in the documented form, and the new one is kept', async () => {
  const { outreach, grants, consent, pass, list, story, mints } = await open();
  const before = consent(OWNER, 0);
  pass(2 * HOUR - MINUTE);
  await list();
  await list();
  expect(story()).toEqual(['MINT 200', 'GET 200', 'GET 200']);
  expect(Object.fromEntries(new URLSearchParams(String(mints()[0]?.body)))).toEqual({
    client_id: outreach.clientId,
    client_secret: outreach.clientSecret,
    redirect_uri: REDIRECT,
    grant_type: 'refresh_token',
    refresh_token: before.refreshToken,
  });
  const now = NOW + 2 * HOUR - MINUTE;
  const after = grants.grant(OWNER);
  expect(after).toMatchObject({ mintedAt: now, expiresAt: now + 2 * HOUR, scopes: before.scopes });
  expect(after?.refreshToken).not.toBe(before.refreshToken);
});

// outreach.md 1.10: expires_in and scope are what the answer says
it('a token lives as long and reaches as far as its answer says, and a refresh token that is not replaced is kept', async () => {
  const { grants, keepAlive, failMint } = await open();
  const refreshToken = grants.grant(OWNER)?.refreshToken;
  failMint(answer({ access_token: 'A', expires_in: 600, scope: 'tasks.read users.read' }));
  await keepAlive();
  const times = { mintedAt: NOW, expiresAt: NOW + 10 * MINUTE };
  const scopes = ['tasks.read', 'users.read'];
  expect(grants.grant(OWNER)).toEqual({ accessToken: 'A', refreshToken, ...times, scopes });
});

it('a token ends by the time of the asking, and was made by the time of the answer', async () => {
  const { outreach, grants, pass, keepAlive, failMint } = await open();
  failMint({ kind: 'hold' });
  const renewal = keepAlive();
  await expect.poll(() => outreach.requests.length).toBe(1);
  pass(5_000);
  outreach.release();
  await renewal;
  expect(grants.grant(OWNER)).toMatchObject({ mintedAt: NOW + 5_000, expiresAt: NOW + 2 * HOUR });
});

// outreach.md 1.5: the newest refresh token is the one that is used
it('a token is renewed again and again, each time with the newest refresh token', async () => {
  const { pass, list, story } = await open();
  for (let times = 0; times < 5; times += 1) {
    pass(2 * HOUR);
    await list();
  }
  expect(story()).toEqual(Array.from({ length: 5 }, () => ['MINT 200', 'GET 200']).flat());
});

// outreach.md 5.401: 401 is answered by one renewal and one repetition
it('a token that is refused is renewed, and the request sent once more', async () => {
  const { outreach, list, story } = await open();
  outreach.expireAccess(OWNER.externalId);
  await list();
  expect(story()).toEqual(['GET 401', 'MINT 200', 'GET 200']);
});

// outreach.md 5.1: 403 near the end of a token may be about the token
it.for<[string, number, string[]]>([
  ['near its end', 5 * MINUTE - 1, ['GET 403', 'MINT 200', 'GET 200']],
  ['far from its end', 5 * MINUTE, ['GET 403']],
])('a token is suspected of a 403 %s', async ([, leftMs, expected]) => {
  const { outreach, consent, list, story } = await open();
  consent(OWNER, 2 * HOUR - leftMs);
  outreach.fail({ on: 'GET', how: { kind: 'answer', status: 403 } });
  await list().catch(() => undefined);
  expect(story()).toEqual(expected);
});

it('a token that is refused right after its renewal is for the rep to mend, and their consent is not ended for it', async () => {
  const { outreach, grants, list, mints } = await open();
  outreach.fail({ on: 'GET', how: { kind: 'answer', status: 401 }, times: 2 });
  await fails(list(), 'disconnected', { status: 401 });
  expect(mints()).toHaveLength(1);
  expect(grants.ended).toEqual([]);
});

// outreach.md 1.6: one token a minute, else 429
it('a token is not made twice within a minute', async () => {
  const { outreach, consent, pass, list, story } = await open();
  consent(OWNER, 0);
  outreach.fail({ on: 'GET', how: { kind: 'answer', status: 401 }, times: 2 });
  pass(MINUTE - 1_500);
  await fails(list(), 'rate_limited', { retryAfterMs: 1_500 });
  expect(story()).toEqual(['GET 401']);
  pass(1_500);
  await list();
  expect(story()).toEqual(['GET 401', 'GET 401', 'MINT 200', 'GET 200']);
});

// outreach.md 1.7: one renewal at a time in a process
it.for([
  ['ask at the same time', 0],
  ['are refused at the same time, and after each other', 5],
] as const)('a token is renewed once for all who %s', async ([, refusals]) => {
  const { outreach, pass, list, mints } = await open();
  if (refusals > 0) outreach.expireAccess(OWNER.externalId);
  else pass(2 * HOUR);
  await Promise.all(Array.from({ length: 5 }, () => list()));
  expect(mints()).toHaveLength(1);
  expect(outreach.requests.filter(({ status }) => status === 401)).toHaveLength(refusals);
});

it('a token that Outreach makes for nobody yet is not asked for again before its time', async () => {
  const { pass, list, story, failMint } = await open();
  pass(2 * HOUR);
  failMint({ kind: 'answer', status: 429, headers: { 'Retry-After': '40' } });
  for (let times = 0; times < 2; times += 1) await fails(list(), 'rate_limited', { retryAfterMs: 40_000 });
  expect(story()).toEqual(['MINT 429']);
  pass(40_000);
  await list();
  expect(story()).toEqual(['MINT 429', 'MINT 200', 'GET 200']);
});

// outreach.md 1.8: one renewal at a time across processes
it('a token is renewed once for two processes, and the other goes on with the new one', async () => {
  const { outreach, another, pass, list, story, failMint } = await open();
  const other = another();
  pass(2 * HOUR);
  failMint({ kind: 'hold' });
  const both = [list(), other.listTasks(OWNER, click)];
  await expect.poll(() => outreach.requests.length).toBe(1);
  setTimeout(() => outreach.release(), 300);
  await Promise.all(both);
  expect(story()).toEqual(['MINT 200', 'GET 200', 'GET 200']);
});

it('a token is renewed by another process when the first one died over it', async () => {
  const { grants, pass, list, story } = await open();
  pass(2 * HOUR);
  await grants.lock((await grants.find(OWNER)) ?? expect.fail(), NOW + 2 * HOUR + 10);
  setTimeout(() => pass(11), 300);
  await list();
  expect(story()).toEqual(['MINT 200', 'GET 200']);
});

it('a token of one rep does not wait for another rep', async () => {
  const { outreach, pass, list, failMint } = await open();
  pass(2 * HOUR);
  failMint({ kind: 'hold' });
  const first = list();
  await expect.poll(() => outreach.requests.length).toBe(1);
  await list(STRANGER);
  outreach.release();
  await first;
});

it('a consent that is not there is said to be missing, without asking Outreach', async () => {
  const { outreach, list } = await open();
  await fails(list({ ...OWNER, userId: 'U-nobody' }), 'disconnected');
  expect(outreach.requests).toEqual([]);
});

it('a consent that was taken back ends, once', async () => {
  const { outreach, provider, grants, list, mints } = await open();
  outreach.revoke(OWNER.externalId);
  const both = [list(), provider.readTask(OWNER, '1', click)];
  await Promise.all(both.map((call) => fails(call, 'disconnected')));
  await fails(list(), 'disconnected');
  expect(grants.ended).toEqual([OWNER.userId]);
  expect(mints()).toHaveLength(1);
  await list(STRANGER);
});

it.for([
  ['ends', { status: 400, body: '{"error":"invalid_grant"}' }, 'disconnected'],
  ['ends', { status: 401, body: '{"error":"invalid_grant"}' }, 'disconnected'],
  ['ends', { status: 401, body: '' }, 'disconnected'],
  ['stays', { status: 401, body: '{"error":"invalid_client"}' }, 'auth'],
  ['stays', { status: 400, body: '{"error":"invalid_request"}' }, 'invalid'],
  ['stays', { status: 400, body: 'invalid_grant' }, 'invalid'],
  ['stays', { status: 403 }, 'forbidden'],
  ['stays', { status: 429 }, 'rate_limited'],
  ['stays', { status: 503 }, 'unavailable'],
  ['stays', { status: 200, body: '{"access_token":""}' }, 'unreadable'],
] as const)('a consent %s when a renewal is answered with %j', async ([what, how, kind]) => {
  const { grants, pass, list, story, failMint } = await open();
  pass(2 * HOUR);
  failMint({ kind: 'answer', ...how });
  await fails(list(), kind, { status: how.status, operation: TOKEN });
  expect(grants.ended).toEqual(what === 'ends' ? [OWNER.userId] : []);
  expect(story()).toEqual([`MINT ${how.status}`]);
  pass(15 * MINUTE);
  if (what === 'stays') expect(await list()).toMatchObject({ tasks: [] });
});

it('a consent stays when a renewal is not answered, and nobody is kept from trying again', async () => {
  const { outreach, grants, pass, list, failMint } = await open();
  const refreshToken = String(grants.grant(OWNER)?.refreshToken);
  pass(2 * HOUR);
  failMint({ kind: 'reset' });
  const error = await failureOf(list());
  expect(error).toMatchObject({ kind: 'unavailable' });
  expectNoSecrets(error, { secrets: [refreshToken, outreach.clientSecret] });
  await list();
  expect(grants.ended).toEqual([]);
});

it('a consent whose renewal fails is used as long as its token lives', async () => {
  const { consent, pass, list, story, failMint } = await open();
  consent(OWNER, 0);
  pass(2 * HOUR - MINUTE);
  failMint({ kind: 'answer', status: 500 });
  await list();
  await list();
  expect(story()).toEqual(['MINT 500', 'GET 200', 'MINT 200', 'GET 200']);
});

it('a consent that comes to its end is not used when it was taken back', async () => {
  const { outreach, grants, consent, pass, list } = await open();
  consent(OWNER, 0);
  pass(2 * HOUR - MINUTE);
  outreach.revoke(OWNER.externalId);
  await fails(list(), 'disconnected');
  expect(grants.ended).toEqual([OWNER.userId]);
});

it('a consent is renewed for nobody, before it ends by itself', async () => {
  const { grants, consent, pass, keepAlive, story } = await open();
  const { refreshToken } = consent(OWNER, 0);
  await keepAlive();
  expect(story()).toEqual([]);
  pass(7 * 24 * HOUR);
  await keepAlive();
  expect(grants.grant(OWNER)?.refreshToken).not.toBe(refreshToken);
  await keepAlive();
  expect(story()).toEqual(['MINT 200']);
});

const grantOf = (name: string, mintedAt = NOW): Grant => {
  const tokens = { accessToken: name, refreshToken: `refresh of ${name}` };
  return { ...tokens, mintedAt, expiresAt: mintedAt + 2 * HOUR, scopes: ['tasks.read'] };
};

/** Tokens with a clock at `NOW`, where the old one has ended. */
async function tokensWith(mint: (grants: ReturnType<typeof memoryGrants>) => Promise<Grant>) {
  const grants = memoryGrants(() => NOW);
  grants.put(OWNER, grantOf('old', NOW - 3 * HOUR));
  const tokens = createTokens({ grants, clock: () => NOW, mint: () => mint(grants), lookAgainMs: 1 });
  const used = async (signal?: AbortSignal) => (await tokens.current(OWNER, signal)).grant.accessToken;
  return { grants, tokens, used, old: (await grants.find(OWNER)) ?? expect.fail() };
}
const made = async () => grantOf('new');

// outreach.md 1.4: each renewal brings a new refresh token, which is stored before use
it('a renewal is stored before it is used', async () => {
  const { grants, used } = await tokensWith(made);
  const { renew } = grants;
  const stored: string[] = [];
  grants.renew = async (held, grant) => {
    await new Promise(setImmediate);
    stored.push(grant.accessToken);
    return renew(held, grant);
  };
  expect([await used(), stored]).toEqual(['new', ['new']]);
});

it('a renewal that could not be stored is not used', async () => {
  const { grants, used } = await tokensWith(made);
  grants.renew = () => Promise.reject(new Error('the disk is full'));
  await expect(used()).rejects.toThrow('the disk is full');
});

// contracts, unknown O7: a refresh token that was used is dead
it.for([
  ['has stored first', made],
  [
    'was faster over, and that is refused,',
    () => Promise.reject(new ProviderError({ provider: 'outreach', kind: 'disconnected', operation: TOKEN })),
  ],
] as const)('a renewal that somebody else %s gives way to theirs', async ([, ours]) => {
  const { grants, used } = await tokensWith(async () => {
    const held = await grants.find(OWNER);
    if (held) await grants.renew(held, grantOf('theirs'));
    return ours();
  });
  expect(await used()).toBe('theirs');
  expect(grants.ended).toEqual([]);
});

it('a renewal is not made of a grant that has been replaced already', async () => {
  const { grants, tokens, old } = await tokensWith(() => expect.fail('made'));
  // A new consent, which counts its versions from the beginning.
  grants.put(OWNER, grantOf('consented'));
  expect((await tokens.renewed(old)).grant.accessToken).toBe('consented');
});

it('a renewal is waited for no longer than ten seconds', async () => {
  const { grants, tokens, old } = await tokensWith(made);
  await grants.lock(old, NOW + 1);
  const { find } = grants;
  let looks = 0;
  grants.find = (rep) => {
    looks += 1;
    return find(rep);
  };
  await fails(tokens.current(OWNER), 'unavailable', { operation: TOKEN });
  expect(looks).toBe(1 + 40);
});

it('a renewal goes on when one of those who wait for it leaves', async () => {
  const release = Promise.withResolvers<Grant>();
  const { tokens, used } = await tokensWith(() => release.promise);
  const stop = new AbortController();
  const leaving = fails(tokens.current(OWNER, stop.signal), 'unavailable', { cause: 'gone' });
  const staying = used();
  stop.abort('gone');
  await leaving;
  release.resolve(grantOf('new'));
  expect(await staying).toBe('new');
});
