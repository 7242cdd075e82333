import { describe, expect, test } from 'vitest';
import { breaches } from '../simulator.ts';
import { ANN, BOB, client, codeOf, post, row, workspace } from './harness.ts';

describe('tokens', () => {
  test('each method wants its own', async () => {
    const slack = await workspace();
    expect(await codeOf(client(slack, '').auth.test())).toBe('not_authed');
    expect(await codeOf(client(slack, 'xoxb-other').auth.test())).toBe('invalid_auth');
    expect(await codeOf(client(slack, slack.botToken).apps.connections.open({}))).toBe('not_allowed_token_type');
    expect(await codeOf(client(slack, slack.appToken).apps.connections.open({}))).toBe('ok');
    expect(await client(slack).auth.test()).toMatchObject({
      team_id: slack.teamId,
      user_id: slack.botUserId,
      bot_id: expect.any(String),
      url: expect.stringMatching(/^https:/),
    });
  });

  test('a method that Docket does not use is noted', async () => {
    const slack = await workspace();
    expect(await codeOf(client(slack).conversations.open({ users: ANN.id }))).toBe('unknown_method');
    expect(breaches(slack)).toEqual(['unknown method conversations.open']);
  });
});

test.each([
  // slack.md 1.4
  ['a channel without the app', {}, 'not_in_channel'],
  ['a private one', { isPrivate: true }, 'channel_not_found'],
  ['an archived one', { hasApp: true, isArchived: true }, 'is_archived'],
  ['one with the app', { hasApp: true, isPrivate: true }, 'ok'],
])('a message to %s: %j', async (_what, more, code) => {
  const slack = await workspace();
  slack.setChannel({ id: 'C1', name: 'sales', ...more });

  expect(await codeOf(client(slack).chat.postMessage({ channel: 'C1', text: 'x' }))).toBe(code);

  expect(slack.messages('C1').map(({ channel, text }) => [channel, text])).toEqual(code === 'ok' ? [['C1', 'x']] : []);
});

describe('messages', () => {
  test('timestamps grow even within one millisecond', async () => {
    const slack = await workspace({ clock: () => 1_790_000_000_000 });
    const web = client(slack);
    await Promise.all([1, 2, 3].map((index) => web.chat.postMessage({ channel: ANN.id, text: `${index}` })));
    const messages = slack.messages(ANN.id);
    const stamps = messages.map((message) => message.ts);
    for (const ts of stamps) expect(ts).toMatch(/^\d+\.\d{6}$/);
    expect(messages[0]?.channel).toMatch(/^D/);
    expect(new Set(stamps).size).toBe(3);
    expect(stamps).toEqual(stamps.toSorted());
  });

  test('what cannot be', async () => {
    const slack = await workspace({ users: [ANN, { ...BOB, deleted: true }] });
    const web = client(slack);
    const { channel = '' } = await web.chat.postMessage({ channel: ANN.id, text: 'hello' });
    await slack.say(ANN.id, 'hi');
    const { ts: said = '' } = slack.messages(ANN.id)[1] ?? {};
    const ts = '1.000000';
    const refused: [Promise<unknown>, string][] = [
      [web.chat.postMessage({ channel: 'U0NOBODY', text: 'x' }), 'channel_not_found'],
      [web.chat.postMessage({ channel: BOB.id, text: 'x' }), 'channel_not_found'],
      [web.chat.update({ channel, ts, text: 'x' }), 'message_not_found'],
      [web.chat.update({ channel: ANN.id, ts, text: 'x' }), 'channel_not_found'],
      [web.chat.update({ channel, ts: said, text: 'x' }), 'cant_update_message'],
      [web.chat.postMessage({ channel, text: '' }), 'no_text'],
      [web.apiCall('chat.postMessage', { text: 'x' }), 'invalid_arguments'],
      [web.apiCall('chat.postMessage', { channel, blocks: '[{' }), 'invalid_blocks_format'],
    ];
    const codes = await Promise.all(refused.map(([call]) => codeOf(call)));
    expect(codes).toEqual(refused.map(([, code]) => code));
    breaches(slack);
  });

  test('a message may be edited to have 4,000 bytes of text, whatever script they are in', async () => {
    const slack = await workspace();
    const web = client(slack);
    const { channel = '', ts = '' } = await web.chat.postMessage({ channel: ANN.id, text: 'x'.repeat(5_000) });

    expect(await codeOf(web.chat.update({ channel, ts, text: 'x'.repeat(4_000) }))).toBe('ok');
    expect(await codeOf(web.chat.update({ channel, ts, text: '\u9023'.repeat(1_333) }))).toBe('ok');
    expect(await codeOf(web.chat.update({ channel, ts, text: '\u9023'.repeat(1_334) }))).toBe('msg_too_long');
    expect(breaches(slack)).toEqual(['chat.update: msg_too_long']);
  });

  test('a workspace can be told to refuse smaller messages; the app could not know, so that is not noted', async () => {
    const slack = await workspace();
    const web = client(slack);
    const post = (letters: number) => {
      const text = { type: 'mrkdwn' as const, text: 'x'.repeat(letters) };
      return codeOf(web.chat.postMessage({ channel: ANN.id, text: 'x', blocks: [{ type: 'section', text }] }));
    };
    slack.limitMessages(1_000);
    expect([await post(875), await post(876)]).toEqual(['ok', 'msg_blocks_too_long']);
  });

  test('refused blocks tell where and why, and are noted', async () => {
    const slack = await workspace();
    const call = client(slack).chat.postMessage({ channel: ANN.id, text: 'x', blocks: [{ type: 'banner' }] });
    const messages = ['[ERROR] unsupported type [json-pointer:/blocks/0/type]'];
    await expect(call).rejects.toMatchObject({ data: { error: 'invalid_blocks', response_metadata: { messages } } });
    expect(breaches(slack)).toEqual([expect.stringContaining('chat.postMessage: invalid_blocks')]);
    expect(slack.messages(ANN.id)).toEqual([]);
  });

  test('blocks without a top-level text are taken and noted', async () => {
    const slack = await workspace();
    expect(await codeOf(client(slack).chat.postMessage({ channel: ANN.id, blocks: row('go') }))).toBe('ok');
    expect(breaches(slack)).toEqual(['chat.postMessage: a message without top-level text']);
  });
});

