/** The window "Digest settings": the time of day and the working days. */
import type { ModalView } from '@slack/types';
import type { Schedule } from '../src/core/model/digest.ts';
import { option, section } from './elements.ts';
import { BLOCK, VIEW } from './ids.ts';
import { input, modal } from './modal.ts';
import { zoneName } from './text.ts';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].map((text, index) => ({
  text,
  value: String(index + 1),
}));

export function settingsModal(schedule: Schedule, zone: string): ModalView {
  const chosen = DAYS.filter((day) => schedule.days.includes(Number(day.value))).map(option);
  return modal({
    callback: VIEW.settings,
    title: 'Digest settings',
    submit: 'Save',
    blocks: [
      section(`Your time zone in Slack is *${zoneName(zone)}*. To change it, change it in Slack.`),
      input(BLOCK.time, 'Send my digest at', { type: 'timepicker', initial_time: schedule.time }),
      input(BLOCK.days, 'On these days', {
        type: 'checkboxes',
        options: DAYS.map(option),
        ...(chosen.length > 0 && { initial_options: chosen }),
      }),
    ],
  });
}
