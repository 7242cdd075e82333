/** What follows from Slack's news about a person, and what an admin can be told of those who could not be linked. */
import { beforeEach, describe, expect, test } from 'vitest';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import { followMember, linkTeam } from '../../../src/core/people/sync.ts';
import type { Member } from '../../../src/core/ports/directory.ts';
import { ANN, BEN, createDocket, type Docket, HOUR, NEW_YORK } from '../docket.ts';
import { CONSENT, fakeProvider, user } from '../provider.ts';
import { ANN_MEMBER, BEN_MEMBER, member, nothingBut } from './members.ts';

const TEAM = ANN.teamId;

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket({ empty: true });
  docket.provider.users = [user('1', ['ann@x.example']), user('2', ['ann.new@x.example'])];
});

const follow = (news: Member, joined = true) => followMember(docket.deps, TEAM, news, { joined });
const nextDueAt = async () => (await docket.deps.store.schedules.find(ANN))?.nextDueAt;

describe('someone new', () => {
  test('whom a provider knows is a rep from then on', async () => {
    await follow(ANN_MEMBER);

    expect(await docket.linked()).toEqual(['1 by address']);
    expect(await docket.deps.store.schedules.find(ANN)).toMatchObject({ time: '09:00' });
  });

  test.each([
    ['whom no provider knows', member(ANN.userId, 'stranger@x.example')],
    ['without an address', member(ANN.userId, undefined)],
    ['who has left already', { ...ANN_MEMBER, active: false }],
    ['of another workspace', { ...ANN_MEMBER, elsewhere: true }],
  ])('%s is no rep, and is not stored', async (_name, news) => {
    await follow(news);

    expect(await docket.deps.store.reps.list(TEAM)).toEqual([]);
    expect(await docket.linked()).toEqual([]);
  });

  test('whose address the event leaves out is asked about', async () => {
    docket.members.push(ANN_MEMBER);

    await follow(nothingBut({ userId: ANN.userId }));

    expect(await docket.linked()).toEqual(['1 by address']);
    expect(await docket.rep()).toMatchObject({ zone: NEW_YORK });
  });

  test('who is of another workspace by what users.info says is no rep', async () => {
    docket.members.push({ ...ANN_MEMBER, elsewhere: true });

    await follow(nothingBut({ userId: ANN.userId }));

    expect(await docket.deps.store.reps.list(TEAM)).toEqual([]);
  });

  test('who was here before, and whose status changed, is looked up nowhere: the daily look finds them', async () => {
    await follow(ANN_MEMBER, false);
    const asked = [...docket.provider.finds];
    docket.members.push(ANN_MEMBER);
    await linkTeam(docket.deps, TEAM);

    expect(asked).toEqual([]);
    expect(await docket.linked()).toEqual(['1 by address']);
  });

  test('is looked up where others sign in for themselves not at all', async () => {
    docket.deps.providers = new Map([['fake', { ...docket.provider, consent: CONSENT }]]);

    await follow(ANN_MEMBER);
    docket.members.push(ANN_MEMBER);
    await linkTeam(docket.deps, TEAM);

    expect(docket.provider.finds).toEqual([]);
    expect(await docket.deps.store.reps.list(TEAM)).toEqual([]);
  });
});

