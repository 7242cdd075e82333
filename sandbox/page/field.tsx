/** The controls that hold a value; `onChange` gets it as Slack would report it. */
import { objectsOf, stringOf } from '../slack/json.ts';
import type { JsonObject } from '../slack/types.ts';
import { DateField, DateTimeField, TimeField } from './dates.tsx';
import { Select } from './select.tsx';
import { plainOf, TextObject } from './text.tsx';
import { groupsOf, optionValue } from './values.ts';

export interface FieldProps {
  element: JsonObject;
  value: JsonObject;
  /** The name of the field; of an input block, its label. */
  label: string;
  /** The id of the sentence that says what is wrong. */
  errorId?: string | undefined;
  onChange(value: JsonObject): void;
}

export function Field(props: FieldProps) {
  switch (props.element.type) {
    case 'static_select':
      return <SingleSelect {...props} />;
    case 'multi_static_select':
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
      return <TextField {...props} />;
    default:
      return <span className="unknown">This page cannot show a {stringOf(props.element.type)}.</span>;
  }
}

function SingleSelect({ element, value, label, errorId, onChange }: FieldProps) {
  const type = element.type ?? '';
  return (
    <Select
      groups={groupsOf(element)}
      selected={optionValue(value.selected_option)}
      placeholder={plainOf(element.placeholder) || 'Select an option'}
      label={label}
      errorId={errorId}
      onSelect={(option) => onChange({ type, selected_option: option })}
    />
  );
}

/** Boxes or radio buttons; a multiple select is shown as boxes as well. */
function Choices({ element, value, label, kind, errorId, onChange }: FieldProps & { kind: 'checkbox' | 'radio' }) {
  const type = element.type ?? '';
  const options = groupsOf(element).flatMap((group) => group.options);
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

function TextField({ element, value, label, errorId, onChange }: FieldProps) {
  const max = typeof element.max_length === 'number' ? element.max_length : undefined;
  const common = {
    value: stringOf(value.value) ?? '',
    placeholder: plainOf(element.placeholder),
    maxLength: max,
    'aria-label': label,
    'aria-invalid': errorId !== undefined,
    'aria-describedby': errorId,
    'data-autofocus': element.focus_on_load === true ? '' : undefined,
  };
  function change(text: string): void {
    // Slack says null, not the empty text, of a field that nobody filled in.
    onChange({ type: 'plain_text_input', value: text === '' ? null : text });
  }
  if (element.multiline === true) {
    return <textarea className="control text" rows={4} {...common} onChange={(event) => change(event.target.value)} />;
  }
  return <input className="control text" type="text" {...common} onChange={(event) => change(event.target.value)} />;
}
