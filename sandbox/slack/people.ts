import { checkContent } from './content.ts';
import { dispatch, type Line } from './delivery.ts';
import { stateValues } from './elements.ts';
import { objectsOf } from './json.ts';
import { directMessage, messageJson, postMessage } from './messages.ts';
import { enter } from './modals.ts';
import { eventCallback, messageAction, messageShortcut, slashCommand, viewAction } from './payloads.ts';
import { pressed, refuseStranger, requireElement, stateAfter } from './presses.ts';
import { respond } from './response-url.ts';
import { nextTs, requireUser, type State, type StoredView } from './state.ts';
import type { Delivery, JsonObject, SandboxMessage, ViewValues } from './types.ts';
import { topModal, viewJson } from './views.ts';

export type Where = { ts: string } | { home: true } | { modal: true };

function withValue(values: ViewValues, blockId: string, actionId: string, value: JsonObject | undefined): ViewValues {
  if (!value) return values;
  return { ...values, [blockId]: { ...values[blockId], [actionId]: value } };
}

function requireMessage(state: State, userId: string, ts: string): SandboxMessage {
  const message = state.messages.find((candidate) => candidate.ts === ts && candidate.userId === userId);
  if (!message) throw new Error(`${userId} sees no message ${ts}`);
  return message;
}

async function pressInMessage(
  line: Line,
  userId: string,
  ts: string,
  blockId: string,
  given: JsonObject,
): Promise<Delivery> {
  const { state } = line;
  const message = requireMessage(state, userId, ts);
  const placed = requireElement(message.blocks, blockId, given);
  const action = pressed(placed, given, nextTs(state));
  const value = stateAfter(placed.element, given);
  const before = stateValues(message.blocks, message.values);
  const values = withValue(before, blockId, String(placed.element.action_id), value);
  if (value) message.values = values;
  return await dispatch(line, 'interactive', messageAction(state, userId, message, action, values));
}

async function pressInView(
  line: Line,
  view: StoredView,
  blockId: string,
  given: JsonObject,
  entered: ViewValues,
): Promise<Delivery> {
  enter(line.state, view, entered);
  const placed = requireElement(objectsOf(view.json.blocks), blockId, given);
  const action = pressed(placed, given, nextTs(line.state));
  const value = stateAfter(placed.element, given);
  view.values = withValue(view.values, blockId, String(placed.element.action_id), value);
  return await dispatch(line, 'interactive', viewAction(line.state, view, action));
}

function viewAt(state: State, userId: string, where: Exclude<Where, { ts: string }>): StoredView {
  const view = 'home' in where ? state.homes.get(userId) : topModal(state, userId);
  if (!view) throw new Error(`${userId} has no ${'home' in where ? 'Home view' : 'modal'} on the screen`);
  return view;
}

export async function act(
  line: Line,
  userId: string,
  where: Where,
  blockId: string,
  given: JsonObject,
  entered: ViewValues = {},
): Promise<Delivery> {
  requireUser(line.state, userId);
  refuseStranger(line.state, given);
  if ('ts' in where) return await pressInMessage(line, userId, where.ts, blockId, given);
  return await pressInView(line, viewAt(line.state, userId, where), blockId, given, entered);
}

export async function pickShortcut(line: Line, userId: string, ts: string, callbackId: string): Promise<Delivery> {
  const { state } = line;
  requireUser(state, userId);
  const message = requireMessage(state, userId, ts);
  if (message.ephemeral) throw new Error('An ephemeral message has no shortcuts');
  const { shortcuts } = state;
  if (shortcuts.length > 0 && !shortcuts.some((shortcut) => shortcut.callbackId === callbackId)) {
    throw new Error(`The menu offers no shortcut ${callbackId}`);
  }
  return await dispatch(line, 'interactive', messageShortcut(state, userId, message, callbackId, nextTs(state)));
}

/** Shows a person the app's immediate answer to a slash command, or that there was none. */
function showAnswer(line: Line, userId: string, command: string, delivery: Delivery): void {
  const { state, transport } = line;
  if (!delivery.acked) {
    const reason = transport.connected() ? 'operation_timeout' : 'dispatch_failed';
    const text = `${command} failed with the error "${reason}"`;
    postMessage(state, { userId, text, blocks: [], ephemeral: true });
    return;
  }
  const { ackBody } = delivery;
  if (ackBody.text === undefined && ackBody.blocks === undefined) return;
  const checked = checkContent(state, `answer to ${command}`, ackBody);
  if (checked.ok) respond(state, userId, checked.content, ackBody);
}

/** Slack tells the person itself, in these words; no app hears of it. */
function refuseUnknown({ commands }: State, name: string): void {
  if (commands.length === 0 || commands.some((known) => known.name === name)) return;
  throw new Error(
    `"${name}" is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands. If you are trying to send a message and not run a command, try preceding the "/" with an empty space.`,
  );
}

export async function command(line: Line, userId: string, name: string, text: string): Promise<Delivery> {
  refuseUnknown(line.state, name);
  const payload = slashCommand(line.state, userId, name, text);
  return await dispatch(line, 'slash_commands', payload, (delivery) => showAnswer(line, userId, name, delivery));
}

export async function deliverEvent(line: Line, event: JsonObject): Promise<Delivery> {
  return await dispatch(line, 'events_api', eventCallback(line.state, event));
}

export async function openHome(line: Line, userId: string): Promise<Delivery> {
  const { state } = line;
  requireUser(state, userId);
  const known = state.homes.get(userId);
  return await deliverEvent(line, {
    type: 'app_home_opened',
    user: userId,
    channel: directMessage(state, userId),
    event_ts: nextTs(state),
    tab: 'home',
    ...(known ? { view: viewJson(state, known) } : {}),
  });
}

export async function say(line: Line, userId: string, text: string): Promise<Delivery> {
  const { state } = line;
  requireUser(state, userId);
  const message = postMessage(state, { userId, text, blocks: [], ephemeral: false, author: 'person' });
  return await deliverEvent(line, {
    ...messageJson(state, message),
    channel: message.channel,
    channel_type: 'im',
    event_ts: message.ts,
  });
}
