/**
 * One task as a row: a section, and right after it an actions block whose controls read Done, Snooze, Reschedule and
 * Dismiss. A settled row offers Undo where it can, a failed one Retry. Others rely on this.
 */
import { type Action, type ActionIn, waitingOf } from '../src/core/model/action.ts';
import { canUndo, keepsOpen } from '../src/core/model/action-rules.ts';
import { taskOf } from '../src/core/model/message.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { type Block, section } from './elements.ts';
import { foundElsewhere, seenElsewhere } from './elsewhere.ts';
import { besideUndo } from './follow-up-control.ts';
import type { Preset } from './presets.ts';
import type { RowProvider } from './providers.ts';
import { isRetryUseful } from './reasons.ts';
import { editMenu, failedControls, openControls, type ShownTask, undoControl } from './row-controls.ts';
import { failure, notDone, undoFailure, waitingFor } from './row-errors.ts';
import { type Row, rowState } from './row-state.ts';
import { brief, openText, struck } from './row-text.ts';
import type { Reader } from './text.ts';
import { outcome, underway } from './words.ts';

/** An open row tells that its task was edited here, or changed elsewhere, since the list was made. */
export type News = 'told' | 'left out';

export interface RowReader extends RepTime {
  /** The times of the Snooze menu. */
  presets: readonly Preset[];
  /** Default: told. */
  news?: News;
}

interface Shown extends ShownTask {
  provider: RowProvider;
}

export function taskRow(messageId: string, row: Row, provider: RowProvider, reader: RowReader): Block[] {
  const { action, seen } = row;
  const task = taskOf(row);
  const shown = { task, ref: { messageId, position: row.position, seq: action?.seq ?? row.seq }, provider };
  const state = rowState(row);
  if (state === 'seen elsewhere' && seen) {
    return [section(`${struck(task)}\n${seenElsewhere(seen, provider.name, reader)}`)];
  }
  if (state === 'open' || !action) {
    return openRow(shown, reader.news === 'left out' ? [] : newsOf(row, provider, reader), reader);
  }
  if (state === 'underway') return underwayRow(shown, action, reader);
  if (action.state === 'stale') return [section(`${struck(task)}\n${foundElsewhere(action, provider.name, reader)}`)];
  if (action.state === 'failed') return failedRow(shown, action);
  return settledRow(shown, action, reader);
}

/** In a digest that is too old to be acted on: the task, and what became of it. */
export function retiredRow(row: Row, provider: RowProvider, reader: Reader): string {
  const { action, seen } = row;
  const task = taskOf(row);
  const state = rowState(row);
  if (state === 'seen elsewhere' && seen) return `${struck(task)}\n${seenElsewhere(seen, provider.name, reader)}`;
  if (state === 'open' || !action) return openText(task, provider, reader);
  if (state === 'underway') return `${brief(task)}\n_${underway(action, provider.name)}_`;
  if (action.state === 'stale') return `${struck(task)}\n${foundElsewhere(action, provider.name, reader)}`;
  if (state === 'failed') return `${brief(task)}\n*${notDone(action)}.*`;
  return `${keepsOpen(action.change.verb) ? brief(task) : struck(task)}\n${cameOf(action, provider, reader)}`;
}

function openRow(shown: Shown, news: readonly string[], reader: RowReader): Block[] {
  const { task, ref, provider } = shown;
  const capabilities = provider.capabilities.of(task);
  const text = [openText(task, provider, reader), ...news].join('\n');
  return [section(text, editMenu(ref, capabilities)), ...openControls(shown, capabilities, reader.presets)];
}

function newsOf({ action, seq, seen }: Row, provider: RowProvider, reader: Reader): string[] {
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
  const text = section(`${brief(task)}\n_${underway(action, provider.name)}_${why}`);
  return waiting && canUndo(action, provider.capabilities) ? [text, undoControl(shown)] : [text];
}

function failedRow(shown: Shown, action: ActionIn<'failed'>): Block[] {
  const text = `${brief(shown.task)}\n${failure(action, shown.provider.name)}`;
  return [section(text), failedControls(shown, isRetryUseful(action.failure))];
}

function settledRow(shown: Shown, action: Action, reader: RowReader): Block[] {
  const { task, provider } = shown;
  const came = cameOf(action, provider, reader);
  const about = keepsOpen(action.change.verb) ? brief(task) : struck(task);
  const failed = action.state === 'succeeded' ? action.undoFailure : undefined;
  const text = section(`${about}\n${failed ? `${came}. ${undoFailure(action, failed, provider.name)}` : came}`);
  const undo = canUndo(action, provider.capabilities) ? undoControl(shown) : undefined;
  return [text, ...besideUndo(undo, { action, ref: shown.ref, capabilities: provider.capabilities }, reader)];
}

function cameOf(action: Action, provider: RowProvider, reader: Reader): string {
  const { change, task } = action;
  const chosen = change.verb === 'done' ? change.ending : undefined;
  const ending = provider.capabilities.of(task).endings?.find(({ id }) => id === chosen);
  return outcome(action, provider.name, reader, ending?.outcome);
}
