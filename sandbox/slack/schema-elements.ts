import { z } from 'zod';
import { LIMITS } from '../../blocks/limits.ts';
import { emailTextInput, plainTextInput } from './schema-inputs.ts';
import {
  confirmation,
  imageElement,
  optionGroup,
  overflowOption,
  plainOption,
  plainText,
  richOption,
  style,
  url,
} from './schema-text.ts';

type Choice = { text: { text: string }; value: string };

interface Choices {
  options?: Choice[] | undefined;
  option_groups?: { options: Choice[] }[] | undefined;
}

const actionId = z.string().min(1).max(LIMITS.actionId).optional();
const base = { action_id: actionId, confirm: confirmation.optional() };
const focusable = { ...base, focus_on_load: z.boolean().optional() };
const placeholder = plainText(LIMITS.placeholderText).optional();

function hasChoice(element: Choices, chosen: Choice): boolean {
  const all = [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
  return all.some((option) => option.value === chosen.value && option.text.text === chosen.text.text);
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

function checkSource(element: Choices, context: z.RefinementCtx): void {
  if ((element.options === undefined) !== (element.option_groups === undefined)) return;
  context.addIssue({ code: 'custom', message: 'must have exactly one of options and option_groups', path: [] });
}

const selectable = {
  ...focusable,
  placeholder,
  options: z.array(plainOption).min(1).max(LIMITS.selectOptions).optional(),
  option_groups: z.array(optionGroup).min(1).max(LIMITS.selectOptions).optional(),
};

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
  .strictObject({ ...selectable, type: z.literal('static_select'), initial_option: plainOption.optional() })
  .superRefine(checkSource)
  .superRefine(checkInitial);

const multiStaticSelect = z
  .strictObject({
    ...selectable,
    type: z.literal('multi_static_select'),
    initial_options: z.array(plainOption).min(1).optional(),
    max_selected_items: z.int().min(1).optional(),
  })
  .superRefine(checkSource)
  .superRefine(checkInitials);

const usersSelect = z.strictObject({
  ...focusable,
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
    ...focusable,
    type: z.literal('radio_buttons'),
    options: z.array(richOption).min(1).max(LIMITS.checkboxOptions),
    initial_option: richOption.optional(),
  })
  .superRefine(checkInitial);

const checkboxes = z
  .strictObject({
    ...focusable,
    type: z.literal('checkboxes'),
    options: z.array(richOption).min(1).max(LIMITS.checkboxOptions),
    initial_options: z.array(richOption).min(1).optional(),
  })
  .superRefine(checkInitials);

const datepicker = z.strictObject({
  ...focusable,
  type: z.literal('datepicker'),
  placeholder,
  initial_date: z.iso.date().optional(),
});

const timepicker = z.strictObject({
  ...focusable,
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
  ...focusable,
  type: z.literal('datetimepicker'),
  initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
});

export const accessory = z.discriminatedUnion('type', [
  button,
  staticSelect,
  usersSelect,
  multiStaticSelect,
  overflow,
  radioButtons,
  checkboxes,
  datepicker,
  timepicker,
  imageElement,
]);

export const actionElement = z.discriminatedUnion('type', [
  button,
  staticSelect,
  usersSelect,
  multiStaticSelect,
  overflow,
  radioButtons,
  checkboxes,
  datepicker,
  timepicker,
  datetimepicker,
]);

export const inputElement = z.discriminatedUnion('type', [
  staticSelect,
  usersSelect,
  multiStaticSelect,
  radioButtons,
  checkboxes,
  datepicker,
  timepicker,
  datetimepicker,
  plainTextInput,
  emailTextInput,
]);
