/** The modal of Reschedule, and of "Pick a time" in the Snooze menu: one picker, one optional field for typed dates. */
import type { ModalView } from '@slack/types';
import type { Refusal, RowRef } from '../src/core/clicks/record.ts';
import type { Instant } from '../src/core/model/keys.ts';
import type { Task } from '../src/core/model/task.ts';
import { type Block, context, section } from './elements.ts';
import { skippedFirst, TYPED_NOTHING } from './errors.ts';
import { BLOCK, encodeWhen, VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';
import { skips, when } from './task-row.ts';
import { mrkdwn, whoAndWhat, zoneName } from './text.ts';
import type { Reader } from './words.ts';

export interface WhenForm {
  ref: RowRef;
  verb: 'snooze' | 'reschedule';
  task: Task;
  /** The name of the provider. */
  provider: string;
  /** The time that the picker starts with. */
  suggestion: Instant;
  /** What follows besides the new time. */
  consequence?: string | undefined;
  /** The typed text as Docket reads it. */
  preview?: string;
}

export function whenModal(form: WhenForm, reader: Reader): ModalView {
  const { ref, verb, suggestion, consequence, preview = TYPED_NOTHING } = form;
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
      about(form, reader),
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
          text: `For example: tomorrow at 3pm, Tuesday 10:30, eod friday, 2026-12-01 15:00. Read in your time zone, ${zoneName(reader.zone)}; it wins over the picker.`,
        },
        element: {
          type: 'plain_text_input',
          action_id: BLOCK.typed,
          max_length: 100,
          placeholder: { type: 'plain_text', text: 'tomorrow at 3pm' },
          dispatch_action_config: { trigger_actions_on: ['on_enter_pressed', 'on_character_entered'] },
        },
        optional: true,
        // Slack tells us while it is typed, so that the time as it is read is seen before it is sent.
        dispatch_action: true,
      },
      { ...context(preview), block_id: BLOCK.preview },
    ],
  };
}

/** Asked once more: the provider would have skipped the task by the time that was chosen. */
export function skippedFirstModal(
  { ref, verb }: Pick<WhenForm, 'ref' | 'verb'>,
  refused: Extract<Refusal, { why: 'skipped_first' }>,
  reader: Reader,
): ModalView {
  const title = verb === 'snooze' ? 'Snooze' : 'Reschedule';
  return {
    type: 'modal',
    callback_id: VIEW.sure,
    private_metadata: encodeWhen(ref, verb, refused.dueAt),
    title: { type: 'plain_text', text: title },
    submit: { type: 'plain_text', text: `${title} anyway` },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [section(`${skippedFirst(refused, reader)} Is that what you want? Nothing was changed so far.`)],
  };
}

function about({ task, provider }: WhenForm, reader: Reader): Block {
  const lines = [`*${whoAndWhat(task, ': ')}*`, when(task, reader), skips(task, provider, reader)];
  return section(lines.filter(Boolean).join('\n'));
}
