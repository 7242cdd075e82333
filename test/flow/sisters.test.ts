/** Two workspaces of one organisation that installed the app by themselves: one list and one digest for each person. */
import { expect, test } from 'vitest';
import { ADMIN, DAY, MAYA, MINUTE, MONDAY_NINE, THEO } from './cast.ts';
import { createInstallable, installFrom, openBrowser } from './installable.ts';
import { openHome, type } from './press.ts';
import { mustBe, posted } from './read.ts';
import { connectGong } from './tooling.ts';
import { inStore, OTHER_TEAM } from './workspaces.ts';
import type { World } from './world.ts';

const FIRST = 'T0SANDBOX';
const linksIn = async (world: World, teamId: string) =>
  (await inStore(world, ({ store }) => store.links.list(teamId))).map(({ userId }) => userId).toSorted();

/** The first one has found Maya and Theo; the second one has its tools for a minute by now. */
async function createSisters({ isOneOrganisation = true } = {}) {
  const users = [ADMIN, MAYA, THEO];
  const addresses: Record<string, string> = {};
  const { world, other } = await createInstallable({
    home: false,
    gongRateLimits: false,
    users,
    grid: 'workspace',
    overrides: { addresses },
    there: { users, ...(isOneOrganisation && { grid: 'workspace' }) },
  });
  addresses.GONG_API_URL = world.gong.url;
  const { GONG_ACCESS_KEY = '', GONG_ACCESS_KEY_SECRET = '' } = mustBe(world.config.providers.get('gong'));
  for (const [each, teamId] of [
    [world, FIRST],
    [other, OTHER_TEAM],
  ] as const) {
    expect((await installFrom(world, openBrowser(), teamId)).status).toBe(200);
    // The first look at who is here finds no tool.
    await world.pass(1_000);
    await connectGong(each, { GONG_ACCESS_KEY, GONG_ACCESS_KEY_SECRET });
    each.slack.closeModal(ADMIN.id);
    await world.idle();
  }
  await world.pass(MINUTE);
  return { world, other };
}

test('the workspace that found a rep first has their list and sends one digest; the other one says where it is', async () => {
  const { world, other } = await createSisters();
  expect(await linksIn(world, FIRST)).toEqual([MAYA.id, THEO.id]);
  expect(await linksIn(world, OTHER_TEAM)).toEqual([]);

  await world.passTo(MONDAY_NINE);
  expect(posted(world)).toHaveLength(1);
  expect(posted(other)).toHaveLength(0);
  for (const line of ['', 'status', 'done 1', 'connect']) {
    expect((await type(other, line)).text).toContain(`Your list and your digest are in *Team ${FIRST}*`);
  }
  expect(JSON.stringify((await openHome(other)).blocks)).toContain('Your list and your digest are in');
  expect((await type(world, '')).words()).toContain('Whitfield 001');
  expect((await type(other, 'team', ADMIN)).text).not.toContain('Your list and your digest are in');
  await world.pass(DAY);
  expect(posted(world)).toHaveLength(2);
  expect(posted(other)).toHaveLength(0);
});

test('who leaves the first workspace is found in the other one within a day', async () => {
  const { world, other } = await createSisters();
  await world.passTo(MONDAY_NINE);
  await world.slack.setUser({ ...MAYA, deleted: true });
  await world.idle();
  await world.pass(DAY);
  await world.pass(DAY);

  expect(await linksIn(world, FIRST)).toEqual([THEO.id]);
  expect(await linksIn(world, OTHER_TEAM)).toEqual([MAYA.id]);
  expect(posted(world)).toHaveLength(1);
  expect(posted(other).length).toBeGreaterThan(0);
  expect((await type(other, '')).words()).toContain('Whitfield 001');
});

test('who joins the other workspace is not found a second time', async () => {
  const { world, other } = await createSisters();
  await other.slack.event({
    type: 'team_join',
    user: { id: MAYA.id, profile: { email: 'maya@northlight.example' }, tz: MAYA.tz },
  });
  await world.idle();

  expect(await linksIn(world, OTHER_TEAM)).toEqual([]);
});

test('links that both have, from before or from a race, bring one digest: that of the first', async () => {
  const { world, other } = await createSisters();
  const [link] = await inStore(world, ({ store }) => store.links.of({ teamId: FIRST, userId: MAYA.id }));
  const { lastListedAt: _, announcedAt: __, ...held } = mustBe(link);
  await inStore(world, async ({ store }) => {
    const rep = mustBe(await store.reps.find(held));
    await store.reps.save({ ...rep, teamId: OTHER_TEAM });
    const schedule = mustBe(await store.schedules.find(held));
    await store.schedules.save({ ...schedule, teamId: OTHER_TEAM });
    await store.links.save({ ...held, teamId: OTHER_TEAM, linkedAt: held.linkedAt + 1 });
  });
  await world.passTo(MONDAY_NINE);

  expect(posted(world)).toHaveLength(1);
  expect(posted(other)).toHaveLength(0);
  const [run] = await inStore(world, ({ store }) => store.runs.since({ ...held, teamId: OTHER_TEAM }, '2026-11-01'));
  expect(run).toMatchObject({ state: 'skipped', why: 'elsewhere' });
});

test('workspaces of different organisations have nothing to do with one another', async () => {
  const { world, other } = await createSisters({ isOneOrganisation: false });
  await world.passTo(MONDAY_NINE);

  expect([posted(world).length, posted(other).length]).toEqual([1, 1]);
});
