/** The controls that hold a value; `onChange` gets it as Slack would report it. */
import { useId } from 'react';
import { objectsOf, stringOf } from '../slack/json.ts';
import type { JsonObject } from '../slack/types.ts';
import { optionValue } from '../slack/values.ts';
import { DateField, DateTimeField, TimeField } from './dates.tsx';
import type { FieldProps } from './field-props.ts';
import { usePerson } from './person.ts';
import { MultiSelect, Select } from './select.tsx';
import { TextObject } from './text.tsx';
import { TextField } from './text-field.tsx';

export function Field(props: FieldProps) {
  switch (props.element.type) {
    case 'static_select':
      return <Select {...props} />;
    case 'multi_static_select':
      return <MultiSelect {...props} />;
    case 'users_select':
      return <PeopleSelect {...props} />;
    case 'multi_users_select':
      return <SeveralPeople {...props} />;
    case 'conversations_select':
      return <ChannelSelect {...props} />;
    case 'checkboxes':
      return <Choices {...props} kind="checkbox" />;
    case 'radio_buttons':
      return <Choices {...props} kind="radio" />;
    case 'datepicker':
      return <DateField {...props} />;
    case 'timepicker':
      return <TimeField {...props} />;
    case 'datetimepicker':
      return <DateTimeField {...props} />;
    case 'plain_text_input':
    case 'email_text_input':
      return <TextField {...props} />;
    default:
      return <span className="unknown">This page cannot show a {stringOf(props.element.type)}.</span>;
  }
}

/** A select whose options are the people of the workspace. */
function PeopleSelect({ element, value, onChange, ...props }: FieldProps) {
  const { users } = usePerson();
  const options = users.map(({ id, realName }) => ({ text: { type: 'plain_text', text: realName }, value: id }));
  const placeholder = element.placeholder ?? { type: 'plain_text', text: 'Select a person' };
  const chosen = options.find((option) => option.value === stringOf(value.selected_user ?? undefined));
  return (
    <Select
      {...props}
      element={{ ...element, options, placeholder }}
      value={{ selected_option: chosen ?? null }}
      onChange={(next) => onChange({ type: 'users_select', selected_user: optionValue(next.selected_option) ?? null })}
    />
  );
}

/** The same for several of them. */
function SeveralPeople({ element, value, onChange, ...props }: FieldProps) {
  const { users } = usePerson();
  const options = users.map(({ id, realName }) => ({ text: { type: 'plain_text', text: realName }, value: id }));
  const placeholder = element.placeholder ?? { type: 'plain_text', text: 'Select people' };
  const chosen = Array.isArray(value.selected_users) ? value.selected_users : [];
  return (
    <MultiSelect
      {...props}
      element={{ ...element, options, placeholder }}
      value={{ selected_options: options.filter((option) => chosen.includes(option.value)) }}
      onChange={(next) => {
        const ids = objectsOf(next.selected_options).flatMap((option) => optionValue(option) ?? []);
        onChange({ type: 'multi_users_select', selected_users: ids });
      }}
    />
  );
}

/** A select whose options are the channels of the workspace. */
function ChannelSelect({ element, value, onChange, ...props }: FieldProps) {
  const { channels } = usePerson();
  const options = channels.map(({ id, name }) => ({ text: { type: 'plain_text', text: `#${name}` }, value: id }));
  const placeholder = element.placeholder ?? { type: 'plain_text', text: 'Select a channel' };
  const chosen = options.find((option) => option.value === stringOf(value.selected_conversation ?? undefined));
  const choose = (id: string | undefined) =>
    onChange({ type: 'conversations_select', selected_conversation: id ?? null });
  return (
    <Select
      {...props}
      element={{ ...element, options, placeholder }}
      value={{ selected_option: chosen ?? null }}
      onChange={(next) => choose(optionValue(next.selected_option))}
    />
  );
}

/** Boxes or radio buttons. */
function Choices({ element, value, label, kind, errorId, onChange }: FieldProps & { kind: 'checkbox' | 'radio' }) {
  const type = element.type ?? '';
  const name = useId();
  const options = objectsOf(element.options);
  const chosen = kind === 'radio' ? [value.selected_option ?? null] : objectsOf(value.selected_options);
  const values = new Set(chosen.map(optionValue));

  function toggle(option: JsonObject): void {
    if (kind === 'radio') {
      onChange({ type, selected_option: option });
      return;
    }
    const picked = optionValue(option);
    const next = options.filter((other) => {
      const key = optionValue(other);
      return key === picked ? !values.has(key) : values.has(key);
    });
    onChange({ type, selected_options: next });
  }

  return (
    <fieldset className="choices" aria-label={label} aria-describedby={errorId}>
      {options.map((option) => (
        <label key={optionValue(option)}>
          <input
            type={kind}
            name={name}
            checked={values.has(optionValue(option))}
            aria-invalid={errorId !== undefined}
            onChange={() => toggle(option)}
          />
          <span>
            <TextObject value={option.text} />
            {option.description && (
              <small>
                <TextObject value={option.description} />
              </small>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
