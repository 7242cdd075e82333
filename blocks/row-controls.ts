/** The controls of a row: its verbs and its menu, Undo and Retry. A full row has buttons, a compact one a single menu. */
import type { ActionsBlock, Button, ConfirmationDialog, Overflow } from '@slack/types';
import type { RowRef } from '../src/core/clicks/record.ts';
import type { TaskCapabilities, VerbCapability } from '../src/core/model/capabilities.ts';
import { EDITS, type Edit, type Task } from '../src/core/model/task.ts';
import { actions, button, confirm, type Element, overflow, select } from './elements.ts';
import { ACTION } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { Preset } from './presets.ts';
import { encodeBlock, encodeMenu, encodeRow, encodeSnooze, type MenuChoice } from './row-ids.ts';
import { plainText, subjectOf } from './text.ts';

/** A row's task as it was last seen, and the row that its controls name. */
export interface ShownTask {
  task: Task;
  ref: RowRef;
}

/** The four verbs of a full row. */
export function openControls(
  shown: ShownTask,
  { verbs }: TaskCapabilities,
  presets: readonly Preset[],
): ActionsBlock[] {
  const { done, snooze, reschedule, dismiss } = verbs;
  const controls: Element[] = [];
  if (done) controls.push(press(shown, ACTION.done, 'Done', done));
  if (snooze) {
    controls.push(select(ACTION.snooze, 'Snooze', snoozeOptions(presets), ask('Snooze', shown.task, snooze)));
  }
  if (reschedule) controls.push(press(shown, ACTION.reschedule, 'Reschedule'));
  if (dismiss) controls.push(press(shown, ACTION.dismiss, 'Dismiss', dismiss));
  // Slack takes no empty block.
  return controls.length > 0 ? [controlsBlock(shown, controls)] : [];
}

export function controlsBlock({ ref }: ShownTask, controls: Element[]): ActionsBlock {
  return { ...actions(controls), block_id: encodeBlock(ref) };
}

export function undoButton(shown: ShownTask): Button {
  return press(shown, ACTION.undo, 'Undo');
}

export function failedButtons(shown: ShownTask, canRetry: boolean): Button[] {
  const another = press(shown, ACTION.another, 'Choose another action');
  return canRetry ? [press(shown, ACTION.retry, 'Retry'), another] : [another];
}

/** The same in a compact row. */
export function failedMenu(canRetry: boolean): Overflow {
  const another = item('Choose another action', { does: 'another' });
  const open = item('Open…', { does: 'open' });
  return overflow(ACTION.menu, canRetry ? [item('Retry', { does: 'retry' }), another, open] : [another, open]);
}

/**
 * At the corner of a full row: the window with everything, then endings and edits. A menu has five options at most; the
 * window has the rest.
 */
export function cornerMenu({ verbs, endings = [], completionNote }: TaskCapabilities): Overflow {
  const options = [item('Open…', { does: 'open' })];
  if (verbs.done) options.push(...endings.map(({ id, text }) => item(text, { ending: id })));
  if (verbs.done && completionNote) options.push(item('Done with a note…', { form: 'done' }));
  options.push(...EDITS.filter((edit) => verbs[edit]).map((edit) => item(EDIT_TEXT[edit], { form: edit })));
  return overflow(ACTION.menu, options.slice(0, LIMITS.overflowOptions));
}

/** A compact row: the verbs that the task allows, and the window with everything. */
export function verbsMenu({ verbs }: TaskCapabilities, presets: readonly Preset[]): Overflow {
  const { done, snooze, reschedule, dismiss } = verbs;
  const options: { text: string; value: string }[] = [];
  const preset = presets.find(({ later }) => later) ?? presets[0];
  if (done) options.push(item('Done', { does: 'done' }));
  if (snooze && preset) options.push(item(`Snooze to ${preset.inside}`, { snooze: preset.at }));
  if (reschedule) options.push(item('Reschedule…', { does: 'reschedule' }));
  if (dismiss) options.push(item(asks(dismiss) ? 'Dismiss…' : 'Dismiss', { does: 'dismiss' }));
  options.push(item('Open…', { does: 'open' }));
  return overflow(ACTION.menu, options);
}

/** A menu's options cannot ask one by one (slack.md 3), so a window asks. */
export function asks({ reversible, consequence }: VerbCapability): boolean {
  return !reversible && consequence !== undefined;
}

export function item(text: string, choice: MenuChoice): { text: string; value: string } {
  return { text: plainText(text, LIMITS.optionText), value: encodeMenu(choice) };
}

/** Screen readers hear the task in the label. Slack gives selects and menus no label. */
function press({ task, ref }: ShownTask, action: string, text: string, verb?: VerbCapability): Button {
  const label = plainText(`${text}: ${named(task)}`, LIMITS.accessibilityLabel);
  return button(action, text, encodeRow(ref), { label, confirm: verb && ask(text, task, verb) });
}

/** The dialog names the task, because the row may have moved under the pointer. */
export function ask(
  verb: string,
  task: Task,
  { consequence, reversible }: VerbCapability,
): ConfirmationDialog | undefined {
  if (!consequence) return undefined;
  return confirm(`${verb} “${named(task)}”?`, consequence, verb, reversible ? undefined : 'danger');
}

/** Plain text, short enough for a dialog's title. */
export function named(task: Task): string {
  const who = subjectOf(task);
  const what = plainText(task.title, 40) || 'Task without a title';
  return who ? `${plainText(who.name, 35)}: ${what}` : what;
}

function snoozeOptions(presets: readonly Preset[]): { text: string; value: string }[] {
  return [
    ...presets.map(({ text, at }) => ({ text, value: encodeSnooze(at) })),
    { text: 'Pick a time…', value: encodeSnooze('pick') },
  ];
}

export const EDIT_TEXT: Record<Edit, string> = {
  note: 'Edit note…',
  reassign: 'Reassign…',
  rule: 'Opportunity rule…',
};
