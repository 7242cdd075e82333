import { expect, test } from 'vitest';
import { ANN, post as answer, BOB, row, stage } from './harness.ts';

const NOTE = { name: 'Add a note', callbackId: 'add_note' };

test('a shortcut tells of its message', async () => {
  const { slack, seen, post } = await stage({ shortcuts: [NOTE] });
  const { ts, channel } = await post();
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
      message: expect.objectContaining({ type: 'message', user: slack.botUserId, ts, text: 'list', blocks: row('go') }),
      response_url: expect.stringContaining(slack.url),
    },
  ]);
});

test('nobody picks what the menu of a message does not offer', async () => {
  const { slack, seen, last, post } = await stage({ shortcuts: [NOTE] });
  const { ts } = await post();
  await expect(slack.messageShortcut(ANN.id, ts, 'other')).rejects.toThrow('offers no shortcut');
  await expect(slack.messageShortcut(BOB.id, ts, 'add_note')).rejects.toThrow('sees no message');
  await expect(slack.messageShortcut('U0NOBODY', ts, 'add_note')).rejects.toThrow('No such person');
  await slack.command(ANN.id, '/tasks', '');
  await answer(String(last()?.response_url), { text: 'psst' });
  const { ts: psst = '' } = slack.messages(ANN.id).at(-1) ?? {};
  await expect(slack.messageShortcut(ANN.id, psst, 'add_note')).rejects.toThrow('ephemeral');
  expect(seen).toHaveLength(1);
});