describe('a rep', () => {
  beforeEach(async () => {
    await follow(ANN_MEMBER);
    docket.provider.finds.length = 0;
  });

  test('whose name and zone changed is followed, and looked up nowhere', async () => {
    await follow({ ...ANN_MEMBER, name: 'Ann B', zone: 'Europe/Berlin' });

    expect(await docket.rep()).toMatchObject({ name: 'Ann B', zone: 'Europe/Berlin' });
    expect(docket.provider.finds).toEqual([]);
    expect(await docket.linked()).toEqual(['1 by address']);
    expect(await nextDueAt()).toBe(Date.parse('2026-11-24T08:00:00Z'));
  });

  test.each([
    ['to that of another user', 'ann.new@x.example', ['2 by address']],
    ['to one that nobody has', 'stranger@x.example', []],
  ])('whose address changed %s is linked anew', async (_name, email, linked) => {
    await follow({ ...ANN_MEMBER, email });

    expect(await docket.linked()).toEqual(linked);
    expect(await docket.rep()).toMatchObject({ email });
  });

  const known = { email: 'ann@x.example', zone: NEW_YORK };
  const news = { email: 'ann.new@x.example', zone: 'Asia/Tokyo' };
  test.each([
    ['leaves them out as well', { email: undefined, zone: undefined }, known, '1 by address', 0],
    ['says the address that is known', { email: known.email, zone: undefined }, known, '1 by address', 0],
    ['says new ones', news, news, '2 by address', 1],
  ])('whose event says no address and no zone is asked about: users.info %s', async (_name, says, is, link, finds) => {
    docket.members.push({ ...ANN_MEMBER, ...says });

    await follow({ ...ANN_MEMBER, email: undefined, zone: undefined });

    expect(await docket.linked()).toEqual([link]);
    expect(await docket.rep()).toMatchObject(is);
    expect(docket.provider.finds).toHaveLength(finds);
  });

  test.each([
    ['the event', 'de-DE', 'fr-FR', 'de-DE'],
    ['users.info', undefined, 'fr-FR', 'fr-FR'],
    ['neither', undefined, undefined, 'en-US'],
  ])('whose locale %s says has that one, and keeps it where nobody says one', async (_name, told, asked, known) => {
    await follow({ ...ANN_MEMBER, locale: 'en-US' });
    docket.members.push({ ...ANN_MEMBER, locale: asked });

    await follow({ ...ANN_MEMBER, email: undefined, locale: told });

    expect(await docket.deps.store.reps.find(ANN)).toMatchObject({ locale: known });
    expect((await docket.people.readerOf(ANN)).locale).toBe(known);
  });

  test('about whom Slack cannot be asked keeps what is known, and what the event does say is followed', async () => {
    docket.deps.directory.member = async () => Promise.reject(new DeliveryError('unavailable', 'Slack did not answer'));

    await follow({ ...ANN_MEMBER, name: 'Ann B', email: undefined, zone: 'Asia/Tokyo' });

    expect(await docket.linked()).toEqual(['1 by address']);
    expect(await docket.rep()).toMatchObject({ ...known, name: 'Ann B', zone: 'Asia/Tokyo' });
    expect(docket.lines).toContain('warn could not ask Slack about a member');
  });

  test('whose leaving is all that the event says has left, and Slack is not asked about them', async () => {
    docket.deps.directory.member = async () => Promise.reject(new Error('asked'));

    await follow(nothingBut({ userId: ANN.userId, active: false }));

    expect(await docket.linked()).toEqual([]);
    expect(await docket.rep()).toMatchObject({ ...known, name: 'UANN', active: false });
  });

  test('whose event is cut short, and who has left by what users.info says, has left', async () => {
    docket.members.push(nothingBut({ userId: ANN.userId, active: false }));

    await follow({ ...ANN_MEMBER, email: undefined });

    expect(await docket.linked()).toEqual([]);
  });

  test('whom Slack counts to another workspace stays a rep, and their leaving counts', async () => {
    await follow({ ...ANN_MEMBER, elsewhere: true, zone: 'Asia/Tokyo' });
    const moved = await docket.rep();
    await follow({ ...ANN_MEMBER, elsewhere: true, active: false });

    expect(moved).toMatchObject({ zone: 'Asia/Tokyo', active: true });
    expect(await docket.linked()).toEqual([]);
  });

  test('whose zone this runtime does not know gets its offset, and the log says so once', async () => {
    const unknown = { ...ANN_MEMBER, zone: 'America/Newtown', zoneOffset: 3 * HOUR };

    await follow(unknown);
    await follow(unknown);
    const { zone } = await docket.rep();
    await follow({ ...unknown, zone: 'America/Newertown' });

    expect(zone).toBe('+03:00');
    expect(await nextDueAt()).toBe(Date.parse('2026-11-24T06:00:00Z'));
    const line = 'warn Slack names a time zone that this runtime does not know';
    expect(docket.lines.filter((each) => each === line)).toHaveLength(2);
  });

  test('who leaves loses every link, and is back with their return, not with an event that says nothing of it', async () => {
    await follow({ ...ANN_MEMBER, active: false });
    const gone = [await docket.linked(), (await docket.rep()).active];
    await follow({ ...ANN_MEMBER, active: undefined });
    gone.push(await docket.linked(), (await docket.rep()).active);
    await follow(ANN_MEMBER);

    expect(gone).toEqual([[], false, [], false]);
    expect(await docket.linked()).toEqual(['1 by address']);
    expect(await docket.rep()).toMatchObject({ active: true });
  });
});

describe('what keeps members from being linked', () => {
  const problems = async () =>
    (await docket.deps.store.people.problems(TEAM)).map(({ userId, provider, reason }) => [userId, provider, reason]);

  async function linkAll(...members: Member[]): Promise<void> {
    docket.members.splice(0, docket.members.length, ...members);
    await linkTeam(docket.deps, TEAM);
  }

  test('is that another rep chose that user: the directory does not take it from them', async () => {
    await docket.deps.saveRep({ teamId: TEAM, ...BEN_MEMBER });
    await docket.link(BEN, '1', { origin: 'suggestion' });

    await linkAll(ANN_MEMBER, BEN_MEMBER);

    expect(await docket.linked()).toEqual([]);
    expect(await docket.deps.store.links.of(BEN)).toMatchObject([{ externalId: '1', origin: 'suggestion' }]);
    expect(await problems()).toEqual([['UANN', 'fake', 'taken']]);
  });

  test('ends the link to a user whom the directory no longer gives them, also when the new one is taken', async () => {
    await linkAll(ANN_MEMBER);
    await docket.deps.saveRep({ teamId: TEAM, ...BEN_MEMBER });
    await docket.link(BEN, '2', { origin: 'suggestion' });
    docket.provider.users = [user('1', ['someone.else@x.example']), user('2', ['ann@x.example'])];

    await linkAll(ANN_MEMBER, BEN_MEMBER);

    expect(await docket.linked()).toEqual([]);
    expect(await problems()).toEqual([['UANN', 'fake', 'taken']]);
  });

  test('stays known while its provider cannot be asked', async () => {
    const [one, two] = [fakeProvider('one'), fakeProvider('two')];
    docket = await createDocket({ empty: true, providers: [one, two] });
    for (const each of [one, two]) each.users = [user('1', ['ann@x.example'], { state: 'inactive' })];
    await linkAll(ANN_MEMBER);
    one.usersTrouble.push({ kind: 'unavailable' });
    two.users = [];

    await expect(linkAll(ANN_MEMBER)).rejects.toThrow('unavailable');

    expect(await problems()).toEqual([['UANN', 'one', 'inactive']]);
  });
});
