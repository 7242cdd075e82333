import { expect, test } from 'vitest';
import type { SlackWorkspace } from '../../../sandbox/slack/types.ts';
import { breaches, clockAt } from '../simulator.ts';
import { ANN, BOB, button, client, codeOf, plain, row, socketApp, stage, until, workspace } from './harness.ts';

const MODAL = { type: 'modal' as const, title: plain('Pick'), blocks: [] };
const NOW = 1_790_000_000_000;

/** The address where one connection may be opened. */
async function ticket(slack: SlackWorkspace): Promise<string> {
  const { url = '' } = await client(slack, slack.appToken).apps.connections.open({});
  return url;
}

test('a click is delivered as Slack delivers it, and acknowledged', async () => {
  const { slack, seen, post, press } = await stage();
  expect(slack.connected()).toBe(true);
  const { ts, channel } = await post();
  expect(await press(ts)).toMatchObject({ acked: true, ackBody: {} });
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
      message: expect.objectContaining({ type: 'message', ts, text: 'list', blocks: row('go'), user: slack.botUserId }),
      state: { values: {} },
      response_url: expect.stringContaining(slack.url),
      actions: [{ ...button('go'), block_id: 'row', action_ts: expect.stringMatching(/^\d+\.\d{6}$/) }],
    },
  ]);
  expect(slack.sent).toEqual([{ kind: 'interactive', payload: seen[0] }]);
});

test('nobody presses what is not there; a forged value passes', async () => {
  const { slack, post, press, last } = await stage();
  const { ts } = await post();
  const go = { action_id: 'go' };
  await expect(press(ts, { action_id: 'stop' })).rejects.toThrow('No control');
  await expect(slack.act(ANN.id, { ts }, 'other', go)).rejects.toThrow('No control');
  await expect(slack.act(BOB.id, { ts }, 'row', go)).rejects.toThrow('sees no message');
  await expect(slack.act(ANN.id, { home: true }, 'row', go)).rejects.toThrow('no Home view');
  await expect(slack.act('U0NOBODY', { ts }, 'row', go)).rejects.toThrow('No such person');
  await press(ts, { ...go, value: 'forged' });
  expect(last()?.actions).toMatchObject([{ value: 'forged' }]);
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
  const failed = { text: expect.stringContaining('operation_timeout'), ephemeral: true };
  expect(slack.messages(ANN.id)).toMatchObject([failed]);
  await until(() => acked);
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

test('a trigger lives three seconds and opens one modal', async () => {
  const clock = clockAt(NOW);
  const { slack, web, post, press, last } = await stage({ clock: clock.read });
  const { ts } = await post();
  const open = (trigger_id: string, title = 'Pick') =>
    codeOf(web.views.open({ trigger_id, view: { ...MODAL, title: plain(title) } }));
  const trigger = async () => {
    await press(ts);
    return String(last()?.trigger_id);
  };
  const first = await trigger();
  clock.advance(3_000);
  expect(await open(first, '')).toBe('invalid_arguments');
  expect(breaches(slack)).toHaveLength(1);
  expect([await open(first), await open(first)]).toEqual(['ok', 'exchanged_trigger_id']);
  const second = await trigger();
  clock.advance(3_001);
  expect([await open(second), await open('made-up')]).toEqual(['expired_trigger_id', 'invalid_trigger_id']);
  breaches(slack);
});

test('two connections take turns, and one is enough', async () => {
  const slack = await workspace();
  const seen: string[] = [];
  const app = (name: string) =>
    socketApp(slack, (bolt) => bolt.command('/tasks', async ({ ack }) => ack().then(() => void seen.push(name))));
  const one = await app('one');
  await app('two');
  await slack.command(ANN.id, '/tasks', '');
  await slack.command(ANN.id, '/tasks', '');
  await until(() => seen.length === 2);
  expect(seen.toSorted()).toEqual(['one', 'two']);
  let changes = 0;
  slack.onChange(() => (changes += 1));
  await one.stop();
  await until(() => changes > 0);
  await slack.command(ANN.id, '/tasks', '');
  await until(() => seen.length === 3);
  expect(seen.at(-1)).toBe('two');
});

test('a ticket opens one connection', async () => {
  const slack = await workspace();
  const url = await ticket(slack);
  const open = () =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(url);
      socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)).type);
      socket.onerror = () => resolve('refused');
    });
  expect([await open(), await open()]).toEqual(['hello', 'refused']);
  expect(breaches(slack)).toEqual(['socket: refused /link/']);
});

test('a connection that dies takes its unanswered envelopes with it', async () => {
  const slack = await workspace();
  const socket = new WebSocket(await ticket(slack));
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
  const socket = new WebSocket(await ticket(slack));
  // The workspace may know of the connection sooner than the socket itself.
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  socket.send('hello?');
  socket.send(JSON.stringify({ envelope_id: 'made-up' }));
  await until(() => slack.unexpected.length === 2);
  expect(breaches(slack).join('\n')).toContain('unknown envelope made-up');
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
