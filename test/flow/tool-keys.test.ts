/** A tool's key over time: replaced, set elsewhere, lost, of another account, taken away. */
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { ADMIN, MAYA, MINUTE, TASK_A, TASK_B } from './cast.ts';
import { pressOnly, type } from './press.ts';
import { lastMessage, mustBe } from './read.ts';
import { connectGong, createTooled, GOOD, offered, openTools, pressTool, seen, sendKey } from './tooling.ts';
import { inStore, OTHER_TEAM } from './workspaces.ts';
import type { World } from './world.ts';

const stored = (world: World) => inStore(world, ({ store }) => store.tools.list());
const linksOf = (world: World, teamId = OTHER_TEAM) => inStore(world, ({ store }) => store.links.list(teamId));

test('who is no admin disconnects nothing', async () => {
  const { world, other } = await createTooled();
  await connectGong(other);
  other.slack.closeModal(ADMIN.id);
  await pressTool(other, 'Gong', 'Replace the key');
  const { payload } = mustBe(other.slack.sent.at(-1));
  const [action] = payload.actions as { value: string }[];

  await other.slack.deliver('interactive', {
    ...payload,
    user: { id: MAYA.id, team_id: OTHER_TEAM },
    actions: [{ ...action, action_id: 'tool_end' }],
  });
  await other.idle();

  expect(await stored(world)).toHaveLength(1);
  expect(await linksOf(other)).toHaveLength(2);
});

test('a key that another process has set counts here within a minute, and so does its end', async () => {
  const { world, other } = await createTooled();
  const key = { teamId: OTHER_TEAM, provider: 'gong', settings: GOOD, by: ADMIN.id, at: world.now() };
  await inStore(world, ({ store }) => store.tools.save(key));
  await world.pass(MINUTE);
  expect((await type(other, '')).words()).toContain('Of the other 001');

  await inStore(world, ({ store }) => store.transact((tx) => store.tools.end(key, tx)));
  await world.pass(MINUTE);

  expect((await type(other, 'status')).words()).not.toContain('Gong');
  expect((await type(world, '')).words()).toContain('Whitfield 001');
});

test('people are linked by whichever process takes the job, also by one that has not heard of the key yet', async () => {
  const { world, other } = await createTooled();
  const key = { teamId: OTHER_TEAM, provider: 'gong', settings: GOOD, by: ADMIN.id, at: world.now() };
  await inStore(world, async ({ store, queue }) => {
    await store.tools.save(key);
    await queue.enqueue({
      ...{ key: 'link', priority: 0, runAt: world.now() },
      payload: { kind: 'link', teamId: OTHER_TEAM },
    });
  });

  // No minute passes; somebody's command wakes the worker.
  await type(other, 'help');
  await expect.poll(() => linksOf(other), { timeout: 10_000 }).toHaveLength(2);
});

test('a key that is replaced while a click is under way lets it end where it began; later ones take the new key', async () => {
  const { other, gong } = await createTooled();
  await connectGong(other);
  other.slack.closeModal(ADMIN.id);
  const list = await type(other, '');
  gong.fail({ on: `PATCH /v2/tasks/${TASK_A}`, how: { kind: 'hold' } });
  await pressOnly(other, list, 'Of the other 001', 'Done');
  await vi.waitFor(() => expect(gong.requests.some(({ method }) => method === 'PATCH')).toBe(true), 10_000);

  // Wrong, so that it shows which call was made with it.
  const settings = { ...GOOD, GONG_ACCESS_KEY_SECRET: 'of-another-key' };
  const key = { settings, teamId: OTHER_TEAM, provider: 'gong', by: ADMIN.id, at: other.now() };
  await inStore(other, ({ store }) => store.tools.save(key));
  await other.app.tick();
  gong.release();
  await other.idle();
  await list.press('Of the other 002', 'Done');

  expect([TASK_A, TASK_B].map((id) => gong.task(id)?.status)).toEqual(['DONE', 'OPEN']);
  expect(list.row('Of the other 002').text).toContain("Gong refused Docket's credentials.");
});

