/** What a narrow screen folds away. The widths are those of styles/frame.css. */
import { useSyncExternalStore } from 'react';

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
