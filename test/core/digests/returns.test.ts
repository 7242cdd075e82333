/** A snooze to later on the same day announces itself once, at its time; what was settled meanwhile stays silent. */
import { describe, expect, test } from 'vitest';
import { FOREVER } from '../../../src/core/model/digest.ts';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import type { Instant } from '../../../src/core/model/keys.ts';
import { rowState } from '../../../src/core/model/row-state.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { ANN, createDocket, DAY, type Docket, type DocketOptions, HOUR } from '../docket.ts';
import { FINAL, fakeProvider, MONDAY_NINE, REVERSIBLE, task } from '../provider.ts';

const MINUTE = 60_000;
const NOON = MONDAY_NINE + 3 * HOUR;

/** Ann has a list of tasks before her. */
async function listOf(tasks: readonly Task[], options: DocketOptions = {}): Promise<Docket> {
  const docket = await createDocket(options);
  docket.holds(...tasks);
  await docket.show(tasks);
  return docket;
}

/** One task, snoozed at nine to a time. */
async function snoozed(dueAt: Instant = NOON, options: DocketOptions = {}): Promise<Docket> {
  const docket = await listOf([task('1')], options);
  await docket.act({ verb: 'snooze', dueAt });
  return docket;
}

/** The tasks of each message that came, by their ids. */
function came({ screen, deps }: Docket): Promise<string[][]> {
  const loading = screen.posted.map(async (id) => (await deps.store.messages.load(id))?.items ?? []);
  return Promise.all(loading.map(async (items) => (await items).map((row) => row.task.id)));
}

async function until(docket: Docket, at: Instant): Promise<string[][]> {
  docket.at(at);
  await docket.work();
  return came(docket);
}

describe('a task that was snoozed to later today', () => {
  test('comes back at its time, once, as a list whose row can be acted on', async () => {
    const docket = await snoozed();

    expect(await until(docket, NOON - 1)).toEqual([]);
    expect(await until(docket, NOON)).toEqual([['1']]);
    expect(await until(docket, NOON + 5 * HOUR)).toEqual([['1']]);

    const message = await docket.deps.store.messages.load(docket.screen.posted[0] ?? '');
    const [row] = message?.items ?? [];
    expect(message).toMatchObject({ kind: 'list', posted: { channel: 'D1' }, summary: { filter: { by: 'back' } } });
    expect(row && rowState(row)).toBe('open');
    docket.shown = message?.id ?? '';
    await docket.act({ verb: 'done' }, 1);
    expect(docket.provider.effects.at(-1)).toEqual({ verb: 'done' });
  });

  test.each<[string, (docket: Docket) => Promise<unknown> | unknown]>([
    ['was done', (docket) => docket.act({ verb: 'done' }, 1)],
    ['was moved to another time', (docket) => docket.act({ verb: 'reschedule', dueAt: NOON + HOUR }, 1)],
    ['was snoozed to another day', (docket) => docket.act({ verb: 'snooze', dueAt: NOON + DAY }, 1)],
    ['was undone', (docket) => docket.undo().then(docket.work)],
    ['was closed at the provider', (docket) => docket.holds()],
    ['was moved at the provider', (docket) => docket.holds(task('1', { dueAt: NOON + 2 * HOUR }))],
    [
      'is seen by another user of the provider, whom the rep is linked to',
      async (docket) => {
        docket.provider.open.set('other', [task('1', { dueAt: NOON })]);
        await docket.link(ANN, 'other');
      },
    ],
  ])('stays away if it %s meanwhile', async (_, settle) => {
    const docket = await snoozed();
    await settle(docket);

    expect(await until(docket, NOON)).toEqual([]);
    expect(await until(docket, NOON + 5 * HOUR)).toEqual([]);
  });

  test('is not asked about at the provider if Docket knows that it is settled', async () => {
    const docket = await snoozed();
    await docket.act({ verb: 'done' }, 1);
    const asked = docket.provider.calls.length;

    await until(docket, NOON);

    expect(docket.provider.calls).toHaveLength(asked);
  });

  test('comes back all the same after an edit, and after something that was undone again', async () => {
    const docket = await snoozed(NOON, { verbs: { note: FINAL }, undoWindowMs: 0 });
    await docket.act({ verb: 'done' }, 1);
    await docket.undo(2);
    await docket.work();
    await docket.act({ verb: 'note', note: 'x' }, 2);

    expect(await until(docket, NOON)).toEqual([['1']]);
  });

  test('comes in the moment that was chosen, though the rep has moved to another zone', async () => {
    const docket = await snoozed();
    await docket.deps.store.reps.save({ ...(await docket.rep()), slackZone: 'Asia/Tokyo' });

    expect(await until(docket, NOON - 1)).toEqual([]);
    expect(await until(docket, NOON)).toEqual([['1']]);
  });

  test('comes for each of its snoozes', async () => {
    const docket = await snoozed();
    await until(docket, NOON);
    docket.shown = docket.screen.posted[0] ?? '';
    await docket.act({ verb: 'snooze', dueAt: NOON + HOUR }, 1);

    expect(await until(docket, NOON + HOUR)).toEqual([['1'], ['1']]);
  });

  test('is one row though it was snoozed to that time twice', async () => {
    const docket = await snoozed(NOON, { verbs: { note: REVERSIBLE } });
    await docket.act({ verb: 'snooze', dueAt: NOON + HOUR }, 1);
    await docket.act({ verb: 'snooze', dueAt: NOON }, 2);
    await docket.act({ verb: 'note', note: 'x' }, 3);

    expect(await until(docket, NOON)).toEqual([['1']]);
  });

  test('comes at once if the provider took its snooze only when the time had come', async () => {
    const docket = await listOf([task('1'), task('2')]);
    await docket.act({ verb: 'snooze', dueAt: NOON }, 0, 1);
    docket.at(NOON - 1);
    await docket.change({ verb: 'snooze', dueAt: NOON });
    const goOn = await docket.startSlowly('perform');
    expect(await until(docket, NOON)).toEqual([['2']]);

    await goOn();
    await docket.work();

    expect(await came(docket)).toEqual([['2'], ['1']]);
  });
});

