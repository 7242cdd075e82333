/** The controls of the task window: a row's own, and one menu with endings and edits; and the way to its neighbours. */
import type { ActionsBlock, Button } from '@slack/types';
import type { RowRef } from '../src/core/clicks/record.ts';
import type { TaskCapabilities, VerbCapability } from '../src/core/model/capabilities.ts';
import { EDITS } from '../src/core/model/task.ts';
import { actions, button, type Element, select } from './elements.ts';
import { LIMITS } from './limits.ts';
import type { Preset } from './presets.ts';
import { ask, controlsBlock, EDIT_TEXT, item, named, type ShownTask } from './row-controls.ts';
import { encodeBlock, encodeMenu, encodeRow, type MenuChoice, type Neighbour, windowAction } from './row-ids.ts';
import { plainText } from './text.ts';

export function windowVerbs(
  shown: ShownTask,
  capabilities: TaskCapabilities,
  presets: readonly Preset[],
): ActionsBlock[] {
  const { done, snooze, reschedule, dismiss } = capabilities.verbs;
  const controls: Element[] = [];
  if (done) controls.push({ ...press(shown, 'done', 'Done', { does: 'done' }, done), style: 'primary' });
  if (snooze) {
    const options = [
      ...presets.map(({ text, at }) => item(text, { snooze: at })),
      item('Pick a time…', { does: 'pick' }),
    ];
    controls.push(select(windowAction('snooze'), 'Snooze', options, ask('Snooze', shown.task, snooze)));
  }
  if (reschedule) controls.push(press(shown, 'reschedule', 'Reschedule…', { does: 'reschedule' }));
  if (dismiss) controls.push(press(shown, 'dismiss', 'Dismiss', { does: 'dismiss' }, dismiss));
  const more = moreOptions(capabilities);
  if (more.length > 0) controls.push(select(windowAction('more'), 'More ways, and edits', more));
  // Slack takes no empty block.
  return controls.length > 0 ? [controlsBlock(shown, controls)] : [];
}

function moreOptions({ verbs, endings = [], completionNote }: TaskCapabilities): { text: string; value: string }[] {
  return [
    ...(verbs.done ? endings.map(({ id, text }) => item(text, { ending: id })) : []),
    ...(verbs.done && completionNote ? [item('Done with a note…', { form: 'done' })] : []),
    ...EDITS.filter((edit) => verbs[edit]).map((edit) => item(EDIT_TEXT[edit], { form: edit })),
  ];
}

export function windowUndo(shown: ShownTask): ActionsBlock {
  return controlsBlock(shown, [press(shown, 'undo', 'Undo', { does: 'undo' })]);
}

export function windowFailed(shown: ShownTask, canRetry: boolean): ActionsBlock {
  const another = press(shown, 'another', 'Choose another action', { does: 'another' });
  const retry = press(shown, 'retry', 'Retry', { does: 'retry' });
  return controlsBlock(shown, canRetry ? [retry, another] : [another]);
}

/** `.t`: a block of its own beside the controls. */
export function neighbourBlock(ref: RowRef, neighbours: { previous?: RowRef; next?: RowRef }): ActionsBlock[] {
  const buttons = (['previous', 'next'] as const).flatMap((which: Neighbour) => {
    const to = neighbours[which];
    return to ? [button(windowAction(which), which === 'next' ? 'Next' : 'Previous', encodeRow(to))] : [];
  });
  return buttons.length > 0 ? [{ ...actions(buttons), block_id: encodeBlock(ref, 'text') }] : [];
}

/** Screen readers hear the task in the label. */
function press(
  { task }: ShownTask,
  control: 'done' | 'reschedule' | 'dismiss' | 'undo' | 'retry' | 'another',
  text: string,
  choice: MenuChoice,
  verb?: VerbCapability,
): Button {
  const label = plainText(`${text}: ${named(task)}`, LIMITS.accessibilityLabel);
  const dialog = verb && ask(text, task, verb);
  return button(windowAction(control), text, encodeMenu(choice), { label, confirm: dialog });
}
