/** The menu at the corner of a message: the app's message shortcuts. */
import { useRef, useState } from 'react';
import type { MessageShortcut } from '../slack/types.ts';
import { send } from './api.ts';
import { usePerson } from './person.ts';
import { Popup } from './popup.tsx';
import { noticeOf } from './press.tsx';

interface MessageMenuProps {
  ts: string;
  shortcuts: readonly MessageShortcut[];
  /** Reports a problem with the last pick; undefined when the app took it. */
  onOutcome(text: string | undefined): void;
}

export function MessageMenu({ ts, shortcuts, onOutcome }: MessageMenuProps) {
  const { userId, appName } = usePerson();
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);

  async function pick(index: number): Promise<void> {
    const shortcut = shortcuts[index];
    setOpen(false);
    anchor.current?.focus();
    if (!shortcut) return;
    onOutcome(undefined);
    const outcome = await send('/shortcut', { userId, ts, callbackId: shortcut.callbackId });
    onOutcome(noticeOf(outcome, appName));
  }

  return (
    <div className={isOpen ? 'message-menu is-open' : 'message-menu'}>
      <button
        ref={anchor}
        type="button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label="More actions"
        title="More actions"
        onClick={() => setOpen(!isOpen)}
      >
        <span aria-hidden="true">⋮</span>
      </button>
      {isOpen && (
        <Popup
          anchor={anchor}
          kind="menu"
          label="More actions"
          items={shortcuts.map(({ name, callbackId }) => ({ key: callbackId, text: name, detail: appName }))}
          onPick={(index) => void pick(index)}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  );
}
