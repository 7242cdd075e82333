import { describe, expect, it } from 'vitest';
import type { CallOptions, TaskProvider } from '../../../src/core/ports/provider.ts';
import { failureOf } from '../../contract/provider-harness.ts';
import { BOSS, owner, pathsOf, replyPerTest, replyUser, STAFF } from './harness.ts';

const click = { priority: 'click' } satisfies CallOptions;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const start = replyPerTest();
const EVERYONE = 'GET /v3/whoami/team-users';
const ONE = 'GET /v3/whoami';

async function idsOf(provider: TaskProvider, email: string, options: { fresh?: boolean } = {}): Promise<string[]> {
  const found = await provider.findUsers([email], { ...click, ...options });
  return (found.get(email.toLowerCase()) ?? []).map(({ externalId }) => externalId);
}

/** Reply with one more user, and a clock that the test turns. */
async function startAt(now: number, simulator: object = {}) {
  const time = { now };
  const users = [...STAFF, replyUser({ id: '71', email: 'Dana@Example.com', name: 'Dana Reyes' })];
  return { time, ...(await start({ users, clock: () => time.now, simulator })) };
}

describe('people are found', () => {
  it('in the list of everyone, without acting as anyone', async () => {
    const { reply, provider } = await startAt(0);
    const found = await provider.findUsers(['dana@example.com'], click);
    const dana = { externalId: '71', emails: ['dana@example.com'], name: 'Dana Reyes', state: 'active' };
    expect(found.get('dana@example.com')).toEqual([dana]);
    expect(reply.requests).toMatchObject([{ path: '/v3/whoami/team-users', status: 200 }]);
    expect(reply.requests[0]).not.toHaveProperty('actingUser');
  });

  // reply.md 7.1: the list of everyone, in any case, once for each person
  it('once, however many teams they are in', async () => {
    const { reply, provider } = await startAt(0);
    reply.putUser(replyUser({ id: '71', email: 'dana@example.com', teamId: '11', teamName: 'Renewals' }));
    reply.putUser(replyUser({ id: '72', email: 'dana@example.com', teamId: '11', teamName: 'Renewals' }));
    expect(await idsOf(provider, 'dana@example.com')).toEqual(['71', '72']);
  });

  it('in any dialect', async () => {
    const { reply, provider } = await startAt(0, { dialect: 'current' });
    expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
    expect(reply.requests.map(({ auth }) => auth)).toEqual(['x-api-key', 'bearer']);
  });

  it('without the entries that cannot be read', async () => {
    const { reply, provider } = await startAt(0);
    const dana = { userId: 71, userEmail: 'dana@example.com', userName: 'Dana' };
    const body = JSON.stringify([null, { ...dana, userId: 'x' }, { ...dana, userEmail: '' }, dana]);
    reply.fail({ how: { kind: 'answer', status: 200, body } });
    expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
  });
});

describe('the list of everyone', () => {
  it('is kept for a day', async () => {
    const { reply, provider, time } = await startAt(0);
    expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
    time.now = DAY - 1;
    expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
    expect(reply.requests).toHaveLength(1);
    time.now = DAY;
    expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
    expect(reply.requests).toHaveLength(2);
  });

  it('is read for a stranger once a minute', async () => {
    const { reply, provider, time } = await startAt(0);
    expect(await idsOf(provider, 'new@example.com')).toEqual([]);
    reply.putUser(replyUser({ id: '72', email: 'new@example.com' }));
    time.now = MINUTE - 1;
    expect(await idsOf(provider, 'new@example.com')).toEqual([]);
    expect(reply.requests).toHaveLength(1);
    time.now = MINUTE;
    expect(await idsOf(provider, 'new@example.com')).toEqual(['72']);
    expect(reply.requests).toHaveLength(2);
  });

  it('is read again at once when that is asked for', async () => {
    const { reply, provider } = await startAt(0);
    expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
    reply.putUser(replyUser({ id: '72', email: 'dana@example.com' }));
    expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
    expect(await idsOf(provider, 'dana@example.com', { fresh: true })).toEqual(['71', '72']);
  });

  it('is read once for all who ask at the same time, and one who leaves takes nothing from the others', async () => {
    const { reply, provider } = await startAt(0);
    reply.fail({ how: { kind: 'hold' } });
    const stop = new AbortController();
    const leaving = failureOf(provider.findUsers(['dana@example.com'], { ...click, signal: stop.signal }));
    const staying = idsOf(provider, 'dana@example.com');
    while (reply.requests.length === 0) await new Promise(setImmediate);
    stop.abort(new Error('gone'));
    expect(await leaving).toMatchObject({ kind: 'unavailable', cause: { message: 'gone' } });
    reply.release();
    expect(await staying).toEqual(['71']);
    expect(reply.requests).toHaveLength(1);
  });

  it('that could not be read leaves what was known', async () => {
    const { reply, provider } = await startAt(0);
    expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
    reply.fail({ how: { kind: 'answer', status: 503 } });
    const again = provider.findUsers(['dana@example.com'], { ...click, fresh: true });
    expect(await failureOf(again)).toMatchObject({ kind: 'unavailable', operation: EVERYONE });
    expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
    expect(reply.requests).toHaveLength(2);
  });
});