describe('people', () => {
  test('users.list pages through everyone, Slackbot included, 200 at a time', async () => {
    const slack = await workspace({ users: Array.from({ length: 450 }, (_, index) => ({ ...BOB, id: `U${index}` })) });
    const first = await client(slack).users.list({ limit: 1_000 });
    const ids = first.members?.map(({ id }) => id);
    expect(ids).toHaveLength(200);
    expect(ids).toEqual(expect.arrayContaining(['USLACKBOT', slack.botUserId]));
    expect(first.response_metadata?.next_cursor).not.toBe('');
    expect(await codeOf(client(slack).users.list({ cursor: 'bogus' }))).toBe('invalid_cursor');
  });

  // slack.md 7.4
  test('the locale of a person is told only to whom asks for it, and to nobody of one who has left', async () => {
    const gone = { ...BOB, locale: 'de-DE', deleted: true };
    const slack = await workspace({ users: [{ ...ANN, locale: 'en-GB' }, gone] });
    const { users } = client(slack);
    const localesOf = async (include_locale?: boolean) =>
      (await users.list({ ...(include_locale !== undefined && { include_locale }) })).members?.flatMap(
        ({ locale }) => locale ?? [],
      );

    expect(await localesOf()).toEqual([]);
    expect(await localesOf(false)).toEqual([]);
    expect(await localesOf(true)).toEqual(['en-GB']);
    expect((await users.info({ user: ANN.id })).user).not.toHaveProperty('locale');
    expect((await users.info({ user: ANN.id, include_locale: true })).user).toMatchObject({ locale: 'en-GB' });
  });

  test('what is known of a person', async () => {
    const users = [ANN, { ...BOB, deleted: true }];
    const web = client(await workspace({ users, clock: () => Date.UTC(2026, 11, 1) }));
    const { user } = await web.users.info({ user: ANN.id });
    const known = { tz: 'Europe/Berlin', tz_offset: 3_600, deleted: false, is_bot: false };
    expect(user).toMatchObject({ ...known, profile: { email: ANN.email } });
    const { user: left } = await web.users.info({ user: BOB.id });
    expect(left).toMatchObject({ deleted: true, profile: { email: BOB.email } });
    expect(left).not.toHaveProperty('tz');
    expect(await codeOf(web.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
  });
});

test('Home is published, guarded by the hash', async () => {
  const slack = await workspace();
  const web = client(slack);
  const view = { type: 'home' as const, blocks: [] };
  const first = await web.views.publish({ user_id: ANN.id, view });
  const hash = first.view?.hash ?? '';
  expect(await codeOf(web.views.publish({ user_id: ANN.id, view, hash }))).toBe('ok');
  expect(await codeOf(web.views.publish({ user_id: ANN.id, view, hash }))).toBe('hash_conflict');
  expect(await codeOf(web.views.publish({ user_id: 'U0NOBODY', view }))).toBe('user_not_found');
  expect(slack.home(ANN.id)?.id).toBe(first.view?.id);
});

test('other paths are noted', async () => {
  const slack = await workspace();
  expect((await post(`${slack.url}/nowhere`, {})).status).toBe(404);
  expect(breaches(slack)).toEqual(['POST /nowhere']);
});
