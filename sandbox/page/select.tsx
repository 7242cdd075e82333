import { type KeyboardEvent, useRef, useState } from 'react';
import type { JsonObject } from '../slack/types.ts';
import { optionValue } from '../slack/values.ts';
import { Popup, type PopupItem } from './popup.tsx';
import { plainOf } from './text.tsx';

interface SelectProps {
  options: readonly JsonObject[];
  selected: string | undefined;
  placeholder: string;
  label: string;
  errorId?: string | undefined;
  onSelect(option: JsonObject): void;
}

export function Select({ options, selected, placeholder, label, errorId, onSelect }: SelectProps) {
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const shown = options.find((option) => selected !== undefined && optionValue(option) === selected);
  const text = shown ? plainOf(shown.text) : placeholder;

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    setOpen(true);
  }

  function pick(index: number): void {
    const option = options[index];
    setOpen(false);
    anchor.current?.focus();
    if (option) onSelect(option);
  }

  return (
    <span className="select">
      <button
        ref={anchor}
        type="button"
        className={shown ? 'control select-button has-value' : 'control select-button'}
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-label={shown && label !== text ? `${label}: ${text}` : label}
        aria-describedby={errorId}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={onKeyDown}
      >
        <span className="select-text">{text}</span>
        <span className="caret" aria-hidden="true" />
      </button>
      {isOpen && (
        <Popup
          anchor={anchor}
          kind="listbox"
          label={label}
          items={itemsOf(options, selected)}
          onPick={pick}
          onClose={() => setOpen(false)}
        />
      )}
    </span>
  );
}

export function itemsOf(options: readonly JsonObject[], selected: string | undefined): PopupItem[] {
  return options.map((option, index) => ({
    key: String(index),
    text: plainOf(option.text),
    ...(option.description ? { detail: plainOf(option.description) } : {}),
    isSelected: selected !== undefined && optionValue(option) === selected,
  }));
}
