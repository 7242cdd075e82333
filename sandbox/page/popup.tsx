/** A list that opens at a button: above everything, inside the window, driven by the keyboard. */
import { type KeyboardEvent, type RefObject, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';

export interface PopupItem {
  key: string;
  text: string;
  detail?: string;
  isSelected?: boolean;
}

interface PopupProps {
  anchor: RefObject<HTMLElement | null>;
  kind: 'listbox' | 'menu';
  label: string;
  items: readonly PopupItem[];
  onPick(index: number): void;
  onClose(): void;
}

const MARGIN = 8;

export function Popup({ anchor, kind, label, items, onPick, onClose }: PopupProps) {
  const popup = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      items.findIndex((item) => item.isSelected),
    ),
  );
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

  function onKeyDown(event: KeyboardEvent): void {
    const next = nextActive(event.key, active, items);
    if (next !== undefined) setActive(next);
    else if (event.key === 'Enter' || event.key === ' ') onPick(active);
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
      className="popup"
      role={kind}
      aria-label={label}
      aria-activedescendant={`${id}${active}`}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {items.map((item, index) => (
        <PopupRow
          key={item.key}
          id={`${id}${index}`}
          item={item}
          isOption={kind === 'listbox'}
          isActive={index === active}
          onPoint={() => setActive(index)}
          onPick={() => onPick(index)}
        />
      ))}
    </div>
  );
}

interface PopupRowProps {
  id: string;
  item: PopupItem;
  isOption: boolean;
  isActive: boolean;
  onPoint(): void;
  onPick(): void;
}

function PopupRow({ id, item, isOption, isActive, onPoint, onPick }: PopupRowProps) {
  const role = isOption ? { role: 'option', 'aria-selected': item.isSelected ?? false } : { role: 'menuitem' };
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the list has the keyboard */}
      <div
        id={id}
        className={isActive ? 'popup-item is-active' : 'popup-item'}
        {...role}
        onMouseMove={onPoint}
        onClick={onPick}
      >
        <span className="popup-check" aria-hidden="true">
          {item.isSelected ? '✓' : ''}
        </span>
        <span>
          {item.text}
          {item.detail && <small>{item.detail}</small>}
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

function usePlacement(popup: RefObject<HTMLElement | null>, anchor: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = popup.current;
    if (!element) return;
    function place(): void {
      const at = anchor.current?.getBoundingClientRect();
      if (!element || !at) return;
      const below = window.innerHeight - at.bottom - MARGIN;
      const above = at.top - MARGIN;
      const isBelow = below >= Math.min(element.scrollHeight, 260) || below >= above;
      element.style.maxHeight = `${Math.min(320, isBelow ? below : above)}px`;
      element.style.minWidth = `${at.width}px`;
      const right = anchor.current?.closest('main, dialog')?.getBoundingClientRect().right ?? window.innerWidth;
      element.style.left = `${Math.max(MARGIN, Math.min(at.left, right - element.offsetWidth - MARGIN))}px`;
      element.style.top = `${isBelow ? at.bottom + 4 : at.top - element.offsetHeight - 4}px`;
    }
    element.showPopover();
    place();
    element.focus({ preventScroll: true });
    window.addEventListener('scroll', place, true);
    window.addEventListener('resize', place);
    return () => {
      window.removeEventListener('scroll', place, true);
      window.removeEventListener('resize', place);
    };
  }, [popup, anchor]);
}

function useClickOutside(
  popup: RefObject<HTMLElement | null>,
  anchor: RefObject<HTMLElement | null>,
  onClose: () => void,
): void {
  useEffect(() => {
    function onPointerDown({ target }: PointerEvent): void {
      if (!(target instanceof Node)) return;
      // The button itself opens and closes by its click.
      if (!popup.current?.contains(target) && !anchor.current?.contains(target)) onClose();
    }
    document.addEventListener('pointerdown', onPointerDown);
    return () => document.removeEventListener('pointerdown', onPointerDown);
  }, [popup, anchor, onClose]);
}
