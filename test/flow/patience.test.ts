/** What a person waits for meets a Slack that is busy or away for a moment with a wait, not with an apology. */
import { expect, test } from 'vitest';
import { gongTask, MAYA, TASK_A, THEO_GONG } from './cast.ts';
import { answered, digestOf, openHome, press, pressButton, pressOnly, type } from './press.ts';
import { findRow, fresh, lastMessage, mustBe, posted, rowsOf, wordsOf } from './read.ts';
import { createWorld, type World } from './world.ts';

/** What Slack may answer once while a person waits. */
const MOMENTS = [
  ['too many requests', { retryAfter: 1 }],
  ['a server error', { status: 503 }],
  ['an error that passes', { error: 'internal_error' }],
] as const;

function callsOf(world: World, method: string): string[] {
  return world.slack.calls.filter((call) => call.method === method).map(({ result }) => result);
}

// slack.md 1.3: a short 429 is waited for
test.each(MOMENTS)('/tasks digest meets %s: it waits, and the digest comes', async (_name, failure) => {
  const world = await createWorld();
  world.slack.failNext('chat.postMessage', failure, 2);

  const answer = await type(world, 'digest');

  expect(answer.text).toContain('Your digest is in your messages');
  expect(posted(world)).toHaveLength(1);
  expect(callsOf(world, 'chat.postMessage')).toHaveLength(3);
});

test.each(MOMENTS)('the answer to a command meets %s: it waits, and is answered once', async (_name, failure) => {
  const world = await createWorld();
  world.slack.failNext('response_url', failure);

  await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'overdue'));

  expect(world.slack.messages(MAYA.id).map(({ text }) => text)).toEqual([
    expect.stringContaining('Your overdue tasks'),
  ]);
  expect(callsOf(world, 'response_url')).toHaveLength(2);
});

test.each(MOMENTS)('a window meets %s: it opens while its trigger lives', async (_name, failure) => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.slack.failNext('views.open', failure);

  await answered(world, () => pressOnly(world, digest, 'Whitfield 001', 'Reschedule'));
  await world.idle();

  expect(world.slack.modal(MAYA.id)?.callback_id).toBe('task_when');
  expect(posted(world)).toHaveLength(1);
});

test('a window that could not open within the life of its trigger is told of at once', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.slack.failNext('views.open', { retryAfter: 5 });

  await answered(world, () => pressOnly(world, digest, 'Whitfield 001', 'Reschedule'));

  expect(callsOf(world, 'views.open')).toEqual(['ratelimited']);
  expect(lastMessage(world)?.text).toMatch(
    /Nothing was changed; press the button again, it is safe\. \(Reference: \w+\)/,
  );
});

test.each(MOMENTS)('a person who has to be looked up first meets %s: they are answered', async (_name, failure) => {
  const world = await createWorld({ gongUsers: [THEO_GONG] });
  world.slack.failNext('users.info', failure);

  expect((await type(world, '')).text).toContain('You are not linked yet.');
});

test.each(MOMENTS)("a stranger's Home meets %s: it is shown", async (_name, failure) => {
  const world = await createWorld({ gongUsers: [THEO_GONG] });
  world.slack.failNext('views.publish', failure);

  await answered(world, () => world.slack.openHome(MAYA.id));
  await world.idle();

  expect(JSON.stringify(world.slack.home(MAYA.id)?.view)).toContain('You are not linked yet.');
});

test('Home meets too many requests: it is shown a moment later', async () => {
  const world = await createWorld();
  world.slack.failNext('views.publish', { retryAfter: 1 });

  await openHome(world);

  expect(rowsOf((await openHome(world)).blocks)).toHaveLength(2);
});

test('a wait that is too long for a person: they read what happened, that nothing was lost, and that a retry is safe', async () => {
  const world = await createWorld();
  world.slack.failNext('chat.postMessage', { retryAfter: 90 });

  const { text } = await type(world, 'digest');

  expect(text).toContain('Slack is getting too many requests');
  expect(text).toContain('nothing was lost');
  expect(text).toContain('it is safe');
  const reference = /Reference: (\w+)/.exec(text)?.[1];
  expect(world.lines).toContainEqual(
    expect.objectContaining({ message: 'could not answer', fields: expect.objectContaining({ reference }) }),
  );
  expect(posted(world)).toEqual([]);
});

test('a planned digest does not wait in place: the queue has more time', async () => {
  const world = await createWorld();
  world.slack.failNext('chat.postMessage', { retryAfter: 1 });

  await world.pass(5 * 60_000);
  expect(callsOf(world, 'chat.postMessage')).toEqual(['ratelimited']);
  await world.pass(2_000);

  expect(posted(world)).toHaveLength(1);
});

/** Ten tasks, each with a name of its own. */
function tenTasks() {
  return Array.from({ length: 10 }, (_, index) =>
    gongTask({ id: `90071992547409931${String(index).padStart(2, '0')}`, title: `Task number ${index + 1};` }),
  );
}

const numbersOf = (blocks: Parameters<typeof rowsOf>[0]) =>
  rowsOf(blocks).map(({ text }) => Number(/Task number (\d+);/.exec(text)?.[1]));

