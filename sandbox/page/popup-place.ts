/** Puts a list at its button: above everything, and inside the window. */
import { type RefObject, useEffect, useLayoutEffect } from 'react';

/** Between the list and the edges of the window. */
const MARGIN = 8;
/** Between the list and its button. */
const GAP = 4;
const TALLEST = 320;
/** Of a list that is at least this tall, some can be read. */
const READABLE = 260;

export function usePlacement(popup: RefObject<HTMLElement | null>, anchor: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = popup.current;
    if (!element) return;
    function onMove(): void {
      if (element && anchor.current) place(element, anchor.current);
    }
    element.showPopover();
    onMove();
    element.focus({ preventScroll: true });
    window.addEventListener('scroll', onMove, true);
    window.addEventListener('resize', onMove);
    // What is picked may make the button taller.
    const growth = new ResizeObserver(onMove);
    if (anchor.current) growth.observe(anchor.current);
    return () => {
      growth.disconnect();
      window.removeEventListener('scroll', onMove, true);
      window.removeEventListener('resize', onMove);
    };
  }, [popup, anchor]);
}

function place(element: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const below = window.innerHeight - at.bottom - MARGIN - GAP;
  const above = at.top - MARGIN - GAP;
  const isBelow = below >= Math.min(element.scrollHeight, READABLE) || below >= above;
  element.style.maxHeight = `${Math.max(0, Math.min(TALLEST, isBelow ? below : above))}px`;
  element.style.minWidth = `${Math.min(at.width, window.innerWidth - 2 * MARGIN)}px`;
  const right = anchor.closest('main, dialog')?.getBoundingClientRect().right ?? window.innerWidth;
  const left = Math.min(at.left, Math.min(right, window.innerWidth) - element.offsetWidth - MARGIN);
  const top = isBelow ? at.bottom + GAP : at.top - element.offsetHeight - GAP;
  element.style.left = `${Math.max(MARGIN, left)}px`;
  element.style.top = `${Math.max(MARGIN, Math.min(top, window.innerHeight - element.offsetHeight - MARGIN))}px`;
}

export function useClickOutside(
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
