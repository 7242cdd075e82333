import { describe, expect, it } from 'vitest';
import { ABROAD, ask, MAYA, OWNER, start, USERS } from './reply.ts';

describe('whoami (reply.md 2)', () => {
  it('tells who is acted as; without a name it is the owner, which breaks nothing here', async () => {
    const reply = await start({ ownerId: ABROAD.id });

    expect((await ask(reply, 'GET', '/v3/whoami')).json).toEqual({ userId: 12, username: 'Maya Lindqvist', teamId: 1 });
    expect((await ask(reply, 'GET', '/v3/whoami', { as: null })).json).toMatchObject({ userId: 15, teamId: 2 });
    expect(reply.unexpected).toEqual([]);
  });
});

describe('team users (reply.md 7)', () => {
  it('is a bare array of the teams that one is in; the owner gets the workspace', async () => {
    const reply = await start();

    const own = await ask(reply, 'GET', '/v3/whoami/team-users', { as: ABROAD.email });
    const all = await ask(reply, 'GET', '/v3/whoami/team-users', { as: null });

    expect(own.json).toEqual([
      { teamId: 2, teamName: 'Export', userId: 15, userName: 'Ada Abroad', userEmail: ABROAD.email },
    ]);
    expect(all.json).toHaveLength(USERS.length);
    expect(reply.unexpected).toEqual([]);
  });

  it('has someone once for each team', async () => {
    const reply = await start({ users: USERS.slice(0, 2) });
    reply.putUser({ ...MAYA, name: 'Maya Lindqvist', teamId: '2', teamName: 'Export' });
    reply.putUser({ ...MAYA, name: 'Maya L.', teamId: '1', teamName: 'Sales' });

    const got = await ask(reply, 'GET', '/v3/whoami/team-users', { as: OWNER.email });

    expect(got.json).toMatchObject([
      { userId: 11 },
      { userId: 12, teamId: 1, userName: 'Maya L.' },
      { userId: 12, teamId: 2 },
    ]);
  });

  it('may be forbidden', async () => {
    const reply = await start({ teamUsersForbidden: true, dialect: 'current' });

    const got = await ask(reply, 'GET', '/v3/whoami/team-users');

    expect(got).toMatchObject({ status: 403, json: { code: 'workspace.forbidden' } });
    expect((await ask(reply, 'GET', '/v3/whoami')).status).toBe(200);
    expect(reply.unexpected).toEqual([]);
  });

  it('takes no query', async () => {
    const reply = await start();

    expect((await ask(reply, 'GET', '/v3/whoami/team-users?email=x')).status).toBe(400);
    expect(reply.unexpected).toHaveLength(1);
  });
});
