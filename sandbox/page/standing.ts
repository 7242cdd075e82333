import type { PanelTask } from './protocol.ts';

export const MARKS = { open: '○', done: '✓', gone: '✕' } as const;

/** Each provider has words of its own for a task that was done: `DONE`, `complete`, `finished`. */
export function standingOf({ isOpen, status }: PanelTask): keyof typeof MARKS {
  if (isOpen) return 'open';
  return /^(?:done|completed?|finished)$/i.test(status) ? 'done' : 'gone';
}
