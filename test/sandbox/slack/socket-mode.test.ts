import { expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../../sandbox/slack/types.ts';
import {
  ANN,
  BOB,
  button,
  client,
  codeOf,
  fakeClock,
  quickSocketApp,
  row,
  socketApp,
  until,
  workspace,
} from './harness.ts';

const MODAL = {
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text: 'Pick' },
  blocks: [],
};

test('a click is delivered as Slack delivers it, and acknowledged', async () => {
  const slack = await workspace();
  const seen: JsonObject[] = [];
  await socketApp(slack, (app) => {
    app.action('go', async ({ ack, body }) => {
      await ack();
      seen.push(JSON.parse(JSON.stringify(body)));
    });
  });
  expect(slack.connected()).toBe(true);
  const { ts = '', channel } = await client(slack).chat.postMessage({ channel: ANN.id, text: 'x', blocks: row('go') });
  const delivery = await slack.act(ANN.id, { ts }, 'row', { action_id: 'go' });
  expect(delivery).toMatchObject({ acked: true, ackBody: {} });
  expect(seen).toEqual([
    {
      type: 'block_actions',
      user: { id: ANN.id, username: 'ann', name: 'ann', team_id: slack.teamId },
      api_app_id: expect.stringMatching(/^A/),
      token: expect.any(String),
      container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
      trigger_id: expect.any(String),
      team: { id: slack.teamId, domain: expect.any(String) },
      enterprise: null,
      is_enterprise_install: false,
      channel: { id: channel, name: 'directmessage' },
      message: expect.objectContaining({ type: 'message', ts, text: 'x', blocks: row('go'), user: slack.botUserId }),
      state: { values: {} },
      response_url: expect.stringContaining(slack.url),
      actions: [{ ...button('go'), block_id: 'row', action_ts: expect.stringMatching(/^\d+\.\d{6}$/) }],
    },
  ]);
  expect(slack.sent).toEqual([{ kind: 'interactive', payload: seen[0] }]);
  expect(slack.unexpected).toEqual([]);
});

test('a menu reports the chosen option, once as action and once as state', async () => {
  const slack = await workspace();
  await socketApp(slack, (app) => app.action('when', async ({ ack }) => ack()));
  const options = ['a', 'b'].map((value) => ({ text: { type: 'plain_text' as const, text: value }, value }));
  const blocks = [
    {
      type: 'actions' as const,
      block_id: 'row',
      elements: [{ type: 'static_select' as const, action_id: 'when', options }],
    },
  ];
  const { ts = '' } = await client(slack).chat.postMessage({ channel: ANN.id, text: 'x', blocks });
  await slack.act(ANN.id, { ts }, 'row', { action_id: 'when', selected_option: { value: 'b' } });
  const payload = slack.sent.at(-1)?.payload;
  const chosen = { type: 'static_select', selected_option: options[1] };
  expect(payload?.actions).toEqual([expect.objectContaining({ ...chosen, action_id: 'when', block_id: 'row' })]);
  expect(payload?.state).toEqual({ values: { row: { when: chosen } } });
  const foreign = { action_id: 'when', selected_option: { value: 'c' } };
  await expect(slack.act(ANN.id, { ts }, 'row', foreign)).rejects.toThrow('offers no option');
  await expect(slack.act(ANN.id, { ts }, 'row', { action_id: 'when' })).rejects.toThrow('needs a selected_option');
});

test('nobody presses what is not there; a forged value passes', async () => {
  const slack = await workspace();
  await socketApp(slack, (app) => app.action('go', async ({ ack }) => ack()));
  const { ts = '' } = await client(slack).chat.postMessage({ channel: ANN.id, text: 'x', blocks: row('go') });
  const go = { action_id: 'go' };
  await expect(slack.act(ANN.id, { ts }, 'row', { action_id: 'stop' })).rejects.toThrow('No control');
  await expect(slack.act(ANN.id, { ts }, 'other', go)).rejects.toThrow('No control');
  await expect(slack.act(BOB.id, { ts }, 'row', go)).rejects.toThrow('sees no message');
  await expect(slack.act(ANN.id, { home: true }, 'row', go)).rejects.toThrow('no Home view');
  await expect(slack.act('U0NOBODY', { ts }, 'row', go)).rejects.toThrow('No such person');
  await slack.act(ANN.id, { ts }, 'row', { ...go, value: 'forged' });
  expect(slack.sent.at(-1)?.payload.actions).toMatchObject([{ value: 'forged' }]);
});

