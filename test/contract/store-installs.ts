/** What every store must do with the workspaces in which the app was installed. */
import { describe, expect, it } from 'vitest';
import type { InstallMark } from '../../src/core/ports/installs.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, BEN, link, message, OTHER_ANN, rep, task } from '../store/fixtures.ts';

export function installsContract(store: () => Store): void {
  const install = { teamId: 'T1', token: 'xoxb-hunter2', botId: 'B1', botUserId: 'UBOT', by: 'UADA', at: 5 };
  const rotation = { refreshToken: 'xoxe-1-first', expiresAt: 1_000 };
  const next = { token: 'xoxb-next', rotation: { refreshToken: 'xoxe-1-next', expiresAt: 2_000 } };
  const mark = (version: number): InstallMark => ({ teamId: 'T1', at: 5, version });

  it('keeps the install of each workspace, the newest one', async () => {
    const { installs } = store();
    expect(await installs.save({ ...install, at: 4 })).toBe(true);
    expect(await installs.save(install)).toBe(true);
    await installs.save({ ...install, teamId: 'T2', rotation });

    expect(await installs.find('T1')).toStrictEqual({ ...install, version: 2 });
    expect(await installs.find('T2')).toStrictEqual({ ...install, teamId: 'T2', rotation, version: 1 });
    expect(await installs.find('T3')).toBeUndefined();
    expect((await installs.list()).toSorted((one, other) => one.teamId.localeCompare(other.teamId))).toEqual([
      { teamId: 'T1', at: 5, version: 2, isEnding: false },
      { teamId: 'T2', at: 5, version: 1, isEnding: false },
    ]);
  });

  it('forgets all of one workspace, twice as well, and begins anew with the next install', async () => {
    const { installs, messages, reps } = store();
    for (const key of [ANN, OTHER_ANN]) {
      await installs.save({ ...install, teamId: key.teamId });
      await reps.save(rep(key));
      await messages.create(message(key), [task('1')]);
    }
    expect(await installs.end(mark(1))).toBe(true);
    await installs.forget('T1');
    await installs.forget('T1');

    expect(await reps.list('T1')).toEqual([]);
    expect(await installs.find('T1')).toBeUndefined();
    expect((await installs.list()).map(({ teamId }) => teamId)).toEqual(['T2']);
    expect(await messages.newestLists(ANN, 9)).toEqual([]);
    expect(await messages.newestLists(OTHER_ANN, 9)).toHaveLength(1);
    expect(await installs.save(install)).toBe(true);
    await reps.save(rep(ANN));
    expect(await messages.newestLists(ANN, 9)).toEqual([]);
  });

  it('takes no install while the data of an earlier one are deleted, and forgets no newer one', async () => {
    const { installs } = store();
    await installs.save({ ...install, at: 4 });
    await installs.save(install);

    // Whoever found the first token ended was late.
    expect(await installs.end({ teamId: 'T1', at: 4, version: 1 })).toBe(false);
    await installs.forget('T1');
    expect(await installs.find('T1')).toMatchObject({ at: 5 });

    expect(await installs.end(mark(2))).toBe(true);
    expect(await installs.save({ ...install, at: 6 })).toBe(false);
    expect(await installs.find('T1')).toBeUndefined();
    expect(await installs.list()).toEqual([{ teamId: 'T1', at: 5, version: 2, isEnding: true }]);
    await installs.forget('T1');
    expect(await installs.save({ ...install, at: 6 })).toBe(true);
  });

  it('a token that ends is renewed by one process at a time, and its refresh token replaced with it', async () => {
    const { installs } = store();
    await installs.save({ ...install, rotation });
    await installs.save({ ...install, teamId: 'T2' });

    expect(await installs.expiring(999, 9)).toEqual([]);
    expect(await installs.expiring(1_000, 9)).toEqual(['T1']);
    expect(await installs.lock(mark(1), 9, 20)).toBe(true);
    expect(await installs.lock(mark(1), 19, 40)).toBe(false);
    expect(await installs.expiring(1_000, 19)).toEqual([]);
    // Whoever held it has died.
    expect(await installs.expiring(1_000, 20)).toEqual(['T1']);
    expect(await installs.lock(mark(1), 20, 40)).toBe(true);

    expect(await installs.renew(mark(1), next)).toBe(true);
    expect(await installs.renew(mark(1), { ...next, token: 'xoxb-late' })).toBe(false);
    expect(await installs.lock(mark(1), 50, 60)).toBe(false);
    expect(await installs.find('T1')).toStrictEqual({ ...install, ...next, version: 2 });
    expect(await installs.expiring(1_999, 50)).toEqual([]);
    expect(await installs.expiring(2_000, 21)).toEqual(['T1']);
  });

  it('an install replaces a token that is being renewed, and what comes of the renewal is not used', async () => {
    const { installs } = store();
    await installs.save({ ...install, rotation });
    await installs.lock(mark(1), 9, 20);
    await installs.save({ ...install, at: 6 });

    expect(await installs.renew(mark(1), next)).toBe(false);
    expect(await installs.find('T1')).toStrictEqual({ ...install, at: 6, version: 2 });
    expect(await installs.expiring(9_000, 9)).toEqual([]);
  });

  it('a state of the install page is ours, good once, and over in time', async () => {
    const { installs } = store();
    const [one, other] = [await installs.beginState(1_000), await installs.beginState(1_000)];

    expect(one).not.toBe(other);
    expect(await installs.takeState(one, 1_000)).toBeUndefined();
    expect(await installs.takeState(one, 999)).toBe('new');
    expect(await installs.takeState(one, 999)).toBe('used');
    expect(await installs.takeState(other, 999)).toBe('new');
    for (const forged of ['', 'state', `${one.slice(0, -4)}AAAA`, 'a'.repeat(100_000)]) {
      expect(await installs.takeState(forged, 9)).toBeUndefined();
    }
    // One that is over is not known any more, and is not good again.
    await installs.pruneStates(1_000);
    expect(await installs.takeState(one, 1_000)).toBeUndefined();
  });

  it('of two who bring a state at once, one is first', async () => {
    const { installs } = store();
    const state = await installs.beginState(1_000);

    const took = await Promise.all([1, 2, 3].map(() => installs.takeState(state, 9)));
    expect(took.filter((each) => each === 'new')).toHaveLength(1);
  });

  describe('people of several workspaces of one organisation', () => {
    const elsewhere = () => Promise.all([ANN, OTHER_ANN].map((key) => store().installs.elsewhere(key, 'E1')));

    async function arrange(organisations: [string | undefined, string | undefined]): Promise<void> {
      for (const [index, key] of [ANN, OTHER_ANN].entries()) {
        const { teamId } = key;
        await store().installs.save({ ...install, teamId, name: `Name ${teamId}`, enterpriseId: organisations[index] });
        await store().reps.save(rep(key));
        await store().links.save({ ...link(key), linkedAt: 20 - index });
      }
    }

    it('have their list where they were linked first, as long as they are active and linked there', async () => {
      await arrange(['E1', 'E1']);
      expect(await store().installs.find('T1')).toMatchObject({ enterpriseId: 'E1', name: 'Name T1' });
      expect(await elsewhere()).toEqual([{ teamId: 'T2', name: 'Name T2' }, undefined]);

      await store().reps.save({ ...rep(OTHER_ANN), active: false });
      expect(await elsewhere()).toEqual([undefined, { teamId: 'T1', name: 'Name T1' }]);
      await store().reps.save(rep(OTHER_ANN));
      await store().links.remove(OTHER_ANN, 'gong');
      expect(await elsewhere()).toEqual([undefined, { teamId: 'T1', name: 'Name T1' }]);
      await store().links.save({ ...link(OTHER_ANN), linkedAt: 20 });
      expect(await elsewhere()).toEqual([undefined, { teamId: 'T1', name: 'Name T1' }]);
      expect(await store().installs.elsewhere(BEN, 'E1')).toBeUndefined();
    });

    it('have it here once the other workspace is forgotten', async () => {
      await arrange(['E1', 'E1']);
      await store().installs.end({ teamId: 'T2', at: 5, version: 1 });
      expect(await elsewhere()).toEqual([undefined, undefined]);
    });

    it.each<[string | undefined, string | undefined]>([
      ['E1', 'E2'],
      ['E1', undefined],
      [undefined, undefined],
    ])('have one in each where the workspaces are of different ones: %s and %s', async (...organisations) => {
      await arrange(organisations);
      expect(await elsewhere()).toEqual([undefined, undefined]);
    });
  });
}
