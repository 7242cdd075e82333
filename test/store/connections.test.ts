/** Two openings of one file, as two processes would have them: only one of them renews a grant. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HeldGrant } from '../../src/core/ports/provider.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, grant, rep } from './fixtures.ts';
import { openUrl, temporaryFolder } from './open.ts';

type Opened = Awaited<ReturnType<typeof openUrl>>;

describe('a grant that two processes hold', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let both: [Opened, Opened];
  beforeEach(async () => {
    folder = temporaryFolder();
    const url = `file:${join(folder.path, 'docket.db')}`;
    both = [await openUrl(url), await openUrl(url)];
    await both[0].store.reps.save(rep(ANN));
    await both[0].store.connections.save({ ...ANN, provider: 'outreach', grant: grant(), at: 1 });
  });
  afterEach(async () => {
    for (const opened of both) await opened.close();
    folder.remove();
  });

  async function held({ connections }: Store): Promise<HeldGrant> {
    const found = await connections.find(ANN, 'outreach');
    if (!found) throw new Error('not connected');
    return found;
  }

  /** What an adapter does: a refresh token is spent by whoever has the right to. */
  async function renew({ store }: Opened, spent: string[], mintedAt: number): Promise<boolean> {
    const mine = await held(store);
    if (!(await store.connections.lock(mine, 'outreach', 1_000, 60_000))) return false;
    spent.push(mine.grant.refreshToken);
    return store.connections.renew(mine, 'outreach', grant({ refreshToken: `${mintedAt}`, mintedAt }));
  }

  it('is locked by one of them', async () => {
    const [one, two] = both;
    const [mine, theirs] = [await held(one.store), await held(two.store)];

    expect(await one.store.connections.lock(mine, 'outreach', 1_000, 2_000)).toBe(true);
    expect(await two.store.connections.lock(theirs, 'outreach', 1_999, 3_000)).toBe(false);
    // A process that died with the lock does not keep it.
    expect(await two.store.connections.lock(theirs, 'outreach', 2_000, 3_000)).toBe(true);
    expect(await one.store.connections.lock(mine, 'outreach', 2_001, 3_000)).toBe(false);
  });

  it('is renewed by one of them, and the other finds the new one', async () => {
    const [one, two] = both;
    const theirs = await held(two.store);
    const mine = await held(one.store);
    await one.store.connections.lock(mine, 'outreach', 1_000, 2_000);
    await one.store.connections.renew(mine, 'outreach', grant({ accessToken: 'anew' }));

    expect(await two.store.connections.lock(theirs, 'outreach', 1_001, 3_000)).toBe(false);
    expect(await two.store.connections.renew(theirs, 'outreach', grant({ accessToken: 'spent' }))).toBe(false);
    expect(await two.store.connections.end(theirs, 'outreach')).toBe(false);
    expect(await held(two.store)).toMatchObject({ grant: { accessToken: 'anew' }, ended: false });
  });

  it('spends every refresh token once, however often both try at once', async () => {
    const spent: string[] = [];
    let renewed = 0;
    for (let round = 1; round <= 10; round += 1) {
      const outcomes = await Promise.all(both.map((opened) => renew(opened, spent, 1_000 + round)));
      renewed += outcomes.filter((won) => won).length;
    }

    expect(new Set(spent).size).toBe(spent.length);
    expect(renewed).toBe(spent.length);
    expect(spent.length).toBeGreaterThanOrEqual(10);
  });

  it('is used by one of them alone when both get a consent’s answer at once', async () => {
    const consent = { ...ANN, provider: 'outreach', codeVerifier: 'verifier', expiresAt: 9_000 };
    for (let round = 0; round < 10; round += 1) {
      await both[0].store.consents.begin(`hash-${round}`, consent);
      const taken = await Promise.all(both.map(({ store }) => store.consents.take(`hash-${round}`, 1)));
      expect(taken.map((each) => each?.is).sort()).toEqual(['new', 'used']);
    }
  });
});
