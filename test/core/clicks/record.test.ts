/** What a click does before it is acknowledged, and what a worker then does, on the real store and queue. */
import { describe, expect, test } from 'vitest';
import { type ClickResult, createClicks, type RowRef } from '../../../src/core/clicks/record.ts';
import type { Change } from '../../../src/core/model/capabilities.ts';
import type { RepKey } from '../../../src/core/model/keys.ts';
import { ANN, BEN, createDocket, DAY, type Docket, ref } from '../docket.ts';
import { FINAL, MONDAY_NINE, task } from '../provider.ts';

const DONE: Change = { verb: 'done' };
const TOMORROW: Change = { verb: 'snooze', dueAt: MONDAY_NINE + DAY };

function why(result: ClickResult): string {
  return result.is === 'refused' ? result.refusal.why : result.is;
}

describe('a click', () => {
  test('is recorded with its job, and asks the provider nothing', async () => {
    const { deps, clicks, provider, latest, show } = await createDocket();
    const shown = await show([task('1')]);

    const result = await clicks.change(ANN, ref(shown), TOMORROW);

    expect(why(result)).toBe('recorded');
    expect(await latest()).toMatchObject({ change: TOMORROW, state: 'queued', seq: 1 });
    expect(await deps.queue.open()).toBe(1);
    expect(provider.calls).toEqual([]);
  });

  test('changes the task once, through the rep’s own link, and is settled', async () => {
    const docket = await createDocket();
    const shown = await docket.show([task('1')]);

    await docket.clicks.change(ANN, ref(shown), DONE);
    await docket.work();
    await docket.work();

    expect(docket.provider.calls).toEqual(['read 1', 'done 1 by ann at fake']);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', reference: 'request 2', attempts: 1 });
    expect(docket.screen.changed).toMatchObject([{ ...ANN, taskId: '1' }]);
    expect(await docket.deps.queue.open()).toBe(0);
  });

  test('leaves neither row nor job when the other cannot be written', async () => {
    const { deps, latest, show } = await createDocket();
    const shown = await show([task('1')]);
    const full = {
      ...deps.queue,
      enqueue: async () => {
        throw new Error('disk full');
      },
    };

    const recording = createClicks({ ...deps, queue: full, undoWindowMs: 10_000 }).change(ANN, ref(shown), DONE);

    await expect(recording).rejects.toThrow('disk full');
    expect(await latest()).toBeUndefined();
    expect(await deps.queue.open()).toBe(0);
  });

  test('that comes twice is one action, one job and one effect', async () => {
    const docket = await createDocket();
    const shown = await docket.show([task('1')]);
    const click = () => docket.clicks.change(ANN, ref(shown), TOMORROW);

    const results = await Promise.all([click(), click(), click()]);
    await docket.work();
    const redelivered = await click();
    await docket.work();

    expect(results.map(why).sort()).toEqual(['recorded', 'repeated', 'repeated']);
    expect(why(redelivered)).toBe('repeated');
    expect(docket.provider.calls).toEqual(['read 1', 'snooze 1 by ann at fake']);
    expect(await docket.latest()).toMatchObject({ seq: 1 });
  });

  test.each([
    ['another verb', { verb: 'dismiss' }],
    ['another time', { verb: 'snooze', dueAt: MONDAY_NINE + 2 * DAY }],
  ] as const)(
    'of %s on the same version of the row is refused, and the rep hears what was first',
    async (_name, change) => {
      const { deps, clicks, latest, show } = await createDocket();
      const shown = await show([task('1')]);
      await clicks.change(ANN, ref(shown), TOMORROW);

      const second = await clicks.change(ANN, ref(shown), change);

      expect(second).toMatchObject({
        is: 'refused',
        refusal: { why: 'overtaken', by: { change: { verb: 'snooze' }, seq: 1 } },
      });
      expect(await latest()).toMatchObject({ change: TOMORROW });
      expect(await deps.queue.open()).toBe(1);
    },
  );

  test('on an older list of the same task is refused, once the task was worked on', async () => {
    const docket = await createDocket();
    const older = await docket.show([task('1')]);
    const newer = await docket.show([task('1')]);
    await docket.clicks.change(ANN, ref(newer), TOMORROW);
    await docket.work();

    expect(why(await docket.clicks.change(ANN, ref(older), DONE))).toBe('overtaken');
    expect(why(await docket.clicks.change(ANN, ref(newer, 1), DONE))).toBe('recorded');
  });

  test.each([1, 2, 99])('that names %i actions where there is none is refused', async (seq) => {
    const { clicks, latest, show } = await createDocket();
    const shown = await show([task('1')]);

    expect(why(await clicks.change(ANN, ref(shown, seq), DONE))).toBe('overtaken');
    expect(await latest()).toBeUndefined();
  });

  test('acts on the task of its own row', async () => {
    const docket = await createDocket();
    const shown = await docket.show([task('2'), task('1')]);

    await docket.clicks.change(ANN, ref(shown, 0, 1), DONE);
    await docket.work();

    expect(docket.provider.calls).toContain('done 1 by ann at fake');
    expect(docket.provider.open.get('ann at fake')?.map(({ id }) => id)).toEqual(['2']);
  });
});

