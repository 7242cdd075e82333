import { beforeEach, expect, it } from 'vitest';
import { ANN, action, rep, run, schedule, task } from '../store/fixtures.ts';
import type { OpenStore } from './store.ts';

export function transactContract(opened: () => OpenStore): void {
  const job = { key: 'perform:1', payload: { kind: 'link', teamId: 'T1' }, priority: 1, runAt: 0 } as const;
  beforeEach(() => opened().store.reps.save(rep(ANN)));

  it('keeps an action and its job together', async () => {
    const { store, queue } = opened();
    const kept = await store.transact(async (tx) => {
      const recorded = await store.ledger.record(action(ANN, task('1'), 1), tx);
      await queue.enqueue(job, tx);
      return recorded;
    });

    expect(kept).toBeDefined();
    expect(await store.ledger.latest({ ...ANN, provider: 'gong', taskId: '1' })).toEqual(kept);
    expect(await queue.open()).toBe(1);
  });

  it('keeps neither when it throws, and throws the same error', async () => {
    const { store, queue } = opened();
    const failure = new Error('out of luck');
    const attempt = store.transact(async (tx) => {
      const recorded = await store.ledger.record(action(ANN, task('1'), 1), tx);
      await queue.enqueue(job, tx);
      await store.schedules.save(schedule(ANN), tx);
      await store.runs.claim(run(ANN, '2026-03-02'), tx);
      expect(await store.ledger.find(recorded?.id ?? '', tx)).toBeDefined();
      throw failure;
    });

    await expect(attempt).rejects.toBe(failure);
    expect(await store.ledger.latest({ ...ANN, provider: 'gong', taskId: '1' })).toBeUndefined();
    expect(await store.schedules.find(ANN)).toBeUndefined();
    expect(await store.runs.find(ANN, '2026-03-02')).toBeUndefined();
    expect(await queue.open()).toBe(0);
    expect(await queue.enqueue(job)).toBe(true);
  });

  it('keeps the rest of a transaction in which an insert found its key taken', async () => {
    const { store, queue } = opened();
    await store.ledger.record(action(ANN, task('1'), 1));
    await store.transact(async (tx) => {
      expect(await store.ledger.record(action(ANN, task('1'), 1), tx)).toBeUndefined();
      await queue.enqueue(job, tx);
    });
    expect(await queue.open()).toBe(1);
  });
}
