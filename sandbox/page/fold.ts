/** Parts that a narrow screen folds away. The widths are those of styles/frame.css. */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';

/** Narrower than this, the sales tools open by a button. */
export const PANELS_FOLD = '(max-width: 1179px)';
/** Narrower than this, the sidebar opens by a button, and lies above the rest. */
export const SIDEBAR_FOLDS = '(max-width: 999px)';
/** Narrower than this, the sales tools take the whole screen. */
export const PANELS_COVER = '(max-width: 719px)';

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const media = matchMedia(query);
      media.addEventListener('change', onChange);
      return () => media.removeEventListener('change', onChange);
    },
    () => matchMedia(query).matches,
  );
}

export interface Fold {
  /** The id of what opens. */
  id: string;
  isFolding: boolean;
  isOpen: boolean;
  /** Open, and above the rest of the page. */
  isAbove: boolean;
  open(): void;
  close(): void;
}

/** A part of the page that a narrow screen shows on request; where it covers the rest, the keyboard goes there and back. */
export function useFold(id: string, isFolding: boolean, isCovering: boolean): Fold {
  const [isWanted, setWanted] = useState(false);
  const wasAbove = useRef(false);
  const isOpen = isFolding && isWanted;
  const isAbove = isOpen && isCovering;

  useEffect(() => {
    if (isAbove) document.getElementById(id)?.focus();
    else if (wasAbove.current) document.querySelector<HTMLElement>(`[aria-controls="${id}"]`)?.focus();
    wasAbove.current = isAbove;
  }, [id, isAbove]);

  return { id, isFolding, isOpen, isAbove, open: () => setWanted(true), close: () => setWanted(false) };
}
