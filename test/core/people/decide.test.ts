/** What people decide about links, and that every change of who is who is in the audit. */
import { beforeEach, describe, expect, test } from 'vitest';
import { followMember, linkMember, linkTeam } from '../../../src/core/people/sync.ts';
import { suggestion } from '../../store/fixtures.ts';
import { ANN, BEN, createDocket, type Docket, HOUR } from '../docket.ts';
import { CONSENT, fakeProvider, MONDAY_NINE, user } from '../provider.ts';
import { ANN_MEMBER, BEN_MEMBER, member } from './members.ts';

const TEAM = ANN.teamId;
const ADMIN = { teamId: TEAM, userId: 'UADMIN' };
/** What the buttons below the question carry. */
const SUGGESTED = { provider: 'fake', suggestedAt: MONDAY_NINE };

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket({ empty: true });
  docket.members.push(ANN_MEMBER, BEN_MEMBER);
  docket.provider.users = [user('1', ['ann@x.example']), user('7', ['a.ab@y.example'])];
  await linkTeam(docket.deps, TEAM);
});

async function links(): Promise<string[]> {
  const all = await docket.deps.store.links.list(TEAM);
  return all.map(({ userId, externalId, origin }) => `${userId} is ${externalId} by ${origin}`);
}

const LINKED = 'UANN linked 1 by directory';

describe('a link that a rep ended', () => {
  test('stays ended: neither the directory nor Slack brings it back', async () => {
    expect(await docket.links.unlink(ANN, 'fake')).toBe(true);

    await linkTeam(docket.deps, TEAM);
    await linkMember(docket.deps, TEAM, ANN_MEMBER);
    await followMember(docket.deps, TEAM, member(ANN.userId, 'a.ab@y.example'));

    expect(await links()).toEqual([]);
    expect(await docket.audit()).toEqual([LINKED, 'UANN unlinked 1 by UANN']);
  });

  test('is ended at one provider, for one rep', async () => {
    const [one, two] = [fakeProvider('one'), fakeProvider('two')];
    docket = await createDocket({ empty: true, providers: [one, two] });
    docket.members.push(ANN_MEMBER, BEN_MEMBER);
    for (const each of [one, two]) each.users = [user('1', ['ann@x.example']), user('2', ['ben@x.example'])];
    await linkTeam(docket.deps, TEAM);

    await docket.links.unlink(ANN, 'one');
    await linkTeam(docket.deps, TEAM);

    const left = await docket.deps.store.links.list(TEAM);
    expect(left.map(({ userId, provider }) => `${userId} ${provider}`)).toEqual(['UANN two', 'UBEN one', 'UBEN two']);
  });

  test('that was never there is declined all the same, and is no news for the audit', async () => {
    expect(await docket.links.unlink(BEN, 'fake')).toBe(false);
    docket.provider.users.push(user('2', ['ben@x.example']));
    await linkTeam(docket.deps, TEAM);

    expect(await links()).toEqual(['UANN is 1 by address']);
    expect(await docket.audit()).toEqual([LINKED]);
  });
});

