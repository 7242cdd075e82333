/** Lists of choices: of how many, under headings, and what stays chosen when the view or message changes. */
import type { KnownBlock } from '@slack/types';
import type { ModalView } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../sandbox/slack/types.ts';
import { ANN, BOB, input, option, plain, row, stage } from './harness.ts';
import { held, openWindow } from './window.ts';

const [A, B, C] = [option('a'), option('b'), option('c')] as const;
const GROUPS = [
  { label: plain('Today'), options: [A, B] },
  { label: plain('Late'), options: [C] },
];
const MANY = { type: 'multi_static_select' as const, option_groups: GROUPS, max_selected_items: 2 };
const ONE = { type: 'static_select' as const, option_groups: GROUPS };
const view = (...blocks: ModalView['blocks']): ModalView => ({
  type: 'modal',
  title: plain('Many'),
  submit: plain('Go'),
  blocks,
});
const NOON = 1_790_000_000;

test('a submission says what every kind of input holds, as it was proposed', async () => {
  const { submit, seen } = await openWindow(
    view(
      input('many', { ...MANY, initial_options: [C, A] }),
      input('one', { ...ONE, initial_option: C }),
      input('boxes', { type: 'checkboxes', options: [A, B], initial_options: [B] }),
      input('radio', { type: 'radio_buttons', options: [A, B], initial_option: A }),
      input('at', { type: 'datetimepicker', initial_date_time: NOON }),
      input('day', { type: 'datepicker', initial_date: '2026-11-30' }),
      input('time', { type: 'timepicker', initial_time: '09:30' }),
      input('who', { type: 'users_select', initial_user: BOB.id }),
      input('several', { type: 'multi_users_select', initial_users: [ANN.id, BOB.id] }),
      input('nobody', { type: 'multi_users_select' }, true),
      input('where', { type: 'conversations_select', initial_conversation: 'C1' }),
      input('text', { type: 'plain_text_input', initial_value: 'x' }),
      input('mail', { type: 'email_text_input', initial_value: 'a@b.example' }),
      input('none', MANY, true),
      input('empty', ONE, true),
    ),
  );
  await submit();
  expect(seen[0]).toMatchObject({
    view: {
      state: {
        values: {
          ...held('many', { type: 'multi_static_select', selected_options: [C, A] }),
          ...held('one', { type: 'static_select', selected_option: C }),
          ...held('boxes', { type: 'checkboxes', selected_options: [B] }),
          ...held('radio', { type: 'radio_buttons', selected_option: A }),
          ...held('at', { type: 'datetimepicker', selected_date_time: NOON }),
          ...held('day', { type: 'datepicker', selected_date: '2026-11-30' }),
          ...held('time', { type: 'timepicker', selected_time: '09:30' }),
          ...held('who', { type: 'users_select', selected_user: BOB.id }),
          ...held('several', { type: 'multi_users_select', selected_users: [ANN.id, BOB.id] }),
          ...held('nobody', { type: 'multi_users_select', selected_users: [] }),
          ...held('where', { type: 'conversations_select', selected_conversation: 'C1' }),
          ...held('text', { type: 'plain_text_input', value: 'x' }),
          ...held('mail', { type: 'email_text_input', value: 'a@b.example' }),
          ...held('none', { type: 'multi_static_select', selected_options: [] }),
          ...held('empty', { type: 'static_select', selected_option: null }),
        },
      },
    },
  });
});

test.each<[string, string, JsonObject, string]>([
  ['a stranger among people', 'several', { selected_users: [ANN.id, 'U9'] }, 'The list of people offers no U9'],
  ['a channel that is not there', 'where', { selected_conversation: 'C9' }, 'The list offers no channel C9'],
])('nobody can choose %s', async (_what, field, value, sentence) => {
  const { submit, seen } = await openWindow(
    view(
      input('several', { type: 'multi_users_select' }, true),
      input('where', { type: 'conversations_select', filter: { include: ['public', 'private'] } }, true),
    ),
  );

  await expect(submit(held(field, value))).rejects.toThrow(sentence);
  expect(seen).toEqual([]);
});

