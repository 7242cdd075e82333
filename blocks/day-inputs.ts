/** The fields of the settings window about the day after its digest. */
import type { DayChoices } from '../src/core/model/digest.ts';
import { type Block, option } from './elements.ts';
import { BLOCK } from './ids.ts';
import { input } from './modal.ts';

const REMIND = { text: 'Remind me 15 minutes before a call', value: 'on' };

const CLOSE_HINT =
  'One message at that time: what is done, what is left, and a button that moves it to your next working day. No time: no message.';
const NUDGE_HINT = 'Only calls that are due at a time of day, not just on a day.';
const QUIET_HINT =
  'From this time on neither of the two comes, until the time below. The same time twice: no quiet hours.';

export function dayInputs({ closesAt, nudges, quiet }: DayChoices): Block[] {
  const clock = closesAt === undefined ? {} : { initial_time: closesAt };
  const chosen = nudges ? { initial_options: [option(REMIND)] } : {};
  return [
    input(BLOCK.closesAt, 'Close my day at', { type: 'timepicker', ...clock }, { hint: CLOSE_HINT, optional: true }),
    input(
      BLOCK.nudges,
      'Calls',
      { type: 'checkboxes', options: [option(REMIND)], ...chosen },
      { hint: NUDGE_HINT, optional: true },
    ),
    input(BLOCK.quietFrom, 'Quiet hours from', { type: 'timepicker', initial_time: quiet.from }, { hint: QUIET_HINT }),
    input(BLOCK.quietUntil, 'Quiet hours until', { type: 'timepicker', initial_time: quiet.until }),
  ];
}
