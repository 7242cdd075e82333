import { beforeEach, expect, it } from 'vitest';
import type { RepKey } from '../../src/core/model/keys.ts';
import type { Grant, HeldGrant } from '../../src/core/ports/provider.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, BEN, grant, OTHER_ANN, rep } from '../store/fixtures.ts';

const OUTREACH = 'outreach';

export function connectionsContract(store: () => Store): void {
  const connections = () => store().connections;
  beforeEach(async () => {
    for (const key of [ANN, BEN, OTHER_ANN]) await store().reps.save(rep(key));
  });

  /** What a worker reads, and acts on later. */
  async function held(key: RepKey = ANN): Promise<HeldGrant> {
    const found = await connections().find(key, OUTREACH);
    if (!found) throw new Error('not connected');
    return found;
  }

  async function saved(key: RepKey = ANN, more: Partial<Grant> = {}): Promise<HeldGrant> {
    await connections().save({ ...key, provider: OUTREACH, grant: grant(more), at: 500 });
    return held(key);
  }

  const renewed = grant({ accessToken: 'access-2-of-ann', refreshToken: 'refresh-2-of-ann', mintedAt: 2_000 });

  it('gives back what was saved, to the rep and provider that it is of', async () => {
    await saved();

    const found = await connections().find(ANN, OUTREACH);
    expect(found).toStrictEqual({ ...ANN, grant: grant(), version: found?.version, connectedAt: 500, ended: false });
    for (const [key, provider] of [
      [OTHER_ANN, OUTREACH],
      [BEN, OUTREACH],
      [ANN, 'reply'],
    ] as const) {
      expect(await connections().find(key, provider)).toBeUndefined();
    }
  });

  it('replaces an earlier consent, after which whoever holds that one changes nothing', async () => {
    const before = await saved();
    await connections().lock(before, OUTREACH, 10, 99_000);
    await connections().save({ ...ANN, provider: OUTREACH, grant: grant({ accessToken: 'anew' }), at: 900 });

    expect(await connections().renew(before, OUTREACH, renewed)).toBe(false);
    expect(await connections().end(before, OUTREACH)).toBe(false);
    expect(await connections().lock(before, OUTREACH, 10, 20)).toBe(false);
    const found = await connections().find(ANN, OUTREACH);
    expect(found).toMatchObject({ grant: { accessToken: 'anew' }, connectedAt: 900, ended: false });
    expect(await connections().lock(await held(), OUTREACH, 10, 20)).toBe(true);
  });

  it('gives the right to renew to one of many at once, until the time that it named', async () => {
    const mine = await saved();
    const wins = await Promise.all(Array.from({ length: 20 }, () => connections().lock(mine, OUTREACH, 10, 50)));
    expect(wins.filter((won) => won)).toHaveLength(1);

    expect(await connections().lock(mine, OUTREACH, 49, 90)).toBe(false);
    expect(await connections().lock(mine, OUTREACH, 50, 90)).toBe(true);
    await connections().unlock(mine, OUTREACH);
    expect(await connections().lock(mine, OUTREACH, 51, 90)).toBe(true);
  });

  it('is renewed only by whoever holds the newest version', async () => {
    const stale = await saved();
    const other = await saved(BEN);
    await connections().lock(stale, OUTREACH, 10, 99_000);

    expect(await connections().renew(stale, OUTREACH, renewed)).toBe(true);
    const now = await connections().find(ANN, OUTREACH);
    expect(now).toMatchObject({ grant: renewed, connectedAt: 500, ended: false });
    expect(now?.version).toBeGreaterThan(stale.version);

    // The one that was slow: its tokens are spent by now.
    expect(await connections().renew(stale, OUTREACH, grant({ accessToken: 'spent' }))).toBe(false);
    expect(await connections().lock(stale, OUTREACH, 10, 20)).toBe(false);
    expect(await connections().end(stale, OUTREACH)).toBe(false);
    expect(await connections().find(ANN, OUTREACH)).toEqual(now);
    expect(await connections().find(BEN, OUTREACH)).toMatchObject(other);
    // Renewing gave the right back.
    expect(await connections().lock(await held(), OUTREACH, 11, 50)).toBe(true);
    await connections().unlock(stale, OUTREACH);
    expect(await connections().lock(await held(), OUTREACH, 12, 50)).toBe(false);
  });

  it('ends once, and is known to have ended', async () => {
    const mine = await saved();

    expect(await connections().end(mine, OUTREACH)).toBe(true);
    expect(await connections().end(mine, OUTREACH)).toBe(false);
    expect(await connections().renew(mine, OUTREACH, renewed)).toBe(false);
    expect(await connections().lock(mine, OUTREACH, 10, 20)).toBe(false);
    expect(await connections().find(ANN, OUTREACH)).toMatchObject({ grant: grant(), ended: true });

    await connections().save({ ...ANN, provider: OUTREACH, grant: renewed, at: 900 });
    expect(await connections().find(ANN, OUTREACH)).toMatchObject({ grant: renewed, ended: false });
  });

  it('lists those that have not ended, least recently renewed first', async () => {
    const third = { teamId: 'T1', userId: 'UCAT' };
    await store().reps.save(rep(third));
    await saved(ANN, { mintedAt: 300 });
    await saved(BEN, { mintedAt: 100 });
    await saved(OTHER_ANN, { mintedAt: 200 });
    await connections().end(await saved(third, { mintedAt: 50 }), OUTREACH);
    await connections().save({ ...ANN, provider: 'reply', grant: grant({ mintedAt: 1 }), at: 1 });

    expect(await connections().live(OUTREACH)).toStrictEqual([
      { ...BEN, mintedAt: 100 },
      { ...OTHER_ANN, mintedAt: 200 },
      { ...ANN, mintedAt: 300 },
    ]);
    await connections().renew(await held(BEN), OUTREACH, grant({ mintedAt: 400 }));
    expect((await connections().live(OUTREACH)).map(({ mintedAt }) => mintedAt)).toEqual([200, 300, 400]);
  });

  it('knows which credential a provider was last called with, and which grants no key opens', async () => {
    await saved();

    expect(await connections().noteCredential({ teamId: 'T1', provider: 'gong' }, 'mark 1')).toBe(false);
    expect(await connections().noteCredential({ teamId: 'T1', provider: 'gong' }, 'mark 1')).toBe(false);
    expect(await connections().noteCredential({ teamId: 'T1', provider: 'reply' }, 'mark 1')).toBe(false);
    expect(await connections().noteCredential({ teamId: 'T1', provider: 'gong' }, 'mark 2')).toBe(true);
    expect(await connections().unreadable(OUTREACH)).toEqual([]);
  });

  it('is forgotten when it is removed', async () => {
    const mine = await saved();
    await saved(OTHER_ANN);
    await connections().remove(ANN, OUTREACH);

    expect(await connections().find(ANN, OUTREACH)).toBeUndefined();
    expect(await connections().renew(mine, OUTREACH, renewed)).toBe(false);
    expect(await connections().live(OUTREACH)).toHaveLength(1);
  });

  it('refuses the consent of someone unknown', async () => {
    const nobody = { teamId: 'T1', userId: 'nobody' };
    await expect(connections().save({ ...nobody, provider: OUTREACH, grant: grant(), at: 1 })).rejects.toThrow();
  });
}