describe('a list of several', () => {
  const picked = (...values: string[]) => held('many', { selected_options: values.map((value) => ({ value })) });

  test.each<[string, string[], string]>([
    ['more than it takes', ['a', 'b', 'c'], 'many takes no more than 2 options'],
    ['what it does not offer', ['z'], 'many offers no option z'],
    ['nothing where something is required', [], 'Block many must be filled in'],
  ])('holds the form back with %s', async (_, values, sentence) => {
    const { submit, seen } = await openWindow(view(input('many', MANY)));
    await expect(submit(picked(...values))).rejects.toThrow(sentence);
    expect(seen).toEqual([]);
  });

  test('tells the app of a pick beside a section, with its block, and without the list itself', async () => {
    const { post, press, last } = await stage();
    const block: KnownBlock = {
      type: 'section',
      block_id: 'row',
      text: plain('x'),
      accessory: { ...MANY, action_id: 'many' },
    };
    const { ts } = await post([block]);
    await press(ts, { action_id: 'many', selected_options: [{ value: 'c' }] });
    const chosen = { type: 'multi_static_select', selected_options: [C] };
    expect(last()?.actions).toEqual([{ ...chosen, action_id: 'many', block_id: 'row', action_ts: expect.any(String) }]);
    expect(last()?.state).toEqual({ values: { row: { many: chosen } } });
    await expect(press(ts, { action_id: 'many' })).rejects.toThrow('needs a selected_options');
  });
});

describe('what was entered', () => {
  const entered = { ...held('many', { selected_options: [B] }), ...held('note', { value: 'typed' }) };
  const form = (options: typeof GROUPS, initial: string) =>
    view(
      input('many', { ...MANY, option_groups: options, initial_options: [A] }),
      input('note', { type: 'plain_text_input', initial_value: initial }),
    );
  const values = (modal: { view: JsonObject } | undefined) => modal?.view.state;

  test.each(['views.update', 'response_action'])(
    'stays over %s where block and control keep their ids',
    async (way) => {
      const { web, modal, submit, slack } = await openWindow(view(...form(GROUPS, 'first').blocks, ...row('more')));
      const next = form(GROUPS, 'second');
      if (way === 'response_action')
        await submit(entered, { response_action: 'update', view: JSON.parse(JSON.stringify(next)) });
      else {
        await slack.act(ANN.id, { modal: true }, 'row', { action_id: 'more' }, entered);
        await web.views.update({ view_id: modal()?.id ?? '', view: next });
      }
      expect(values(modal())).toMatchObject({ values: entered });
    },
  );

  test('is reset where an id changes, or the choice is no longer offered', async () => {
    const { modal, submit } = await openWindow(form(GROUPS, 'first'));
    const [many, note] = form([{ label: plain('Late'), options: [A, C] }], 'second').blocks;
    const moved = { ...note, block_id: 'moved' };
    const next = { ...form(GROUPS, ''), blocks: [many, moved] };
    await submit(entered, { response_action: 'update', view: JSON.parse(JSON.stringify(next)) });
    expect(values(modal())).toEqual({
      values: {
        ...held('many', { type: 'multi_static_select', selected_options: [A] }),
        moved: { note: { type: 'plain_text_input', value: 'second' } },
      },
    });
  });

  test('in a message is sent with the next press, and outlives an edit that keeps the ids', async () => {
    const { slack, web, post, press, last } = await stage();
    const boxes = { type: 'checkboxes' as const, action_id: 'boxes', options: [A, B] };
    const blocks: KnownBlock[] = [
      { type: 'section', block_id: 'row', text: plain('x'), accessory: boxes },
      { type: 'actions', block_id: 'go', elements: [{ type: 'button', action_id: 'go', text: plain('Go') }] },
    ];
    const { ts, channel } = await post(blocks);
    await press(ts, { action_id: 'boxes', selected_options: [{ value: 'b' }] });
    await slack.act(ANN.id, { ts }, 'go', { action_id: 'go' });
    const kept = { row: { boxes: { type: 'checkboxes', selected_options: [B] } } };
    expect(last()?.state).toEqual({ values: kept });

    await web.chat.update({ channel, ts, text: 'x', blocks });
    expect(slack.messages(ANN.id)[0]?.values).toEqual(kept);
    await web.chat.update({
      channel,
      ts,
      text: 'x',
      blocks: blocks.with(0, { ...blocks[0], block_id: 'new' } as KnownBlock),
    });
    expect(slack.messages(ANN.id)[0]?.values).toMatchObject({ new: { boxes: { selected_options: [] } } });
  });
});

test('a press in a modal says what stands in its other inputs by now', async () => {
  const { slack } = await openWindow(view(input('note', { type: 'plain_text_input' }), ...row('more')));
  await slack.act(ANN.id, { modal: true }, 'row', { action_id: 'more' }, held('note', { value: 'half' }));
  expect(slack.sent.at(-1)?.payload).toMatchObject({ view: { state: { values: held('note', { value: 'half' }) } } });
});
