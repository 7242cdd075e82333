import { describe, expect, test } from 'vitest';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import type { Instant } from '../../../src/core/model/keys.ts';
import type { LoadedMessage } from '../../../src/core/model/message.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { ANN, addRep, BEN, createDocket, DAY, type Docket, HOUR } from '../docket.ts';
import { FINAL, fakeProvider, MONDAY_NINE, task } from '../provider.ts';
import { afterDigest, came, choose, chooseEarly, idsOf, MINUTE, sendDigest, until } from './day.ts';

const HALF_PAST_FIVE = MONDAY_NINE + 8.5 * HOUR;
const TUESDAY_NINE = MONDAY_NINE + DAY;
const CLOSES = { closesAt: '17:30' };

/** Three are of today, one is due tomorrow, one has no date. */
const TASKS: Task[] = [
  task('late', { dueAt: MONDAY_NINE - DAY }),
  task('today', { dueAt: MONDAY_NINE + 2 * HOUR }),
  task('evening', { dueAt: MONDAY_NINE + 12 * HOUR }),
  task('tomorrow', { dueAt: MONDAY_NINE + DAY }),
  task('undated', { dueAt: undefined }),
];

function positionOf(message: LoadedMessage | undefined, id: string): number {
  const row = message?.items.find((item) => item.task.id === id);
  if (!row) throw new Error(`no row of ${id}`);
  return row.position;
}

async function pressed(docket: Docket, id: string, change: Parameters<Docket['change']>[0]): Promise<void> {
  const message = await docket.deps.store.messages.load(docket.shown);
  await docket.act(change, 0, positionOf(message, id));
}

/** What the messages say: the count, and what was left. */
function closes(messages: readonly LoadedMessage[]) {
  return messages.map(({ summary, items }) => ({
    of: summary.day?.total,
    moved: summary.day?.moved,
    left: items.map(({ task: { id } }) => id).toSorted(),
  }));
}

