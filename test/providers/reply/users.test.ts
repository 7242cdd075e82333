import { describe, expect, it } from 'vitest';
import type { ReplyOptions } from '../../../sandbox/reply/types.ts';
import { answer, click, fails } from '../../contract/provider-harness.ts';
import { BOSS, owner, pathsOf, replyUser, STAFF, start } from './harness.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const EVERYONE = 'GET /v3/whoami/team-users';
const ONE = 'GET /v3/whoami';
const DANA = { externalId: '71', emails: ['dana@example.com'], name: 'Dana Reyes', state: 'active' };

/** Reply with one more user, and a clock that the test turns. */
async function open(simulator: Partial<ReplyOptions> = {}) {
  const time = { now: 0 };
  const users = [...STAFF, replyUser({ id: '71', email: 'Dana@Example.com', name: 'Dana Reyes' })];
  const started = await start({ users, clock: () => time.now, simulator });
  const { reply, provider } = started;
  const idsOf = async (email: string, options: { fresh?: boolean } = {}) => {
    const found = await provider.findUsers([email], { ...click, ...options });
    return (found.get(email) ?? []).map(({ externalId }) => externalId).join();
  };
  const accounts = [
    { externalId: '71', email: 'dana@example.com' },
    { externalId: '72', email: 'gone@example.com' },
  ];
  const known = async () => {
    const found = await provider.findKnown?.(accounts, click);
    return found?.map(({ externalId, emails, partial = false }) => [externalId, emails.join(), partial]);
  };
  return { ...started, time, idsOf, known, asked: () => reply.requests.length };
}

describe('people are found', () => {
  it('in the list of everyone, without acting as anyone', async () => {
    const { reply, provider } = await open();
    expect(await provider.findUsers(['dana@example.com'], click)).toEqual(new Map([['dana@example.com', [DANA]]]));
    expect(reply.requests).toMatchObject([{ path: '/v3/whoami/team-users', status: 200 }]);
    expect(reply.requests[0]).not.toHaveProperty('actingUser');
  });

  // reply.md 7.1: the list of everyone, in any case, once for each person
  it('once, however many teams they are in', async () => {
    const { reply, idsOf } = await open();
    for (const id of ['71', '72']) {
      reply.putUser(replyUser({ id, email: 'dana@example.com', teamId: '11', teamName: 'Renewals' }));
    }
    expect(await idsOf('dana@example.com')).toBe('71,72');
  });

  it('in any dialect', async () => {
    const { reply, idsOf } = await open({ dialect: 'current' });
    expect(await idsOf('dana@example.com')).toBe('71');
    expect(reply.requests.map(({ auth }) => auth)).toEqual(['x-api-key', 'bearer']);
  });

  it('without the entries that cannot be read', async () => {
    const { reply, idsOf } = await open();
    const dana = { userId: 71, userEmail: 'dana@example.com', userName: 'Dana' };
    reply.fail({ how: answer([null, { ...dana, userId: 'x' }, { ...dana, userEmail: '' }, dana]) });
    expect(await idsOf('dana@example.com')).toBe('71');
  });
});

describe('the list of everyone', () => {
  it('is kept for a day, and read again at once when that is asked for', async () => {
    const { idsOf, time, asked } = await open();
    for (const [now, requests] of [
      [0, 1],
      [DAY - 1, 1],
      [DAY, 2],
    ] as const) {
      time.now = now;
      expect([await idsOf('dana@example.com'), asked()]).toEqual(['71', requests]);
    }
    expect([await idsOf('dana@example.com', { fresh: true }), asked()]).toEqual(['71', 3]);
  });

  it('is read for a stranger once a minute', async () => {
    const { reply, idsOf, time, asked } = await open();
    expect(await idsOf('new@example.com')).toBe('');
    reply.putUser(replyUser({ id: '72', email: 'new@example.com' }));
    time.now = MINUTE - 1;
    expect([await idsOf('new@example.com'), asked()]).toEqual(['', 1]);
    time.now = MINUTE;
    expect([await idsOf('new@example.com'), asked()]).toEqual(['72', 2]);
  });
});

