/** The task window: everything that is known of one task, what became of it, its controls, and the way to the next one. */
import type { ModalView } from '@slack/types';
import type { RowRef } from '../src/core/clicks/record.ts';
import { waitingOf } from '../src/core/model/action.ts';
import { canUndo } from '../src/core/model/action-rules.ts';
import { taskOf } from '../src/core/model/message.ts';
import { type Row, rowState } from '../src/core/model/row-state.ts';
import { type Block, context, divider, section } from './elements.ts';
import { foundElsewhere, seenElsewhere } from './elsewhere.ts';
import { VIEW } from './ids.ts';
import { modal } from './modal.ts';
import type { RowProvider } from './providers.ts';
import { isRetryUseful } from './reasons.ts';
import type { ShownTask } from './row-controls.ts';
import { failure, undoFailure, waitingFor } from './row-errors.ts';
import { encodeRow } from './row-ids.ts';
import { footnotes, taskFacts } from './task-facts.ts';
import { cameOf, newsOf, type RowReader } from './task-row.ts';
import { neighbourBlock, windowFailed, windowUndo, windowVerbs } from './window-controls.ts';
import { underway } from './words.ts';

/** The row and the list that it stands in. */
export interface WindowPlace {
  messageId: string;
  rows: readonly Row[];
  index: number;
}

/** `said`: the answer to the last press, if it changed nothing. */
export function taskWindow(
  { messageId, rows, index }: WindowPlace,
  row: Row,
  provider: RowProvider,
  { reader, said }: { reader: RowReader; said?: string | undefined },
): ModalView {
  const task = taskOf(row);
  const refOf = (of: Row): RowRef => ({ messageId, position: of.position, seq: of.action?.seq ?? of.seq });
  const shown = { task, ref: refOf(row), provider };
  const [previous, next] = [rows[index - 1], rows[index + 1]];
  const neighbours = { ...(previous && { previous: refOf(previous) }), ...(next && { next: refOf(next) }) };
  const view = modal({
    callback: VIEW.task,
    metadata: encodeRow(shown.ref),
    title: `Task ${index + 1} of ${rows.length}`,
    blocks: [
      ...(said ? [section(said), divider()] : []),
      ...taskFacts(task, { number: index + 1, of: rows.length }, provider, reader),
      ...stateBlocks(shown, row, reader),
      ...neighbourBlock(shown.ref, neighbours),
      ...footnotes(task, provider),
    ],
  });
  return { ...view, close: { type: 'plain_text', text: 'Close' }, notify_on_close: true };
}

interface Shown extends ShownTask {
  provider: RowProvider;
}

/** What became of the task, and what can be pressed now. */
function stateBlocks(shown: Shown, row: Row, reader: RowReader): Block[] {
  const { task, provider } = shown;
  const { action, seen } = row;
  const state = rowState(row);
  if (state === 'seen elsewhere' && seen) return [section(seenElsewhere(seen, provider.name, reader))];
  if (state === 'open' || !action) {
    const news = newsOf(row, provider, reader).map((line) => context(line));
    return [...news, ...windowVerbs(shown, provider.capabilities.of(task), reader.presets)];
  }
  const undo = canUndo(action, provider.capabilities) ? [windowUndo(shown)] : [];
  if (state === 'underway') {
    const waiting = waitingOf(action);
    const why = waiting ? `\n${waitingFor(waiting, provider.name, reader)}` : '';
    return [section(`_${underway(action, provider.name)}_${why}`), ...(waiting ? undo : [])];
  }
  if (action.state === 'stale') return [section(foundElsewhere(action, provider.name, reader))];
  if (action.state === 'failed') {
    return [section(failure(action, provider.name)), windowFailed(shown, isRetryUseful(action.failure))];
  }
  const came = cameOf(action, provider, reader);
  const failed = action.state === 'succeeded' ? action.undoFailure : undefined;
  return [section(`*${came}.*${failed ? ` ${undoFailure(action, failed, provider.name)}` : ''}`), ...undo];
}
