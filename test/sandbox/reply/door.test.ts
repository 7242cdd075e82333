import { describe, expect, it } from 'vitest';
import { breaches } from '../simulator.ts';
import { ABROAD, ask, filter, MAYA, NOW, OWNER, PUT, start, THEO, task, USERS } from './reply.ts';

const BEARER = { authorization: 'Bearer sandbox-reply-key', 'x-api-key': undefined };
const TEAM_USERS = 'GET /v3/whoami/team-users';
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

    const got = await ask(reply, 'GET /v3/whoami', { headers });

    expect(got.status).toBe(status);
    if (status !== 401) return;
    expect(got.text).toBe('');
    expect(got.headers.get('www-authenticate')).toBe(dialect === 'current' ? 'Bearer' : null);
  });

  it('in both headers works, and is a breach', async () => {
    const reply = await start();

    const got = await ask(reply, 'GET /v3/whoami', { headers: { authorization: `Bearer ${reply.apiKey}` } });

    expect(got.status).toBe(200);
    expect(reply.requests).toMatchObject([{ auth: 'both' }]);
    expect(breaches(reply)).toEqual(['GET /v3/whoami: sends the key in two headers']);
  });

  it('never shows in the log, which tells the header and who is acted as', async () => {
    const reply = await start({ apiKey: 'very-secret' });

    await filter(reply, { status: 0 });
    await ask(reply, 'GET /v3/whoami', { headers: { ...BEARER, authorization: 'Bearer very-secret' } });
    await ask(reply, 'GET /v3/whoami', { as: null, headers: { 'x-api-key': undefined } });

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

    expect((await ask(reply, 'GET /v3/whoami', tried)).status).toBe(200);
    reply.setDialect('current');

    expect(reply.dialect).toBe('current');
    expect((await ask(reply, 'GET /v3/whoami', tried)).status).toBe(401);
    expect((await ask(reply, 'GET /v3/whoami')).status).toBe(200);
  });
});

describe('the acting user of a Master key (reply.md 2)', () => {
  it.each([
    ['an address in another case', { 'x-user-email': 'MAYA@Northlight.Example' }],
    ['an id', { 'x-user-email': undefined, 'x-user-id': MAYA.id }],
    ['both', { 'x-user-id': MAYA.id }],
  ])('is named by %s', async (_, headers) => {
    const reply = await start({ tasks: [task('1'), task('2', { assignedUserId: THEO.id })] });

    const got = await ask(reply, 'GET /v3/tasks/1', { headers });

    expect(got.status).toBe(200);
    expect((await ask(reply, 'GET /v3/tasks/2', { headers })).status).toBe(404);
    expect(reply.requests[0]?.actingUserId).toBe(MAYA.id);
  });

  it('that nobody knows, or that two headers name differently, is answered 401 USER_NOT_FOUND', async () => {
    const reply = await start({ dialect: 'current' });

    const unknown = await filter(reply, {}, '', 'nobody@northlight.example');
    const torn = await ask(reply, 'GET /v3/whoami', { headers: { 'x-user-id': THEO.id } });
    reply.setDialect('seed');
    const old = await filter(reply, {}, '', 'nobody@northlight.example');

    expect(unknown).toMatchObject({ status: 401, json: { status: 401, code: 'USER_NOT_FOUND' } });
    expect(torn).toMatchObject({ status: 401, json: { code: 'USER_NOT_FOUND' } });
    expect(old).toMatchObject({ status: 401, json: { error: 'USER_NOT_FOUND' } });
  });

  it.each([
    ['POST /v3/tasks/filter', { status: 0 }, 200],
    ['GET /v3/tasks', undefined, 200],
    ['GET /v3/tasks/1', undefined, 200],
    ['PUT /v3/tasks/1', PUT, 200],
    ['POST /v3/tasks/1/complete', {}, 200],
    ['DELETE /v3/tasks/1', undefined, 204],
  ])('is the owner when %s names nobody, and that is a breach', async (request, body, status) => {
    const reply = await start({ tasks: [task('1')] });

    const got = await ask(reply, request, { body, as: null });

    expect(got.status).toBe(status);
    expect(reply.requests[0]).toMatchObject({ actingUserId: OWNER.id });
    expect(reply.requests[0]).not.toHaveProperty('actingUser');
    expect(breaches(reply)).toEqual([`${request}: names no acting user, so it acts as the workspace owner`]);
  });

  it('sees their own tasks; a manager those of the team, and the owner those of the workspace', async () => {
    const reply = await start({
      tasks: [task('1'), task('2', { assignedUserId: THEO.id }), task('3', { assignedUserId: ABROAD.id })],
    });
    const seen = async (as: string) => {
      const statuses = [];
      for (const id of ['1', '2', '3']) statuses.push((await ask(reply, `GET /v3/tasks/${id}`, { as })).status);
      return statuses;
    };

    expect(await seen(MAYA.email)).toEqual([200, 404, 404]);
    expect(await seen('boss@northlight.example')).toEqual([200, 200, 404]);
    expect(await seen(OWNER.email)).toEqual([200, 200, 200]);
  });
});

