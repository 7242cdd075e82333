import { beforeEach, expect, it } from 'vitest';
import { retry } from '../../src/core/model/transitions.ts';
import { ANN, action, BEN, grant, link, rep, run, schedule, suggestion, task } from '../store/fixtures.ts';
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

  it('keeps nothing when it throws, and throws the same error', async () => {
    const { store, queue } = opened();
    const { links, people, connections, consents, ledger, schedules, runs } = store;
    await store.reps.save(rep(BEN));
    await links.save(link(ANN));
    await people.suggest(suggestion(BEN));
    await people.decline(BEN, 'gong', 1);
    await connections.save({ ...ANN, provider: 'outreach', grant: grant(), at: 1 });
    await consents.begin('hash', { ...ANN, provider: 'outreach', codeVerifier: 'v', expiresAt: 9 });
    await consents.take('hash', 5);
    const failed = await ledger.record(action(ANN, task('1'), 1, { state: 'failed', failure: 'auth' }));
    const held = await connections.find(ANN, 'outreach');
    if (!failed || !held) throw new Error('nothing was saved');

    const everything = async () => ({
      of: [await links.list('T1'), await people.declined('T1'), await people.problems('T1')],
      suggested: [await people.suggestions(ANN), await people.suggestions(BEN)],
      events: await people.events('T1', { limit: 9 }),
      connected: [await connections.find(ANN, 'outreach'), await connections.find(BEN, 'outreach')],
      consent: await consents.take('hash', 6),
      ledger: await ledger.history(ANN, { since: 0, limit: 9 }),
      digests: [await schedules.find(ANN), await runs.find(ANN, '2026-03-02')],
      jobs: await queue.open(),
    });
    const before = await everything();
    const failure = new Error('out of luck');
    const attempt = store.transact(async (tx) => {
      await links.markAnnounced(ANN, ['gong'], 5, tx);
      await links.save(link(BEN), tx);
      expect(await links.holders('T1', 'gong', link(BEN).externalId, tx)).toHaveLength(2);
      await links.remove(ANN, 'gong', tx);
      expect(await links.of(ANN, tx)).toEqual([]);
      await people.decline(ANN, 'gong', 1, tx);
      await people.undecline(BEN, 'gong', tx);
      await people.suggest(suggestion(ANN), tx);
      expect(await people.suggestions(ANN, tx)).toHaveLength(1);
      await people.dropSuggestion(BEN, 'gong', tx);
      await people.noteProblem({ ...BEN, provider: 'gong', reason: 'locked', name: 'Ben', email: undefined }, tx);
      const event = { event: 'linked', by: 'directory', externalId: '7', origin: 'address', at: 1 } as const;
      await people.record({ ...ANN, provider: 'gong', ...event }, tx);
      await connections.save({ ...BEN, provider: 'outreach', grant: grant(), at: 1 }, tx);
      expect(await connections.end(held, 'outreach', tx)).toBe(true);
      await connections.remove(ANN, 'outreach', tx);
      await consents.settle('hash', { is: 'denied' }, tx);
      await ledger.transition(failed.id, retry, tx);
      expect(await ledger.find(failed.id, tx)).toMatchObject({ state: 'queued' });
      expect(await ledger.failed({ teamId: 'T1', provider: 'gong' }, ['auth'], 0, tx)).toEqual([]);
      await ledger.record(action(ANN, task('2'), 1), tx);
      await schedules.save(schedule(ANN), tx);
      await runs.claim(run(ANN, '2026-03-02'), tx);
      await queue.enqueue(job, tx);
      throw failure;
    });

    await expect(attempt).rejects.toBe(failure);
    expect(await everything()).toStrictEqual(before);
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
