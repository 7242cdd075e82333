/** The windows behind a row's menus: done with a note, the task's note, its owner, its opportunity rule. */
import type { ModalView } from '@slack/types';
import type { RowRef } from '../src/core/clicks/record.ts';
import type { TaskCapabilities } from '../src/core/model/capabilities.ts';
import type { Task } from '../src/core/model/task.ts';
import type { Choice } from '../src/core/ports/provider.ts';
import { type Block, context, option, section } from './elements.ts';
import { BLOCK, VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';
import { input, modal, noticeModal } from './modal.ts';
import { encodeEdit, type Form } from './row-ids.ts';
import { mrkdwn, whoAndWhat } from './text.ts';

/** A completion note travels in a URL (outreach.md 4), so it is short. */
const COMPLETION_NOTE_LENGTH = 500;
/** The radio button for the plain way to be done. */
export const PLAIN = 'plain';

export function doneModal(ref: RowRef, task: Task, capabilities: TaskCapabilities): ModalView {
  const { verbs, endings = [], completionNote = '' } = capabilities;
  const ways = [{ text: 'In the usual way', value: PLAIN }, ...endings.map(({ id, text }) => ({ text, value: id }))];
  const how = endings.length > 0 ? [radioInput(BLOCK.ending, 'How', ways, PLAIN)] : [];
  const note = noteInput('', COMPLETION_NOTE_LENGTH, { ...(completionNote && { hint: completionNote }) });
  // The Done button asks this first. The other ways have their own ends.
  const consequence = mrkdwn(verbs.done?.consequence ?? '', LIMITS.confirmText);
  const asked = endings.length > 0 ? `In the usual way: ${consequence}` : consequence;
  return form(ref, 'done', task, {
    submit: 'Done',
    blocks: [...how, note, ...(consequence ? [context(asked)] : [])],
  });
}

/** Shown at once, because a trigger lives three seconds. The form follows when the provider has answered. */
export function readingModal(ref: RowRef, which: Form, task: Task, provider: string): ModalView {
  return form(ref, which, task, { blocks: [section(`_Asking ${provider} how it stands …_`)] });
}

/** Stands in for a form whose first values could not be read. */
export function refusedModal(title: string, text: string): ModalView {
  return noticeModal(title, [section(text)]);
}

export function noteModal(ref: RowRef, task: Task, note: string): ModalView {
  if (note.length > LIMITS.inputText) {
    const length = note.length.toLocaleString('en-US');
    return refusedModal(
      TITLE.note,
      `This note has ${length} characters, more than Slack lets a field hold, so editing it here would cut it. Change it at the provider.`,
    );
  }
  const hint = 'This replaces the whole note of the task.';
  return form(ref, 'note', task, {
    submit: 'Save',
    blocks: [noteInput(note, LIMITS.inputText, { hint, optional: true })],
  });
}

export function ruleModal(
  ref: RowRef,
  task: Task,
  { rules, rule }: { rules: readonly Choice[]; rule: string },
): ModalView {
  const field = radioInput(BLOCK.rule, 'Opportunity that the task counts for', rules, rule);
  return form(ref, 'rule', task, { submit: 'Save', blocks: [field] });
}

export function reassignModal(ref: RowRef, task: Task, provider: string): ModalView {
  const hint = `Someone whom Docket has linked to ${provider}. The task leaves your list.`;
  const owner = input(BLOCK.owner, 'New owner', { type: 'users_select' }, { hint });
  return form(ref, 'reassign', task, { submit: 'Reassign', blocks: [owner] });
}

const TITLE: Record<Form, string> = {
  done: 'Done with a note',
  note: 'Edit note',
  reassign: 'Reassign',
  rule: 'Opportunity rule',
};

function form(
  ref: RowRef,
  which: Form,
  task: Task,
  { submit, blocks }: { submit?: string; blocks: Block[] },
): ModalView {
  const about = section(`*${whoAndWhat(task, ': ')}*`);
  return modal({
    callback: VIEW.edit,
    metadata: encodeEdit(ref, which),
    title: TITLE[which],
    submit,
    blocks: [about, ...blocks],
  });
}

function radioInput(id: string, label: string, choices: readonly Choice[], chosen: string): Block {
  const options = choices.map(option);
  const initial = options.find(({ value }) => value === chosen);
  return input(id, label, { type: 'radio_buttons', options, ...(initial && { initial_option: initial }) });
}

function noteInput(initial: string, length: number, more: { hint?: string; optional?: boolean }): Block {
  const field = { type: 'plain_text_input', multiline: true, max_length: length } as const;
  return input(BLOCK.note, 'Note', { ...field, ...(initial && { initial_value: initial }) }, more);
}
