/** The windows behind a row's menus: done with a note, the task's note, its owner, its opportunity rule. */
import type { ModalView } from '@slack/types';
import type { RowRef } from '../src/core/clicks/record.ts';
import type { TaskCapabilities } from '../src/core/model/capabilities.ts';
import type { Task } from '../src/core/model/task.ts';
import type { Choice } from '../src/core/ports/provider.ts';
import { type Block, context, option, section } from './elements.ts';
import { BLOCK, encodeEdit, type Form, VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';
import { mrkdwn, whoAndWhat } from './text.ts';

/** A completion note travels in an address (outreach.md 4), so it is short. */
const COMPLETION_NOTE_LENGTH = 500;
/** The radio button for the plain way to be done. */
export const PLAIN = 'plain';

export function doneModal(ref: RowRef, task: Task, capabilities: TaskCapabilities): ModalView {
  const { verbs, endings = [], completionNote = '' } = capabilities;
  const ways = [{ text: 'In the usual way', value: PLAIN }, ...endings.map(({ id, text }) => ({ text, value: id }))];
  const [first] = ways.map(option);
  const blocks: Block[] = [about(task)];
  if (endings.length > 0) {
    blocks.push({
      type: 'input',
      block_id: BLOCK.ending,
      label: { type: 'plain_text', text: 'How' },
      element: {
        type: 'radio_buttons',
        action_id: BLOCK.ending,
        options: ways.map(option),
        ...(first && { initial_option: first }),
      },
    });
  }
  blocks.push(noteInput('Note', completionNote, '', COMPLETION_NOTE_LENGTH, false));
  // What the Done button asks first. The other ways have their own ends.
  const consequence = mrkdwn(verbs.done?.consequence ?? '', LIMITS.confirmText);
  if (consequence) blocks.push(context(endings.length > 0 ? `In the usual way: ${consequence}` : consequence));
  return form(ref, 'done', 'Done with a note', 'Done', blocks);
}

/** Shown at once, because a trigger lives three seconds; the form follows when the provider has answered. */
export function readingModal(ref: RowRef, which: Form, task: Task, provider: string): ModalView {
  return form(ref, which, TITLE[which], undefined, [about(task), section(`_Asking ${provider} how it stands …_`)]);
}

/** When what the form would start from cannot be had. */
export function refusedModal(title: string, text: string): ModalView {
  return {
    type: 'modal',
    callback_id: VIEW.notice,
    title: { type: 'plain_text', text: title },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [section(text)],
  };
}

export function noteModal(ref: RowRef, task: Task, note: string): ModalView {
  if (note.length > LIMITS.inputText) {
    const length = note.length.toLocaleString('en-US');
    return refusedModal(
      TITLE.note,
      `This note has ${length} characters, more than Slack lets a field hold, so editing it here would cut it. Change it at the provider.`,
    );
  }
  const input = noteInput('Note', 'This replaces the whole note of the task.', note, LIMITS.inputText, true);
  return form(ref, 'note', TITLE.note, 'Save', [about(task), input]);
}

export function ruleModal(
  ref: RowRef,
  task: Task,
  { rules, rule }: { rules: readonly Choice[]; rule: string },
): ModalView {
  const options = rules.map(option);
  const chosen = options.find(({ value }) => value === rule);
  return form(ref, 'rule', TITLE.rule, 'Save', [
    about(task),
    {
      type: 'input',
      block_id: BLOCK.rule,
      label: { type: 'plain_text', text: 'Opportunity that the task counts for' },
      element: { type: 'radio_buttons', action_id: BLOCK.rule, options, ...(chosen && { initial_option: chosen }) },
    },
  ]);
}

export function reassignModal(ref: RowRef, task: Task, provider: string): ModalView {
  return form(ref, 'reassign', TITLE.reassign, 'Reassign', [
    about(task),
    {
      type: 'input',
      block_id: BLOCK.owner,
      label: { type: 'plain_text', text: 'New owner' },
      hint: { type: 'plain_text', text: `Someone whom Docket has linked to ${provider}. The task leaves your list.` },
      element: { type: 'users_select', action_id: BLOCK.owner },
    },
  ]);
}

const TITLE: Record<Form, string> = {
  done: 'Done with a note',
  note: 'Edit note',
  reassign: 'Reassign',
  rule: 'Opportunity rule',
};

function form(ref: RowRef, which: Form, title: string, submit: string | undefined, blocks: Block[]): ModalView {
  return {
    type: 'modal',
    callback_id: VIEW.edit,
    private_metadata: encodeEdit(ref, which),
    title: { type: 'plain_text', text: title },
    ...(submit && { submit: { type: 'plain_text', text: submit } }),
    close: { type: 'plain_text', text: 'Cancel' },
    blocks,
  };
}

function about(task: Task): Block {
  return section(`*${whoAndWhat(task, ': ')}*`);
}

function noteInput(label: string, hint: string, initial: string, length: number, optional: boolean): Block {
  return {
    type: 'input',
    block_id: BLOCK.note,
    label: { type: 'plain_text', text: label },
    ...(hint && { hint: { type: 'plain_text', text: hint } }),
    optional,
    element: {
      type: 'plain_text_input',
      action_id: BLOCK.note,
      multiline: true,
      max_length: length,
      ...(initial && { initial_value: initial }),
    },
  };
}