describe('an admin’s suggestion', () => {
  const suggest = (email = ' A.Ab@Y.example ', rep = BEN) =>
    docket.links.suggest(ADMIN, rep.userId, docket.provider, email);

  beforeEach(async () => {
    docket.members.push(member('UADMIN', undefined, { admin: true }));
  });

  test('is no link, but a question to the rep, asked as the admin', async () => {
    const result = await suggest();
    await docket.work();

    const asked = suggestion(BEN, { ...SUGGESTED, email: 'a.ab@y.example', name: 'User 7' });
    expect(result).toMatchObject({ is: 'suggested', rep: BEN, suggestion: asked });
    expect(docket.provider.finds.at(-1)).toEqual({ emails: ['a.ab@y.example'], as: ADMIN });
    expect(docket.screen.notices).toEqual([{ to: BEN, notice: { about: 'suggestion', suggestion: asked } }]);
    expect(await links()).toEqual(['UANN is 1 by address']);
    expect(await docket.audit()).toEqual([LINKED, 'UBEN suggested 7 by UADMIN']);
  });

  test('is a link once the rep confirms, also one that they had ended, and the directory leaves that alone', async () => {
    await docket.links.unlink(BEN, 'fake');
    await suggest();
    docket.pass(HOUR);

    expect(await docket.links.confirm(BEN, SUGGESTED)).toBe('linked');
    await linkTeam(docket.deps, TEAM);
    await linkMember(docket.deps, TEAM, BEN_MEMBER);

    expect(await links()).toEqual(['UANN is 1 by address', 'UBEN is 7 by suggestion']);
    const [bens] = await docket.deps.store.links.of(BEN);
    expect(bens).toMatchObject({ email: 'a.ab@y.example', linkedAt: MONDAY_NINE + HOUR });
    expect((await docket.audit()).slice(2)).toEqual(['UBEN linked 7 by UBEN']);
    expect(await docket.deps.store.people.declined(TEAM)).toEqual([]);
    expect(await docket.links.confirm(BEN, SUGGESTED)).toBe('gone');
  });

  test('can be declined, once, and is forgotten', async () => {
    await suggest();

    await docket.links.decline(BEN, SUGGESTED);
    await docket.links.decline(BEN, SUGGESTED);

    expect(await docket.links.confirm(BEN, SUGGESTED)).toBe('gone');
    expect(await links()).toEqual(['UANN is 1 by address']);
    expect((await docket.audit()).slice(2)).toEqual(['UBEN declined 7 by UBEN']);
  });

  test('is for the rep alone: nobody else confirms or declines it', async () => {
    await suggest();

    expect(await docket.links.confirm(ANN, SUGGESTED)).toBe('gone');
    expect(await docket.links.confirm({ ...BEN, teamId: 'T2' }, SUGGESTED)).toBe('gone');
    await docket.links.decline(ANN, SUGGESTED);

    expect(await docket.deps.store.people.suggestions(BEN)).toHaveLength(1);
  });

  test('of a user whom somebody else has is refused, when it is made and when it is confirmed', async () => {
    expect(await suggest('ann@x.example')).toEqual({ is: 'refused', why: 'taken' });
    await suggest();
    await docket.links.suggest(ADMIN, ANN.userId, docket.provider, 'a.ab@y.example');
    await docket.links.confirm(ANN, SUGGESTED);

    expect(await docket.links.confirm(BEN, SUGGESTED)).toBe('taken');
    expect(await links()).toEqual(['UANN is 7 by suggestion']);
    expect((await docket.audit()).at(-1)).toBe('UANN linked 7 by UANN');
  });

  test.each([
    ['nobody', [], 'no_user'],
    ['two users', [user('7', ['a.ab@y.example']), user('8', ['a.ab@y.example'])], 'ambiguous'],
    ['someone inactive', [user('7', ['a.ab@y.example'], { state: 'inactive' })], 'inactive'],
    ['someone who is locked', [user('7', ['a.ab@y.example'], { state: 'locked' })], 'locked'],
  ])('of %s is refused with the reason, and the rep is not bothered', async (_name, users, why) => {
    docket.provider.users = users;

    expect(await suggest()).toEqual({ is: 'refused', why });
    await docket.work();

    expect(await docket.deps.store.people.suggestions(BEN)).toEqual([]);
    expect(docket.screen.notices).toEqual([]);
    expect(await docket.audit()).toEqual([LINKED]);
  });

  test('cannot be made while the provider does not answer', async () => {
    docket.provider.usersTrouble.push({ kind: 'unavailable' });

    expect(await suggest()).toMatchObject({ is: 'unreachable', error: { kind: 'unavailable' } });
    expect(await docket.deps.store.people.suggestions(BEN)).toEqual([]);
  });

  test('where reps sign in for themselves asks them to do that', async () => {
    await suggest();
    docket.deps.providers.set('fake', { ...docket.provider, consent: CONSENT });

    expect(await docket.links.confirm(BEN, SUGGESTED)).toMatchObject({ consent: { externalId: '7' } });
    expect(await docket.deps.store.links.of(BEN)).toEqual([]);
  });

  test('that replaces an earlier one is told again, and a late answer to the earlier one is none to it', async () => {
    docket.provider.users.push(user('8', ['b@y.example']));
    await suggest();
    docket.pass(1);
    await suggest('b@y.example');
    await docket.work();

    expect(docket.screen.notices).toHaveLength(2);
    expect(await docket.links.confirm(BEN, SUGGESTED)).toBe('gone');
    expect(await docket.links.decline(BEN, SUGGESTED)).toBe(false);
    expect(await links()).toEqual(['UANN is 1 by address']);
    await docket.links.confirm(BEN, { provider: 'fake', suggestedAt: MONDAY_NINE + 1 });
    expect(await links()).toContain('UBEN is 8 by suggestion');
  });
});

describe('the audit', () => {
  test('says what the directory did: linked, corrected, removed', async () => {
    docket.provider.users = [user('1', ['ann.old@x.example']), user('2', ['ann@x.example'])];
    await linkTeam(docket.deps, TEAM);
    await linkTeam(docket.deps, TEAM);
    docket.provider.users = [user('2', ['ann@x.example'], { state: 'inactive' })];
    await linkTeam(docket.deps, TEAM);

    expect(await docket.audit()).toEqual([LINKED, 'UANN corrected 2 by directory', 'UANN removed 2 by directory']);
  });

  test('says that someone left, however they were linked, and their consent is forgotten', async () => {
    await docket.deps.saveRep({ teamId: TEAM, ...BEN_MEMBER });
    await docket.link(BEN, '7', { origin: 'consent' });
    await docket.connect(BEN, 'fake');

    docket.members.splice(0, 2, ANN_MEMBER, { ...BEN_MEMBER, active: false });
    const report = await linkTeam(docket.deps, TEAM);

    expect(report.removed).toBe(1);
    expect(await links()).toEqual(['UANN is 1 by address']);
    expect(await docket.deps.store.connections.find(BEN, 'fake')).toBeUndefined();
    expect((await docket.audit()).at(-1)).toBe('UBEN removed 7 by directory');
  });
});
