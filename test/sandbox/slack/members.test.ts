import { describe, expect, test } from 'vitest';
import type { JsonObject, SandboxUser } from '../../../sandbox/slack/types.ts';
import { ANN, BOB, client, fakeClock, socketApp, workspace } from './harness.ts';

const EVE: SandboxUser = { id: 'U3EVE', name: 'eve', realName: 'Eve Evans', email: 'eve@example.com', tz: 'UTC' };

async function setup(users: readonly SandboxUser[] = [ANN, BOB]) {
  const clock = fakeClock();
  const slack = await workspace({ users, clock: clock.read });
  const seen: JsonObject[] = [];
  async function connect(): Promise<void> {
    await socketApp(slack, (app) => {
      app.event(/^(user_change|team_join)$/, async ({ event }) => void seen.push(JSON.parse(JSON.stringify(event))));
    });
  }
  return { clock, slack, seen, connect };
}

describe('rights', () => {
  test('admins and owners are told apart from members', async () => {
    const { slack } = await setup([ANN, { ...BOB, isAdmin: true }, { ...EVE, isOwner: true }]);
    const { members = [] } = await client(slack).users.list({});
    const rights = members.map(({ id, is_admin, is_owner }) => [id, is_admin, is_owner]);
    expect(rights).toContainEqual([ANN.id, false, false]);
    expect(rights).toContainEqual([BOB.id, true, false]);
    expect(rights).toContainEqual([EVE.id, true, true]);
    const { user } = await client(slack).users.info({ user: BOB.id });
    expect(user).toMatchObject({ is_admin: true, is_owner: false, deleted: false, tz: BOB.tz });
  });

  test('`updated` is the time of the last change', async () => {
    const { slack, clock } = await setup();
    const begun = Math.floor(clock.read() / 1_000);
    expect(await client(slack).users.info({ user: ANN.id })).toMatchObject({ user: { updated: begun } });
    clock.advance(60_000);
    await slack.setUser({ ...ANN, realName: 'Ann Arrow' });
    const { members = [] } = await client(slack).users.list({});
    expect(members.find(({ id }) => id === ANN.id)).toMatchObject({ updated: begun + 60, real_name: 'Ann Arrow' });
    expect(members.find(({ id }) => id === BOB.id)).toMatchObject({ updated: begun });
  });
});

describe('a change', () => {
  test('is told to the connected app, with the person as users.info gives them', async () => {
    const { slack, seen, clock, connect } = await setup();
    await connect();
    clock.advance(5_000);
    expect(await slack.setUser({ ...ANN, tz: 'Asia/Tokyo' })).toMatchObject({ acked: true });
    const { user } = await client(slack).users.info({ user: ANN.id });
    expect(user).toMatchObject({ tz: 'Asia/Tokyo', profile: { email: ANN.email } });
    const cacheTs = Math.floor(clock.read() / 1_000);
    expect(seen).toEqual([{ type: 'user_change', user, cache_ts: cacheTs, event_ts: expect.stringMatching(/^\d+\./) }]);
  });

  test('is told of people who left and who joined', async () => {
    const { slack, seen, connect } = await setup();
    await connect();
    await slack.setUser({ ...BOB, deleted: true });
    await slack.setUser(EVE);
    await slack.setUser({ ...EVE, isAdmin: true });
    expect(seen).toMatchObject([
      { type: 'user_change', user: { id: BOB.id, deleted: true, profile: { email: BOB.email } } },
      { type: 'team_join', user: { id: EVE.id, deleted: false, is_admin: false } },
      { type: 'user_change', user: { id: EVE.id, is_admin: true } },
    ]);
    expect(seen[0]?.user).not.toHaveProperty('tz');
  });

  test('stands at once, and nothing is sent while no app is connected', async () => {
    const { slack } = await setup();
    const told = slack.setUser({ ...ANN, deleted: true });
    expect(slack.users.find(({ id }) => id === ANN.id)?.deleted).toBe(true);
    expect(await told).toBeUndefined();
    expect(slack.sent).toEqual([]);
  });

  test('does no harm to a caller that does not wait, even while the workspace closes', async () => {
    const { slack, connect } = await setup();
    await connect();
    const told = slack.setUser({ ...ANN, tz: 'UTC' });
    await slack.close();
    expect(await told).toMatchObject({ acked: expect.any(Boolean) });
  });
});
