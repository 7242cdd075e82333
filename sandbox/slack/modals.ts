import { dispatch, type Line } from './delivery.ts';
import { isObject, objectsOf, stringOf } from './json.ts';
import { viewClosed, viewSubmission } from './payloads.ts';
import { refuseStranger, requireElement, stateAfter } from './presses.ts';
import { changed, requireUser, type State, type StoredView } from './state.ts';
import type { Delivery, JsonObject, ViewValues } from './types.ts';
import { checkView } from './validate.ts';
import { isEmpty } from './values.ts';
import { clearModals, closeModal, replaceView } from './views.ts';

function requireModal(state: State, userId: string): StoredView {
  requireUser(state, userId);
  const view = state.modals.get(userId);
  if (!view) throw new Error(`${userId} has no modal on the screen`);
  return view;
}

function enter(state: State, view: StoredView, values: ViewValues): void {
  for (const [blockId, actions] of Object.entries(values)) {
    for (const [actionId, given] of Object.entries(actions)) {
      const { element } = requireElement(objectsOf(view.json.blocks), blockId, { action_id: actionId });
      refuseStranger(state, given);
      const value = stateAfter(element, given);
      if (!value) throw new Error(`${actionId} in block ${blockId} takes no value`);
      view.values[blockId] = { ...view.values[blockId], [actionId]: value };
    }
  }
}

const LONGEST_INPUT = 3_000;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** The checks of Slack's own client on a text before it sends it. */
function checkText(element: JsonObject, value: JsonObject): void {
  const text = stringOf(value.value) ?? '';
  if (text === '') return;
  const tooShort = typeof element.min_length === 'number' && text.length < element.min_length;
  const most = typeof element.max_length === 'number' ? element.max_length : LONGEST_INPUT;
  if (tooShort || text.length > most) {
    throw new Error(`${stringOf(element.action_id)} does not take ${text.length} characters`);
  }
  if (element.type === 'email_text_input' && !EMAIL.test(text)) {
    throw new Error(`${stringOf(element.action_id)} takes an email address only`);
  }
}

/** Slack's own client holds a submission back while a required field is empty. */
function checkFilled(view: StoredView): void {
  for (const block of objectsOf(view.json.blocks)) {
    if (block.type !== 'input' || !isObject(block.element)) continue;
    const value = view.values[String(block.block_id)]?.[String(block.element.action_id)] ?? {};
    if (block.optional !== true && isEmpty(value)) {
      throw new Error(`Block ${stringOf(block.block_id)} must be filled in`);
    }
    checkText(block.element, value);
  }
}

function showErrors(state: State, view: StoredView, errors: JsonObject): void {
  const inputs = objectsOf(view.json.blocks).filter((block) => block.type === 'input');
  for (const blockId of Object.keys(errors)) {
    if (inputs.some((block) => block.block_id === blockId)) continue;
    state.unexpected.push(`view_submission: error for ${blockId}, which is no input block of the view`);
  }
  if (Object.keys(errors).length === 0) state.unexpected.push('view_submission: response_action errors without errors');
  view.errors = Object.fromEntries(Object.entries(errors).map(([blockId, text]) => [blockId, String(text)]));
  changed(state);
}

function showNext(state: State, view: StoredView, next: JsonObject): void {
  const refusal = checkView(next, 'modal');
  if (!refusal) replaceView(state, view, next);
  else state.unexpected.push(`view_submission update: ${refusal.error} ${refusal.messages.join('; ')}`.trim());
}

function settleSubmission(state: State, view: StoredView, { acked, ackBody }: Delivery): void {
  // Without an answer the modal stays, with Slack's own "We had some trouble connecting".
  if (!acked || state.modals.get(view.userId) !== view) return;
  switch (ackBody.response_action) {
    case 'clear':
      clearModals(state, view.userId);
      break;
    case undefined:
      closeModal(state, view.userId);
      break;
    case 'errors':
      showErrors(state, view, isObject(ackBody.errors) ? ackBody.errors : {});
      break;
    case 'update':
      showNext(state, view, isObject(ackBody.view) ? ackBody.view : {});
      break;
    default:
      state.unexpected.push(`view_submission: unknown response_action ${JSON.stringify(ackBody.response_action)}`);
  }
}

export async function submit(line: Line, userId: string, values: ViewValues): Promise<Delivery> {
  const { state } = line;
  const view = requireModal(state, userId);
  if (!view.json.submit) throw new Error('The modal has no submit button');
  enter(state, view, values);
  checkFilled(view);
  delete view.errors;
  return await dispatch(line, 'interactive', viewSubmission(state, view), (delivery) =>
    settleSubmission(state, view, delivery),
  );
}

/** The app is told only where the view asks for it. undefined: it was not told. */
export function leaveModal(line: Line, userId: string): Promise<Delivery> | undefined {
  const { state } = line;
  const view = requireModal(state, userId);
  closeModal(state, userId);
  return view.json.notify_on_close === true ? dispatch(line, 'interactive', viewClosed(state, view)) : undefined;
}
