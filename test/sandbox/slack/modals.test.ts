import type { InputBlock } from '@slack/types';
import type { ModalView } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import type { JsonObject, SlackWorkspace, ViewValues } from '../../../sandbox/slack/types.ts';
import { breaches } from '../simulator.ts';
import { ANN, BOB, client, codeOf, option, row, socketApp, plain as text, until, workspace } from './harness.ts';

const VIEW: ModalView = {
  type: 'modal',
  callback_id: 'when',
  private_metadata: 'task-1',
  title: text('When?'),
  submit: text('Move'),
  blocks: [
    {
      type: 'input',
      block_id: 'at',
      label: text('At'),
      element: { type: 'datetimepicker', action_id: 'at', initial_date_time: 1_790_000_000 },
    },
    {
      type: 'input',
      block_id: 'typed',
      label: text('Or'),
      optional: true,
      element: { type: 'plain_text_input', action_id: 'typed', max_length: 10 },
    },
    ...row('more'),
  ],
};

/** A workspace whose app answers every submission with what `answer` holds. */
async function setup(view: ModalView = VIEW) {
  const slack = await workspace();
  const seen: JsonObject[] = [];
  const answer: { value: JsonObject | undefined } = { value: undefined };
  await socketApp(slack, (app) => {
    app.action(/.*/, async ({ ack }) => ack());
    app.view({ type: 'view_submission', callback_id: /.*/ }, async ({ ack, body }) => {
      seen.push(JSON.parse(JSON.stringify(body)));
      await Reflect.apply(ack, undefined, [answer.value]);
    });
    app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack, body }) => {
      seen.push(JSON.parse(JSON.stringify(body)));
      await ack();
    });
  });
  await open(slack, view);
  return { slack, seen, answer };
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
    const { slack, seen } = await setup();
    const before = slack.modal(ANN.id);
    expect(before).toMatchObject({ type: 'modal', callback_id: 'when', view: { private_metadata: 'task-1' } });
    const delivery = await slack.submit(ANN.id, { typed: { typed: { value: 'tomorrow' } } });
    expect(delivery).toMatchObject({ acked: true });
    expect(slack.modal(ANN.id)).toBeUndefined();
    const values = {
      at: { at: { type: 'datetimepicker', selected_date_time: 1_790_000_000 } },
      typed: { typed: { type: 'plain_text_input', value: 'tomorrow' } },
    };
    const { id, hash } = before ?? {};
    const view = {
      id,
      hash,
      callback_id: 'when',
      private_metadata: 'task-1',
      root_view_id: id,
      previous_view_id: null,
    };
    expect(seen).toMatchObject([
      { type: 'view_submission', user: { id: ANN.id }, view: { ...view, state: { values } } },
    ]);
  });

  test('errors keep the modal open and stand beside the field', async () => {
    const { slack, answer } = await setup();
    answer.value = { response_action: 'errors', errors: { typed: 'That is in the past' } };
    const delivery = await slack.submit(ANN.id, {});
    expect(delivery.ackBody).toEqual(answer.value);
    expect(slack.modal(ANN.id)?.errors).toEqual({ typed: 'That is in the past' });
    answer.value = undefined;
    await slack.submit(ANN.id, {});
    expect(slack.modal(ANN.id)).toBeUndefined();
  });

  test('an error for what is no input block is noted', async () => {
    const { slack, answer } = await setup();
    answer.value = { response_action: 'errors', errors: { elsewhere: 'x' } };
    await slack.submit(ANN.id, {});
    expect(breaches(slack)).toEqual([expect.stringContaining('error for elsewhere')]);
  });

  test('update, push and clear', async () => {
    const { slack, answer } = await setup();
    const first = slack.modal(ANN.id);
    const next = { type: 'modal', title: text('Next'), submit: text('Go'), blocks: [] };
    answer.value = { response_action: 'update', view: next };
    await slack.submit(ANN.id, {});
    expect(slack.modal(ANN.id)).toMatchObject({ id: first?.id, view: { title: { text: 'Next' } } });
    expect(slack.modal(ANN.id)?.hash).not.toBe(first?.hash);
    answer.value = { response_action: 'push', view: next };
    await slack.submit(ANN.id, {});
    expect(slack.modal(ANN.id)?.view).toMatchObject({ previous_view_id: first?.id, root_view_id: first?.id });
    await slack.submit(ANN.id, {});
    await slack.submit(ANN.id, {});
    expect(breaches(slack)).toEqual(['view_submission push: push_limit_reached']);
    answer.value = { response_action: 'clear' };
    await slack.submit(ANN.id, {});
    expect(slack.modal(ANN.id)).toBeUndefined();
  });

  test('a view that Slack would refuse is noted and not shown', async () => {
    const { slack, answer } = await setup();
    answer.value = { response_action: 'update', view: { type: 'modal', blocks: [] } };
    await slack.submit(ANN.id, {});
    expect(breaches(slack)).toEqual([expect.stringContaining('missing required field: title')]);
    expect(slack.modal(ANN.id)?.view).toMatchObject({ title: text('When?') });
  });

  test('Slack’s own client holds back what is not filled in', async () => {
    const { slack } = await setup();
    const at = (seconds: number | null) => ({ at: { at: { selected_date_time: seconds } } });
    await expect(slack.submit(ANN.id, at(null))).rejects.toThrow('must be filled in');
    const tooLong = { typed: { typed: { value: 'x'.repeat(11) } } };
    await expect(slack.submit(ANN.id, { ...at(1_790_000_000), ...tooLong })).rejects.toThrow('does not take');
    await expect(slack.submit(ANN.id, { nowhere: { x: { value: 'x' } } })).rejects.toThrow('No control');
  });
});

