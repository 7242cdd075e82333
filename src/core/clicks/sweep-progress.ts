/**
 * The job of a sweep: posts one message with its progress, edits it while its actions settle, and shows the rows at the
 * end. Each look enqueues the next one in the transaction that ends it, so a restart goes on where it was.
 *
 * If the process dies between posting the message and noting where it landed, the message is posted again.
 */
import { type Ended, type Handler, newJob } from '../jobs/kinds.ts';
import { type Action, waitingOf } from '../model/action.ts';
import { isHeldBack } from '../model/action-rules.ts';
import type { Sweep } from '../model/sweep.ts';
import { MINUTE } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { JobPayload } from '../ports/queue.ts';
import type { Tx } from '../ports/transaction.ts';

type ProgressDeps = Pick<Ports, 'store' | 'queue' | 'screen' | 'clock'>;

/** Starts the progress of a sweep, or starts it anew after an Undo or a Retry. An earlier start then ends by itself. */
export async function enqueueProgress(
  { store, queue, clock }: Pick<Ports, 'store' | 'queue' | 'clock'>,
  { teamId, id: sweepId, round: before }: Sweep,
  why: 'begun' | 'undo' | 'retry' | 'step' | 'left',
  tx: Tx,
): Promise<void> {
  const now = clock();
  const runAt = now + (why === 'step' ? AFTER_A_STEP_MS : why === 'left' ? AFTER_THE_LAST_MS : 0);
  const undoAskedAt = why === 'undo' ? { undoAskedAt: now } : {};
  const round = why === 'begun' ? before : await store.sweeps.again(sweepId, undoAskedAt, tx);
  // The last step's look, which would find that it is too early.
  if (why === 'step' || why === 'left') await queue.cancel(keyOf(sweepId, before, 0), tx);
  const payload = { kind: 'sweep', teamId, sweepId, round, turn: 0, pauseMs: SHORTEST_PAUSE_MS } as const;
  await queue.enqueue(newJob(keyOf(sweepId, round, 0), payload, runAt), tx);
}

/** A list that is worked through counts as left when no step comes for so long. */
const AFTER_A_STEP_MS = MINUTE;
/** What was sent last has mostly settled by then, so that one edit is enough. */
const AFTER_THE_LAST_MS = 1_000;

function keyOf(sweepId: string, round: number, turn: number): string {
  return `sweep:${sweepId}:${round}:${turn}`;
}

/** `chat.update` takes fifty calls a minute from a whole workspace (slack.md 1), so a long sweep is edited less often. */
const SHORTEST_PAUSE_MS = 1_000;
const EDITS_A_SECOND_APART = 3;
const LATER_PAUSE_MS = 4_000;
/** While others use all the edits that there are. */
const LONGEST_BUSY_PAUSE_MS = 15_000;
/** While all that is left waits for a provider. */
const LONGEST_PAUSE_MS = MINUTE;

export function sweepHandler(deps: ProgressDeps): Handler<'sweep'> {
  return async (payload) => {
    const { sweepId, round, turn, pauseMs, shown } = payload;
    const sweep = await deps.store.sweeps.find(sweepId);
    // Started anew since.
    if (!sweep || sweep.round !== round) return undefined;
    return { run: () => look(deps, sweep, { turn, pauseMs, shown }) };
  };
}

interface Turn {
  turn: number;
  pauseMs: number;
  shown: string | undefined;
}

async function look(deps: ProgressDeps, sweep: Sweep, { turn, pauseMs, shown }: Turn): Promise<Ended> {
  const { store, queue, screen, clock } = deps;
  const actions = await store.ledger.ofSweep(sweep.id);
  const now = markOf(actions);
  const isNews = now !== shown;
  const posted = isNews && sweep.kind === 'sweep' ? await screen.showSweep({ sweep, actions }) : sweep.posted;
  const isBusy = posted === 'busy';
  const isOver = !isBusy && actions.every(isSettled);
  // While a list is worked through, its message is behind a window; it is shown before the end only for what a row offers.
  const isShown = isOver || (sweep.kind === 'focus' && isNews && actions.some(hasRowToShow));
  if (isShown) await screen.showCalmly(actions, { atOnce: true });
  if (isOver && sweep.kind === 'focus') await tellTrouble(deps, actions);
  const pause = isBusy ? longer(pauseMs, LONGEST_BUSY_PAUSE_MS) : nextPause(actions, { turn, pauseMs, isNews });
  const mark = isBusy ? shown : now;
  const next = {
    kind: 'sweep',
    teamId: sweep.teamId,
    sweepId: sweep.id,
    round: sweep.round,
    turn: turn + 1,
    pauseMs: pause,
    ...(mark !== undefined && { shown: mark }),
  } satisfies JobPayload;
  return {
    async write(tx) {
      if (posted && posted !== 'busy' && !sweep.posted) await store.sweeps.notePosted(sweep.id, posted, tx);
      if (!isOver) await queue.enqueue(newJob(keyOf(sweep.id, sweep.round, next.turn), next, clock() + pause), tx);
    },
  };
}

/** Its row offers Undo, or says why it waits. */
function hasRowToShow(action: Action): boolean {
  return isHeldBack(action) || waitingOf(action) !== undefined;
}

/** Where no message can show that a step failed, the rep is told all the same. */
async function tellTrouble({ screen }: ProgressDeps, actions: readonly Action[]): Promise<void> {
  for (const action of actions)
    if (action.state === 'failed' || action.state === 'stale') await screen.showTask(action);
}

function longer(pauseMs: number, most: number): number {
  return Math.min(pauseMs * 2, most);
}

/** It differs when something about the actions does that a rep reads. */
function markOf(actions: readonly Action[]): string {
  const marks = actions.map((action) => {
    const { reason = '', until = '' } = waitingOf(action) ?? {};
    const notUndone = action.state === 'succeeded' ? (action.undoFailure?.reason ?? '') : '';
    return `${action.state} ${reason} ${until} ${notUndone}`;
  });
  return hashOf(marks.join());
}

/** FNV-1a: a job's payload keeps it, so it is short. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

function isSettled({ state }: Pick<Action, 'state'>): boolean {
  return state !== 'queued' && state !== 'undoing';
}

function nextPause(
  actions: readonly Action[],
  { turn, pauseMs, isNews }: { turn: number; pauseMs: number; isNews: boolean },
): number {
  const open = actions.filter((action) => !isSettled(action));
  const allWait = open.every((action) => waitingOf(action) !== undefined);
  if (allWait && !isNews) return longer(pauseMs, LONGEST_PAUSE_MS);
  return turn < EDITS_A_SECOND_APART ? SHORTEST_PAUSE_MS : LATER_PAUSE_MS;
}
