/** The worker's half: lost answers, lost leases, crashes at any point, and what an outcome leaves behind. */
import { describe, expect, test } from 'vitest';
import { type Waiting, waitingOf } from '../../../src/core/model/action.ts';
import type { Change } from '../../../src/core/model/capabilities.ts';
import { DeliveryError } from '../../../src/core/model/errors.ts';
import { withdraw } from '../../../src/core/model/transitions.ts';
import { ANN, createDocket, DAY, type Docket, type DocketOptions, ref } from '../docket.ts';
import { FINAL, MONDAY_NINE, type Trouble, task } from '../provider.ts';

const DONE: Change = { verb: 'done' };
const TOMORROW: Change = { verb: 'snooze', dueAt: MONDAY_NINE + DAY };
const LOST = { kind: 'unavailable', afterEffect: true } as const;
const LEASE = 8_000;

async function clicked(change: Change, options: DocketOptions = {}): Promise<Docket & { shown: string }> {
  const docket = await createDocket({ undoWindowMs: 0, ...options });
  const shown = await docket.show([task('1')]);
  await docket.clicks.change(ANN, ref(shown), change);
  return Object.assign(docket, { shown });
}

/** Works on, with time passing, until nothing waits any more. */
/** So many calls without an answer. */
function away(times: number): Trouble[] {
  return Array.from({ length: times }, () => ({ kind: 'unavailable' }));
}

async function workOn(docket: Docket): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await docket.work();
    docket.pass(60_000);
  }
}

function sent({ provider }: Docket): string[] {
  return provider.calls.filter((call) => !/^(read|list)/.test(call));
}

describe('before anything is sent', () => {
  test.each([DONE, TOMORROW])(
    'a task that is no longer open is left alone, and the row is told: %j',
    async (change) => {
      const docket = await clicked(change);
      docket.provider.open.set('ann at fake', []);

      await docket.work();

      expect(sent(docket)).toEqual([]);
      expect(await docket.latest()).toMatchObject({ state: 'stale', sentAt: undefined });
      expect(docket.screen.changed).toHaveLength(1);
    },
  );

  test('a task that is someone else’s by now is left alone', async () => {
    const docket = await clicked(DONE);
    docket.provider.open.set('ben at fake', docket.provider.open.get('ann at fake') ?? []);
    docket.provider.open.set('ann at fake', []);

    await docket.work();

    expect(sent(docket)).toEqual([]);
    expect(await docket.latest()).toMatchObject({ state: 'stale' });
  });

  test('the rep’s link is looked up again', async () => {
    const docket = await clicked(DONE);
    await docket.deps.store.links.remove(ANN, 'fake');

    await docket.work();

    expect(docket.provider.calls).toEqual([]);
    expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'not_linked' });
  });

  test('a link to another user is followed, never the old one', async () => {
    const docket = await clicked(DONE);
    await docket.deps.store.links.save({
      ...ANN,
      provider: 'fake',
      externalId: 'ann anew',
      email: undefined,
      origin: 'address',
      linkedAt: 2,
    });
    docket.provider.open.set('ann anew', [task('1')]);

    await docket.work();

    expect(sent(docket)).toEqual(['done 1 by ann anew']);
  });

  test('the ledger says so: what was sent can be seen after a crash', async () => {
    const docket = await clicked(DONE);
    const performing = Promise.withResolvers<void>();
    docket.provider.gate.perform = performing.promise;

    const working = docket.work();
    await expect.poll(() => sent(docket)).toHaveLength(1);
    const during = await docket.latest();
    performing.resolve();
    await working;

    expect(during).toMatchObject({ state: 'queued', sentAt: MONDAY_NINE });
  });
});

