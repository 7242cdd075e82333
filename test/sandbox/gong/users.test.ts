import { describe, expect, it } from 'vitest';
import type { GongUser } from '../../../sandbox/gong/types.ts';
import { ask, OWNER, start, USERS } from './gong.ts';

function crowd(size: number): GongUser[] {
  return Array.from({ length: size }, (_, index) => ({
    id: String(6034599484848423000n + BigInt(index)),
    emailAddress: `rep${index}@northlight.example`,
    active: true,
    firstName: 'Rep',
    lastName: String(index),
  }));
}

describe('the directory (gong.md 7)', () => {
  it('sends ids as strings, and says who is inactive', async () => {
    const gong = await start();

    const reply = await ask(gong, 'GET', '/v2/users?includeAvatars=false');
    const answer = JSON.parse(reply.text);

    expect(reply.status).toBe(200);
    expect(answer.requestId).toEqual(expect.any(String));
    expect(answer.records).toEqual({ totalRecords: 2, currentPageSize: 2, currentPageNumber: 0 });
    expect(answer.users).toMatchObject([
      { id: OWNER, emailAddress: 'maya@northlight.example', emailAliases: [], trustedEmailAddress: null, active: true },
      { active: false, firstName: 'Theo', lastName: 'Brandvold' },
    ]);
    expect(gong.unexpected).toEqual([]);
  });

  it.each([
    [1, [1]],
    [3, [3]],
    [4, [3, 1]],
    [9, [3, 3, 3]],
  ])('hands out %i users on pages %j', async (size, expected) => {
    const gong = await start({ users: crowd(size), pageSize: 3 });
    const sizes: number[] = [];
    const seen: string[] = [];
    let query = '';

    for (let page = 0; page < 10; page += 1) {
      const { records, users } = JSON.parse((await ask(gong, 'GET', `/v2/users${query}`)).text);
      expect(records).toMatchObject({ totalRecords: size, currentPageSize: users.length, currentPageNumber: page });
      sizes.push(users.length);
      seen.push(...users.map((user: GongUser) => user.id));
      if (!('cursor' in records)) break;
      query = `?${new URLSearchParams({ cursor: records.cursor })}`;
    }

    expect(sizes).toEqual(expected);
    expect(new Set(seen).size).toBe(size);
  });

  it('has 100 users on a page', async () => {
    const gong = await start({ users: crowd(101) });

    expect(JSON.parse((await ask(gong, 'GET', '/v2/users')).text).users).toHaveLength(100);
  });

  it('needs the cursor encoded', async () => {
    const gong = await start({ users: crowd(4), pageSize: 3 });
    const { records } = JSON.parse((await ask(gong, 'GET', '/v2/users')).text);

    expect((await ask(gong, 'GET', `/v2/users?cursor=${records.cursor}`)).status).toBe(400);
    expect((await ask(gong, 'GET', `/v2/users?cursor=${encodeURIComponent(records.cursor)}`)).status).toBe(200);
  });

  it.each([
    'cursor=',
    'cursor=nonsense',
    'cursor=1',
    'includeAvatars=no',
    'limit=5',
    'email=maya@northlight.example',
    'includeAvatars=true&includeAvatars=true',
  ])('refuses ?%s', async (query) => {
    const gong = await start({ users: crowd(4), pageSize: 3 });

    const reply = await ask(gong, 'GET', `/v2/users?${query}`);

    expect(reply.status).toBe(400);
    expect(reply.errors).toEqual(expect.arrayContaining([expect.any(String)]));
    expect(gong.unexpected).toHaveLength(1);
  });

  it('shows whom someone adds, changes, and tells listeners', async () => {
    const gong = await start({ users: [] });
    const [maya] = USERS;
    let changes = 0;
    gong.onChange(() => {
      changes += 1;
    });

    expect(JSON.parse((await ask(gong, 'GET', '/v2/users')).text).users).toEqual([]);
    if (maya) {
      gong.putUser(maya);
      gong.putUser({ ...maya, active: false });
    }

    const { users } = JSON.parse((await ask(gong, 'GET', '/v2/users')).text);
    expect(users).toMatchObject([{ id: OWNER, active: false }]);
    expect(changes).toBe(2);
  });
});
