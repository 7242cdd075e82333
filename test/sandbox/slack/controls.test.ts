import type { KnownBlock } from '@slack/types';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../sandbox/slack/types.ts';
import { ANN, BOB, client, socketApp, workspace } from './harness.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (value: string) => ({ text: plain(value), value });
const CONFIRM = { title: plain('Sure?'), text: plain('No way back'), confirm: plain('Yes'), deny: plain('No') };

/** A message with these blocks, in a workspace whose app acknowledges everything. */
async function post(blocks: KnownBlock[]) {
  const slack = await workspace();
  await socketApp(slack, (app) => app.action(/.*/, async ({ ack }) => ack()));
  const { ts = '' } = await client(slack).chat.postMessage({ channel: ANN.id, text: 'x', blocks });
  async function press(given: JsonObject): Promise<JsonObject | undefined> {
    expect(await slack.act(ANN.id, { ts }, 'b', given)).toMatchObject({ acked: true });
    return slack.sent.at(-1)?.payload;
  }
  return { slack, ts, press };
}

type Accessory = Extract<KnownBlock, { type: 'section' }>['accessory'];

const section = (accessory: Accessory): KnownBlock => ({
  type: 'section',
  block_id: 'b',
  text: plain('x'),
  ...(accessory && { accessory }),
});

const OVERFLOW = {
  type: 'overflow' as const,
  action_id: 'more',
  options: [option('a'), { ...option('b'), url: 'https://b.example/' }],
  confirm: CONFIRM,
};

describe('a menu', () => {
  test.each([
    ['beside a section', section(OVERFLOW)],
    ['among actions', { type: 'actions', block_id: 'b', elements: [OVERFLOW] } satisfies KnownBlock],
  ])('%s reports the chosen option and has no state', async (_where, block) => {
    const { press } = await post([block]);
    const payload = await press({ action_id: 'more', selected_option: { value: 'b' } });
    expect(payload?.actions).toEqual([
      {
        type: 'overflow',
        action_id: 'more',
        block_id: 'b',
        confirm: CONFIRM,
        selected_option: OVERFLOW.options[1],
        action_ts: expect.any(String),
      },
    ]);
    expect(payload?.state).toEqual({ values: {} });
  });

  test('offers nothing else, and cannot be pressed without a choice', async () => {
    const { slack, ts } = await post([section(OVERFLOW)]);
    const press = (given: JsonObject) => slack.act(ANN.id, { ts }, 'b', { action_id: 'more', ...given });
    await expect(press({ selected_option: { value: 'c' } })).rejects.toThrow('offers no option');
    await expect(press({})).rejects.toThrow('needs a selected_option');
    await expect(press({ selected_option: null })).rejects.toThrow('needs a selected_option');
    expect(slack.sent).toEqual([]);
  });
});

test('a list of people reports the chosen one, also beside a section', async () => {
  const { slack, ts, press } = await post([
    section({ type: 'users_select', action_id: 'who', initial_user: ANN.id, confirm: CONFIRM }),
  ]);
  const chosen = { type: 'users_select', selected_user: BOB.id };
  const payload = await press({ action_id: 'who', selected_user: BOB.id });
  expect(payload?.actions).toMatchObject([{ ...chosen, action_id: 'who', block_id: 'b' }]);
  expect(payload?.state).toEqual({ values: { b: { who: chosen } } });
  const press2 = (given: JsonObject) => slack.act(ANN.id, { ts }, 'b', { action_id: 'who', ...given });
  await expect(press2({ selected_user: 'U0NOBODY' })).rejects.toThrow('offers no U0NOBODY');
  await expect(press2({ selected_user: null })).rejects.toThrow('needs a selected_user');
  await slack.setUser({ ...BOB, deleted: true });
  await expect(press2({ selected_user: BOB.id })).rejects.toThrow('offers no');
});

test('radio buttons report the chosen option', async () => {
  const options = [option('a'), option('b')];
  const { press } = await post([section({ type: 'radio_buttons', action_id: 'one', options })]);
  const payload = await press({ action_id: 'one', selected_option: { value: 'b' } });
  const chosen = { type: 'radio_buttons', selected_option: options[1] };
  expect(payload?.actions).toMatchObject([chosen]);
  expect(payload?.state).toEqual({ values: { b: { one: chosen } } });
});

test('a select beside a section, with a confirm dialog, reports the chosen option', async () => {
  const options = [option('a'), option('b')];
  const { press } = await post([section({ type: 'static_select', action_id: 'one', options, confirm: CONFIRM })]);
  const payload = await press({ action_id: 'one', selected_option: { value: 'a' } });
  expect(payload?.actions).toMatchObject([{ type: 'static_select', selected_option: options[0] }]);
});

test('a button that opens an address tells the app as well, without a value', async () => {
  const url = 'https://provider.example/consent?a=1&b=2';
  const { press } = await post([section({ type: 'button', action_id: 'open', text: plain('Connect'), url })]);
  const payload = await press({ action_id: 'open' });
  expect(payload).toMatchObject({ type: 'block_actions', actions: [{ type: 'button', action_id: 'open', url }] });
  expect(payload?.actions).not.toMatchObject([{ value: expect.anything() }]);
});
