import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface DialogProps {
  labelId: string;
  className: string;
  role?: 'alertdialog';
  /** Escape. */
  onClose(): void;
  children: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus inside and gives it back, and nothing behind it can be used. */
export function Dialog({ labelId, className, role, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    element.showModal();
    const first = element.querySelector<HTMLElement>('[data-autofocus]') ?? element.querySelector<HTMLElement>(FIRST);
    first?.focus();
    return () => element.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      className={className}
      role={role}
      aria-labelledby={labelId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={onClose}
    >
      {children}
    </dialog>
  );
}

/** The first field, not the cross in the corner. */
const FIRST = '.dialog-body :is(input, textarea, button), .dialog-foot .primary, .dialog-foot .danger';
