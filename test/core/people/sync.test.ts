/** Who is who: only what is beyond doubt makes a link. */
import { sql } from 'kysely';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { DEFAULT_CHOICES, FOREVER } from '../../../src/core/model/digest.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import { followMember, linkMember, linkTeam } from '../../../src/core/people/sync.ts';
import type { Member } from '../../../src/core/ports/directory.ts';
import type { ProviderUser } from '../../../src/core/ports/provider.ts';
import { run } from '../../store/fixtures.ts';
import { ANN, addRep, BEN, createDocket, DAY, type Docket, HOUR } from '../docket.ts';
import { fakeProvider, MONDAY_NINE, user } from '../provider.ts';
import { ANN_MEMBER, BEN_MEMBER, member, nothingBut } from './members.ts';

const TEAM = ANN.teamId;

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket({ empty: true });
});

function known(...users: [externalId: string, ...emails: string[]][]): void {
  docket.provider.users = users.map(([externalId, ...emails]) => user(externalId, emails));
}

async function links(): Promise<string[]> {
  const all = await docket.deps.store.links.list(TEAM);
  return all.map(({ userId, provider, externalId }) => `${userId} is ${externalId} at ${provider}`).sort();
}

/** With another one beside it. */
async function twoProviders() {
  const [one, two] = [fakeProvider('one'), fakeProvider('two')];
  docket = await createDocket({ empty: true, providers: [one, two] });
  return { one, two };
}

const problems = () => docket.deps.store.people.problems(TEAM);
const schedule = () => docket.deps.store.schedules.find(ANN);

async function linkAll(...members: Member[]) {
  docket.members.splice(0, docket.members.length, ...members);
  return linkTeam(docket.deps, TEAM);
}

describe('all members', () => {
  test('are linked to the one user with their address', async () => {
    known(['1', 'ann@x.example'], ['2', 'ben@x.example', 'ben.b@x.example'], ['3', 'eve@x.example']);

    const report = await linkAll(ANN_MEMBER, member(BEN.userId, 'ben.b@x.example'));

    expect(await links()).toEqual(['UANN is 1 at fake', 'UBEN is 2 at fake']);
    expect(report).toEqual({ linked: 2, removed: 0, held: 0 });
  });

  test.each([
    ['one address is the beginning of the other', 'ann@x.example.org'],
    ['one address has a tag', 'ann+sales@x.example'],
    ['one is in another domain', 'ann@y.example'],
    ['Slack shows none', undefined],
  ])('are not linked when %s', async (_name, email) => {
    known(['1', 'ann@x.example']);

    await linkAll(member(ANN.userId, email));

    expect(await links()).toEqual([]);
    expect(await docket.deps.store.reps.find(ANN)).toBeUndefined();
  });

  test.each<[string, ...[string, ...string[]][]]>([
    ['a user has both their addresses', ['1', 'ann@x.example', 'ben@x.example']],
    ['another user has their address, too', ['1', 'ann@x.example'], ['2', 'ben@x.example'], ['3', 'ann@x.example']],
  ])('keep the link that they have when %s: an admin is told', async (_name, ...users) => {
    known(['1', 'ann@x.example'], ['2', 'ben@x.example']);
    await linkAll(ANN_MEMBER, BEN_MEMBER);

    known(...users);
    const report = await linkAll(ANN_MEMBER, BEN_MEMBER);

    expect(await links()).toEqual(['UANN is 1 at fake', 'UBEN is 2 at fake']);
    expect(report).toEqual({ linked: 2, removed: 0, held: 0 });
    expect(await problems()).not.toEqual([]);
  });

  test.each([
    ['nothing', { ...ANN_MEMBER, active: false }],
    ['all the rest', nothingBut({ userId: ANN.userId, active: false })],
  ])('lose their link when they leave, and are known to have left, though Slack leaves out %s', async (_name, left) => {
    known(['1', 'ann@x.example'], ['2', 'ben@x.example']);
    await linkAll(ANN_MEMBER, BEN_MEMBER);

    const report = await linkAll(left, BEN_MEMBER);
    await docket.work();

    expect(await links()).toEqual(['UBEN is 2 at fake']);
    expect(report.removed).toBe(1);
    expect(await docket.rep()).toMatchObject({ active: false });
    // They are told nothing, and are no problem.
    expect(docket.screen.notices).toEqual([]);
    expect(await problems()).toEqual([]);
  });

  test('give their user to whoever has the address now', async () => {
    known(['1', 'sales@x.example']);
    await linkAll(member(ANN.userId, 'sales@x.example'), BEN_MEMBER);

    await linkAll(ANN_MEMBER, member(BEN.userId, 'sales@x.example'));

    expect(await links()).toEqual(['UBEN is 1 at fake']);
  });

  test('keep what is known of a link that stays, and start anew with another user', async () => {
    known(['1', 'ann@x.example']);
    await linkAll(ANN_MEMBER);
    await docket.deps.store.links.markListed(ANN, 'fake', MONDAY_NINE + 1);
    docket.pass(DAY);
    await linkAll(ANN_MEMBER);
    const [same] = await docket.deps.store.links.of(ANN);
    known(['1', 'ann.old@x.example'], ['2', 'ann@x.example']);
    await linkAll(ANN_MEMBER);
    const [other] = await docket.deps.store.links.of(ANN);

    expect(same).toMatchObject({ externalId: '1', linkedAt: MONDAY_NINE, lastListedAt: MONDAY_NINE + 1 });
    expect(other).toMatchObject({ externalId: '2', linkedAt: MONDAY_NINE + DAY, lastListedAt: undefined });
  });

  test('of another workspace are no business of this one', async () => {
    known(['1', 'ann@x.example']);
    await addRep(docket, { ...ANN, teamId: 'T2' }, '1');

    await linkAll(member(BEN.userId, 'nobody@x.example'));

    expect(await docket.deps.store.links.list('T2')).toHaveLength(1);
  });
});

