/** The worker's half: lost answers, lost leases, crashes at any point, and what an outcome leaves behind. */
import { describe, expect, test, vi } from 'vitest';
import { waitingOf } from '../../../src/core/model/action.ts';
import type { Change } from '../../../src/core/model/capabilities.ts';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import { withdraw } from '../../../src/core/model/transitions.ts';
import { ANN, clicked, DAY, type Docket } from '../docket.ts';
import { FINAL, MONDAY_NINE, type Trouble, task, type Verbs } from '../provider.ts';

const DONE: Change = { verb: 'done' };
const TOMORROW: Change = { verb: 'snooze', dueAt: MONDAY_NINE + DAY };
const NOTE: Change = { verb: 'note', note: 'x' };
const RULE: Change = { verb: 'rule', rule: 'none' };
const REASSIGN: Change = { verb: 'reassign', to: { externalId: '9', name: 'Bo' } };
const EDITS: Verbs = { note: FINAL, rule: FINAL, reassign: FINAL };
/** Took effect, and never arrived. */
const LOST: Trouble = { kind: 'unavailable', afterEffect: true };
const NEVER: Trouble = { kind: 'unavailable' };
const LEASE = 8_000;
const READ = 'read 1';

function times(count: number, trouble: Trouble = NEVER): Trouble[] {
  return Array.from({ length: count }, () => trouble);
}

/** Works once a second. */
async function workFor(docket: Docket, seconds: number, look?: () => Promise<void>): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await docket.work();
    await look?.();
    docket.pass(1_000);
  }
}

describe('before anything is sent', () => {
  test.each([DONE, TOMORROW])('a task that is not open for the rep any more is left alone: %j', async (change) => {
    const docket = await clicked(change);
    docket.provider.open.set('ben at fake', [task('1')]);
    docket.holds();

    await docket.work();

    expect(docket.sent()).toEqual([]);
    expect(await docket.latest()).toMatchObject({ state: 'stale', sentAt: undefined });
    expect(docket.screen.changed).toHaveLength(1);
  });

  test('and one that was done there meanwhile says when and by whom, as far as the provider does', async () => {
    for (const doneBy of ['rep', 'other', undefined] as const) {
      const docket = await clicked(DONE);
      docket.holds();
      docket.provider.done.set('1', MONDAY_NINE - 1);
      if (doneBy) docket.provider.doneBy.set('1', doneBy);

      await docket.work();

      const found = { how: 'done', at: MONDAY_NINE - 1, ...(doneBy && { by: doneBy }) };
      expect((await docket.latest()) ?? {}).toHaveProperty('found', found);
    }
  });

  test('the rep’s link is looked up again', async () => {
    const docket = await clicked(DONE);
    await docket.deps.store.links.remove(ANN, 'fake');

    await docket.work();

    expect(docket.provider.calls).toEqual([]);
    expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'not_linked' });
  });

  test('the ledger says so: what was sent can be seen after a crash', async () => {
    const docket = await clicked(DONE);
    const end = await docket.startSlowly('perform');

    expect(await docket.latest()).toMatchObject({ state: 'queued', sentAt: MONDAY_NINE });
    await end();
  });
});