describe('inputs', () => {
  const input = (id: string, element: object, optional = false) =>
    ({ type: 'input', block_id: id, label: text(id), optional, element: { action_id: id, ...element } }) as InputBlock;
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
  const FILLED = {
    mail: { mail: { value: 'dana@halvorsen.example' } },
    who: { who: { selected_user: BOB.id } },
    one: { one: { selected_option: { value: 'b' } } },
  };

  test('of each kind are submitted as they stand', async () => {
    const { slack, seen } = await setup(FORM);
    expect(await slack.submit(ANN.id, FILLED)).toMatchObject({ acked: true });
    expect(seen[0]?.view).toMatchObject({
      state: {
        values: {
          note: { note: { type: 'plain_text_input', value: 'a\nb' } },
          mail: { mail: { type: 'email_text_input', value: 'dana@halvorsen.example' } },
          who: { who: { type: 'users_select', selected_user: BOB.id } },
          cover: { cover: { type: 'users_select', selected_user: ANN.id } },
          one: { one: { type: 'radio_buttons', selected_option: option('b') } },
          pick: { pick: { type: 'static_select', selected_option: null } },
        },
      },
    });
  });

  test.each<[string, ViewValues, string]>([
    ['no text', { note: { note: { value: null } } }, 'Block note must be filled in'],
    ['too short a text', { note: { note: { value: 'a' } } }, 'note does not take 1 characters'],
    ['too long a text', { note: { note: { value: 'x'.repeat(10) } } }, 'note does not take 10 characters'],
    ['no email', { mail: { mail: { value: null } } }, 'Block mail must be filled in'],
    ['what is no email', { mail: { mail: { value: 'dana' } } }, 'mail takes an email address only'],
    ['nobody', { who: { who: { selected_user: null } } }, 'Block who must be filled in'],
    ['a stranger', { who: { who: { selected_user: 'U0NOBODY' } } }, 'offers no U0NOBODY'],
    ['no choice', { one: { one: { selected_option: null } } }, 'Block one must be filled in'],
    ['a foreign option', { pick: { pick: { selected_option: { value: 'e' } } } }, 'offers no option e'],
  ])('hold the form back with %s', async (_what, wrong, sentence) => {
    const { slack, seen } = await setup(FORM);
    await expect(slack.submit(ANN.id, { ...FILLED, ...wrong })).rejects.toThrow(sentence);
    expect(seen).toEqual([]);
    expect(slack.modal(ANN.id)).toBeDefined();
  });
});