describe('a provider that fails', () => {
  test('is asked for a quarter of an hour, the rep sees it wait, and then they decide', async () => {
    const docket = await clicked(DONE);
    docket.provider.trouble = away(100);

    const waiting = async () => {
      const action = await docket.latest();
      return action && waitingOf(action);
    };
    const seen: (Waiting | undefined)[] = [];
    for (let second = 0; second < 900; second += 1) {
      await docket.work();
      seen.push(await waiting());
      docket.pass(1_000);
    }
    const asked = sent(docket).length;
    expect(await docket.latest()).toMatchObject({ state: 'queued', attempts: asked });
    await workOn(docket);

    expect(asked).toBe(20);
    expect(seen.slice(0, 7)).toEqual(Array.from({ length: 7 }, () => undefined));
    expect(new Set(seen.slice(7).map((waiting) => JSON.stringify(waiting)))).toEqual(
      new Set([JSON.stringify({ reason: 'unavailable', until: MONDAY_NINE + 900_000 })]),
    );
    // Once when it began to be worth telling, once when it was given up.
    expect(docket.screen.changed).toHaveLength(2);
    expect(sent(docket)).toHaveLength(21);
    expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'unavailable', attempts: 21 });
    expect(await waiting()).toBeUndefined();
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('leaves a click that was not sent yet to be withdrawn while it waits', async () => {
    const docket = await clicked(DONE);
    docket.provider.readTrouble = away(5);
    for (let second = 0; second < 10; second += 1) {
      await docket.work();
      docket.pass(1_000);
    }

    const undone = await docket.clicks.undo(ANN, ref(docket.shown, 1));
    await workOn(docket);

    expect(undone).toMatchObject({ is: 'recorded', action: { state: 'undone', undo: { how: 'withdrawn' } } });
    expect(sent(docket)).toEqual([]);
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('and asks to wait has done nothing: the click can be withdrawn, and the task is read again', async () => {
    const docket = await clicked(DONE);
    docket.provider.trouble.push({ kind: 'rate_limited', retryAfterMs: 600_000 });
    await docket.work();
    const waiting = await docket.latest();
    docket.provider.open.set('ann at fake', []);
    docket.pass(600_000);
    await docket.work();

    expect(waiting).toMatchObject({ state: 'queued', sentAt: undefined, waiting: { reason: 'rate_limited' } });
    expect(sent(docket)).toHaveLength(1);
    expect(await docket.latest()).toMatchObject({ state: 'stale', found: { how: 'gone' } });
  });

  test('and asks one who took the job over to wait says nothing of what the one before had sent', async () => {
    const docket = await clicked(DONE);
    const [slow, one, other] = [1, 2, 3].map(() => Promise.withResolvers<void>());
    docket.provider.gate = { read: one?.promise, perform: slow?.promise };
    const first = docket.run(await docket.claimOne(LEASE));
    await expect.poll(() => docket.provider.calls).toHaveLength(1);
    docket.pass(LEASE);
    docket.provider.gate.read = other?.promise;
    const second = docket.run(await docket.claimOne(LEASE));
    await expect.poll(() => docket.provider.calls).toHaveLength(2);
    one?.resolve();
    await expect.poll(() => sent(docket)).toHaveLength(1);
    docket.provider.gate.perform = undefined;
    docket.provider.trouble.push({ kind: 'rate_limited', retryAfterMs: 600_000 });
    other?.resolve();
    await second;

    const undo = await docket.clicks.undo(ANN, ref(docket.shown, 1));
    slow?.resolve();
    await first;

    expect(sent(docket)).toHaveLength(2);
    expect(undo.is).toBe('refused');
    expect(docket.provider.effects).toHaveLength(1);
  });

  test('is asked for the same change twice in a row at the most: then it is read again', async () => {
    const docket = await clicked(DONE);
    docket.provider.trouble = away(100);
    for (let second = 0; second < 20; second += 1) {
      await docket.work();
      docket.pass(1_000);
    }

    const [done, read] = ['done 1 by ann at fake', 'read 1'];
    expect(docket.provider.calls).toEqual([read, done, done, read, done, read, done, read, done]);
  });

  test('by asking to wait costs no attempt, and none of the time of an outage', async () => {
    const docket = await clicked(DONE);
    const busy = { kind: 'rate_limited', retryAfterMs: 10 * 60_000 } as const;
    docket.provider.trouble = [{ kind: 'unavailable' }, busy, busy, busy, { kind: 'unavailable' }];

    for (let minute = 0; minute < 40; minute += 1) {
      await docket.work();
      docket.pass(60_000);
    }

    expect(await docket.latest()).toMatchObject({ state: 'succeeded', attempts: 3 });
    expect(sent(docket)).toHaveLength(6);
  });

  test('is not asked before the time that it named', async () => {
    const docket = await clicked(DONE);
    docket.provider.trouble.push({ kind: 'rate_limited', retryAfterMs: 5_000 });

    await docket.work();
    docket.pass(4_999);
    await docket.work();
    const early = sent(docket).length;
    docket.pass(1);
    await docket.work();

    expect(early).toBe(1);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  });

  test('by an error of ours is given up, logged, and told', async () => {
    const docket = await clicked(DONE);
    docket.provider.trouble.push({ throws: new TypeError('ours') });

    await docket.work();

    expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'unexpected' });
    expect(docket.lines).toContain('error job failed');
    expect(docket.screen.changed).toHaveLength(1);
  });
});

