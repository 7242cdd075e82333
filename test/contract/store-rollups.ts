/** What every store must do with weekly roll-ups, who is in them, and what their rows count. */
import { beforeEach, expect, it } from 'vitest';
import type { RepKey } from '../../src/core/model/keys.ts';
import type { Rollup } from '../../src/core/model/rollup.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, action, BEN, message, OTHER_ANN, rep, run, task } from '../store/fixtures.ts';

type NewRollup = Omit<Rollup, 'id' | 'lastSentAt'>;

function rollup(more: Partial<NewRollup> = {}): NewRollup {
  const choice = { about: { userIds: ['UANN'], groups: ['S0TEAM'] }, to: 'C1', day: 5, time: '16:00', zone: 'UTC' };
  return { ...choice, teamId: 'T1', by: 'UADA', nextDueAt: 100, ...more };
}

export function rollupsContract(store: () => Store): void {
  beforeEach(async () => {
    for (const key of [ANN, BEN, OTHER_ANN]) await store().reps.save(rep(key));
  });

  const make = (more: Partial<NewRollup> = {}) => store().rollups.create(rollup(more));
  const enlist = (of: Rollup, ...userIds: string[]) =>
    store().transact((tx) => store().rollups.setMembers(of, userIds, tx));

  it('gives back what was set up, in its own workspace alone', async () => {
    const made = await make();

    expect(made).toStrictEqual({ ...rollup(), id: made.id, lastSentAt: undefined });
    expect(await store().rollups.find('T1', made.id)).toStrictEqual(made);
    expect(await store().rollups.find('T2', made.id)).toBeUndefined();
    expect(await store().rollups.find('T1', 'no id')).toBeUndefined();
  });

  it('lists those of a workspace with how many are in each', async () => {
    const [one, two] = [await make(), await make({ to: 'UADA' })];
    await make({ teamId: 'T2' });
    await enlist(one, 'UANN', 'UBEN');

    expect(await store().rollups.list('T1')).toStrictEqual([
      { ...one, members: 2 },
      { ...two, members: 0 },
    ]);
  });

  it('knows which a rep is in, and who is new when its members are replaced', async () => {
    const [one, two] = [await make(), await make()];
    expect(await enlist(one, 'UBEN', 'UANN', 'UBEN')).toEqual(['UBEN', 'UANN']);
    expect(await enlist(one, 'UANN')).toEqual([]);
    expect(await enlist(one, 'UANN', 'UBEN')).toEqual(['UBEN']);
    await enlist(two, 'UANN');

    expect(await store().rollups.of(ANN)).toStrictEqual([one, two]);
    expect(await store().rollups.of(BEN)).toStrictEqual([one]);
    expect(await store().rollups.of(OTHER_ANN)).toEqual([]);
    expect(await store().rollups.members(one)).toEqual(['UANN', 'UBEN']);
    expect(await store().rollups.members({ ...one, teamId: 'T2' })).toEqual([]);
  });

  it('changes one, and begins anew with its members where another one reads it', async () => {
    const made = await make();
    await enlist(made, 'UANN');

    expect(await store().rollups.change({ ...made, day: 1, time: '08:00' })).toBe(true);
    expect(await store().rollups.find('T1', made.id)).toStrictEqual({ ...made, day: 1, time: '08:00' });
    expect(await store().rollups.members(made)).toEqual(['UANN']);
    await store().rollups.change({ ...made, to: 'UBOSS' });
    expect(await store().rollups.members(made)).toEqual([]);
    expect(await store().rollups.change({ ...made, teamId: 'T2' })).toBe(false);
  });

  it('ends one with its members, and nobody is put on it afterwards', async () => {
    const made = await make();
    await enlist(made, 'UANN');

    expect(await store().rollups.remove('T2', made.id)).toBe(false);
    expect(await store().rollups.remove('T1', made.id)).toBe(true);
    expect(await store().rollups.remove('T1', made.id)).toBe(false);
    expect(await store().rollups.of(ANN)).toEqual([]);
    expect(await enlist(made, 'UANN')).toEqual([]);
    expect((await make()).id).not.toBe(made.id);
  });

  it('finds those that are due, and the next time; each time is taken once', async () => {
    const [late, soon] = [await make({ nextDueAt: 200 }), await make({ nextDueAt: 100 })];
    await make({ nextDueAt: 301 });
    expect(await store().rollups.due(300)).toStrictEqual([soon, late]);
    expect(await store().rollups.nextAfter(200)).toBe(301);
    expect(await store().rollups.nextAfter(301)).toBeUndefined();
    const take = () => store().transact((tx) => store().rollups.advance(soon, { from: 100, to: 400 }, tx));

    expect([await take(), await take()]).toEqual([true, false]);

    await store().transact((tx) => store().rollups.markSent(soon, 150, tx));
    expect(await store().rollups.find('T1', soon.id)).toMatchObject({ nextDueAt: 400, lastSentAt: 150 });
    expect((await store().rollups.find('T1', late.id))?.lastSentAt).toBeUndefined();
  });

  it('counts what digests held, and mornings with nothing open, from a date on', async () => {
    const { id } = await store().messages.create(message(ANN), []);
    const posted = async (key: RepKey, date: string, more = {}) => {
      await store().runs.claim(run(key, date));
      await store().runs.markPosted(key, date, { messageId: id, at: 1, ...more });
    };
    await posted(ANN, '2026-11-19', { rows: 9 });
    await posted(ANN, '2026-11-20', { rows: 7, overdue: { tasks: 3, days: 2 }, unanswered: ['gong'] });
    // As older versions noted them.
    await posted(ANN, '2026-11-23', { rows: 4 });
    await posted(ANN, '2026-11-24');
    await posted(OTHER_ANN, '2026-11-23', { rows: 1 });
    for (const date of ['2026-11-20', '2026-11-23']) await store().runs.claim(run(BEN, date));
    await store().runs.markSkipped(BEN, '2026-11-20', { why: 'nothing_open' });
    await store().runs.markSkipped(BEN, '2026-11-23', { why: 'paused' });

    const counted = await store().runs.counted('T1', ['UANN', 'UBEN', 'UNONE'], '2026-11-20');

    expect(counted).toEqual([
      { userId: 'UANN', localDate: '2026-11-20', open: 7, overdue: { tasks: 3, days: 2 }, unanswered: ['gong'] },
      { userId: 'UANN', localDate: '2026-11-23', open: 4 },
      { userId: 'UBEN', localDate: '2026-11-20', open: 0, overdue: { tasks: 0, days: 0 } },
    ]);
    expect(await store().runs.counted('T1', [], '2026-11-20')).toEqual([]);
    expect(await store().runs.find(ANN, '2026-11-20')).toMatchObject({ overdue: { tasks: 3, days: 2 } });
  });

  it('counts the tasks that each settled since a moment, and no edits, nor what was taken back', async () => {
    const did = (of: RepKey, id: string, seq: number, more: Parameters<typeof action>[3]) =>
      store().ledger.record(action(of, task(id), seq, { state: 'succeeded', settledAt: 60, createdAt: 50, ...more }));
    await did(ANN, '1', 1, { verb: 'done' });
    await did(ANN, '2', 1, { verb: 'dismiss' });
    await did(ANN, '3', 1, { verb: 'snooze', dueAt: 90 });
    await did(ANN, '3', 2, { verb: 'reschedule', dueAt: 95 });
    await did(ANN, '4', 1, { verb: 'snooze', dueAt: 90 });
    await did(ANN, '5', 1, { verb: 'note', note: '{"verb":"done"}' });
    await did(ANN, '6', 1, { verb: 'done', state: 'undone' });
    await did(ANN, '7', 1, { verb: 'done', state: 'failed' });
    await did(ANN, '8', 1, { verb: 'done', createdAt: 49 });
    await did(BEN, '1', 1, { verb: 'done' });
    await did(OTHER_ANN, '1', 1, { verb: 'done' });

    const settled = await store().ledger.settledBy('T1', ['UANN', 'UNONE'], 50);

    expect([...settled]).toEqual([['UANN', { done: 1, dismissed: 1, moved: 2 }]]);
    expect((await store().ledger.settledBy('T1', [], 50)).size).toBe(0);
  });
}
