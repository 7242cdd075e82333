/** What every store must do about a workspace as a whole: the off switch, and whom it stops. */
import { expect, it } from 'vitest';
import { FOREVER } from '../../src/core/model/digest.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, BEN, link, OTHER_ANN, rep, schedule } from '../store/fixtures.ts';

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
}
