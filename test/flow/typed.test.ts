/** What is typed to the app in its own conversation is answered as if it stood behind /tasks. */
import { expect, test, vi } from 'vitest';
import type { JsonObject, SandboxMessage } from '../../sandbox/slack/types.ts';
import { commandOf } from '../../src/slack/listeners/typed.ts';
import { gongTask, MAYA, TASK_A, THEO, THEO_GONG } from './cast.ts';
import { press, pressButton } from './press.ts';
import { findRow, fresh, mustBe, posted, rowsOf, wordsOf } from './read.ts';
import { createWorld, type World } from './world.ts';

/** Types something, and returns what the app posts next. */
async function say(world: World, text: string): Promise<SandboxMessage> {
  const before = posted(world).length;
  expect((await world.slack.say(MAYA.id, text)).acked).toBe(true);
  await vi.waitFor(() => expect(posted(world).length).toBeGreaterThan(before), { timeout: 15_000, interval: 10 });
  await world.idle();
  return mustBe(posted(world).at(-1));
}

test.each(['tasks please, acme', 'whitfield 001', '“Whitfield 001”', '/tasks whitfield 001', '/TASKS'])(
  '%j is answered, with a message like any other',
  async (text) => {
    const world = await createWorld();

    const answer = await say(world, text);

    expect(answer.ephemeral).toBe(false);
    expect(world.slack.calls.filter(({ method }) => method === 'response_url')).toEqual([]);
    if (text !== 'tasks please, acme') expect(findRow(answer, 'Whitfield 001').text).toContain('Call about 001');
    else expect(answer.text).toContain('No open task contains “tasks please, acme”');
  },
);

test('a list that was typed for is a real message: its verbs work, it follows what is done elsewhere, and after a restart', async () => {
  const world = await createWorld({ gongRateLimits: false });
  const list = await say(world, 'today');
  const second = await say(world, 'today');

  await press(world, list, 'Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  for (const each of [list, second]) {
    expect(findRow(fresh(world, each), 'Whitfield 001').text).toContain('Marked done in Gong');
  }

  await world.restart();
  await press(world, fresh(world, second), 'Whitfield 002', 'Dismiss');
  expect(findRow(fresh(world, list), 'Whitfield 002').text).toContain('Dismissed in Gong');
});

test('what a typed list does not show comes beside it, and the list stays', async () => {
  const ids = Array.from({ length: 13 }, (_, index) => `90071992547409931${String(index).padStart(2, '0')}`);
  const world = await createWorld({ tasks: ids.map((id) => gongTask({ id })) });
  const list = await say(world, 'today');

  await pressButton(world, list, 'Show the rest');

  expect(rowsOf(fresh(world, list).blocks)).toHaveLength(10);
  const rest = mustBe(world.slack.messages(MAYA.id).at(-1));
  expect(rowsOf(rest.blocks)).toHaveLength(3);
});

test('digest brings the digest, and no word beside it', async () => {
  const world = await createWorld();

  const digest = await say(world, 'digest');

  expect(wordsOf(digest)).toContain('Monday 23 November');
  expect(posted(world)).toHaveLength(1);
});

test('settings answers with a button, which opens the window', async () => {
  const world = await createWorld();

  await pressButtonOf(world, await say(world, 'settings'));

  expect(world.slack.modal(MAYA.id)?.callback_id).toBe('rep_settings');
});

async function pressButtonOf(world: World, answer: SandboxMessage): Promise<void> {
  await pressButton(world, answer, 'Digest settings');
}

// slack.md 6.2: what is typed is answered
test.each(['status', 'history', 'help', 'connect', 'team', 'pause until Monday', 'resume'])(
  '%s is answered in the conversation',
  async (word) => {
    const world = await createWorld();

    const answer = await say(world, word);

    expect(answer.text).not.toBe('');
    expect(answer.text).not.toContain('could not');
  },
);

test('a stranger is told what to do', async () => {
  const world = await createWorld({ gongUsers: [THEO_GONG], users: [MAYA, THEO] });

  expect((await say(world, 'today')).text).toContain('You are not linked yet.');
});

test('a delivery that comes again is answered once', async () => {
  const world = await createWorld();
  await say(world, 'status');

  await world.slack.redeliver();
  await world.slack.redeliver();
  await world.idle();

  expect(posted(world)).toHaveLength(1);
});

/** A message of the person, as Slack tells of it. */
function messageOf(world: World, more: JsonObject): JsonObject {
  return {
    type: 'message',
    channel: 'D000000001',
    channel_type: 'im',
    user: MAYA.id,
    team: world.slack.teamId,
    text: 'status',
    ts: '1795442400.000100',
    event_ts: '1795442400.000100',
    ...more,
  };
}

test.each<[string, JsonObject]>([
  ['an edit', { subtype: 'message_changed', message: { text: 'status' } }],
  ['a deletion', { subtype: 'message_deleted', hidden: true }],
  ['a file', { subtype: 'file_share', files: [{}] }],
  ['what a thread sends to the channel', { subtype: 'thread_broadcast' }],
  ['a bot', { bot_id: 'B0OTHER' }],
  ['a file without text', { text: '', files: [{}] }],
  ['blanks', { text: '  ' }],
  ['a channel', { channel_type: 'channel', channel: 'C1' }],
  ['a group', { channel_type: 'mpim', channel: 'G1' }],
  ['someone of another workspace', { user: 'U0ELSEWHERE', team: 'T0ELSEWHERE', user_team: 'T0ELSEWHERE' }],
  ['a message without a person', { user: null }],
  ['a message that cannot be read', { text: 7 }],
])('%s is not answered', async (_name, more) => {
  const world = await createWorld();

  const { acked } = await world.slack.event(messageOf(world, more));
  await world.idle();

  expect(acked).toBe(true);
  expect(posted(world)).toEqual([]);
  expect(world.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a busy Slack is waited for, and an answer that cannot be given is explained', async () => {
  const world = await createWorld();
  world.slack.failNext('chat.postMessage', { retryAfter: 1 });
  expect((await say(world, 'status')).text).toBe('Your accounts and digests');

  world.slack.failNext('chat.postMessage', { retryAfter: 60 });
  expect((await say(world, 'status')).text).toContain('Slack is getting too many requests');
});

test.each([
  ['/tasks overdue', 'overdue'],
  ['/tasks', ''],
  [' today ', 'today'],
  ['“acme corp”', 'acme corp'],
  ['"acme"', 'acme'],
  ['«Müller»', 'Müller'],
  ['/tasksforce', '/tasksforce'],
  ['R&amp;D', 'R&D'],
  ['<mailto:dana@x.example|dana@x.example>', 'dana@x.example'],
  ['O’Brien', 'O’Brien'],
])('%j is read as %j', (typed, read) => {
  expect(commandOf(typed)).toBe(read);
});
