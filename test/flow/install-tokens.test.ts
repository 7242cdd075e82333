/** Tokens that end after twelve hours are renewed while they are in use. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { Log } from '../../src/core/ports/runtime.ts';
import { createSchema, hasPostgres, takeTurnsOnServer } from '../store/postgres.ts';
import { HOUR, MAYA, MINUTE } from './cast.ts';
import { claimingNothing } from './claiming-nothing.ts';
import { createInstallable, type Installable, installFrom } from './installable.ts';
import { openHome, type } from './press.ts';
import { inStore, OTHER_TEAM, sendAgainTo } from './workspaces.ts';
import type { World } from './world.ts';

const NO_GRACE = { graceMs: 0 };
const SILENT: Log = { info() {}, warn() {}, error() {} };
const about = (world: World, words: string) => world.lines.filter(({ message }) => message.includes(words));
const refusals = (world: World) => about(world, 'Slack refuses our own token');

let calls = 0;

/** Has the app call Slack for the workspace, in a job. */
async function callSlack(world: World): Promise<void> {
  calls += 1;
  const job = { key: `call ${calls}`, payload: { kind: 'link', teamId: OTHER_TEAM }, priority: 0, runAt: 0 } as const;
  await inStore(world, ({ queue }) => queue.enqueue(job));
  await world.app.tick();
}

async function installed(rotation = NO_GRACE, more: { home?: boolean } = {}): Promise<Installable> {
  const made = await createInstallable({ rotation, ...more });
  await installFrom(made.world);
  await openHome(made.other);
  return made;
}

// slack.md 9.2: a token lives for twelve hours
test('a token is renewed two hours before it ends, once, and everything goes on with the new one', async () => {
  const { world, other, front } = await installed();
  await world.pass(9 * HOUR + 59 * MINUTE);
  expect(front.accesses).toEqual(['ok']);
  await world.pass(MINUTE);
  await world.pass(MINUTE);
  expect(front.accesses).toEqual(['ok', 'ok']);

  for (const hours of [3, 7, 4, 7]) await world.pass(hours * HOUR);
  expect((await type(other, 'help')).words()).toContain('/tasks digest');
  expect(JSON.stringify(await openHome(other))).toContain('Docket');
  expect(refusals(world)).toEqual([]);
  expect(front.accesses).toEqual(['ok', 'ok', 'ok', 'ok']);
  const install = await inStore(world, ({ store }) => store.installs.find(OTHER_TEAM));
  expect(install?.version).toBe(4);
});

test('the answer with the new token is lost: the same refresh token is sent again at once, and nothing else is', async () => {
  const { world, other, front } = await installed({ graceMs: 10 * MINUTE });
  front.failAccess('lost', 2);
  await world.pass(10 * HOUR);

  expect(front.accesses).toEqual(['ok', 'lost', 'lost', 'ok']);
  await world.pass(3 * HOUR);
  expect((await type(other, 'help')).words()).toContain('/tasks digest');
});

test('all answers were lost, and Slack has revoked the token of now with the many new ones: nothing of the workspace is forgotten', async () => {
  const { world, other, front } = await installed({ graceMs: 10 * MINUTE });
  await world.pass(MINUTE);
  front.failAccess('lost', 3);
  await world.pass(10 * HOUR);
  await callSlack(world);
  await vi.waitFor(() => expect(refusals(world)).toMatchObject([{ fields: { code: 'token_revoked' } }]));
  await world.pass(MINUTE);
  await world.pass(MINUTE);

  expect(front.accesses).toEqual(['ok', 'lost', 'lost', 'lost', 'ok']);
  expect(about(world, 'forgot a workspace')).toEqual([]);
  expect(await inStore(world, ({ store }) => store.reps.list(OTHER_TEAM))).not.toEqual([]);
  await vi.waitFor(() => expect(about(world, 'Slack takes our token again')).toHaveLength(1));
  expect((await type(other, 'help')).words()).toContain('/tasks digest');
});

test('who removes the app while its token is to be renewed is forgotten all the same: Slack tells by an event', async () => {
  const { world, other, front } = await installed();
  front.failAccess('unreached', 99);
  await world.pass(10 * HOUR);
  other.slack.refuseToken('token_revoked');
  await other.slack.event({ type: 'app_uninstalled', event_ts: '1.1' });
  await world.pass(MINUTE);

  expect(about(world, 'forgot a workspace')).toHaveLength(1);
  expect(await inStore(world, ({ store }) => store.installs.list())).toEqual([]);
});

test('Slack is away for an hour: it is asked again each minute, and the token of now is used', async () => {
  const { world, other, front } = await installed();
  front.failAccess('unreached', 6);
  await world.pass(10 * HOUR);
  expect(front.accesses).toHaveLength(4);
  expect(about(world, 'could not be renewed yet')).toMatchObject([
    { level: 'warn', fields: { team: OTHER_TEAM, leftMs: expect.any(Number) } },
  ]);
  expect((await type(other, 'help')).words()).toContain('/tasks digest');
  await world.pass(MINUTE);
  await world.pass(MINUTE);
  expect(front.accesses.slice(4)).toEqual(['unreached', 'unreached', 'unreached', 'ok']);
  expect(refusals(world)).toEqual([]);
});

