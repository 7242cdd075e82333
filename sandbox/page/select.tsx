import { type KeyboardEvent, type ReactNode, type RefObject, useRef, useState } from 'react';
import { isObject, objectsOf } from '../slack/json.ts';
import type { JsonObject } from '../slack/types.ts';
import { optionsOf, optionValue } from '../slack/values.ts';
import type { FieldProps } from './field-props.ts';
import { Popup, type PopupItem } from './popup.tsx';
import { plainOf } from './text.tsx';

/** One of the element's options. */
export function Select({ element, value, label, errorId, onChange }: FieldProps) {
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const type = element.type ?? '';
  const chosen = isObject(value.selected_option) ? [value.selected_option] : [];

  function pick(option: JsonObject): void {
    setOpen(false);
    anchor.current?.focus();
    onChange({ type, selected_option: option });
  }

  return (
    <span className="select">
      <SelectButton
        anchor={anchor}
        label={label}
        chosen={chosen.map((option) => plainOf(option.text))}
        placeholder={plainOf(element.placeholder) || 'Select an option'}
        errorId={errorId}
        isOpen={isOpen}
        onOpen={setOpen}
      />
      {isOpen && <OptionList {...{ element, anchor, label, chosen }} onPick={pick} onClose={() => setOpen(false)} />}
    </span>
  );
}

/** Any of the element's options, up to as many as the app says. The list stays open for the next one. */
export function MultiSelect({ element, value, label, errorId, onChange }: FieldProps) {
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const type = element.type ?? '';
  const chosen = objectsOf(value.selected_options);
  const most = typeof element.max_selected_items === 'number' ? element.max_selected_items : Number.POSITIVE_INFINITY;

  function toggle(option: JsonObject): void {
    const picked = optionValue(option);
    const others = chosen.filter((other) => optionValue(other) !== picked);
    onChange({ type, selected_options: others.length < chosen.length ? others : [...chosen, option] });
  }

  return (
    <span className="select is-multiple">
      <SelectButton
        anchor={anchor}
        label={label}
        chosen={chosen.map((option) => plainOf(option.text))}
        placeholder={plainOf(element.placeholder) || 'Select options'}
        errorId={errorId}
        isOpen={isOpen}
        onOpen={setOpen}
      />
      {isOpen && (
        <OptionList
          {...{ element, anchor, label, chosen }}
          isMultiple
          isFull={chosen.length >= most}
          onPick={toggle}
          onClose={() => setOpen(false)}
        />
      )}
    </span>
  );
}

interface SelectButtonProps {
  anchor: RefObject<HTMLButtonElement | null>;
  label: string;
  /** The texts of what is chosen. */
  chosen: readonly string[];
  placeholder: string;
  errorId: string | undefined;
  isOpen: boolean;
  onOpen(isOpen: boolean): void;
}

function SelectButton({ anchor, label, chosen, placeholder, errorId, isOpen, onOpen }: SelectButtonProps) {
  const text = chosen.join(', ');

  function onKeyDown(event: KeyboardEvent<HTMLButtonElement>): void {
    if (event.key === 'Enter' && chosen.length > 0 && submitBy(event.currentTarget)) event.preventDefault();
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    onOpen(true);
  }

  return (
    <button
      ref={anchor}
      type="button"
      className={chosen.length > 0 ? 'control select-button has-value' : 'control select-button'}
      aria-haspopup="listbox"
      aria-expanded={isOpen}
      aria-label={text !== '' && label !== text ? `${label}: ${text}` : label}
      aria-describedby={errorId}
      onClick={() => onOpen(!isOpen)}
      onKeyDown={onKeyDown}
    >
      <span className="select-text">{chosen.length > 0 ? chosen.map(token) : placeholder}</span>
      <span className="caret" aria-hidden="true" />
    </button>
  );
}

function token(text: string): ReactNode {
  return (
    <span key={text} className="token">
      {text}
    </span>
  );
}

/** Enter at an input of a form submits it, also at one that is a button on this page; false where there is no such form. */
function submitBy(button: HTMLButtonElement): boolean {
  const submit = button.closest('.input-block') && button.form?.querySelector('[type=submit]');
  if (!submit) return false;
  button.form?.requestSubmit();
  return true;
}

interface OptionListProps {
  element: JsonObject;
  anchor: RefObject<HTMLElement | null>;
  label: string;
  chosen: readonly JsonObject[];
  isMultiple?: boolean;
  /** As many are chosen as may be. */
  isFull?: boolean;
  onPick(option: JsonObject): void;
  onClose(): void;
}

function OptionList({ element, chosen, isFull = false, onPick, ...popup }: OptionListProps) {
  const options = optionsOf(element);
  const groups = objectsOf(element.option_groups).flatMap((group) =>
    objectsOf(group.options).map(() => plainOf(group.label)),
  );
  const values = new Set(chosen.map(optionValue));
  const items = options.map((option, index): PopupItem => {
    const isSelected = values.has(optionValue(option));
    const group = groups[index];
    return { ...itemOf(option, index), isSelected, isDisabled: isFull && !isSelected, ...(group && { group }) };
  });

  function pick(index: number): void {
    const option = options[index];
    if (option) onPick(option);
  }

  return <Popup kind="listbox" items={items} onPick={pick} {...popup} />;
}

export function itemOf(option: JsonObject, index: number): PopupItem {
  return {
    key: String(index),
    text: plainOf(option.text),
    ...(option.description ? { detail: plainOf(option.description) } : {}),
  };
}