describe('a provider that cannot be asked', () => {
  test('is thrown, and keeps its links; what Slack says is followed all the same: a new zone, and that someone left', async () => {
    known(['1', 'ann@x.example'], ['2', 'ben@x.example'], ['3', 'cat@x.example']);
    await linkAll(ANN_MEMBER, BEN_MEMBER);
    known();
    docket.provider.usersTrouble.push({ kind: 'unavailable' });

    const moved = { ...BEN_MEMBER, email: 'ben.b@x.example', zone: 'Asia/Tokyo' };
    const linking = linkAll({ ...ANN_MEMBER, active: false }, moved, member('UCAT', 'cat@x.example'));

    await expect(linking).rejects.toThrow('unavailable');
    expect(await links()).toEqual(['UBEN is 2 at fake']);
    expect(await docket.rep()).toMatchObject({ active: false });
    expect(await docket.rep(BEN)).toMatchObject({ zone: 'Asia/Tokyo' });
    expect(await docket.deps.store.reps.list(TEAM)).toHaveLength(2);
  });

  test('does not keep the others from being asked, and is thrown at the end', async () => {
    const { one, two } = await twoProviders();
    one.users = [user('1', ['ann@x.example'])];
    two.users = [user('2', ['ann@x.example'])];
    await linkAll(ANN_MEMBER);
    one.usersTrouble.push({ kind: 'auth' });
    two.users = [user('3', ['ben@x.example'])];

    await expect(linkAll(ANN_MEMBER, BEN_MEMBER)).rejects.toThrow('one: auth');

    expect(await links()).toEqual(['UANN is 1 at one', 'UANN is 2 at two', 'UBEN is 3 at two']);
  });
});