// slack.md 3.2: msg_blocks_too_long is a refusal
test('a digest that is too large for Slack comes smaller, says what is missing, and the rest is a click away', async () => {
  const world = await createWorld({ tasks: tenTasks() });
  world.slack.limitMessages(4_000);

  const digest = await digestOf(world);

  const first = numbersOf(digest.blocks);
  expect(first.length).toBeGreaterThan(2);
  expect(first.length).toBeLessThan(10);
  expect(wordsOf(digest)).toContain(`${10 - first.length} more tasks*, not shown here`);
  expect(wordsOf(digest)).toContain(`0 of ${first.length} settled`);

  const seen = [...first];
  await pressButton(world, digest, first.length < 5 ? 'Show the next ones' : 'Show the rest');
  for (let page = mustBe(lastMessage(world)); ; page = fresh(world, page)) {
    seen.push(...numbersOf(page.blocks));
    if (seen.length >= 10) break;
    const label = JSON.stringify(page.blocks).includes('Show the rest') ? 'Show the rest' : 'Show the next ones';
    await pressButton(world, page, label);
  }
  expect(seen.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}, 60_000);

// slack.md 3.2: the size that passed is remembered
test('the size that passed is remembered: the next message is taken at the first try', async () => {
  const world = await createWorld({ tasks: tenTasks() });
  world.slack.limitMessages(5_000);
  await digestOf(world);
  const tries = callsOf(world, 'chat.postMessage');
  expect(tries.slice(0, -1).every((result) => result === 'msg_blocks_too_long')).toBe(true);
  expect(tries.length).toBeGreaterThan(1);

  await type(world, '');

  expect(callsOf(world, 'response_url')).toEqual(['ok']);
});

test('a message that has become too large shows the outcome of a click all the same', async () => {
  const world = await createWorld({ tasks: tenTasks() });
  const digest = await digestOf(world);
  world.slack.limitMessages(3_000);

  await press(world, digest, 'Task number 1;', 'Done');

  expect(wordsOf(fresh(world, digest))).toContain('Marked done in Gong');
  expect(wordsOf(fresh(world, digest))).toMatch(/\d more tasks\*, not shown here/);
});

test('no digest is given up for its size: where not even one row is taken, its text comes alone', async () => {
  const world = await createWorld({ tasks: tenTasks() });
  world.slack.limitMessages(100);

  const digest = await digestOf(world);

  expect(digest.blocks).toEqual([]);
  expect(digest.text).toContain('Task number 1;');
  expect(digest.text).toContain('Home tab');
});

test('a text that is too long for Slack is cut, and says how many more there are', async () => {
  const world = await createWorld({ tasks: tenTasks() });
  world.slack.failNext('chat.postMessage', { error: 'msg_too_long' }, 2);

  const digest = await digestOf(world);

  expect(digest.text).toMatch(/… and \d+ more$/);
  expect(rowsOf(digest.blocks)).toHaveLength(10);
});

const DEAD = { status: 404, error: 'expired_url' };

test.each(['message_not_found', 'cant_update_message', 'channel_not_found', 'edit_window_closed'])(
  'a message that can never be edited (%s): what became of a click is told once, and it is not tried again',
  async (error) => {
    const world = await createWorld();
    const digest = await digestOf(world);
    world.slack.failNext('response_url', DEAD, 9);
    world.slack.failNext('chat.update', { error }, 99);

    await press(world, digest, 'Whitfield 001', 'Done');

    expect(world.gong.task(TASK_A)?.status).toBe('DONE');
    expect(posted(world).map(({ text }) => text)).toEqual([
      expect.stringContaining('Monday 23 November'),
      expect.stringMatching(/Dana Whitfield 001: Call about 001\nMarked done in Gong\./),
    ]);
    expect(callsOf(world, 'chat.update')).toHaveLength(1);

    await openHome(world);
    await press(world, 'home', 'Whitfield 002', 'Dismiss');
    expect(callsOf(world, 'chat.update')).toHaveLength(1);
    expect(posted(world)).toHaveLength(2);
  },
);

test('a failure on a message that can never be edited is told with its reason', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.slack.failNext('response_url', DEAD, 9);
  world.slack.failNext('chat.update', { error: 'message_not_found' }, 99);
  world.gong.fail({ on: 'PATCH', how: { kind: 'answer', status: 400 } });

  await press(world, digest, 'Whitfield 001', 'Snooze', 'Next week');

  expect(
    posted(world)
      .slice(1)
      .map(({ text }) => text),
  ).toEqual([expect.stringContaining('*Not snoozed.*')]);
});

test('a click on a message that was thought gone proves it there, and it shows the outcome again', async () => {
  const world = await createWorld();
  const digest = await digestOf(world);
  world.slack.failNext('response_url', DEAD);
  world.slack.failNext('chat.update', { error: 'message_not_found' });
  await press(world, digest, 'Whitfield 001', 'Done');

  await press(world, digest, 'Whitfield 002', 'Done');

  expect(findRow(fresh(world, digest), 'Whitfield 002').text).toContain('Marked done in Gong');
  expect(posted(world)).toHaveLength(2);
});
