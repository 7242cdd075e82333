/** Over the socket: payloads that Slack would never send, and messages that are no envelopes. */
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { createWorld } from '../flow/world.ts';
import { serve } from '../providers/serve.ts';
import { arrange, eachOf, expectUnharmed, recordOf, unhandled } from './harm.ts';
import { ODD_BODIES, payloads, SEED } from './payloads.ts';

/** What is refused there waits three seconds for its acknowledgement; a thousand with MATRIX=all. */
const OVER_SOCKET = process.env.MATRIX === 'all' ? 1_000 : 400;

test('hundreds more over the socket', async () => {
  const { world, templates } = await arrange(false);
  const rejected = unhandled();
  const before = await recordOf(world);
  const all = fc.sample(payloads(templates, world.slack.teamId), { seed: SEED + 1, numRuns: OVER_SOCKET });
  let acked = 0;

  // What is refused there is not acknowledged at all, and Slack gives up on it after three seconds.
  await eachOf(all, 128, async ({ kind, payload }) => {
    if ((await world.slack.deliver(kind, payload)).acked) acked += 1;
  });

  expect(rejected).toEqual([]);
  expect(acked).toBeGreaterThan(OVER_SOCKET / 4);
  expect(world.slack.connected()).toBe(true);
  await expectUnharmed(world, before);
}, 300_000);

/** As much of Slack as a socket needs; what it sends is for the test to say. */
async function createBareSlack() {
  const acks: string[] = [];
  const { url, server } = await serve((incoming, response) => {
    incoming.resume();
    const answer = incoming.url?.endsWith('connections.open')
      ? { url: `ws://${incoming.headers.host}` }
      : { team_id: 'T0BARE', user_id: 'U0BOT' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, members: [], ...answer }));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => acks.push(String(JSON.parse(String(data)).envelope_id)));
    socket.send('{"type":"hello"}');
  });
  onTestFinished(() => sockets.clients.forEach((socket) => void socket.terminate()));
  const send = (data: string | Buffer) => sockets.clients.forEach((socket) => void socket.send(data));
  return { apiUrl: `${url}/api/`, send, acks };
}

test('messages on the socket that are no envelopes are passed over; events among them are acknowledged', async () => {
  const slack = await createBareSlack();
  const world = await createWorld({ start: false, allowUnexpected: true, env: { SLACK_API_URL: slack.apiUrl } });
  await world.app.start();
  const rejected = unhandled();
  const envelope = (id: string, more: object) => JSON.stringify({ envelope_id: id, ...more });

  const strange = ['hello', '{"type":"__proto__"}', '{"type":"ws_message"}', '{"type":"slack_event"}'];
  for (const message of [...ODD_BODIES, ...strange]) slack.send(message);
  slack.send(Buffer.from([0xff, 0]));
  for (const type of ['interactive', 'slash_commands', 'options', 'error', 'close']) {
    for (const payload of [null, 1, 'x', [], {}, undefined])
      slack.send(envelope(`${type}-unreadable`, { type, payload }));
  }
  const odd = [null, 'x', {}, { type: null }, { type: 'ws_message' }].map((event) => ({ event }));
  const messages = [{ channel: null }, { item: 1 }].map((more) => ({ event: { type: 'message', ...more } }));
  const events = [null, 1, 'x', [], {}, ...odd, ...messages];
  for (const [index, payload] of events.entries())
    slack.send(envelope(`event-${index}`, { type: 'events_api', payload }));
  slack.send(envelope('last', { type: 'events_api', payload: { event: { type: 'reaction_added' } } }));

  await expect.poll(() => slack.acks, { timeout: 5_000 }).toContain('last');
  expect(slack.acks.filter((id) => id.startsWith('event-')).sort()).toEqual(
    events.map((_, index) => `event-${index}`).sort(),
  );
  expect(slack.acks.filter((id) => id.endsWith('-unreadable'))).toEqual([]);
  expect(rejected).toEqual([]);
  expect(await world.status('/readyz')).toBe(200);
});
