/** The one reader of Slack's users, with users of whom Slack says more, less or something else than usual. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import { followMember, linkTeam } from '../../../src/core/people/sync.ts';
import { toMember } from '../../../src/slack/transport/member.ts';
import { ANN, addRep, addressOf, BEN, createDocket, NEW_YORK } from '../../core/docket.ts';
import { user as providerUser } from '../../core/provider.ts';

const TEAM = ANN.teamId;
const HOME = 'T0HOME';

const FULL = {
  id: ANN.userId,
  team_id: TEAM,
  deleted: false,
  is_bot: false,
  is_admin: true,
  is_owner: false,
  is_stranger: false,
  tz: NEW_YORK,
  tz_offset: -18_000,
  locale: 'en-GB',
  name: 'ann',
  real_name: 'Ann A',
  profile: { email: 'Ann@X.example', real_name: 'Ann Archer', display_name: 'annie' },
  enterprise_user: { teams: [HOME, TEAM] },
};

test('all that is said is read', () => {
  expect(toMember(FULL, TEAM)).toEqual({
    userId: ANN.userId,
    name: 'Ann Archer',
    email: 'ann@x.example',
    zone: NEW_YORK,
    zoneOffset: -18_000_000,
    locale: 'en-GB',
    active: true,
    admin: true,
    elsewhere: false,
  });
});

// slack.md 7.1: any field may be absent or null
test.each([
  ['real_name is null', { real_name: null }],
  ['profile is null', { profile: null }],
  ['profile is a list', { profile: [] }],
  ['is_admin is null', { is_admin: null }],
  ['is_bot is text', { is_bot: 'no' }],
  ['tz is a number', { tz: 5 }],
  ['tz_offset is text', { tz_offset: '-18000' }],
  ['locale is an object', { locale: {} }],
  ['locale is malformed', { locale: 'en_US' }],
  ['name is an object', { name: {} }],
  ['enterprise_user is text', { enterprise_user: 'E1' }],
  ['the teams are an object', { enterprise_user: { teams: {} } }],
])('that someone left is read although %s', (_name, odd) => {
  expect(toMember({ ...FULL, deleted: true, ...odd }, TEAM)).toMatchObject({ userId: ANN.userId, active: false });
});

test.each([
  ['absent', undefined],
  ['null', null],
  ['empty', ''],
  ['blank', '  '],
  ['a number', 7],
])('an address and a zone that are %s are not said', (_name, value) => {
  const read = toMember({ ...FULL, tz: value, profile: { email: value } }, TEAM);
  expect(read).toMatchObject({ email: undefined, zone: undefined, active: true });
});

// slack.md 7.4: only with include_locale
test.each([
  ['absent', undefined, undefined],
  ['null', null, undefined],
  ['empty', '', undefined],
  ['blank', '  ', undefined],
  ['a number', 7, undefined],
  ['malformed', 'en_US', undefined],
  ['a list', ['en-US'], undefined],
  ['too long', `en${'-abcdefgh'.repeat(40)}`, undefined],
  ['padded', ' de-DE ', 'de-DE'],
  ["Slack's own for Latin America", 'es-LA', 'es-LA'],
  ['well-formed and of nobody', 'xx-XX', 'xx-XX'],
])('a locale that is %s', (_name, locale, read) => {
  expect(toMember({ ...FULL, locale }, TEAM)).toMatchObject({ userId: ANN.userId, zone: NEW_YORK });
  expect(toMember({ ...FULL, locale }, TEAM)?.locale).toBe(read);
});

test('what is no address is not said', () => {
  expect(toMember({ ...FULL, profile: { email: 'unknown' } }, TEAM)?.email).toBeUndefined();
});

test.each([
  ['true', true, false],
  ['false', false, true],
  ['null', null, undefined],
  ['text', 'true', undefined],
  ['absent', undefined, undefined],
])('`deleted` that is %s', (_name, deleted, active) => {
  expect(toMember({ ...FULL, deleted }, TEAM)?.active).toBe(active);
});

test.each([
  ['the real name of the profile', {}, 'Ann Archer'],
  ['the real name', { profile: { real_name: '', display_name: 'annie' } }, 'Ann A'],
  ['the display name', { real_name: ' ', profile: { real_name: null, display_name: 'annie' } }, 'annie'],
  ['the handle', { real_name: null, profile: { display_name: '' } }, 'ann'],
  ['not said', { real_name: null, profile: null, name: '' }, undefined],
])('the name is %s', (_name, more, expected) => {
  expect(toMember({ ...FULL, ...more }, TEAM)?.name).toBe(expected);
});

describe('whose someone is', () => {
  const without = { team_id: undefined, enterprise_user: undefined };
  test.each([
    ['no workspace is named', without, false],
    ['ours is named', { ...without, team_id: TEAM }, false],
    ['ours is one of several', { team_id: HOME, enterprise_user: { teams: [HOME, TEAM] } }, false],
    ['ours is named beside odd ones', { team_id: null, enterprise_user: { teams: [null, 7, TEAM] } }, false],
    ['the list is empty', { team_id: null, enterprise_user: { teams: [] } }, false],
    ['another is named', { ...without, team_id: HOME }, true],
    ['the organisation is named, and not ours', { team_id: 'E0ORG', enterprise_user: { teams: [HOME] } }, true],
    ['only others are named', { team_id: null, enterprise_user: { teams: [HOME] } }, true],
  ])('%s', (_name, more, elsewhere) => {
    expect(toMember({ ...FULL, ...more }, TEAM)?.elsewhere).toBe(elsewhere);
  });

  test('an admin of another workspace is no admin of ours', () => {
    expect(toMember({ ...FULL, ...without, team_id: HOME, is_owner: true }, TEAM)?.admin).toBe(false);
  });

  test.each([
    ['a bot', { is_bot: true }],
    ['Slackbot', { id: 'USLACKBOT' }],
    ['a stranger', { is_stranger: true }],
    ['a stranger of ours, by what else is said', { is_stranger: true, team_id: TEAM }],
    ['an entry without an id', { id: null }],
    ['an entry with an empty id', { id: '' }],
  ])('%s is nobody', (_name, more) => {
    expect(toMember({ ...FULL, ...more }, TEAM)).toBeUndefined();
  });

  test.each([null, undefined, 'U1', 7, [], [FULL]])('%j is nobody', (raw) => {
    expect(toMember(raw, TEAM)).toBeUndefined();
  });

  test('a stranger who left has left', () => {
    const left = toMember({ ...FULL, is_stranger: true, deleted: true }, TEAM);
    expect(left).toMatchObject({ active: false, elsewhere: true, admin: false });
  });
});

describe('any part of a user', () => {
  const odd = fc.constantFrom<unknown>(undefined, null, '', ' ', 0, -1, {}, [], false, 'true', [null], { teams: null });
  const part = (right: unknown) => fc.oneof(fc.constant(right), odd);
  const profile = fc.record(
    { email: part(addressOf(ANN)), real_name: part('Ann'), display_name: part('annie') },
    { requiredKeys: [] },
  );
  const user = fc.record(
    {
      id: fc.constant(ANN.userId),
      team_id: fc.oneof(part(TEAM), fc.constant(HOME)),
      deleted: fc.oneof(odd, fc.boolean()),
      is_bot: odd,
      is_stranger: fc.oneof(odd, fc.boolean()),
      is_admin: part(true),
      is_owner: part(false),
      tz: fc.oneof(part(NEW_YORK), fc.constant('America/Newtown')),
      tz_offset: fc.oneof(part(-18_000), fc.constant(1e12)),
      locale: fc.oneof(part('de-DE'), fc.constant('en_US')),
      name: part('ann'),
      real_name: part('Ann A'),
      profile: fc.oneof(profile, odd),
      enterprise_user: fc.oneof(odd, fc.constant({ teams: [TEAM] })),
    },
    { requiredKeys: ['id'] },
  );
  const way = fc.constantFrom('user_change', 'team_join', 'users.list');
  const asked = fc.oneof(user, fc.constant('away'));

  test('never throws, takes no link and no zone from a rep without a sign, and shows every leaver', async () => {
    const docket = await createDocket();
    docket.provider.users = [
      providerUser('ann at fake', [addressOf(ANN)]),
      providerUser('ben at fake', [addressOf(BEN)]),
    ];
    await fc.assert(
      fc.asyncProperty(user, asked, way, async (raw, info, how) => {
        await addRep(docket, ANN, 'ann at fake');
        const member = toMember(raw, TEAM);
        docket.deps.directory.members = async () => (member ? [member] : []);
        docket.deps.directory.member = async () => {
          if (info === 'away') throw new DeliveryError('unavailable', 'Slack did not answer');
          return toMember(info, TEAM);
        };

        if (how === 'users.list') await linkTeam(docket.deps, TEAM);
        else if (member) await followMember(docket.deps, TEAM, member, { joined: how === 'team_join' });

        const rep = await docket.deps.store.reps.find(ANN);
        const links = await docket.deps.store.links.of(ANN);
        const left = raw.deleted === true;
        if (left) expect([rep?.active, links]).toEqual([false, []]);
        else if (rep?.active) expect(links).toHaveLength(1);
        else expect(how !== 'users.list' && typeof info === 'object' && info.deleted).toBe(true);
        // New York's offset agrees with the one that comes with the unknown zone; -1 second and 0 do not.
        expect([NEW_YORK, '+00:00', 'UTC']).toContain(rep?.zone);
        const unknown: unknown[] = ['America/Newtown', 'true'];
        if (![raw, info].some((each) => typeof each === 'object' && unknown.includes(each.tz)))
          expect(rep?.zone).toBe(NEW_YORK);
        expect([undefined, 'de-DE']).toContain(rep?.locale);
        expect(rep?.email).toBe(addressOf(ANN));
        expect(await docket.deps.store.links.of(BEN)).toHaveLength(1);
      }),
      { numRuns: 1_000 },
    );
  });
});
