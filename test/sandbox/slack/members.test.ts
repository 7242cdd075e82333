import { expect, test } from 'vitest';
import { clockAt } from '../simulator.ts';
import { ANN, BOB, client, codeOf, stage, until, workspace } from './harness.ts';

const NOW = 1_790_000_000_000;
const SECOND = NOW / 1_000;

test('`updated` is the time of the last change', async () => {
  const clock = clockAt(NOW);
  const slack = await workspace({ clock: clock.read });
  expect(await client(slack).users.info({ user: ANN.id })).toMatchObject({ user: { updated: SECOND } });
  clock.advance(60_000);
  await slack.setUser({ ...ANN, realName: 'Ann Arrow' });
  const { members = [] } = await client(slack).users.list({});
  expect(members.find(({ id }) => id === ANN.id)).toMatchObject({ updated: SECOND + 60, real_name: 'Ann Arrow' });
  expect(members.find(({ id }) => id === BOB.id)).toMatchObject({ updated: SECOND });
});

test('a change is told to the connected app, with the person as users.info gives them', async () => {
  const { slack, seen, web } = await stage({ clock: () => NOW });
  expect(await slack.setUser({ ...ANN, tz: 'Asia/Tokyo' })).toMatchObject({ acked: true });
  const { user } = await web.users.info({ user: ANN.id });
  expect(user).toMatchObject({ tz: 'Asia/Tokyo', profile: { email: ANN.email } });
  await until(() => seen.length === 1);
  const event = { type: 'user_change', user, cache_ts: SECOND, event_ts: expect.stringMatching(/^\d+\./) };
  expect(seen[0]?.event).toEqual(event);
});

test('a change stands at once, and nothing is sent while no app is connected', async () => {
  const slack = await workspace();
  const told = slack.setUser({ ...ANN, deleted: true });
  expect(slack.users.find(({ id }) => id === ANN.id)?.deleted).toBe(true);
  expect(await told).toBeUndefined();
  expect(slack.sent).toEqual([]);
});

test('a change does no harm to a caller that does not wait, even while the workspace closes', async () => {
  const { slack } = await stage();
  const told = slack.setUser({ ...ANN, tz: 'UTC' });
  await slack.close();
  expect(await told).toMatchObject({ acked: expect.any(Boolean) });
});

// slack.md 7.5
test('a status is read with its own scope, and is over at its end', async () => {
  let now = 1_790_000_000_000;
  const status = { emoji: ':palm_tree:', text: 'Vacationing', expiration: now / 1_000 + 60 };
  const slack = await workspace({ users: [{ ...ANN, status }, BOB], clock: () => now });
  const web = client(slack);
  const shown = async (user: string) => (await web.users.profile.get({ user })).profile;

  expect(await shown(ANN.id)).toMatchObject({
    status_emoji: ':palm_tree:',
    status_text: 'Vacationing',
    status_expiration: status.expiration,
  });
  const none = { status_emoji: '', status_text: '', status_expiration: 0 };
  expect(await shown(BOB.id)).toMatchObject(none);
  now += 60_000;
  expect(await shown(ANN.id)).toMatchObject(none);
  expect(await codeOf(web.users.profile.get({ user: 'U0NOBODY' }))).toBe('user_not_found');
  slack.grant('users.profile:read', false);
  expect(await codeOf(web.users.profile.get({ user: ANN.id }))).toBe('missing_scope');
  expect(await codeOf(web.users.info({ user: ANN.id }))).toBe('ok');
});
