import { beforeEach, describe, expect, it } from 'vitest';
import type { Found, Undo } from '../../src/core/model/action.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, action, BEN, OTHER_ANN, rep, task } from '../store/fixtures.ts';
import { historyContract } from './store-history.ts';

const KEY = { ...ANN, provider: 'gong', taskId: '1' };

export function ledgerContract(store: () => Store): void {
  describe('history', () => historyContract(store));

  beforeEach(async () => {
    await store().reps.save(rep(ANN));
    await store().reps.save(rep(OTHER_ANN));
  });

  async function recorded(seq = 1) {
    const written = await store().ledger.record(action(ANN, task('1'), seq));
    if (!written) throw new Error('The seq was taken');
    return written;
  }

  it('gives back what was recorded, every field', async () => {
    const full = action(ANN, task('1', { dueAt: undefined, contact: { name: 'Dana', title: '\u202e VP \ud800' } }), 1, {
      verb: 'snooze',
      dueAt: 10,
      details: {
        ending: 'replied',
        note: '\u202e "Spoke" 🚀 \ud800',
        rule: 'none',
        to: { externalId: '7', name: 'Bo' },
      },
      heldUntil: 20,
      sentAt: 30,
      attempts: 4,
      waiting: { reason: 'unavailable', until: 70 },
      found: { how: 'moved', dueAt: undefined },
      undo: { how: 'reversed', askedAt: 80, doneAt: 90, reference: '\u202e "undo" \ud800' },
      failure: 'rate_limited',
      undoFailure: 'unexpected',
      reference: 'request 5',
      settledAt: 60,
      state: 'failed',
    });
    const written = await store().ledger.record(full);

    expect(written).toStrictEqual({ ...full, id: written?.id });
    expect(await store().ledger.find(written?.id ?? '')).toStrictEqual(written);
    expect(await store().ledger.latest(KEY)).toStrictEqual(written);
  });

  it.each(['note', 'reassign', 'rule'] as const)('keeps an edit (%s) beside the verbs', async (verb) => {
    const written = await store().ledger.record(action(ANN, task('1'), 1, { verb, details: { note: '' } }));
    expect(await store().ledger.latest(KEY)).toStrictEqual(written);
    expect(written).toMatchObject({ verb, details: { note: '' } });
  });

  it.each<Found>([
    { how: 'done', at: 5 },
    { how: 'done', at: undefined },
    { how: 'gone' },
    { how: 'moved', dueAt: 5 },
    { how: 'moved', dueAt: undefined },
  ])('keeps what was found instead of the task: %j', async (found) => {
    const { id } = await recorded();
    const stale = await store().ledger.transition(id, { from: ['queued'] }, { state: 'stale', found });
    expect(stale?.found).toStrictEqual(found);
    expect((await store().ledger.find(id))?.found).toStrictEqual(found);
  });

  it('keeps what an action waits for, and what took it back, for as long as they hold', async () => {
    const { id } = await recorded();
    const guard = { from: ['queued'] } as const;
    const waiting = { reason: 'rate_limited', until: 9_000 } as const;
    const asked: Undo = { how: 'withdrawn', askedAt: 5 };

    expect(await store().ledger.transition(id, guard, { waiting, undo: asked })).toMatchObject({
      waiting,
      undo: asked,
    });
    expect(await store().ledger.transition(id, guard, { attempts: 1 })).toMatchObject({ waiting, undo: asked });
    const undo: Undo = { ...asked, doneAt: 6 };
    const changed = await store().ledger.transition(id, guard, { waiting: undefined, undo });
    expect(changed?.waiting).toBeUndefined();
    expect(changed?.undo).toStrictEqual(undo);
    expect(await store().ledger.transition(id, guard, { undo: undefined, found: undefined })).toMatchObject({
      undo: undefined,
      found: undefined,
    });
  });

  it('lets only one action take a number of a task', async () => {
    const first = await recorded();
    expect(await store().ledger.record(action(ANN, task('1'), 1, { verb: 'dismiss' }))).toBeUndefined();
    expect(await store().ledger.latest(KEY)).toEqual(first);

    const sameElsewhere = [
      action(OTHER_ANN, task('1'), 1),
      action(ANN, task('2'), 1),
      action(ANN, task('1', { provider: 'reply' }), 1),
    ];
    for (const other of sameElsewhere) expect(await store().ledger.record(other)).toBeDefined();
  });

  it('lets one of many clicks at once win', async () => {
    const clicks = Array.from({ length: 20 }, () => store().ledger.record(action(ANN, task('1'), 1)));
    const won = (await Promise.all(clicks)).filter((each) => each !== undefined);
    expect(won).toHaveLength(1);
  });

  it('knows the latest action of a task', async () => {
    expect(await store().ledger.latest(KEY)).toBeUndefined();
    await recorded(2);
    await recorded(10);
    await recorded(9);
    expect((await store().ledger.latest(KEY))?.seq).toBe(10);
  });

  it('changes an action that is in one of the expected states', async () => {
    const { id } = await recorded();
    const failed = await store().ledger.transition(
      id,
      { from: ['undoing', 'queued'] },
      { state: 'failed', failure: 'forbidden', attempts: 2, settledAt: 9, task: task('1', { title: 'As read' }) },
    );

    expect(failed).toMatchObject({ id, state: 'failed', failure: 'forbidden', attempts: 2, settledAt: 9 });
    expect(failed?.task.title).toBe('As read');
    expect(await store().ledger.find(id)).toStrictEqual(failed);
  });

  it('changes nothing when the action is in another state', async () => {
    const before = await recorded();
    for (const from of [['failed', 'stale'], []] as const) {
      expect(await store().ledger.transition(before.id, { from }, { state: 'succeeded' })).toBeUndefined();
    }
    expect(await store().ledger.find(before.id)).toEqual(before);
  });

  it('tells what was sent from what was not', async () => {
    const { id } = await recorded();
    const unsent = { from: ['queued'], unsent: true } as const;
    expect(await store().ledger.transition(id, unsent, { sentAt: 5 })).toMatchObject({ sentAt: 5 });
    expect(await store().ledger.transition(id, unsent, { state: 'undone' })).toBeUndefined();
    expect(await store().ledger.transition(id, { from: ['queued'] }, {})).toMatchObject({ state: 'queued', sentAt: 5 });
  });

  it('empties a field that is given as undefined, and leaves what is absent', async () => {
    const { id } = await recorded();
    const guard = { from: ['queued'] } as const;
    await store().ledger.transition(id, guard, { failure: 'auth', reference: 'r', heldUntil: 3, sentAt: 4 });
    const changed = await store().ledger.transition(id, guard, { failure: undefined, sentAt: undefined });
    expect(changed).toMatchObject({ failure: undefined, sentAt: undefined, reference: 'r', heldUntil: 3 });
  });

  it('lets one of many transitions at once win', async () => {
    const { id } = await recorded();
    const attempts = Array.from({ length: 20 }, () =>
      store().ledger.transition(id, { from: ['queued'] }, { state: 'succeeded' }),
    );
    expect((await Promise.all(attempts)).filter((each) => each !== undefined)).toHaveLength(1);
  });

  it('refuses what is no state, no rep, or no number', async () => {
    const wrong = [
      action(BEN, task('1'), 1),
      action(ANN, task('1'), 0),
      // @ts-expect-error: what a type forbids, the table refuses as well
      action(ANN, task('1'), 1, { state: 'lost' }),
      // @ts-expect-error: what a type forbids, the table refuses as well
      action(ANN, task('1'), 1, { verb: 'shred' }),
    ];
    for (const each of wrong) await expect(store().ledger.record(each)).rejects.toThrow();
  });

  it('finds nothing under an id that it never gave', async () => {
    await recorded();
    for (const id of ['', '0', '-1', '1.0', '01', '1e0', ' 1', '2', 'one', '99999999999999999999']) {
      expect(await store().ledger.find(id), id).toBeUndefined();
      expect(await store().ledger.transition(id, { from: ['queued'] }, { state: 'failed' }), id).toBeUndefined();
    }
  });
}
