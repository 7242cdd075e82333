/** Sweeps on the real store: recorded at once, undone and retried as one, shown by a job that ends. */
import { describe, expect, test } from 'vitest';
import type { AskedSweep, SweepResult } from '../../../src/core/clicks/act-on-many.ts';
import { SWEEP_PRIORITY } from '../../../src/core/jobs/kinds.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import type { Sweep } from '../../../src/core/model/sweep.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { ANN, BEN, createDocket, DAY, type Docket, type DocketOptions, ref } from '../docket.ts';
import { FINAL, MONDAY_NINE as NOW, REVERSIBLE, task } from '../provider.ts';

const MOVE = { verb: 'snooze', dueAt: NOW + DAY } as const;
const DONE = { verb: 'done' } as const;

const many = (count: number) => Array.from({ length: count }, (_, id) => task(String(id), { dueAt: NOW - DAY }));

/** A list of Ann's open tasks. */
async function listOf(tasks: readonly Task[], options: DocketOptions = {}): Promise<Docket> {
  const docket = await createDocket(options);
  docket.holds(...tasks);
  await docket.show(tasks);
  return docket;
}

function act(docket: Docket, more: Partial<AskedSweep> = {}, clicker: RepKey = ANN): Promise<SweepResult> {
  const asked = { messageId: docket.shown, which: { by: 'all' }, change: MOVE, key: 'V1', sure: true } as const;
  return docket.sweeps.act(clicker, { ...asked, ...more });
}

async function swept(docket: Docket, more: Partial<AskedSweep> = {}): Promise<Sweep> {
  const result = await act(docket, more);
  if (result.is !== 'recorded') throw new Error(`expected recorded, and it is ${JSON.stringify(result)}`);
  return result.sweep;
}

async function statesOf(docket: Docket, { id }: Sweep): Promise<string[]> {
  return (await docket.deps.store.ledger.ofSweep(id)).map(({ state }) => state);
}

/** Works on, with seconds passing, until the job of the sweep has ended. */
async function untilOver(docket: Docket): Promise<void> {
  for (let round = 0; round < 400; round += 1) {
    await docket.work();
    if ((await docket.deps.queue.open()) === 0) return;
    docket.pass(1_000);
  }
  throw new Error('it never ends');
}