describe('where everyone may not be listed', () => {
  // reply.md 7.2: where it is refused each address is asked for
  it.for(['seed', 'current'] as const)('each address is asked for itself: %s', async (dialect) => {
    const { reply, provider } = await startAt(0, { teamUsersForbidden: true, dialect });
    const found = await provider.findUsers(['DANA@example.com', 'nobody@example.com'], click);
    const dana = { externalId: '71', emails: ['dana@example.com'], name: 'Dana Reyes', state: 'active' };
    expect(found).toEqual(
      new Map([
        ['dana@example.com', [dana]],
        ['nobody@example.com', []],
      ]),
    );
    const named = reply.requests.filter(({ path }) => path === '/v3/whoami').map(({ actingUser }) => actingUser);
    expect(named.sort()).toEqual(['dana@example.com', 'nobody@docket.invalid', 'nobody@example.com']);
  });

  // reply.md 7.3: where it does not exist as well
  it('nor the list exists', async () => {
    const { reply, provider } = await startAt(0);
    reply.fail({ on: EVERYONE, how: { kind: 'answer', status: 404 } });
    expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
  });

  it('an address that is known is asked for once a day, and one that is not once a minute', async () => {
    const { reply, provider, time } = await startAt(0, { teamUsersForbidden: true });
    const asked = () => {
      const names = reply.requests.map(({ actingUser }) => actingUser);
      return ['dana@example.com', 'new@example.com'].map((email) => names.filter((name) => name === email).length);
    };
    const find = async () => {
      await idsOf(provider, 'dana@example.com');
      await idsOf(provider, 'new@example.com');
    };
    await find();
    time.now = MINUTE - 1;
    await find();
    expect(asked()).toEqual([1, 1]);
    expect(pathsOf(reply.requests).filter((path) => path === EVERYONE)).toHaveLength(1);
    reply.putUser(replyUser({ id: '72', email: 'new@example.com' }));
    time.now = MINUTE;
    await find();
    expect(asked()).toEqual([1, 2]);
    expect(await idsOf(provider, 'new@example.com')).toEqual(['72']);
    expect(await idsOf(provider, 'new@example.com', { fresh: true })).toEqual(['72']);
    expect(asked()).toEqual([1, 3]);
  });

  // reply.md 2.2: a key that is no Master key finds nobody
  it('nobody is found with a key that acts as its owner, whoever is named', async () => {
    const { reply, provider } = await startAt(0, { teamUsersForbidden: true });
    reply.fail({ on: EVERYONE, how: { kind: 'answer', status: 403 } });
    const body = JSON.stringify({ userId: Number(BOSS), username: 'The boss', teamId: 10 });
    reply.fail({ on: ONE, how: { kind: 'answer', status: 200, body }, times: Number.POSITIVE_INFINITY });
    const error = await failureOf(provider.findUsers([owner.email ?? ''], click));
    expect(error).toMatchObject({ kind: 'forbidden', operation: ONE });
  });

  it('a failure is no missing person', async () => {
    const { reply, provider } = await startAt(0, { teamUsersForbidden: true });
    expect(await idsOf(provider, 'dana@example.com')).toEqual(['71']);
    reply.fail({ on: ONE, how: { kind: 'answer', status: 503 } });
    expect(await failureOf(provider.findUsers(['sam@example.com'], click))).toMatchObject({ kind: 'unavailable' });
    reply.fail({ on: ONE, how: { kind: 'answer', status: 404 } });
    expect(await idsOf(provider, 'kim@example.com')).toEqual([]);
  });
});

describe('people whom we know', () => {
  const accounts = [
    { externalId: '71', email: 'dana@example.com' },
    { externalId: '72', email: 'gone@example.com' },
  ];
  const known = async (provider: TaskProvider) =>
    (await provider.findKnown?.(accounts, click))?.map(({ externalId, emails, partial = false }) => [
      externalId,
      emails,
      partial,
    ]);

  it('are named by their ids, also without an address', async () => {
    const { reply, provider } = await startAt(0);
    const body = JSON.stringify([{ userId: 71, userEmail: null, userName: 'Dana' }]);
    expect(await known(provider)).toEqual([['71', ['dana@example.com'], false]]);
    reply.fail({ on: EVERYONE, how: { kind: 'answer', status: 200, body } });
    await provider.findUsers([], { ...click, fresh: true });
    expect(await known(provider)).toEqual([['71', [], true]]);
  });

  it('are nobody in an empty list', async () => {
    const { reply, provider } = await startAt(0);
    reply.setDirectoryEmpty(true);
    expect(await known(provider)).toEqual([]);
  });

  it('are asked for by their address where everyone may not be listed, and only the very same count', async () => {
    const { reply, provider } = await startAt(0, { teamUsersForbidden: true });
    expect(await known(provider)).toEqual([['71', ['dana@example.com'], false]]);
    reply.putUser(replyUser({ id: '99', email: 'gone@example.com' }));
    expect(await known(provider)).toEqual([['71', ['dana@example.com'], false]]);
  });
});
