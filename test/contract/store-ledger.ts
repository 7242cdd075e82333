import { beforeEach, describe, expect, it } from 'vitest';
import type { NewAction } from '../../src/core/model/action.ts';
import { drop, fail, send, succeed } from '../../src/core/model/transitions.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { ActionWish } from '../builders.ts';
import { ANN, action, BEN, OTHER_ANN, rep, task } from '../store/fixtures.ts';
import { historyContract } from './store-history.ts';

const KEY = { ...ANN, provider: 'gong', taskId: '1' };

export function ledgerContract(store: () => Store): void {
  describe('history', () => historyContract(store));

  beforeEach(async () => {
    await store().reps.save(rep(ANN));
    await store().reps.save(rep(OTHER_ANN));
  });

  async function recorded(wish: ActionWish = {}) {
    const written = await store().ledger.record(action(ANN, task('1'), wish.seq ?? 1, wish));
    if (!written) throw new Error('The seq was taken');
    return written;
  }

  const odd = '\u202e "Spoke" 🚀 \ud800';
  const changes: ActionWish[] = [
    { verb: 'done', ending: 'replied', note: odd },
    { verb: 'dismiss' },
    { verb: 'snooze', dueAt: 10 },
    { verb: 'note', note: '' },
    { verb: 'reassign', to: { externalId: '7', name: odd } },
    { verb: 'rule', rule: 'none' },
  ];
  const lives: ActionWish[] = [
    { state: 'queued' },
    { state: 'queued', heldUntil: 20, waiting: { reason: 'unavailable', until: 70 } },
    { state: 'succeeded', settledAt: 60 },
    { state: 'succeeded', settledAt: 60, undoFailure: 'conflict', undoReference: odd },
    { state: 'failed', settledAt: 60, failure: 'rate_limited' },
    { state: 'dropped', settledAt: 60, failure: 'invalid' },
    { state: 'stale', settledAt: 60, found: { how: 'done', at: 5 } },
    { state: 'stale', settledAt: 60, found: { how: 'done' }, undoAsked: true },
    { state: 'stale', settledAt: 60, found: { how: 'gone' } },
    { state: 'stale', settledAt: 60, found: { how: 'moved', dueAt: 5 } },
    { state: 'undoing', settledAt: 60, waiting: { reason: 'away', until: 70 } },
    { state: 'undone', settledAt: 60, undo: { how: 'withdrawn', askedAt: 80, doneAt: 90, reference: odd } },
  ];

  it.each([...changes, ...lives])('gives back what was recorded, every field: %j', async (wish) => {
    const of = task('1', { dueAt: undefined, contact: { name: 'Dana', title: odd } });
    const full = action(ANN, of, 1, { sentAt: 30, attempts: 4, reference: 'request 5', ...wish });
    const written = await store().ledger.record(full);

    expect(written).toStrictEqual({ ...full, id: written?.id });
    expect(await store().ledger.find(written?.id ?? '')).toStrictEqual(written);
    expect(await store().ledger.latest(KEY)).toStrictEqual(written);
  });

  it('lets one of many clicks at once take a number of a task', async () => {
    const clicks = Array.from({ length: 20 }, () => store().ledger.record(action(ANN, task('1'), 1)));
    const won = (await Promise.all(clicks)).filter((each) => each !== undefined);
    expect(won).toHaveLength(1);
    expect(await store().ledger.record(action(ANN, task('1'), 1, { verb: 'dismiss' }))).toBeUndefined();
    expect(await store().ledger.latest(KEY)).toEqual(won[0]);

    const sameElsewhere = [
      action(OTHER_ANN, task('1'), 1),
      action(ANN, task('2'), 1),
      action(ANN, task('1', { provider: 'reply' }), 1),
    ];
    for (const other of sameElsewhere) expect(await store().ledger.record(other)).toBeDefined();
  });

  it('knows the latest action of a task, and the one before any', async () => {
    expect(await store().ledger.latest(KEY)).toBeUndefined();
    const first = await recorded({ seq: 2 });
    const last = await recorded({ seq: 10 });
    await recorded({ seq: 9 });
    expect((await store().ledger.latest(KEY))?.seq).toBe(10);
    expect((await store().ledger.before(last))?.seq).toBe(9);
    expect(await store().ledger.before(first)).toBeUndefined();
  });

  it('writes the next value of an action, whole: nothing of the old state stays', async () => {
    const { id } = await recorded({ heldUntil: 5, waiting: { reason: 'away', until: 9 } });
    const read = task('1', { title: 'As read' });
    await store().ledger.transition(id, (now) => send(now, { task: read, externalId: '2' }, 7));
    const failed = await store().ledger.transition(id, (now) => fail(now, 'forbidden', 9, { reference: 'r' }));

    const life = { state: 'failed', failure: 'forbidden', attempts: 1, settledAt: 9, reference: 'r' } as const;
    expect(failed).toStrictEqual({ id, ...action(ANN, read, 1, { sentAt: 7, externalId: '2', ...life }) });
    expect(await store().ledger.find(id)).toStrictEqual(failed);
    expect(await store().ledger.failed({ ...KEY, teamId: 'T1' }, ['forbidden'], 0)).toStrictEqual([failed]);
  });

  it('changes nothing when the state of the action does not allow it', async () => {
    const before = await recorded();
    expect(await store().ledger.transition(before.id, drop)).toBeUndefined();
    expect(await store().ledger.find(before.id)).toStrictEqual(before);
  });

  it('lets one of many transitions at once win', async () => {
    const { id } = await recorded();
    const attempts = Array.from({ length: 20 }, () =>
      store().ledger.transition(id, (now) => succeed(now, undefined, 9)),
    );
    expect((await Promise.all(attempts)).filter((each) => each !== undefined)).toHaveLength(1);
  });

  it('refuses what is no state, no rep, or no number', async () => {
    const wrong = [
      action(BEN, task('1'), 1),
      action(ANN, task('1'), 0),
      { ...action(ANN, task('1'), 1), state: 'lost' } as unknown as NewAction,
      { ...action(ANN, task('1'), 1), change: { verb: 'shred' } } as unknown as NewAction,
    ];
    for (const each of wrong) await expect(store().ledger.record(each)).rejects.toThrow();
  });

  it('finds nothing under an id that it never gave', async () => {
    await recorded();
    for (const id of ['', '0', '-1', '1.0', '01', '1e0', ' 1', '2', 'one', '99999999999999999999']) {
      expect(await store().ledger.find(id), id).toBeUndefined();
      expect(await store().ledger.transition(id, (now) => fail(now, 'invalid', 9)), id).toBeUndefined();
    }
  });
}
