import type { App } from '@slack/bolt';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../sandbox/slack/types.ts';
import { ANN, BOB, client, post, row, socketApp, workspace } from './harness.ts';

const NOTE = { name: 'Add a note', callbackId: 'add_note' };
const plain = (text: string) => ({ type: 'plain_text' as const, text });

async function setup(shortcuts = [NOTE]) {
  const slack = await workspace({ shortcuts });
  const seen: JsonObject[] = [];
  await socketApp(slack, (app: App) => {
    app.shortcut({ type: 'message_action', callback_id: /.*/ }, async ({ ack, body, client: web }) => {
      seen.push(JSON.parse(JSON.stringify(body)));
      await ack();
      const view = { type: 'modal' as const, title: plain('Note'), blocks: [] };
      await web.views.open({ trigger_id: body.trigger_id, view });
    });
  });
  const { ts = '', channel = '' } = await client(slack).chat.postMessage({
    channel: ANN.id,
    text: 'list',
    blocks: row('go'),
  });
  return { slack, seen, ts, channel };
}

test('a shortcut tells of its message, and its trigger opens a modal', async () => {
  const { slack, seen, ts, channel } = await setup();
  expect(slack.shortcuts).toEqual([NOTE]);
  expect(await slack.messageShortcut(ANN.id, ts, 'add_note')).toMatchObject({ acked: true, ackBody: {} });
  expect(seen).toEqual([
    {
      type: 'message_action',
      callback_id: 'add_note',
      trigger_id: expect.any(String),
      action_ts: expect.stringMatching(/^\d+\.\d{6}$/),
      message_ts: ts,
      token: expect.any(String),
      api_app_id: expect.stringMatching(/^A/),
      team: { id: slack.teamId, domain: expect.any(String) },
      enterprise: null,
      is_enterprise_install: false,
      user: { id: ANN.id, username: 'ann', name: 'ann', team_id: slack.teamId },
      channel: { id: channel, name: 'directmessage' },
      message: expect.objectContaining({
        type: 'message',
        user: slack.botUserId,
        ts,
        text: 'list',
        blocks: row('go'),
      }),
      response_url: expect.stringContaining(slack.url),
    },
  ]);
  await expect.poll(() => slack.modal(ANN.id)?.view.title).toEqual(plain('Note'));
  expect(slack.unexpected).toEqual([]);
});

test('its response_url answers beside the message, five times', async () => {
  const { slack, ts } = await setup();
  await slack.messageShortcut(ANN.id, ts, 'add_note');
  const url = String(slack.sent.at(-1)?.payload.response_url);
  for (let use = 1; use <= 5; use += 1) expect(await post(url, { text: 'noted' })).toMatchObject({ status: 200 });
  expect(await post(url, { text: 'noted' })).toMatchObject({ status: 404 });
  expect(slack.messages(ANN.id).map(({ text, ephemeral }) => [text, ephemeral])).toEqual([
    ['list', false],
    ...Array.from({ length: 5 }, () => ['noted', true]),
  ]);
});

test('what a person wrote has shortcuts too', async () => {
  const { slack, seen } = await setup();
  await slack.say(ANN.id, 'call Dana');
  const said = slack.messages(ANN.id).at(-1);
  await slack.messageShortcut(ANN.id, said?.ts ?? '', 'add_note');
  expect(seen).toMatchObject([{ message: { user: ANN.id, text: 'call Dana', ts: said?.ts } }]);
});

test('nobody picks what the menu of a message does not offer', async () => {
  const { slack, seen, ts, channel } = await setup();
  await expect(slack.messageShortcut(ANN.id, ts, 'other')).rejects.toThrow('offers no shortcut');
  await expect(slack.messageShortcut(BOB.id, ts, 'add_note')).rejects.toThrow('sees no message');
  await expect(slack.messageShortcut('U0NOBODY', ts, 'add_note')).rejects.toThrow('No such person');
  const { message_ts: psst = '' } = await client(slack).chat.postEphemeral({ channel, user: ANN.id, text: 'psst' });
  await expect(slack.messageShortcut(ANN.id, psst, 'add_note')).rejects.toThrow('ephemeral');
  expect(seen).toEqual([]);
});

test('where no shortcuts are named, any callback id is sent', async () => {
  const { slack, seen, ts } = await setup([]);
  await slack.messageShortcut(ANN.id, ts, 'anything');
  expect(seen).toMatchObject([{ callback_id: 'anything' }]);
});
