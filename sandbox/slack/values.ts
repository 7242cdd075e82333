/** Values of controls, in the form in which Slack reports them. The page uses this too. */
import { isObject, objectsOf } from './json.ts';
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
    case 'datepicker':
      return { type: element.type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type: element.type, selected_time: element.initial_time ?? null };
    case 'datetimepicker':
      return { type: element.type, selected_date_time: element.initial_date_time ?? null };
    case 'users_select':
      return { type: element.type, selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { type: element.type, selected_users: element.initial_users ?? [] };
    case 'conversations_select':
      return { type: element.type, selected_conversation: element.initial_conversation ?? null };
    case 'plain_text_input':
    case 'email_text_input':
      return { type: element.type, value: element.initial_value ?? null };
    default:
      return undefined;
  }
}

/** What a select, a menu, boxes or radio buttons offer, whether under headings or not. */
export function optionsOf(element: JsonObject): JsonObject[] {
  const grouped = objectsOf(element.option_groups).flatMap((group) => objectsOf(group.options));
  return [...objectsOf(element.options), ...grouped];
}

/** Whether a value that was entered before can stand in this element, which another one may have replaced. */
export function fits(element: JsonObject, value: JsonObject): boolean {
  const initial = initialValue(element);
  if (!initial || value.type !== initial.type) return false;
  const offered = new Set(optionsOf(element).map(optionValue));
  const chosen = [
    ...objectsOf(value.selected_options),
    ...(isObject(value.selected_option) ? [value.selected_option] : []),
  ];
  return chosen.every((option) => offered.has(optionValue(option)));
}

export function isEmpty(value: JsonObject): boolean {
  return Object.entries(value).every(
    ([key, held]) => key === 'type' || held === null || held === '' || (Array.isArray(held) && held.length === 0),
  );
}

export function optionValue(option: Json | undefined): string | undefined {
  return isObject(option) && typeof option.value === 'string' ? option.value : undefined;
}
