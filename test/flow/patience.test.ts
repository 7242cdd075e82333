/** What a person waits for meets a Slack that is busy or away for a moment with a wait, not with an apology. */
import { expect, test } from 'vitest';
import { MAYA, manyTasks, STRANGER, TASK_A } from './cast.ts';
import { answered, digestOf, openHome, show, type } from './press.ts';
import { lastMessage, mustBe, posted, rowsOf, wordsOf } from './read.ts';
import { morning } from './start.ts';
import { createWorld, type World } from './world.ts';

function callsOf(world: World, method: string): string[] {
  return world.slack.calls.filter((call) => call.method === method).map(({ result }) => result);
}

// slack.md 1.3: a short 429 is waited for
test.each([
  ['too many requests', { retryAfter: 1 }],
  ['a server error', { status: 503 }],
  ['an error that passes', { error: 'internal_error' }],
] as const)(
  '/tasks digest, a command, a window, a stranger who is looked up and Home meet %s: each waits, and is answered once',
  async (_name, failure) => {
    const world = await createWorld({ users: [MAYA, STRANGER] });
    world.slack.failNext('chat.postMessage', failure, 2);
    expect((await type(world, 'digest')).text).toContain('Your digest is in your messages');
    expect(posted(world)).toHaveLength(1);
    expect(callsOf(world, 'chat.postMessage')).toHaveLength(3);

    const answers = callsOf(world, 'response_url').length;
    world.slack.failNext('response_url', failure);
    await answered(world, () => world.slack.command(MAYA.id, '/tasks', 'overdue'));
    expect(lastMessage(world)?.text).toContain('Your overdue tasks');
    expect(callsOf(world, 'response_url')).toHaveLength(answers + 2);

    world.slack.failNext('views.open', failure);
    await show(world, mustBe(posted(world)[0])).open('Whitfield 001', 'Reschedule');
    expect(world.slack.modal(MAYA.id)?.callback_id).toBe('task_when');
    expect(posted(world)).toHaveLength(1);

    world.slack.failNext('users.info', failure);
    expect((await type(world, '', STRANGER)).text).toContain('You are not linked yet.');
    world.slack.failNext('views.publish', failure);
    await answered(world, () => world.slack.openHome(STRANGER.id));
    await world.idle();
    expect(JSON.stringify(world.slack.home(STRANGER.id)?.view)).toContain('You are not linked yet.');
    world.slack.failNext('views.publish', failure);
    expect((await openHome(world)).rows()).toHaveLength(2);
  },
);

test('what would take too long for a person is said at once: what happened, that nothing was lost, and that a retry is safe', async () => {
  const { world, digest } = await morning();
  world.slack.failNext('views.open', { retryAfter: 5 });
  await digest.open('Whitfield 001', 'Reschedule');
  expect(callsOf(world, 'views.open')).toEqual(['ratelimited']);
  expect(lastMessage(world)?.text).toMatch(/Nothing was changed; .*it is safe\. \(Reference: \w+\)/);

  world.slack.failNext('chat.postMessage', { retryAfter: 90 });
  const { text } = await type(world, 'digest');
  for (const said of ['Slack is getting too many requests', 'nothing was lost', 'it is safe']) {
    expect(text).toContain(said);
  }
  const reference = mustBe(/Reference: (\w+)/.exec(text)?.[1]);
  const lines = world.lines.filter(({ message }) => message === 'could not answer');
  expect(lines).toContainEqual(expect.objectContaining({ fields: expect.objectContaining({ reference }) }));
  expect(posted(world)).toHaveLength(1);
});

test('a planned digest does not wait in place: the queue has more time', async () => {
  const world = await createWorld();
  world.slack.failNext('chat.postMessage', { retryAfter: 1 });

  await world.pass(5 * 60_000);
  expect(callsOf(world, 'chat.postMessage')).toEqual(['ratelimited']);
  await world.pass(2_000);

  expect(posted(world)).toHaveLength(1);
});

