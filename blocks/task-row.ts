/**
 * One task as a row. A full row is a section, and right after it an actions block whose controls read Done, Snooze,
 * Reschedule and Dismiss. A compact row is one section with a menu. A settled row offers Undo where it can, a failed one
 * Retry. Others rely on this.
 */
import type { Button, Overflow, StaticSelect } from '@slack/types';
import { type Action, type ActionIn, waitingOf } from '../src/core/model/action.ts';
import { canUndo, keepsOpen } from '../src/core/model/action-rules.ts';
import { type News, taskOf } from '../src/core/model/message.ts';
import { type Row, rowState } from '../src/core/model/row-state.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { type Block, section } from './elements.ts';
import { foundElsewhere, seenElsewhere } from './elsewhere.ts';
import { followUpControl } from './follow-up-control.ts';
import type { Preset } from './presets.ts';
import type { RowProvider } from './providers.ts';
import { isRetryUseful } from './reasons.ts';
import {
  controlsBlock,
  cornerMenu,
  failedButtons,
  failedMenu,
  openControls,
  type ShownTask,
  undoButton,
  verbsMenu,
} from './row-controls.ts';
import { failure, notDone, undoFailure, waitingFor } from './row-errors.ts';
import { encodeBlock } from './row-ids.ts';
import { brief, compactText, lineText, openText, struck } from './row-text.ts';
import { type Reader, whoAndWhat } from './text.ts';
import { outcome, underway } from './words.ts';

export interface RowReader extends RepTime {
  /** The times of the Snooze menu. */
  presets: readonly Preset[];
  /** All rows are of one tool, so that compact ones need not name it. */
  oneTool?: boolean;
  /** The list is of what the rep snoozed. */
  snoozed?: boolean;
  /** What is new of each task since the last digest. */
  news?: ReadonlyMap<string, News>;
}

/** Where a row stands in its list: its number there, from 1, and its form. */
export interface RowPlace {
  messageId: string;
  number: number;
  form: RowForm;
  /** A title over it, without the cost of a block. */
  lead?: string | undefined;
}

/** `line`: in a digest without a change. `short`: without links, for a message that Slack takes only when it is small. */
export type RowForm = 'full' | 'compact' | 'line' | 'short';

interface Shown extends ShownTask, RowPlace {
  provider: RowProvider;
}

export function taskRow(place: RowPlace, row: Row, provider: RowProvider, reader: RowReader): Block[] {
  const { action, seen } = row;
  const task = taskOf(row);
  const ref = { messageId: place.messageId, position: row.position, seq: action?.seq ?? row.seq };
  const shown = { ...place, task, ref, provider };
  const state = rowState(row);
  if (state === 'seen elsewhere' && seen) {
    return [textOnly(shown, `${struck(task)}\n${seenElsewhere(seen, provider.name, reader)}`)];
  }
  if (state === 'open' || !action) return openRow(shown, newsOf(row, provider, reader), reader);
  if (state === 'underway') return underwayRow(shown, action, reader);
  if (action.state === 'stale') {
    return [textOnly(shown, `${struck(task)}\n${foundElsewhere(action, provider.name, reader)}`)];
  }
  if (action.state === 'failed') return failedRow(shown, action);
  return settledRow(shown, action, reader);
}

/** In a digest that is too old to be acted on: the task, and what became of it. */
export function retiredRow(row: Row, provider: RowProvider, reader: RepTime): string {
  const { action, seen } = row;
  const task = taskOf(row);
  const state = rowState(row);
  if (state === 'seen elsewhere' && seen) return `${struck(task)}\n${seenElsewhere(seen, provider.name, reader)}`;
  if (state === 'open' || !action) return compactText(task, provider, reader);
  if (state === 'underway') return `${brief(task)}\n_${underway(action, provider.name)}_`;
  if (action.state === 'stale') return `${struck(task)}\n${foundElsewhere(action, provider.name, reader)}`;
  if (state === 'failed') return `${brief(task)}\n*${notDone(action)}.*`;
  return `${keepsOpen(action.change.verb) ? brief(task) : struck(task)}\n${cameOf(action, provider, reader)}`;
}