describe('a time that this rep gave the task themselves', () => {
  test('is not someone else’s doing, though another message knows only the one before', async () => {
    const docket = await clicked(TOMORROW);
    await docket.work();
    docket.pass(1_000);
    const later = await docket.show([task('1', { dueAt: MONDAY_NINE + DAY })]);
    await docket.clicks.undo(ANN, ref(docket.shown, 1));
    await docket.work();
    docket.pass(1_000);

    const again = await docket.clicks.change(ANN, ref(later, 1), {
      verb: 'reschedule',
      dueAt: MONDAY_NINE + 3 * DAY,
    });
    await docket.work();

    expect(again).toMatchObject({ is: 'recorded' });
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', seq: 2, change: { verb: 'reschedule' } });
  });

  test('is told from one that somebody else gave it', async () => {
    const docket = await clicked(TOMORROW);
    docket.provider.open.set('ann at fake', [task('1', { dueAt: MONDAY_NINE + 9 * DAY })]);
    await docket.work();

    expect(sent(docket)).toEqual([]);
    expect(await docket.latest()).toMatchObject({ state: 'stale', found: { how: 'moved' } });
  });
});

describe('an answer that was lost', () => {
  // contracts, rule 4: only absolute values are sent again without looking
  test('is asked for again, where doing it twice is doing it once', async () => {
    const docket = await clicked(TOMORROW);
    docket.provider.trouble.push(LOST);

    await docket.work();
    docket.pass(2_000);
    await docket.work();

    expect(sent(docket)).toEqual(['snooze 1 by ann at fake', 'snooze 1 by ann at fake']);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', task: { dueAt: task().dueAt } });
  });

  test('long ago is looked at before it is asked for again: someone may have changed the task on purpose', async () => {
    const docket = await clicked(TOMORROW);
    docket.provider.trouble.push({ kind: 'unavailable' });
    await docket.work();
    docket.provider.open.set('ann at fake', [task('1', { dueAt: MONDAY_NINE + 9 * DAY })]);
    docket.pass(60_000);
    await docket.work();

    expect(sent(docket)).toHaveLength(1);
    expect(await docket.latest()).toMatchObject({
      state: 'stale',
      found: { how: 'moved', dueAt: MONDAY_NINE + 9 * DAY },
    });
  });

  // contracts, rule 4: what is not absolute is read first
  test('of what happens twice when sent twice: the provider is read, and nothing is sent again', async () => {
    const docket = await clicked(DONE, { verbs: { done: FINAL } });
    docket.provider.trouble.push(LOST);

    await workOn(docket);

    expect(docket.provider.calls).toEqual(['read 1', 'done 1 by ann at fake', 'read 1']);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  });

  test('of what happens twice when sent twice: it is sent again when it has not happened', async () => {
    const docket = await clicked(DONE, { verbs: { done: FINAL } });
    docket.provider.trouble.push({ kind: 'unavailable' });

    await workOn(docket);

    expect(sent(docket)).toHaveLength(2);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  });

  test('of a moved date: the date tells whether it has happened', async () => {
    const docket = await clicked(TOMORROW, { verbs: { snooze: { reversible: true, repeatable: false } } });
    docket.provider.trouble.push(LOST);

    await workOn(docket);

    expect(sent(docket)).toHaveLength(1);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', task: { dueAt: task().dueAt } });
  });

  test('at the last attempt: a Retry finds what has happened, and does not call it someone else’s doing', async () => {
    const docket = await clicked(DONE, { verbs: { done: FINAL } });
    docket.provider.trouble.push(LOST);
    await docket.work();
    docket.provider.readTrouble = away(30);
    await workOn(docket);
    docket.provider.readTrouble = [];
    const before = await docket.latest();

    await docket.clicks.retry(ANN, ref(docket.shown, 1));
    await workOn(docket);

    expect(before).toMatchObject({ state: 'failed', failure: 'unavailable' });
    expect(sent(docket)).toHaveLength(1);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  });

  test.each([
    ['done', DONE, { state: 'succeeded' }],
    ['a moved date', TOMORROW, { state: 'succeeded', task: { dueAt: task().dueAt } }],
  ] as const)('and then a refusal: a Retry still recognises what has happened (%s)', async (_name, change, outcome) => {
    const docket = await clicked(change, { verbs: { done: FINAL, snooze: FINAL } });
    docket.provider.trouble.push(LOST);
    await docket.work();
    docket.provider.readTrouble.push({ kind: 'auth' });
    await workOn(docket);
    const failed = await docket.latest();

    await docket.clicks.retry(ANN, ref(docket.shown, 1));
    await workOn(docket);

    expect(failed).toMatchObject({ state: 'failed', failure: 'auth' });
    expect(docket.provider.effects).toHaveLength(1);
    expect(await docket.latest()).toMatchObject(outcome);
  });

  test('and then a crash: another process reads before it sends', async () => {
    const docket = await clicked(DONE, { verbs: { done: FINAL }, file: true });
    const never = new Promise<void>(() => {});
    const apply = docket.provider.perform;
    docket.provider.perform = async (...args) => {
      await apply(...args);
      await never;
      return { reference: undefined };
    };
    void docket.run(await docket.claimOne(LEASE));
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
    expect(docket.provider.calls).toEqual(['read 1', 'done 1 by ann at fake', 'read 1']);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  });
});

