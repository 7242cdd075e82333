/** What every store must do with the keys of tools that admins set. */
import { expect, it } from 'vitest';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, BEN, grant, link, OTHER_ANN, rep, suggestion } from '../store/fixtures.ts';

export function toolsContract(store: () => Store): void {
  const gong = { teamId: 'T1', provider: 'gong', settings: { GONG_ACCESS_KEY: 'hunter2' }, by: 'UADA', at: 5 };

  it('keeps the key of each workspace and tool, the newest one, and each has a version of its own', async () => {
    const { tools } = store();
    await tools.save({ ...gong, at: 4 });
    const [before] = await tools.list('T1');
    await tools.save(gong);
    await tools.save({ ...gong, provider: 'reply', settings: { REPLY_API_KEY: 'hunter3' } });
    await tools.save({ ...gong, teamId: 'T2', settings: { GONG_ACCESS_KEY: 'hunter4' } });

    const ours = (await tools.list('T1')).toSorted((one, other) => one.provider.localeCompare(other.provider));
    expect(ours.map(({ version: _, ...tool }) => tool)).toEqual([
      { teamId: 'T1', provider: 'gong', by: 'UADA', at: 5 },
      { teamId: 'T1', provider: 'reply', by: 'UADA', at: 5 },
    ]);
    const all = await tools.list();
    expect(all).toHaveLength(3);
    expect(new Set([before, ...all].map((tool) => tool?.version)).size).toBe(4);
    expect(await tools.settings('T1', 'gong')).toEqual(gong.settings);
    expect(await tools.settings('T2', 'gong')).toEqual({ GONG_ACCESS_KEY: 'hunter4' });
    expect(await tools.settings('T2', 'reply')).toBeUndefined();
  });

  it('has another version for the same key saved again, in the same millisecond', async () => {
    const { tools } = store();
    await tools.save(gong);
    const [first] = await tools.list('T1');
    await tools.save(gong);
    const [second] = await tools.list('T1');

    expect(second?.version).not.toBe(first?.version);
  });

  it('leaves a key as it is that is sealed with the newest key already', async () => {
    const { tools } = store();
    await tools.save(gong);
    const before = await tools.list('T1');
    await tools.reseal('T1');

    expect(await tools.list('T1')).toEqual(before);
  });

  it('ends a key with all that was reached with it, and nothing of another tool or workspace', async () => {
    const { tools, reps, links, connections, people, hooks, transact } = store();
    for (const key of [ANN, BEN, OTHER_ANN]) {
      await reps.save(rep(key));
      await links.save(link(key));
      await links.save(link(key, { provider: 'reply' }));
      await connections.save({ ...key, provider: 'gong', grant: grant(), at: 1 });
      await people.suggest({ ...suggestion(key), provider: 'gong' });
      await people.decline(key, 'gong', 1);
      await hooks.save({ ...key, provider: 'gong', hookId: '1', url: 'https://docket.example', secret: 'hunter5' });
      await tools.save({ ...gong, teamId: key.teamId });
    }

    expect(await transact((tx) => tools.end({ ...gong, by: 'UADA', at: 9 }, tx))).toBe(2);

    expect(await tools.list('T1')).toEqual([]);
    expect((await links.list('T1')).map(({ provider }) => provider)).toEqual(['reply', 'reply']);
    expect(await connections.find(ANN, 'gong')).toBeUndefined();
    expect(await people.suggestions(ANN)).toEqual([]);
    expect(await hooks.find('gong', 'T1')).toBeUndefined();
    expect(await people.hasDeclined(ANN, 'gong')).toBe(true);
    const ended = { provider: 'gong', event: 'removed', by: 'UADA', at: 9, externalId: link(ANN).externalId };
    const events = await people.events('T1', { limit: 9 });
    expect(events.map(({ userId }) => userId).toSorted()).toEqual([ANN.userId, BEN.userId].toSorted());
    for (const event of events) expect(event).toMatchObject(ended);
    expect(await tools.list('T2')).toHaveLength(1);
    expect(await links.list('T2')).toHaveLength(2);
    expect(await connections.find(OTHER_ANN, 'gong')).toBeDefined();
    expect(await people.suggestions(OTHER_ANN)).toHaveLength(1);
    expect(await hooks.find('gong', 'T2')).toBeDefined();
    expect(await transact((tx) => tools.end(gong, tx))).toBe(0);
  });
}