describe('a click that may not be', () => {
  const attempts = [
    ['a verb', ({ clicks }, rep, at) => clicks.change(rep, at, DONE)],
    ['Undo', ({ clicks }, rep, at) => clicks.undo(rep, at)],
    ['Retry', ({ clicks }, rep, at) => clicks.retry(rep, at)],
    ['another choice', ({ clicks }, rep, at) => clicks.drop(rep, at)],
  ] as [string, (docket: Docket, rep: RepKey, at: RowRef) => Promise<ClickResult>][];

  test.each(attempts)('%s on another rep’s row: refused, and nothing is written', async (_name, attempt) => {
    const docket = await createDocket();
    const shown = await docket.show([task('1')], BEN);
    await docket.clicks.change(BEN, ref(shown), DONE);
    const before = [await docket.latest('1', BEN), await docket.deps.queue.open()];

    const results = [await attempt(docket, ANN, ref(shown)), await attempt(docket, ANN, ref(shown, 1))];

    expect(results.map(why)).toEqual(['not_yours', 'not_yours']);
    expect([await docket.latest('1', BEN), await docket.deps.queue.open()]).toEqual(before);
    expect(await docket.latest('1', ANN)).toBeUndefined();
  });

  test.each(attempts)('%s by the same user id of another workspace: refused', async (_name, attempt) => {
    const docket = await createDocket();
    const { show } = docket;
    const shown = await show([task('1')]);

    expect(why(await attempt(docket, { ...ANN, teamId: 'T2' }, ref(shown)))).toBe('not_yours');
  });

  test.each(attempts)('%s on a row that nobody made: refused', async (_name, attempt) => {
    const docket = await createDocket();
    const { show } = docket;
    const shown = await show([task('1')]);

    expect(why(await attempt(docket, ANN, ref(shown, 0, 1)))).toBe('unknown_row');
    expect(why(await attempt(docket, ANN, ref('999999', 0, 0)))).toBe('unknown_row');
  });

  test.each(attempts)('%s without a link: refused', async (_name, attempt) => {
    const docket = await createDocket();
    const { deps, show } = docket;
    const shown = await show([task('1')]);
    await deps.store.links.remove(ANN, 'fake');

    expect(await attempt(docket, ANN, ref(shown))).toMatchObject({ refusal: { why: 'not_linked', provider: 'Fake' } });
  });

  test.each(attempts)('%s for a provider that is not set up: refused', async (_name, attempt) => {
    const docket = await createDocket();
    const { show } = docket;
    const shown = await show([task('1', { provider: 'gone' })]);

    expect(why(await attempt(docket, ANN, ref(shown)))).toBe('not_linked');
  });

  test('a verb that the provider lacks: refused', async () => {
    const { clicks, provider, show, latest } = await createDocket();
    delete provider.allowed.verbs.dismiss;
    const shown = await show([task('1')]);

    const result = await clicks.change(ANN, ref(shown), { verb: 'dismiss' });

    expect(result).toMatchObject({ refusal: { why: 'unsupported', verb: 'dismiss', provider: 'Fake' } });
    expect(await latest()).toBeUndefined();
  });
});

describe('what no edit has shown yet', () => {
  test('is shown by a job of its own: a click that was withdrawn, and one that was put aside', async () => {
    const docket = await createDocket({ verbs: { done: FINAL } });
    const shown = await docket.show([task('1'), task('2')]);
    await docket.clicks.change(ANN, ref(shown), DONE);
    await docket.clicks.undo(ANN, ref(shown, 1));
    docket.provider.readTrouble.push({ kind: 'forbidden' });
    await docket.clicks.change(ANN, ref(shown, 0, 1), { verb: 'dismiss' });
    await docket.work();
    await docket.clicks.drop(ANN, ref(shown, 1, 1));
    docket.screen.changed.length = 0;
    docket.pass(10_000);

    await docket.work();

    expect(docket.screen.changed.map(({ taskId }) => taskId).toSorted()).toEqual(['1', '2']);
  });
});