test('an acknowledgement after three seconds is too late', async () => {
  const slack = await workspace();
  let acked = false;
  await socketApp(slack, (app) => {
    app.command('/tasks', async ({ ack }) => {
      await new Promise((resolve) => setTimeout(resolve, 3_100));
      await ack();
      acked = true;
    });
  });
  const delivery = await slack.command(ANN.id, '/tasks', '');
  expect(delivery.acked).toBe(false);
  expect(delivery.ackMs).toBeGreaterThanOrEqual(2_990);
  expect(slack.messages(ANN.id)).toMatchObject([
    { text: expect.stringContaining('operation_timeout'), ephemeral: true },
  ]);
  await until(() => acked);
  expect(slack.unexpected).toEqual([]);
});

test('without a connection nothing is delivered', async () => {
  const slack = await workspace();
  expect(slack.connected()).toBe(false);
  expect(await slack.command(ANN.id, '/tasks', '')).toMatchObject({ acked: false });
  expect(slack.messages(ANN.id)).toMatchObject([{ text: expect.stringContaining('dispatch_failed') }]);
});

test('a command’s acknowledgement can carry the answer', async () => {
  const slack = await workspace();
  await socketApp(slack, (app) => app.command('/tasks', async ({ ack, command }) => ack(`you said ${command.text}`)));
  const delivery = await slack.command(ANN.id, '/tasks', 'help');
  expect(delivery).toMatchObject({ acked: true, ackBody: { text: 'you said help' } });
  expect(slack.messages(ANN.id)).toMatchObject([{ text: 'you said help', ephemeral: true }]);
  expect(slack.sent[0]?.payload).toMatchObject({
    command: '/tasks',
    text: 'help',
    user_id: ANN.id,
    team_id: slack.teamId,
  });
});

test('Home is opened by an event, and its buttons carry no response_url', async () => {
  const slack = await workspace();
  await socketApp(slack, (app) => {
    app.event('app_home_opened', async ({ event, client: web }) => {
      await web.views.publish({ user_id: event.user, view: { type: 'home', blocks: row('go') } });
    });
    app.action('go', async ({ ack }) => ack());
  });
  expect(await slack.openHome(ANN.id)).toMatchObject({ acked: true });
  await until(() => slack.home(ANN.id) !== undefined);
  await slack.act(ANN.id, { home: true }, 'row', { action_id: 'go' });
  const payload = slack.sent.at(-1)?.payload;
  expect(payload).toMatchObject({
    container: { type: 'view', view_id: slack.home(ANN.id)?.id },
    view: { type: 'home', hash: slack.home(ANN.id)?.hash },
  });
  expect(payload).not.toHaveProperty('response_url');
  expect(payload).not.toHaveProperty('message');
});

test('the last interaction can come a second time', async () => {
  const slack = await workspace();
  const triggers: string[] = [];
  await socketApp(slack, (app) => {
    app.action('go', async ({ ack, body }) => {
      await ack();
      if (body.type === 'block_actions') triggers.push(body.trigger_id);
    });
  });
  await expect(slack.redeliver()).rejects.toThrow('Nothing was delivered');
  const { ts = '' } = await client(slack).chat.postMessage({ channel: ANN.id, text: 'x', blocks: row('go') });
  await slack.act(ANN.id, { ts }, 'row', { action_id: 'go' });
  expect(await slack.redeliver()).toMatchObject({ acked: true });
  expect(triggers).toHaveLength(2);
  expect(new Set(triggers).size).toBe(1);
});

test('an event that comes again says so', async () => {
  const slack = await workspace();
  const retries: unknown[] = [];
  await socketApp(slack, (app) => app.event('team_join', async ({ context }) => void retries.push(context.retryNum)));
  await slack.event({ type: 'team_join', user: { id: 'U9' }, event_ts: '1.0' });
  await slack.redeliver();
  await until(() => retries.length === 2);
  expect(retries).toEqual([0, 1]);
});

test('a forged payload is delivered as it stands', async () => {
  const slack = await workspace();
  const users: string[] = [];
  await socketApp(slack, (app) => {
    app.action('go', async ({ ack, body }) => {
      await ack();
      users.push(body.user.id);
    });
  });
  const { ts = '' } = await client(slack).chat.postMessage({ channel: ANN.id, text: 'x', blocks: row('go') });
  await slack.act(ANN.id, { ts }, 'row', { action_id: 'go' });
  const payload = { ...slack.sent[0]?.payload, user: { id: BOB.id, username: 'bob' } };
  expect(await slack.deliver('interactive', payload)).toMatchObject({ acked: true });
  expect(users).toEqual([ANN.id, BOB.id]);
});

