/** Directories that answer oddly: what is left out ends no link, what is said ends it and is told to whom it concerns. */
import { beforeEach, describe, expect, test } from 'vitest';
import { linkMember, linkTeam } from '../../../src/core/people/sync.ts';
import type { Member } from '../../../src/core/ports/directory.ts';
import type { ProviderUser } from '../../../src/core/ports/provider.ts';
import { createDocket, DAY, type Docket } from '../docket.ts';
import { user } from '../provider.ts';
import { member } from './members.ts';

const TEAM = 'T1';
const SIX = [0, 1, 2, 3, 4, 5].map((n) => memberOf(n));
const HEALTHY = SIX.map((_, n) => user(`${n}`, [`u${n}@x.example`]));
const MOVED = HEALTHY.with(2, user('2', ['elsewhere@x.example']));

function memberOf(n: number, more: Partial<Member> = {}): Member {
  return member(`U${n}`, `u${n}@x.example`, more);
}

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket({ empty: true });
  docket.members.push(...SIX);
  await answer(HEALTHY);
});

/** One look at everyone, with this answer. */
async function answer(users: readonly ProviderUser[]) {
  docket.provider.users = [...users];
  const report = await linkTeam(docket.deps, TEAM);
  await docket.work();
  return report;
}

function inactive(...numbers: number[]): ProviderUser[] {
  return HEALTHY.map((each, n) => (numbers.includes(n) ? { ...each, state: 'inactive' } : each));
}

const linked = async () => (await docket.deps.store.links.list(TEAM)).map(({ userId }) => userId);
const told = () =>
  docket.screen.notices.map(({ to, notice }) => [to.userId, notice.about, 'why' in notice && notice.why]);
const doubts = async () =>
  (await docket.deps.store.people.doubts(TEAM)).map(({ userId, reason, looks }) => [userId, reason, looks]);
const problems = async () =>
  (await docket.deps.store.people.problems(TEAM)).map(({ userId, reason }) => [userId, reason]);
const everyone = SIX.map(({ userId }) => userId);

test.each<[string, ProviderUser[]]>([
  ['nobody', []],
  ['half of them', HEALTHY.slice(0, 3)],
  ['all of them twice, and contradicts itself', [...HEALTHY, ...inactive(0, 1, 2, 3, 4, 5)]],
  ['whether none of them is active', HEALTHY.map((each) => ({ ...each, state: 'unknown' as const }))],
  ['none of their addresses', HEALTHY.map((each) => ({ ...each, emails: [] }))],
])('a directory that names %s ends no link, on any number of days, and tells nobody anything', async (_name, users) => {
  for (let day = 0; day < 5; day += 1) {
    const report = await answer(users);
    docket.pass(DAY);
    expect(report).toEqual({ linked: 6, removed: 0, held: 0 });
  }

  expect(await linked()).toEqual(everyone);
  expect(told()).toEqual([]);
});

test('whom a directory has not named for three days is in doubt, and the log says so once', async () => {
  const lines: number[] = [];
  for (let day = 0; day < 4; day += 1) {
    await answer(HEALTHY.slice(1));
    await answer(HEALTHY.slice(1));
    lines.push(docket.lines.length);
    docket.pass(DAY);
  }

  expect(await doubts()).toEqual([['U0', 'unnamed', 4]]);
  expect(lines).toEqual([0, 0, 1, 1]);
  expect(docket.lines).toEqual(['warn a directory has not named linked users for days; they stay linked']);
  await answer(HEALTHY);
  expect(await doubts()).toEqual([]);
});

test('a leaver loses the link at once, is told why, and stands among those who are not linked', async () => {
  const report = await answer(inactive(2));

  expect(report).toEqual({ linked: 5, removed: 1, held: 0 });
  expect(await linked()).not.toContain('U2');
  expect(told()).toEqual([['U2', 'link_ended', 'inactive']]);
  expect(await problems()).toEqual([['U2', 'inactive']]);
});

test('who lost a link stays listed with the reason, also when the directory names them no more, until they have one again', async () => {
  await answer(MOVED);
  const first = await problems();
  await answer(HEALTHY.filter((_, n) => n !== 2));
  const second = await problems();
  await answer(HEALTHY);

  expect([first, second]).toEqual([[['U2', 'moved']], [['U2', 'moved']]]);
  expect(await problems()).toEqual([]);
  expect(await linked()).toEqual(everyone);
});

test('someone who never had a link stays listed no longer than the directory speaks of them', async () => {
  docket.members.push(memberOf(9));
  await answer([...HEALTHY, user('9', ['u9@x.example'], { state: 'locked' })]);
  const first = await problems();
  await answer(HEALTHY);

  expect(first).toEqual([['U9', 'locked']]);
  expect(await problems()).toEqual([]);
});

