import { describe, expect, it } from 'vitest';
import type { GongUser } from '../../../sandbox/gong/types.ts';
import { breaches } from '../simulator.ts';
import { ask, start } from './gong.ts';

/** Four, three on a page. */
function startFour() {
  const users = ['1', '2', '3', '4'].map((id): GongUser => {
    return { id, emailAddress: `rep${id}@northlight.example`, firstName: 'Rep', lastName: id };
  });
  return start({ users, pageSize: 3 });
}

describe('the directory (gong.md 7)', () => {
  it('tells what page it is, and leads on only while more remain', async () => {
    const gong = await startFour();

    const { json } = await ask(gong, 'GET /v2/users');
    const last = await ask(gong, `GET /v2/users?${new URLSearchParams({ cursor: json.records.cursor })}`);

    const page = { totalRecords: 4, currentPageSize: 3, currentPageNumber: 0 };
    expect(json.records).toEqual({ ...page, cursor: expect.any(String) });
    expect(last.json.records).toEqual({ totalRecords: 4, currentPageSize: 1, currentPageNumber: 1 });
    expect(last.json.users).toMatchObject([{ id: '4', emailAliases: [], trustedEmailAddress: null }]);
  });

  it('needs the cursor encoded', async () => {
    const gong = await startFour();
    const { cursor } = (await ask(gong, 'GET /v2/users')).json.records;

    expect((await ask(gong, `GET /v2/users?cursor=${cursor}`)).status).toBe(400);
    expect(breaches(gong)).toHaveLength(1);
  });
});
