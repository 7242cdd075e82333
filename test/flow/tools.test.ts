/** Each workspace has its own tools: admins connect them in a window, and nothing of one reaches another. */
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { createReply } from '../../sandbox/reply/simulator.ts';
import type { ReplyOptions } from '../../sandbox/reply/types.ts';
import { ADMIN, ALWAYS, MAYA, REPLY, TASK_A } from './cast.ts';
import { digestOf, type } from './press.ts';
import { lastMessage, mustBe, patches, textOf } from './read.ts';
import {
  connectGong,
  createTooled,
  GOOD,
  OTHER_KEY,
  OTHER_SECRET,
  offered,
  openTools,
  pressTool,
  seen,
  sendKey,
} from './tooling.ts';
import { inStore, OTHER_TEAM } from './workspaces.ts';
import type { World } from './world.ts';

const welcomed = (other: World) =>
  inStore(other, async ({ store }) => {
    for (const rep of await store.reps.list(OTHER_TEAM)) await store.reps.markWelcomed(rep, 1);
  });
const stored = (world: World) => inStore(world, ({ store }) => store.tools.list());
const linksOf = (world: World, teamId = OTHER_TEAM) => inStore(world, ({ store }) => store.links.list(teamId));

test('an admin connects Gong in the window; a rep there gets a digest of their own tasks, and Done goes to that Gong alone', async () => {
  const { world, other, gong } = await createTooled();
  expect(await openTools(other)).toContain('*Gong*: not connected.');
  expect(offered(other, 'Gong')).toEqual(['Connect']);

  const said = await connectGong(other);

  expect(said).toContain('*Gong is connected.*');
  other.slack.closeModal(ADMIN.id);
  expect(seen(other)).toContain('key set by <@U0ADA>, Mon 23 Nov');
  expect(seen(other)).toContain('It ends in `7Q2F`.');
  expect(seen(other)).toContain('Gong answers, and takes the key.');
  expect(offered(other, 'Gong')).toEqual(['Replace the key', 'Disconnect']);
  expect(await linksOf(other)).toHaveLength(2);
  await welcomed(other);
  const digest = await digestOf(other);
  expect(digest.words()).toContain('Of the other 001');

  await digest.press('Of the other 001', 'Done');

  expect(gong.task(TASK_A)?.status).toBe('DONE');
  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  const homes = mustBe(lastMessage(world));
  expect(JSON.stringify(homes.blocks)).toContain('Whitfield 001');
  expect(JSON.stringify(homes.blocks)).not.toContain('Of the other');
  const events = await inStore(world, ({ store }) => store.people.events(OTHER_TEAM, { limit: 9 }));
  expect(events.at(-1)).toMatchObject({ event: 'key_set', by: ADMIN.id, provider: 'gong' });
  expect(world.lines).toContainEqual({
    level: 'info',
    fields: { team: OTHER_TEAM, provider: 'gong', by: ADMIN.id },
    message: 'an admin set the key of a tool',
  });
});

test('a key is sealed in the database, and in no job, message, view or metadata', async () => {
  const { world, other } = await createTooled();
  await connectGong(other);

  const everything = await inStore(world, async ({ db }) => {
    const tables = (await db.introspection.getTables()).map(({ name }) => name);
    const rows = await Promise.all(tables.map((name) => sql`select * from ${sql.table(name)}`.execute(db)));
    return JSON.stringify(rows.map((each) => each.rows));
  });

  expect(everything).toContain('"set_by":"U0ADA"');
  for (const secret of [OTHER_KEY, OTHER_SECRET]) expect(everything).not.toContain(secret);
  const views = JSON.stringify(other.slack.calls.filter(({ method }) => method.startsWith('views.')));
  for (const secret of [OTHER_KEY, OTHER_SECRET]) expect(views).not.toContain(secret);
});

test('a wrong key is said in words with what to do, the form stands there again, and nothing is kept', async () => {
  const { world, other, gong } = await createTooled();

  const said = await connectGong(other, { ...GOOD, GONG_ACCESS_KEY_SECRET: 'mistyped-secret' });

  expect(said).toMatch(/Nothing was saved\.\* Gong refuses the key: .* Copy it again\. \(Reference: [0-9A-Za-z-]+\)/);
  expect(await stored(world)).toEqual([]);
  const reference = /Reference: ([\w-]+)/.exec(said)?.[1];
  expect(world.lines.filter(({ message }) => message === 'a tool did not take its key')).toMatchObject([
    { level: 'warn', fields: { reference, team: OTHER_TEAM, provider: 'gong', rep: ADMIN.id } },
  ]);
  expect(JSON.stringify(other.slack.calls)).not.toContain('mistyped-secret');
  expect(gong.requests.every(({ status }) => status === 401)).toBe(true);
  await sendKey(other, GOOD);
  expect(seen(other)).toContain('*Gong is connected.*');
});

