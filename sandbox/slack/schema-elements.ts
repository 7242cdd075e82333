import { z } from 'zod';
import { LIMITS } from '../../blocks/limits.ts';
import { checkInitial, checkInitials, checkListed, checkMost } from './schema-choices.ts';
import { actionId, emailTextInput, focusOnLoad, plainTextInput } from './schema-inputs.ts';
import {
  confirmation,
  optionGroup,
  overflowOption,
  plainOption,
  plainText,
  richOption,
  style,
  url,
} from './schema-text.ts';

const base = { action_id: actionId, confirm: confirmation.optional() };
const placeholder = plainText(LIMITS.placeholderText).optional();
const focusable = { ...base, focus_on_load: focusOnLoad };
/** Of selects: a plain list, or one under headings. */
const listed = {
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
  .strictObject({ ...listed, type: z.literal('static_select'), initial_option: plainOption.optional() })
  .superRefine(checkListed)
  .superRefine(checkInitial);

const multiStaticSelect = z
  .strictObject({
    ...listed,
    type: z.literal('multi_static_select'),
    initial_options: z.array(plainOption).min(1).optional(),
    max_selected_items: z.int().min(1).optional(),
  })
  .superRefine(checkListed)
  .superRefine(checkInitials)
  .superRefine(checkMost);

const usersSelect = z.strictObject({
  ...focusable,
  type: z.literal('users_select'),
  placeholder,
  initial_user: z.string().min(1).optional(),
});

const multiUsersSelect = z
  .strictObject({
    ...focusable,
    type: z.literal('multi_users_select'),
    placeholder,
    initial_users: z.array(z.string().min(1)).min(1).optional(),
    max_selected_items: z.int().min(1).optional(),
  })
  .refine(({ initial_users: initial = [], max_selected_items: most }) => most === undefined || initial.length <= most, {
    error: 'too many initial_users',
  });

const conversationsSelect = z.strictObject({
  ...focusable,
  type: z.literal('conversations_select'),
  placeholder,
  initial_conversation: z.string().min(1).optional(),
  filter: z
    .strictObject({
      include: z
        .array(z.enum(['im', 'mpim', 'private', 'public']))
        .min(1)
        .optional(),
      exclude_external_shared_channels: z.boolean().optional(),
      exclude_bot_users: z.boolean().optional(),
    })
    .optional(),
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

const datepicker = z.strictObject({
  ...focusable,
  type: z.literal('datepicker'),
  placeholder,
  initial_date: z.iso.date().optional(),
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
  multiStaticSelect,
  usersSelect,
  overflow,
  radioButtons,
  checkboxes,
  datepicker,
  timepicker,
]);

export const actionElement = z.discriminatedUnion('type', [
  button,
  staticSelect,
  usersSelect,
  overflow,
  radioButtons,
  checkboxes,
  datepicker,
  timepicker,
  datetimepicker,
]);

export const inputElement = z.discriminatedUnion('type', [
  staticSelect,
  multiStaticSelect,
  usersSelect,
  multiUsersSelect,
  conversationsSelect,
  radioButtons,
  checkboxes,
  datepicker,
  timepicker,
  datetimepicker,
  plainTextInput,
  emailTextInput,
]);
