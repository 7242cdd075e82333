/** A list that opens at a button, driven by the keyboard. */
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useClickOutside, usePlacement } from './popup-place.ts';

export interface PopupItem {
  key: string;
  text: string;
  detail?: string;
  isSelected?: boolean;
  /** No more of them can be picked. */
  isDisabled?: boolean;
  /** The heading that it stands under. */
  group?: string;
}

interface PopupProps {
  anchor: RefObject<HTMLElement | null>;
  kind: 'listbox' | 'menu';
  label: string;
  items: readonly PopupItem[];
  /** Several can be picked, so the list stays open. */
  isMultiple?: boolean;
  onPick(index: number): void;
  onClose(): void;
}

export function Popup({ anchor, kind, label, items, isMultiple = false, onPick, onClose }: PopupProps) {
  const popup = useRef<HTMLDivElement>(null);
  const selected = items.findIndex((item) => item.isSelected);
  const [active, setActive] = useState(Math.max(0, selected));
  const id = useId();
  usePlacement(popup, anchor);
  useClickOutside(popup, anchor, onClose);

  useEffect(() => {
    document.getElementById(`${id}${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);

  function close(): void {
    onClose();
    anchor.current?.focus();
  }

  function pick(index: number): void {
    if (items[index]?.isDisabled !== true) onPick(index);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const next = nextActive(event.key, active, items);
    if (next !== undefined) setActive(next);
    else if (event.key === 'Enter' || event.key === ' ') pick(active);
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else return;
    // A dialog below must not take the Escape, nor the page the arrows.
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useAriaPropsSupportedByRole: the role is in `kind`
    <div
      ref={popup}
      popover="manual"
      className={`popup is-${kind}`}
      role={kind}
      aria-label={label}
      aria-multiselectable={isMultiple || undefined}
      aria-activedescendant={`${id}${active}`}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {items.map((item, index) => (
        <PopupRow
          key={item.key}
          id={`${id}${index}`}
          item={item}
          heading={item.group !== items[index - 1]?.group ? item.group : undefined}
          isOption={kind === 'listbox'}
          isActive={index === active}
          onPoint={() => setActive(index)}
          onPick={() => pick(index)}
        />
      ))}
    </div>
  );
}

interface PopupRowProps {
  id: string;
  item: PopupItem;
  /** Shown above the first row of its group; each row of it says the group too. */
  heading: string | undefined;
  isOption: boolean;
  isActive: boolean;
  onPoint(): void;
  onPick(): void;
}

function PopupRow({ id, item, heading, isOption, isActive, onPoint, onPick }: PopupRowProps) {
  const role = isOption ? { role: 'option', 'aria-selected': item.isSelected ?? false } : { role: 'menuitem' };
  return (
    <>
      {heading !== undefined && (
        <div className="popup-heading" aria-hidden="true">
          {heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the list has the keyboard */}
      <div
        id={id}
        className={isActive ? 'popup-item is-active' : 'popup-item'}
        {...role}
        aria-disabled={item.isDisabled || undefined}
        onMouseMove={onPoint}
        onClick={onPick}
      >
        <span className="popup-check" aria-hidden="true">
          {item.isSelected ? '✓' : ''}
        </span>
        <span className="popup-text">
          {item.text}
          {item.detail && <small>{item.detail}</small>}
          {item.group !== undefined && <span className="unseen">, {item.group}</span>}
        </span>
      </div>
    </>
  );
}

function nextActive(key: string, active: number, items: readonly PopupItem[]): number | undefined {
  const last = items.length - 1;
  if (key === 'ArrowDown') return Math.min(last, active + 1);
  if (key === 'ArrowUp') return Math.max(0, active - 1);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (key.length !== 1 || key === ' ') return undefined;
  // A letter goes to the next item that begins with it.
  const letter = key.toLowerCase();
  const order = [...items.keys()].map((index) => (index + active + 1) % items.length);
  return order.find((index) => items[index]?.text.toLowerCase().startsWith(letter));
}
