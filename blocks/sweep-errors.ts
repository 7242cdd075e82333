/** Why nothing was done to many tasks. Windows show errors as plain text. */
import type { LeftOut } from '../src/core/model/sweep.ts';
import type { Providers } from './providers.ts';
import { leftOutText } from './sweep-words.ts';

export const SWEEP_REFUSED = {
  unknown_list: 'This list is too old to act on, or not yours, so nothing was changed. Type /tasks for a fresh one.',
  passed: 'That time has passed, so nothing was changed. Choose a later one.',
  none_open: 'No task of this list is open any more, so there is nothing to act on.',
  two_times: 'Choose “to the time below” as what to do, or clear this field.',
  not_yours: 'These tasks are not yours to act on, or it was too long ago, so nothing was changed.',
} as const;

/** At the close of a day. */
export const DAY_REFUSED = {
  unknown_list: SWEEP_REFUSED.unknown_list,
  passed:
    'The time to which this would move your tasks has passed, so nothing was changed. Type /tasks for what is open.',
} as const;

export function nothingToDo(leftOut: readonly LeftOut[], providers: Providers): string {
  const why = leftOutText(leftOut, providers);
  return `There is no such task to act on, so nothing was changed.${why ? ` ${why}` : ''}`;
}
