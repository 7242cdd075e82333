import { describe, expect, it } from 'vitest';
import type { ReplyDialect } from '../../../sandbox/reply/types.ts';
import { breaches } from '../simulator.ts';
import { ABROAD, type Ask, ask, BOSS, filter, MAYA, NOW, OWNER, PUT, start, THEO, task, USERS } from './reply.ts';

const WHOAMI = 'GET /v3/whoami';
const TEAM_USERS = 'GET /v3/whoami/team-users';
const API_KEY = { 'x-api-key': 'sandbox-reply-key', authorization: undefined };
const BEARER = { authorization: 'Bearer sandbox-reply-key', 'x-api-key': undefined };
const NOBODY = { as: 'nobody@northlight.example' };

/** Which of three tasks they see, of Maya, of Theo, and of someone in another team; or why they are not let in. */
it.each<[string, ReplyDialect, Ask, string | { status: number; json?: object; text?: string }]>([
  ['the old key', 'seed', { headers: API_KEY }, '1'],
  ['the new key', 'seed', { headers: BEARER }, { status: 401, text: '' }],
  ['the old key', 'mixed', { headers: API_KEY }, '1'],
  ['the new key', 'mixed', { headers: BEARER }, { status: 401, text: '' }],
  ['the new key', 'current', { headers: BEARER }, '1'],
  ['the old key', 'current', { headers: API_KEY }, { status: 401, text: '' }],
  ['a key without Bearer', 'current', { headers: { authorization: 'sandbox-reply-key' } }, { status: 401, text: '' }],
  ['no key', 'seed', { headers: { 'x-api-key': undefined } }, { status: 401, text: '' }],
  ['another key', 'seed', { headers: { 'x-api-key': 'wrong' } }, { status: 401, text: '' }],
  ['an address in another case', 'seed', { as: 'MAYA@Northlight.Example' }, '1'],
  ['a stranger', 'current', NOBODY, { status: 401, json: { status: 401, code: 'USER_NOT_FOUND' } }],
  ['a stranger', 'seed', NOBODY, { status: 401, json: { error: 'USER_NOT_FOUND' } }],
  ['a manager', 'seed', { as: BOSS.email }, '12'],
  ['the owner', 'seed', { as: OWNER.email }, '123'],
])('%s, in the dialect %s (contracts, conflict 1; reply.md 2)', async (_, dialect, who, expected) => {
  const tasks = [task('1'), task('2', { assignedUserId: THEO.id }), task('3', { assignedUserId: ABROAD.id })];
  const reply = await start({ dialect, tasks });

  const answers = await Promise.all(['1', '2', '3'].map((id) => ask(reply, `GET /v3/tasks/${id}`, who)));

  if (typeof expected === 'string') {
    expect(answers.flatMap(({ status, json }) => (status === 200 ? [json.id] : [])).join('')).toBe(expected);
    return;
  }
  const asks = dialect === 'current' && expected.text === '' ? 'Bearer' : null;
  for (const answer of answers) expect(answer).toMatchObject(expected);
  expect(answers[0]?.headers.get('www-authenticate')).toBe(asks);
});

it('the key in both headers works, and is a breach', async () => {
  const reply = await start();

  expect((await ask(reply, WHOAMI, { headers: { authorization: BEARER.authorization } })).status).toBe(200);
  expect(reply.requests).toMatchObject([{ auth: 'both' }]);
  expect(breaches(reply)).toEqual(['GET /v3/whoami: sends the key in two headers']);
});

it('the log tells the header and who is acted as, never the key', async () => {
  const reply = await start({ apiKey: 'very-secret' });

  await filter(reply);
  await ask(reply, WHOAMI, { headers: { ...BEARER, authorization: 'Bearer very-secret' } });
  await ask(reply, WHOAMI, { as: null, headers: { 'x-api-key': undefined } });

  const maya = { actingUser: MAYA.email, actingUserId: MAYA.id };
  expect(reply.requests).toMatchObject([
    { at: NOW, auth: 'x-api-key', ...maya, body: { status: 0 }, status: 200 },
    { auth: 'bearer', actingUser: MAYA.email, status: 401 },
    { auth: 'none', status: 401 },
  ]);
  expect(reply.requests[1]).not.toHaveProperty('actingUserId');
  expect(JSON.stringify(reply.requests)).not.toContain('very-secret');
});

it.each([
  ['GET /v3/tasks/1', undefined, 200],
  ['PUT /v3/tasks/1', PUT, 200],
  ['DELETE /v3/tasks/1', undefined, 204],
])('%s that names nobody acts as the owner, and is a breach (reply.md 2)', async (request, body, status) => {
  const reply = await start({ tasks: [task('1')] });

  expect((await ask(reply, request, { body, as: null })).status).toBe(status);
  expect(reply.requests[0]).toMatchObject({ actingUserId: OWNER.id });
  expect(reply.requests[0]).not.toHaveProperty('actingUser');
  expect(breaches(reply)).toEqual([`${request}: names no acting user, so it acts as the workspace owner`]);
});

describe('who is there (reply.md 2, 7)', () => {
  it('whoami tells who is acted as; without a name it is the owner, which breaks nothing here', async () => {
    const reply = await start({ ownerId: ABROAD.id });

    expect((await ask(reply, WHOAMI)).json).toEqual({ userId: 12, username: 'Maya Lindqvist', teamId: 1 });
    expect((await ask(reply, WHOAMI, { as: null })).json).toMatchObject({ userId: 15, teamId: 2 });
  });

  it('team users are a bare array of the teams that one is in; the owner gets the workspace', async () => {
    const reply = await start();

    const own = await ask(reply, TEAM_USERS, { as: ABROAD.email });

    const ada = { teamId: 2, teamName: 'Export', userId: 15, userName: 'Ada Abroad', userEmail: ABROAD.email };
    expect(own.json).toEqual([ada]);
    expect((await ask(reply, TEAM_USERS, { as: null })).json).toHaveLength(USERS.length);
  });

  it('team users may be nobody, for a bad moment', async () => {
    const reply = await start();
    reply.setDirectoryEmpty(true);

    expect(await ask(reply, TEAM_USERS)).toMatchObject({ status: 200, json: [] });
  });
});