describe('the day of a snooze', () => {
  const at = (text: string) => Date.parse(text);

  test.each([
    ['to the next morning', 'America/New_York', MONDAY_NINE, MONDAY_NINE + DAY, false],
    ['over midnight', 'America/New_York', at('2026-11-23T23:50-05:00'), at('2026-11-24T00:10-05:00'), false],
    ['up to midnight', 'America/New_York', at('2026-11-23T09:00-05:00'), at('2026-11-23T23:59-05:00'), true],
    ['into tomorrow where the rep is', 'Asia/Tokyo', MONDAY_NINE, NOON, false],
    ['on one day where the rep is', 'Asia/Tokyo', MONDAY_NINE + 6 * HOUR, MONDAY_NINE + 22 * HOUR, true],
    ['24 hours, on a day of 25', 'America/New_York', at('2026-11-01T00:15-04:00'), at('2026-11-01T23:15-05:00'), true],
    [
      '22 hours, over a day of 23',
      'America/New_York',
      at('2027-03-14T01:30-05:00'),
      at('2027-03-15T00:30-04:00'),
      false,
    ],
  ])('is that of the rep: %s in %s', async (_, zone, from, to, comesBack) => {
    const docket = await listOf([task('1')]);
    await docket.deps.store.reps.save({ ...(await docket.rep()), slackZone: zone });
    docket.at(from);
    await docket.act({ verb: 'snooze', dueAt: to });

    expect(await until(docket, to)).toEqual(comesBack ? [['1']] : []);
  });

  test('alone counts: what was snoozed to that time on another day, or rescheduled to it, does not come along', async () => {
    const docket = await listOf([task('1'), task('2'), task('3')]);
    const noonOfTuesday = NOON + DAY;
    await docket.act({ verb: 'snooze', dueAt: noonOfTuesday });
    docket.at(MONDAY_NINE + DAY);
    await docket.act({ verb: 'reschedule', dueAt: noonOfTuesday }, 0, 1);
    await docket.act({ verb: 'snooze', dueAt: noonOfTuesday }, 0, 2);

    expect(await until(docket, noonOfTuesday)).toEqual([['3']]);
  });
});

