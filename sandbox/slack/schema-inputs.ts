/** Text inputs: in input blocks only. */
import { z } from 'zod';
import { LIMITS } from '../../blocks/limits.ts';
import { plainText } from './schema-text.ts';

/** The most that `min_length` and `max_length` may say, and so the longest text that an input takes. */
const LONGEST = 3_000;

export const actionId = z.string().min(1).max(LIMITS.actionId).optional();

/** For views: the one control that gets the keyboard first. */
export const focusOnLoad = z.boolean().optional();

const typed = {
  action_id: actionId,
  focus_on_load: focusOnLoad,
  placeholder: plainText(LIMITS.placeholderText).optional(),
  initial_value: z.string().max(LONGEST).optional(),
  dispatch_action_config: z
    .strictObject({ trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).optional() })
    .optional(),
};

export const emailTextInput = z.strictObject({ ...typed, type: z.literal('email_text_input') });

interface Lengths {
  initial_value?: string | undefined;
  min_length?: number | undefined;
  max_length?: number | undefined;
}

/** A form that begins with what it would refuse is a mistake, though Slack may show it. */
function checkLengths(input: Lengths, context: z.RefinementCtx): void {
  const { initial_value: initial = '', min_length: min = 0, max_length: max = LONGEST } = input;
  if (min > max) {
    context.addIssue({ code: 'custom', message: 'min_length must not be more than max_length', path: ['min_length'] });
  }
  if (initial.length > max) {
    context.addIssue({ code: 'custom', message: 'initial_value is longer than max_length', path: ['initial_value'] });
  }
}

export const plainTextInput = z
  .strictObject({
    ...typed,
    type: z.literal('plain_text_input'),
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(LONGEST).optional(),
    max_length: z.int().min(1).max(LONGEST).optional(),
  })
  .superRefine(checkLengths);
