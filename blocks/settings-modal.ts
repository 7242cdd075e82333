/** When the digest comes: the time of day and the working days. */
import type { ModalView } from '@slack/types';
import type { Schedule } from '../src/core/model/digest.ts';
import { option, section } from './elements.ts';
import { BLOCK, VIEW } from './ids.ts';
import { zoneName } from './text.ts';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].map((text, index) => ({
  text,
  value: String(index + 1),
}));

export function settingsModal(schedule: Schedule, zone: string): ModalView {
  const chosen = DAYS.filter((day) => schedule.days.includes(Number(day.value))).map(option);
  return {
    type: 'modal',
    callback_id: VIEW.settings,
    title: { type: 'plain_text', text: 'Digest settings' },
    submit: { type: 'plain_text', text: 'Save' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      section(`Your time zone in Slack is *${zoneName(zone)}*. To change it, change it in Slack.`),
      {
        type: 'input',
        block_id: BLOCK.time,
        label: { type: 'plain_text', text: 'Send my digest at' },
        element: { type: 'timepicker', action_id: BLOCK.time, initial_time: schedule.time },
      },
      {
        type: 'input',
        block_id: BLOCK.days,
        label: { type: 'plain_text', text: 'On these days' },
        element: {
          type: 'checkboxes',
          action_id: BLOCK.days,
          options: DAYS.map(option),
          ...(chosen.length > 0 && { initial_options: chosen }),
        },
      },
    ],
  };
}
