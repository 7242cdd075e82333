import { expect, test } from 'vitest';
import type { SlackWorkspace } from '../../../sandbox/slack/types.ts';
import { ANN, BOB, client, fakeClock, post, row, socketApp, workspace } from './harness.ts';

async function setup() {
  const clock = fakeClock();
  const slack = await workspace({ clock: clock.read });
  await socketApp(slack, (app) => {
    app.action('go', async ({ ack }) => ack());
    app.command('/tasks', async ({ ack }) => ack());
  });
  return { clock, slack };
}

function lastUrl(slack: SlackWorkspace): string {
  return String(slack.sent.at(-1)?.payload.response_url);
}

/** Posts a message, presses its button, and gives back the click's response_url. */
async function click(slack: SlackWorkspace): Promise<string> {
  const { ts = '' } = await client(slack).chat.postMessage({ channel: ANN.id, text: 'list', blocks: row('go') });
  await slack.act(ANN.id, { ts }, 'row', { action_id: 'go' });
  return lastUrl(slack);
}

async function command(slack: SlackWorkspace): Promise<string> {
  await slack.command(ANN.id, '/tasks', '');
  return lastUrl(slack);
}

test('five uses', async () => {
  const { slack } = await setup();
  const url = await click(slack);
  for (let use = 1; use <= 5; use += 1) {
    expect(await post(url, { text: `${use}`, replace_original: true })).toEqual({ status: 200, text: 'ok' });
  }
  expect(await post(url, { text: '6', replace_original: true })).toEqual({ status: 404, text: 'used_url' });
  expect(slack.messages(ANN.id)).toMatchObject([{ text: '5', blocks: [], edits: 5 }]);
  expect(slack.calls.filter((call) => call.method === 'response_url').map((call) => call.result)).toEqual([
    ...Array.from({ length: 5 }, () => 'ok'),
    'used_url',
  ]);
});

test('thirty minutes', async () => {
  const { clock, slack } = await setup();
  const url = await click(slack);
  clock.advance(30 * 60_000);
  expect(await post(url, { text: 'in time', replace_original: true })).toMatchObject({ status: 200 });
  clock.advance(1);
  expect(await post(url, { text: 'late', replace_original: true })).toEqual({ status: 404, text: 'expired_url' });
  expect(await post(`${slack.url}/actions/T/1/x`, { text: 'x' })).toMatchObject({ status: 404 });
});

test('the answer to a command is ephemeral unless it says otherwise', async () => {
  const { slack } = await setup();
  const url = await command(slack);
  await post(url, { text: 'only you' });
  await post(url, { text: 'everyone', response_type: 'in_channel' });
  // A command has no original: Slack posts another message.
  await post(url, { text: 'again', replace_original: true });
  expect(slack.messages(ANN.id).map(({ text, ephemeral }) => [text, ephemeral])).toEqual([
    ['only you', true],
    ['everyone', false],
    ['again', true],
  ]);
  expect(slack.messages(BOB.id)).toEqual([]);
  expect(slack.unexpected).toEqual([]);
});

test('an ephemeral message is replaced by its own click, and never becomes public', async () => {
  const { slack } = await setup();
  await post(await command(slack), { text: 'list', blocks: row('go') });
  const { ts = '' } = slack.messages(ANN.id)[0] ?? {};
  await slack.act(ANN.id, { ts }, 'row', { action_id: 'go' });
  const payload = slack.sent.at(-1)?.payload;
  expect(payload).toMatchObject({ container: { is_ephemeral: true, message_ts: ts } });
  expect(payload).not.toHaveProperty('message');
  await post(lastUrl(slack), { text: 'done', replace_original: true, response_type: 'in_channel' });
  expect(slack.messages(ANN.id)).toMatchObject([{ ts, text: 'done', ephemeral: true, edits: 1 }]);
  await post(lastUrl(slack), { delete_original: true });
  expect(slack.messages(ANN.id)).toEqual([]);
  expect(await post(lastUrl(slack), { text: 'x', replace_original: true })).toMatchObject({ status: 404 });
});

test('a click can be answered by a new message', async () => {
  const { slack } = await setup();
  await post(await click(slack), { text: 'psst', replace_original: false });
  expect(slack.messages(ANN.id).map(({ text, ephemeral }) => [text, ephemeral])).toEqual([
    ['list', false],
    ['psst', true],
  ]);
  expect(slack.unexpected).toEqual([]);
});

test('blocks are checked as in any message', async () => {
  const { slack } = await setup();
  const url = await click(slack);
  const answer = await post(url, { text: 'x', blocks: [{ type: 'banner' }], replace_original: true });
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.text)).toEqual({ ok: false, error: 'invalid_blocks' });
  expect((await post(url, { replace_original: true })).text).toContain('no_text');
  expect(slack.messages(ANN.id)).toMatchObject([{ text: 'list', edits: 0 }]);
});

test('it can be told to fail', async () => {
  const { slack } = await setup();
  const url = await click(slack);
  slack.failNext('response_url', { status: 500 });
  expect(await post(url, { text: 'x', replace_original: true })).toMatchObject({ status: 500 });
  expect(await post(url, { text: 'x', replace_original: true })).toMatchObject({ status: 200 });
});