describe('the close of a day', () => {
  test('comes at its time, once, with what the digest had due by the end of the day', async () => {
    const docket = await afterDigest(TASKS, CLOSES);
    await pressed(docket, 'late', { verb: 'done' });

    expect(await until(docket, HALF_PAST_FIVE - 1)).toEqual([]);
    const messages = await until(docket, HALF_PAST_FIVE);
    expect(closes(messages)).toEqual([{ of: 3, moved: 0, left: ['evening', 'today'] }]);
    expect(messages[0]?.summary.day?.nextAt).toBe(TUESDAY_NINE);
    expect(messages[0]?.posted).toBeDefined();

    expect(await until(docket, HALF_PAST_FIVE + 5 * HOUR)).toHaveLength(1);
  });

  test('does not come to a rep who chose none', async () => {
    const docket = await afterDigest(TASKS, {});

    expect(await until(docket, HALF_PAST_FIVE + 5 * HOUR)).toEqual([]);
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('counts what was moved to another day, here or at the tool, and what was closed there', async () => {
    const docket = await afterDigest([...TASKS, task('a'), task('b'), task('c')], CLOSES);
    await pressed(docket, 'late', { verb: 'snooze', dueAt: TUESDAY_NINE });
    await pressed(docket, 'today', { verb: 'reschedule', dueAt: MONDAY_NINE + 10 * HOUR });
    docket.holds(
      task('late', { dueAt: TUESDAY_NINE }),
      task('today', { dueAt: MONDAY_NINE + 10 * HOUR }),
      task('a', { dueAt: TUESDAY_NINE + DAY }),
      task('b'),
    );

    const messages = await until(docket, HALF_PAST_FIVE);

    expect(closes(messages)).toEqual([{ of: 6, moved: 2, left: ['b', 'today'] }]);
    const moved = messages[0]?.items.find(({ task: { id } }) => id === 'today');
    expect(moved?.task.dueAt).toBe(MONDAY_NINE + 10 * HOUR);
  });

  test('says how many tasks came since the digest, and counts none of them', async () => {
    const docket = await afterDigest([task('1')], CLOSES);
    docket.holds(task('1'), task('2'), task('3', { dueAt: TUESDAY_NINE }));

    const [message] = await until(docket, HALF_PAST_FIVE);

    expect(message?.summary.day).toMatchObject({ total: 1, later: 2 });
    expect(message?.items.map((row) => row.task.id)).toEqual(['1']);
  });

  test('says so if all is done, and says nothing of a day on which nothing was due', async () => {
    const done = await afterDigest([task('1')], CLOSES);
    await pressed(done, '1', { verb: 'done' });
    expect(closes(await until(done, HALF_PAST_FIVE))).toEqual([{ of: 1, moved: 0, left: [] }]);

    const none = await afterDigest([task('1', { dueAt: TUESDAY_NINE })], CLOSES);
    expect(await until(none, HALF_PAST_FIVE)).toEqual([]);
  });

  test('names a tool that does not answer, and counts what was known of it', async () => {
    const docket = await afterDigest(TASKS, CLOSES);
    docket.provider.listTrouble.push({ kind: 'unavailable' });
    const [message] = await until(docket, HALF_PAST_FIVE);
    expect(message?.summary.reports).toMatchObject([{ provider: 'fake', state: 'failed' }]);
    expect(message?.items).toHaveLength(3);

    const half = await afterDigest(TASKS, CLOSES);
    half.holds(...TASKS.slice(1));
    half.provider.readTrouble.push({ kind: 'unavailable' });
    const [other] = await until(half, HALF_PAST_FIVE);
    expect(other?.summary.reports).toMatchObject([{ provider: 'fake', state: 'failed', reason: 'unavailable' }]);
    expect(other?.items).toHaveLength(3);
  });

  test('is of the day that the rep calls so: over a daylight saving day, and in another zone', async () => {
    const at = (text: string) => Date.parse(text);
    const sundays = await createDocket({ empty: true });
    await addRep(sundays, ANN, 'ann at fake', { nextDueAt: at('2027-03-14T09:00-04:00') });
    sundays.at(at('2027-03-14T09:00-04:00'));
    await sundays.schedules.choose(await sundays.rep(), { days: [7], choices: CLOSES });
    await sundays.deps.store.schedules.save({
      ...(await scheduleOf(sundays)),
      nextDueAt: at('2027-03-14T09:00-04:00'),
    });
    await sendDigest(sundays);
    expect(await until(sundays, at('2027-03-14T17:29-04:00'))).toEqual([]);
    const [message] = await until(sundays, at('2027-03-14T17:30-04:00'));
    expect(message?.summary.day?.nextAt).toBe(at('2027-03-21T09:00-04:00'));

    const tokyo = await createDocket();
    await tokyo.deps.store.reps.save({ ...(await tokyo.rep()), slackZone: 'Asia/Tokyo' });
    await choose(tokyo, CLOSES);
    await until(tokyo, at('2026-11-24T09:00+09:00'));
    await sendDigest(tokyo);
    expect(await until(tokyo, at('2026-11-24T17:29+09:00'))).toEqual([]);
    expect(await until(tokyo, at('2026-11-24T17:30+09:00'))).toHaveLength(1);
  });
});

async function scheduleOf({ deps }: Docket) {
  const schedule = await deps.store.schedules.find(ANN);
  if (!schedule) throw new Error('no schedule');
  return schedule;
}

describe('nothing comes', () => {
  test('on a day without a digest', async () => {
    const docket = await afterDigest(TASKS, CLOSES);
    await docket.schedules.choose(await docket.rep(), { days: [1] });
    await until(docket, HALF_PAST_FIVE);

    await claimAll(docket, TUESDAY_NINE);

    expect(await until(docket, HALF_PAST_FIVE + DAY)).toHaveLength(1);
  });

  test.each<[string, (docket: Docket) => Promise<unknown>]>([
    ['has paused', async ({ schedules, rep }) => schedules.pause(await rep())],
    ['has left', async ({ deps, rep }) => deps.store.reps.save({ ...(await rep()), active: false })],
    ['has no link any more', ({ deps }) => deps.store.links.remove(ANN, 'fake')],
    ['has switched it off', (docket) => choose(docket, { closesAt: undefined })],
    ['has quiet hours then', (docket) => choose(docket, { quiet: { from: '17:00', until: '08:00' } })],
    ['has quiet hours then, within a day', (docket) => choose(docket, { quiet: { from: '17:30', until: '17:31' } })],
  ])('to a rep who %s meanwhile, nor later', async (_, leave) => {
    const docket = await afterDigest(TASKS, CLOSES);
    await leave(docket);
    const asked = docket.provider.calls.length;

    expect(await until(docket, HALF_PAST_FIVE)).toEqual([]);
    expect(await until(docket, HALF_PAST_FIVE + 5 * HOUR)).toEqual([]);
    expect(docket.provider.calls).toHaveLength(asked);
  });

  test('to a rep who pauses, or whose quiet hours begin, while Slack does not answer', async () => {
    for (const leave of [
      async ({ schedules, rep }: Docket) => schedules.pause(await rep()),
      async (docket: Docket) => choose(docket, { quiet: { from: '17:30', until: '07:00' } }),
    ]) {
      const docket = await afterDigest(TASKS, CLOSES);
      docket.screen.postTrouble.push(new DeliveryError('unavailable', 'away'));
      expect(await until(docket, HALF_PAST_FIVE)).toEqual([]);
      await leave(docket);
      await docket.workOn();

      expect(await came(docket)).toEqual([]);
    }
  });

  test.each<[string, string, Instant, number]>([
    ['within four hours: it comes late', '17:30', HALF_PAST_FIVE + 2 * HOUR, 1],
    ['within four hours, but in the quiet hours: nothing comes', '17:30', HALF_PAST_FIVE + 3 * HOUR, 0],
    ['more than four hours late: nothing comes', '13:00', HALF_PAST_FIVE, 0],
    ['within four hours, but on the next date: nothing comes', '23:30', MONDAY_NINE + 15.5 * HOUR, 0],
  ])('after a downtime that ends %s', async (_, closesAt, at, messages) => {
    const quiet = closesAt === '23:30' ? { quiet: { from: '12:00', until: '12:00' } } : {};
    const docket = await afterDigest(TASKS, { closesAt, ...quiet }, { file: true });
    await docket.restart();
    const asked = docket.provider.calls.length;

    expect(await until(docket, at)).toHaveLength(messages);
    expect(docket.provider.calls.length > asked).toBe(messages > 0);
  });

  test('to anyone else', async () => {
    const docket = await afterDigest(TASKS, CLOSES);
    await until(docket, HALF_PAST_FIVE);

    const owners = await Promise.all(docket.screen.posted.map((id) => docket.deps.store.messages.load(id)));
    expect(owners.filter((message) => message?.summary.day).map((message) => message?.userId)).toEqual([ANN.userId]);
  });
});

async function claimAll(docket: Docket, at: Instant): Promise<void> {
  docket.at(at);
  await sendDigest(docket);
}

describe('a time that is chosen after the digest', () => {
  test('counts on the same day, and the answer says so', async () => {
    const docket = await afterDigest(TASKS, {});

    expect((await choose(docket, CLOSES)).closesAt).toBe(HALF_PAST_FIVE);
    expect(await until(docket, HALF_PAST_FIVE)).toHaveLength(1);
  });

  test('that has passed counts from the next digest on', async () => {
    const docket = await afterDigest(TASKS, {});
    docket.at(HALF_PAST_FIVE);

    expect((await choose(docket, CLOSES)).closesAt).toBe(HALF_PAST_FIVE + DAY);
    await docket.work();
    expect(await came(docket)).toEqual([]);
    await claimAll(docket, TUESDAY_NINE);
    expect(await until(docket, HALF_PAST_FIVE + DAY)).toHaveLength(1);
  });

  test('twice brings one message, at the last of them', async () => {
    const docket = await afterDigest(TASKS, CLOSES);
    await choose(docket, { closesAt: '16:00' });
    await choose(docket, { closesAt: '17:45' });

    expect(await until(docket, HALF_PAST_FIVE)).toEqual([]);
    expect(await until(docket, HALF_PAST_FIVE + 15 * MINUTE)).toHaveLength(1);
  });

  test('and taken back again brings one message at the first', async () => {
    const docket = await afterDigest(TASKS, CLOSES);
    await choose(docket, { closesAt: '18:00' });
    await choose(docket, CLOSES);

    expect(await until(docket, HALF_PAST_FIVE)).toHaveLength(1);
    expect(await until(docket, HALF_PAST_FIVE + HOUR)).toHaveLength(1);
  });

  test('once the day is closed brings no second message, and the answer says when the next comes', async () => {
    const docket = await afterDigest(TASKS, CLOSES);
    await until(docket, HALF_PAST_FIVE);

    const { closesAt } = await choose(docket, { closesAt: '18:00' });

    expect(closesAt).toBe(HALF_PAST_FIVE + DAY + 30 * MINUTE);
    expect(await until(docket, HALF_PAST_FIVE + HOUR)).toHaveLength(1);
  });

  test('is none while digests are paused for good, wherever the rep is', async () => {
    const docket = await createDocket();
    await docket.deps.store.reps.save({ ...(await docket.rep()), slackZone: 'Pacific/Kiritimati' });
    await choose(docket, CLOSES);

    expect((await docket.schedules.pause(await docket.rep())).closesAt).toBeUndefined();
  });

  test('follows the rep into another zone', async () => {
    const docket = await afterDigest(TASKS, CLOSES);
    await docket.schedules.choose(await docket.rep(), { ownZone: 'America/Chicago' });

    expect(await until(docket, HALF_PAST_FIVE)).toEqual([]);
    expect(await until(docket, HALF_PAST_FIVE + HOUR)).toHaveLength(1);
  });
});

test('two processes, and a process that dies, close a day once', async () => {
  const docket = await afterDigest(TASKS, CLOSES, { file: true });
  docket.at(HALF_PAST_FIVE);
  await docket.claimOne();
  await docket.restart();
  docket.pass(9_000);
  await docket.run(await docket.claimOne());
  const closing = await docket.claimOne(1_000);
  docket.pass(2_000);
  const again = await docket.claimOne();

  await Promise.all([docket.run(closing), docket.run(again)]);
  await docket.work();

  expect(await came(docket)).toHaveLength(1);
});

describe('a choice in the message', () => {
  /** The day is closed with three tasks left. */
  async function closed(options: Parameters<typeof afterDigest>[2] = {}): Promise<{ docket: Docket; id: string }> {
    const docket = await afterDigest(TASKS, CLOSES, options);
    const [message] = await until(docket, HALF_PAST_FIVE);
    return { docket, id: message?.id ?? '' };
  }

  const answerOf = async ({ deps }: Docket, id: string) => (await deps.store.messages.load(id))?.summary.day?.answer;

  test('Move moves what is left to the next working day at the hour of the digest, once, with one Undo for all', async () => {
    const { docket, id } = await closed();

    const results = await Promise.all([docket.closing.move(ANN, id), docket.closing.move(ANN, id)]);
    await docket.workOn();

    expect(results.map(({ is }) => is).toSorted()).toEqual(['recorded', 'repeated']);
    expect(docket.provider.effects).toEqual(
      Array.from({ length: 3 }, () => ({ verb: 'reschedule', dueAt: TUESDAY_NINE })),
    );
    expect(await answerOf(docket, id)).toBe('moved');
    expect((await docket.closing.move(ANN, id)).is).toBe('repeated');

    const [result] = results;
    const sweepId = result && 'sweep' in result ? result.sweep.id : '';
    expect(await docket.sweeps.undoAll(ANN, sweepId)).toMatchObject({ asked: 3 });
    await docket.workOn();
    expect(docket.provider.undone).toHaveLength(3);
  });

  test('Move acts only on what is still open', async () => {
    const { docket, id } = await closed();
    await pressed(docket, 'late', { verb: 'done' });
    docket.holds(task('today', { dueAt: MONDAY_NINE + 2 * HOUR }));
    docket.provider.effects.length = 0;

    await docket.closing.move(ANN, id);
    await docket.workOn();

    expect(docket.provider.effects).toEqual([{ verb: 'reschedule', dueAt: TUESDAY_NINE }]);
    expect(docket.provider.calls).toContain('reschedule today by ann at fake');
  });

  test('Move asks first where something is final, and a confirmed plan counts as the choice', async () => {
    const { docket, id } = await closed({ verbs: { reschedule: FINAL } });

    const asked = await docket.closing.move(ANN, id);
    expect(asked).toMatchObject({ is: 'asks', plan: { consequences: [{ what: 'final', tasks: 3 }] } });
    expect(await answerOf(docket, id)).toBeUndefined();
    const change = { verb: 'reschedule', dueAt: TUESDAY_NINE } as const;
    await docket.sweeps.act(ANN, { messageId: id, which: { by: 'all' }, change, key: 'V1', sure: true });

    expect(await answerOf(docket, id)).toBe('moved');
  });

  test('Move is refused once its time has passed', async () => {
    const { docket, id } = await closed();
    docket.at(TUESDAY_NINE);

    expect(await docket.closing.move(ANN, id)).toEqual({ is: 'refused', why: 'passed' });
    expect(await answerOf(docket, id)).toBeUndefined();
  });

  test('Leave changes nothing at the tools; after Move it does not count', async () => {
    const { docket, id } = await closed();
    expect(await docket.closing.leave(ANN, id)).toBe(true);
    expect(await answerOf(docket, id)).toBe('left');
    expect(docket.provider.effects).toEqual([]);

    await docket.closing.move(ANN, id);
    await docket.closing.leave(ANN, id);
    expect(await answerOf(docket, id)).toBe('moved');
  });

  test('is the rep’s own: nobody else’s press does anything, nor one on another list', async () => {
    const { docket, id } = await closed();

    expect(await docket.closing.move(BEN, id)).toEqual({ is: 'refused', why: 'unknown_list' });
    expect(await docket.closing.leave(BEN, id)).toBe(false);
    expect(await docket.closing.leave(ANN, docket.shown)).toBe(false);
    expect(await answerOf(docket, id)).toBeUndefined();
  });
});

test('what another tool holds is asked for as well, and a day of two tools is one count', async () => {
  const other = fakeProvider('other');
  const docket = await createDocket({ providers: [fakeProvider(), other] });
  docket.holds(task('1'));
  other.open.set('ann at other', [task('2', { provider: 'other' })]);
  await docket.deps.store.links.save({
    ...ANN,
    provider: 'other',
    externalId: 'ann at other',
    email: undefined,
    origin: 'address',
    linkedAt: 1,
  });
  await chooseEarly(docket, CLOSES);
  await sendDigest(docket);
  other.open.set('ann at other', []);
  other.done.set('2', MONDAY_NINE);

  const messages = await until(docket, HALF_PAST_FIVE);

  expect(closes(messages)).toEqual([{ of: 2, moved: 0, left: ['1'] }]);
  expect(idsOf(messages)).toEqual([['1']]);
});