describe('a task API that is coming soon (contracts, conflict 3)', () => {
  it.each([
    [true, 404],
    [404, 404],
    [501, 501],
  ] as const)('notEnabled %s: its routes answer %i, the others work', async (notEnabled, status) => {
    const reply = await start({ notEnabled, dialect: 'current', tasks: [task('1')] });

    const requests = ['POST /v3/tasks/filter', 'GET /v3/tasks', 'GET /v3/tasks/1', 'DELETE /v3/tasks/1'];
    for (const request of requests) {
      const got = await ask(reply, request, request.startsWith('POST') ? { body: {} } : {});
      expect([got.status, got.json.code]).toEqual([status, undefined]);
    }
    expect((await ask(reply, 'GET /v3/whoami')).status).toBe(200);
    expect((await ask(reply, TEAM_USERS)).status).toBe(200);
  });
});

describe('who is there (reply.md 2, 7)', () => {
  it('whoami tells who is acted as; without a name it is the owner, which breaks nothing here', async () => {
    const reply = await start({ ownerId: ABROAD.id });

    expect((await ask(reply, 'GET /v3/whoami')).json).toEqual({ userId: 12, username: 'Maya Lindqvist', teamId: 1 });
    expect((await ask(reply, 'GET /v3/whoami', { as: null })).json).toMatchObject({ userId: 15, teamId: 2 });
  });

  it('team users are a bare array of the teams that one is in; the owner gets the workspace', async () => {
    const reply = await start();

    const own = await ask(reply, TEAM_USERS, { as: ABROAD.email });
    const all = await ask(reply, TEAM_USERS, { as: null });

    const ada = { teamId: 2, teamName: 'Export', userId: 15, userName: 'Ada Abroad', userEmail: ABROAD.email };
    expect(own.json).toEqual([ada]);
    expect(all.json).toHaveLength(USERS.length);
  });

  it('someone is there once for each team', async () => {
    const reply = await start({ users: USERS.slice(0, 2) });
    reply.putUser({ ...MAYA, name: 'Maya Lindqvist', teamId: '2', teamName: 'Export' });
    reply.putUser({ ...MAYA, name: 'Maya L.', teamId: '1', teamName: 'Sales' });

    expect((await ask(reply, TEAM_USERS, { as: OWNER.email })).json).toMatchObject([
      { userId: 11 },
      { userId: 12, teamId: 1, userName: 'Maya L.' },
      { userId: 12, teamId: 2 },
    ]);
  });

  it('team users may be forbidden', async () => {
    const reply = await start({ teamUsersForbidden: true, dialect: 'current' });

    expect(await ask(reply, TEAM_USERS)).toMatchObject({ status: 403, json: { code: 'workspace.forbidden' } });
    expect((await ask(reply, 'GET /v3/whoami')).status).toBe(200);
  });
});