describe('asked for', () => {
  test('all of it is recorded at once, and sent once; the rows are shown together, not one by one', async () => {
    const docket = await listOf(many(20));
    const sweep = await swept(docket);

    expect(sweep).toMatchObject({ ...ANN, kind: 'sweep', change: MOVE, messageId: docket.shown });
    expect(await statesOf(docket, sweep)).toEqual(Array(20).fill('queued'));
    expect(docket.sent()).toEqual([]);
    await untilOver(docket);

    expect(docket.provider.effects).toEqual(Array(20).fill(MOVE));
    expect(await statesOf(docket, sweep)).toEqual(Array(20).fill('succeeded'));
    expect(docket.screen.changed).toEqual([]);
    expect(docket.screen.calmly.at(-1)).toMatchObject({ now: true, tasks: { length: 20 } });
    expect(docket.screen.sweeps.at(-1)?.states).toEqual(Array(20).fill('succeeded'));
    expect(docket.done.filter(({ kind }) => kind === 'show')).toEqual([]);
  });

  test('its actions wait behind every click', async () => {
    const docket = await listOf(many(3));
    await swept(docket, { which: { by: 'rows', positions: [0, 1] } });
    await docket.change(DONE, 0, 2);

    const [first] = await docket.deps.queue.claim(NOW, { limit: 1, leaseMs: 1_000 });
    expect(first).toMatchObject({ payload: { kind: 'perform', teamId: 'T1', actionId: '3' } });
    const jobs = await docket.deps.queue.claim(NOW, { limit: 9, leaseMs: 1_000, minPriority: SWEEP_PRIORITY });
    expect(jobs.map(({ payload }) => payload)).toMatchObject([{ actionId: '1' }, { actionId: '2' }]);
  });

  test('a double submission makes one sweep', async () => {
    const docket = await listOf(many(5));
    const results = await Promise.all([act(docket), act(docket), act(docket)]);
    await untilOver(docket);
    const late = await act(docket);

    expect([...results, late].map(({ is }) => is).toSorted()).toEqual(['recorded', 'repeated', 'repeated', 'repeated']);
    expect(docket.provider.effects).toHaveLength(5);
  });

  test('nothing is recorded before the rep has confirmed what follows', async () => {
    const docket = await listOf(many(3), { verbs: { done: FINAL } });
    const asked = await act(docket, { change: DONE, sure: false });

    expect(asked).toMatchObject({
      is: 'asks',
      plan: { consequences: [{ what: 'final', provider: 'fake', tasks: 3 }] },
    });
    expect(await docket.deps.queue.open()).toBe(0);
    expect(await act(docket, { change: DONE })).toMatchObject({ is: 'recorded' });
  });

  test.each<[string, Partial<AskedSweep>, RepKey, object]>([
    ["someone else's list", {}, BEN, { why: 'unknown_list' }],
    ['a list that is gone', { messageId: '99' }, ANN, { why: 'unknown_list' }],
    ['a stranger', {}, { teamId: 'T1', userId: 'UZED' }, { why: 'unknown_list' }],
    ['a time that has passed', { change: { ...MOVE, dueAt: NOW } }, ANN, { why: 'passed' }],
    ['a set without a task', { which: { by: 'kind', kind: 'call' } }, ANN, { why: 'nothing', leftOut: [] }],
  ])('refuses %s, and records nothing', async (_, more, clicker, refusal) => {
    const docket = await listOf(many(3));

    expect(await act(docket, more, clicker)).toEqual({ is: 'refused', ...refusal });
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('tasks that are left out are counted in the sweep', async () => {
    const docket = await listOf(many(3));
    await docket.change(DONE, 0, 1);
    const sweep = await swept(docket, { which: { by: 'rows', positions: [0, 1, 2] } });

    expect(sweep.leftOut).toEqual([{ why: 'underway', provider: 'fake', tasks: 1 }]);
    expect((await docket.deps.store.ledger.ofSweep(sweep.id)).map(({ taskId }) => taskId)).toEqual(['0', '2']);
  });

  test('a task that was closed elsewhere meanwhile is left alone, and the others go on', async () => {
    const docket = await listOf(many(3));
    const sweep = await swept(docket);
    docket.holds(...many(3).filter(({ id }) => id !== '1'));
    await untilOver(docket);

    expect(await statesOf(docket, sweep)).toEqual(['succeeded', 'stale', 'succeeded']);
  });

  test('a hundred tasks are recorded long before Slack stops waiting', async () => {
    const docket = await listOf(many(100), { file: true });
    const began = performance.now();
    await swept(docket);

    // Slack waits three seconds; this takes a few tenths of one.
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  test('tools take turns, so that none waits for the end of another', async () => {
    const docket = await listOf([task('1'), task('2'), task('3', { provider: 'other' })]);
    const other = { ...docket.provider, id: 'other' };
    docket.deps.providers.set('other', other);
    await docket.link(ANN, 'ann at other', { provider: 'other' });
    const sweep = await swept(docket);

    expect((await docket.deps.store.ledger.ofSweep(sweep.id)).map(({ taskId }) => taskId)).toEqual(['1', '3', '2']);
  });
});

describe('an action of a window', () => {
  test('belongs to its sweep, whose own job shows its row', async () => {
    const docket = await listOf(many(2));
    const sweep = await docket.sweeps.begin(ANN, { kind: 'focus', messageId: docket.shown, key: 'V9' });
    const again = await docket.sweeps.begin(ANN, { kind: 'focus', messageId: docket.shown, key: 'V9' });
    await docket.clicks.change(ANN, ref(docket.shown), DONE, { sweepId: sweep.id });
    await docket.work();

    expect(again).toEqual(sweep);
    const results = await docket.sweeps.results(ANN, sweep.id);
    expect(results).toMatchObject({ sweep, actions: [{ taskId: '0', state: 'succeeded', sweepId: sweep.id }] });
    expect(docket.screen.changed).toEqual([]);
    expect(await docket.sweeps.results(BEN, sweep.id)).toBeUndefined();
  });

  test("never joins someone else's sweep", async () => {
    const docket = await listOf(many(1));
    const { id } = await docket.sweeps.begin(BEN, { kind: 'focus', messageId: docket.shown, key: 'V9' });
    const result = await docket.clicks.change(ANN, ref(docket.shown), DONE, { sweepId: id });

    expect(result).toMatchObject({ is: 'recorded' });
    expect('action' in result && result.action.sweepId).toBeUndefined();
  });
});

describe('undone as one', () => {
  test('before anything was sent, all of it is withdrawn', async () => {
    const docket = await listOf(many(4), { verbs: { done: FINAL } });
    const sweep = await swept(docket, { change: DONE });

    const none = { asked: 0, tooLate: 0, underway: 0, notDone: 0, overtaken: 0 };
    expect(await docket.sweeps.undoAll(ANN, sweep.id)).toEqual({ undone: 4, ...none });
    expect(await docket.sweeps.undoAll(ANN, sweep.id)).toEqual({ undone: 4, ...none });
    docket.pass(60_000);
    await untilOver(docket);

    expect(docket.sent()).toEqual([]);
    expect(await statesOf(docket, sweep)).toEqual(Array(4).fill('undone'));
    expect(docket.screen.sweeps.at(-1)?.states).toEqual(Array(4).fill('undone'));
    expect(docket.screen.calmly.at(-1)).toEqual({ tasks: ['0', '1', '2', '3'], now: true });
  });

  test('after the window it takes back what the tool can reverse, and says what it cannot', async () => {
    const [reversible, final, fixed, open] = many(4);
    if (!reversible || !final || !fixed || !open) throw new Error('four tasks');
    const docket = await listOf([reversible, { ...final, dueAt: undefined }, fixed, open]);
    const sweep = await swept(docket);
    await docket.work();
    docket.provider.trouble.push({ kind: 'invalid' });
    docket.pass(11_000);
    await untilOver(docket);
    await docket.change(DONE, 1, 3);

    expect(await statesOf(docket, sweep)).toEqual(['succeeded', 'failed', 'succeeded', 'succeeded']);
    const counts = { undone: 0, asked: 2, tooLate: 0, underway: 0, notDone: 1, overtaken: 1 };
    expect(await docket.sweeps.undoAll(ANN, sweep.id)).toEqual(counts);
    expect(await docket.sweeps.undoAll(ANN, sweep.id)).toEqual(counts);
    await untilOver(docket);

    expect(docket.provider.undone).toEqual(['snooze', 'snooze']);
    expect(await docket.sweeps.undoAll(ANN, sweep.id)).toEqual({ ...counts, undone: 2, asked: 0 });
  });

  test('what is on its way to the tool just then is left to another Undo; the rest is taken back', async () => {
    const docket = await listOf(many(3));
    const sweep = await swept(docket);
    const gate = Promise.withResolvers<void>();
    docket.provider.gate.perform = gate.promise;
    const [job] = await docket.deps.queue.claim(docket.deps.clock(), {
      limit: 1,
      leaseMs: 8_000,
      minPriority: SWEEP_PRIORITY,
    });
    if (!job) throw new Error('no job');
    const working = docket.run(job);
    await expect.poll(() => docket.sent().length).toBe(1);

    expect(await docket.sweeps.undoAll(ANN, sweep.id)).toMatchObject({ undone: 2, underway: 1 });
    gate.resolve();
    await working;
    expect(await docket.sweeps.undoAll(ANN, sweep.id)).toMatchObject({ undone: 2, asked: 1, underway: 0 });
    await untilOver(docket);

    expect(await statesOf(docket, sweep)).toEqual(['undone', 'undone', 'undone']);
    expect(docket.provider.effects).toHaveLength(1);
    expect(docket.provider.undone).toEqual(['snooze']);
  });

  test('what was sent and cannot be reversed is counted as too late, and stays', async () => {
    const docket = await listOf(many(2), { verbs: { done: FINAL }, undoWindowMs: 0 });
    const sweep = await swept(docket, { change: DONE });
    await untilOver(docket);
    const shown = docket.screen.sweeps.length;

    expect(await docket.sweeps.undoAll(ANN, sweep.id)).toMatchObject({ undone: 0, asked: 0, tooLate: 2 });
    await untilOver(docket);
    expect(docket.provider.effects).toHaveLength(2);
    expect(docket.screen.sweeps.length).toBe(shown + 1);
    expect(await docket.deps.store.sweeps.find(sweep.id)).toMatchObject({ undoAskedAt: docket.deps.clock() });
  });

  test("nobody undoes or retries someone else's", async () => {
    const docket = await listOf(many(2), { verbs: { done: FINAL } });
    const sweep = await swept(docket, { change: DONE });

    expect(await docket.sweeps.undoAll(BEN, sweep.id)).toBeUndefined();
    expect(await docket.sweeps.retryFailed(BEN, sweep.id)).toBeUndefined();
    expect(await docket.sweeps.undoAll(ANN, '99')).toBeUndefined();
    expect(await statesOf(docket, sweep)).toEqual(['queued', 'queued']);
  });
});

test('Retry sends what failed again, and nothing else; twice is once', async () => {
  const docket = await listOf(many(4));
  docket.provider.trouble.push({ kind: 'forbidden' }, { kind: 'invalid' });
  const sweep = await swept(docket);
  await untilOver(docket);
  expect((await statesOf(docket, sweep)).toSorted()).toEqual(['failed', 'failed', 'succeeded', 'succeeded']);

  const retried = await Promise.all([1, 2].map(() => docket.sweeps.retryFailed(ANN, sweep.id)));
  expect(retried.toSorted()).toEqual([0, 2]);
  await untilOver(docket);

  expect(docket.provider.effects).toHaveLength(4);
  expect(docket.screen.sweeps.at(-1)?.states).toEqual(Array(4).fill('succeeded'));
});

describe('its progress', () => {
  test('is shown when something changed, at most once a second, and less and less often while all of it waits', async () => {
    const docket = await listOf(many(3), { verbs: { snooze: REVERSIBLE } });
    const away = Array(200).fill({ kind: 'unavailable' } as const);
    docket.provider.readTrouble.push(...away);
    await swept(docket);
    const shownAt: number[] = [];
    let looks = 0;
    for (let second = 0; second < 600; second += 1) {
      const before = docket.screen.sweeps.length;
      const done = docket.done.length;
      await docket.work();
      looks += docket.done.slice(done).filter(({ kind }) => kind === 'sweep').length;
      if (docket.screen.sweeps.length > before) shownAt.push(second);
      expect(docket.screen.sweeps.length - before).toBeLessThanOrEqual(1);
      docket.pass(1_000);
    }

    // Posted, then told that they wait, one after the other; an attempt alone is no news.
    expect(shownAt.length).toBeGreaterThan(1);
    expect(shownAt.length).toBeLessThan(7);
    expect(looks).toBeGreaterThan(shownAt.length);
    expect(looks).toBeLessThan(40);
    docket.provider.readTrouble.length = 0;
    await untilOver(docket);
    expect(docket.screen.sweeps.at(-1)?.states).toEqual(Array(3).fill('succeeded'));
  });

  test('goes on after a restart, in the same message; nothing is lost and nothing happens twice', async () => {
    const docket = await listOf(many(6), { file: true });
    const sweep = await swept(docket);
    const jobs = await docket.deps.queue.claim(docket.deps.clock(), { limit: 4, leaseMs: 8_000 });
    for (const job of jobs.slice(0, 2)) await docket.run(job);
    await docket.restart();
    await docket.work();
    docket.pass(9_000);
    await untilOver(docket);

    expect(docket.provider.effects).toHaveLength(6);
    expect(await statesOf(docket, sweep)).toEqual(Array(6).fill('succeeded'));
    const { posted } = (await docket.deps.store.sweeps.find(sweep.id)) ?? {};
    expect(posted).toEqual({ channel: 'D1', ts: 'sweep 1' });
  });

  test('waits its turn while others use all the edits that there are, and ends only once it was shown', async () => {
    const docket = await listOf(many(4), { verbs: { done: FINAL } });
    const sweep = await swept(docket, { change: DONE });
    await docket.work();
    docket.pass(11_000);
    docket.screen.busy = 3;
    const began = docket.deps.clock();
    await untilOver(docket);

    expect(docket.screen.busy).toBe(0);
    // After pauses that grow.
    expect(docket.deps.clock() - began).toBeGreaterThan(10_000);
    expect(docket.screen.sweeps.at(-1)?.states).toEqual(Array(4).fill('succeeded'));
    expect(await statesOf(docket, sweep)).toEqual(Array(4).fill('succeeded'));
  });

  test('survives an outage of Slack', async () => {
    const docket = await listOf(many(2));
    docket.screen.postTrouble.push(...Array.from({ length: 3 }, () => new Error('Slack is away')));
    await swept(docket);
    await untilOver(docket);

    expect(docket.screen.postTrouble).toEqual([]);
    expect(docket.screen.sweeps.at(-1)?.states).toEqual(['succeeded', 'succeeded']);
  });

  test('of an earlier start ends when Undo or Retry starts it anew', async () => {
    const docket = await listOf(many(2), { verbs: { done: FINAL } });
    const sweep = await swept(docket, { change: DONE });
    await docket.work();
    const before = docket.screen.sweeps.length;
    await docket.sweeps.undoAll(ANN, sweep.id);
    docket.pass(60_000);
    await untilOver(docket);

    expect(docket.screen.sweeps.length).toBe(before + 1);
  });
});
