/** What is typed to the app in its own conversation is answered as if it stood behind /tasks. */
import { expect, test, vi } from 'vitest';
import type { JsonObject } from '../../sandbox/slack/types.ts';
import { MAYA, manyTasks, TASK_A, THEO_GONG } from './cast.ts';
import { type Shown, show } from './press.ts';
import { mustBe, posted, wordsOf } from './read.ts';
import { createWorld, type World } from './world.ts';

/** Types something, and returns what the app posts next. */
async function say(world: World, text: string): Promise<Shown> {
  const before = posted(world).length;
  expect((await world.slack.say(MAYA.id, text)).acked).toBe(true);
  await vi.waitFor(() => expect(posted(world).length).toBeGreaterThan(before), { timeout: 15_000, interval: 10 });
  await world.idle();
  return show(world, mustBe(posted(world).at(-1)));
}

test('what is typed, however it is quoted and escaped, is answered with a message like any other', async () => {
  const world = await createWorld({ slackRateLimits: false });

  for (const text of ['whitfield 001', '“Whitfield 001”', '/tasks whitfield 001', '/TASKS']) {
    const answer = await say(world, text);
    expect(answer.ephemeral).toBe(false);
    expect(answer.controls('Whitfield 001'), text).toContain('Done');
  }
  for (const [text, read] of [
    ['tasks please, acme', 'acme'],
    ['/tasksforce', 'tasksforce'],
    [' "acme corp" ', 'acme corp'],
    ['«Müller»', 'Müller'],
    ['R&amp;D', 'R&amp;D'],
    ['<mailto:dana@x.example|dana@x.example>', 'dana@x.example'],
  ] as const) {
    expect((await say(world, text)).text).toContain(`No open task contains “${read}”`);
  }
  expect(world.slack.calls.filter(({ method }) => method === 'response_url')).toEqual([]);
});

test('a list that was typed for is a real message: its verbs work, it follows what is done elsewhere, and after a restart', async () => {
  const world = await createWorld({ gongRateLimits: false });
  const list = await say(world, 'today');
  const second = await say(world, 'today');

  await list.press('Whitfield 001', 'Done');

  expect(world.gong.task(TASK_A)?.status).toBe('DONE');
  for (const each of [list, second]) expect(each.controls('Whitfield 001')).toEqual(['Undo']);
  await world.restart();
  await second.press('Whitfield 002', 'Dismiss');
  expect(list.controls('Whitfield 002')).toEqual(['Undo']);
});

test('a typed list turns its pages in the same message', async () => {
  const world = await createWorld({ tasks: manyTasks(40) });
  const list = await say(world, 'today');
  const first = list.rows().length;
  const messages = world.slack.messages(MAYA.id).length;

  await list.button('Next');

  expect(list.rows().length).toBe(40 - first);
  expect(world.slack.messages(MAYA.id)).toHaveLength(messages);
});

// slack.md 6.2: what is typed is answered
test('every word is answered in the conversation; digest with nothing beside it, settings with a button to the window', async () => {
  const world = await createWorld({ slackRateLimits: false });

  for (const word of ['status', 'history', 'help', 'connect', 'team', 'rollup', 'pause until Monday', 'resume']) {
    const { text } = await say(world, word);
    expect(text, word).not.toBe('');
    expect(text, word).not.toContain('could not');
  }
  const before = posted(world).length;
  expect(wordsOf(await say(world, 'digest'))).toContain('Monday 23 November');
  expect(posted(world)).toHaveLength(before + 1);
  await (await say(world, 'settings')).button('Digest settings');
  expect(world.slack.modal(MAYA.id)?.callback_id).toBe('rep_settings');
});

test('a stranger is told what to do', async () => {
  const world = await createWorld({ gongUsers: [THEO_GONG] });

  expect((await say(world, 'today')).text).toContain('You are not linked yet.');
});

test('a delivery that comes again is answered once', async () => {
  const world = await createWorld();
  await say(world, 'status');

  for (let time = 0; time < 2; time += 1) await world.slack.redeliver();
  await world.idle();

  expect(posted(world)).toHaveLength(1);
});

test('what is no message of a person of ours, in the conversation, in words, is acknowledged and not answered', async () => {
  const world = await createWorld();
  /** A message of the person, as Slack tells of it. */
  const message: JsonObject = {
    type: 'message',
    channel: 'D000000001',
    channel_type: 'im',
    user: MAYA.id,
    team: world.slack.teamId,
    text: 'status',
  };
  const others: Record<string, JsonObject> = {
    'an edit': { subtype: 'message_changed', message: { text: 'status' } },
    'a deletion': { subtype: 'message_deleted', hidden: true },
    'a file': { subtype: 'file_share', files: [{}] },
    'what a thread sends to the channel': { subtype: 'thread_broadcast' },
    'a bot': { bot_id: 'B0OTHER' },
    'a file without text': { text: '', files: [{}] },
    blanks: { text: '  ' },
    'a channel': { channel_type: 'channel', channel: 'C1' },
    'a group': { channel_type: 'mpim', channel: 'G1' },
    'someone of another workspace': { user: 'U0ELSEWHERE', team: 'T0ELSEWHERE', user_team: 'T0ELSEWHERE' },
    'a message without a person': { user: null },
    'a message that cannot be read': { text: 7 },
  };

  for (const [index, [name, more]] of Object.entries(others).entries()) {
    const ts = `179544240${index % 10}.${100_000 + index}`;
    const { acked } = await world.slack.event({ ...message, ts, event_ts: ts, ...more });
    await world.idle();

    expect(acked, name).toBe(true);
    expect(posted(world), name).toEqual([]);
  }
  expect(world.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a busy Slack is waited for, and an answer that cannot be given is explained', async () => {
  const world = await createWorld();
  world.slack.failNext('chat.postMessage', { retryAfter: 1 });
  expect((await say(world, 'status')).text).toBe('Your accounts and digests');

  world.slack.failNext('chat.postMessage', { retryAfter: 60 });
  expect((await say(world, 'status')).text).toContain('Slack is getting too many requests');
});