test('Slack does not take the refresh token any more: the log says where, the token serves to its end, and an install mends it', async () => {
  const { world, other, front } = await installed();
  front.failAccess('lost');
  await world.pass(10 * HOUR);
  expect(front.accesses).toEqual(['ok', 'lost', 'invalid_refresh_token']);
  const ended = 'Slack does not renew the token of a workspace';
  expect(about(world, ended)).toMatchObject([{ level: 'error', fields: { team: OTHER_TEAM } }]);
  expect((await type(other, 'help')).words()).toContain('/tasks digest');
  await world.pass(MINUTE, 5);
  expect(about(world, ended)).toHaveLength(1);

  await world.pass(2 * HOUR);
  await callSlack(world);
  await vi.waitFor(() =>
    expect(refusals(world)).toMatchObject([{ fields: { team: OTHER_TEAM, code: 'token_expired' } }]),
  );
  expect(await inStore(world, ({ store }) => store.installs.list())).toHaveLength(1);

  await installFrom(world);
  await vi.waitFor(() => expect(about(world, 'Slack takes our token again')).toHaveLength(1));
  expect(JSON.stringify(await openHome(other))).toContain('Docket');
});

/** For longer than a token lives, and so also than any event is sent again. */
const DOWN_MS = 13 * HOUR;

// slack.md 8.2
test('who removes the app while Docket is down for longer than a token lives is forgotten at the next start', async () => {
  const { world, other, front, config } = await installed();
  front.oauth.endTokens(other.slack, 'account_inactive');

  await world.restart(DOWN_MS, config);
  await vi.waitFor(() => expect(refusals(world)).toMatchObject([{ fields: { code: 'account_inactive' } }]));
  await world.pass(MINUTE);

  expect(front.accesses).toEqual(['ok', 'invalid_refresh_token']);
  expect(about(world, 'forgot a workspace that has removed the app')).toMatchObject([{ fields: { team: OTHER_TEAM } }]);
  const held = await inStore(world, async ({ store }) => [
    await store.installs.list(),
    await store.reps.list(OTHER_TEAM),
  ]);
  expect(held).toEqual([[], []]);
  expect(await inStore(world, ({ store }) => store.reps.list(world.slack.teamId))).not.toEqual([]);
});

test.each(['token_revoked', 'token_expired'] as const)(
  'a refresh token that Slack takes no more, and a token of which it says %s, may be of a restored backup: nothing is forgotten, it is said each hour and by /readyz, and an install mends it',
  async (says) => {
    const { world, other, front, config } = await installed(NO_GRACE, { home: false });
    front.oauth.endTokens(other.slack, says);

    await world.restart(DOWN_MS, config);
    await vi.waitFor(() => expect(refusals(world)).toMatchObject([{ fields: { team: OTHER_TEAM, code: says } }]));
    await world.pass(5 * MINUTE, 25);

    expect(about(world, 'Slack does not renew the token of a workspace')).toHaveLength(3);
    expect(about(world, 'forgot a workspace')).toEqual([]);
    expect(await inStore(world, ({ store }) => store.reps.list(OTHER_TEAM))).not.toEqual([]);
    expect(await world.status('/readyz')).toBe(503);
    await installFrom(world);
    await vi.waitFor(() => expect(about(world, 'Slack takes our token again')).toHaveLength(1));
    expect(JSON.stringify(await openHome(other))).toContain('Docket');
  },
);

describe.skipIf(!hasPostgres)('several processes', () => {
  takeTurnsOnServer();

  async function twoProcesses(aheadMs: number) {
    const { url, drop } = await createSchema();
    onTestFinished(drop);
    const made = await createInstallable({ rotation: NO_GRACE, env: { DATABASE_URL: url } });
    await installFrom(made.world);
    const clock = () => made.world.now() + aheadMs;
    const second = createApp({ ...made.config, port: 0 }, SILENT, { clock });
    await second.start();
    onTestFinished(() => second.stop());
    return { ...made, second };
  }

  test('both look at the same time: Slack is asked once', async () => {
    const { world, other, front, second } = await twoProcesses(0);
    await Promise.all([world.pass(10 * HOUR), second.tick()]);
    await second.idle();
    await Promise.all([world.pass(MINUTE), second.tick()]);

    expect(front.accesses).toEqual(['ok', 'ok']);
    expect((await type(other, 'help')).words()).toContain('/tasks digest');
  });

  test('what one has renewed the other uses, without a new start', async () => {
    const { world, other, front, second } = await twoProcesses(6 * HOUR);
    await world.pass(5 * HOUR);
    await second.tick();
    await second.idle();
    expect(front.accesses).toEqual(['ok', 'ok']);

    await world.pass(8 * HOUR);
    expect((await type(other, 'help')).words()).toContain('/tasks digest');
    expect(refusals(world)).toEqual([]);
    expect(front.accesses).toEqual(['ok', 'ok']);
  });

  test('an install in one process is served by the other at once, though it has no job of it', async () => {
    const { url, drop } = await createSchema();
    onTestFinished(drop);
    const { world, other, config } = await createInstallable({ env: { DATABASE_URL: url } });
    const second = createApp({ ...config, port: 0, databaseUrl: await claimingNothing(url) }, SILENT, {
      clock: world.now,
    });
    await second.start();
    onTestFinished(() => second.stop());
    await installFrom(world);
    await other.slack.command(MAYA.id, '/tasks', 'help');
    const answers = () => other.slack.calls.filter(({ method }) => method === 'response_url').length;
    await vi.waitUntil(() => answers() === 1);

    const response = await sendAgainTo(second.port, other);

    expect(response.status).toBe(200);
    await vi.waitUntil(() => answers() === 2);
  });
});