test('a rep who unlinks after losing a link is no longer a problem', async () => {
  await answer(MOVED);
  await docket.links.unlink({ teamId: TEAM, userId: 'U2' }, 'fake');
  await answer(HEALTHY);

  expect(await problems()).toEqual([]);
});

describe('signs against many', () => {
  /** Who is which user. */
  const users = async () =>
    (await docket.deps.store.links.list(TEAM)).map(({ userId, externalId }) => `${userId} ${externalId}`);

  test('end nothing, are one error in the log, and are believed on the third day', async () => {
    const first = await answer(inactive(0, 1));
    const said = [...docket.lines];
    docket.pass(DAY);
    await answer(inactive(0, 1));
    const before = await linked();
    docket.pass(DAY);
    const third = await answer(inactive(0, 1));

    expect(first).toEqual({ linked: 6, removed: 0, held: 2 });
    expect(said).toEqual(['error a directory speaks against too many links at once, so none of them was ended']);
    expect(before).toEqual(everyone);
    expect(third).toEqual({ linked: 4, removed: 2, held: 0 });
    expect(told().map(([who]) => who)).toEqual(['U0', 'U1']);
  });

  test('are not believed because a process starts again, nor because someone presses Look again', async () => {
    await answer(inactive(0, 1, 2));
    await answer(inactive(0, 1, 2));
    await answer(inactive(0, 1, 2));
    for (const each of SIX) await linkMember(docket.deps, TEAM, each);

    expect(await linked()).toEqual(everyone);
    expect(await doubts()).toEqual([0, 1, 2].map((n) => [`U${n}`, 'inactive', 1]));
  });

  test('count when everyone is given another’s user, too; standing for three days they swap them, in whatever order', async () => {
    const swapped = HEALTHY.map((each, n) => ({ ...each, emails: [`u${n ^ 1}@x.example`] }));
    const first = await answer(swapped);
    const before = await users();
    for (const all of [swapped.toReversed(), swapped]) {
      docket.pass(DAY);
      await answer(all);
    }

    expect(first).toMatchObject({ removed: 0, held: 6 });
    expect(before).toEqual(['U0 0', 'U1 1', 'U2 2', 'U3 3', 'U4 4', 'U5 5']);
    expect(await users()).toEqual(['U0 1', 'U1 0', 'U2 3', 'U3 2', 'U4 5', 'U5 4']);
  });
});

test('a new link needs a user who is said to be active', async () => {
  docket.members.push(memberOf(6), memberOf(7));
  await answer([...HEALTHY, user('6', ['u6@x.example'], { state: 'unknown' }), user('7', ['u7@x.example'])]);

  expect(await linked()).toEqual([...everyone, 'U7']);
  expect(await problems()).toEqual([['U6', 'unknown']]);
});

describe('a member', () => {
  test('whom Slack does not list keeps the link, unless the directory says that their user is gone', async () => {
    docket.members.splice(0, 2);
    await answer(HEALTHY);
    const before = await linked();
    await answer(inactive(0));

    expect(before).toEqual(everyone);
    expect(await linked()).not.toContain('U0');
    expect(told()).toEqual([['U0', 'link_ended', 'inactive']]);
  });

  test('whose user somebody else’s address belongs to now keeps it, and the other gets nothing', async () => {
    docket.members.splice(0, 1, memberOf(8, { email: 'u0@x.example' }));
    await answer(HEALTHY);

    expect(await linked()).toEqual(everyone);
    expect(await problems()).toEqual([['U8', 'taken']]);
  });

  test('whose address in Slack changed is told, with the reason', async () => {
    await linkMember(docket.deps, TEAM, memberOf(3, { email: 'nobody@x.example' }));
    await docket.work();

    expect(await linked()).not.toContain('U3');
    expect(told()).toEqual([['U3', 'link_ended', 'renamed']]);
    expect(await problems()).toEqual([['U3', 'renamed']]);
  });

  test('whose address another user has is not handed over before three days', async () => {
    const replaced = HEALTHY.with(4, user('44', ['u4@x.example']));
    const users: (string | undefined)[] = [];
    for (let day = 0; day < 3; day += 1) {
      await answer(replaced);
      users.push((await docket.deps.store.links.of({ teamId: TEAM, userId: 'U4' }))[0]?.externalId);
      docket.pass(DAY);
    }

    expect(users).toEqual(['4', '4', '44']);
    expect(told()).toEqual([]);
  });
});