function textOnly({ number, ref, lead }: Shown, text: string, accessory?: Button | Overflow | StaticSelect): Block {
  const title = lead === undefined ? '' : `*${lead}*\n`;
  return { ...section(`${title}*${number}.* ${text}`, accessory), block_id: encodeBlock(ref, 'text') };
}

/** A text with buttons: under it in a full row, and in a compact one at its side, where only one control has room. */
function withButtons(shown: Shown, text: string, buttons: (Button | StaticSelect)[], menu?: Overflow): Block[] {
  if (buttons.length === 0) return [textOnly(shown, text)];
  if (shown.form === 'full') return [textOnly(shown, text), controlsBlock(shown, buttons)];
  return [textOnly(shown, text, menu ?? buttons[0])];
}

function openRow(shown: Shown, news: readonly string[], reader: RowReader): Block[] {
  const { task, provider, form } = shown;
  const capabilities = provider.capabilities.of(task);
  if (form === 'short') return [textOnly(shown, whoAndWhat(task, ': '), verbsMenu(capabilities, reader.presets))];
  const text =
    form === 'line'
      ? lineText(task, provider, reader)
      : (form === 'full' ? openText : compactText)(task, provider, reader);
  const said = [text, ...news].join('\n');
  if (form !== 'full') return [textOnly(shown, said, verbsMenu(capabilities, reader.presets))];
  return [textOnly(shown, said, cornerMenu(capabilities)), ...openControls(shown, capabilities, reader.presets)];
}

/** An open row tells that its task was edited here, or changed elsewhere, since the list was made. */
export function newsOf({ action, seq, seen }: Row, provider: RowProvider, reader: Reader): string[] {
  const since = action && action.seq > seq ? action : undefined;
  if (since?.state === 'stale') return [`_${foundElsewhere(since, provider.name, reader)}_`];
  const isEdited = since?.state === 'succeeded' && keepsOpen(since.change.verb);
  return [
    ...(isEdited ? [`_${outcome(since, provider.name, reader)}._`] : []),
    ...(seen?.how === 'changed' ? [`_${seenElsewhere(seen, provider.name, reader)}_`] : []),
  ];
}

/** A long wait is explained. An action that was not sent yet can still be withdrawn. */
function underwayRow(shown: Shown, action: Action, reader: Reader): Block[] {
  const { task, provider } = shown;
  const waiting = waitingOf(action);
  const why = waiting ? `\n${waitingFor(waiting, provider.name, reader)}` : '';
  const text = `${brief(task)}\n_${underway(action, provider.name)}_${why}`;
  return withButtons(shown, text, waiting && canUndo(action, provider.capabilities) ? [undoButton(shown)] : []);
}

function failedRow(shown: Shown, action: ActionIn<'failed'>): Block[] {
  const text = `${brief(shown.task)}\n${failure(action, shown.provider.name)}`;
  const canRetry = isRetryUseful(action.failure);
  return withButtons(shown, text, failedButtons(shown, canRetry), failedMenu(canRetry));
}

function settledRow(shown: Shown, action: Action, reader: RowReader): Block[] {
  const { task, provider } = shown;
  const came = cameOf(action, provider, reader);
  const about = keepsOpen(action.change.verb) ? brief(task) : struck(task);
  const failed = action.state === 'succeeded' ? action.undoFailure : undefined;
  const text = `${about}\n${failed ? `${came}. ${undoFailure(action, failed, provider.name)}` : came}`;
  const undo = canUndo(action, provider.capabilities) ? [undoButton(shown)] : [];
  const next = followUpControl({ action, ref: shown.ref, capabilities: provider.capabilities }, reader);
  return withButtons(shown, text, next ? [...undo, next] : undo);
}

export function cameOf(action: Action, provider: RowProvider, reader: Reader): string {
  const { change, task } = action;
  const chosen = change.verb === 'done' ? change.ending : undefined;
  const ending = provider.capabilities.of(task).endings?.find(({ id }) => id === chosen);
  return outcome(action, provider.name, reader, ending?.outcome);
}
