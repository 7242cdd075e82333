/** The values of a modal's form before it is submitted. */
import { createContext, useContext } from 'react';
import { isObject, objectsOf, stringOf } from '../slack/json.ts';
import type { Json, JsonObject, ViewValues } from '../slack/types.ts';
import { fits, initialValue, isEmpty } from '../slack/values.ts';

export interface Form {
  values: ViewValues;
  errors: Readonly<Record<string, string>>;
  enter(blockId: string, actionId: string, value: JsonObject): void;
}

export const FormContext = createContext<Form | undefined>(undefined);

export function useForm(): Form | undefined {
  return useContext(FormContext);
}

function inputBlocks(blocks: Json | undefined): JsonObject[] {
  return objectsOf(blocks).filter((block) => block.type === 'input');
}

/** What the workspace says that the controls of a view hold. */
export function knownValues({ state }: JsonObject): ViewValues {
  // The workspace itself wrote it, block id -> action id -> value.
  return isObject(state) && isObject(state.values) ? (state.values as ViewValues) : {};
}

/** Everything that the inputs hold: what was entered, else what the workspace knows, else what the app proposed. */
export function allValues(blocks: Json | undefined, known: ViewValues, entered: ViewValues): ViewValues {
  const values: ViewValues = {};
  for (const block of inputBlocks(blocks)) {
    if (!isObject(block.element)) continue;
    const blockId = stringOf(block.block_id) ?? '';
    const actionId = stringOf(block.element.action_id) ?? '';
    const value = entered[blockId]?.[actionId] ?? known[blockId]?.[actionId] ?? initialValue(block.element) ?? {};
    values[blockId] = { [actionId]: value };
  }
  return values;
}

/** What was entered, without what the controls that stand there now do not take: Slack resets those. */
export function stillFitting(blocks: Json | undefined, entered: ViewValues): ViewValues {
  const kept: ViewValues = {};
  for (const block of inputBlocks(blocks)) {
    if (!isObject(block.element)) continue;
    const blockId = stringOf(block.block_id) ?? '';
    const actionId = stringOf(block.element.action_id) ?? '';
    const value = entered[blockId]?.[actionId];
    if (value && fits(block.element, value)) kept[blockId] = { [actionId]: value };
  }
  return kept;
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** The error of Slack's own client for a text that it does not send; undefined for a good text. */
function textTrouble(element: JsonObject, text: string): string | undefined {
  if (text === '') return undefined;
  if (typeof element.min_length === 'number' && text.length < element.min_length) {
    return `Please enter at least ${element.min_length} characters.`;
  }
  if (element.type === 'email_text_input' && !EMAIL.test(text)) return 'Please enter a valid email address.';
  return undefined;
}

/** Slack itself holds a form back that lacks something. */
export function missing(blocks: Json | undefined, values: ViewValues): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of inputBlocks(blocks)) {
    const blockId = stringOf(block.block_id) ?? '';
    const held = Object.values(values[blockId] ?? {})[0];
    const isLacking = block.optional !== true && (!held || isEmpty(held));
    const trouble = isObject(block.element) ? textTrouble(block.element, stringOf(held?.value) ?? '') : undefined;
    if (isLacking) errors[blockId] = 'Please complete this required field.';
    else if (trouble !== undefined) errors[blockId] = trouble;
  }
  return errors;
}