describe('where everyone may not be listed', () => {
  // reply.md 7.2: where it is refused each address is asked for
  it.for(['seed', 'current'] as const)('each address is asked for itself: %s', async (dialect) => {
    const { reply, provider } = await open({ teamUsersForbidden: true, dialect });
    const found = await provider.findUsers(['DANA@example.com', 'nobody@example.com'], click);
    expect([...found]).toEqual([
      ['dana@example.com', [DANA]],
      ['nobody@example.com', []],
    ]);
    const named = reply.requests.filter(({ path }) => path === '/v3/whoami').map(({ actingUser }) => actingUser);
    expect(named.sort()).toEqual(['dana@example.com', 'nobody@docket.invalid', 'nobody@example.com']);
  });

  // reply.md 7.3: where it does not exist as well
  it('nor the list exists', async () => {
    const { reply, idsOf } = await open();
    reply.fail({ on: EVERYONE, how: { kind: 'answer', status: 404 } });
    expect(await idsOf('dana@example.com')).toBe('71');
  });

  it('an address that is known is asked for once a day, and one that is not once a minute', async () => {
    const { reply, idsOf, time } = await open({ teamUsersForbidden: true });
    const emails = ['dana@example.com', 'new@example.com'];
    const asked = () => emails.map((email) => reply.requests.filter(({ actingUser }) => actingUser === email).length);
    const find = async () => {
      for (const email of emails) await idsOf(email);
      return asked();
    };
    await find();
    time.now = MINUTE - 1;
    expect(await find()).toEqual([1, 1]);
    expect(pathsOf(reply.requests).filter((path) => path === EVERYONE)).toHaveLength(1);
    reply.putUser(replyUser({ id: '72', email: 'new@example.com' }));
    time.now = MINUTE;
    expect(await find()).toEqual([1, 2]);
    expect(await idsOf('new@example.com')).toBe('72');
    expect(await idsOf('new@example.com', { fresh: true })).toBe('72');
    expect(asked()).toEqual([1, 3]);
  });

  // reply.md 2.2: a key that is no Master key finds nobody
  it('nobody is found with a key that acts as its owner, whoever is named', async () => {
    const { reply, provider } = await open({ teamUsersForbidden: true });
    const boss = { userId: Number(BOSS), username: 'The boss', teamId: 10 };
    reply.fail({ on: EVERYONE, how: { kind: 'answer', status: 403 } });
    reply.fail({ on: ONE, how: answer(boss), times: Number.POSITIVE_INFINITY });
    await fails(provider.findUsers([owner.email ?? ''], click), 'forbidden', { operation: ONE });
  });

  it.for(['seed', 'current', 'mixed'] as const)(
    'a Master key passes its check, and a key of one person does not: %s',
    async (dialect) => {
      const personal = { personalTo: BOSS, dialect };
      const list = [{}, { teamUsersForbidden: true }];
      for (const more of list) {
        const { provider } = await open({ ...more, dialect });
        await provider.check?.(click);
        const { provider: owners } = await open({ ...more, ...personal });
        await fails(owners.check?.(click) ?? expect.fail(), 'forbidden', { operation: ONE, isPersonal: true });
      }
    },
  );

  it.for([400, 401, 404])(
    'a Master key passes its check though nobody is refused in another way: %i',
    async (status) => {
      const { reply, provider } = await open();
      const always = { times: Number.POSITIVE_INFINITY };
      reply.fail({ on: EVERYONE, how: answer([]), ...always });
      reply.fail({ on: ONE, how: { kind: 'answer', status }, ...always });
      await provider.check?.(click);
      reply.clearFaults();
      reply.fail({ on: EVERYONE, how: answer([]), ...always });
      reply.fail({ on: ONE, how: { kind: 'answer', status: 503 }, ...always });
      await fails(provider.check?.(click) ?? expect.fail(), 'unavailable');
    },
  );

  it('a failure is no missing person', async () => {
    const { reply, provider, idsOf } = await open({ teamUsersForbidden: true });
    expect(await idsOf('dana@example.com')).toBe('71');
    reply.fail({ on: ONE, how: { kind: 'answer', status: 503 } });
    await fails(provider.findUsers(['sam@example.com'], click), 'unavailable');
    reply.fail({ on: ONE, how: { kind: 'answer', status: 404 } });
    expect(await idsOf('kim@example.com')).toBe('');
  });
});

describe('people whom we know', () => {
  it('are named by their ids, also without an address', async () => {
    const { reply, provider, known } = await open();
    expect(await known()).toEqual([['71', 'dana@example.com', false]]);
    reply.fail({ on: EVERYONE, how: answer([{ userId: 71, userEmail: null, userName: 'Dana' }]) });
    await provider.findUsers([], { ...click, fresh: true });
    expect(await known()).toEqual([['71', '', true]]);
  });

  it('are asked for by their address where everyone may not be listed, and only the very same count', async () => {
    const { reply, known } = await open({ teamUsersForbidden: true });
    expect(await known()).toEqual([['71', 'dana@example.com', false]]);
    reply.putUser(replyUser({ id: '99', email: 'gone@example.com' }));
    expect(await known()).toEqual([['71', 'dana@example.com', false]]);
  });
});
