import { expect, test, vi } from 'vitest';
import { ALWAYS, DAY, MINUTE, manyTasks, TASK_A } from './cast.ts';
import { homeScreen, openHome, pressOnly, type } from './press.ts';
import { lastMessage, patches, posted } from './read.ts';
import { morning } from './start.ts';
import { createWorld, type World } from './world.ts';

const callsOf = (world: World, method: string) => world.slack.calls.filter((call) => call.method === method);

test('a response_url is used four times at most, and then the digest is edited the other way', async () => {
  const { world, digest } = await morning({ tasks: manyTasks(6), gongRateLimits: false });
  await openHome(world);

  await digest.press('Whitfield 100', 'Done');
  for (const row of [101, 102, 103, 104, 105]) await homeScreen(world).press(`Whitfield ${row}`, 'Done');

  expect(digest.words()).toContain('All 6 cleared');
  expect(callsOf(world, 'response_url')).toHaveLength(4);
  expect(callsOf(world, 'chat.update').map(({ result }) => result)).toContain('ok');
});

test('a list that only the rep sees shows the outcome of every one of many quick clicks', async () => {
  const world = await createWorld({ tasks: manyTasks(8), gongRateLimits: false });
  const list = await type(world, '');

  for (let row = 100; row < 108; row += 1) await pressOnly(world, list, `Whitfield ${row}`, 'Done');
  await world.idle();

  expect(list.words()).toContain('All 8 cleared');
});

test('after half an hour a response_url is not used any more', async () => {
  const { world, digest } = await morning();
  const home = await openHome(world);
  await digest.press('Whitfield 001', 'Done');
  await world.pass(31 * MINUTE);
  const before = callsOf(world, 'response_url').length;

  await home.press('Whitfield 002', 'Done');

  expect(digest.words()).toContain('All 2 cleared');
  expect(callsOf(world, 'response_url')).toHaveLength(before);
});

test.each([
  ['is rate-limited', { status: 429, retryAfter: 1 }],
  ['fails for a moment', { error: 'internal_error' }],
])('an edit that %s, of a digest or of Home, is made later', async (_, failure) => {
  const { world, digest } = await morning();
  const home = await openHome(world);
  world.slack.failNext('response_url', { status: 404 });
  world.slack.failNext('chat.update', failure, 2);
  world.slack.failNext('views.publish', failure, 2);

  await digest.press('Whitfield 001', 'Done');

  for (const screen of [digest, home]) {
    await vi.waitFor(() => expect(screen.controls('Whitfield 001')).toEqual(['Undo']), { timeout: 10_000 });
  }
  expect(patches(world)).toHaveLength(1);
});

test('a list that cannot be edited any more: a failure is told in a message', async () => {
  const world = await createWorld();
  const list = await type(world, '');
  world.gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 400 } });
  world.slack.failNext('response_url', { status: 404 }, 9);

  await list.press('Whitfield 001', 'Done');

  expect(posted(world).map(({ text }) => text)).toEqual([
    expect.stringMatching(/Whitfield 001: Call about 001\n\*Not marked done/),
  ]);
});

test('a list that was open while the app was started again: a failure is told in a message, a success needs none', async () => {
  const world = await createWorld();
  const list = await type(world, '');
  world.gong.fail({ on: 'PATCH', times: 2, how: { kind: 'answer', status: 500 } });
  for (const row of ['Whitfield 001', 'Whitfield 002']) await list.press(row, 'Done');
  await vi.waitFor(() => expect(patches(world)).toHaveLength(2), { timeout: 5_000 });
  world.gong.fail({ on: `PATCH /v2/tasks/${TASK_A}`, times: ALWAYS, how: { kind: 'answer', status: 403 } });

  await world.restart(2_000);
  await world.pass(4_000);

  expect(posted(world).map(({ text }) => text)).toEqual([
    expect.stringMatching(/Whitfield 001.*\n\*Not confirmed\.\* Gong does not let/),
  ]);
});

test('a digest of three days ago loses its buttons in the background, and says where to look', async () => {
  const { world, digest } = await morning();
  await world.pass(3 * DAY);
  expect(digest.rows()).toHaveLength(2);

  await world.pass(MINUTE);

  expect(digest.rows()).toEqual([]);
  expect(digest.words()).toContain('What is open now: type `/tasks`');
});

test('a click on an old digest that Slack would not edit is taken all the same, and the digest shows what it did', async () => {
  const { world, digest } = await morning();
  world.slack.failNext('chat.update', { error: 'internal_error' }, 1_000);
  await world.pass(6 * DAY);

  await digest.press('Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(digest.words()).toContain('Marked done in Gong');
  expect(digest.rows()).toEqual([]);
});

test('a list that the app has forgotten says so when it is clicked', async () => {
  const world = await createWorld();
  const list = await type(world, '');
  await world.pass(20 * DAY);
  await world.pass(DAY);

  await list.press('Whitfield 001', 'Done');

  expect(patches(world)).toEqual([]);
  expect(lastMessage(world)?.text).toContain('too old to act on');
});