test('a new rep gets Monday to Friday at the usual time, in their own zone', async () => {
  known(['1', 'ann@x.example']);

  await linkAll({ ...ANN_MEMBER, zone: 'Europe/Berlin' });

  const week = { time: '09:00', days: [1, 2, 3, 4, 5], pausedUntil: undefined, choices: DEFAULT_CHOICES };
  expect(await schedule()).toEqual({ ...ANN, ...week, nextDueAt: Date.parse('2026-11-24T08:00:00Z') });
});

describe('a rep who is known', () => {
  beforeEach(async () => {
    known(['1', 'ann@x.example']);
    await linkAll(ANN_MEMBER);
  });

  test('keeps the schedule that they chose', async () => {
    const own = { ownZone: undefined, country: 'DE', pausedUntil: undefined, choices: DEFAULT_CHOICES };
    const chosen = { ...ANN, time: '07:30', days: [2], ...own, nextDueAt: MONDAY_NINE + DAY };
    await docket.deps.store.schedules.save(chosen);

    await linkAll({ ...ANN_MEMBER, name: 'Ann B' });

    expect(await schedule()).toEqual(chosen);
    expect(await docket.rep()).toMatchObject({ name: 'Ann B' });
  });

  test('has the locale that Slack said last, whatever it leaves out later, and keeps their schedule', async () => {
    const locale = async () => (await docket.deps.store.reps.find(ANN))?.locale;
    const before = await schedule();

    expect(await locale()).toBeUndefined();
    await linkAll({ ...ANN_MEMBER, locale: 'de-DE' });
    expect(await locale()).toBe('de-DE');
    await linkAll({ ...ANN_MEMBER, name: 'Ann B', locale: undefined });
    expect(await locale()).toBe('de-DE');
    await linkAll({ ...ANN_MEMBER, name: 'Ann B', locale: 'en-GB' });
    expect(await locale()).toBe('en-GB');
    await linkAll({ ...ANN_MEMBER, locale: undefined, active: false });
    expect(await locale()).toBe('en-GB');
    expect(await schedule()).toEqual(before);
  });

  test('who moves while paused stays paused', async () => {
    await docket.schedules.pause(await docket.rep());

    await linkAll({ ...ANN_MEMBER, zone: 'Europe/Berlin' });

    expect(await schedule()).toMatchObject({ pausedUntil: FOREVER, nextDueAt: FOREVER });
  });

  test('who moves back in time gets no second digest on the same date', async () => {
    await docket.deps.store.runs.claim(run(ANN, '2026-11-23', { state: 'posted', postedAt: 1 }));

    await linkAll({ ...ANN_MEMBER, zone: 'Pacific/Honolulu' });

    expect(await schedule()).toMatchObject({ nextDueAt: Date.parse('2026-11-24T19:00:00Z') });
  });
});

describe('what Slack leaves out', () => {
  beforeEach(async () => {
    known(['1', 'ann@x.example'], ['2', 'ben@x.example']);
    await linkAll(ANN_MEMBER, BEN_MEMBER);
  });

  test('takes no link, no address, no name and no zone from a rep', async () => {
    const before = await docket.rep();

    const report = await linkAll(nothingBut({ userId: ANN.userId }), BEN_MEMBER);

    expect(report.removed).toBe(0);
    expect(await links()).toEqual(['UANN is 1 at fake', 'UBEN is 2 at fake']);
    expect(await docket.rep()).toEqual(before);
  });

  test('keeps nobody from being linked', async () => {
    known(['1', 'ann@x.example'], ['2', 'ben@x.example'], ['3', 'cat@x.example']);

    await linkAll(ANN_MEMBER, BEN_MEMBER, { ...member('UCAT', 'cat@x.example'), zone: undefined, active: undefined });

    expect(await links()).toContain('UCAT is 3 at fake');
    expect(await docket.rep({ teamId: TEAM, userId: 'UCAT' })).toMatchObject({ zone: 'UTC', active: true });
  });
});