const numbersOf = (blocks: Parameters<typeof rowsOf>[0]) =>
  rowsOf(blocks).map(({ text }) => Number(/Task number (\d+);/.exec(text)?.[1]));

// slack.md 3.2: msg_blocks_too_long is a refusal
test('a digest that is too large for Slack comes smaller, says what is missing, and the rest is a click away', async () => {
  const world = await createWorld({ tasks: manyTasks(10) });
  world.slack.limitMessages(3_500);

  const digest = await digestOf(world);

  const seen = numbersOf(digest.blocks);
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.length).toBeLessThan(10);
  expect(wordsOf(digest)).toContain(`Tasks 1 to ${seen.length} of 10.`);

  while (seen.length < 10) {
    await digest.button('Next');
    seen.push(...numbersOf(digest.now().blocks));
  }
  expect(seen.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}, 60_000);

// slack.md 3.2: the size that passed is remembered
test('the size that passed is remembered: the next message is taken at the first try', async () => {
  const world = await createWorld({ tasks: manyTasks(20) });
  world.slack.limitMessages(5_000);
  await digestOf(world);
  const tries = callsOf(world, 'chat.postMessage');
  expect(tries.slice(0, -1).every((result) => result === 'msg_blocks_too_long')).toBe(true);
  expect(tries.length).toBeGreaterThan(1);

  await type(world, '');

  expect(callsOf(world, 'response_url')).toEqual(['ok']);
});

test('a message that has become too large shows the outcome of a click all the same', async () => {
  const { world, digest } = await morning({ tasks: manyTasks(10) });
  world.slack.limitMessages(3_000);

  await digest.press('Task number 1;', 'Done');

  expect(digest.words()).toContain('Marked done in Gong');
  expect(digest.words()).toMatch(/Tasks 1 to \d of 10\./);
});

test('no digest is given up for its size: where not even one row is taken, its text comes alone; a long text is cut, with a count', async () => {
  const alone = await createWorld({ tasks: manyTasks(10) });
  alone.slack.limitMessages(100);
  const cut = await createWorld({ tasks: manyTasks(10) });
  cut.slack.failNext('chat.postMessage', { error: 'msg_too_long' }, 2);

  const [text, digest] = [await digestOf(alone), await digestOf(cut)];

  expect(text.blocks).toEqual([]);
  for (const said of ['Task number 1;', 'Home tab']) expect(text.text).toContain(said);
  expect(digest.text).toMatch(/… and \d+ more$/);
  expect(digest.rows()).toHaveLength(10);
});

/** Neither of Slack's ways to edit a message works. */
function closeEdits(world: World, error: string, times = 99): void {
  world.slack.failNext('response_url', { status: 404, error: 'expired_url' }, times);
  world.slack.failNext('chat.update', { error }, times);
}

test.each(['message_not_found', 'cant_update_message', 'channel_not_found', 'edit_window_closed'])(
  'a message that can never be edited (%s): what became of a click is told once, and it is not tried again',
  async (error) => {
    const { world, digest } = await morning();
    closeEdits(world, error);

    await digest.press('Whitfield 001', 'Done');

    expect(world.gong.task(TASK_A)?.status).toBe('DONE');
    const told = () =>
      posted(world)
        .slice(1)
        .map(({ text }) => text);
    expect(told()).toEqual([expect.stringMatching(/Whitfield 001: Call about 001\nMarked done in Gong\./)]);
    expect(callsOf(world, 'chat.update')).toHaveLength(1);

    const home = await openHome(world);
    await home.press('Whitfield 002', 'Dismiss');
    expect(callsOf(world, 'chat.update')).toHaveLength(1);
    expect(told()).toHaveLength(1);
  },
);

test('a click on a message that was thought gone proves it there, and it shows the outcome again', async () => {
  const { world, digest } = await morning();
  closeEdits(world, 'message_not_found', 1);
  await digest.press('Whitfield 001', 'Done');

  await digest.press('Whitfield 002', 'Done');

  expect(digest.controls('Whitfield 002')).toEqual(['Undo']);
  expect(posted(world)).toHaveLength(2);
});
