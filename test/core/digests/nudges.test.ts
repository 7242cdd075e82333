import { describe, expect, test } from 'vitest';
import { FOREVER } from '../../../src/core/model/digest.ts';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import type { Instant } from '../../../src/core/model/keys.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { ANN, createDocket, DAY, type Docket, HOUR } from '../docket.ts';
import { FINAL, fakeProvider, MONDAY_NINE, task } from '../provider.ts';
import { afterDigest, came, choose, chooseEarly, idsOf, MINUTE, sendDigest, until } from './day.ts';

const NOON = MONDAY_NINE + 3 * HOUR;
const BEFORE_NOON = NOON - 15 * MINUTE;
const ON = { nudges: true };

function call(id = '1', dueAt: Instant | undefined = NOON, more: Partial<Task> = {}): Task {
  return task(id, { kind: 'call', dueAt, ...more });
}

async function idsUntil(docket: Docket, at: Instant): Promise<string[][]> {
  return idsOf(await until(docket, at));
}

describe('a call that is due at a time of the day', () => {
  test('is announced a quarter of an hour before, once, as a list whose row can be acted on', async () => {
    const docket = await afterDigest([call()], ON);

    expect(await idsUntil(docket, BEFORE_NOON - 1)).toEqual([]);
    const [message] = await until(docket, BEFORE_NOON);
    expect(message).toMatchObject({
      posted: { channel: 'D1' },
      summary: { filter: { by: 'soon', dueAt: NOON }, counts: { today: 1 } },
    });
    docket.shown = message?.id ?? '';
    await docket.act({ verb: 'done' });
    expect(docket.provider.effects).toEqual([{ verb: 'done' }]);

    expect(await idsUntil(docket, NOON + 5 * HOUR)).toEqual([['1']]);
  });

  test('is not announced to a rep who did not choose it', async () => {
    const docket = await afterDigest([call()], {});

    expect(await idsUntil(docket, NOON)).toEqual([]);
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test.each<[string, Task]>([
    ['another kind of task', call('1', NOON, { kind: 'email' })],
    ['a task of no known kind', task('1', { dueAt: NOON })],
    ['a call without a date', call('1', undefined)],
    ['a call of tomorrow', call('1', NOON + DAY)],
    ['a call that is overdue', call('1', MONDAY_NINE - HOUR)],
    ['a call of the next quarter of an hour, which the digest has just shown', call('1', MONDAY_NINE + 15 * MINUTE)],
    ['a call of the last minute of the day', call('1', Date.parse('2026-11-23T23:59:59-05:00'))],
    ['a call of midnight, UTC', call('1', Date.parse('2026-11-24T00:00:00Z'))],
  ])('is not %s', async (_, other) => {
    const docket = await afterDigest([other], { nudges: true, quiet: { from: '00:00', until: '00:00' } });

    for (let hour = 0; hour < 15; hour += 1) await until(docket, MONDAY_NINE + hour * HOUR);

    expect(await came(docket)).toEqual([]);
  });

  test('is told from a date alone by the zone of the rep', async () => {
    const docket = await createDocket();
    await docket.deps.store.reps.save({ ...(await docket.rep()), slackZone: 'Asia/Kolkata' });
    await choose(docket, ON);
    const nine = Date.parse('2026-11-24T09:00+05:30');
    docket.holds(call('noon', nine + 3 * HOUR), call('date', Date.parse('2026-11-25T00:00+05:30') - 1));
    docket.at(nine);
    await sendDigest(docket);

    for (let hour = 0; hour <= 15; hour += 0.25) await until(docket, nine + hour * HOUR);

    expect(idsOf(await came(docket))).toEqual([['noon']]);
  });

  test.each<[string, (docket: Docket) => Promise<unknown> | unknown]>([
    ['was done', (docket) => docket.act({ verb: 'done' })],
    ['was moved to another day', (docket) => docket.act({ verb: 'reschedule', dueAt: NOON + DAY })],
    ['was closed at the tool', (docket) => docket.holds()],
    ['was moved at the tool', (docket) => docket.holds(call('1', NOON + 2 * DAY))],
    ['is being done', (docket) => docket.pass(BEFORE_NOON - 5_000 - docket.deps.clock())],
    ['is no call any more', (docket) => docket.holds(call('1', NOON, { kind: 'email' }))],
  ])('stays away if it %s meanwhile', async (how, settle) => {
    const verbs = how === 'is being done' ? { done: FINAL } : {};
    const docket = await afterDigest([call()], ON, { verbs });
    await settle(docket);
    if (how === 'is being done') await docket.change({ verb: 'done' });

    expect(await idsUntil(docket, BEFORE_NOON)).toEqual([]);
    expect(await idsUntil(docket, NOON)).toEqual([]);
  });

  test('comes back from its snooze by itself, and is not announced besides', async () => {
    const docket = await afterDigest([call('1', MONDAY_NINE + HOUR), call('2')], ON);
    await docket.act({ verb: 'snooze', dueAt: NOON });

    expect(await idsUntil(docket, BEFORE_NOON)).toEqual([['2']]);
    expect(await idsUntil(docket, NOON)).toEqual([['2'], ['1']]);
    expect((await came(docket))[1]?.summary.filter.by).toBe('back');
  });

  test('that was snoozed yesterday is announced: nothing else says so', async () => {
    const docket = await afterDigest([call()], {});
    await docket.act({ verb: 'snooze', dueAt: NOON + DAY });
    docket.at(MONDAY_NINE + DAY - MINUTE);
    await choose(docket, ON);
    docket.pass(MINUTE);
    await sendDigest(docket);

    expect(await idsUntil(docket, BEFORE_NOON + DAY)).toEqual([['1']]);
  });

  test('keeps what the digest knew of it and a list does not say', async () => {
    const contact = { name: 'Bo', phones: [{ number: '+46 1' }] };
    const docket = await afterDigest([call('1', NOON, { contact })], ON);
    docket.holds(call('1', NOON, { contact: { name: 'Bo' } }));

    const [message] = await until(docket, BEFORE_NOON);

    expect(message?.items[0]?.task.contact).toEqual(contact);
  });
});

describe('the reminder of a call that is moved to later today', () => {
  test('comes when the rep moved it, though no digest has it', async () => {
    const docket = await afterDigest([], ON);
    docket.holds(call('1', NOON + DAY));
    await docket.show([call('1', NOON + DAY)]);
    await docket.act({ verb: 'reschedule', dueAt: NOON });

    expect(await idsUntil(docket, BEFORE_NOON)).toEqual([['1']]);
  });

  test('comes at the last of its times', async () => {
    const docket = await afterDigest([call()], ON);
    await docket.act({ verb: 'reschedule', dueAt: NOON + HOUR });

    expect(await idsUntil(docket, BEFORE_NOON)).toEqual([]);
    expect(await idsUntil(docket, BEFORE_NOON + HOUR)).toEqual([['1']]);
  });

  test('comes when it was moved at the tool, as a webhook or a look has seen', async () => {
    const docket = await afterDigest([call('1', NOON + DAY)], ON);
    docket.holds(call('1', NOON));
    await docket.enqueue({ kind: 'changed', provider: 'fake', taskId: '1', what: 'updated' });
    await docket.work();

    expect(await idsUntil(docket, BEFORE_NOON)).toEqual([['1']]);
  });

  test('does not come to a rep who wants none', async () => {
    const docket = await afterDigest([call('1', NOON + DAY)], {});
    await docket.act({ verb: 'reschedule', dueAt: NOON });

    expect(await docket.deps.queue.open()).toBe(0);
    expect(await idsUntil(docket, BEFORE_NOON)).toEqual([]);
  });
});

describe('several calls', () => {
  test.each([
    ['at one time', 0, [['1', '2']]],
    ['five minutes apart', 5 * MINUTE, [['1', '2']]],
    ['six minutes apart', 6 * MINUTE, [['1'], ['2']]],
  ])('%s', async (_, apart, messages) => {
    const docket = await afterDigest([call('1'), call('2', NOON + apart)], ON);

    await until(docket, BEFORE_NOON);
    await until(docket, BEFORE_NOON + apart);

    expect(await idsUntil(docket, NOON + apart)).toEqual(messages);
  });

  test('of two tools are one message; while one does not answer, its own comes later, once', async () => {
    for (const isAway of [false, true]) {
      const other = fakeProvider('other');
      const docket = await createDocket({ providers: [fakeProvider(), other] });
      docket.holds(call('1'));
      other.open.set('ann at other', [call('2', NOON + MINUTE, { provider: 'other' })]);
      const link = { externalId: 'ann at other', email: undefined, origin: 'address', linkedAt: 1 } as const;
      await docket.deps.store.links.save({ ...ANN, provider: 'other', ...link });
      await chooseEarly(docket, ON);
      await sendDigest(docket);
      if (isAway) other.listTrouble.push({ kind: 'unavailable' });

      expect(await idsUntil(docket, BEFORE_NOON)).toEqual(isAway ? [['1']] : [['1', '2']]);
      expect(await idsUntil(docket, NOON)).toEqual(isAway ? [['1'], ['2']] : [['1', '2']]);
    }
  });

  test('of a later minute wait for it while a tool of the first one does not answer: none is lost', async () => {
    const other = fakeProvider('other');
    const docket = await createDocket({ providers: [fakeProvider(), other] });
    docket.holds(call('1'), call('3', NOON + 4 * MINUTE));
    const theirs = { provider: 'other' };
    other.open.set('ann at other', [call('2', NOON, theirs), call('4', NOON + 4 * MINUTE, theirs)]);
    const link = { externalId: 'ann at other', email: undefined, origin: 'address', linkedAt: 1 } as const;
    await docket.deps.store.links.save({ ...ANN, provider: 'other', ...link });
    await chooseEarly(docket, ON);
    await sendDigest(docket);
    other.listTrouble.push({ kind: 'unavailable' });

    for (let minute = 0; minute <= 15; minute += 1) await until(docket, BEFORE_NOON + minute * MINUTE);

    expect(idsOf(await came(docket)).map((ids) => ids.toSorted())).toEqual([['1'], ['2'], ['3', '4']]);
  });

  test('are asked for again while their tool does not answer, and no longer once their time has come', async () => {
    const docket = await afterDigest([call()], ON);
    docket.provider.listTrouble.push(...Array.from({ length: 3 }, () => ({ kind: 'unavailable' as const })));
    expect(await idsUntil(docket, BEFORE_NOON)).toEqual([]);
    await docket.workOn();
    expect(idsOf(await came(docket))).toEqual([['1']]);

    const away = await afterDigest([call()], ON);
    away.provider.listTrouble.push(...Array.from({ length: 50 }, () => ({ kind: 'unavailable' as const })));
    away.at(BEFORE_NOON);
    for (let minute = 0; minute < 60; minute += 1) {
      await away.work();
      away.pass(MINUTE);
    }
    expect(await came(away)).toEqual([]);
    expect(await away.deps.queue.open()).toBe(0);
    expect(away.provider.listTrouble.length).toBeGreaterThan(30);
  });
});

describe('a rep', () => {
  test.each<[string, (docket: Docket) => Promise<unknown>]>([
    ['has paused', async ({ schedules, rep }) => schedules.pause(await rep(), FOREVER)],
    ['has left', async ({ deps, rep }) => deps.store.reps.save({ ...(await rep()), active: false })],
    ['has no link any more', ({ deps }) => deps.store.links.remove(ANN, 'fake')],
    ['has switched reminders off', (docket) => choose(docket, { nudges: false })],
    ['has quiet hours then', (docket) => choose(docket, { quiet: { from: '11:45', until: '12:00' } })],
  ])('who %s hears of none, nor later', async (_, leave) => {
    const docket = await afterDigest([call()], ON);
    await leave(docket);

    expect(await idsUntil(docket, BEFORE_NOON)).toEqual([]);
    expect(await idsUntil(docket, NOON)).toEqual([]);
  });

  test('who switches reminders on hears of the calls that are still to come today', async () => {
    const docket = await afterDigest([call('1'), call('2', MONDAY_NINE + HOUR)], {});
    docket.at(MONDAY_NINE + HOUR);
    await choose(docket, ON);

    expect(await idsUntil(docket, BEFORE_NOON)).toEqual([['1']]);
  });

  test('does not hear of a call whose time has come, after a downtime or while Slack does not answer', async () => {
    const down = await afterDigest([call()], ON, { file: true });
    await down.restart();
    const asked = down.provider.calls.length;
    expect(await idsUntil(down, NOON)).toEqual([]);
    expect(down.provider.calls).toHaveLength(asked);

    const late = await afterDigest([call()], ON);
    late.screen.postTrouble.push(new DeliveryError('rate_limited', 'wait', { retryAfterMs: 15 * MINUTE }));
    expect(await idsUntil(late, BEFORE_NOON)).toEqual([]);
    expect(await idsUntil(late, NOON + MINUTE)).toEqual([]);
    expect(await late.deps.queue.open()).toBe(0);
  });
});

test('two processes, and a process that dies, remind once', async () => {
  const docket = await afterDigest([call()], ON, { file: true });
  docket.at(BEFORE_NOON);
  const first = await docket.claimOne(1_000);
  await docket.restart();
  docket.pass(2_000);
  const second = await docket.claimOne();

  await Promise.all([docket.run(first), docket.run(second)]);
  await docket.work();

  expect(idsOf(await came(docket))).toEqual([['1']]);
});