describe('a provider that fails', () => {
  test('is asked for a quarter of an hour, the rep sees it wait, and then they decide', async () => {
    const docket = await clicked(DONE);
    docket.provider.trouble = times(100);

    const seen: unknown[] = [];
    await workFor(docket, 900, async () => {
      const action = await docket.latest();
      seen.push(action && waitingOf(action));
    });
    const asked = docket.sent().length;
    expect(await docket.latest()).toMatchObject({ state: 'queued', attempts: asked });
    await docket.workOn();

    expect(asked).toBe(20);
    const waiting = { reason: 'unavailable', until: MONDAY_NINE + 900_000 };
    expect(seen).toEqual(seen.map((_, second) => (second < 7 ? undefined : waiting)));
    // Once when it began to be worth telling, once when it was given up.
    expect(docket.screen.changed).toHaveLength(2);
    expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'unavailable', attempts: 21 });
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('and asks to wait has done nothing: the click can be withdrawn, and the task is read again', async () => {
    const docket = await clicked(DONE);
    docket.provider.trouble.push({ kind: 'rate_limited', retryAfterMs: 600_000 });
    await docket.work();
    const waiting = await docket.latest();
    docket.holds();
    docket.pass(600_000);
    await docket.work();

    expect(waiting).toMatchObject({ state: 'queued', sentAt: undefined, waiting: { reason: 'rate_limited' } });
    expect(docket.sent()).toHaveLength(1);
    expect(await docket.latest()).toMatchObject({ state: 'stale', found: { how: 'gone' } });
  });

  test('and asks one who took the job over to wait says nothing of what the one before had sent', async () => {
    const docket = await clicked(DONE);
    const slow = Promise.withResolvers<void>();
    docket.provider.gate.perform = slow.promise;
    const sendFirst = await docket.startSlowly('read');
    docket.pass(LEASE);
    const sendSecond = await docket.startSlowly('read');
    const first = sendFirst();
    await expect.poll(() => docket.sent()).toHaveLength(1);
    docket.provider.gate.perform = undefined;
    docket.provider.trouble.push({ kind: 'rate_limited', retryAfterMs: 600_000 });
    await sendSecond();

    const undo = await docket.undo();
    slow.resolve();
    await first;

    expect(docket.sent()).toHaveLength(2);
    expect(undo.is).toBe('refused');
    expect(docket.provider.effects).toHaveLength(1);
  });

  test('is asked for the same change twice in a row at the most: then it is read again', async () => {
    const docket = await clicked(DONE);
    docket.provider.trouble = times(100);
    await workFor(docket, 20);

    const done = 'done 1 by ann at fake';
    expect(docket.provider.calls).toEqual([READ, done, done, READ, done, READ, done, READ, done]);
  });
});

test('a time that this rep gave the task is not someone else’s doing, though another message knows only the one before', async () => {
  const docket = await clicked(TOMORROW);
  const { shown } = docket;
  await docket.work();
  const later = await docket.show([task('1', { dueAt: MONDAY_NINE + DAY })]);
  docket.shown = shown;
  await docket.undo();
  await docket.work();

  docket.shown = later;
  await docket.act({ verb: 'reschedule', dueAt: MONDAY_NINE + 3 * DAY }, 1);

  expect(await docket.latest()).toMatchObject({ state: 'succeeded', seq: 2, change: { verb: 'reschedule' } });
});

