import { describe, expect, it } from 'vitest';
import type { OutreachSimulator } from '../../../sandbox/outreach/types.ts';
import { ProviderError } from '../../../src/core/model/errors.ts';
import type { Grant } from '../../../src/core/ports/provider.ts';
import { createTokens } from '../../../src/providers/outreach/tokens.ts';
import { click, expectNoSecrets, failureOf } from '../../contract/provider-harness.ts';
import { memoryGrants } from '../grants.ts';
import { HOUR, MINUTE, OWNER, outreachPerTest, REDIRECT, STRANGER } from './harness.ts';

const start = outreachPerTest();
const NOW = Date.UTC(2026, 10, 27, 9);
const TOKEN = 'POST /oauth/token';

/** With a clock that stands still until it is moved. */
async function open(setup: Omit<Parameters<typeof start>[0] & object, 'clock'> = {}) {
  let now = NOW;
  const clock = () => now;
  const started = await start({ ...setup, clock });
  return {
    ...started,
    clock,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

function mints({ requests }: OutreachSimulator) {
  return requests.filter(({ method, path }) => `${method} ${path}` === TOKEN);
}

/** Every request as `GET 200`. */
function story({ requests }: OutreachSimulator): string[] {
  return requests.map(({ method, path, status }) => `${path.startsWith('/oauth') ? 'MINT' : method} ${status}`);
}

describe('a token', () => {
  it('is used while it lives longer than another minute', async () => {
    const { outreach, provider, consent, pass } = await open();
    consent(OWNER, 0);
    pass(2 * HOUR - MINUTE - 1);
    await provider.listTasks(OWNER, click);
    expect(story(outreach)).toEqual(['GET 200']);
  });

  // outreach.md 1.3: redirect_uri also on renewal, form encoded
  it('is renewed ahead of its end, in the documented form, and the new one is kept', async () => {
    const { outreach, provider, grants, consent, pass } = await open();
    const before = consent(OWNER, 0);
    pass(2 * HOUR - MINUTE);
    await provider.listTasks(OWNER, click);
    await provider.listTasks(OWNER, click);
    expect(story(outreach)).toEqual(['MINT 200', 'GET 200', 'GET 200']);
    expect(Object.fromEntries(new URLSearchParams(String(mints(outreach)[0]?.body)))).toEqual({
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
  it('lives as long and reaches as far as its answer says, and a refresh token that is not replaced is kept', async () => {
    const { outreach, provider, grants } = await open();
    const before = grants.grant(OWNER);
    const body = JSON.stringify({ access_token: 'A', expires_in: 600, scope: 'tasks.read users.read' });
    outreach.fail({ on: 'POST', how: { kind: 'answer', status: 200, body } });
    await provider.consent?.keepAlive(OWNER, click);
    expect(grants.grant(OWNER)).toEqual({
      accessToken: 'A',
      refreshToken: before?.refreshToken,
      mintedAt: NOW,
      expiresAt: NOW + 10 * MINUTE,
      scopes: ['tasks.read', 'users.read'],
    });
  });

  it('ends by the time of the asking, and was made by the time of the answer', async () => {
    const { outreach, provider, grants, pass } = await open();
    outreach.fail({ on: 'POST', how: { kind: 'hold' } });
    const renewal = provider.consent?.keepAlive(OWNER, click);
    await expect.poll(() => outreach.requests.length).toBe(1);
    pass(5_000);
    outreach.release();
    await renewal;
    expect(grants.grant(OWNER)).toMatchObject({ mintedAt: NOW + 5_000, expiresAt: NOW + 2 * HOUR });
  });

  // outreach.md 1.5: the newest refresh token is the one that is used
  it('is renewed again and again, each time with the newest refresh token', async () => {
    const { outreach, provider, pass } = await open();
    for (let times = 0; times < 5; times += 1) {
      pass(2 * HOUR);
      await provider.listTasks(OWNER, click);
    }
    expect(story(outreach)).toEqual(Array.from({ length: 5 }, () => ['MINT 200', 'GET 200']).flat());
  });

  // outreach.md 5.401: 401 is answered by one renewal and one repetition
  it('that is refused is renewed, and the request sent once more', async () => {
    const { outreach, provider } = await open();
    outreach.expireAccess(OWNER.externalId);
    await provider.listTasks(OWNER, click);
    expect(story(outreach)).toEqual(['GET 401', 'MINT 200', 'GET 200']);
  });

  // outreach.md 5.1: 403 near the end of a token may be about the token
  it.for<[string, number, string[]]>([
    ['near its end', 5 * MINUTE - 1, ['GET 403', 'MINT 200', 'GET 200']],
    ['far from its end', 5 * MINUTE, ['GET 403']],
  ])('is suspected of a 403 %s', async ([, leftMs, expected]) => {
    const { outreach, provider, consent } = await open();
    consent(OWNER, 2 * HOUR - leftMs);
    outreach.fail({ on: 'GET', how: { kind: 'answer', status: 403 } });
    await provider.listTasks(OWNER, click).catch(() => undefined);
    expect(story(outreach)).toEqual(expected);
  });

  it('that is refused right after its renewal is for the rep to mend, and their consent is not ended for it', async () => {
    const { outreach, provider, grants } = await open();
    outreach.fail({ on: 'GET', how: { kind: 'answer', status: 401 }, times: 2 });
    expect(await failureOf(provider.listTasks(OWNER, click))).toMatchObject({ kind: 'disconnected', status: 401 });
    expect(mints(outreach)).toHaveLength(1);
    expect(grants.ended).toEqual([]);
  });

  // outreach.md 1.6: one token a minute, else 429
  it('is not made twice within a minute', async () => {
    const { outreach, provider, consent, pass } = await open();
    consent(OWNER, 0);
    outreach.fail({ on: 'GET', how: { kind: 'answer', status: 401 }, times: 2 });
    pass(MINUTE - 1_500);
    expect(await failureOf(provider.listTasks(OWNER, click))).toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: 1_500,
    });
    expect(mints(outreach)).toEqual([]);
    pass(1_500);
    await provider.listTasks(OWNER, click);
    expect(story(outreach)).toEqual(['GET 401', 'GET 401', 'MINT 200', 'GET 200']);
  });

  // outreach.md 1.7: one renewal at a time in a process
  it('is renewed once for all who ask at the same time', async () => {
    const { outreach, provider, pass } = await open();
    pass(2 * HOUR);
    await Promise.all(Array.from({ length: 5 }, () => provider.listTasks(OWNER, click)));
    expect(mints(outreach)).toHaveLength(1);
  });

  it('is renewed once for all who are refused at the same time, and after each other', async () => {
    const { outreach, provider } = await open();
    outreach.expireAccess(OWNER.externalId);
    await Promise.all(Array.from({ length: 5 }, () => provider.listTasks(OWNER, click)));
    expect(mints(outreach)).toHaveLength(1);
    expect(outreach.requests.filter(({ status }) => status === 401)).toHaveLength(5);
  });

  it('that Outreach makes for nobody yet is not asked for again before its time', async () => {
    const { outreach, provider, pass } = await open();
    pass(2 * HOUR);
    outreach.fail({ on: TOKEN, how: { kind: 'answer', status: 429, headers: { 'Retry-After': '40' } } });
    for (let times = 0; times < 2; times += 1) {
      const error = await failureOf(provider.listTasks(OWNER, click));
      expect(error).toMatchObject({ kind: 'rate_limited', retryAfterMs: 40_000 });
    }
    expect(story(outreach)).toEqual(['MINT 429']);
    pass(40_000);
    await provider.listTasks(OWNER, click);
    expect(story(outreach)).toEqual(['MINT 429', 'MINT 200', 'GET 200']);
  });

  // outreach.md 1.8: one renewal at a time across processes
  it('is renewed once for two processes, and the other goes on with the new one', async () => {
    const { outreach, provider, another, pass } = await open();
    const other = another();
    pass(2 * HOUR);
    outreach.fail({ on: TOKEN, how: { kind: 'hold' } });
    const both = [provider.listTasks(OWNER, click), other.listTasks(OWNER, click)];
    await expect.poll(() => outreach.requests.length).toBe(1);
    setTimeout(() => outreach.release(), 300);
    expect(await Promise.all(both)).toHaveLength(2);
    expect(story(outreach)).toEqual(['MINT 200', 'GET 200', 'GET 200']);
  });

  it('is renewed by another process when the first one died over it', async () => {
    const { outreach, provider, grants, pass } = await open();
    pass(2 * HOUR);
    const held = await grants.find(OWNER);
    if (held) await grants.lock(held, NOW + 2 * HOUR + 10);
    setTimeout(() => pass(11), 300);
    await provider.listTasks(OWNER, click);
    expect(story(outreach)).toEqual(['MINT 200', 'GET 200']);
  });

  it('of one rep does not wait for another rep', async () => {
    const { outreach, provider, pass } = await open();
    pass(2 * HOUR);
    outreach.fail({ on: TOKEN, how: { kind: 'hold' } });
    const first = provider.listTasks(OWNER, click);
    await expect.poll(() => outreach.requests.length).toBe(1);
    await provider.listTasks(STRANGER, click);
    outreach.release();
    await first;
  });
});

describe('a consent', () => {
  it('that is not there is said to be missing, without asking Outreach', async () => {
    const { outreach, provider } = await open();
    const nobody = { ...OWNER, userId: 'U-nobody' };
    expect(await failureOf(provider.listTasks(nobody, click))).toMatchObject({ kind: 'disconnected' });
    expect(outreach.requests).toEqual([]);
  });

  it('that was taken back ends, once', async () => {
    const { outreach, provider, grants } = await open();
    outreach.revoke(OWNER.externalId);
    const both = [provider.listTasks(OWNER, click), provider.readTask(OWNER, '1', click)].map(failureOf);
    expect(await Promise.all(both)).toMatchObject([{ kind: 'disconnected' }, { kind: 'disconnected' }]);
    expect(await failureOf(provider.listTasks(OWNER, click))).toMatchObject({ kind: 'disconnected' });
    expect(grants.ended).toEqual([OWNER.userId]);
    expect(mints(outreach)).toHaveLength(1);
    await provider.listTasks(STRANGER, click);
  });

  it.for<[string, { status: number; body?: string }, string]>([
    ['ends', { status: 400, body: '{"error":"invalid_grant"}' }, 'disconnected'],
    ['ends', { status: 401, body: '{"error":"invalid_grant"}' }, 'disconnected'],
    ['ends', { status: 401, body: '' }, 'disconnected'],
    ['stays', { status: 401, body: '{"error":"invalid_client"}' }, 'auth'],
    ['stays', { status: 400, body: '{"error":"invalid_request"}' }, 'invalid'],
    ['stays', { status: 400, body: 'invalid_grant' }, 'invalid'],
    ['stays', { status: 403 }, 'forbidden'],
    ['stays', { status: 429 }, 'rate_limited'],
    ['stays', { status: 500 }, 'unavailable'],
    ['stays', { status: 503 }, 'unavailable'],
    ['stays', { status: 200, body: '{"access_token":""}' }, 'unreadable'],
  ])('%s when a renewal is answered with %j', async ([what, answer, kind]) => {
    const { outreach, provider, grants, pass } = await open();
    pass(2 * HOUR);
    outreach.fail({ on: TOKEN, how: { kind: 'answer', ...answer } });
    const error = await failureOf(provider.listTasks(OWNER, click));
    expect(error).toMatchObject({ kind, status: answer.status, operation: TOKEN });
    expect(grants.ended).toEqual(what === 'ends' ? [OWNER.userId] : []);
    expect(story(outreach)).toEqual([`MINT ${answer.status}`]);
    pass(15 * MINUTE);
    if (what === 'stays') expect(await provider.listTasks(OWNER, click)).toMatchObject({ tasks: [] });
  });

  it('stays when a renewal is not answered, and nobody is kept from trying again', async () => {
    const { outreach, provider, grants, pass } = await open();
    const refreshToken = String(grants.grant(OWNER)?.refreshToken);
    pass(2 * HOUR);
    outreach.fail({ on: TOKEN, how: { kind: 'reset' } });
    const error = await failureOf(provider.listTasks(OWNER, click));
    expect(error).toMatchObject({ kind: 'unavailable' });
    expectNoSecrets(error, { secrets: [refreshToken, outreach.clientSecret] } as never);
    await provider.listTasks(OWNER, click);
    expect(grants.ended).toEqual([]);
  });

  it('whose renewal fails is used as long as its token lives', async () => {
    const { outreach, provider, consent, pass } = await open();
    consent(OWNER, 0);
    pass(2 * HOUR - MINUTE);
    outreach.fail({ on: TOKEN, how: { kind: 'answer', status: 500 } });
    await provider.listTasks(OWNER, click);
    await provider.listTasks(OWNER, click);
    expect(story(outreach)).toEqual(['MINT 500', 'GET 200', 'MINT 200', 'GET 200']);
  });

  it('that comes to its end is not used when it was taken back', async () => {
    const { outreach, provider, grants, consent, pass } = await open();
    consent(OWNER, 0);
    pass(2 * HOUR - MINUTE);
    outreach.revoke(OWNER.externalId);
    expect(await failureOf(provider.listTasks(OWNER, click))).toMatchObject({ kind: 'disconnected' });
    expect(grants.ended).toEqual([OWNER.userId]);
  });

  it('is renewed for nobody, before it ends by itself', async () => {
    const { outreach, provider, grants, consent, pass } = await open();
    const { refreshToken } = consent(OWNER, 0);
    await provider.consent?.keepAlive(OWNER, click);
    expect(outreach.requests).toEqual([]);
    pass(7 * 24 * HOUR);
    await provider.consent?.keepAlive(OWNER, click);
    expect(story(outreach)).toEqual(['MINT 200']);
    expect(grants.grant(OWNER)?.refreshToken).not.toBe(refreshToken);
    await provider.consent?.keepAlive(OWNER, click);
    expect(mints(outreach)).toHaveLength(1);
  });
});

describe('a renewal', () => {
  const grantOf = (name: string, mintedAt: number): Grant => ({
    accessToken: name,
    refreshToken: `refresh of ${name}`,
    mintedAt,
    expiresAt: mintedAt + 2 * HOUR,
    scopes: ['tasks.read'],
  });

  /** Tokens with a clock at `NOW`, where the old one has ended. */
  function tokensWith(mint: (grants: ReturnType<typeof memoryGrants>) => Promise<Grant>) {
    const grants = memoryGrants(() => NOW);
    grants.put(OWNER, grantOf('old', NOW - 3 * HOUR));
    const tokens = createTokens({ grants, clock: () => NOW, mint: () => mint(grants), lookAgainMs: 1 });
    return { grants, tokens };
  }

  // outreach.md 1.4: each renewal brings a new refresh token, which is stored before use
  it('is stored before it is used', async () => {
    const order: string[] = [];
    const { grants, tokens } = tokensWith(async () => grantOf('new', NOW));
    const { renew } = grants;
    grants.renew = async (held, grant) => {
      order.push('stored');
      return renew(held, grant);
    };
    const { grant } = await tokens.current(OWNER);
    order.push(`used ${grant.accessToken}`);
    expect(order).toEqual(['stored', 'used new']);
  });

  it('that could not be stored is not used', async () => {
    const { grants, tokens } = tokensWith(async () => grantOf('new', NOW));
    grants.renew = async () => {
      throw new Error('the disk is full');
    };
    await expect(tokens.current(OWNER)).rejects.toThrow('the disk is full');
  });

  it('that somebody else has stored first gives way to theirs', async () => {
    const { tokens } = tokensWith(async (grants) => {
      const held = await grants.find(OWNER);
      if (held) await grants.renew(held, grantOf('theirs', NOW));
      return grantOf('ours', NOW);
    });
    expect((await tokens.current(OWNER)).grant.accessToken).toBe('theirs');
  });

  // contracts, unknown O7: a refresh token that was used is dead
  it('that is refused because somebody else was faster gives way to theirs', async () => {
    const { grants, tokens } = tokensWith(async () => {
      const held = await grants.find(OWNER);
      if (held) await grants.renew(held, grantOf('theirs', NOW));
      throw new ProviderError({ provider: 'outreach', kind: 'disconnected', operation: TOKEN });
    });
    expect((await tokens.current(OWNER)).grant.accessToken).toBe('theirs');
    expect(grants.ended).toEqual([]);
  });

  it('that is refused ends the consent, also while its token lives', async () => {
    const { grants, tokens } = tokensWith(async () => {
      throw new ProviderError({ provider: 'outreach', kind: 'disconnected', operation: TOKEN });
    });
    grants.put(OWNER, { ...grantOf('old', NOW - 2 * HOUR), expiresAt: NOW + 1 });
    expect(await failureOf(tokens.current(OWNER))).toMatchObject({ kind: 'disconnected' });
    expect(grants.ended).toEqual([OWNER.userId]);
  });

  it('is asked for once by all of a process', async () => {
    const { grants, tokens } = tokensWith(async () => grantOf('new', NOW));
    let locks = 0;
    const { lock } = grants;
    grants.lock = (held, until) => {
      locks += 1;
      return lock(held, until);
    };
    await Promise.all([tokens.current(OWNER), tokens.current(OWNER), tokens.current(OWNER)]);
    expect(locks).toBe(1);
  });

  it('is not made of a grant that has been replaced already', async () => {
    let minted = 0;
    const { grants, tokens } = tokensWith(async () => {
      minted += 1;
      return grantOf('new', NOW);
    });
    const refused = await grants.find(OWNER);
    // A new consent, which counts its versions from the beginning.
    grants.put(OWNER, grantOf('consented', NOW));
    if (!refused) throw new Error('no grant');
    expect((await tokens.renewed(refused)).grant.accessToken).toBe('consented');
    expect(minted).toBe(0);
  });

  it('is waited for no longer than ten seconds', async () => {
    const { grants, tokens } = tokensWith(async () => grantOf('new', NOW));
    const held = await grants.find(OWNER);
    if (held) await grants.lock(held, NOW + 1);
    let looks = 0;
    const { find } = grants;
    grants.find = (rep) => {
      looks += 1;
      return find(rep);
    };
    expect(await failureOf(tokens.current(OWNER))).toMatchObject({ kind: 'unavailable', operation: TOKEN });
    expect(looks).toBe(1 + 40);
  });

  it('goes on when one of those who wait for it leaves', async () => {
    const release = Promise.withResolvers<Grant>();
    const { tokens } = tokensWith(() => release.promise);
    const stop = new AbortController();
    const leaving = failureOf(tokens.current(OWNER, stop.signal));
    const staying = tokens.current(OWNER);
    const reason = new Error('the rep has gone');
    stop.abort(reason);
    expect(await leaving).toMatchObject({ kind: 'unavailable', cause: reason });
    release.resolve(grantOf('new', NOW));
    expect((await staying).grant.accessToken).toBe('new');
  });
});