describe('on the screen', () => {
  test('a modal that says it loads takes its form later, unless it was closed', async () => {
    const loading: ModalView = { type: 'modal', title: text('Notes'), blocks: [{ type: 'section', text: text('…') }] };
    const { slack, seen } = await setup(loading);
    const { id: view_id = '', hash } = slack.modal(ANN.id) ?? {};
    await expect(slack.submit(ANN.id, {})).rejects.toThrow('no submit button');
    await client(slack).views.update({ view_id, hash, view: VIEW });
    expect(slack.modal(ANN.id)).toMatchObject({ id: view_id, view: { title: text('When?') } });
    await slack.submit(ANN.id, { typed: { typed: { value: 'soon' } } });
    expect(seen).toMatchObject([{ view: { id: view_id, state: { values: { typed: { typed: { value: 'soon' } } } } } }]);
    expect(await codeOf(client(slack).views.update({ view_id, view: VIEW }))).toBe('not_found');
  });

  test('a menu and a list of people beside the inputs of a modal can be pressed', async () => {
    const options = [option('a'), option('b')];
    const { slack } = await setup({
      ...VIEW,
      blocks: [
        { type: 'section', block_id: 'm', text: text('x'), accessory: { type: 'overflow', action_id: 'm', options } },
        { type: 'actions', block_id: 'p', elements: [{ type: 'users_select', action_id: 'p' }] },
      ],
    });
    await slack.act(ANN.id, { modal: true }, 'm', { action_id: 'm', selected_option: { value: 'b' } });
    expect(slack.sent.at(-1)?.payload.actions).toMatchObject([{ type: 'overflow', selected_option: options[1] }]);
    await slack.act(ANN.id, { modal: true }, 'p', { action_id: 'p', selected_user: BOB.id });
    expect(slack.sent.at(-1)?.payload).toMatchObject({
      actions: [{ type: 'users_select', selected_user: BOB.id }],
      view: { state: { values: { p: { p: { selected_user: BOB.id } } } } },
    });
  });

  test('controls of a modal can be pressed, and what was entered stays', async () => {
    const { slack } = await setup();
    await slack.act(ANN.id, { modal: true }, 'row', { action_id: 'more' });
    const payload = slack.sent.at(-1)?.payload;
    expect(payload).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id: slack.modal(ANN.id)?.id },
      view: { state: { values: { at: { at: { selected_date_time: 1_790_000_000 } } } } },
    });
    expect(payload).not.toHaveProperty('response_url');
    const input = slack.act(ANN.id, { modal: true }, 'typed', { action_id: 'typed', value: 'x' });
    await expect(input).rejects.toThrow('tells the app nothing');
  });

  test('views.update needs the right id and hash', async () => {
    const { slack } = await setup();
    const web = client(slack);
    const { id: view_id = '', hash = '' } = slack.modal(ANN.id) ?? {};
    expect(await codeOf(web.views.update({ view_id, hash, view: VIEW }))).toBe('ok');
    expect(await codeOf(web.views.update({ view_id, hash, view: VIEW }))).toBe('hash_conflict');
    expect(await codeOf(web.views.update({ view_id: 'V0', view: VIEW }))).toBe('not_found');
  });

  test('views.push piles up to three', async () => {
    const { slack } = await setup();
    const web = client(slack);
    const push = async () => codeOf(web.views.push({ trigger_id: await trigger(slack), view: VIEW }));
    expect([await push(), await push(), await push()]).toEqual(['ok', 'ok', 'push_limit_reached']);
  });

  test('closing tells the app only if it asked', async () => {
    const { slack, seen } = await setup({ ...VIEW, notify_on_close: true });
    slack.closeModal(ANN.id);
    expect(slack.modal(ANN.id)).toBeUndefined();
    await until(() => seen.length === 1);
    expect(seen[0]).toMatchObject({ type: 'view_closed', is_cleared: false, view: { callback_id: 'when' } });
    await open(slack, VIEW);
    slack.closeModal(ANN.id);
    expect(slack.sent.filter(({ payload }) => payload.type === 'view_closed')).toHaveLength(1);
    expect(() => slack.closeModal(ANN.id)).toThrow('no modal');
  });
});
