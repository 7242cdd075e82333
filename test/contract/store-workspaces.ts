/** What every store must do about a workspace as a whole: the off switch, and whom it stops. */
import { expect, it } from 'vitest';
import { FOREVER } from '../../src/core/model/digest.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, action, BEN, link, message, OTHER_ANN, rep, run, schedule, task } from '../store/fixtures.ts';

export function workspacesContract(store: () => Store): void {
  it('keeps who stopped all digests, and since when, for one workspace alone', async () => {
    expect(await store().workspaces.offSwitch('T1')).toBeUndefined();

    await store().workspaces.switchDigests('T1', { by: 'UADA', at: 1 });
    await store().workspaces.switchDigests('T1', { by: 'UADA', at: 2 });

    expect(await store().workspaces.offSwitch('T1')).toEqual({ by: 'UADA', at: 2 });
    expect(await store().workspaces.offSwitch('T2')).toBeUndefined();
    await store().workspaces.switchDigests('T1', undefined);
    expect(await store().workspaces.offSwitch('T1')).toBeUndefined();
  });

  it('keeps when everyone of a workspace was last read, and with which settings', async () => {
    const { workspaces } = store();
    expect(await workspaces.lastSync('T1')).toBeUndefined();

    await workspaces.noteSync('T1', { at: 1, mark: 'a' });
    await workspaces.noteSync('T1', { at: 2, mark: 'b' });

    expect(await workspaces.lastSync('T1')).toEqual({ at: 2, mark: 'b' });
    expect(await workspaces.lastSync('T2')).toBeUndefined();
    await workspaces.noteSync('T0', { at: 3, mark: 'c' });
    expect(await workspaces.known()).toEqual(['T0', 'T1']);
  });

  it('finds who expects digests: active, with a link, not paused for good', async () => {
    const left = { teamId: 'T1', userId: 'ULEFT' };
    const unlinked = { teamId: 'T1', userId: 'UNONE' };
    for (const key of [ANN, BEN, OTHER_ANN, left, unlinked]) {
      await store().reps.save(rep(key, { active: key !== left }));
      await store().schedules.save(schedule(key, { nextDueAt: key === BEN ? FOREVER : 5_000 }));
      if (key !== unlinked) await store().links.save(link(key));
    }

    expect(await store().schedules.expecting('T1')).toEqual([{ ...ANN, email: 'ann@example.com' }]);
  });

  it('sees every rep of a workspace with their last run, their last click and what waits', async () => {
    for (const key of [ANN, BEN, OTHER_ANN]) await store().reps.save(rep(key));
    await store().schedules.save(schedule(ANN, { nextDueAt: 7_000 }));
    const { id } = await store().messages.create(message(ANN), []);
    for (const date of ['2026-11-20', '2026-11-23']) await store().runs.claim(run(ANN, date));
    await store().runs.markPosted(ANN, '2026-11-20', { messageId: id, at: 5_000 });
    await store().runs.markSkipped(ANN, '2026-11-23', { why: 'paused' });
    const settled = { state: 'succeeded', settledAt: 150 } as const;
    await store().ledger.record(action(ANN, task('1'), 1, { ...settled, createdAt: 100 }));
    await store().ledger.record(action(ANN, task('2'), 1, { createdAt: 200 }));
    await store().ledger.record(action(OTHER_ANN, task('1'), 1, { createdAt: 300 }));

    const seen = await store().workspaces.overview('T1');

    expect(seen.toSorted((one, other) => one.userId.localeCompare(other.userId))).toEqual([
      {
        ...ANN,
        name: 'Ann Ab',
        active: true,
        nextDueAt: 7_000,
        lastRun: { localDate: '2026-11-23', state: 'skipped', why: 'paused', postedAt: undefined },
        lastClickAt: 200,
        waiting: 1,
      },
      { ...BEN, name: 'Ann Ab', active: true, nextDueAt: undefined, lastRun: undefined, waiting: 0 },
    ]);
  });
}
