/** Who sets a roll-up up, who is in it and is told, and that it comes once for each of its times. */
import { beforeEach, expect, test } from 'vitest';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import { claimDueRollups } from '../../../src/core/people/rollup-send.ts';
import type { RollupSetting } from '../../../src/core/people/rollups.ts';
import { ANN, BEN, createDocket, DAY, type Docket, HOUR } from '../docket.ts';
import { MONDAY_NINE, task } from '../provider.ts';
import { member } from './members.ts';

const ADMIN = { teamId: ANN.teamId, userId: 'UADMIN' };
const SETTING: RollupSetting = {
  about: { userIds: [ANN.userId, BEN.userId], groups: [] },
  to: 'C1',
  day: 1,
  time: '12:00',
};
/** The admin's zone is New York. */
const NOON = MONDAY_NINE + 3 * HOUR;

let docket: Docket;
beforeEach(async () => {
  docket = await createTeam();
});

async function createTeam(options: Parameters<typeof createDocket>[0] = {}): Promise<Docket> {
  const made = await createDocket(options);
  made.members.push(member('UADMIN', 'ada@x.example', { admin: true }), member(ANN.userId, 'uann@x.example'));
  await made.people.known(ADMIN);
  return made;
}

async function save(setting: Partial<RollupSetting> = {}, by = ADMIN, id?: string) {
  const saved = await docket.rollups.save(by, { ...SETTING, ...setting }, id);
  await docket.work();
  return saved;
}

/** The id of one that is set up. */
async function setUp(setting: Partial<RollupSetting> = {}): Promise<string> {
  const saved = await save(setting);
  if (saved?.is !== 'saved') throw new Error(saved?.is);
  return saved.rollup.id;
}

async function tick(): Promise<number> {
  const claimed = await claimDueRollups(docket.deps);
  await docket.work();
  return claimed;
}

const sent = () => docket.screen.rollups.length;
const told = () => docket.screen.notices.flatMap(({ to, notice }) => (notice.about === 'on_rollup' ? [to.userId] : []));
const failed = () =>
  docket.screen.notices.flatMap(({ to, notice }) =>
    notice.about === 'rollup_failed' ? [[to.userId, notice.code]] : [],
  );

test('it comes once at its time, also to two processes that look at once, and a week later again', async () => {
  await setUp();
  docket.at(NOON - 1);
  expect(await tick()).toBe(0);

  docket.at(NOON);
  await Promise.all([claimDueRollups(docket.deps), claimDueRollups(docket.deps)]);
  await docket.work();
  await tick();
  expect(sent()).toBe(1);

  docket.at(NOON + 7 * DAY);
  await tick();
  expect(sent()).toBe(2);
});

test('it survives a restart between its claim and its sending', async () => {
  docket = await createTeam({ file: true });
  await setUp();
  docket.at(NOON);
  await claimDueRollups(docket.deps);

  await docket.restart();
  await tick();

  expect(sent()).toBe(1);
});

test.each([
  ['a day', DAY, 1],
  ['more', DAY + 1, 0],
])('late by %s it is sent so many times: %s ms, %s', async (_what, late, times) => {
  await setUp();
  docket.at(NOON + late);

  expect(await tick()).toBe(1);

  expect(sent()).toBe(times);
  docket.at(NOON + 7 * DAY);
  await tick();
  expect(sent()).toBe(times + 1);
});

test('its rows come from the store: no tool is asked', async () => {
  docket.holds(task('1', { dueAt: MONDAY_NINE - 3 * DAY }), task('2'), task('3', { dueAt: MONDAY_NINE - DAY }));
  await claimDueDigests(docket.deps);
  await docket.work();
  await setUp();
  docket.at(NOON);
  const asked = docket.provider.calls.length;

  await tick();

  expect(docket.provider.calls).toHaveLength(asked);
  const [ann] = docket.screen.rollups[0]?.rows ?? [];
  // Friday and Sunday were due; since then Monday alone has been a working day.
  const overdue = { tasks: 2, days: 1 };
  expect(ann).toMatchObject({ userId: ANN.userId, counted: { localDate: '2026-11-23', open: 3, overdue } });
});

test('a public holiday of the rep is no day late', async () => {
  docket.holds(task('1', { dueAt: MONDAY_NINE + 2 * DAY }));
  docket.pass(-HOUR);
  await docket.schedules.choose(await docket.rep(), { country: 'US' });
  // Thursday is Thanksgiving.
  docket.at(MONDAY_NINE + 4 * DAY);
  await claimDueDigests(docket.deps);
  await docket.work();

  const run = await docket.deps.store.runs.find(ANN, '2026-11-27');

  expect(run?.overdue).toEqual({ tasks: 1, days: 1 });
});

