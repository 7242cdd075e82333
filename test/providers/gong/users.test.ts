import { expect, it } from 'vitest';
import type { CallOptions, TaskProvider } from '../../../src/core/ports/provider.ts';
import { failureOf } from '../../contract/provider-harness.ts';
import { gongPerTest, gongUser } from './harness.ts';

const click = { priority: 'click' } satisfies CallOptions;
const MINUTE = 60_000;
const start = gongPerTest();

async function idsOf(provider: TaskProvider, email: string, options: { fresh?: boolean } = {}): Promise<string[]> {
  const found = await provider.findUsers([email], { ...click, ...options });
  return (found.get(email.toLowerCase()) ?? []).map(({ externalId }) => externalId);
}

/** Gong with one user, a clock that the test turns, and no limit on calls. */
async function startAt(now: number) {
  const time = { now };
  const users = [gongUser({ id: '71', emailAddress: 'dana@example.com' })];
  return { time, ...(await start({ users, clock: () => time.now, simulator: { rateLimits: false } })) };
}

// gong.md 7.3: aliases and trusted addresses count, in any case
it('finds people by every address that Gong knows for them', async () => {
  const dana = gongUser({
    id: '16954933012235907921',
    emailAddress: 'Dana@example.com',
    emailAliases: ['D.Reyes@example.com', 'dana@EXAMPLE.com'],
    trustedEmailAddress: 'trusted@example.com',
  });
  const { gong, provider } = await start({ users: [dana, gongUser({ id: '72', trustedEmailAddress: null })] });
  const emails = ['dana@example.com', 'd.reyes@example.com', 'trusted@example.com'];
  const found = await provider.findUsers(emails, click);
  for (const email of emails)
    expect(found.get(email)).toEqual([{ externalId: dana.id, emails, name: 'Dana Reyes', state: 'active' }]);
  expect(gong.requests.map(({ path }) => path)).toEqual(['/v2/users?includeAvatars=false']);
});

// gong.md 7.1: the directory is paged by a cursor that must be encoded
it('reads every page', async () => {
  const users = Array.from({ length: 250 }, (_, index) => gongUser({ id: String(index + 1) }));
  const { gong, provider } = await start({ users });
  expect(await idsOf(provider, 'u1@example.com')).toEqual(['1']);
  expect(await idsOf(provider, 'u250@example.com')).toEqual(['250']);
  expect(gong.requests).toHaveLength(3);
});

it('finds at once who was just added, where a look costs one call, and keeps what it knows for a day', async () => {
  const { gong, provider, time } = await startAt(0);
  expect(await idsOf(provider, 'new@example.com')).toEqual([]);
  gong.putUser(gongUser({ id: '72', emailAddress: 'new@example.com' }));
  expect(await idsOf(provider, 'new@example.com')).toEqual(['72']);
  expect(gong.requests).toHaveLength(2);
  time.now = 24 * 60 * MINUTE - 1;
  expect(await idsOf(provider, 'new@example.com')).toEqual(['72']);
  expect(gong.requests).toHaveLength(2);
  time.now += 1;
  expect(await idsOf(provider, 'new@example.com')).toEqual(['72']);
  expect(gong.requests).toHaveLength(3);
});

it('looks again at once for someone who was not active, where a look costs one call', async () => {
  const { gong, provider } = await startAt(0);
  const stateOf = async () => (await provider.findUsers(['d@example.com'], click)).get('d@example.com')?.[0]?.state;
  gong.putUser(gongUser({ id: '73', emailAddress: 'd@example.com', active: false }));
  const before = await stateOf();
  gong.putUser(gongUser({ id: '73', emailAddress: 'd@example.com' }));
  expect([before, await stateOf(), await stateOf()]).toEqual(['inactive', 'active', 'active']);
  expect(gong.requests).toHaveLength(2);
});

// gong.md 7.5: kept for a day, read again on a miss within reason
it('reads a large directory for a stranger no more often than it can afford', async () => {
  const { gong, provider, time } = await startAt(0);
  for (let number = 0; number < 205; number += 1) {
    gong.putUser(gongUser({ id: `9${number}`, emailAddress: `colleague${number}@example.com` }));
  }
  expect(await idsOf(provider, 'stranger@example.com')).toEqual([]);
  const pages = gong.requests.length;
  expect(pages).toBe(3);

  time.now = 12_000 - 1;
  expect(await idsOf(provider, 'stranger@example.com')).toEqual([]);
  expect(gong.requests).toHaveLength(pages);
  time.now = 12_000;
  expect(await idsOf(provider, 'stranger@example.com')).toEqual([]);

  expect(gong.requests).toHaveLength(2 * pages);
});

