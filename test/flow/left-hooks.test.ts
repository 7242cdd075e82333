/** The webhook that Outreach was told to send goes with the tool, and with the workspace that removes the app. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { ADMIN, ALWAYS, HOUR, MAYA, MINUTE, STEP_TASK } from './cast.ts';
import { posted, wordsOf } from './read.ts';
import { signIn } from './sign-in.ts';
import { pressTool, seen, twoOutreaches } from './tooling.ts';
import { inStore, OTHER_TEAM } from './workspaces.ts';
import type { World } from './world.ts';

const LEFT = 'a webhook is left at a tool that was disconnected: delete it there';
const DELETED = 'deleted the webhook of a tool that was disconnected';

/** Outreach tells both workspaces of changes, each at its own Outreach. */
async function told() {
  const { world, there, restart } = await twoOutreaches();
  for (const each of [world, there]) await signIn(each);
  await world.pass(MINUTE);
  expect([world, there].map(({ outreach }) => outreach.webhooks().length)).toEqual([1, 1]);
  there.slack.closeModal(ADMIN.id);
  return { world, there, restart, hook: there.outreach.webhooks()[0]?.id };
}

async function disconnect(there: World): Promise<void> {
  await pressTool(there, 'Outreach', 'Disconnect');
  expect(seen(there)).toContain('*Outreach is disconnected*');
}

const linesOf = ({ lines }: World, words: string) => lines.filter(({ message }) => message === words);
const kept = (world: World) =>
  inStore(world, async ({ db }) => (await sql<object>`select * from left_hooks`.execute(db)).rows);
const deletions = ({ outreach }: World) => outreach.requests.filter(({ method }) => method === 'DELETE').length;

// outreach.md 8.8
test('who disconnects Outreach has its webhook deleted there, and no key or sign-in is kept for it', async () => {
  const { world, there, hook } = await told();

  await disconnect(there);

  expect(there.outreach.webhooks()).toEqual([]);
  expect(world.outreach.webhooks()).toHaveLength(1);
  expect(await kept(world)).toEqual([]);
  const fields = { team: OTHER_TEAM, provider: 'outreach', hook };
  expect(linesOf(world, DELETED)).toEqual([{ level: 'info', fields, message: DELETED }]);
});

test('Outreach is away: the tool is disconnected at once, what it sends changes nothing, and the webhook is deleted once it answers', async () => {
  const { world, there, restart } = await told();
  there.outreach.fail({ on: 'DELETE', how: { kind: 'answer', status: 503 }, times: ALWAYS });

  await disconnect(there);
  expect(there.outreach.webhooks()).toHaveLength(1);
  const before = posted(there).map(wordsOf);
  there.outreach.complete(STEP_TASK);
  await there.outreach.settled();
  await world.idle();
  expect(there.outreach.deliveries.at(-1)?.status).toBe(404);
  expect(posted(there).map(wordsOf)).toEqual(before);
  await restart();
  there.outreach.clearFaults();
  await world.pass(6 * MINUTE);

  expect(there.outreach.webhooks()).toEqual([]);
  expect(await kept(world)).toEqual([]);
  expect(linesOf(world, LEFT)).toEqual([]);
});

test('a token that has ended by then is renewed for it with the key that is kept', async () => {
  const { world, there } = await told();
  there.outreach.fail({ on: 'DELETE', how: { kind: 'answer', status: 503 }, times: ALWAYS });
  await disconnect(there);
  const minted = () => there.outreach.requests.filter(({ path }) => path === '/oauth/token').length;
  const before = minted();

  await world.pass(2 * HOUR);
  there.outreach.clearFaults();
  await world.pass(6 * MINUTE);

  expect(minted()).toBe(before + 1);
  expect(there.outreach.webhooks()).toEqual([]);
});

test('one that is gone already counts as deleted', async () => {
  const { world, there } = await told();
  there.outreach.fail({ on: 'DELETE', how: { kind: 'answer', status: 404 } });

  await disconnect(there);

  expect(deletions(there)).toBe(1);
  expect(linesOf(world, DELETED)).toHaveLength(1);
});

test('where nobody may delete it, the operator reads which one is left, and it is not tried for ever', async () => {
  const { world, there, hook } = await told();
  const url = `${world.publicUrl}/webhooks/outreach/${OTHER_TEAM}`;
  there.outreach.fail({ on: 'DELETE', how: { kind: 'answer', status: 503 }, times: ALWAYS });
  await disconnect(there);
  expect(linesOf(world, LEFT)).toEqual([]);

  await world.pass(30 * MINUTE, 9);

  const fields = { team: OTHER_TEAM, provider: 'outreach', hook, url };
  expect(linesOf(world, LEFT)).toEqual([{ level: 'error', fields, message: LEFT }]);
  expect(await kept(world)).toEqual([]);
  const tries = deletions(there);
  await world.pass(HOUR);
  expect(deletions(there)).toBe(tries);
});

test('a sign-in that had ended before deletes nothing, and that is said at once', async () => {
  const { world, there } = await told();
  await inStore(world, async ({ store }) => {
    const held = await store.connections.find({ teamId: OTHER_TEAM, userId: MAYA.id }, 'outreach');
    if (held) await store.connections.end(held, 'outreach');
  });

  await disconnect(there);

  expect(linesOf(world, LEFT)).toHaveLength(1);
  expect(deletions(there)).toBe(0);
  expect(await kept(world)).toEqual([]);
});

test('a workspace that removes the app has its webhook deleted as well, and nothing of it is kept', async () => {
  const { world, there } = await told();
  there.slack.refuseToken('token_revoked');
  await there.slack.event({ type: 'app_uninstalled', event_ts: '1.1' });
  for (let minute = 0; minute < 3; minute += 1) await world.pass(MINUTE);

  expect(there.outreach.webhooks()).toEqual([]);
  expect(world.outreach.webhooks()).toHaveLength(1);
  expect(linesOf(world, DELETED)).toHaveLength(1);
  expect(await kept(world)).toEqual([]);
  const { rows } = await inStore(world, ({ db }) =>
    sql`select id from jobs where payload like ${`%${OTHER_TEAM}%`} and state in ('waiting', 'running')`.execute(db),
  );
  expect(rows).toEqual([]);
});
