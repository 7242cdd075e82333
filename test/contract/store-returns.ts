/** What every store must do with snoozes: those that come back, and those that are still ahead. */
import { beforeEach, expect, it } from 'vitest';
import type { RepKey } from '../../src/core/model/keys.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { ActionWish } from '../builders.ts';
import { ANN, action, BEN, message, OTHER_ANN, rep, task } from '../store/fixtures.ts';

export function returnsContract(store: () => Store): void {
  beforeEach(async () => {
    for (const key of [ANN, BEN, OTHER_ANN]) await store().reps.save(rep(key));
  });

  async function recorded(of: RepKey, taskId: string, wish: ActionWish = {}) {
    const snooze: ActionWish = { verb: 'snooze', dueAt: 500, state: 'succeeded', settledAt: 60, ...wish };
    const written = await store().ledger.record(action(of, task(taskId), wish.seq ?? 1, snooze));
    if (!written) throw new Error('The seq was taken');
    return written;
  }

  async function coming(of: RepKey, taskId: string, dueAt: number) {
    const { teamId, userId } = of;
    const { id: actionId } = await recorded(of, taskId, { dueAt });
    await store().transact((tx) => store().returns.add({ teamId, userId, actionId, dueAt }, tx));
    return actionId;
  }

  it('finds what comes back to a rep between two moments, soonest first, with its action', async () => {
    const late = await coming(ANN, '1', 300);
    const early = await coming(ANN, '2', 200);
    await coming(ANN, '3', 100);
    await coming(ANN, '4', 301);
    await coming(BEN, '1', 200);
    await coming(OTHER_ANN, '1', 200);

    const due = await store().returns.due(ANN, { after: 100, until: 300 });

    expect(due).toStrictEqual([await store().ledger.find(early), await store().ledger.find(late)]);
  });

  it('is added once and taken once, and not at all if the transaction fails', async () => {
    const actionId = await coming(ANN, '1', 200);
    await store().transact((tx) => store().returns.add({ ...ANN, actionId, dueAt: 250 }, tx));
    const failing = store().transact(async (tx) => {
      expect(await store().returns.take(actionId, tx)).toBe(true);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');

    const taken = await Promise.all([1, 2].map(() => store().transact((tx) => store().returns.take(actionId, tx))));

    expect(taken).toEqual([true, false]);
    expect(await store().returns.due(ANN, { after: 0, until: 999 })).toEqual([]);
  });

  it('goes with its action', async () => {
    await coming(ANN, '1', 200);
    expect(await store().ledger.prune(2_000)).toBe(1);

    expect(await store().returns.due(ANN, { after: 0, until: 999 })).toEqual([]);
  });

  it('knows the snoozes of a rep that succeeded and are the last of their tasks', async () => {
    const plain = await recorded(ANN, '1');
    await recorded(ANN, '2');
    await recorded(ANN, '2', { seq: 2, verb: 'done' });
    await recorded(ANN, '3', { state: 'undone' });
    await recorded(ANN, '4', { verb: 'reschedule' });
    await recorded(ANN, '5', { verb: 'note', note: '{"verb":"snooze"}' });
    await recorded(ANN, '6', { verb: 'done' });
    const second = await recorded(ANN, '6', { seq: 2, dueAt: 900 });
    await recorded(BEN, '1');
    await recorded(OTHER_ANN, '1');

    const snoozes = await store().ledger.snoozes(ANN);

    expect(snoozes.sort((a, b) => a.seq - b.seq)).toStrictEqual([plain, second]);
  });

  it('stores a message in a transaction of the caller', async () => {
    const failing = store().transact(async (tx) => {
      await store().messages.create(message(ANN), [task('1')], tx);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');

    expect(await store().messages.newest(ANN, 'list')).toBeUndefined();
  });
}
