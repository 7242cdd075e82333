/** Values of controls, in the form in which Slack reports them. */
import { isObject, objectsOf } from '../slack/json.ts';
import type { Json, JsonObject } from '../slack/types.ts';

/** The value of an untouched control; only its type for those without a value. */
export function initialValue(element: JsonObject): JsonObject {
  const type = element.type ?? '';
  switch (type) {
    case 'static_select':
    case 'radio_buttons':
      return { type, selected_option: element.initial_option ?? null };
    case 'multi_static_select':
    case 'checkboxes':
      return { type, selected_options: element.initial_options ?? [] };
    case 'datepicker':
      return { type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type, selected_time: element.initial_time ?? null };
    case 'datetimepicker':
      return { type, selected_date_time: element.initial_date_time ?? null };
    case 'users_select':
      return { type, selected_user: element.initial_user ?? null };
    case 'plain_text_input':
    case 'email_text_input':
      return { type, value: element.initial_value ?? null };
    default:
      return { type };
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

export interface OptionGroup {
  label: Json | undefined;
  options: JsonObject[];
}

/** The options of an element; one nameless group where it has none. */
export function groupsOf(element: JsonObject): OptionGroup[] {
  const groups = objectsOf(element.option_groups);
  if (groups.length === 0) return [{ label: undefined, options: objectsOf(element.options) }];
  return groups.map((group) => ({ label: group.label, options: objectsOf(group.options) }));
}
