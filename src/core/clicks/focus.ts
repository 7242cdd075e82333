/**
 * Working through a list in a window, one task at a time: what a submission means, which task is next, and the sweep
 * that its actions belong to: of the kind `focus`, one for each window.
 *
 * Its rows are shown in their message when it ends, not after each step (`sweep-progress.ts`).
 */
import type { Change } from '../model/capabilities.ts';
import type { Instant, RepKey } from '../model/keys.ts';
import type { Ports } from '../ports/ports.ts';
import { type ClickResult, type Clicks, type RowRef, recordOf } from './record.ts';
import { enqueueProgress } from './sweep-progress.ts';

/** What a rep can choose for a task. `back`: the answer to a question, to choose again. */
export type FocusChoice =
  | { does: 'done' | 'dismiss' | 'reschedule' | 'leave' | 'back' }
  | { ending: string }
  | { snooze: Instant }
  | { reschedule: Instant };

export type Meaning =
  | { is: 'leave' }
  | { is: 'back' }
  | { is: 'change'; change: Change }
  /** A time was picked, and something else was chosen. */
  | { is: 'which'; dueAt: Instant; choice: FocusChoice }
  | { is: 'refused'; why: 'no_time' | 'past' };

/** `picked`: the time in the picker beside the choice. */
export function meaningOf(choice: FocusChoice, picked: Instant | undefined, now: Instant): Meaning {
  if ('reschedule' in choice) return { is: 'change', change: { verb: 'reschedule', dueAt: choice.reschedule } };
  const does = 'does' in choice ? choice.does : undefined;
  if (does === 'reschedule') {
    if (picked === undefined) return { is: 'refused', why: 'no_time' };
    if (picked <= now) return { is: 'refused', why: 'past' };
    return { is: 'change', change: { verb: 'reschedule', dueAt: picked } };
  }
  if (picked !== undefined && picked > now) return { is: 'which', dueAt: picked, choice };
  if (does === 'leave' || does === 'back') return { is: does };
  if ('snooze' in choice) return { is: 'change', change: { verb: 'snooze', dueAt: choice.snooze } };
  if ('ending' in choice) return { is: 'change', change: { verb: 'done', ending: choice.ending } };
  return { is: 'change', change: { verb: does === 'dismiss' ? 'dismiss' : 'done' } };
}

/** Where the rep is: `3 of 21`. */
export interface Count {
  number: number;
  of: number;
}

export interface Step<Row> extends Count {
  row: Row;
  index: number;
}

/**
 * The first open row from `from` on. The count goes up by one for each step, and more for tasks that were closed
 * meanwhile; it ends at its total. undefined: none is left.
 */
export function nextStep<Row>(
  rows: readonly Row[],
  from: number,
  isOpen: (row: Row) => boolean,
  before?: Count,
): Step<Row> | undefined {
  const index = rows.findIndex((row, at) => at >= from && isOpen(row));
  const row = rows[index];
  if (row === undefined) return undefined;
  const left = rows.slice(index).filter(isOpen).length;
  const number = before ? Math.max(before.number + 1, before.of - left + 1) : 1;
  return { row, index, number, of: Math.max(before?.of ?? 0, number + left - 1) };
}

export type Focus = ReturnType<typeof createFocus>;

interface FocusDeps extends Pick<Ports, 'store' | 'queue' | 'clock'> {
  clicks: Clicks;
}

export function createFocus(deps: FocusDeps) {
  return {
    /** Records a step's change as an action of the window's sweep. */
    async change(
      clicker: RepKey,
      windowId: string,
      { ref, change, skippedFirst = false }: { ref: RowRef; change: Change; skippedFirst?: boolean },
    ): Promise<ClickResult & { sweepId?: string }> {
      const found = await deps.clicks.row(clicker, ref);
      if ('refusal' in found) return { is: 'refused', refusal: found.refusal };
      const sweepId = await begin(deps, clicker, windowId, ref.messageId);
      return { ...(await deps.clicks.change(clicker, ref, change, { skippedFirst, sweepId })), sweepId };
    },
    /** The window was closed, or its last step is taken: the message is brought up to date. */
    async leave({ teamId, userId }: RepKey, sweepId: string): Promise<void> {
      const sweep = await deps.store.sweeps.find(sweepId);
      if (sweep?.teamId !== teamId || sweep.userId !== userId || sweep.kind !== 'focus') return;
      await deps.store.transact((tx) => enqueueProgress(deps, sweep, 'left', tx), recordOf(sweep));
    },
  };
}

/** The message is shown a while after the last step even if nobody closes the window, or the process dies. */
async function begin(deps: FocusDeps, rep: RepKey, windowId: string, messageId: string): Promise<string> {
  const { teamId, userId } = rep;
  return deps.store.transact(async (tx) => {
    const begun = {
      teamId,
      userId,
      messageId,
      kind: 'focus',
      key: `focus:${windowId}`,
      createdAt: deps.clock(),
    } as const;
    const { sweep } = await deps.store.sweeps.create(begun, tx);
    await enqueueProgress(deps, sweep, 'step', tx);
    return sweep.id;
  }, recordOf(rep));
}
