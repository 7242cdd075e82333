import { describe, expect, it } from 'vitest';
import type { GongUser } from '../../../sandbox/gong/types.ts';
import { breaches, type Got } from '../simulator.ts';
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

    const { json } = await ask(gong, 'GET /v2/users?includeAvatars=false');

    expect(json.requestId).toEqual(expect.any(String));
    expect(json.records).toEqual({ totalRecords: 2, currentPageSize: 2, currentPageNumber: 0 });
    expect(json.users).toMatchObject([
      { id: OWNER, emailAddress: 'maya@northlight.example', emailAliases: [], trustedEmailAddress: null, active: true },
      { active: false, firstName: 'Theo', lastName: 'Brandvold' },
    ]);
  });

  it.each([
    [1, 3, [1]],
    [3, 3, [3]],
    [4, 3, [3, 1]],
    [9, 3, [3, 3, 3]],
    [101, undefined, [100, 1]],
  ])('hands out %i users, %s on a page, as %j', async (size, pageSize, expected) => {
    const gong = await start({ users: crowd(size), ...(pageSize && { pageSize }) });
    const sizes: number[] = [];
    const seen = new Set<string>();
    let query: string | undefined = '';

    for (let page = 0; query !== undefined; page += 1) {
      const { json }: Got = await ask(gong, `GET /v2/users${query}`);
      const { records, users } = json;
      expect(records).toMatchObject({ totalRecords: size, currentPageSize: users.length, currentPageNumber: page });
      sizes.push(users.length);
      for (const { id } of users) seen.add(id);
      query = 'cursor' in records ? `?${new URLSearchParams({ cursor: records.cursor })}` : undefined;
    }

    expect(sizes).toEqual(expected);
    expect(seen.size).toBe(size);
  });

  it('needs the cursor encoded', async () => {
    const gong = await start({ users: crowd(4), pageSize: 3 });
    const { cursor } = (await ask(gong, 'GET /v2/users')).json.records;

    expect((await ask(gong, `GET /v2/users?cursor=${cursor}`)).status).toBe(400);
    expect(breaches(gong)).toHaveLength(1);
    expect((await ask(gong, `GET /v2/users?cursor=${encodeURIComponent(cursor)}`)).status).toBe(200);
  });

  it('shows whom someone adds, changes, and tells listeners', async () => {
    const gong = await start({ users: [] });
    const users = async () => (await ask(gong, 'GET /v2/users')).json.users;
    let changes = 0;
    gong.onChange(() => {
      changes += 1;
    });

    expect(await users()).toEqual([]);
    for (const maya of USERS.slice(0, 1)) {
      gong.putUser(maya);
      gong.putUser({ ...maya, active: false });
    }

    expect(await users()).toMatchObject([{ id: OWNER, active: false }]);
    expect(changes).toBe(2);
  });
});