it('reads again at once when that is asked for', async () => {
  const { gong, provider } = await startAt(0);
  expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
  gong.putUser(gongUser({ id: '72', emailAddress: 'dana@example.com' }));
  expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
  expect(await idsOf(provider, 'dana@example.com', { fresh: true })).toEqual(['71', '72']);
});

it('reads once for all who ask meanwhile, whoever of them goes', async () => {
  const { gong, provider } = await startAt(0);
  gong.fail({ how: { kind: 'hold' } });
  const stop = new AbortController();
  const gone = failureOf(provider.findUsers(['dana@example.com'], { ...click, signal: stop.signal }));
  const others = [idsOf(provider, 'Dana@example.com'), idsOf(provider, 'dana@example.com', { fresh: true })];
  await expect.poll(() => gong.requests.length).toBe(1);
  stop.abort();
  expect(await gone).toMatchObject({ kind: 'unavailable', cause: stop.signal.reason });
  gong.release();
  expect(await Promise.all(others)).toEqual([['71'], ['71']]);
  expect(gong.requests).toHaveLength(1);
});

it('fails when the directory cannot be read, and keeps what it knew', async () => {
  const { gong, provider } = await startAt(0);
  gong.fail({ how: { kind: 'answer', status: 500 } });
  expect(await failureOf(provider.findUsers(['dana@example.com'], click))).toMatchObject({ kind: 'unavailable' });
  expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
  gong.fail({ how: { kind: 'answer', status: 503 } });
  const fresh = provider.findUsers(['dana@example.com'], { ...click, fresh: true });
  expect(await failureOf(fresh)).toMatchObject({ kind: 'unavailable' });
  expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
});

// gong.md 7.2: pages that lead back to themselves end
it('takes pages that lead back to themselves for unreadable', async () => {
  const { gong, provider } = await startAt(0);
  const body = '{"records":{"cursor":"again"},"users":[]}';
  gong.fail({ times: 2, how: { kind: 'answer', status: 200, body } });
  const error = await failureOf(provider.findUsers(['dana@example.com'], click));
  expect(error).toMatchObject({ kind: 'unreadable', operation: 'GET /v2/users' });
  expect(gong.requests).toHaveLength(2);
});

it('reads long ids that come as numbers, and overlooks entries that are no users', async () => {
  const { gong, provider } = await startAt(0);
  const dana = '{"id":16954933012235907921,"active":true,"emailAddress":"dana@example.com","emailAliases":"none"}';
  const body = `{"users":[null,{"id":"x","active":true},{"id":5},${dana}]}`;
  gong.fail({ how: { kind: 'answer', status: 200, body } });
  expect(await idsOf(provider, 'dana@example.com')).toEqual(['16954933012235907921']);
});

it('says what an entry does not say: whether they are active, and whether these are all their addresses', async () => {
  const { gong, provider } = await startAt(0);
  const users = [
    { id: '1', active: null, emailAddress: 'a@example.com', emailAliases: [] },
    { id: '2', active: 'true', emailAddress: 'b@example.com', emailAliases: [], trustedEmailAddress: null },
    { id: '3', active: true, emailAddress: null, emailAliases: ['c@example.com'] },
    { id: '4', active: true, emailAddress: 'd@example.com' },
    { id: '5', active: true, emailAddress: 'e@example.com', emailAliases: [7] },
    { id: '6', active: false },
    { id: '7', active: true, emailAddress: 'g@example.com', emailAliases: [] },
    { id: '8', active: true, emailAddress: 'h@example.com', emailAliases: [] },
    { id: '8', active: false, emailAddress: 'i@example.com', emailAliases: [] },
  ];
  gong.fail({ how: { kind: 'answer', status: 200, body: JSON.stringify({ users }) } });
  const found = await provider.findKnown?.(
    ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((externalId) => ({ externalId, email: undefined })),
    click,
  );
  const said = found?.map(({ externalId, state, emails, partial = false }) => [externalId, state, emails, partial]);
  expect(said).toEqual([
    ['1', 'unknown', ['a@example.com'], false],
    ['2', 'unknown', ['b@example.com'], false],
    ['3', 'active', ['c@example.com'], true],
    ['4', 'active', ['d@example.com'], true],
    ['5', 'active', ['e@example.com'], true],
    ['6', 'inactive', [], true],
    ['7', 'active', ['g@example.com'], false],
    ['8', 'unknown', ['h@example.com', 'i@example.com'], false],
  ]);
});