test('people of other workspaces are linked to nobody, with whoever’s address', async () => {
  known(['1', 'ann@x.example'], ['2', 'ben@x.example']);

  await linkAll(ANN_MEMBER, { ...BEN_MEMBER, elsewhere: true }, member('UTWIN', 'ann@x.example', { elsewhere: true }));

  expect(await links()).toEqual(['UANN is 1 at fake']);
});

describe('what Slack tells of a rep while everyone is read', () => {
  test.each([
    ['that they left', { active: false }, []],
    ['another address', { email: 'ann.new@x.example' }, ['UANN is 2 at fake']],
    ['another zone', { zone: 'Asia/Tokyo' }, ['UANN is 1 at fake']],
  ])('is newer than their page: %s', async (_name, news, expected) => {
    known(['1', 'ann@x.example'], ['2', 'ann.new@x.example']);
    await linkAll(ANN_MEMBER);
    const told = { ...ANN_MEMBER, ...news };
    docket.deps.directory.members = async () => {
      await followMember(docket.deps, TEAM, told);
      return [ANN_MEMBER];
    };

    await linkTeam(docket.deps, TEAM);

    expect(await links()).toEqual(expected);
    expect(await docket.rep()).toMatchObject(news);
  });
});

describe('one member, looked up at once', () => {
  test('is linked and known from then on, also while the link cannot be confirmed', async () => {
    known(['1', 'ann@x.example']);

    const { rep, unreachable } = await linkMember(docket.deps, TEAM, ANN_MEMBER);

    expect(rep).toMatchObject({ ...ANN, email: 'ann@x.example' });
    expect(unreachable).toEqual([]);
    expect(await schedule()).toMatchObject({ nextDueAt: MONDAY_NINE + DAY });
    docket.provider.usersTrouble.push({ kind: 'unavailable' });
    docket.pass(HOUR);
    await linkMember(docket.deps, TEAM, ANN_MEMBER);
    expect(await links()).toEqual(['UANN is 1 at fake']);
  });

  test('does not get a user whom another rep has', async () => {
    known(['1', 'ann@x.example', 'ben@x.example']);
    await addRep(docket, BEN, '1');

    await linkMember(docket.deps, TEAM, ANN_MEMBER);

    expect(await links()).toEqual(['UBEN is 1 at fake']);
  });

  test('is told which providers could not be asked, and linked to the others', async () => {
    const { one, two } = await twoProviders();
    one.usersTrouble.push({ kind: 'unavailable' });
    two.users = [user('2', ['ann@x.example'])];

    const { unreachable } = await linkMember(docket.deps, TEAM, ANN_MEMBER);

    expect(unreachable).toEqual(['one']);
    expect(await links()).toEqual(['UANN is 2 at two']);
  });
});

describe('what people decide while a directory is read', () => {
  /** Reads who is who, and something happens before the answer is used. */
  async function linkWhile(happens: () => Promise<unknown>): Promise<void> {
    const { findUsers } = docket.provider;
    docket.provider.findUsers = async (...asked) => {
      const found = await findUsers(...asked);
      await happens();
      return found;
    };
    await linkTeam(docket.deps, TEAM);
  }

  const choose = (rep: RepKey, externalId: string) => docket.link(rep, externalId, { origin: 'suggestion' });
  const [ann, ben] = [user('1', ['ann@x.example']), user('2', ['ben@x.example'])];

  beforeEach(async () => {
    docket.provider.users = [ann];
    docket.members.push(ANN_MEMBER, BEN_MEMBER);
    for (const rep of [ANN_MEMBER, BEN_MEMBER]) await linkMember(docket.deps, TEAM, rep);
  });

  test.each<[string, ProviderUser[], () => Promise<unknown>, string[]]>([
    ['a link that they ended is not made again', [ann, ben], () => docket.links.unlink(BEN, 'fake'), ['UANN is 1']],
    [
      'a link that they ended is not corrected',
      [user('1', ['ann.old@x.example']), user('9', ['ann@x.example'])],
      () => docket.links.unlink(ANN, 'fake'),
      [],
    ],
    ['a link that they confirmed is not replaced', [ann, ben], () => choose(BEN, '7'), ['UANN is 1', 'UBEN is 7']],
    [
      'a link that they confirmed is not ended with the one before it',
      [{ ...ann, state: 'inactive' }],
      () => choose(ANN, '7'),
      ['UANN is 7'],
    ],
    ['a user whom they took is nobody else’s', [ann, ben], () => choose(ANN, '2'), ['UANN is 2']],
  ])('%s', async (_name, users, decide, expected) => {
    docket.provider.users = users;

    await linkWhile(decide);

    expect(await links()).toEqual(expected.map((each) => `${each} at fake`));
    expect((await docket.audit()).filter((line) => line.includes('directory'))).toEqual(['UANN linked 1 by directory']);
  });
});

