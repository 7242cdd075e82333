/** The window of Reschedule, and of "Pick a time" in the Snooze menu: a picker, and a field for typed dates. */
import type { ModalView } from '@slack/types';
import type { Refusal, RowRef } from '../src/core/clicks/record.ts';
import type { Instant } from '../src/core/model/keys.ts';
import type { Task } from '../src/core/model/task.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { type Block, context, section } from './elements.ts';
import { TYPED_NOTHING } from './form-errors.ts';
import { BLOCK, VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';
import { input, modal } from './modal.ts';
import { skips } from './reason-text.ts';
import { skippedFirst } from './refusals.ts';
import { encodeWhen } from './row-ids.ts';
import { when } from './row-text.ts';
import { mrkdwn, type Reader, whoAndWhat, zoneName } from './text.ts';

interface WhenForm {
  ref: RowRef;
  verb: 'snooze' | 'reschedule';
  task: Task;
  provider: string;
  /** The time that the picker starts with. */
  suggestion: Instant;
  /** Besides the new time. */
  consequence?: string | undefined;
  /** The typed text as Docket reads it. */
  preview?: string;
}

export function whenModal(form: WhenForm, reader: RepTime): ModalView {
  const { ref, verb, suggestion, consequence, preview = TYPED_NOTHING } = form;
  const follows = mrkdwn(consequence ?? '', LIMITS.confirmText);
  const picker = { type: 'datetimepicker', initial_date_time: Math.floor(suggestion / 1_000) } as const;
  return modal({
    callback: VIEW.when,
    metadata: encodeWhen(ref, verb),
    title: TITLE[verb],
    submit: TITLE[verb],
    blocks: [
      about(form, reader),
      ...(follows ? [context(follows)] : []),
      input(BLOCK.picker, verb === 'snooze' ? 'Until' : 'New due time', picker, { optional: true }),
      typedInput(reader.zone),
      { ...context(preview), block_id: BLOCK.preview },
    ],
  });
}

const TITLE = { snooze: 'Snooze', reschedule: 'Reschedule' } as const;

/** Slack tells of each character, so that the rep sees how the time is read before they send it. */
function typedInput(zone: string): Block {
  return input(
    BLOCK.typed,
    'Or type it',
    {
      type: 'plain_text_input',
      max_length: 100,
      placeholder: { type: 'plain_text', text: 'tomorrow at 3pm' },
      dispatch_action_config: { trigger_actions_on: ['on_enter_pressed', 'on_character_entered'] },
    },
    {
      hint: `For example: tomorrow at 3pm, Tuesday 10:30, eod friday, 2026-12-01 15:00. Read in your time zone, ${zoneName(zone)}; it wins over the picker.`,
      optional: true,
      dispatch_action: true,
    },
  );
}

/** Asks once more: the provider skips the task before the time that was chosen. */
export function skippedFirstModal(
  { ref, verb }: Pick<WhenForm, 'ref' | 'verb'>,
  refused: Extract<Refusal, { why: 'skipped_first' }>,
  reader: Reader,
): ModalView {
  return modal({
    callback: VIEW.sure,
    metadata: encodeWhen(ref, verb, refused.dueAt),
    title: TITLE[verb],
    submit: `${TITLE[verb]} anyway`,
    blocks: [section(`${skippedFirst(refused, reader)} Is that what you want? Nothing was changed so far.`)],
  });
}

function about({ task, provider }: WhenForm, reader: RepTime): Block {
  const skipped = task.skipsAt === undefined ? '' : skips(task.skipsAt, provider, reader);
  const lines = [`*${whoAndWhat(task, ': ')}*`, when(task, reader), skipped];
  return section(lines.filter(Boolean).join('\n'));
}