describe('an action that was put aside in one message', () => {
  test('is news in another: the same press there is no repetition, and is told', async () => {
    const docket = await createDocket();
    const shown = await docket.show([task('1')]);
    docket.provider.readTrouble.push({ kind: 'forbidden' });
    await docket.clicks.change(ANN, ref(shown), DONE);
    await docket.work();
    await docket.clicks.drop(ANN, ref(shown, 1));

    const pressed = [
      await docket.clicks.change(ANN, ref(shown), DONE),
      await docket.clicks.retry(ANN, ref(shown, 1)),
      await docket.clicks.drop(ANN, ref(shown, 1)),
    ];

    expect(pressed.map(why)).toEqual(['overtaken', 'overtaken', 'overtaken']);
  });
});

describe('Undo', () => {
  test('of what the provider can reverse puts the task back as it was when it was changed', async () => {
    const docket = await createDocket();
    const shown = await docket.show([task('1', { title: 'as first listed' })]);
    docket.provider.open.set('ann at fake', [task('1', { title: 'as it is now' })]);
    await docket.clicks.change(ANN, ref(shown), TOMORROW);
    await docket.work();

    const undo = await docket.clicks.undo(ANN, ref(shown, 1));
    const again = await docket.clicks.undo(ANN, ref(shown, 1));
    await docket.work();

    expect([undo, again].map(why)).toEqual(['recorded', 'repeated']);
    expect(docket.provider.calls.slice(2)).toEqual(['read 1', 'undo snooze 1 by ann at fake']);
    expect(docket.provider.open.get('ann at fake')).toEqual([task('1', { title: 'as it is now' })]);
    expect(await docket.latest()).toMatchObject({
      state: 'undone',
      seq: 1,
      reference: 'request 2',
      undo: { how: 'reversed', reference: 'request 4', askedAt: MONDAY_NINE, doneAt: MONDAY_NINE },
    });
  });

  test.each([
    ['closed', [], { state: 'stale', undoAsked: true }],
    [
      'moved',
      [task('1', { dueAt: MONDAY_NINE + 9 * DAY })],
      { state: 'succeeded', undoFailure: { reason: 'conflict' } },
    ],
    ['put back already', [task('1')], { state: 'undone' }],
  ] as const)(
    'of a moved date leaves a task alone that was %s at the provider since',
    async (_name, found, outcome) => {
      const docket = await createDocket();
      const shown = await docket.show([task('1')]);
      await docket.clicks.change(ANN, ref(shown), TOMORROW);
      await docket.work();
      docket.provider.open.set('ann at fake', [...found]);

      await docket.clicks.undo(ANN, ref(shown, 1));
      await docket.work();

      expect(docket.provider.calls.at(-1)).toBe('read 1');
      expect(docket.provider.open.get('ann at fake')).toEqual(found);
      expect(await docket.latest()).toMatchObject(outcome);
    },
  );

  test('leaves the row ready for another verb', async () => {
    const docket = await createDocket();
    const shown = await docket.show([task('1')]);
    await docket.clicks.change(ANN, ref(shown), DONE);
    await docket.work();
    await docket.clicks.undo(ANN, ref(shown, 1));
    await docket.work();

    const next = await docket.clicks.change(ANN, ref(shown, 1), DONE);
    await docket.work();

    expect(why(next)).toBe('recorded');
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', seq: 2 });
    expect(docket.provider.calls.filter((call) => call.startsWith('done'))).toHaveLength(2);
  });

  test('of anything but the last action is refused', async () => {
    const docket = await createDocket();
    const shown = await docket.show([task('1')]);
    await docket.clicks.change(ANN, ref(shown), TOMORROW);
    await docket.work();
    await docket.clicks.change(ANN, ref(shown, 1), DONE);
    await docket.work();
    const before = docket.provider.calls.length;

    const older = await docket.clicks.undo(ANN, ref(shown, 1));
    await docket.work();

    expect(older).toMatchObject({ refusal: { why: 'overtaken', by: { change: { verb: 'done' }, seq: 2 } } });
    expect(docket.provider.calls).toHaveLength(before);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', seq: 2 });
  });

  test('of nothing is refused', async () => {
    const { clicks, show } = await createDocket();
    const shown = await show([task('1')]);

    expect(why(await clicks.undo(ANN, ref(shown)))).toBe('overtaken');
  });

  test.each([
    ['too late, where it cannot be taken back', { done: FINAL }, 'too_late'],
    ['for later, where it can', {}, 'overtaken'],
  ] as const)('of what is under way and has gone out is %s', async (_name, verbs, refusal) => {
    const docket = await createDocket({ verbs, undoWindowMs: 0 });
    const shown = await docket.show([task('1')]);
    await docket.clicks.change(ANN, ref(shown), DONE);
    docket.provider.trouble.push({ kind: 'unavailable', afterEffect: true });
    await docket.work();

    expect(await docket.latest()).toMatchObject({ state: 'queued', sentAt: MONDAY_NINE });
    expect(why(await docket.clicks.undo(ANN, ref(shown, 1)))).toBe(refusal);
  });

  test('that the provider refuses leaves the action done, says why, and may be tried again', async () => {
    const docket = await createDocket();
    const shown = await docket.show([task('1')]);
    await docket.clicks.change(ANN, ref(shown), DONE);
    await docket.work();
    docket.provider.trouble.push({ kind: 'conflict' });

    await docket.clicks.undo(ANN, ref(shown, 1));
    await docket.work();
    const refused = await docket.latest();
    await docket.clicks.undo(ANN, ref(shown, 1));
    await docket.work();

    expect(refused).toMatchObject({
      state: 'succeeded',
      undoFailure: { reason: 'conflict', reference: 'trace 1' },
      reference: 'request 2',
    });
    expect(await docket.latest()).toMatchObject({ state: 'undone' });
  });

  test('without the link says so and asks nobody', async () => {
    const docket = await createDocket();
    const shown = await docket.show([task('1')]);
    await docket.clicks.change(ANN, ref(shown), DONE);
    await docket.work();
    await docket.clicks.undo(ANN, ref(shown, 1));
    await docket.deps.store.links.remove(ANN, 'fake');
    const before = docket.provider.calls.length;

    await docket.work();

    expect(await docket.latest()).toMatchObject({ state: 'succeeded', undoFailure: { reason: 'not_linked' } });
    expect(docket.provider.calls).toHaveLength(before);
  });
});

