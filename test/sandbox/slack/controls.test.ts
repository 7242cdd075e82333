import type { KnownBlock } from '@slack/types';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../sandbox/slack/types.ts';
import { ANN, BOB, option, plain, stage } from './harness.ts';

const CONFIRM = { title: plain('Sure?'), text: plain('No way back'), confirm: plain('Yes'), deny: plain('No') };
const options = [option('a'), option('b')];
const links = [option('a'), { ...option('b'), url: 'https://b.example/' }];
const OVERFLOW = { type: 'overflow', action_id: 'x', options: links, confirm: CONFIRM } as const;
const SELECT = { type: 'static_select', action_id: 'x', options, confirm: CONFIRM } as const;
const PEOPLE = { type: 'users_select', action_id: 'x', initial_user: ANN.id, confirm: CONFIRM } as const;
const RADIO = { type: 'radio_buttons', action_id: 'x', options } as const;
const LINK = {
  type: 'button',
  action_id: 'x',
  text: plain('Connect'),
  url: 'https://p.example/consent?a=1&b=2',
} as const;

const section = (accessory: Extract<KnownBlock, { type: 'section' }>['accessory']): KnownBlock => ({
  type: 'section',
  block_id: 'row',
  text: plain('x'),
  ...(accessory && { accessory }),
});
const actions = (...elements: Extract<KnownBlock, { type: 'actions' }>['elements']): KnownBlock => ({
  type: 'actions',
  block_id: 'row',
  elements,
});

const B = { selected_option: { value: 'b' } };
const CHOSE_B = { selected_option: options[1] };

/** What the app hears of a control: the action, without what every action has, and the state beside it. */
test.each<[string, KnownBlock, JsonObject, action: object, state: object | undefined]>([
  ['a menu beside a section', section(OVERFLOW), B, { confirm: CONFIRM, selected_option: links[1] }, undefined],
  ['a select among actions', actions(SELECT), B, { confirm: CONFIRM, ...CHOSE_B }, CHOSE_B],
  ['radio buttons', section(RADIO), B, CHOSE_B, CHOSE_B],
  [
    'a list of people',
    section(PEOPLE),
    { selected_user: BOB.id },
    { initial_user: ANN.id, confirm: CONFIRM, selected_user: BOB.id },
    { selected_user: BOB.id },
  ],
  ['a button that opens an address', section(LINK), {}, { text: LINK.text, url: LINK.url }, undefined],
])('%s reports what was chosen, once as action and once as state', async (_, block, given, action, state) => {
  const { post, press, last } = await stage();
  const { ts } = await post([block]);
  expect(await press(ts, { action_id: 'x', ...given })).toMatchObject({ acked: true });
  const element = block.type === 'section' ? block.accessory : block.type === 'actions' ? block.elements[0] : undefined;
  const type = element?.type;
  expect(last()?.actions).toEqual([
    { type, action_id: 'x', block_id: 'row', ...action, action_ts: expect.any(String) },
  ]);
  expect(last()?.state).toEqual({ values: state === undefined ? {} : { row: { x: { type, ...state } } } });
});

test.each<[string, KnownBlock, JsonObject, string]>([
  ['a menu', section(OVERFLOW), { selected_option: { value: 'c' } }, 'offers no option'],
  ['a menu', section(OVERFLOW), {}, 'needs a selected_option'],
  ['a select', actions(SELECT), { selected_option: { value: 'c' } }, 'offers no option'],
  ['a list of people', section(PEOPLE), { selected_user: 'U0NOBODY' }, 'offers no U0NOBODY'],
  ['a list of people', section(PEOPLE), { selected_user: null }, 'needs a selected_user'],
  ['a list of people', section(PEOPLE), { selected_user: BOB.id }, 'offers no'],
])('%s offers nothing else, and cannot be pressed without a choice: %j', async (_, block, given, problem) => {
  const { slack, post, press } = await stage({ users: [ANN, { ...BOB, deleted: true }] });
  const { ts } = await post([block]);
  await expect(press(ts, { action_id: 'x', ...given })).rejects.toThrow(problem);
  expect(slack.sent).toEqual([]);
});
