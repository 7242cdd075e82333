/** Views on top of one another, their names, and how they are closed. */
import type { ModalView } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../sandbox/slack/types.ts';
import { breaches } from '../simulator.ts';
import { ANN, codeOf, input, plain } from './harness.ts';
import { held, openWindow } from './window.ts';

const view = (name: string, more: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  callback_id: name,
  title: plain(name),
  submit: plain('Next'),
  blocks: [],
  ...more,
});
const json = (name: string, more: Partial<ModalView> = {}): JsonObject => JSON.parse(JSON.stringify(view(name, more)));
const push = (name: string, more: Partial<ModalView> = {}) => ({ response_action: 'push', view: json(name, more) });

describe('a stack of views', () => {
  test('grows by push, knows what lies below, and goes back to it by a submission and by the close button', async () => {
    const { slack, modal, submit, seen } = await openWindow(view('one'));
    const { id: one } = modal() ?? {};
    await submit({}, push('two'));
    const { id: two } = modal() ?? {};
    expect(modal()?.view).toMatchObject({ callback_id: 'two', root_view_id: one, previous_view_id: one });
    await submit({}, push('three'));
    expect(modal()?.view).toMatchObject({ callback_id: 'three', root_view_id: one, previous_view_id: two });

    await submit();
    expect(modal()?.id).toBe(two);
    await slack.closeModal(ANN.id);
    expect(modal()).toMatchObject({ id: one, view: { previous_view_id: null } });
    await submit();
    expect(modal()).toBeUndefined();
    expect(seen.map((body) => body.view)).toMatchObject(
      ['one', 'two', 'three', 'one'].map((callback_id) => ({ callback_id })),
    );
  });

  test('has three views at most, whichever way they come', async () => {
    const { slack, web, modal, submit, trigger } = await openWindow(view('one'));
    expect(await codeOf(web.views.push({ trigger_id: await trigger(), view: view('two') }))).toBe('ok');
    await submit({}, push('three'));
    await submit({}, push('four'));
    expect(await codeOf(web.views.push({ trigger_id: await trigger(), view: view('four') }))).toBe(
      'push_limit_reached',
    );
    expect(modal()?.callback_id).toBe('three');
    expect(breaches(slack)).toEqual(['view_submission push: push_limit_reached', 'views.push: push_limit_reached']);
  });

  test('is cleared as a whole by the answer clear', async () => {
    const { modal, submit } = await openWindow(view('one'));
    await submit({}, push('two'));
    await submit({}, { response_action: 'clear' });
    expect(modal()).toBeUndefined();
  });

  test('can only be pushed onto with a trigger, and while there is one', async () => {
    const { slack, web, trigger } = await openWindow(view('one'));
    const trigger_id = await trigger();
    expect(await codeOf(web.views.push({ trigger_id: 'x', view: view('two') }))).toBe('invalid_trigger_id');
    expect(await codeOf(web.views.push({ trigger_id, view: view('two') }))).toBe('ok');
    expect(await codeOf(web.views.push({ trigger_id, view: view('three') }))).toBe('exchanged_trigger_id');
    await slack.closeModal(ANN.id, 'cross');
    expect(await codeOf(web.views.push({ trigger_id: await trigger(), view: view('two') }))).toBe('not_found');
  });
});

describe('a view that is closed', () => {
  const NOTIFY = { notify_on_close: true };

  test('tells the app where it asked for that, with what was entered, and without a trigger', async () => {
    const blocks = [input('note', { type: 'plain_text_input', initial_value: 'a' })];
    const { slack, closed, modal } = await openWindow(view('one', { ...NOTIFY, private_metadata: 'm', blocks }));
    const { id, hash } = modal() ?? {};

    expect(await slack.closeModal(ANN.id)).toMatchObject({ acked: true });

    expect(closed).toMatchObject([
      {
        type: 'view_closed',
        user: { id: ANN.id },
        team: { id: slack.teamId },
        is_cleared: false,
        view: {
          id,
          hash,
          callback_id: 'one',
          private_metadata: 'm',
          notify_on_close: true,
          state: { values: held('note', { value: 'a' }) },
        },
      },
    ]);
    expect(closed[0]).not.toHaveProperty('trigger_id');
    expect(modal()).toBeUndefined();
  });

  test.each<[string, Partial<ModalView>, 'button' | 'cross', string[], boolean, string | undefined]>([
    ['the close button closes the one on top', NOTIFY, 'button', ['two'], false, 'one'],
    ['the cross clears the stack', NOTIFY, 'cross', ['two', 'one'], true, undefined],
    [
      'so does the close button of a view with clear_on_close',
      { ...NOTIFY, clear_on_close: true },
      'button',
      ['two', 'one'],
      true,
      undefined,
    ],
    ['a view that did not ask is not told of', {}, 'cross', ['one'], true, undefined],
  ])('%s', async (_, more, by, names, isCleared, left) => {
    const { slack, closed, submit, modal } = await openWindow(view('one', NOTIFY));
    await submit({}, push('two', more));
    await slack.closeModal(ANN.id, by);
    expect(closed).toMatchObject(names.map((callback_id) => ({ is_cleared: isCleared, view: { callback_id } })));
    expect(closed).toHaveLength(names.length);
    expect(modal()?.callback_id).toBe(left);
  });

  test('by a submission is not told as closed', async () => {
    const { closed, submit } = await openWindow(view('one', NOTIFY));
    await submit();
    expect(closed).toEqual([]);
  });
});

describe('the name that an app gives to a view', () => {
  test('finds it, and belongs to one view alone', async () => {
    const { slack, web, modal, submit, trigger } = await openWindow(view('one', { external_id: 'mine' }));
    const update = (name: string, more: Partial<ModalView>) =>
      codeOf(web.views.update({ external_id: name, view: view('two', more) }));
    expect(await update('mine', { external_id: 'mine' })).toBe('ok');
    expect(modal()).toMatchObject({ callback_id: 'two', view: { external_id: 'mine' } });
    expect(await update('other', {})).toBe('not_found');
    const trigger_id = await trigger();
    const twice = view('three', { external_id: 'mine' });
    expect(await codeOf(web.views.push({ trigger_id, view: twice }))).toBe('duplicate_external_id');
    await submit({}, push('three', { external_id: 'mine' }));
    await submit({}, { response_action: 'update', view: json('four', { external_id: 'mine' }) });
    expect(modal()?.callback_id).toBe('four');
    expect(breaches(slack)).toEqual([
      'views.push: duplicate_external_id',
      'view_submission push: duplicate_external_id',
    ]);
    await slack.closeModal(ANN.id);
    expect(await codeOf(web.views.open({ trigger_id, view: twice }))).toBe('ok');
  });

  test('or its id must be said to update it', async () => {
    const { slack, web } = await openWindow(view('one'));
    expect(await codeOf(web.apiCall('views.update', { view: json('two') }))).toBe('invalid_arguments');
    expect(breaches(slack)).toHaveLength(1);
  });
});