describe('an answer that was lost', () => {
  // contracts, rule 4: only absolute values are sent again without looking; anything else is read first
  test.each([
    ['what does the same twice is sent again', TOMORROW, {}, LOST, ['send', 'send']],
    ['what happens twice is read, and not sent again', DONE, { done: FINAL }, LOST, ['send', READ]],
    ['what happens twice is sent again when it has not', DONE, { done: FINAL }, NEVER, ['send', READ, 'send']],
    ['the date tells whether it was moved', TOMORROW, { snooze: FINAL }, LOST, ['send', READ]],
    ['a note leaves the task open, and is sent again', NOTE, EDITS, LOST, ['send', READ, 'send']],
    ['a rule leaves the task open, and is sent again', RULE, EDITS, LOST, ['send', READ, 'send']],
    ['a task that is not the rep’s any more went to its new owner', REASSIGN, EDITS, LOST, ['send', READ]],
    ['a task that is still the rep’s did not', REASSIGN, EDITS, NEVER, ['send', READ, 'send']],
  ] as const)('%s', async (_name, change, verbs, fate, calls) => {
    const docket = await clicked(change, { verbs });
    docket.provider.trouble.push(fate);

    await docket.work();
    docket.pass(2_000);
    await docket.work();

    const send = `${change.verb} 1 by ann at fake`;
    expect(docket.provider.calls).toEqual([READ, ...calls.map((call) => (call === 'send' ? send : call))]);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', change, task: { dueAt: task().dueAt } });
  });

  test('long ago is looked at before it is asked for again: someone may have changed the task on purpose', async () => {
    const docket = await clicked(TOMORROW);
    docket.provider.trouble.push(NEVER);
    await docket.work();
    const dueAt = MONDAY_NINE + 9 * DAY;
    docket.holds(task('1', { dueAt }));
    docket.pass(60_000);
    await docket.work();

    expect(docket.sent()).toHaveLength(1);
    expect(await docket.latest()).toMatchObject({ state: 'stale', found: { how: 'moved', dueAt } });
  });

  test.each([NOTE, RULE])('is not asked for again once the task is closed, and not called done: %j', async (edit) => {
    const docket = await clicked(edit, { verbs: EDITS });
    docket.provider.trouble.push(NEVER);
    await docket.work();
    docket.holds();

    await docket.workOn();

    expect(docket.sent()).toHaveLength(1);
    expect(await docket.latest()).toMatchObject({ state: 'stale' });
  });

  test.each([
    [DONE, LOST, times(1, { kind: 'auth' }), 'auth', [READ]],
    [DONE, LOST, times(30), 'unavailable', [READ]],
    [TOMORROW, LOST, times(1, { kind: 'auth' }), 'auth', [READ]],
    [NOTE, NEVER, times(30), 'unavailable', [READ, 'note 1 by ann at fake']],
    [RULE, NEVER, times(30), 'unavailable', [READ, 'rule 1 by ann at fake']],
    [REASSIGN, NEVER, times(30), 'unavailable', [READ, 'reassign 1 by ann at fake']],
  ])('and then a failure: a Retry reads first, and recognises what has happened: %j', async (...row) => {
    const [change, fate, readTrouble, failure, calls] = row;
    const docket = await clicked(change, { verbs: { done: FINAL, snooze: FINAL, ...EDITS } });
    docket.provider.trouble.push(fate);
    await docket.work();
    docket.provider.readTrouble = readTrouble;
    await docket.workOn();
    expect(await docket.latest()).toMatchObject({ state: 'failed', failure });
    docket.provider.calls.length = 0;
    docket.provider.readTrouble = [];

    await docket.retry();
    await docket.workOn();

    expect(docket.provider.calls).toEqual(calls);
    expect(docket.provider.effects).toEqual([change]);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', task: { dueAt: task().dueAt } });
  });

  test('and then a crash: another process reads before it sends', async () => {
    const docket = await clicked(DONE, { verbs: { done: FINAL }, file: true });
    const apply = docket.provider.perform;
    docket.provider.perform = async (...args) => {
      await apply(...args);
      return new Promise(() => {});
    };
    void docket.run(await docket.claimOne());
    await expect.poll(() => docket.provider.open.get('ann at fake')?.length).toBe(1);

    docket.provider.perform = apply;
    await docket.restart();
    // What must not happen twice is sent under a longer lease, so nobody takes it over before the sending has ended.
    docket.pass(LEASE);
    await docket.work();
    const early = docket.provider.calls.length;
    docket.pass(60_000 - LEASE);
    await docket.work();

    expect(early).toBe(2);
    expect(docket.provider.calls).toEqual([READ, 'done 1 by ann at fake', READ]);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  });
});

