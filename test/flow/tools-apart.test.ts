/** What workspaces with the same people, tools and ids have in common: nothing but the limits of a key that both have. */
import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { ADMIN, ALWAYS, HOUR, MANUAL_TASK, MAYA, MINUTE, STEP_TASK, TASK_A, THEO } from './cast.ts';
import { digestOf, type } from './press.ts';
import { mustBe, posted, wordsOf } from './read.ts';
import { connectLink, returnTo, signIn } from './sign-in.ts';
import { connectGong, createTooled, twoOutreaches } from './tooling.ts';
import { inStore, OTHER_TEAM } from './workspaces.ts';
import type { World } from './world.ts';

const grants = (world: World, teamId: string) =>
  inStore(world, async ({ store }) => (await store.connections.live('outreach', teamId)).map(({ userId }) => userId));
const minted = ({ outreach }: World) => outreach.requests.filter(({ path }) => path === '/oauth/token').length;

test('a sign-in goes to the workspace whose link was pressed, and its application', async () => {
  const { world, there } = await twoOutreaches();
  const before = minted(world);

  const page = await signIn(there);

  expect(page.status).toBe(200);
  expect(await grants(world, OTHER_TEAM)).toEqual([MAYA.id]);
  expect(await grants(world, world.slack.teamId)).toEqual([]);
  expect(minted(world)).toBe(before);
  await signIn(world);
  expect(await grants(world, world.slack.teamId)).toEqual([MAYA.id]);
  // A second look at the page shows the result of its own.
  expect((await returnTo(page.url)).text).toContain('Outreach');
});

test('a sign-in of a workspace that is not served any more comes to nothing, whoever else has the tool', async () => {
  const { world, there } = await twoOutreaches();
  const link = await connectLink(there);
  // Its people are still there.
  await inStore(world, ({ db }) => sql`delete from installs`.execute(db));
  await world.pass(MINUTE);

  const answer = await fetch(link, { redirect: 'manual' });

  expect(answer.headers.get('location')).toBeNull();
  expect(await answer.text()).toContain('This link is over');
  expect(await grants(world, world.slack.teamId)).toEqual([]);
});

test('Outreach tells each workspace at an address of its own, and what is told to one touches nothing of the other', async () => {
  const { world, there } = await twoOutreaches();
  await signIn(world);
  await signIn(there);
  await world.pass(MINUTE);
  const [ours] = world.outreach.webhooks();
  const [theirs] = there.outreach.webhooks();
  expect(ours?.url).toBe(`${world.publicUrl}/webhooks/outreach`);
  expect(theirs?.url).toBe(`${world.publicUrl}/webhooks/outreach/${OTHER_TEAM}`);
  expect(theirs?.secret).not.toBe(ours?.secret);
  await inStore(world, async ({ store }) => {
    for (const rep of await store.reps.list(OTHER_TEAM)) await store.reps.markWelcomed(rep, 1);
  });
  const here = await digestOf(world);
  const digest = mustBe(posted(there).at(-1));
  expect(wordsOf(digest)).toContain('Ines Calder');

  there.outreach.complete(STEP_TASK);
  await there.outreach.settled();
  await world.idle();

  expect(there.outreach.deliveries.at(-1)?.status).toBe(200);
  expect(wordsOf(posted(there).find(({ ts }) => ts === digest.ts))).toContain('Done in Outreach');
  expect(here.words()).not.toContain('Done in Outreach');
  // Signed with the secret of the other, it is nobody's.
  const sent = mustBe(there.outreach.deliveries.at(-1));
  const signature = createHmac('sha256', mustBe(theirs).secret).update(sent.body).digest('hex');
  const forged = { method: 'POST', body: sent.body, headers: { 'outreach-webhook-signature': signature } };
  expect(await world.status(`/webhooks/outreach/${OTHER_TEAM}`, forged)).toBe(200);
  expect(await world.status('/webhooks/outreach', forged)).toBe(401);
  expect(await world.status('/webhooks/outreach/T0NOBODY', forged)).toBe(404);
  expect(world.outreach.task(MANUAL_TASK)?.state).toBe('incomplete');
});

test('Gong away for one workspace holds back nothing of the other, and its jobs alone go on when it is back', async () => {
  const { world, other, gong } = await createTooled();
  await connectGong(other);
  other.slack.closeModal(ADMIN.id);
  const [ours, theirs] = [await type(world, ''), await type(other, '')];
  gong.fail({ how: { kind: 'answer', status: 503 }, times: ALWAYS });
  await theirs.press('Of the other 001', 'Done');
  for (let press = 0; press < 4; press += 1) await other.pass(10_000);

  await ours.press('Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(gong.task(TASK_A)?.status).toBe('OPEN');
  gong.clearFaults();
  await other.pass(HOUR);
  await other.pass(MINUTE);
  expect(gong.task(TASK_A)?.status).toBe('DONE');
});

test('two workspaces with one key share its three calls a second and its day', async () => {
  const { world, other } = await createTooled({ isShared: true });
  const { accessKey, accessKeySecret } = world.gong;
  await connectGong(other, { GONG_ACCESS_KEY: accessKey, GONG_ACCESS_KEY_SECRET: accessKeySecret });
  const people = [world, other].flatMap((each) => [MAYA, THEO].map((who) => ({ each, who })));

  for (let round = 0; round < 3; round += 1) {
    await Promise.all(people.map(({ each, who }) => each.slack.command(who.id, '/tasks', 'today')));
    await Promise.all(people.map(({ each, who }) => each.slack.command(who.id, '/tasks', '')));
    await world.pass(MINUTE);
  }

  expect(world.gong.requests.filter(({ status }) => status === 429)).toEqual([]);
  const { rows } = await inStore(world, ({ db }) =>
    sql<{ provider: string; calls: number }>`select provider, calls from spending`.execute(db),
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.provider).toMatch(/^gong [\w-]{16}$/);
});
