import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from 'react';
import { controlAt, firstField, type Held, heldOf } from './focus.ts';

interface DialogProps {
  labelId: string;
  className: string;
  /** Changes when other content took the place of what was there. */
  version?: string;
  role?: 'alertdialog';
  /** Escape closed it; what holds the dialog has to take it off the page. */
  onClose(): void;
  onKeyDown?(event: KeyboardEvent): void;
  children: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus inside and gives it back, and nothing behind it can be used. */
export function Dialog({ labelId, className, version, role, onClose, onKeyDown, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // The browser tells of the closing after the dialog is gone from the page; that one is no wish of the person.
  const isGone = useRef(false);
  const held = useRef<Held>(undefined);

  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    isGone.current = false;
    element.showModal();
    firstField(element)?.focus();
    return () => {
      isGone.current = true;
      element.close();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only other content may move the focus
  useLayoutEffect(() => {
    if (dialog.current) keepPlace(dialog.current, held.current);
  }, [version]);

  return (
    <dialog
      ref={dialog}
      className={className}
      role={role}
      aria-labelledby={labelId}
      onFocus={({ target }) => {
        held.current = heldOf(target) ?? held.current;
      }}
      onKeyDown={onKeyDown}
      onClose={() => {
        if (!isGone.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
}

/** Other content begins at its top, with the keyboard at the control where it was, or at the first field. */
function keepPlace(dialog: HTMLDialogElement, held: Held | undefined): void {
  const body = dialog.querySelector('.dialog-body');
  const active = document.activeElement;
  if (body?.contains(active)) return;
  body?.scrollTo(0, 0);
  if (active === dialog || !dialog.contains(active)) (controlAt(dialog, held) ?? firstField(dialog))?.focus();
}