test('a tool that is disconnected leaves the lists; its links end, its key is gone, and a late click changes nothing', async () => {
  const { world, other, gong } = await createTooled();
  await connectGong(other);
  other.slack.closeModal(ADMIN.id);
  const list = await type(other, '');

  await pressTool(other, 'Gong', 'Disconnect');

  expect(seen(other)).toContain('*Gong is disconnected*, and its key is deleted here. 2 links ended.');
  expect(offered(other, 'Gong')).toEqual(['Connect']);
  expect(await stored(world)).toEqual([]);
  expect(await linksOf(other)).toEqual([]);
  await list.press('Of the other 001', 'Done');
  expect(gong.task(TASK_A)?.status).toBe('OPEN');
  expect(mustBe(lastMessage(other)).text).toContain('is not linked, so nothing was changed');
  const events = await inStore(world, ({ store }) => store.people.events(OTHER_TEAM, { limit: 9 }));
  expect(events.map(({ event }) => event)).toContain('key_removed');
  expect(await linksOf(world, world.slack.teamId)).toHaveLength(2);
  // At the same instant.
  await connectGong(other);
  expect(await linksOf(other)).toHaveLength(2);
});

test('a button for a key that another admin has replaced since disconnects nothing, and says whose key it is', async () => {
  const { world, other } = await createTooled();
  await connectGong(other);
  other.slack.closeModal(ADMIN.id);
  const at = world.now() + 5_000;
  await inStore(world, ({ store }) =>
    store.tools.save({ teamId: OTHER_TEAM, provider: 'gong', settings: GOOD, by: MAYA.id, at }),
  );

  await pressTool(other, 'Gong', 'Disconnect');

  expect(seen(other)).toContain('*Nothing was disconnected.* <@U0MAYA> has set another key for Gong meanwhile');
  expect(await stored(world)).toMatchObject([{ by: MAYA.id }]);
  expect(await linksOf(other)).toHaveLength(2);
});

test('a key of another account is refused while people are linked by the old one', async () => {
  const { world, other, gong } = await createTooled();
  await connectGong(other);
  other.slack.closeModal(ADMIN.id);
  await inStore(world, async ({ store }) => {
    for (const link of await store.links.list(OTHER_TEAM))
      await store.links.save({ ...link, externalId: `77${link.externalId}` });
  });
  await pressTool(other, 'Gong', 'Replace the key');

  await sendKey(other, GOOD);

  expect(seen(other)).toContain(
    'This key is of another Gong account: none of the 2 reps who are linked here is in it.',
  );
  expect(await stored(world)).toMatchObject([{ by: ADMIN.id }]);
  expect(gong.task(TASK_A)?.status).toBe('OPEN');
});

test('what the old key had failed is done once an admin has replaced it', async () => {
  const { other, gong } = await createTooled();
  await connectGong(other);
  other.slack.closeModal(ADMIN.id);
  const list = await type(other, '');
  gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 401 } });
  gong.fail({ on: 'POST /v2/tasks', how: { kind: 'answer', status: 401 } });
  await list.press('Of the other 001', 'Done');
  gong.clearFaults();
  expect(gong.task(TASK_A)?.status).toBe('OPEN');

  await pressTool(other, 'Gong', 'Replace the key');
  await sendKey(other, { ...GOOD, GONG_FLOW_DROP_DAYS: '90' });

  expect(seen(other)).toContain('*Gong has the new key.*');
  expect(gong.task(TASK_A)?.status).toBe('DONE');
});

test('a key that ENCRYPTION_KEY does not open is said, the tool is shown as one that does not answer, and nothing is lost', async () => {
  const { world, other, restart } = await createTooled();
  await connectGong(other);
  await inStore(world, async ({ db }) => {
    await sql`update tools set sealed = 'x' || sealed`.execute(db);
  });
  await restart();

  expect(world.lines).toContainEqual({
    level: 'error',
    fields: { team: OTHER_TEAM, provider: 'gong' },
    message: 'ENCRYPTION_KEY does not open the key of a tool, so nothing is asked there',
  });
  expect((await type(other, '')).words()).toContain(
    "*Gong could not be reached, so your Gong call tasks are missing here.* It refused Docket's credentials",
  );
  expect(await openTools(other)).toContain('*The key cannot be read any more*');
  expect(await linksOf(other)).toHaveLength(2);
});
