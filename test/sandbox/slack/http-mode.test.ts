import { expect, test } from 'vitest';
import { freePort } from '../../flow/simulators.ts';
import { ANN, client, httpApp, row, until, workspace } from './harness.ts';

async function setup() {
  const port = await freePort();
  return { port, slack: await workspace({ http: { requestUrl: `http://127.0.0.1:${port}/slack/events` } }) };
}

test('clicks, commands and events reach Bolt signed, and are acknowledged', async () => {
  const { port, slack } = await setup();
  const seen: string[] = [];
  await httpApp(slack, port, (app) => {
    app.action('go', async ({ ack }) => ack().then(() => void seen.push('action')));
    app.command('/tasks', async ({ ack, command }) => ack({ text: `got ${command.text}`, response_type: 'ephemeral' }));
    app.event('app_home_opened', async ({ event }) => void seen.push(event.type));
  });
  const { ts = '' } = await client(slack).chat.postMessage({ channel: ANN.id, text: 'x', blocks: row('go') });
  expect(await slack.act(ANN.id, { ts }, 'row', { action_id: 'go' })).toMatchObject({ acked: true, ackBody: {} });
  expect(await slack.command(ANN.id, '/tasks', 'a & b')).toMatchObject({ acked: true, ackBody: { text: 'got a & b' } });
  expect(await slack.openHome(ANN.id)).toMatchObject({ acked: true });
  await until(() => seen.length === 2);
  expect(seen.toSorted()).toEqual(['action', 'app_home_opened']);
  expect(slack.messages(ANN.id).at(-1)).toMatchObject({ text: 'got a & b', ephemeral: true });
  expect(slack.connected()).toBe(true);
});

test('a wrong signature, an error and no server at all are no acknowledgement', async () => {
  const { port, slack } = await setup();
  expect(await slack.command(ANN.id, '/tasks', '')).toMatchObject({ acked: false });
  await httpApp({ ...slack, signingSecret: 'another' }, port, (app) => app.command('/tasks', async ({ ack }) => ack()));
  expect(await slack.command(ANN.id, '/tasks', '')).toMatchObject({ acked: false });
});

test('an acknowledgement after three seconds is too late', async () => {
  const { port, slack } = await setup();
  await httpApp(slack, port, (app) => app.command('/tasks', async () => undefined));
  const delivery = await slack.command(ANN.id, '/tasks', '');
  expect(delivery.acked).toBe(false);
  expect(delivery.ackMs).toBeGreaterThanOrEqual(2_990);
});