describe('what cannot be taken back', () => {
  const held = { verbs: { done: FINAL }, undoWindowMs: 10_000 };

  test('is held back for the undo window, and then sent once', async () => {
    const docket = await createDocket(held);
    const shown = await docket.show([task('1')]);

    await docket.clicks.change(ANN, ref(shown), DONE);
    docket.pass(9_999);
    await docket.work();
    const before = [...docket.provider.calls];
    docket.pass(1);
    await docket.work();
    await docket.work();

    expect(before).toEqual([]);
    expect(docket.provider.calls).toEqual(['read 1', 'done 1 by ann at fake']);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  });

  test('is never sent when it is undone in time', async () => {
    const docket = await createDocket(held);
    const shown = await docket.show([task('1')]);
    await docket.clicks.change(ANN, ref(shown), DONE);
    docket.pass(9_999);

    const undo = await docket.clicks.undo(ANN, ref(shown, 1));
    docket.pass(DAY);
    await docket.work();

    expect(why(undo)).toBe('recorded');
    // Only the showing of it is left to do.
    expect(docket.done.map(({ kind }) => kind)).toEqual(['show']);
    expect(docket.provider.calls).toEqual([]);
    expect(await docket.latest()).toMatchObject({ state: 'undone', sentAt: undefined });
  });

  test('is never sent when it is undone while a worker already reads the task', async () => {
    const docket = await createDocket(held);
    const shown = await docket.show([task('1')]);
    await docket.clicks.change(ANN, ref(shown), DONE);
    docket.pass(10_000);
    const reading = Promise.withResolvers<void>();
    docket.provider.gate.read = reading.promise;
    const working = docket.work();
    await expect.poll(() => docket.provider.calls).toEqual(['read 1']);

    const undo = await docket.clicks.undo(ANN, ref(shown, 1));
    reading.resolve();
    await working;

    expect(why(undo)).toBe('recorded');
    expect(docket.provider.calls).toEqual(['read 1']);
    expect(await docket.latest()).toMatchObject({ state: 'undone' });
  });

  test('once sent, says that it is too late', async () => {
    const docket = await createDocket(held);
    const shown = await docket.show([task('1')]);
    await docket.clicks.change(ANN, ref(shown), DONE);
    docket.pass(10_000);
    await docket.work();

    const undo = await docket.clicks.undo(ANN, ref(shown, 1));
    await docket.work();

    expect(undo).toEqual({ is: 'refused', refusal: { why: 'too_late', provider: 'Fake' } });
    expect(docket.provider.calls).toEqual(['read 1', 'done 1 by ann at fake']);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded' });
  });

  test('is sent at once without an undo window, and cannot be undone', async () => {
    const docket = await createDocket({ ...held, undoWindowMs: 0 });
    const shown = await docket.show([task('1')]);

    await docket.clicks.change(ANN, ref(shown), DONE);
    await docket.work();

    expect(docket.provider.calls).toEqual(['read 1', 'done 1 by ann at fake']);
    expect(await docket.latest()).not.toHaveProperty('heldUntil');
    expect(why(await docket.clicks.undo(ANN, ref(shown, 1)))).toBe('too_late');
  });

  test('holds back only the verbs that need it', async () => {
    const docket = await createDocket(held);
    const shown = await docket.show([task('1')]);

    await docket.clicks.change(ANN, ref(shown), TOMORROW);
    await docket.work();

    expect(docket.provider.calls).toEqual(['read 1', 'snooze 1 by ann at fake']);
  });

  // contracts, rule 6: held back in the queue, over a restart too
  test('survives a restart in between: neither lost nor sent twice', async () => {
    const docket = await createDocket({ ...held, file: true });
    const shown = await docket.show([task('1'), task('2')]);
    await docket.clicks.change(ANN, ref(shown), DONE);
    await docket.clicks.change(ANN, ref(shown, 0, 1), DONE);

    await docket.restart();
    const undo = await docket.clicks.undo(ANN, ref(shown, 1, 1));
    await docket.work();
    const early = [...docket.provider.calls];
    docket.pass(10_000);
    await docket.restart();
    await docket.work();
    await docket.restart();
    docket.pass(DAY);
    await docket.work();

    expect(why(undo)).toBe('recorded');
    expect(early).toEqual([]);
    expect(docket.provider.calls).toEqual(['read 1', 'done 1 by ann at fake']);
    expect(await docket.latest('1')).toMatchObject({ state: 'succeeded' });
    expect(await docket.latest('2')).toMatchObject({ state: 'undone' });
  });
});

