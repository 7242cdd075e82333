/** The controls of a row: its verbs, its two menus, Undo and Retry. */
import type { ActionsBlock, Button, ConfirmationDialog, Overflow } from '@slack/types';
import type { RowRef } from '../src/core/clicks/record.ts';
import type { TaskCapabilities, VerbCapability } from '../src/core/model/capabilities.ts';
import { EDITS, type Edit, type Task } from '../src/core/model/task.ts';
import { actions, button, confirm, type Element, overflow, select } from './elements.ts';
import { ACTION, encodeMenu, encodeRow, encodeSnooze } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { Preset } from './presets.ts';
import { plainText, subjectOf } from './text.ts';

/** A row's task as it was last seen, and the row that its controls name. */
export interface ShownTask {
  task: Task;
  ref: RowRef;
}

/** The verbs, and beside them a menu of other ways to be done. */
export function openControls(
  shown: ShownTask,
  capabilities: TaskCapabilities,
  presets: readonly Preset[],
): ActionsBlock[] {
  const { done, snooze, reschedule, dismiss } = capabilities.verbs;
  const controls: Element[] = [];
  if (done) controls.push(press(shown, ACTION.done, 'Done', done));
  if (snooze) {
    const options = snoozeOptions(shown.ref, presets);
    controls.push(select(ACTION.snooze, 'Snooze', options, ask('Snooze', shown.task, snooze)));
  }
  if (reschedule) controls.push(press(shown, ACTION.reschedule, 'Reschedule'));
  if (dismiss) controls.push(press(shown, ACTION.dismiss, 'Dismiss', dismiss));
  const ways = doneMenu(shown.ref, capabilities);
  if (ways) controls.push(ways);
  // Slack takes no empty block.
  return controls.length > 0 ? [actions(controls)] : [];
}

export function undoControl(shown: ShownTask): ActionsBlock {
  return actions([press(shown, ACTION.undo, 'Undo')]);
}

export function failedControls(shown: ShownTask, canRetry: boolean): ActionsBlock {
  const another = press(shown, ACTION.another, 'Choose another action');
  return actions(canRetry ? [press(shown, ACTION.retry, 'Retry'), another] : [another]);
}

/** Screen readers hear the task in the label. Slack gives selects and menus no label. */
function press({ task, ref }: ShownTask, action: string, text: string, verb?: VerbCapability): Button {
  const label = plainText(`${text}: ${named(task)}`, LIMITS.accessibilityLabel);
  return button(action, text, encodeRow(ref), { label, confirm: verb && ask(text, task, verb) });
}

/** The dialog names the task, because the row may have moved under the pointer. */
function ask(verb: string, task: Task, { consequence, reversible }: VerbCapability): ConfirmationDialog | undefined {
  if (!consequence) return undefined;
  return confirm(`${verb} “${named(task)}”?`, consequence, verb, reversible ? undefined : 'danger');
}

/** Plain text, short enough for a dialog's title. */
function named(task: Task): string {
  const who = subjectOf(task);
  const what = plainText(task.title, 40) || 'Task without a title';
  return who ? `${plainText(who.name, 35)}: ${what}` : what;
}

function snoozeOptions(ref: RowRef, presets: readonly Preset[]): { text: string; value: string }[] {
  return [
    ...presets.map(({ text, at }) => ({ text, value: encodeSnooze(ref, at) })),
    { text: 'Pick a time…', value: encodeSnooze(ref, 'pick') },
  ];
}

function doneMenu(ref: RowRef, { verbs, endings = [], completionNote }: TaskCapabilities): Overflow | undefined {
  if (!verbs.done) return undefined;
  const options = endings.map(({ id, text }) => ({ text, value: encodeMenu(ref, { ending: id }) }));
  if (completionNote) options.push({ text: 'Done with a note…', value: encodeMenu(ref, { form: 'done' }) });
  return options.length > 0 ? overflow(ACTION.menu, options) : undefined;
}

/** Stands at the row's corner: changes that leave the task open. */
export function editMenu(ref: RowRef, { verbs }: TaskCapabilities): Overflow | undefined {
  const edits = EDITS.filter((edit) => verbs[edit]);
  const options = edits.map((edit) => ({ text: EDIT_TEXT[edit], value: encodeMenu(ref, { form: edit }) }));
  return options.length > 0 ? overflow(ACTION.edit, options) : undefined;
}

const EDIT_TEXT: Record<Edit, string> = {
  note: 'Edit note…',
  reassign: 'Reassign…',
  rule: 'Opportunity rule…',
};
