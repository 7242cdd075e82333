import { describe, expect, it } from 'vitest';
import { ABROAD, ask, filter, MAYA, NOW, OWNER, PUT, start, THEO, task } from './reply.ts';

const BEARER = { authorization: 'Bearer sandbox-reply-key', 'x-api-key': undefined };
const API_KEY = { 'x-api-key': 'sandbox-reply-key', authorization: undefined };

describe('the key (contracts, conflict 1; reply.md 2)', () => {
  it.each([
    ['seed', API_KEY, 200],
    ['seed', BEARER, 401],
    ['mixed', API_KEY, 200],
    ['mixed', BEARER, 401],
    ['current', BEARER, 200],
    ['current', API_KEY, 401],
    ['current', { authorization: 'sandbox-reply-key' }, 401],
    ['seed', { 'x-api-key': undefined }, 401],
    ['seed', { 'x-api-key': 'wrong' }, 401],
  ] as const)('%s: %o is answered %i', async (dialect, headers, status) => {
    const reply = await start({ dialect });

    const got = await ask(reply, 'GET', '/v3/whoami', { headers });

    expect(got.status).toBe(status);
    expect(reply.unexpected).toEqual([]);
    if (status !== 401) return;
    expect(got.text).toBe('');
    expect(got.headers.get('www-authenticate')).toBe(dialect === 'current' ? 'Bearer' : null);
  });

  it('in both headers works, and is a breach', async () => {
    const reply = await start();

    const got = await ask(reply, 'GET', '/v3/whoami', { headers: { authorization: `Bearer ${reply.apiKey}` } });

    expect(got.status).toBe(200);
    expect(reply.requests).toMatchObject([{ auth: 'both' }]);
    expect(reply.unexpected).toEqual(['GET /v3/whoami: sends the key in two headers']);
  });

  it('never shows in the log, which tells the header and who is acted as', async () => {
    const reply = await start({ apiKey: 'very-secret' });

    await filter(reply, { status: 0 });
    await ask(reply, 'GET', '/v3/whoami', { headers: { ...BEARER, authorization: 'Bearer very-secret' } });
    await ask(reply, 'GET', '/v3/whoami', { as: null, headers: { 'x-api-key': undefined } });

    expect(reply.requests).toMatchObject([
      { at: NOW, auth: 'x-api-key', actingUser: MAYA.email, actingUserId: MAYA.id, body: { status: 0 }, status: 200 },
      { auth: 'bearer', actingUser: MAYA.email, status: 401 },
      { auth: 'none', status: 401 },
    ]);
    expect(reply.requests[1]).not.toHaveProperty('actingUserId');
    expect(JSON.stringify(reply.requests)).not.toContain('very-secret');
  });

  it('the dialect may change while it runs', async () => {
    const reply = await start();
    const tried = { headers: { ...API_KEY } };

    expect((await ask(reply, 'GET', '/v3/whoami', tried)).status).toBe(200);
    reply.setDialect('current');

    expect(reply.dialect).toBe('current');
    expect((await ask(reply, 'GET', '/v3/whoami', tried)).status).toBe(401);
    expect((await ask(reply, 'GET', '/v3/whoami')).status).toBe(200);
  });
});

