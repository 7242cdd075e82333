/** Every store keeps webhooks that are to be deleted at a tool, and the keys that this takes, until that is done. */
import { expect, it } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, BEN, grant, OTHER_ANN, rep } from '../store/fixtures.ts';

const URL = 'https://docket.example/hooks';
const LEFT = { teamId: 'T1', provider: 'gong', hookId: '1' };

export function leftHooksContract(store: () => Store): void {
  /** Ann's webhook, the key of the tool, and the sign-ins of Ann and Ben. */
  async function arrange(more: { isConnected?: boolean; hasKey?: boolean } = {}): Promise<void> {
    const { reps, hooks, tools, connections } = store();
    for (const key of [ANN, BEN, OTHER_ANN]) {
      await reps.save(rep(key));
      const isMissing = key === ANN && more.isConnected === false;
      if (!isMissing) await connections.save({ ...key, provider: 'gong', grant: grant(), at: 1 });
    }
    for (const [key, provider] of [
      [ANN, 'gong'],
      [ANN, 'reply'],
      [OTHER_ANN, 'gong'],
    ] as const) {
      await hooks.save({ ...key, provider, hookId: '1', url: URL, secret: 'hunter5' });
    }
    const key = { provider: 'gong', settings: { GONG_ACCESS_KEY: 'hunter2' }, by: 'UADA', at: 5 };
    if (more.hasKey !== false) await tools.save({ ...key, teamId: 'T1' });
  }
  const leave = (of: { teamId: string; provider: string }) => store().transact((tx) => store().leftHooks.leave(of, tx));

  it('moves the one of a tool with what may delete it, and no other', async () => {
    await arrange();

    expect(await leave({ teamId: 'T1', provider: 'gong' })).toEqual({
      ...ANN,
      provider: 'gong',
      hookId: '1',
      url: URL,
    });

    const { hooks, leftHooks, tools, transact } = store();
    expect(await hooks.find('gong', 'T1')).toBeUndefined();
    expect(await hooks.find('reply', 'T1')).toMatchObject({ hookId: '1' });
    expect(await hooks.find('gong', 'T2')).toMatchObject({ hookId: '1' });
    expect(await leftHooks.ofTeam('T2')).toEqual([]);
    // The key and the sign-ins are gone by the time that they are needed.
    await transact((tx) => tools.end({ teamId: 'T1', provider: 'gong', by: 'UADA', at: 6 }, tx));
    const keys = { settings: { GONG_ACCESS_KEY: 'hunter2' }, grant: grant() };
    expect(await leftHooks.find(LEFT)).toEqual({ ...ANN, provider: 'gong', hookId: '1', url: URL, keys });
  });

  it('moves it once', async () => {
    await arrange();

    expect(await leave({ teamId: 'T1', provider: 'gong' })).toMatchObject({ hookId: '1' });
    expect(await leave({ teamId: 'T1', provider: 'gong' })).toBeUndefined();
    expect(await store().leftHooks.ofTeam('T1')).toHaveLength(1);
  });

  it.each([{ isConnected: false }, { hasKey: false }])(
    'says where nobody is left who may delete it: %o',
    async (more) => {
      await arrange(more);
      await leave({ teamId: 'T1', provider: 'gong' });

      expect(await store().leftHooks.find(LEFT)).toMatchObject({ hookId: '1', keys: undefined });
    },
  );

  it('keeps no sign-in that has ended', async () => {
    await arrange();
    const { connections, leftHooks } = store();
    const held = await connections.find(ANN, 'gong');
    await connections.end(held ?? expect.fail(), 'gong');
    await leave({ teamId: 'T1', provider: 'gong' });

    expect(await leftHooks.find(LEFT)).toMatchObject({ keys: undefined });
  });

  it('keeps the sign-in that was renewed, and forgets all of it in the end', async () => {
    await arrange();
    const hook = await leave({ teamId: 'T1', provider: 'gong' });
    const { leftHooks } = store();

    await leftHooks.renew(hook ?? expect.fail(), grant({ accessToken: 'next' }));
    expect((await leftHooks.find(LEFT))?.keys?.grant).toMatchObject({ accessToken: 'next' });
    await leftHooks.remove(LEFT);

    expect(await leftHooks.find(LEFT)).toBeUndefined();
    expect(await leftHooks.ofTeam('T1')).toEqual([]);
  });
}
