import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface DialogProps {
  labelId: string;
  className: string;
  /** Changes when other content took the place of what was there. */
  version?: string;
  role?: 'alertdialog';
  /** Escape closed it; what holds the dialog has to take it off the page. */
  onClose(): void;
  children: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus inside and gives it back, and nothing behind it can be used. */
export function Dialog({ labelId, className, version, role, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // The browser tells of the closing after the dialog is gone from the page; that one is no wish of the person.
  const isGone = useRef(false);

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
    const body = dialog.current?.querySelector('.dialog-body');
    if (dialog.current && !body?.contains(document.activeElement)) firstField(dialog.current)?.focus();
  }, [version]);

  return (
    <dialog
      ref={dialog}
      className={className}
      role={role}
      aria-labelledby={labelId}
      onClose={() => {
        if (!isGone.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
}

function firstField(dialog: HTMLDialogElement): HTMLElement | null {
  return dialog.querySelector<HTMLElement>('[data-autofocus]') ?? dialog.querySelector<HTMLElement>(FIRST);
}

/** The first field, not the cross in the corner. */
const FIRST = '.dialog-body :is(input, textarea, button), .dialog-foot .primary, .dialog-foot .danger';
