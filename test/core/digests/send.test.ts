/** Who is due, once per rep and local date; downtime caught up once, within its window; and what becomes of a run. */
import { beforeEach, describe, expect, test } from 'vitest';
import { claimDueDigests } from '../../../src/core/digests/send.ts';
import { FOREVER } from '../../../src/core/model/digest.ts';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import type { Rep } from '../../../src/core/model/people.ts';
import { run } from '../../store/fixtures.ts';
import { ANN, addRep, BEN, createDocket, DAY, type Docket, HOUR } from '../docket.ts';
import { MONDAY_NINE } from '../provider.ts';

const MINUTE = 60_000;
const MONDAY = '2026-11-23';

let docket: Docket;
beforeEach(async () => {
  docket = await createDocket();
});

const nextOf = async (key = ANN) => (await docket.deps.store.schedules.find(key))?.nextDueAt;

/** What happened on each date: the states of the runs, in order. */
async function runs(key: RepKey, ...dates: string[]) {
  return Promise.all(dates.map(async (date) => (await docket.deps.store.runs.find(key, date))?.state));
}

async function tick(): Promise<number> {
  const claimed = await claimDueDigests(docket.deps);
  await docket.work();
  return claimed;
}

describe('the digest of a morning', () => {
  test('comes when two processes look at the same time, once', async () => {
    await Promise.all([claimDueDigests(docket.deps), claimDueDigests(docket.deps)]);
    await docket.work();

    expect(docket.screen.posted).toHaveLength(2);
  });

  test('does not come for a date that had one, whatever the schedule says', async () => {
    const posted = { state: 'posted', postedAt: 1 } as const;
    for (const rep of [ANN, BEN]) await docket.deps.store.runs.claim(run(rep, MONDAY, posted));

    expect(await tick()).toBe(0);
    expect(docket.screen.posted).toEqual([]);
    expect(await nextOf()).toBe(MONDAY_NINE + DAY);
  });

  test('survives a restart between its claim and its sending', async () => {
    docket = await createDocket({ file: true });
    await claimDueDigests(docket.deps);

    await docket.restart();
    await tick();

    expect(docket.screen.posted).toHaveLength(2);
  });

  test('comes for more reps than are read at a time', async () => {
    docket = await createDocket({ empty: true });
    for (let index = 0; index < 230; index += 1) await addRep(docket, { ...ANN, userId: `U${index}` }, `${index}`);

    expect(await claimDueDigests(docket.deps)).toBe(230);
  });

  test('is claimed with pauses that leave the database to clicks, and the rest is left when Docket stops', async () => {
    docket = await createDocket({ empty: true });
    for (let index = 0; index < 50; index += 1) await addRep(docket, { ...ANN, userId: `U${index}` }, `${index}`);
    const claimed: number[] = [];
    const pause = async () => {
      claimed.push((await docket.deps.queue.backlog(MONDAY_NINE))[0]?.jobs ?? 0);
      return claimed.length < 2;
    };

    expect(await claimDueDigests(docket.deps, pause)).toBe(32);
    expect(claimed).toEqual([16, 32]);
    expect(await claimDueDigests(docket.deps)).toBe(18);
  });

  test('of one rep is not stopped by the trouble of another', async () => {
    await addRep(docket, ANN, 'ann at fake', { nextDueAt: MONDAY_NINE - 1 });
    const { claim } = docket.deps.store.runs;
    docket.deps.store.runs.claim = async (run, tx) => {
      if (run.userId === ANN.userId) throw new Error('broken row');
      return claim(run, tx);
    };

    const claimed = await tick();

    expect(claimed).toBe(1);
    expect(docket.screen.posted).toHaveLength(1);
    expect(await runs(BEN, MONDAY)).toEqual(['posted']);
    expect(docket.lines).toContain('error could not claim a digest run');
    expect(await nextOf()).toBe(MONDAY_NINE - 1);
  });

  test('is for reps who are here and linked', async () => {
    await docket.deps.store.reps.save({ ...(await docket.rep()), active: false });
    await docket.deps.store.links.remove(BEN, 'fake');

    expect(await tick()).toBe(0);
  });
});