test('a trigger lives three seconds and opens one modal', async () => {
  const clock = fakeClock();
  const slack = await workspace({ clock: clock.read });
  await socketApp(slack, (app) => app.action('go', async ({ ack }) => ack()));
  const web = client(slack);
  const { ts = '' } = await web.chat.postMessage({ channel: ANN.id, text: 'x', blocks: row('go') });
  const press = async () => {
    await slack.act(ANN.id, { ts }, 'row', { action_id: 'go' });
    return String(slack.sent.at(-1)?.payload.trigger_id);
  };
  const first = await press();
  clock.advance(3_000);
  const broken = web.views.open({ trigger_id: first, view: { ...MODAL, title: { type: 'plain_text', text: '' } } });
  expect(await codeOf(broken)).toBe('invalid_arguments');
  expect(await codeOf(web.views.open({ trigger_id: first, view: MODAL }))).toBe('ok');
  expect(await codeOf(web.views.open({ trigger_id: first, view: MODAL }))).toBe('exchanged_trigger_id');
  const second = await press();
  clock.advance(3_001);
  expect(await codeOf(web.views.open({ trigger_id: second, view: MODAL }))).toBe('expired_trigger_id');
  expect(await codeOf(web.views.open({ trigger_id: 'made-up', view: MODAL }))).toBe('invalid_trigger_id');
});

test('two connections take turns, and one is enough', async () => {
  const slack = await workspace();
  const seen: string[] = [];
  const app = (name: string) =>
    socketApp(slack, (bolt) =>
      bolt.command('/tasks', async ({ ack }) => {
        seen.push(name);
        await ack();
      }),
    );
  const one = await app('one');
  await app('two');
  await slack.command(ANN.id, '/tasks', '');
  await slack.command(ANN.id, '/tasks', '');
  expect(seen.toSorted()).toEqual(['one', 'two']);
  let changes = 0;
  slack.onChange(() => (changes += 1));
  await one.stop();
  await until(() => changes > 0);
  await slack.command(ANN.id, '/tasks', '');
  expect(seen.at(-1)).toBe('two');
  expect(slack.unexpected).toEqual([]);
});

test('the app comes back after Slack told it to reconnect', async () => {
  const slack = await workspace();
  const app = quickSocketApp(slack);
  app.command('/tasks', async ({ ack }) => ack());
  await app.start();
  onTestFinished(async () => void (await app.stop()));
  const connections = () => slack.calls.filter((call) => call.method === 'apps.connections.open').length;
  slack.disconnect();
  await until(() => connections() === 2 && slack.connected());
  expect(await slack.command(ANN.id, '/tasks', '')).toMatchObject({ acked: true });
  expect(slack.unexpected).toEqual([]);
});

test('a ticket opens one connection', async () => {
  const slack = await workspace();
  const { url = '' } = await client(slack, slack.appToken).apps.connections.open({});
  const open = () =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(url);
      socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)).type);
      socket.onerror = () => resolve('refused');
    });
  expect(await open()).toBe('hello');
  expect(await open()).toBe('refused');
  expect(slack.unexpected).toEqual(['socket: refused /link/']);
});

test('a connection that dies takes its unanswered envelopes with it', async () => {
  const slack = await workspace();
  const { url = '' } = await client(slack, slack.appToken).apps.connections.open({});
  const socket = new WebSocket(url);
  socket.onmessage = ({ data }) => {
    if (JSON.parse(String(data)).type === 'slash_commands') socket.close();
  };
  await until(() => slack.connected());
  const delivery = await slack.command(ANN.id, '/tasks', '');
  expect(delivery.acked).toBe(false);
  expect(delivery.ackMs).toBeLessThan(1_000);
});

test('what the app says wrongly on the socket is noted', async () => {
  const slack = await workspace();
  const { url = '' } = await client(slack, slack.appToken).apps.connections.open({});
  const socket = new WebSocket(url);
  // The workspace may know of the connection sooner than the socket itself.
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  socket.send('hello?');
  socket.send(JSON.stringify({ envelope_id: 'made-up' }));
  await until(() => slack.unexpected.length === 2);
  expect(slack.unexpected.join('\n')).toContain('unknown envelope made-up');
});

test('closing is quick, even with an envelope on its way', async () => {
  const slack = await workspace();
  await socketApp(slack, (app) => app.command('/tasks', async () => undefined));
  const pending = slack.command(ANN.id, '/tasks', '');
  const startedAt = performance.now();
  await slack.close();
  expect(await pending).toMatchObject({ acked: false });
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
