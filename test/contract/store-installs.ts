/** What every store must do with the workspaces in which the app was installed. */
import { expect, it } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, message, OTHER_ANN, rep, task } from '../store/fixtures.ts';

export function installsContract(store: () => Store): void {
  const install = { teamId: 'T1', token: 'xoxb-hunter2', botId: 'B1', botUserId: 'UBOT', by: 'UADA', at: 5 };

  it('keeps the install of each workspace, the newest one', async () => {
    const { installs } = store();
    await installs.save({ ...install, at: 4 });
    await installs.save(install);
    await installs.save({ ...install, teamId: 'T2' });

    expect(await installs.find('T1')).toStrictEqual(install);
    expect(await installs.find('T3')).toBeUndefined();
    expect((await installs.list()).toSorted((one, other) => one.teamId.localeCompare(other.teamId))).toEqual([
      { teamId: 'T1', at: 5 },
      { teamId: 'T2', at: 5 },
    ]);
  });

  it('forgets all of one workspace, twice as well, and begins anew with the next install', async () => {
    const { installs, messages, reps } = store();
    for (const key of [ANN, OTHER_ANN]) {
      await installs.save({ ...install, teamId: key.teamId });
      await reps.save(rep(key));
      await messages.create(message(key), [task('1')]);
    }
    await installs.forget('T1');
    await installs.forget('T1');

    expect(await reps.list('T1')).toEqual([]);
    expect(await installs.find('T1')).toBeUndefined();
    expect(await messages.newestLists(ANN, 9)).toEqual([]);
    expect(await messages.newestLists(OTHER_ANN, 9)).toHaveLength(1);
    await installs.save(install);
    await reps.save(rep(ANN));
    expect(await messages.newestLists(ANN, 9)).toEqual([]);
  });
}
