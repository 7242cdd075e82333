import type { InputBlock } from '@slack/types';
import type { ModalView } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import type { JsonObject, SlackWorkspace, ViewValues } from '../../../sandbox/slack/types.ts';
import { breaches } from '../simulator.ts';
import { ANN, BOB, client, codeOf, option, row, socketApp, plain as text, workspace } from './harness.ts';

const NOON = 1_790_000_000;

const input = (id: string, element: object, optional = false) =>
  ({ type: 'input', block_id: id, label: text(id), optional, element: { action_id: id, ...element } }) as InputBlock;

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

/** What one control of a form holds: its block is named as it is. */
const held = (id: string, value: JsonObject): ViewValues => ({ [id]: { [id]: value } });

/** A modal in a workspace whose app answers every submission with what `answer` holds. */
async function setup(view: ModalView = VIEW) {
  const slack = await workspace();
  const seen: JsonObject[] = [];
  const answer: { value: JsonObject | undefined } = { value: undefined };
  await socketApp(slack, (app) => {
    app.action(/.*/, async ({ ack }) => ack());
    app.view(/.*/, async ({ ack, body }) => {
      seen.push(JSON.parse(JSON.stringify(body)));
      await Reflect.apply(ack, undefined, [answer.value]);
    });
  });
  const web = client(slack);
  await open(slack, view);
  return {
    slack,
    web,
    seen,
    answer,
    modal: () => slack.modal(ANN.id),
    submit: (values: ViewValues = {}, response?: JsonObject) => {
      answer.value = response;
      return slack.submit(ANN.id, values);
    },
  };
}

async function trigger(slack: SlackWorkspace): Promise<string> {
  const { ts = '' } = await client(slack).chat.postMessage({ channel: ANN.id, text: 'x', blocks: row('go') });
  await slack.act(ANN.id, { ts }, 'row', { action_id: 'go' });
  return String(slack.sent.at(-1)?.payload.trigger_id);
}

async function open(slack: SlackWorkspace, view: ModalView): Promise<void> {
  await client(slack).views.open({ trigger_id: await trigger(slack), view });
}

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

  test('errors keep the modal open and stand beside the field', async () => {
    const { modal, submit } = await setup();
    const errors = { typed: 'That is in the past' };
    expect((await submit({}, { response_action: 'errors', errors })).ackBody).toEqual({
      response_action: 'errors',
      errors,
    });
    expect(modal()?.errors).toEqual(errors);
    await submit();
    expect(modal()).toBeUndefined();
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

describe('inputs', () => {
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
  ])('hold the form back with %s', async (_what, wrong, sentence, view = FORM) => {
    const { seen, modal, submit } = await setup(view);
    await expect(submit(view === FORM ? { ...FILLED, ...wrong } : wrong)).rejects.toThrow(sentence);
    expect(seen).toEqual([]);
    expect(modal()).toBeDefined();
  });
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

  test('closing needs a modal, and tells the app nothing', async () => {
    const { slack, modal } = await setup();
    const before = slack.sent.length;
    slack.closeModal(ANN.id);
    expect([modal(), slack.sent.length]).toEqual([undefined, before]);
    expect(() => slack.closeModal(ANN.id)).toThrow('no modal');
  });

  test('closing tells the app where the view asks for it', async () => {
    const { slack, modal } = await setup({ ...VIEW, notify_on_close: true });
    const { id } = modal() ?? {};
    void slack.closeModal(ANN.id);
    expect(modal()).toBeUndefined();
    expect(slack.sent.at(-1)?.payload).toMatchObject({ type: 'view_closed', view: { id }, user: { id: ANN.id } });
  });
});

describe('a stack', () => {
  test('a pushed view goes back to the one below when it is sent or closed, and clear ends both', async () => {
    const { slack, web, modal, submit } = await setup();
    const root = modal()?.id;
    const push = async () =>
      web.views.push({ trigger_id: await trigger(slack), view: { ...VIEW, callback_id: 'on top' } });
    await push();
    const { view } = modal() ?? {};
    expect(view).toMatchObject({ callback_id: 'on top', previous_view_id: root, root_view_id: root });
    expect(await codeOf(web.views.update({ view_id: String(root), view: VIEW }))).toBe('ok');
    await submit();
    expect(modal()?.id).toBe(root);
    await push();
    slack.closeModal(ANN.id);
    expect(modal()?.id).toBe(root);
    await push();
    await submit({}, { response_action: 'clear' });
    expect(modal()).toBeUndefined();
  });

  test('holds three, and needs a modal to stand on', async () => {
    const { slack, web } = await setup();
    const push = async () => codeOf(web.views.push({ trigger_id: await trigger(slack), view: VIEW }));
    expect([await push(), await push(), await push()]).toEqual(['ok', 'ok', 'push_limit_reached']);
    for (let n = 0; n < 3; n += 1) slack.closeModal(ANN.id);
    expect(await push()).toBe('push_limit_reached');
  });
});