test('whoever is new is told once, before it is posted, though Slack does not take it', async () => {
  docket.groups.set('S1', [ANN.userId]);
  await setUp({ about: { userIds: [], groups: ['S1'] } });
  expect(told()).toEqual([ANN.userId]);
  docket.groups.set('S1', [ANN.userId, BEN.userId]);
  docket.at(NOON);
  docket.screen.postTrouble.push(new DeliveryError('permanent', 'Slack: is_archived', { code: 'is_archived' }));

  await tick();

  expect(sent()).toBe(0);
  expect(told()).toEqual([ANN.userId, BEN.userId]);
  expect(failed()).toEqual([[ADMIN.userId, 'is_archived']]);
});

test('whoever is in it is told again where another one reads it', async () => {
  const id = await setUp();
  expect(told()).toEqual([ANN.userId, BEN.userId]);

  docket.pass(1_000);
  await save({ time: '13:00' }, ADMIN, id);
  expect(told()).toHaveLength(2);
  expect(docket.screen.announced).toEqual(['C1']);
  docket.pass(1_000);
  await save({ to: 'UBOSS' }, ADMIN, id);

  expect(told()).toHaveLength(4);
  expect(docket.screen.announced).toEqual(['C1', 'UBOSS']);
});

test('a user group that is gone later is told to the admin, and nothing is sent', async () => {
  docket.groups.set('S1', [ANN.userId]);
  await setUp({ about: { userIds: [], groups: ['S1'] } });
  docket.groups.delete('S1');
  docket.at(NOON);

  await tick();

  expect(sent()).toBe(0);
  expect(failed()).toEqual([[ADMIN.userId, 'no_such_subteam']]);
});

test('what Slack does not let come is not set up', async () => {
  docket.screen.postTrouble.push(new DeliveryError('permanent', 'Slack: x', { code: 'not_in_channel' }));

  expect(await save()).toEqual({ is: 'refused', what: 'reader', code: 'not_in_channel' });
  expect(await save({ about: { userIds: [], groups: ['SGONE'] } })).toEqual({
    is: 'refused',
    what: 'group',
    code: 'no_such_subteam',
  });
  expect(await docket.rollups.list(ADMIN)).toEqual([]);
  expect(docket.screen.announced).toEqual([]);
});

test('the off switch keeps it and its notices away', async () => {
  await docket.deps.store.workspaces.switchDigests(ANN.teamId, { by: 'UADMIN', at: 1 });
  await setUp();
  docket.at(NOON);

  await tick();

  expect([sent(), told()]).toEqual([0, []]);
  await docket.deps.store.workspaces.switchDigests(ANN.teamId, undefined);
  docket.at(NOON + 7 * DAY);
  await tick();
  expect(sent()).toBe(1);
  expect(told()).toEqual([ANN.userId, BEN.userId]);
});

test('a date that has had one gets no second one, whatever time is chosen then', async () => {
  const id = await setUp();
  docket.at(NOON);
  await tick();

  const saved = await save({ time: '15:00' }, ADMIN, id);

  expect(saved).toMatchObject({ is: 'saved', rollup: { nextDueAt: NOON + 7 * DAY + 3 * HOUR } });
  docket.at(NOON + 6 * HOUR);
  await tick();
  expect(sent()).toBe(1);
});

test('who stops it in time keeps it away', async () => {
  const id = await setUp();
  docket.at(NOON);
  await claimDueRollups(docket.deps);

  expect(await docket.rollups.stop(ADMIN, id)).toBe(true);
  await docket.work();

  expect(sent()).toBe(0);
  expect(await docket.rollups.stop(ADMIN, id)).toBe(false);
  expect(await docket.rollups.report(ADMIN, id)).toBe('gone');
  expect(await save({}, ADMIN, id)).toEqual({ is: 'gone' });
});

test('nobody but an admin sees, sets up, changes or stops one; a rep sees their own line', async () => {
  const id = await setUp();

  expect(await docket.rollups.list(ANN)).toBeUndefined();
  expect(await docket.rollups.find(ANN, id)).toBeUndefined();
  expect(await docket.rollups.report(ANN, id)).toBeUndefined();
  expect(await docket.rollups.stop(ANN, id)).toBeUndefined();
  expect(await save({}, ANN)).toBeUndefined();
  expect(await save({ to: ANN.userId }, ANN, id)).toBeUndefined();
  expect(await docket.rollups.list(ADMIN)).toMatchObject([{ id, to: 'C1', by: ADMIN.userId }]);

  const [own] = await docket.rollups.own(ANN);
  const report = await docket.rollups.report(ADMIN, id);
  if (!report || report === 'gone') throw new Error('no report');
  expect(own?.row).toEqual(report.rows.find(({ userId }) => userId === ANN.userId));
});

test('an admin of another workspace finds none of ours', async () => {
  const id = await setUp();
  const other = { ...ADMIN, teamId: 'T2' };

  expect(await docket.rollups.find(other, id)).toBe('gone');
  expect(await docket.rollups.stop(other, id)).toBe(false);
  expect(await docket.rollups.list(other)).toEqual([]);
});
