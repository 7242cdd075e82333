/** The windows of the steps, drawn from the stored list. */
import type { ModalView } from '@slack/types';
import type { FocusState } from '../../../blocks/focus-ids.ts';
import { type FocusStep, focusModal, focusQuestion } from '../../../blocks/focus-modal.ts';
import { failedSoFar, notChanged, passedOver, sentTwice, stepDone } from '../../../blocks/focus-words.ts';
import { presetsOf } from '../../../blocks/presets.ts';
import { providerOf } from '../../../blocks/providers.ts';
import { refusal as refusalText } from '../../../blocks/refusals.ts';
import { type FocusChoice, nextStep } from '../../core/clicks/focus.ts';
import type { Refusal } from '../../core/clicks/record.ts';
import type { View } from '../../core/digests/views.ts';
import type { Action } from '../../core/model/action.ts';
import type { Change } from '../../core/model/capabilities.ts';
import type { Instant } from '../../core/model/keys.ts';
import { taskOf } from '../../core/model/message.ts';
import { type Row, rowState } from '../../core/model/row-state.ts';
import type { Providers } from '../../core/ports/provider.ts';

/** A step that was taken. `refusal`: nothing was changed, and the next step comes. */
export interface Stepped {
  state: FocusState;
  /** undefined: the task was left open. */
  change: Change | undefined;
  sweep: string | undefined;
  isRepeated?: boolean;
  refusal?: Refusal;
}

/** Still to be done. A task of which an action failed is. */
export function isOpen(row: Row): boolean {
  const state = rowState(row);
  return state === 'open' || state === 'failed';
}

export function createFocusSteps({ providers }: { providers: Providers }) {
  const readerOf = ({ reader }: View) => ({ ...reader, presets: presetsOf(reader) });

  function stepOf({ message }: View, row: Row, state: Omit<FocusState, 'ref'>): FocusStep {
    const ref = { messageId: message.id, position: row.position, seq: row.action?.seq ?? row.seq };
    return { row, state: { ...state, ref }, provider: providerOf(providers, row.task), rows: message.items.length };
  }

  /** The step that was submitted, as it is now. undefined: its row is not open, or not there. */
  function sameStep(list: View, { sure: _, ref, ...state }: FocusState): FocusStep | undefined {
    const row = list.message.items.find(({ position }) => position === ref.position);
    return row && isOpen(row) ? stepOf(list, row, state) : undefined;
  }

  function same(list: View, state: FocusState, said: readonly string[]): ModalView | undefined {
    const step = sameStep(list, state);
    return step && focusModal(step, said, readerOf(list));
  }

  return {
    same,
    /** undefined: nothing is open. */
    first(list: View): ModalView | undefined {
      const step = nextStep(list.message.items, 0, isOpen);
      if (!step) return undefined;
      const { row, index, number, of } = step;
      return focusModal(stepOf(list, row, { since: list.reader.now, index, number, of }), [], readerOf(list));
    },
    which(list: View, state: FocusState, asked: { dueAt: Instant; choice: FocusChoice }): ModalView | undefined {
      const step = sameStep(list, state);
      return step && focusQuestion(step, { about: 'which', ...asked }, readerOf(list));
    },
    /** The step again, because of a refusal that another choice can mend. undefined: the next step comes. */
    refused(
      list: View,
      state: FocusState,
      { change, refusal }: { change: Change; refusal: Refusal },
    ): ModalView | undefined {
      const reader = readerOf(list);
      const step = sameStep(list, state);
      if (!step) return undefined;
      if (refusal.why === 'skipped_first' && (change.verb === 'snooze' || change.verb === 'reschedule')) {
        return focusQuestion(step, { about: 'skipped', refused: refusal, verb: change.verb }, reader);
      }
      if (refusal.why === 'passed') return focusModal(step, [PASSED], reader);
      if (refusal.why === 'not_linked') return undefined;
      return focusModal(step, [refusalText(refusal, reader)], reader);
    },
    next(list: View, stepped: Stepped): { view: ModalView; number: number } | { said: readonly string[] } {
      const { state, sweep } = stepped;
      const rows = list.message.items;
      const reader = readerOf(list);
      const at = rows.findIndex(({ position }) => position === state.ref.position);
      const from = at === -1 ? state.index : at + 1;
      const step = nextStep(rows, from, isOpen, state);
      const between = rows
        .slice(from, step?.index ?? rows.length)
        .filter((row) => wasClosedSince(row, state.since, sweep));
      const said = [...lineOf(list, rows[at], stepped), ...passedOver(between.map(taskOf))];
      if (!step) return { said };
      const { row, index, number, of } = step;
      const next = { since: state.since, index, number, of, ...(sweep !== undefined && { sweep }) };
      const lines = [...said, ...failedSoFar(actionsOf(list, sweep), providers, reader)];
      return { view: focusModal(stepOf(list, row, next), lines, reader), number };
    },
  };

  function lineOf({ reader }: View, row: Row | undefined, { change, isRepeated, refusal }: Stepped): string[] {
    if (!row) return [];
    const task = taskOf(row);
    if (refusal) return [notChanged(task, refusalText(refusal, reader))];
    if (!change && !isOpen(row)) return passedOver([task]);
    const done = stepDone(task, change, providerOf(providers, task).capabilities.of(task), reader);
    return [isRepeated ? sentTwice(done) : done];
  }
}

/** As the list knows them: reading the whole sweep again would make each step slower than the one before. */
function actionsOf({ message }: View, sweep: string | undefined): Action[] {
  const taken = message.items.flatMap(({ action }) => (action ? [action] : []));
  return taken.filter(({ sweepId }) => sweepId !== undefined && sweepId === sweep);
}

const PASSED = 'That time has passed, so nothing was changed. The times below are new.';

/** Closed or acted on while the window was open, and not by this window. */
function wasClosedSince(row: Row, since: Instant, sweep: string | undefined): boolean {
  const { action, seen } = row;
  if (isOpen(row)) return false;
  if (action && action.createdAt >= since) return action.sweepId === undefined || action.sweepId !== sweep;
  return seen !== undefined && seen.at >= since;
}