describe('what must not happen twice', () => {
  const final = { verbs: { done: FINAL } };

  test.each([
    ['read the task', 0],
    ['looked what came of the first sending', 1],
  ])('is not sent by a worker that lost its lease while it %s', async (_name, before) => {
    const docket = await clicked(DONE, final);
    docket.provider.trouble = times(before);
    for (let sending = 0; sending < before; sending += 1) {
      await docket.work();
      docket.pass(2_000);
    }
    const end = await docket.startSlowly('read');
    docket.pass(LEASE);
    const next = await docket.claimOne();

    await end();
    const bySlowOne = docket.sent().length;
    await docket.run(next);

    expect(bySlowOne).toBe(before);
    expect(docket.provider.effects).toHaveLength(1);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('needs a whole lease, within which it is given up: one that was used up meanwhile is asked for again', async () => {
    const docket = await clicked(DONE, final);
    const { queue } = docket.deps;
    const perform = vi.spyOn(docket.provider, 'perform');
    const until: number[] = [];
    docket.deps.queue = {
      ...queue,
      async extend(job, leaseUntil) {
        until.push(leaseUntil - docket.deps.clock());
        // The process stands still once, for as long as the lease.
        if (until.length === 1) docket.pass(60_000);
        expect(docket.sent()).toEqual([]);
        return queue.extend(job, leaseUntil);
      },
    };

    await docket.work();

    expect(until).toEqual([60_000, 60_000]);
    expect(docket.sent()).toEqual(['done 1 by ann at fake']);
    expect(perform.mock.lastCall?.[3].signal).toBeInstanceOf(AbortSignal);
  });
});

describe('what is the same twice as once', () => {
  test('needs no longer lease: another worker may take it over', async () => {
    const docket = await clicked(DONE);
    const end = await docket.startSlowly('perform');

    docket.pass(LEASE);
    expect((await docket.claimOne()).attempt).toBe(2);
    await end();
  });

  test('is settled by whoever owns the job, when two read the task: no row is left in between', async () => {
    const docket = await clicked(TOMORROW);
    const endSlow = await docket.startSlowly('read');
    docket.pass(LEASE);
    const endNext = await docket.startSlowly('read');

    await endSlow();
    const between = await docket.latest();
    await endNext();
    await docket.workOn();

    expect(between).toMatchObject({ state: 'queued' });
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', task: { dueAt: task().dueAt } });
    expect(await docket.deps.queue.open()).toBe(0);
  });
});

describe('an outcome', () => {
  test('is shown later, when the process died before it could be', async () => {
    const docket = await clicked(DONE, { file: true });
    const { showTask } = docket.screen;
    docket.screen.showTask = () => new Promise(() => {});
    void docket.run(await docket.claimOne());
    await expect.poll(async () => (await docket.latest())?.state).toBe('succeeded');

    await docket.restart();
    docket.screen.showTask = showTask;
    docket.pass(60_000);
    await docket.work();

    expect(docket.screen.changed).toMatchObject([{ taskId: '1' }]);
    expect(await docket.deps.queue.open()).toBe(0);
    expect(docket.sent()).toHaveLength(1);
  });

  test.each([
    ['for good', new DeliveryError('permanent', 'Slack: user_disabled'), 0],
    ['for now', new DeliveryError('unavailable', 'Slack did not answer'), 1],
  ])('that Slack does not take %s is not shown over and over', async (_name, error, open) => {
    const docket = await clicked(DONE);
    let shown = 0;
    docket.screen.showTask = async () => {
      shown += 1;
      throw error;
    };
    await docket.work();
    docket.pass(60_000);
    await docket.work();
    docket.pass(500);
    await docket.work();

    expect(shown).toBe(2);
    expect(await docket.deps.queue.open()).toBe(open);
  });

  test('of an action that is settled already is not made again', async () => {
    const docket = await clicked(DONE);
    const job = await docket.claimOne();
    await docket.deps.store.ledger.transition((await docket.latest())?.id ?? '', (now) => withdraw(now, 5));

    await docket.run(job);

    expect(docket.provider.calls).toEqual([]);
    expect(await docket.deps.queue.open()).toBe(0);
  });
});

describe('a rep who has been linked to another user since', () => {
  test('has nothing gone on with as that user which may have been sent as the earlier one', async () => {
    const docket = await clicked(DONE);
    docket.provider.trouble.push(NEVER);
    await docket.work();
    await docket.link(ANN, 'another ann');
    docket.pass(60_000);

    await docket.work();

    expect(docket.sent()).toEqual(['done 1 by ann at fake']);
    expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'not_linked' });
  });

  test('acts as the user that they are now, never as the old one, and can undo that', async () => {
    const docket = await clicked(DONE);
    await docket.link(ANN, 'another ann');
    docket.provider.open.set('another ann', [task('1')]);
    await docket.work();
    await docket.undo();

    await docket.work();

    expect(docket.sent()).toEqual(['done 1 by another ann', 'undo done 1 by another ann']);
    expect(await docket.latest()).toMatchObject({ state: 'undone' });
  });

  test.each([
    ['another user', (docket: Docket) => docket.link(ANN, 'another ann')],
    ['nobody', (docket: Docket) => docket.deps.store.links.remove(ANN, 'fake')],
  ])('has nothing undone as %s, and is told', async (_name, relink) => {
    const docket = await clicked(DONE);
    await docket.work();
    await docket.undo();
    await relink(docket);
    await docket.work();

    expect(docket.sent()).toEqual(['done 1 by ann at fake']);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', undoFailure: { reason: 'not_linked' } });
  });
});