describe('after a downtime', () => {
  test.each([
    [0, 'posted'],
    [HOUR, 'posted'],
    [4 * HOUR, 'posted'],
    [4 * HOUR + 1, 'skipped'],
    [14 * HOUR, 'skipped'],
  ])('of %i ms, today’s digest is %s', async (late, state) => {
    docket.pass(late);

    const claimed = [await tick(), await tick()];

    const reps = state === 'posted' ? 2 : 0;
    expect(claimed).toEqual([reps, 0]);
    expect(await runs(ANN, MONDAY)).toEqual([state]);
    expect(docket.screen.posted).toHaveLength(reps);
    expect(await nextOf()).toBe(MONDAY_NINE + DAY);
  });

  test.each([3, 8, 30, 400])('of %i days one digest is sent, and none is replayed', async (days) => {
    for (const rep of [ANN, BEN]) await addRep(docket, rep, `${rep.userId}`, { nextDueAt: MONDAY_NINE - days * DAY });
    docket.at(MONDAY_NINE + MINUTE);

    await tick();

    expect(await runs(ANN, '2026-11-20', MONDAY)).toEqual([undefined, 'posted']);
    expect(docket.screen.posted).toHaveLength(2);
    expect(await nextOf()).toBe(MONDAY_NINE + DAY);
  });

  test('that ended on a weekend nothing is sent', async () => {
    docket.at(MONDAY_NINE + 5 * DAY);

    await tick();

    expect(docket.screen.posted).toEqual([]);
    expect(await nextOf()).toBe(MONDAY_NINE + 7 * DAY);
  });

  test('that began after the claim, a digest that would come too late is not sent', async () => {
    await claimDueDigests(docket.deps);
    docket.pass(4 * HOUR + 1);

    await docket.work();

    expect(docket.screen.posted).toEqual([]);
    expect(await runs(ANN, MONDAY)).toEqual(['skipped']);
  });
});

describe('a date that became a holiday after its digest was planned', () => {
  // Thanksgiving Day, and a rep who chose the country just then.
  const THURSDAY = '2026-11-26';
  const choose = async () => docket.schedules.choose(await docket.rep(), { country: 'US' });

  test('has none: the claim notes it as skipped, and the next day is as usual', async () => {
    for (const rep of [ANN, BEN]) await addRep(docket, rep, `${rep.userId}`, { nextDueAt: MONDAY_NINE + 3 * DAY });
    const planned = await docket.deps.store.schedules.find(ANN);
    if (planned) await docket.deps.store.schedules.save({ ...planned, country: 'US' });
    docket.pass(3 * DAY);

    expect(await tick()).toBe(1);
    expect(await runs(ANN, THURSDAY)).toEqual(['skipped']);
    expect(await runs(BEN, THURSDAY)).toEqual(['posted']);
    expect(await nextOf()).toBe(MONDAY_NINE + 4 * DAY);
  });

  test('has none if it was claimed already', async () => {
    for (const rep of [ANN, BEN]) await addRep(docket, rep, `${rep.userId}`, { nextDueAt: MONDAY_NINE + 3 * DAY });
    docket.pass(3 * DAY);
    await claimDueDigests(docket.deps);
    await choose();

    await docket.work();

    expect(await runs(ANN, THURSDAY)).toEqual(['skipped']);
    expect(await runs(BEN, THURSDAY)).toEqual(['posted']);
  });

  test('after a downtime, the last digest before the holiday is too old to be sent on it', async () => {
    await choose();
    docket.pass(3 * DAY + HOUR);

    await tick();

    expect(await runs(ANN, '2026-11-25', THURSDAY)).toEqual(['skipped', undefined]);
    expect(await nextOf()).toBe(MONDAY_NINE + 4 * DAY);
  });
});

describe('a rep who paused', () => {
  test('after the claim gets none either', async () => {
    await claimDueDigests(docket.deps);
    await docket.schedules.pause(await docket.rep());

    await docket.work();

    expect(await runs(ANN, MONDAY)).toEqual(['skipped']);
    expect(await runs(BEN, MONDAY)).toEqual(['posted']);
    expect(await nextOf()).toBe(FOREVER);
  });

  test('between being read and being claimed keeps the pause', async () => {
    const { due } = docket.deps.store.schedules;
    docket.deps.store.schedules.due = async (...args) => {
      const found = await due(...args);
      if (found.length > 0) await docket.schedules.pause(await docket.rep());
      return found;
    };

    await tick();

    expect(await nextOf()).toBe(FOREVER);
    expect(await runs(ANN, MONDAY)).toEqual([undefined]);
  });
});