test('a provider that refuses us for good does not keep one that is away from being asked again', async () => {
  const { one, two } = await twoProviders();
  one.usersTrouble.push({ kind: 'auth' });
  two.usersTrouble.push({ kind: 'unavailable' });

  await expect(linkAll(ANN_MEMBER)).rejects.toMatchObject({ provider: 'two', kind: 'unavailable' });

  expect(docket.lines).toEqual(['warn could not read who is who', 'warn could not read who is who']);
});

test('a user whom two members share is given to neither of them alone, until only one has the address', async () => {
  known(['1', 'ann@x.example', 'ben@x.example']);
  await linkAll(ANN_MEMBER, BEN_MEMBER);

  await linkMember(docket.deps, TEAM, ANN_MEMBER);
  const shared = await links();
  known(['1', 'ann@x.example']);
  await linkMember(docket.deps, TEAM, ANN_MEMBER);

  expect(shared).toEqual([]);
  expect(await links()).toEqual(['UANN is 1 at fake']);
});

test('what is known already is not written again: links, doubts and problems', async () => {
  const [cat, dan] = [member('UCAT', 'cat@x.example'), member('UDAN', 'dan@x.example')];
  known(['1', 'ann@x.example'], ['2', 'ben@x.example']);
  await linkAll(ANN_MEMBER, BEN_MEMBER);
  known(['1', 'ann@x.example'], ['3', 'cat@x.example', 'dan@x.example']);
  const everyone = [ANN_MEMBER, BEN_MEMBER, cat, dan];
  await linkAll(...everyone);
  const changes = async () => (await sql<{ n: number }>`select total_changes() as n`.execute(docket.db)).rows[0]?.n;
  const before = await changes();

  await linkAll(...everyone);

  expect(await docket.deps.store.people.doubts(TEAM)).toMatchObject([{ userId: BEN.userId, reason: 'unnamed' }]);
  expect(await problems()).toMatchObject([{ userId: 'UCAT' }, { userId: 'UDAN' }]);
  expect(await changes()).toBe(before);
});

test('what is known of everyone is compared without a question to the database for each', async () => {
  const everyone = Array.from({ length: 200 }, (_, n) => member(`U${n}`, `u${n}@x.example`));
  known(...everyone.map(({ email = '' }, n): [string, string] => [`${n}`, email]));
  await linkAll(...everyone);
  const find = vi.spyOn(docket.deps.store.reps, 'find');

  await linkAll(...everyone);

  expect(find).not.toHaveBeenCalled();
  expect(await links()).toHaveLength(200);
});

test('one member whose link cannot be written fails the sync, once those beside them are linked', async () => {
  known(['1', 'ann@x.example'], ['2', 'ben@x.example']);
  vi.spyOn(docket.deps.store.links, 'save').mockRejectedValueOnce(new Error('the disk is full'));

  await expect(linkAll(ANN_MEMBER, BEN_MEMBER)).rejects.toThrow('the disk is full');

  expect(await links()).toEqual(['UBEN is 2 at fake']);
});
