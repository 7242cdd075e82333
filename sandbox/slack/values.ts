/** Values of controls, in the form in which Slack reports them. The page uses this too. */
import { isObject } from './json.ts';
import type { Json, JsonObject } from './types.ts';

/** The value of an untouched control; undefined for those without a value. */
export function initialValue(element: JsonObject): JsonObject | undefined {
  switch (element.type) {
    case 'static_select':
    case 'radio_buttons':
      return { type: element.type, selected_option: element.initial_option ?? null };
    case 'checkboxes':
    case 'multi_static_select':
      return { type: element.type, selected_options: element.initial_options ?? [] };
    case 'timepicker':
      return { type: element.type, selected_time: element.initial_time ?? null };
    case 'datetimepicker':
      return { type: element.type, selected_date_time: element.initial_date_time ?? null };
    case 'users_select':
      return { type: element.type, selected_user: element.initial_user ?? null };
    case 'plain_text_input':
    case 'email_text_input':
      return { type: element.type, value: element.initial_value ?? null };
    default:
      return undefined;
  }
}

export function isEmpty(value: JsonObject): boolean {
  return Object.entries(value).every(
    ([key, held]) => key === 'type' || held === null || held === '' || (Array.isArray(held) && held.length === 0),
  );
}

export function optionValue(option: Json | undefined): string | undefined {
  return isObject(option) && typeof option.value === 'string' ? option.value : undefined;
}