test('a rep who chooses another hour gets today’s at it when there was none yet, and no second one today', async () => {
  const choose = async () => docket.schedules.choose(await docket.rep(), { time: '11:00', days: [1, 2] });
  docket.at(MONDAY_NINE - HOUR);
  await choose();
  const before = await nextOf();
  docket.at(MONDAY_NINE + 2 * HOUR);
  await tick();

  await choose();

  expect(before).toBe(MONDAY_NINE + 2 * HOUR);
  expect(await nextOf()).toBe(MONDAY_NINE + DAY + 2 * HOUR);
});

describe('a Slack that does not take it', () => {
  test('for now: gets the same message later, and the run is not lost', async () => {
    await docket.deps.store.links.remove(BEN, 'fake');
    docket.screen.postTrouble.push(
      new DeliveryError('rate_limited', 'busy', { retryAfterMs: 30_000 }),
      new DeliveryError('unavailable', 'away'),
    );

    await tick();
    docket.pass(29_999);
    await docket.work();
    const early = [...docket.screen.posted];
    for (let round = 0; round < 3; round += 1) {
      docket.pass(MINUTE);
      await docket.work();
    }

    expect(early).toEqual([]);
    expect(docket.screen.posted).toHaveLength(1);
    expect(await runs(ANN, MONDAY)).toEqual(['posted']);
    expect(docket.provider.calls.filter((call) => call.startsWith('list'))).toHaveLength(1);
  });

  test('for good: is not asked again, and the other reps get theirs', async () => {
    docket.screen.postTrouble.push(new DeliveryError('permanent', 'user_disabled'));

    await tick();
    docket.pass(HOUR);
    await docket.work();

    expect(docket.screen.posted).toHaveLength(1);
    expect([...(await runs(ANN, MONDAY)), ...(await runs(BEN, MONDAY))].sort()).toEqual(['posted', 'skipped']);
    expect(await docket.deps.queue.open()).toBe(0);
  });
});

describe('a rep who chose that their Slack status counts', () => {
  const TUESDAY = '2026-11-24';
  const follow = (followsStatus: boolean) => docket.schedules.choose(mustKnow(), { choices: { followsStatus } });
  let ann: Rep | undefined;
  const mustKnow = () => ann ?? expect.fail('there is no Ann');
  const runOf = (date: string) => docket.deps.store.runs.find(ANN, date);
  beforeEach(async () => {
    // A schedule that changes at nine has its next digest tomorrow.
    docket.at(MONDAY_NINE - HOUR);
    ann = await docket.deps.store.reps.find(ANN);
    docket.sightings.set(ANN.userId, { away: true });
    docket.sightings.set(BEN.userId, { away: true });
  });

  test('gets none while it says that they are out of office; the next morning is looked at anew', async () => {
    await follow(true);
    docket.at(MONDAY_NINE);
    await tick();

    expect(await runOf(MONDAY)).toMatchObject({ state: 'skipped', why: 'away' });
    expect(docket.provider.calls).not.toContain('list ann at fake');

    docket.sightings.set(ANN.userId, { away: false });
    docket.at(MONDAY_NINE + DAY);
    await tick();

    expect(await runOf(TUESDAY)).toMatchObject({ state: 'posted' });
    expect(docket.looks).toEqual([ANN.userId, ANN.userId]);
  });

  test('gets it where the status cannot be read', async () => {
    await follow(true);
    docket.sightings.set(ANN.userId, 'unknown');
    docket.at(MONDAY_NINE);
    await tick();

    expect(await runOf(MONDAY)).toMatchObject({ state: 'posted' });
  });

  test('or who did not, has nobody look at it', async () => {
    await follow(true);
    await follow(false);
    docket.at(MONDAY_NINE);
    await tick();

    expect(await runs(ANN, MONDAY)).toEqual(['posted']);
    expect(await runs(BEN, MONDAY)).toEqual(['posted']);
    expect(docket.looks).toEqual([]);
  });

  test('is looked at once for each attempt, and not where another reason is enough', async () => {
    await follow(true);
    docket.sightings.set(ANN.userId, { away: false });
    docket.at(MONDAY_NINE);
    docket.screen.postTrouble.push(new DeliveryError('unavailable', 'Slack did not answer'));
    await tick();
    docket.pass(5 * MINUTE);
    await docket.work();
    const attempts = docket.looks.length;
    await docket.schedules.pause(mustKnow(), MONDAY_NINE + 3 * DAY);
    docket.at(MONDAY_NINE + DAY);
    await tick();

    expect(attempts).toBe(2);
    expect(docket.looks).toHaveLength(2);
  });
});
