/** What a click does before it is acknowledged, and what a worker then does, on the real store and queue. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type ClickResult, createClicks, type RowRef } from '../../../src/core/clicks/record.ts';
import type { Change } from '../../../src/core/model/capabilities.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import { ANN, BEN, createDocket, DAY, type Docket, type DocketOptions, ref, why } from '../docket.ts';
import { FINAL, MONDAY_NINE, task } from '../provider.ts';

const DONE: Change = { verb: 'done' };
const TOMORROW: Change = { verb: 'snooze', dueAt: MONDAY_NINE + DAY };
const SENT = ['read 1', 'done 1 by ann at fake'];

let docket: Docket;
beforeEach(() => open());

async function open(options: DocketOptions = {}): Promise<void> {
  docket = await createDocket(options);
  await docket.show([task('1'), task('2')]);
}

describe('a click', () => {
  test('is recorded with its job, and later changes the task once, through the rep’s own link, and is settled', async () => {
    expect(why(await docket.change(DONE))).toBe('recorded');
    expect(await docket.latest()).toMatchObject({ change: DONE, state: 'queued', seq: 1 });
    expect(await docket.deps.queue.open()).toBe(1);
    expect(docket.provider.calls).toEqual([]);

    await docket.work();
    await docket.work();

    expect(docket.provider.calls).toEqual(SENT);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', reference: 'request 2', attempts: 1 });
    expect(docket.screen.changed).toMatchObject([{ ...ANN, taskId: '1' }]);
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('leaves neither row nor job when the other cannot be written', async () => {
    const { deps } = docket;
    const queue = { ...deps.queue, enqueue: async () => Promise.reject(new Error('disk full')) };

    const recording = createClicks({ ...deps, queue, undoWindowMs: 10_000 }).change(ANN, ref(docket.shown), DONE);

    await expect(recording).rejects.toThrow('disk full');
    expect(await docket.latest()).toBeUndefined();
    expect(await deps.queue.open()).toBe(0);
  });

  test('on an older list of the same task is refused, once the task was worked on', async () => {
    const older = docket.shown;
    await docket.show([task('1')]);
    await docket.act(TOMORROW);

    expect(why(await docket.clicks.change(ANN, ref(older), DONE))).toBe('overtaken');
    expect(why(await docket.change(DONE, 1))).toBe('recorded');
  });
});

describe.each<[string, (rep: RepKey, at: RowRef) => Promise<ClickResult>]>([
  ['a verb', (rep, at) => docket.clicks.change(rep, at, DONE)],
  ['Undo', (rep, at) => docket.clicks.undo(rep, at)],
  ['Retry', (rep, at) => docket.clicks.retry(rep, at)],
  ['another choice', (rep, at) => docket.clicks.drop(rep, at)],
])('%s is refused', (_name, attempt) => {
  test('on another rep’s row, and nothing is written', async () => {
    await docket.show([task('1')], BEN);
    await docket.clicks.change(BEN, ref(docket.shown), DONE);
    const before = [await docket.latest('1', BEN), await docket.deps.queue.open()];

    for (const seq of [0, 1]) expect(why(await attempt(ANN, ref(docket.shown, seq)))).toBe('not_yours');
    expect([await docket.latest('1', BEN), await docket.deps.queue.open()]).toEqual(before);
    expect(await docket.latest('1', ANN)).toBeUndefined();
  });

  test('by the same user id of another workspace, on a row that nobody made, and where there is no provider or no link', async () => {
    expect(why(await attempt({ ...ANN, teamId: 'T2' }, ref(docket.shown)))).toBe('not_yours');
    expect(why(await attempt(ANN, ref(docket.shown, 0, 2)))).toBe('unknown_row');
    expect(why(await attempt(ANN, ref('999999')))).toBe('unknown_row');
    await docket.deps.store.links.remove(ANN, 'fake');
    const refusal = { why: 'not_linked', provider: 'Fake' };
    expect(await attempt(ANN, ref(docket.shown))).toEqual({ is: 'refused', refusal });
    await docket.show([task('1', { provider: 'gone' })]);
    expect(why(await attempt(ANN, ref(docket.shown)))).toBe('not_linked');
  });
});

test('what no edit has shown yet is shown by a job of its own: a click that was withdrawn, and one that was put aside', async () => {
  await open({ verbs: { done: FINAL } });
  await docket.change(DONE);
  await docket.undo();
  docket.provider.readTrouble.push({ kind: 'forbidden' });
  await docket.act({ verb: 'dismiss' }, 0, 1);
  await docket.drop(1, 1);
  docket.screen.changed.length = 0;
  docket.pass(10_000);

  await docket.work();

  expect(docket.screen.changed.map(({ taskId }) => taskId).toSorted()).toEqual(['1', '2']);
});

describe('Undo', () => {
  test('of what the provider can reverse puts the task back as it was when it was changed', async () => {
    const now = task('1', { title: 'as it is now' });
    docket.holds(now);
    await docket.act(TOMORROW);

    const undos = [await docket.undo(), await docket.undo()];
    await docket.work();

    expect(undos.map(why)).toEqual(['recorded', 'repeated']);
    expect(docket.provider.calls.slice(2)).toEqual(['read 1', 'undo snooze 1 by ann at fake']);
    expect(docket.provider.open.get('ann at fake')).toEqual([now]);
    const undo = { how: 'reversed', reference: 'request 4', askedAt: MONDAY_NINE, doneAt: MONDAY_NINE };
    expect(await docket.latest()).toMatchObject({ state: 'undone', seq: 1, reference: 'request 2', undo });
    // The same again is another click.
    expect(why(await docket.change(TOMORROW, 1))).toBe('recorded');
  });

  test.each([
    ['closed', [], { state: 'stale', undoAsked: true }],
    ['moved', [task('1', { dueAt: MONDAY_NINE + 9 * DAY })], { undoFailure: { reason: 'conflict' } }],
    ['put back already', [task('1')], { state: 'undone' }],
  ])('of a moved date leaves a task alone that was %s at the provider since', async (_name, found, outcome) => {
    await docket.act(TOMORROW);
    docket.holds(...found);

    await docket.undo();
    await docket.work();

    expect(docket.provider.calls.at(-1)).toBe('read 1');
    expect(docket.provider.open.get('ann at fake')).toEqual(found);
    expect(await docket.latest()).toMatchObject(outcome);
  });

  test('of anything but the last action is refused, and so is that of nothing', async () => {
    expect(why(await docket.undo(0))).toBe('overtaken');
    await docket.act(TOMORROW);
    await docket.act(DONE, 1);
    const before = docket.provider.calls.length;

    const older = await docket.undo();
    await docket.work();

    expect(older).toMatchObject({ refusal: { why: 'overtaken', by: { change: DONE, seq: 2 } } });
    expect(docket.provider.calls).toHaveLength(before);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', seq: 2 });
  });

  test.each([
    ['too late, where it cannot be taken back', { done: FINAL }, 'too_late'],
    ['for later, where it can', {}, 'overtaken'],
  ] as const)('of what is under way and has gone out is %s', async (_name, verbs, refusal) => {
    await open({ verbs, undoWindowMs: 0 });
    docket.provider.trouble.push({ kind: 'unavailable', afterEffect: true });
    await docket.act(DONE);

    expect(await docket.latest()).toMatchObject({ state: 'queued', sentAt: MONDAY_NINE });
    // Without a window nothing is held back.
    expect(await docket.latest()).not.toHaveProperty('heldUntil');
    expect(why(await docket.undo())).toBe(refusal);
  });

  test('that the provider refuses leaves the action done, says why, and may be tried again', async () => {
    await docket.act(DONE);
    docket.provider.trouble.push({ kind: 'conflict' });
    await docket.undo();
    await docket.work();
    const refused = await docket.latest();
    await docket.undo();
    await docket.work();

    const undoFailure = { reason: 'conflict', reference: 'trace 1' };
    expect(refused).toMatchObject({ state: 'succeeded', undoFailure, reference: 'request 2' });
    expect(await docket.latest()).toMatchObject({ state: 'undone' });
  });
});

describe('what cannot be taken back', () => {
  const held = { verbs: { done: FINAL }, undoWindowMs: 10_000 };
  beforeEach(() => open(held));

  // contracts, rule 6: held back in the queue, over a restart too
  test('is held back for the undo window, over restarts too, and then sent once; from then on it is too late', async () => {
    await open({ ...held, file: true });
    await docket.change(DONE);
    await docket.change(DONE, 0, 1);
    await docket.restart();
    expect(why(await docket.undo(1, 1))).toBe('recorded');
    docket.pass(9_999);
    await docket.work();
    const early = [...docket.provider.calls];
    docket.pass(1);
    for (const later of [0, DAY]) {
      await docket.restart();
      docket.pass(later);
      await docket.work();
    }

    expect(early).toEqual([]);
    expect(await docket.undo()).toEqual({ is: 'refused', refusal: { why: 'too_late', provider: 'Fake' } });
    expect(docket.provider.calls).toEqual(SENT);
    expect(await docket.latest('1')).toMatchObject({ state: 'succeeded' });
    expect(await docket.latest('2')).toMatchObject({ state: 'undone' });
  });

  test('is never sent when it is undone while a worker already reads the task', async () => {
    await docket.change(DONE);
    docket.pass(10_000);
    const end = await docket.startSlowly('read');

    expect(why(await docket.undo())).toBe('recorded');
    await end();

    expect(docket.provider.calls).toEqual(['read 1']);
    expect(await docket.latest()).toMatchObject({ state: 'undone' });
  });
});

describe('a failed action', () => {
  beforeEach(async () => {
    docket.provider.trouble.push({ kind: 'invalid' });
    await docket.act(DONE);
  });

  test('keeps its reason and the reference of the exchange', async () => {
    expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'invalid', reference: 'trace 1' });
    expect(docket.screen.changed).toHaveLength(1);
  });

  test('is sent again by Retry, after the task was read again, as often as it fails', async () => {
    docket.provider.trouble.push({ kind: 'invalid' });
    const retries = [await docket.retry(), await docket.retry()];
    await docket.work();
    const again = await docket.latest();
    retries.push(await docket.retry());
    await docket.work();

    expect(retries.map(why)).toEqual(['recorded', 'repeated', 'recorded']);
    expect(again).toMatchObject({ state: 'failed', attempts: 2 });
    expect(docket.provider.calls).toEqual([...SENT, ...SENT, ...SENT]);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', seq: 1, attempts: 3 });
  });

  test('is not sent again when the task was closed meanwhile', async () => {
    docket.holds();
    await docket.retry();
    await docket.work();

    expect(docket.provider.calls.at(-1)).toBe('read 1');
    expect(await docket.latest()).toMatchObject({ state: 'stale' });
  });

  test('gives way to another choice; in another message the same press is news, and no repetition', async () => {
    expect(why(await docket.drop())).toBe('recorded');
    for (const pressed of [await docket.change(DONE), await docket.retry(), await docket.drop()])
      expect(why(pressed)).toBe('overtaken');
    await docket.act(TOMORROW, 1);

    expect(await docket.latest()).toMatchObject({ change: TOMORROW, state: 'succeeded', seq: 2 });
    expect(why(await docket.retry())).toBe('overtaken');
  });
});
