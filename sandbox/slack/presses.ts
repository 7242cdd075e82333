import { findElement, type Placed } from './elements.ts';
import { isObject, objectsOf, stringOf } from './json.ts';
import type { State } from './state.ts';
import type { Json, JsonObject } from './types.ts';
import { initialValue, optionsOf } from './values.ts';

/** Fields of an element that its action does not carry. */
const NOT_IN_ACTIONS = new Set([
  'options',
  'option_groups',
  'dispatch_action_config',
  'focus_on_load',
  'max_selected_items',
  'filter',
]);

/** The field that a press of these must have: nobody can choose nothing. */
const CHOICE_OF: Record<string, string> = {
  static_select: 'selected_option',
  radio_buttons: 'selected_option',
  overflow: 'selected_option',
  checkboxes: 'selected_options',
  multi_static_select: 'selected_options',
  users_select: 'selected_user',
  multi_users_select: 'selected_users',
  conversations_select: 'selected_conversation',
};

function isEntered(key: string): boolean {
  return key === 'value' || key.startsWith('selected_');
}

/** A person can only pick what the menu offers. */
function offered(element: JsonObject, chosen: Json | undefined): JsonObject {
  const value = isObject(chosen) ? chosen.value : undefined;
  const option = optionsOf(element).find((candidate) => candidate.value === value);
  if (!option) throw new Error(`${stringOf(element.action_id)} offers no option ${String(value)}`);
  return option;
}

/** The list offers who is in the workspace now. */
export function refuseStranger(state: State, given: JsonObject): void {
  const several = Array.isArray(given.selected_users) ? given.selected_users : [];
  for (const chosen of [given.selected_user ?? null, ...several]) {
    if (chosen === null) continue;
    const user = state.users.get(String(chosen));
    if (!user || user.deleted) throw new Error(`The list of people offers no ${String(chosen)}`);
  }
  const room = given.selected_conversation ?? null;
  if (room !== null && !state.rooms.has(String(room))) throw new Error(`The list offers no channel ${String(room)}`);
}

function refuseTooMany({ action_id: id, max_selected_items: most }: JsonObject, count: number): void {
  if (typeof most === 'number' && count > most) throw new Error(`${stringOf(id)} takes no more than ${most} options`);
}

/** A field takes no more than its app lets it, and Slack tells of no text that is too short. */
function refuseLength({ action_id: id, min_length: min, max_length: max }: JsonObject, text: string): void {
  if (typeof max === 'number' && text.length > max)
    throw new Error(`${stringOf(id)} takes no more than ${max} characters`);
  if (typeof min === 'number' && text.length < min)
    throw new Error(`${stringOf(id)} asks for at least ${min} characters`);
}

/** A person's input, as the element reports it. */
function enteredValue(element: JsonObject, given: JsonObject): JsonObject {
  const entered = Object.fromEntries(Object.entries(given).filter(([key]) => isEntered(key)));
  if (entered.selected_option) entered.selected_option = offered(element, entered.selected_option);
  if (entered.selected_options) {
    entered.selected_options = objectsOf(entered.selected_options).map((option) => offered(element, option));
    refuseTooMany(element, entered.selected_options.length);
  }
  return entered;
}

export function requireElement(blocks: readonly JsonObject[], blockId: string, given: JsonObject): Placed {
  const placed = findElement(blocks, blockId, given.action_id ?? null);
  if (!placed) throw new Error(`No control ${stringOf(given.action_id)} in block ${blockId}`);
  const { type } = placed.element;
  if (given.type !== undefined && given.type !== type) {
    throw new Error(`Control ${stringOf(given.action_id)} is a ${stringOf(type)}, no ${stringOf(given.type)}`);
  }
  return placed;
}

/** The element that is pressed, as `actions[0]` of the payload. */
export function pressed({ block, element }: Placed, given: JsonObject, actionTs: string): JsonObject {
  if (block.type === 'input' && block.dispatch_action !== true) {
    throw new Error(`Block ${stringOf(block.block_id)} tells the app nothing before it is submitted`);
  }
  const entered = enteredValue(element, given);
  if (element.type === 'plain_text_input') refuseLength(element, stringOf(entered.value) ?? '');
  const needed = CHOICE_OF[stringOf(element.type) ?? ''];
  if (needed !== undefined && (entered[needed] ?? null) === null) {
    throw new Error(`${stringOf(element.action_id)} needs a ${needed}`);
  }
  const kept = Object.entries(element).filter(([key]) => !NOT_IN_ACTIONS.has(key));
  return {
    ...Object.fromEntries(kept),
    ...entered,
    block_id: block.block_id ?? '',
    action_ts: actionTs,
  };
}

/** The element's entry in `state.values` after the press; undefined for elements without a state. */
export function stateAfter(element: JsonObject, given: JsonObject): JsonObject | undefined {
  const initial = initialValue(element);
  return initial ? { ...initial, ...enteredValue(element, given) } : undefined;
}
