/** One process, two workspaces: Slack's requests, the tick and the worker, each to its own. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { MAYA, TASK_A } from './cast.ts';
import { createInstallable, installFrom } from './installable.ts';
import { digestOf, openHome, type } from './press.ts';
import { createTwoWorkspaces, inStore, OTHER_TEAM } from './workspaces.ts';

test('each workspace is answered with its own bot and its own tools, though the people have the same ids', async () => {
  const { world, other } = await createTwoWorkspaces();
  const digest = await digestOf(world);
  await digest.press('Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect((await type(world, 'status')).words()).toContain('Gong');
  expect(other.slack.messages(MAYA.id)).toEqual([]);

  expect((await type(other, 'help')).words()).toContain('/tasks digest');
  expect((await type(other, 'status')).words()).not.toContain('Gong');
  expect(JSON.stringify(await openHome(other))).not.toContain('Whitfield');
  await other.pass(24 * 3_600_000);
  expect(other.slack.messages(MAYA.id).filter(({ ephemeral }) => !ephemeral)).toEqual([]);
  expect(other.slack.calls.some(({ method }) => method === 'users.list')).toBe(true);
  expect(other.slack.unexpected).toEqual([]);
});

test('the numbers of the list that a rep saw in one workspace name nothing in the other', async () => {
  const { world, other } = await createTwoWorkspaces();
  const digest = await digestOf(world);
  expect(digest.words()).toContain('Whitfield 001');

  const done = await type(other, 'done 1');

  expect(done.words()).not.toContain('Whitfield');
  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
});

test('a workspace whose install is gone is not served any more, and its jobs are done by nobody else', async () => {
  const { world, other } = await createTwoWorkspaces();
  await type(other, 'help');
  const members = world.slack.calls.filter(({ method }) => method === 'users.list').length;
  const before = other.slack.calls.length;
  await inStore(world, async ({ store }) => {
    await store.installs.end({ teamId: OTHER_TEAM, at: 1, version: 1 });
    await store.installs.forget(OTHER_TEAM);
  });
  await world.pass(60_000);
  await inStore(world, ({ queue }) =>
    queue.enqueue({ key: 'late', payload: { kind: 'link', teamId: OTHER_TEAM }, priority: 0, runAt: 0 }),
  );
  await world.pass(60_000);

  expect(world.lines.filter(({ message }) => message === 'a job ended with its workspace')).toHaveLength(1);
  expect(await inStore(world, ({ store }) => store.reps.list(OTHER_TEAM))).toEqual([]);
  expect(world.slack.calls.filter(({ method }) => method === 'users.list')).toHaveLength(members);
  const asked = await other.slack.command(MAYA.id, '/tasks', 'help');
  await world.idle();
  expect(asked.acked).toBe(true);
  expect(other.slack.calls).toHaveLength(before);
});

test('a workspace whose token no key opens is not served, and Slack says so to people; its jobs wait until the key is back', async () => {
  const { world, other, restart } = await createTwoWorkspaces();
  const looks = () => other.slack.calls.filter(({ method }) => method === 'users.list').length;
  const late = { key: 'late', payload: { kind: 'link', teamId: OTHER_TEAM }, priority: 0, runAt: 0 } as const;
  await inStore(world, async ({ db, queue }) => {
    await sql`update installs set sealed = 'x' || sealed`.execute(db);
    await queue.enqueue(late);
  });
  const before = looks();
  await restart();
  await world.pass(60_000, 3);

  const lines = world.lines.map(({ message }) => message);
  expect(lines.filter((line) => line.startsWith('ENCRYPTION_KEY does not open the token of a workspace'))).toHaveLength(
    1,
  );
  expect(lines).not.toContain('a job ended with its workspace');
  expect((await other.slack.command(MAYA.id, '/tasks', 'help')).acked).toBe(false);
  expect((await other.slack.event({ type: 'team_join', user: { id: MAYA.id } })).acked).toBe(true);
  expect(looks()).toBe(before);

  await inStore(world, async ({ db }) => {
    await sql`update installs set sealed = substr(sealed, 2)`.execute(db);
  });
  await world.pass(60_000, 2);

  expect(looks()).toBeGreaterThan(before);
  expect((await type(other, 'help')).words()).toContain('/tasks digest');
  const { rows } = await inStore(world, ({ db }) =>
    sql`select state, attempts from jobs where key = 'late'`.execute(db),
  );
  expect(rows).toEqual([{ state: 'done', attempts: 1 }]);
});

test('a click of the workspace of the settings waits while they do not name it, and is done once they do again', async () => {
  const { world, config } = await createInstallable();
  const digest = await digestOf(world);
  world.gong.fail({ times: 1_000, how: { kind: 'answer', status: 500 } });
  await digest.press('Whitfield 001', 'Done');
  world.gong.clearFaults();

  await world.restart(0, { ...config, slack: { ...config.slack, botToken: undefined }, providers: new Map() });
  await world.pass(60_000, 3);
  expect(world.gong.task(TASK_A)?.status).toBe('OPEN');
  const lines = world.lines.map(({ message }) => message);
  expect(lines).toContain('a job waits until its workspace is served again');
  expect(lines.slice(lines.indexOf('a job waits until its workspace is served again'))).not.toContain('job failed');

  await world.restart(60_000, config);
  await world.pass(60_000);
  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
});

test('new clicks of a workspace whose token was taken out of the settings are not acknowledged until it installs the app; those of strangers are, and nobody hears of them', async () => {
  const { world, config, other } = await createInstallable();
  await digestOf(world);
  const help = async ({ slack }: typeof world) => (await slack.command(MAYA.id, '/tasks', 'help')).acked;
  const said = () => world.lines.filter(({ message }) => message.startsWith('a workspace has no token any more'));
  expect(await help(world)).toBe(true);
  expect(await help(other)).toBe(true);

  await world.restart(0, { ...config, slack: { ...config.slack, botToken: undefined }, providers: new Map() });
  await world.pass(60_000, 2);
  expect(await help(world)).toBe(false);
  expect((await world.slack.event({ type: 'team_join', user: { id: MAYA.id } })).acked).toBe(true);
  expect(await help(other)).toBe(true);
  expect(said()).toMatchObject([{ level: 'warn', fields: { team: world.slack.teamId } }]);

  await installFrom(world, undefined, world.slack.teamId);
  expect(await help(world)).toBe(true);
  expect((await type(world, 'help')).words()).toContain('/tasks digest');
  await world.pass(60_000, 2);
  expect(await help(world)).toBe(true);
  expect(said()).toHaveLength(1);
});

test.each(['app_uninstalled', 'tokens_revoked'])(
  'after %s all of that workspace is gone within a minute, once Slack says that its token has ended; nothing of the other',
  async (event) => {
    const { world, other } = await createTwoWorkspaces();
    await digestOf(world);
    await type(other, 'help');
    await openHome(other);
    const held = () =>
      inStore(world, async ({ store }) => [await store.reps.list(OTHER_TEAM), await store.installs.list()]);
    const body = { type: event, tokens: { oauth: [], bot: ['U0BOT'] }, event_ts: '1.1' };
    await other.slack.event(body);
    await world.pass(60_000);
    // The token works: it was an event of an earlier install.
    expect((await held()).map(({ length }) => length)).toEqual([1, 1]);
    const ours = await inStore(world, ({ store }) => store.reps.list(world.slack.teamId));

    other.slack.refuseToken('token_revoked');
    await other.slack.event({ ...body, event_ts: '1.2' });
    await other.slack.event({ ...body, event_ts: '1.3' });
    await world.pass(60_000);
    await world.pass(60_000);

    expect(await held()).toEqual([[], []]);
    const { rows } = await inStore(world, ({ db }) =>
      sql`select id from jobs where payload like ${`%${OTHER_TEAM}%`}`.execute(db),
    );
    expect(rows).toEqual([]);
    expect(await inStore(world, ({ store }) => store.reps.list(world.slack.teamId))).toEqual(ours);
    expect(world.lines.filter(({ message }) => message === 'forgot a workspace that has removed the app')).toHaveLength(
      1,
    );
  },
);