describe('what must not happen twice', () => {
  const final = { verbs: { done: FINAL } };

  test('is sent under a lease that outlives the sending, however slow it is', async () => {
    const docket = await clicked(DONE, final);
    const slowly = Promise.withResolvers<void>();
    docket.provider.gate.perform = slowly.promise;
    const working = docket.run(await docket.claimOne(LEASE));
    await expect.poll(() => sent(docket)).toHaveLength(1);

    docket.pass(59_999);
    await docket.work();
    const meanwhile = docket.provider.calls.length;
    slowly.resolve();
    await working;

    expect(meanwhile).toBe(2);
    expect(docket.provider.effects).toHaveLength(1);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  });

  test('is given up before that lease ends', async () => {
    const docket = await clicked(DONE, final);
    let signal: AbortSignal | undefined;
    docket.provider.perform = async (_account, _task, _change, options) => {
      signal = options.signal;
      return { reference: undefined };
    };

    await docket.work();

    expect(signal).toBeInstanceOf(AbortSignal);
  });

  test('is not sent by a worker that lost its lease while it read the task', async () => {
    const docket = await clicked(DONE, final);
    const reading = Promise.withResolvers<void>();
    docket.provider.gate.read = reading.promise;
    const slowWork = docket.run(await docket.claimOne(LEASE));
    await expect.poll(() => docket.provider.calls).toHaveLength(1);
    docket.pass(LEASE);
    const next = await docket.claimOne(LEASE);
    docket.provider.gate.read = undefined;

    reading.resolve();
    await slowWork;
    const bySlowOne = sent(docket);
    await docket.run(next);

    expect(bySlowOne).toEqual([]);
    expect(sent(docket)).toEqual(['done 1 by ann at fake']);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('is not sent a second time by a worker that lost its lease while it looked what came of the first', async () => {
    const docket = await clicked(DONE, final);
    docket.provider.trouble.push({ kind: 'unavailable' });
    await docket.work();
    docket.pass(2_000);
    const reading = Promise.withResolvers<void>();
    docket.provider.gate.read = reading.promise;
    const slowWork = docket.run(await docket.claimOne(LEASE));
    await expect.poll(() => docket.provider.calls).toHaveLength(3);
    docket.pass(LEASE);
    const next = await docket.claimOne(LEASE);
    docket.provider.gate.read = undefined;

    reading.resolve();
    await slowWork;
    await docket.run(next);

    expect(sent(docket)).toHaveLength(2);
    expect(docket.provider.effects).toHaveLength(1);
  });

  test('twice as once needs no longer lease: another worker may take it over', async () => {
    const docket = await clicked(DONE);
    const slowly = Promise.withResolvers<void>();
    docket.provider.gate.perform = slowly.promise;
    const working = docket.run(await docket.claimOne(LEASE));
    await expect.poll(() => sent(docket)).toHaveLength(1);

    docket.pass(LEASE);
    expect((await docket.claimOne(LEASE)).attempt).toBe(2);
    slowly.resolve();
    await working;
  });
});

describe('an answer to an edit that was lost', () => {
  const to = { externalId: '9', name: 'Bo' };
  const edits = { note: FINAL, rule: FINAL, reassign: FINAL };
  const [note, rule, reassign] = [
    { verb: 'note', note: 'x' },
    { verb: 'rule', rule: 'none' },
    { verb: 'reassign', to },
  ] as const;

  test.each([note, rule])('leaves the task open all the same, so it is read and sent again: %j', async (change) => {
    const docket = await clicked(change, { verbs: edits });
    docket.provider.trouble.push(LOST);

    await workOn(docket);

    const attempt = ['read 1', `${change.verb} 1 by ann at fake`];
    expect(docket.provider.calls).toEqual([...attempt, ...attempt]);
    expect(docket.provider.effects).toEqual([change, change]);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  });

  test.each([note, rule])('is not sent again once the task is closed, and is not called done: %j', async (change) => {
    const docket = await clicked(change, { verbs: edits });
    docket.provider.trouble.push({ kind: 'unavailable' });
    await docket.work();
    docket.provider.open.set('ann at fake', []);

    await workOn(docket);

    expect(sent(docket)).toHaveLength(1);
    expect(await docket.latest()).toMatchObject({ state: 'stale' });
  });

  test('of a new owner: a task that is no longer the rep’s has gone where it was sent', async () => {
    const docket = await clicked(reassign, { verbs: edits });
    docket.provider.trouble.push(LOST);

    await workOn(docket);

    expect(docket.provider.calls).toEqual(['read 1', 'reassign 1 by ann at fake', 'read 1']);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', change: { to } });
  });

  test('of a new owner: it is sent again while the task is still the rep’s', async () => {
    const docket = await clicked(reassign, { verbs: edits });
    docket.provider.trouble.push({ kind: 'unavailable' });

    await workOn(docket);

    expect(sent(docket)).toHaveLength(2);
    expect(docket.provider.effects).toEqual([reassign]);
  });

  test.each([note, rule, reassign])(
    'and then a refusal leaves it failed, and a Retry reads first: %j',
    async (change) => {
      const docket = await clicked(change, { verbs: edits });
      docket.provider.trouble = away(60);
      await workOn(docket);
      docket.provider.trouble = [];
      const failed = await docket.latest();
      docket.provider.calls.length = 0;

      await docket.clicks.retry(ANN, ref(docket.shown, 1));
      await workOn(docket);

      expect(failed).toMatchObject({ state: 'failed', failure: 'unavailable' });
      expect(docket.provider.calls).toEqual(['read 1', `${change.verb} 1 by ann at fake`]);
      expect(docket.provider.effects).toEqual([change]);
    },
  );
});

describe('a worker that lost its lease', () => {
  test('changes nothing that the next one settled', async () => {
    const docket = await clicked(TOMORROW);
    const slowly = Promise.withResolvers<void>();
    const slow = await docket.claimOne(LEASE);
    docket.provider.gate.perform = slowly.promise;
    const slowWork = docket.run(slow);
    await expect.poll(() => sent(docket)).toHaveLength(1);
    docket.provider.gate.perform = undefined;

    docket.pass(LEASE);
    await docket.work();
    const settled = await docket.latest();
    docket.provider.trouble.push({ kind: 'invalid' });
    slowly.resolve();
    await slowWork;

    expect(settled).toMatchObject({ state: 'succeeded' });
    expect(await docket.latest()).toEqual(settled);
    expect(docket.lines).toContain('warn lease lost, the job is left to the worker that has it now');
    expect(docket.screen.changed).toHaveLength(1);
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('while both read the task: whoever owns the job settles it, so that no row is left in between', async () => {
    const docket = await clicked(TOMORROW);
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    docket.provider.gate.read = first.promise;
    const slowWork = docket.run(await docket.claimOne(LEASE));
    await expect.poll(() => docket.provider.calls).toHaveLength(1);
    docket.pass(LEASE);
    docket.provider.gate.read = second.promise;
    const nextWork = docket.run(await docket.claimOne(LEASE));
    await expect.poll(() => docket.provider.calls).toHaveLength(2);
    docket.provider.gate.read = undefined;

    first.resolve();
    await slowWork;
    const between = await docket.latest();
    second.resolve();
    await nextWork;
    await workOn(docket);

    expect(between).toMatchObject({ state: 'queued' });
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', task: { dueAt: task().dueAt } });
    expect(await docket.deps.queue.open()).toBe(0);
  });
});

describe('an outcome', () => {
  test('is shown at once, and leaves no job behind', async () => {
    const docket = await clicked(DONE);

    await docket.work();

    expect(docket.screen.changed).toMatchObject([{ ...ANN, provider: 'fake', taskId: '1' }]);
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('is shown later, when the process died before it could be', async () => {
    const docket = await clicked(DONE, { file: true });
    docket.screen.showTask = () => new Promise(() => {});
    void docket.run(await docket.claimOne());
    await expect.poll(async () => (await docket.latest())?.state).toBe('succeeded');

    await docket.restart();
    docket.screen.showTask = async (changed) => void docket.screen.changed.push(changed);
    docket.pass(60_000);
    await docket.work();

    expect(docket.screen.changed).toMatchObject([{ taskId: '1' }]);
    expect(await docket.deps.queue.open()).toBe(0);
    expect(sent(docket)).toHaveLength(1);
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
  const relink = (docket: Docket) =>
    docket.deps.store.links.save({
      ...ANN,
      provider: 'fake',
      externalId: 'another ann',
      email: undefined,
      origin: 'suggestion',
      linkedAt: 2,
    });

  test('has nothing gone on with as that user which may have been sent as the earlier one', async () => {
    const docket = await clicked(DONE);
    docket.provider.trouble.push({ kind: 'unavailable' });
    await docket.work();
    await relink(docket);
    docket.pass(60_000);

    await docket.work();

    expect(sent(docket)).toEqual(['done 1 by ann at fake']);
    expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'not_linked' });
  });

  test('can undo what was done as the user that they are now', async () => {
    const docket = await clicked(DONE);
    await relink(docket);
    docket.provider.open.set('another ann', [task('1')]);
    await docket.work();
    await docket.clicks.undo(ANN, ref(docket.shown, 1));

    await docket.work();

    expect(sent(docket)).toEqual(['done 1 by another ann', 'undo done 1 by another ann']);
    expect(await docket.latest()).toMatchObject({ state: 'undone' });
  });

  test('has nothing undone as that user either', async () => {
    const docket = await clicked(DONE);
    await docket.work();
    await relink(docket);
    await docket.clicks.undo(ANN, ref(docket.shown, 1));

    await docket.work();

    expect(sent(docket)).toEqual(['done 1 by ann at fake']);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', undoFailure: { reason: 'not_linked' } });
  });
});

test('a lease that was used up while it was asked for is asked for again before anything is sent', async () => {
  const docket = await clicked(DONE, { verbs: { done: FINAL } });
  const { queue } = docket.deps;
  const until: number[] = [];
  docket.deps.queue = {
    ...queue,
    async extend(job, leaseUntil) {
      until.push(leaseUntil - docket.deps.clock());
      // The process stands still once, for as long as the lease.
      if (until.length === 1) docket.pass(60_000);
      expect(sent(docket)).toEqual([]);
      return queue.extend(job, leaseUntil);
    },
  };

  await docket.work();

  expect(until).toEqual([60_000, 60_000]);
  expect(sent(docket)).toEqual(['done 1 by ann at fake']);
});
