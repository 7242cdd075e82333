/** Which user of a provider a member is: one active user under exactly their address, or the reason why not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchMembers, onlyOne } from '../../../src/core/people/matching.ts';
import type { Member } from '../../../src/core/ports/directory.ts';
import type { ProviderUser } from '../../../src/core/ports/provider.ts';
import { fakeProvider, user } from '../provider.ts';
import { member } from './members.ts';

const DIGEST = { priority: 'digest' } as const;

/** A user with Ann's address. */
const ann = (externalId: string, state: ProviderUser['state'] = 'active') =>
  user(externalId, ['ann@x.example'], { state });

async function match(users: ProviderUser[], ...members: Member[]) {
  const provider = fakeProvider();
  provider.users = users;
  const matches = await matchMembers(provider, members, DIGEST);
  const linked = [...matches.users].map(([userId, { externalId }]) => [userId, externalId]);
  return { linked, problems: [...matches.problems], provider };
}

describe('members', () => {
  test('are the one active user with their address', async () => {
    const users = [user('1', ['ann@x.example', 'a@x.example']), user('2', ['ben@x.example'])];

    const { linked, problems } = await match(users, member('UANN', 'a@x.example'), member('UCAT', 'cat@x.example'));

    expect(linked).toEqual([['UANN', '1']]);
    expect(problems).toEqual([]);
  });

  test.each([
    ['inactive', [ann('1', 'inactive')], 'inactive'],
    ['locked', [ann('1', 'locked')], 'locked'],
    ['locked beside an inactive one', [ann('1', 'inactive'), ann('2', 'locked')], 'locked'],
    ['not said to be active', [ann('1', 'unknown')], 'unknown'],
    ['one of two who may be active', [ann('1'), ann('2', 'unknown')], 'ambiguous'],
    ['named twice, once as inactive', [ann('1'), ann('1', 'inactive')], 'unknown'],
    ['two active ones', [ann('1'), ann('2')], 'ambiguous'],
  ])('whose user is %s have none, and an admin can be told why', async (_name, users, reason) => {
    const { linked, problems } = await match(users, member('UANN', 'ann@x.example'));

    expect(linked).toEqual([]);
    expect(problems).toEqual([['UANN', reason]]);
  });

  test('are the active user, whoever else had their address before', async () => {
    const { linked, problems } = await match([ann('1', 'inactive'), ann('2')], member('UANN', 'ann@x.example'));

    expect(linked).toEqual([['UANN', '2']]);
    expect(problems).toEqual([]);
  });

  test('who would share a user have none, each of them', async () => {
    const users = [user('1', ['ann@x.example', 'ben@x.example', 'cat@x.example']), user('2', ['dan@x.example'])];
    const members = ['ann', 'ben', 'cat', 'dan'].map((name) => member(name, `${name}@x.example`));

    const { linked, problems } = await match(users, ...members);

    expect(linked).toEqual([['dan', '2']]);
    expect(problems).toEqual(['ann', 'ben', 'cat'].map((name) => [name, 'shared']));
  });

  test('without an address are not asked for, and nobody is asked when none has one', async () => {
    const { provider } = await match([], member('UANN', undefined), member('UBEN', 'ben@x.example'));
    const { provider: idle, linked } = await match([user('1', [''])], member('UANN', undefined), member('UBEN', ''));

    expect(provider.finds).toEqual([{ emails: ['ben@x.example'] }]);
    expect(idle.finds).toEqual([]);
    expect(linked).toEqual([]);
  });

  test('are never matched with a user that another gets, nor with one who is not active', async () => {
    const addresses = fc.constantFrom('a@x.example', 'b@x.example', 'c@x.example');
    const anyUser = fc.record({
      externalId: fc.constantFrom('1', '2', '3', '4'),
      emails: fc.array(addresses, { maxLength: 3 }),
      name: fc.constant(undefined),
      state: fc.constantFrom('active', 'inactive', 'locked'),
    });
    const users = fc.uniqueArray(anyUser, { selector: ({ externalId }) => externalId });
    const emails = fc.array(fc.option(addresses, { nil: undefined }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(users, emails, async (all, members) => {
        const { linked, problems } = await match(all, ...members.map((email, index) => member(`U${index}`, email)));

        const given = linked.map(([, externalId]) => externalId);
        expect(new Set(given).size).toBe(given.length);
        for (const externalId of given)
          expect(all.find((each) => each.externalId === externalId)?.state).toBe('active');
        const both = [...linked, ...problems].map(([userId]) => userId);
        expect(new Set(both).size).toBe(both.length);
      }),
    );
  });
});

test('a user who is named twice is one user', () => {
  const twice = [user('1', ['ann@x.example']), user('1', ['ann@x.example', 'a@x.example'])];

  expect(onlyOne(twice)).toMatchObject({ externalId: '1', emails: ['ann@x.example', 'a@x.example'], state: 'active' });
});

test('nobody is no problem: most members have no user', () => {
  expect(onlyOne([])).toBeUndefined();
});
