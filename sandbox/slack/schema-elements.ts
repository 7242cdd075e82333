import { z } from 'zod';
import { LIMITS } from '../../blocks/limits.ts';
import { emailTextInput, plainTextInput } from './schema-inputs.ts';
import { confirmation, overflowOption, plainOption, plainText, richOption, style, url } from './schema-text.ts';

type Choice = { text: { text: string }; value: string };

interface Choices {
  options: Choice[];
}

const actionId = z.string().min(1).max(LIMITS.actionId).optional();
const base = { action_id: actionId, confirm: confirmation.optional() };
const placeholder = plainText(LIMITS.placeholderText).optional();

function hasChoice({ options }: Choices, chosen: Choice): boolean {
  return options.some((option) => option.value === chosen.value && option.text.text === chosen.text.text);
}

/** An initial choice has to be one of the options. */
function checkInitial(element: Choices & { initial_option?: Choice | undefined }, context: z.RefinementCtx): void {
  if (element.initial_option === undefined || hasChoice(element, element.initial_option)) return;
  context.addIssue({
    code: 'custom',
    message: 'initial_option must match one of the options',
    path: ['initial_option'],
  });
}

function checkInitials(element: Choices & { initial_options?: Choice[] | undefined }, context: z.RefinementCtx): void {
  if (!element.initial_options || element.initial_options.every((option) => hasChoice(element, option))) return;
  context.addIssue({ code: 'custom', message: 'initial_options must match the options', path: ['initial_options'] });
}

const button = z.strictObject({
  ...base,
  type: z.literal('button'),
  text: plainText(LIMITS.buttonText),
  value: z.string().max(LIMITS.buttonValue).optional(),
  url: url.optional(),
  style: style.optional(),
  accessibility_label: z.string().max(LIMITS.accessibilityLabel).optional(),
});

const staticSelect = z
  .strictObject({
    ...base,
    type: z.literal('static_select'),
    placeholder,
    options: z.array(plainOption).min(1).max(LIMITS.selectOptions),
    initial_option: plainOption.optional(),
  })
  .superRefine(checkInitial);

const multiStaticSelect = z
  .strictObject({
    ...base,
    type: z.literal('multi_static_select'),
    placeholder,
    options: z.array(plainOption).min(1).max(LIMITS.selectOptions),
    initial_options: z.array(plainOption).min(1).optional(),
    max_selected_items: z.int().min(1).optional(),
  })
  .superRefine(checkInitials);

const usersSelect = z.strictObject({
  ...base,
  type: z.literal('users_select'),
  placeholder,
  initial_user: z.string().min(1).optional(),
});

const overflow = z.strictObject({
  ...base,
  type: z.literal('overflow'),
  options: z.array(overflowOption).min(1).max(LIMITS.overflowOptions),
});

const radioButtons = z
  .strictObject({
    ...base,
    type: z.literal('radio_buttons'),
    options: z.array(richOption).min(1).max(LIMITS.checkboxOptions),
    initial_option: richOption.optional(),
  })
  .superRefine(checkInitial);

const checkboxes = z
  .strictObject({
    ...base,
    type: z.literal('checkboxes'),
    options: z.array(richOption).min(1).max(LIMITS.checkboxOptions),
    initial_options: z.array(richOption).min(1).optional(),
  })
  .superRefine(checkInitials);

const timepicker = z.strictObject({
  ...base,
  type: z.literal('timepicker'),
  placeholder,
  initial_time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .optional(),
  timezone: z.string().optional(),
});

/** Unix seconds of ten digits. */
const datetimepicker = z.strictObject({
  ...base,
  type: z.literal('datetimepicker'),
  initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
});

export const accessory = z.discriminatedUnion('type', [
  button,
  staticSelect,
  usersSelect,
  overflow,
  radioButtons,
  checkboxes,
  timepicker,
]);

export const actionElement = z.discriminatedUnion('type', [
  button,
  staticSelect,
  usersSelect,
  overflow,
  radioButtons,
  checkboxes,
  timepicker,
  datetimepicker,
]);

export const inputElement = z.discriminatedUnion('type', [
  staticSelect,
  multiStaticSelect,
  usersSelect,
  radioButtons,
  checkboxes,
  timepicker,
  datetimepicker,
  plainTextInput,
  emailTextInput,
]);