// reply.md 2.2
test('a key of Reply.io that is no Master key is refused with what to copy instead; the Master key is taken', async () => {
  const addresses = { REPLY_API_URL: '' };
  const { world, other } = await createTooled({ overrides: { addresses } });
  const open = async (apiKey: string, more: Partial<ReplyOptions> = {}) => {
    const reply = await createReply({ ...REPLY, clock: world.now, apiKey, ...more });
    onTestFinished(() => reply.close());
    addresses.REPLY_API_URL = reply.url;
  };
  await open('key-of-one-person', { personalTo: REPLY.users[0]?.id ?? '' });
  await openTools(other);
  await pressTool(other, 'Reply.io', 'Connect');

  await sendKey(other, { REPLY_API_KEY: 'key-of-one-person' });

  expect(seen(other)).toContain("*Nothing was saved.* Reply.io says that this key is one person's");
  expect(seen(other)).toContain('Copy the Master key of the workspace instead. (Reference: ');
  expect(await stored(world)).toEqual([]);
  await open('master-key');
  await sendKey(other, { REPLY_API_KEY: 'master-key' });
  expect(seen(other)).toContain('*Reply.io is connected.*');
  expect(await stored(world)).toMatchObject([{ provider: 'reply' }]);
});

test('Gong does not answer: the window says that it is tried, then that nothing was saved and that trying again is safe', async () => {
  const { world, other, gong } = await createTooled();
  await openTools(other);
  await pressTool(other, 'Gong', 'Connect');
  gong.fail({ how: { kind: 'answer', status: 503 }, times: ALWAYS });

  const { ackBody } = await sendKey(other, GOOD);

  expect(JSON.stringify(ackBody)).toContain('Trying the key at Gong');
  expect(seen(other)).toContain('Gong does not answer just now. Try again in a few minutes; it is safe.');
  expect(await stored(world)).toEqual([]);
  expect((await type(world, '')).words()).toContain('Whitfield 001');
});

test('what cannot be a key is refused beside its field, and no tool is asked', async () => {
  const { other, gong } = await createTooled();
  await openTools(other);
  await pressTool(other, 'Gong', 'Connect');

  const { ackBody } = await sendKey(other, {
    GONG_ACCESS_KEY: '"quoted"',
    GONG_ACCESS_KEY_SECRET: 'two words',
    GONG_API_URL: 'https://169.254.169.254/latest',
    GONG_FLOW_DROP_DAYS: '0',
  });

  expect(ackBody).toMatchObject({ response_action: 'errors' });
  expect(Object.keys(ackBody.errors ?? {})).toEqual([
    'tool_GONG_ACCESS_KEY',
    'tool_GONG_ACCESS_KEY_SECRET',
    'tool_GONG_API_URL',
    'tool_GONG_FLOW_DROP_DAYS',
  ]);
  expect(gong.requests).toEqual([]);
});

test('who is no admin opens nothing, and what they forge is refused before a key is tried', async () => {
  const { world, other, gong } = await createTooled();
  await openTools(other);
  await pressTool(other, 'Gong', 'Connect');
  await sendKey(other, { ...GOOD, GONG_ACCESS_KEY_SECRET: 'mistyped-secret' });
  const asked = gong.requests.length;
  const mould = mustBe(other.slack.sent.findLast(({ payload }) => payload.type === 'view_submission'));

  expect((await type(other, 'tools', MAYA)).words() + lastMessage(other)?.text).toContain(
    'Only admins of this workspace',
  );
  expect(other.slack.modal(MAYA.id)).toBeUndefined();
  const forged = structuredClone(mould.payload);
  const { acked } = await other.slack.deliver('interactive', { ...forged, user: { id: MAYA.id, team_id: OTHER_TEAM } });
  await other.idle();

  expect(acked).toBe(true);
  expect(gong.requests).toHaveLength(asked);
  expect(await stored(world)).toEqual([]);
});

test('of two admins at once the first is taken, and the second is told whose key it is', async () => {
  const { world, other } = await createTooled();
  await openTools(other);
  await pressTool(other, 'Gong', 'Connect');
  await inStore(world, ({ store }) =>
    store.tools.save({ teamId: OTHER_TEAM, provider: 'gong', settings: GOOD, by: MAYA.id, at: world.now() }),
  );

  await sendKey(other, GOOD);

  expect(seen(other)).toContain('*Nothing was saved.* <@U0MAYA> has set another key for Gong meanwhile');
  expect(await stored(world)).toMatchObject([{ by: MAYA.id }]);
});

test('in the workspace of the settings the operator’s keys stand there, and nobody else can change them', async () => {
  const { world } = await createTooled();

  expect(await openTools(world)).toContain('*Gong*: set by the operator of Docket, in its settings (`.env`).');

  expect(offered(world, 'Gong')).toEqual([]);
  expect(offered(world, 'Reply.io')).toEqual(['Connect']);
  expect(seen(world)).toContain('Gong answers, and takes the key.');
});

test('the window opens from the team’s message too', async () => {
  const { other } = await createTooled();
  const team = await type(other, 'team', ADMIN);

  await team.button('Sales tools…');

  expect(textOf(mustBe(other.slack.modal(ADMIN.id)).view.title)).toBe('Sales tools');
  expect(patches(other)).toEqual([]);
});
