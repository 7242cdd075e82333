import { expect, test, vi } from 'vitest';
import { gongTask, TASK_A } from './cast.ts';
import { digestOf, openHome, press, pressOnly, type } from './press.ts';
import { findRow, fresh, homeOf, mustBe, patches, posted, rowsOf, wordsOf } from './read.ts';
import { createWorld, type World } from './world.ts';

const ALWAYS = Number.POSITIVE_INFINITY;
const MINUTE = 60_000;

function methods(world: World): string[] {
  return world.slack.calls.filter(({ result }) => result === 'ok').map(({ method }) => method);
}

test('a response_url that does not work: the digest is edited the other way', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.slack.failNext('response_url', { status: 500 });

  await press(world, digest, 'Whitfield 001', 'Done');

  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
  expect(methods(world)).toContain('chat.update');
});

test('a response_url is used four times at most, and then the digest is edited the other way', async () => {
  const ids = Array.from({ length: 6 }, (_, index) => `900719925474099310${index}`);
  const world = await createWorld({ tasks: ids.map((id) => gongTask({ id })) });
  const digest = await digestOf(world);
  await openHome(world);

  await press(world, digest, 'Whitfield 100', 'Done');
  for (const id of ids.slice(1)) await press(world, 'home', `Whitfield ${id.slice(-3)}`, 'Done');

  expect(wordsOf(fresh(world, digest))).toContain('All 6 settled');
  expect(world.slack.calls.filter(({ method }) => method === 'response_url')).toHaveLength(4);
  expect(methods(world)).toContain('chat.update');
});

test('a list that only the rep sees shows the outcome of every one of many quick clicks', async () => {
  const ids = Array.from({ length: 8 }, (_, index) => `900719925474099320${index}`);
  const world = await createWorld({ tasks: ids.map((id) => gongTask({ id })), gongRateLimits: false });
  const list = await type(world, '');

  for (const id of ids) await pressOnly(world, list, `Whitfield ${id.slice(-3)}`, 'Done');
  await world.idle();

  expect(wordsOf(fresh(world, list))).toContain('All 8 settled');
});

test('after half an hour a response_url is not used any more', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  await openHome(world);
  await press(world, digest, 'Whitfield 001', 'Done');
  await world.pass(31 * MINUTE);
  const before = world.slack.calls.length;

  await press(world, 'home', 'Whitfield 002', 'Done');

  expect(wordsOf(fresh(world, digest))).toContain('All 2 settled');
  expect(world.slack.calls.slice(before).map(({ method }) => method)).not.toContain('response_url');
});

test.each([
  ['is rate-limited', { status: 429, retryAfter: 1 }],
  ['fails for a moment', { error: 'internal_error' }],
])('an edit that %s is made later', async (_, failure) => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.slack.failNext('response_url', { status: 404 });
  world.slack.failNext('chat.update', failure, 2);

  await press(world, digest, 'Whitfield 001', 'Done');

  await vi.waitFor(() => expect(wordsOf(fresh(world, digest))).toContain('Marked done in Gong'), { timeout: 10_000 });
  expect(patches(world)).toHaveLength(1);
});

test('a Home that Slack does not take for a moment is published later', async () => {
  const world = await createWorld();
  await openHome(world);
  world.slack.failNext('views.publish', { status: 429, retryAfter: 1 }, 2);

  await press(world, 'home', 'Whitfield 001', 'Done');

  await vi.waitFor(() => expect(wordsOf(homeOf(world))).toContain('Marked done in Gong'), { timeout: 10_000 });
});

test('a list that cannot be edited any more: a failure is told in a message', async () => {
  const world = await createWorld();
  const list = await type(world, '');
  world.gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 400 } });
  world.slack.failNext('response_url', { status: 404 }, 9);

  await press(world, list, 'Whitfield 001', 'Done');

  expect(posted(world).map(({ text }) => text)).toEqual([
    expect.stringMatching(/Dana Whitfield 001: Call about 001\n\*Not marked done\.\* Gong refused this change/),
  ]);
});

test('a list that was open while the app was started again: a failure is told in a message, a success needs none', async () => {
  const world = await createWorld();
  const list = await type(world, '');
  world.gong.fail({ on: 'PATCH', times: 2, how: { kind: 'answer', status: 500 } });
  await press(world, list, 'Whitfield 001', 'Done');
  await press(world, fresh(world, list), 'Whitfield 002', 'Done');
  await vi.waitFor(() => expect(patches(world)).toHaveLength(2), { timeout: 5_000 });
  world.gong.fail({ on: `PATCH /v2/tasks/${TASK_A}`, times: ALWAYS, how: { kind: 'answer', status: 403 } });

  await world.restart(2_000);
  await world.pass(4_000);

  expect(posted(world).map(({ text }) => text)).toEqual([
    expect.stringContaining('*Not confirmed.* Gong does not let Docket'),
  ]);
  expect(posted(world)[0]?.text).toContain('Whitfield 001');
});

test('a failure that the digest shows is not told twice', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 400 } });

  await press(world, digest, 'Whitfield 001', 'Done');

  expect(posted(world)).toHaveLength(1);
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Not marked done.');
});

test('the app is started again while Gong works on a click: the digest is brought up to date', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 500 } });
  await press(world, digest, 'Whitfield 001', 'Done');
  expect(patches(world)).toHaveLength(1);

  await world.restart(2_000);

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
});

test('stopping waits for the click in hand, and its outcome is shown', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.gong.fail({ on: 'PATCH', how: { kind: 'hold' } });
  await pressOnly(world, digest, 'Whitfield 001', 'Done');
  await vi.waitFor(() => expect(wordsOf(fresh(world, digest))).toContain('Marking done'), { timeout: 5_000 });
  await vi.waitFor(() => expect(patches(world)).toHaveLength(1), { timeout: 5_000 });

  const stopped = world.app.stop();
  setTimeout(() => world.gong.release(), 300);
  await stopped;

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(findRow(fresh(world, digest), 'Whitfield 001').text).toContain('Marked done in Gong');
});

test('a click on an old digest that Slack would not edit is taken all the same, and the digest shows what it did', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.slack.failNext('chat.update', { error: 'internal_error' }, 1_000);
  await world.pass(6 * 24 * 60 * MINUTE);

  await press(world, digest, 'Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  expect(wordsOf(fresh(world, digest))).toContain('Marked done in Gong');
  expect(rowsOf(fresh(world, digest).blocks)).toEqual([]);
});

test('a digest of three days ago loses its buttons in the background, and says where to look', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  await world.pass(3 * 24 * 60 * MINUTE);
  expect(rowsOf(fresh(world, digest).blocks)).toHaveLength(2);

  await world.pass(MINUTE);

  expect(rowsOf(fresh(world, digest).blocks)).toEqual([]);
  expect(wordsOf(fresh(world, digest))).toContain('What is open now: type `/tasks`');
  expect(wordsOf(fresh(world, digest))).toContain('Whitfield 001');
});

test('a list that the app has forgotten says so when it is clicked', async () => {
  const world = await createWorld();
  const list = await type(world, '');
  await world.pass(20 * 24 * 60 * MINUTE);
  await world.pass(24 * 60 * MINUTE);

  await press(world, list, 'Whitfield 001', 'Done');

  expect(patches(world)).toEqual([]);
  expect(mustBe(world.slack.messages(list.userId).at(-1)).text).toContain('This list is too old to act on');
});
