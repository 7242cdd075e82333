import { expect, it } from 'vitest';
import { answer, click, fails } from '../../contract/provider-harness.ts';
import { gongUser, start } from './harness.ts';

const DAY = 24 * 60 * 60_000;

/** Gong with one user, a clock that the test turns, and no limit on calls. */
async function open(...others: Parameters<typeof gongUser>[0][]) {
  const time = { now: 0 };
  const users = [{ id: '71', emailAddress: 'dana@example.com' }, ...others].map(gongUser);
  const started = await start({ users, clock: () => time.now, simulator: { rateLimits: false } });
  const idsOf = async (email: string, options: { fresh?: boolean } = {}) => {
    const found = await started.provider.findUsers([email], { ...click, ...options });
    return (found.get(email) ?? []).map(({ externalId }) => externalId).join();
  };
  return { ...started, time, idsOf };
}

// gong.md 7.3: aliases and trusted addresses count, in any case
it('finds people by every address that Gong knows for them', async () => {
  const dana = {
    id: '16954933012235907921',
    emailAddress: 'Dana@northwind.example',
    emailAliases: ['D.Reyes@northwind.example', 'dana@NORTHWIND.example'],
    trustedEmailAddress: 'trusted@northwind.example',
  };
  const { gong, provider } = await open(dana, { id: '72', trustedEmailAddress: null });
  const emails = ['dana@northwind.example', 'd.reyes@northwind.example', 'trusted@northwind.example'];
  const found = await provider.findUsers(emails, click);
  const user = { externalId: dana.id, emails, name: 'Dana Reyes', state: 'active' };
  expect([...found]).toEqual(emails.map((email) => [email, [user]]));
  expect(gong.requests.map(({ path }) => path)).toEqual(['/v2/users?includeAvatars=false']);
});

// gong.md 7.1: the directory is paged by a cursor that must be encoded
it('reads every page', async () => {
  const { gong, idsOf } = await open(...Array.from({ length: 249 }, (_, index) => ({ id: String(1000 + index) })));
  expect([await idsOf('dana@example.com'), await idsOf('u1248@example.com')]).toEqual(['71', '1248']);
  expect(gong.requests).toHaveLength(3);
});

it('finds at once who was just added, where a look costs one call, and keeps what it knows for a day', async () => {
  const { gong, idsOf, time } = await open();
  expect(await idsOf('new@example.com')).toBe('');
  gong.putUser(gongUser({ id: '72', emailAddress: 'new@example.com' }));
  expect([await idsOf('new@example.com'), gong.requests.length]).toEqual(['72', 2]);
  time.now = DAY - 1;
  expect([await idsOf('new@example.com'), gong.requests.length]).toEqual(['72', 2]);
  time.now = DAY;
  expect([await idsOf('new@example.com'), gong.requests.length]).toEqual(['72', 3]);
  expect([await idsOf('new@example.com', { fresh: true }), gong.requests.length]).toEqual(['72', 4]);
});

it('looks again at once for someone who was not active, where a look costs one call', async () => {
  const { gong, provider } = await open();
  const stateOf = async () => (await provider.findUsers(['d@example.com'], click)).get('d@example.com')?.[0]?.state;
  gong.putUser(gongUser({ id: '73', emailAddress: 'd@example.com', active: false }));
  const before = await stateOf();
  gong.putUser(gongUser({ id: '73', emailAddress: 'd@example.com' }));
  expect([before, await stateOf(), await stateOf()]).toEqual(['inactive', 'active', 'active']);
  expect(gong.requests).toHaveLength(2);
});

// gong.md 7.5: kept for a day, read again on a miss within reason
it('reads a large directory for a stranger no more often than it can afford', async () => {
  const { gong, idsOf, time } = await open(...Array.from({ length: 205 }, (_, index) => ({ id: String(900 + index) })));
  for (const [now, requests] of [
    [0, 3],
    [11_999, 3],
    [12_000, 6],
  ] as const) {
    time.now = now;
    expect([await idsOf('stranger@example.com'), gong.requests.length]).toEqual(['', requests]);
  }
});

// gong.md 7.2: pages that lead back to themselves end
it('takes pages that lead back to themselves for unreadable', async () => {
  const { gong, provider } = await open();
  gong.fail({ times: 2, how: answer({ records: { cursor: 'again' }, users: [] }) });
  await fails(provider.findUsers(['dana@example.com'], click), 'unreadable', { operation: 'GET /v2/users' });
  expect(gong.requests).toHaveLength(2);
});

it('reads long ids that come as numbers, and overlooks entries that are no users', async () => {
  const { gong, idsOf } = await open();
  const dana = '{"id":16954933012235907921,"active":true,"emailAddress":"dana@example.com","emailAliases":"none"}';
  gong.fail({ how: answer(`{"users":[null,{"id":"x","active":true},{"id":5},${dana}]}`) });
  expect(await idsOf('dana@example.com')).toBe('16954933012235907921');
});

it('says what an entry does not say: whether they are active, and whether these are all their addresses', async () => {
  const { gong, provider } = await open();
  const users = [
    { id: '1', active: null, emailAddress: 'a@x.example', emailAliases: [] },
    { id: '2', active: 'true', emailAddress: 'b@x.example', emailAliases: [], trustedEmailAddress: null },
    { id: '3', active: true, emailAddress: null, emailAliases: ['c@x.example'] },
    { id: '4', active: true, emailAddress: 'd@x.example' },
    { id: '5', active: true, emailAddress: 'e@x.example', emailAliases: [7] },
    { id: '6', active: false },
    { id: '7', active: true, emailAddress: 'g@x.example', emailAliases: [] },
    { id: '8', active: true, emailAddress: 'h@x.example', emailAliases: [] },
    { id: '8', active: false, emailAddress: 'i@x.example', emailAliases: [] },
  ];
  gong.fail({ how: answer({ users }) });
  const accounts = [...'123456789'].map((externalId) => ({ externalId, email: undefined }));
  const found = await provider.findKnown?.(accounts, click);
  const said = found?.map(({ externalId, state, emails, partial = false }) => [externalId, state, emails, partial]);
  expect(said).toEqual([
    ['1', 'unknown', ['a@x.example'], false],
    ['2', 'unknown', ['b@x.example'], false],
    ['3', 'active', ['c@x.example'], true],
    ['4', 'active', ['d@x.example'], true],
    ['5', 'active', ['e@x.example'], true],
    ['6', 'inactive', [], true],
    ['7', 'active', ['g@x.example'], false],
    ['8', 'unknown', ['h@x.example', 'i@x.example'], false],
  ]);
});