describe('a failed action', () => {
  async function failedDone() {
    const docket = await createDocket();
    const shown = await docket.show([task('1')]);
    docket.provider.trouble.push({ kind: 'invalid' });
    await docket.clicks.change(ANN, ref(shown), DONE);
    await docket.work();
    return { docket, at: ref(shown, 1) };
  }

  test('keeps its reason and the reference of the exchange', async () => {
    const { docket } = await failedDone();

    expect(await docket.latest()).toMatchObject({ state: 'failed', failure: 'invalid', reference: 'trace 1' });
    expect(docket.screen.changed).toHaveLength(1);
  });

  test('is sent again by Retry, after the task was read again', async () => {
    const { docket, at } = await failedDone();

    const retry = await docket.clicks.retry(ANN, at);
    const twice = await docket.clicks.retry(ANN, at);
    await docket.work();

    expect([retry, twice].map(why)).toEqual(['recorded', 'repeated']);
    const attempt = ['read 1', 'done 1 by ann at fake'];
    expect(docket.provider.calls).toEqual([...attempt, ...attempt]);
    expect(await docket.latest()).toMatchObject({ state: 'succeeded', seq: 1, attempts: 2 });
  });

  test('may be sent again as often as it fails', async () => {
    const { docket, at } = await failedDone();
    for (let round = 0; round < 3; round += 1) {
      docket.provider.trouble.push({ kind: 'invalid' });
      expect(why(await docket.clicks.retry(ANN, at))).toBe('recorded');
      await docket.work();
    }

    expect(await docket.latest()).toMatchObject({ state: 'failed', attempts: 4 });
  });

  test('is not sent again when the task was closed meanwhile', async () => {
    const { docket, at } = await failedDone();
    docket.provider.open.set('ann at fake', []);

    await docket.clicks.retry(ANN, at);
    await docket.work();

    expect(docket.provider.calls.at(-1)).toBe('read 1');
    expect(await docket.latest()).toMatchObject({ state: 'stale' });
  });

  test('gives way to another choice', async () => {
    const { docket, at } = await failedDone();

    const drop = await docket.clicks.drop(ANN, at);
    const next = await docket.clicks.change(ANN, at, TOMORROW);
    await docket.work();

    expect([drop, next].map(why)).toEqual(['recorded', 'recorded']);
    expect(await docket.latest()).toMatchObject({ change: { verb: 'snooze' }, state: 'succeeded', seq: 2 });
    expect(why(await docket.clicks.retry(ANN, at))).toBe('overtaken');
  });
});
