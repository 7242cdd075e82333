import { useRef, useState } from 'react';
import { objectsOf } from '../slack/json.ts';
import type { JsonObject } from '../slack/types.ts';
import { Popup } from './popup.tsx';
import { itemOf } from './select.tsx';

interface OverflowMenuProps {
  element: JsonObject;
  onPick(option: JsonObject): void;
}

export function OverflowMenu({ element, onPick }: OverflowMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const options = objectsOf(element.options);

  function pick(index: number): void {
    const option = options[index];
    setOpen(false);
    anchor.current?.focus();
    if (option) onPick(option);
  }

  return (
    <span className="select">
      <button
        ref={anchor}
        type="button"
        className="control button overflow"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label="More actions"
        onClick={() => setOpen(!isOpen)}
      >
        <span aria-hidden="true">⋯</span>
      </button>
      {isOpen && (
        <Popup
          anchor={anchor}
          kind="menu"
          label="More actions"
          items={options.map(itemOf)}
          onPick={pick}
          onClose={() => setOpen(false)}
        />
      )}
    </span>
  );
}