describe('several tasks', () => {
  test.each([
    [5 * MINUTE, [['1', '2']]],
    [5 * MINUTE + 1, [['1'], ['2']]],
  ])('that come back %i ms apart', async (apart, messages) => {
    const docket = await listOf([task('1'), task('2')]);
    await docket.act({ verb: 'snooze', dueAt: NOON });
    await docket.act({ verb: 'snooze', dueAt: NOON + apart }, 0, 1);

    await until(docket, NOON);

    expect(await until(docket, NOON + apart)).toEqual(messages);
  });

  test('that come back at one time stand in the order of every list: the larger deal first', async () => {
    const docket = await listOf([task('1'), task('2', { deal: { amount: '9000' } })]);
    for (const position of [0, 1]) await docket.act({ verb: 'snooze', dueAt: NOON }, 0, position);

    expect(await until(docket, NOON)).toEqual([['2', '1']]);
  });

  test('come back in one message, soonest first; those settled meanwhile are left out', async () => {
    const tasks = Array.from({ length: 20 }, (_, index) => task(String(index + 10)));
    const docket = await listOf(tasks);
    for (let position = 0; position < 20; position += 1) {
      await docket.act({ verb: 'snooze', dueAt: NOON - position }, 0, position);
    }
    await docket.act({ verb: 'done' }, 1, 3);

    const [ids, ...more] = await until(docket, NOON);

    expect(ids).toEqual(
      tasks
        .map(({ id }) => id)
        .filter((id) => id !== '13')
        .reverse(),
    );
    expect(more).toEqual([]);
  });

  test('whose jobs run at the same time, after a downtime, are one message', async () => {
    const docket = await listOf([task('1'), task('2')]);
    await docket.act({ verb: 'snooze', dueAt: NOON });
    await docket.act({ verb: 'snooze', dueAt: NOON + 20 * MINUTE }, 0, 1);
    docket.at(NOON + HOUR);

    const jobs = await docket.deps.queue.claim(NOON + HOUR, { limit: 10, leaseMs: 8_000 });
    expect(jobs.map(({ payload }) => payload.kind)).toEqual(['return', 'return']);
    await Promise.all(jobs.map(docket.run));
    await docket.work();

    expect(await came(docket)).toEqual([['1', '2']]);
  });
});

describe('a rep', () => {
  test.each<[string, (docket: Docket) => Promise<unknown>]>([
    ['has paused', async ({ schedules, rep }) => schedules.pause(await rep())],
    ['has left', async ({ deps, rep }) => deps.store.reps.save({ ...(await rep()), active: false })],
    ['has no link any more', ({ deps }) => deps.store.links.remove(ANN, 'fake')],
  ])('who %s hears of none, and not of an old one when they are back', async (_, leave) => {
    const docket = await snoozed();
    await leave(docket);
    const asked = docket.provider.calls.length;
    expect(await until(docket, NOON)).toEqual([]);
    expect(docket.provider.calls).toHaveLength(asked);

    await docket.schedules.resume(await docket.rep());
    await docket.deps.store.reps.save({ ...(await docket.rep()), active: true });
    await docket.link(ANN, 'ann at fake');
    docket.holds(task('1', { dueAt: NOON }), task('2'));
    await docket.show([task('2')]);
    await docket.act({ verb: 'snooze', dueAt: NOON + HOUR });

    expect(await until(docket, NOON + HOUR)).toEqual([['2']]);
  });

  test('who pauses after the tasks were read is left alone as well', async () => {
    const docket = await snoozed();
    docket.at(NOON);
    await docket.run(await docket.claimOne());
    await docket.schedules.pause(await docket.rep(), FOREVER);
    await docket.work();

    expect(await came(docket)).toEqual([]);
  });
});

