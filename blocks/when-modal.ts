/** The modal of Reschedule, and of "Pick a time" in the Snooze menu: one picker, one optional field for typed dates. */
import type { ModalView } from '@slack/types';
import type { RowRef } from '../src/core/click.ts';
import type { Instant, Task } from '../src/core/types.ts';
import { context, section } from './elements.ts';
import { BLOCK, encodeWhen, VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';
import { when } from './task-row.ts';
import { mrkdwn, whoAndWhat, zoneName } from './text.ts';
import type { Reader } from './words.ts';

export function whenModal(
  ref: RowRef,
  verb: 'snooze' | 'reschedule',
  task: Task,
  suggestion: Instant,
  reader: Reader,
  /** What follows besides the new time. */
  consequence?: string,
): ModalView {
  const title = verb === 'snooze' ? 'Snooze' : 'Reschedule';
  const follows = mrkdwn(consequence ?? '', LIMITS.confirmText);
  return {
    type: 'modal',
    callback_id: VIEW.when,
    private_metadata: encodeWhen(ref, verb),
    title: { type: 'plain_text', text: title },
    submit: { type: 'plain_text', text: title },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      section(`*${whoAndWhat(task, ': ')}*\n${when(task, reader)}`),
      ...(follows ? [context(follows)] : []),
      {
        type: 'input',
        block_id: BLOCK.picker,
        label: { type: 'plain_text', text: verb === 'snooze' ? 'Until' : 'New due time' },
        element: {
          type: 'datetimepicker',
          action_id: BLOCK.picker,
          initial_date_time: Math.floor(suggestion / 1_000),
        },
        optional: true,
      },
      {
        type: 'input',
        block_id: BLOCK.typed,
        label: { type: 'plain_text', text: 'Or type it' },
        hint: {
          type: 'plain_text',
          text: `For example: tomorrow at 3pm, next Tuesday 10:30, 2026-12-01 15:00. Read in your time zone, ${zoneName(reader.zone)}; it wins over the picker.`,
        },
        element: {
          type: 'plain_text_input',
          action_id: BLOCK.typed,
          max_length: 100,
          placeholder: { type: 'plain_text', text: 'tomorrow at 3pm' },
        },
        optional: true,
      },
    ],
  };
}
