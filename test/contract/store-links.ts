import { beforeEach, expect, it } from 'vitest';
import type { LinkOrigin } from '../../src/core/model/people.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { ANN, BEN, link, OTHER_ANN, rep } from '../store/fixtures.ts';

const NEVER = { lastListedAt: undefined, announcedAt: undefined };

export function linksContract(store: () => Store): void {
  beforeEach(async () => {
    await store().reps.save(rep(ANN));
    await store().reps.save(rep(BEN));
  });

  it('lists links by provider, and removes one', async () => {
    await store().links.save(link(ANN, { provider: 'reply' }));
    await store().links.save(link(ANN));
    await store().links.save(link(BEN));

    expect(await store().links.of(ANN)).toStrictEqual([
      { ...link(ANN), ...NEVER },
      { ...link(ANN, { provider: 'reply' }), ...NEVER },
    ]);
    expect(await store().links.find(ANN, 'reply')).toStrictEqual({ ...link(ANN, { provider: 'reply' }), ...NEVER });
    await store().links.remove(ANN, 'gong');
    expect(await store().links.find(ANN, 'gong')).toBeUndefined();
    expect((await store().links.list('T1')).map((each) => [each.userId, each.provider])).toEqual([
      ['UANN', 'reply'],
      ['UBEN', 'gong'],
    ]);
  });

  it('lists and counts all links of a team, however many, in the order of their reps and providers', async () => {
    const team = Array.from({ length: 700 }, (_, n) => ({ teamId: 'T1', userId: `U${String(n).padStart(3, '0')}` }));
    for (const key of team) {
      await store().reps.save(rep(key));
      for (const provider of ['gong', 'reply']) await store().links.save(link(key, { provider }));
    }
    await store().reps.save(rep(OTHER_ANN));
    await store().links.save(link(OTHER_ANN));

    const listed = (await store().links.list('T1')).map(({ userId, provider }) => `${userId} ${provider}`);
    expect(listed).toEqual(team.flatMap(({ userId }) => [`${userId} gong`, `${userId} reply`]));
    expect(await store().links.count('T1', 'gong')).toBe(700);
    expect(await store().links.count('T2', 'gong')).toBe(1);
    expect(await store().links.count('T2', 'reply')).toBe(0);
  });

  it.each([
    ['suggestion', 'a.ab@example.org'],
    ['consent', undefined],
    ['address', 'ann@example.com'],
  ] as const)('gives back, and replaces, how a link came about and its address: %s, %s', async (origin, email) => {
    await store().links.save(link(ANN, { origin: 'suggestion', email: 'another@example.org' }));
    await store().links.save(link(ANN, { origin, email, linkedAt: 2_000 }));
    expect(await store().links.of(ANN)).toStrictEqual([{ ...link(ANN, { origin, email, linkedAt: 2_000 }), ...NEVER }]);
  });

  it('remembers what was listed and told of a link only while it means the same person', async () => {
    const told = { lastListedAt: 9_000, announcedAt: 9_500 };
    await store().links.save(link(ANN));
    await store().links.markListed(ANN, 'gong', 9_000);
    await store().links.markAnnounced(ANN, ['gong'], 9_500);
    await store().links.save(link(ANN, { linkedAt: 2_000 }));
    expect(await store().links.of(ANN)).toEqual([{ ...link(ANN, { linkedAt: 2_000 }), ...told }]);

    await store().links.save(link(ANN, { externalId: 'another' }));
    expect(await store().links.of(ANN)).toEqual([{ ...link(ANN, { externalId: 'another' }), ...NEVER }]);
  });

  it('knows when a provider last gave anybody of a team their tasks', async () => {
    await store().reps.save(rep(OTHER_ANN));
    for (const key of [ANN, BEN, OTHER_ANN]) await store().links.save(link(key));
    expect(await store().links.lastListed('T1', 'gong')).toBeUndefined();
    await store().links.markListed(ANN, 'gong', 9_000);
    await store().links.markListed(BEN, 'gong', 8_000);
    await store().links.markListed(OTHER_ANN, 'gong', 9_900);

    expect(await store().links.lastListed('T1', 'gong')).toBe(9_000);
    expect(await store().links.lastListed('T1', 'reply')).toBeUndefined();
  });

  it('notes for the named providers of one rep that they were told', async () => {
    for (const provider of ['gong', 'outreach', 'reply']) await store().links.save(link(ANN, { provider }));
    await store().links.save(link(BEN));
    await store().links.markAnnounced(ANN, [], 1);
    await store().links.markAnnounced(ANN, ['gong', 'reply', 'unknown'], 7);

    const told = await store().links.list('T1');
    expect(told.map((each) => [each.userId, each.provider, each.announcedAt])).toEqual([
      ['UANN', 'gong', 7],
      ['UANN', 'outreach', undefined],
      ['UANN', 'reply', 7],
      ['UBEN', 'gong', undefined],
    ]);
  });

  it('knows who has a user of a provider, in this team alone', async () => {
    await store().reps.save(rep(OTHER_ANN));
    for (const key of [BEN, ANN, OTHER_ANN]) await store().links.save(link(key, { externalId: '7' }));
    await store().links.save(link(ANN, { provider: 'reply', externalId: '7' }));
    await store().links.save(link(BEN, { provider: 'reply', externalId: '8' }));

    const holders = await store().links.holders('T1', 'gong', '7');
    expect(holders).toStrictEqual([
      { ...link(ANN, { externalId: '7' }), ...NEVER },
      { ...link(BEN, { externalId: '7' }), ...NEVER },
    ]);
    expect(await store().links.holders('T1', 'reply', '9')).toEqual([]);
  });

  it('refuses a link of someone unknown, or of an origin that does not exist', async () => {
    await expect(store().links.save(link(OTHER_ANN))).rejects.toThrow();
    const origin: LinkOrigin = 'address';
    // @ts-expect-error: what a type forbids, the table refuses as well
    await expect(store().links.save(link(ANN, { origin: `${origin}es` }))).rejects.toThrow();
  });
}
