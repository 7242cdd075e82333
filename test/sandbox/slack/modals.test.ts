import type { ModalView } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import type { JsonObject, ViewValues } from '../../../sandbox/slack/types.ts';
import { breaches } from '../simulator.ts';
import { ANN, BOB, codeOf, input, option, row, plain as text } from './harness.ts';
import { held, openWindow } from './window.ts';

const NOON = 1_790_000_000;

const VIEW: ModalView = {
  type: 'modal',
  callback_id: 'when',
  private_metadata: 'task-1',
  title: text('When?'),
  submit: text('Move'),
  blocks: [
    input('at', { type: 'datetimepicker', initial_date_time: NOON }),
    input('typed', { type: 'plain_text_input', max_length: 10 }, true),
    ...row('more'),
  ],
};

const FORM: ModalView = {
  ...VIEW,
  blocks: [
    input('note', { type: 'plain_text_input', multiline: true, initial_value: 'a\nb', min_length: 2, max_length: 9 }),
    input('mail', { type: 'email_text_input' }),
    input('who', { type: 'users_select' }),
    input('cover', { type: 'users_select', initial_user: ANN.id }),
    input('one', { type: 'radio_buttons', options: [option('a'), option('b')] }),
    input('pick', { type: 'static_select', options: [option('c'), option('d')] }, true),
  ],
};

const setup = (view: ModalView = VIEW) => openWindow(view);

describe('submission', () => {
  test('carries what the inputs hold, and an empty answer closes the modal', async () => {
    const { seen, modal, submit } = await setup();
    const { id, hash, ...before } = modal() ?? {};
    expect(before).toMatchObject({ type: 'modal', callback_id: 'when', view: { private_metadata: 'task-1' } });
    expect(await submit(held('typed', { value: 'tomorrow' }))).toMatchObject({ acked: true });
    expect(modal()).toBeUndefined();
    const state = {
      values: {
        ...held('at', { type: 'datetimepicker', selected_date_time: NOON }),
        ...held('typed', { type: 'plain_text_input', value: 'tomorrow' }),
      },
    };
    const meta = { callback_id: 'when', private_metadata: 'task-1', root_view_id: id, previous_view_id: null };
    expect(seen).toMatchObject([{ type: 'view_submission', user: { id: ANN.id }, view: { id, hash, ...meta, state } }]);
  });

  test('update shows another form, and clear closes it', async () => {
    const { modal, submit } = await setup();
    const { id, hash } = modal() ?? {};
    const view = { type: 'modal', title: text('Next'), submit: text('Go'), blocks: [] };
    await submit({}, { response_action: 'update', view });
    expect(modal()).toMatchObject({ id, view: { title: { text: 'Next' } } });
    expect(modal()?.hash).not.toBe(hash);
    await submit({}, { response_action: 'clear' });
    expect(modal()).toBeUndefined();
  });

  test.each<[string, JsonObject, string]>([
    ['an error for what is no input', { response_action: 'errors', errors: { elsewhere: 'x' } }, 'error for elsewhere'],
    [
      'a view that Slack refuses',
      { response_action: 'update', view: { type: 'modal', blocks: [] } },
      'missing required field: title',
    ],
  ])('%s is noted and not shown', async (_, response, problem) => {
    const { slack, modal, submit } = await setup();
    await submit({}, response);
    expect(breaches(slack)).toEqual([expect.stringContaining(problem)]);
    expect(modal()?.view).toMatchObject({ title: text('When?') });
  });
});

const FILLED = {
  ...held('mail', { value: 'dana@halvorsen.example' }),
  ...held('who', { selected_user: BOB.id }),
  ...held('one', { selected_option: { value: 'b' } }),
};

/** As Slack's own client does. */
test.each<[string, ViewValues, string, ModalView?]>([
  ['no text', held('note', { value: null }), 'Block note must be filled in'],
  ['too short a text', held('note', { value: 'a' }), 'note does not take 1 characters'],
  ['too long a text', held('note', { value: 'x'.repeat(10) }), 'note does not take 10 characters'],
  ['no email', held('mail', { value: null }), 'Block mail must be filled in'],
  ['what is no email', held('mail', { value: 'dana' }), 'mail takes an email address only'],
  ['nobody', held('who', { selected_user: null }), 'Block who must be filled in'],
  ['a stranger', held('who', { selected_user: 'U0NOBODY' }), 'offers no U0NOBODY'],
  ['no choice', held('one', { selected_option: null }), 'Block one must be filled in'],
  ['a foreign option', held('pick', { selected_option: { value: 'e' } }), 'offers no option e'],
  ['no date', held('at', { selected_date_time: null }), 'must be filled in', VIEW],
  ['what is no control', { nowhere: { x: { value: 'x' } } }, 'No control', VIEW],
])('inputs hold the form back with %s', async (_what, wrong, sentence, view = FORM) => {
  const { seen, modal, submit } = await setup(view);
  await expect(submit(view === FORM ? { ...FILLED, ...wrong } : wrong)).rejects.toThrow(sentence);
  expect(seen).toEqual([]);
  expect(modal()).toBeDefined();
});

describe('on the screen', () => {
  test('controls can be pressed, and what was entered stays; an input tells the app nothing', async () => {
    const accessory = { type: 'overflow' as const, action_id: 'menu', options: [option('a'), option('b')] };
    const blocks = [
      ...VIEW.blocks,
      { type: 'section' as const, block_id: 'menu', text: text('x'), accessory },
      { type: 'actions' as const, block_id: 'p', elements: [{ type: 'users_select' as const, action_id: 'p' }] },
    ];
    const { slack, modal } = await setup({ ...VIEW, blocks });
    const press = async (block: string, action: JsonObject) => {
      await slack.act(ANN.id, { modal: true }, block, action);
      return slack.sent.at(-1)?.payload;
    };
    const more = await press('row', { action_id: 'more' });
    expect(more).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id: modal()?.id },
      view: { state: { values: held('at', { selected_date_time: NOON }) } },
    });
    expect(more).not.toHaveProperty('response_url');
    const chosen = { selected_option: accessory.options[1] };
    expect(await press('menu', { action_id: 'menu', selected_option: { value: 'b' } })).toMatchObject({
      actions: [{ type: 'overflow', ...chosen }],
    });
    expect(await press('p', { action_id: 'p', selected_user: BOB.id })).toMatchObject({
      actions: [{ type: 'users_select', selected_user: BOB.id }],
      view: { state: { values: held('p', { selected_user: BOB.id }) } },
    });
    await expect(press('typed', { action_id: 'typed', value: 'x' })).rejects.toThrow('tells the app nothing');
  });

  test('views.update needs the right id and hash', async () => {
    const { web, modal } = await setup();
    const { id: view_id = '', hash = '' } = modal() ?? {};
    expect(await codeOf(web.views.update({ view_id, hash, view: VIEW }))).toBe('ok');
    expect(await codeOf(web.views.update({ view_id, hash, view: VIEW }))).toBe('hash_conflict');
    expect(await codeOf(web.views.update({ view_id: 'V0', view: VIEW }))).toBe('not_found');
  });

  test('closing needs a modal, and tells an app nothing that did not ask for it', async () => {
    const { slack, modal } = await setup();
    const before = slack.sent.length;
    expect(await slack.closeModal(ANN.id)).toBeUndefined();
    expect([modal(), slack.sent.length]).toEqual([undefined, before]);
    expect(() => slack.closeModal(ANN.id)).toThrow('no modal');
  });
});
