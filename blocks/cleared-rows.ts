/**
 * Rows that are settled fold once the rep has not clicked for a while: until then nothing moves under the pointer. Folded
 * rows are one line at the end of the page, each with its Undo.
 */
import type { Button, StaticSelect } from '@slack/types';
import type { Action } from '../src/core/model/action.ts';
import { canUndo } from '../src/core/model/action-rules.ts';
import type { Instant } from '../src/core/model/keys.ts';
import { taskOf } from '../src/core/model/message.ts';
import { isSettled, type Row, rowState } from '../src/core/model/row-state.ts';
import type { Operation } from '../src/core/model/task.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { type Block, section, select } from './elements.ts';
import { ACTION } from './ids.ts';
import { LIMITS } from './limits.ts';
import { type Providers, providerOf } from './providers.ts';
import { named, undoButton } from './row-controls.ts';
import { encodeRow } from './row-ids.ts';
import { struck } from './row-text.ts';
import { retiredRow } from './task-row.ts';
import { count, type Reader } from './text.ts';

export const FOLD_AFTER_MS = 30_000;

/** The last moment when the rep did something with one of these rows, or it was seen closed elsewhere. */
export function lastTouchedAt(rows: readonly Row[]): Instant {
  return rows.reduce((latest, { action, seen }) => Math.max(latest, action ? clickedAt(action) : 0, seen?.at ?? 0), 0);
}

function clickedAt(action: Action): Instant {
  if (action.state === 'undone') return Math.max(action.createdAt, action.undo.askedAt);
  return action.state === 'undoing' ? Math.max(action.createdAt, action.undoAskedAt) : action.createdAt;
}

/** A row that has more to say than what became of it stays. */
export function isFolded(row: Row, lastTouched: Instant, { now }: Reader): boolean {
  const { action } = row;
  const failed = action?.state === 'succeeded' && action.undoFailure !== undefined;
  return isSettled(row) && !failed && now - lastTouched >= FOLD_AFTER_MS;
}

/** When the next row folds if the rep does nothing more. undefined: none will. */
export function foldsAt(rows: readonly Row[]): Instant | undefined {
  return rows.some(isSettled) ? lastTouchedAt(rows) + FOLD_AFTER_MS : undefined;
}

/** Names that fit; the rest is counted. */
const LONGEST_NAMES = 420;
const MOST_OPTIONS = 20;

export function clearedBlock(messageId: string, rows: readonly Row[], providers: Providers, reader: RepTime): Block[] {
  const [first, ...others] = rows;
  if (!first) return [];
  const undoable = rows.filter(({ action, task }) => {
    return action !== undefined && canUndo(action, providerOf(providers, task).capabilities);
  });
  const text = others.length === 0 ? whole(first, providers, reader) : names(rows);
  return [section(`*Cleared:* ${text}`, undoOf(messageId, undoable))];
}

/** There is room for what became of one. */
function whole(row: Row, providers: Providers, reader: RepTime): string {
  const provider = providerOf(providers, row.task);
  return retiredRow(row, provider, reader).replace('\n', '  ·  ');
}

function names(rows: readonly Row[]): string {
  let text = '';
  for (const [index, row] of rows.entries()) {
    const name = `${struck(taskOf(row), 60)} ${became(row)}`;
    if (text && text.length + name.length > LONGEST_NAMES)
      return `${text} and ${count(rows.length - index, 'more task')}`;
    text += `${text && '  ·  '}${name}`;
  }
  return text;
}

const BECAME: Record<Operation, string> = {
  done: 'done',
  dismiss: 'dismissed',
  snooze: 'snoozed',
  reschedule: 'rescheduled',
  note: 'changed',
  reassign: 'given away',
  rule: 'changed',
};

function became(row: Row): string {
  return rowState(row) === 'settled' && row.action ? BECAME[row.action.change.verb] : 'closed elsewhere';
}

/** The newest actions first: what a rep wants back is what they did last. */
function undoOf(messageId: string, rows: readonly Row[]): Button | StaticSelect | undefined {
  const refs = rows
    .map(({ action, position, seq, ...row }) => ({
      task: taskOf(row),
      at: action?.createdAt ?? 0,
      ref: { messageId, position, seq: action?.seq ?? seq },
    }))
    .sort((one, other) => other.at - one.at)
    .slice(0, MOST_OPTIONS);
  const [first, ...others] = refs;
  if (!first) return undefined;
  if (others.length === 0) return undoButton(first);
  const options = refs.map(({ task, ref }) => ({
    text: named(task).slice(0, LIMITS.optionText),
    value: encodeRow(ref),
  }));
  return select(ACTION.undoOf, 'Undo…', options);
}