describe('a restart', () => {
  test('before the time, and at the time: it comes, once', async () => {
    const docket = await snoozed(NOON, { file: true });
    await docket.restart();
    docket.at(NOON);
    // Claimed by a process that dies.
    await docket.claimOne();
    await docket.restart();
    docket.pass(9_000);
    await docket.work();
    await docket.restart();
    await docket.work();

    expect(await came(docket)).toEqual([['1']]);
  });

  test.each([
    ['it comes, once', 0, [['1']]],
    ['it does not come more than four hours late', 4 * HOUR + 1, []],
  ])('between reading and posting: %s', async (_, late, messages) => {
    const docket = await snoozed(NOON, { file: true });
    docket.at(NOON);
    await docket.run(await docket.claimOne());
    await docket.restart();

    expect(await until(docket, NOON + late)).toEqual(messages);
  });

  test.each([
    ['within four hours: it comes late', 4 * HOUR - MINUTE, [['1']]],
    ['later: it is left to the next digest', 4 * HOUR, []],
  ])('after a downtime %s', async (_, late, messages) => {
    const docket = await snoozed(NOON, { file: true });
    await docket.restart();

    expect(await until(docket, NOON + late)).toEqual(messages);
  });
});

describe('trouble at its time', () => {
  test('of the provider: it comes once that answers; what another provider has comes at once', async () => {
    const other = fakeProvider('other');
    const docket = await listOf([task('1'), task('2', { provider: 'other' })], { providers: [fakeProvider(), other] });
    await docket.deps.store.links.save({
      ...ANN,
      provider: 'other',
      externalId: 'ann at other',
      email: undefined,
      origin: 'address',
      linkedAt: 1,
    });
    other.open.set('ann at other', [task('2', { provider: 'other' })]);
    await docket.act({ verb: 'snooze', dueAt: NOON });
    await docket.act({ verb: 'snooze', dueAt: NOON }, 0, 1);
    docket.provider.readTrouble.push(...Array.from({ length: 3 }, () => ({ kind: 'unavailable' as const })));

    expect(await until(docket, NOON)).toEqual([['2']]);
    await docket.workOn();

    expect(await came(docket)).toEqual([['2'], ['1']]);
  });

  test('of the provider, for good: nothing comes, and nothing is tried for ever', async () => {
    const docket = await snoozed();
    docket.provider.readTrouble.push({ kind: 'forbidden' });
    expect(await until(docket, NOON)).toEqual([]);
    expect(await docket.deps.queue.open()).toBe(0);

    const away = await snoozed();
    away.provider.readTrouble.push(...Array.from({ length: 500 }, () => ({ kind: 'unavailable' as const })));
    away.at(NOON);
    for (let minute = 0; minute < 300; minute += 1) {
      await away.work();
      away.pass(MINUTE);
    }
    expect(await came(away)).toEqual([]);
    expect(await away.deps.queue.open()).toBe(0);
  });

  test('of Slack: the same message is posted later; after ten minutes its tasks are asked for again', async () => {
    const docket = await snoozed();
    docket.screen.postTrouble.push(...Array.from({ length: 2 }, () => new DeliveryError('unavailable', 'away')));
    expect(await until(docket, NOON)).toEqual([]);
    await docket.workOn();
    expect(await came(docket)).toEqual([['1']]);

    const late = await snoozed();
    late.screen.postTrouble.push(new DeliveryError('rate_limited', 'wait', { retryAfterMs: 20 * MINUTE }));
    await until(late, NOON);
    late.holds();
    expect(await until(late, NOON + 25 * MINUTE)).toEqual([]);
    expect(await late.deps.queue.open()).toBe(0);
  });

  test('an action that is under way is waited for: Done that is taken back leaves the task to come', async () => {
    const docket = await snoozed(NOON, { verbs: { done: FINAL } });
    docket.at(NOON - 5_000);
    await docket.change({ verb: 'done' }, 1);
    expect(await until(docket, NOON)).toEqual([]);
    await docket.undo(2);

    expect(await until(docket, NOON + MINUTE)).toEqual([['1']]);
  });
});