describe('the acting user of a Master key (reply.md 2)', () => {
  it.each([
    ['an address in another case', { 'x-user-email': 'MAYA@Northlight.Example' }],
    ['an id', { 'x-user-email': undefined, 'x-user-id': MAYA.id }],
    ['both', { 'x-user-id': MAYA.id }],
  ])('is named by %s', async (_, headers) => {
    const reply = await start({ tasks: [task('1'), task('2', { assignedUserId: THEO.id })] });

    const got = await ask(reply, 'GET', '/v3/tasks/1', { headers });

    expect(got.status).toBe(200);
    expect((await ask(reply, 'GET', '/v3/tasks/2', { headers })).status).toBe(404);
    expect(reply.requests[0]?.actingUserId).toBe(MAYA.id);
    expect(reply.unexpected).toEqual([]);
  });

  it('that nobody knows, or that two headers name differently, is answered 401 USER_NOT_FOUND', async () => {
    const reply = await start({ dialect: 'current' });

    const unknown = await filter(reply, {}, '', 'nobody@northlight.example');
    const torn = await ask(reply, 'GET', '/v3/whoami', { headers: { 'x-user-id': THEO.id } });
    reply.setDialect('seed');
    const old = await filter(reply, {}, '', 'nobody@northlight.example');

    expect(unknown).toMatchObject({ status: 401, json: { status: 401, code: 'USER_NOT_FOUND' } });
    expect(torn).toMatchObject({ status: 401, json: { code: 'USER_NOT_FOUND' } });
    expect(old).toMatchObject({ status: 401, json: { error: 'USER_NOT_FOUND' } });
    expect(reply.unexpected).toEqual([]);
  });

  it.each([
    ['POST', '/v3/tasks/filter', { status: 0 }, 200],
    ['GET', '/v3/tasks', undefined, 200],
    ['GET', '/v3/tasks/1', undefined, 200],
    ['PUT', '/v3/tasks/1', PUT, 200],
    ['POST', '/v3/tasks/1/complete', {}, 200],
    ['DELETE', '/v3/tasks/1', undefined, 204],
  ])('is the owner when %s %s names nobody, and that is a breach', async (method, path, body, status) => {
    const reply = await start({ tasks: [task('1')] });

    const got = await ask(reply, method, path, { body, as: null });

    expect(got.status).toBe(status);
    expect(reply.requests[0]).toMatchObject({ actingUserId: OWNER.id });
    expect(reply.requests[0]).not.toHaveProperty('actingUser');
    expect(reply.unexpected).toEqual([`${method} ${path}: names no acting user, so it acts as the workspace owner`]);
  });

  it('sees their own tasks; a manager those of the team, and the owner those of the workspace', async () => {
    const reply = await start({
      tasks: [task('1'), task('2', { assignedUserId: THEO.id }), task('3', { assignedUserId: ABROAD.id })],
    });
    const seen = async (as: string) => {
      const statuses = [];
      for (const id of ['1', '2', '3']) statuses.push((await ask(reply, 'GET', `/v3/tasks/${id}`, { as })).status);
      return statuses;
    };

    expect(await seen(MAYA.email)).toEqual([200, 404, 404]);
    expect(await seen('boss@northlight.example')).toEqual([200, 200, 404]);
    expect(await seen(OWNER.email)).toEqual([200, 200, 200]);
    expect(reply.unexpected).toEqual([]);
  });
});

describe('a task API that is coming soon (contracts, conflict 3)', () => {
  it.each([
    [true, 404],
    [404, 404],
    [501, 501],
  ] as const)('notEnabled %s: its routes answer %i, the others work', async (notEnabled, status) => {
    const reply = await start({ notEnabled, dialect: 'current', tasks: [task('1')] });

    const got = [
      await filter(reply, {}),
      await ask(reply, 'GET', '/v3/tasks'),
      await ask(reply, 'GET', '/v3/tasks/1'),
      await ask(reply, 'DELETE', '/v3/tasks/1'),
    ];

    expect(got.map((each) => each.status)).toEqual([status, status, status, status]);
    expect(got[2]?.json.code).toBeUndefined();
    expect((await ask(reply, 'GET', '/v3/whoami')).status).toBe(200);
    expect((await ask(reply, 'GET', '/v3/whoami/team-users')).status).toBe(200);
    expect(reply.unexpected).toEqual([]);
  });
});

describe('what nobody knows', () => {
  it.each([
    ['GET', '/v3/tasks/'],
    ['GET', '/v3/tasks/abc'],
    ['PATCH', '/v3/tasks/1'],
    ['POST', '/v3/tasks/1/reopen'],
    ['GET', '/v3/tasks/1/complete'],
    ['GET', '/v3/tasks/filter'],
    ['GET', '/v1/tasks'],
    ['GET', '//v3/tasks'],
    ['GET', '/v3/whoami/'],
  ])('%s %s', async (method, path) => {
    const reply = await start({ tasks: [task('1')] });

    const got = await ask(reply, method, path);

    expect(got).toMatchObject({ status: 404, json: { error: expect.any(String) } });
    expect(reply.unexpected).toEqual([`${method} ${path}: No such endpoint`]);
  });

  it('a body in another content type', async () => {
    const reply = await start();

    const got = await ask(reply, 'POST', '/v3/tasks/filter', { body: {}, headers: { 'content-type': 'text/plain' } });

    expect(got.status).toBe(415);
    expect(reply.unexpected).toHaveLength(1);
  });
});
