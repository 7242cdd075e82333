/** What every store must do with sweeps and their actions. */
import { beforeEach, expect, it } from 'vitest';
import type { NewSweep } from '../../src/core/model/sweep.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, action, BEN, OTHER_ANN, rep, task } from '../store/fixtures.ts';

const POSTED = { channel: 'D1', ts: '1.2' };

function newSweep(more: Partial<NewSweep> = {}): NewSweep {
  return { ...ANN, kind: 'sweep', key: 'V1', messageId: '5', createdAt: 1_000, ...more };
}

export function sweepsContract(store: () => Store): void {
  beforeEach(async () => {
    for (const key of [ANN, BEN, OTHER_ANN]) await store().reps.save(rep(key));
  });

  it.each<Partial<NewSweep>>([
    { change: { verb: 'snooze', dueAt: 9 }, leftOut: { unsupported: 2, closed: 1 } },
    { kind: 'focus' },
    { change: { verb: 'done' }, messageId: '99999999' },
  ])('gives back what was created, every field: %j', async (more) => {
    const { key: _, ...fields } = newSweep(more);
    const { sweep, isNew } = await store().sweeps.create(newSweep(more));

    expect(isNew).toBe(true);
    expect(sweep).toStrictEqual({ ...fields, id: sweep.id, round: 0 });
    expect(await store().sweeps.find(sweep.id)).toStrictEqual(sweep);
  });

  it('makes one for each occasion of a rep, however often it is asked', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => store().sweeps.create(newSweep())));
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(made.map(({ sweep }) => sweep.id)).size).toBe(1);

    const again = await store().sweeps.create(newSweep({ kind: 'focus', change: { verb: 'done' } }));
    expect(again).toStrictEqual({ sweep: made[0]?.sweep, isNew: false });
    for (const other of [newSweep({ ...BEN }), newSweep({ ...OTHER_ANN }), newSweep({ key: 'V2' })]) {
      expect(await store().sweeps.create(other)).toMatchObject({ isNew: true });
    }
  });

  it('notes where its message is, and counts its new starts with the Undo that was asked for', async () => {
    const { sweep } = await store().sweeps.create(newSweep());
    const { sweep: other } = await store().sweeps.create(newSweep({ key: 'V2' }));

    await store().sweeps.notePosted(sweep.id, POSTED);
    expect(await store().sweeps.again(sweep.id, {})).toBe(1);
    expect(await store().sweeps.find(sweep.id)).toStrictEqual({ ...sweep, posted: POSTED, round: 1 });
    expect(await store().sweeps.again(sweep.id, { undoAskedAt: 70 })).toBe(2);
    expect(await store().sweeps.again(sweep.id, {})).toBe(3);

    expect(await store().sweeps.find(sweep.id)).toStrictEqual({ ...sweep, posted: POSTED, round: 3, undoAskedAt: 70 });
    expect(await store().sweeps.find(other.id)).toStrictEqual(other);
  });

  it('has its actions in the order recorded, and no others', async () => {
    const { sweep } = await store().sweeps.create(newSweep());
    const { sweep: other } = await store().sweeps.create(newSweep({ key: 'V2' }));
    const put = async (id: string, sweepId?: string) =>
      store().ledger.record({ ...action(ANN, task(id), 1), ...(sweepId !== undefined && { sweepId }) });
    const first = await put('9', sweep.id);
    await put('8');
    await put('7', other.id);
    const second = await put('3', sweep.id);

    expect(first).toMatchObject({ sweepId: sweep.id });
    expect(await store().ledger.ofSweep(sweep.id)).toStrictEqual([first, second]);
    for (const id of ['', '0', '99', 'x']) expect(await store().ledger.ofSweep(id), id).toEqual([]);
    await expect(put('1', '99')).rejects.toThrow();
  });

  it('is part of the transaction that it is given', async () => {
    await expect(
      store().transact(async (tx) => {
        const { sweep } = await store().sweeps.create(newSweep(), tx);
        await store().sweeps.notePosted(sweep.id, POSTED, tx);
        await store().sweeps.again(sweep.id, {}, tx);
        expect(await store().sweeps.find(sweep.id, tx)).toMatchObject({ posted: POSTED, round: 1 });
        expect(await store().ledger.ofSweep(sweep.id, tx)).toEqual([]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await store().sweeps.create(newSweep())).toMatchObject({ isNew: true, sweep: { round: 0 } });
  });

  it('is deleted when it is old and has no action left', async () => {
    const { sweep: empty } = await store().sweeps.create(newSweep({ createdAt: 99 }));
    const { sweep: kept } = await store().sweeps.create(newSweep({ key: 'V2', createdAt: 99 }));
    const { sweep: young } = await store().sweeps.create(newSweep({ key: 'V3', createdAt: 100 }));
    await store().ledger.record({ ...action(ANN, task('1'), 1, { createdAt: 99, state: 'failed' }), sweepId: kept.id });

    expect(await store().sweeps.prune(100)).toBe(1);
    expect(await store().sweeps.find(empty.id)).toBeUndefined();
    expect(await store().sweeps.find(young.id)).toBeDefined();
    expect(await store().ledger.prune(100)).toBe(1);
    expect(await store().sweeps.prune(100)).toBe(1);
    expect(await store().sweeps.find(kept.id)).toBeUndefined();
  });
}
