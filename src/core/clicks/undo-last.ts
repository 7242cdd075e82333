/** Takes back what a rep did last, whether one action or a sweep, without a row to press on. */
import type { Action } from '../model/action.ts';
import { canUndo } from '../model/action-rules.ts';
import type { RepKey } from '../model/keys.ts';
import type { Sweep } from '../model/sweep.ts';
import { DAY, HOUR } from '../model/time.ts';
import type { Tx } from '../ports/transaction.ts';
import { undoAction, withdrawAction } from './actions.ts';
import { knowsCommand, noteCommand } from './commands.ts';
import { noteSettled } from './noted.ts';
import { recordOf } from './record.ts';
import { showJob } from './settle.ts';
import { type SweepDeps, type UndoneAll, undoAll } from './sweeps.ts';

export type UndoneLast =
  /** `action`: as it is now, withdrawn or about to be reversed. */
  | { is: 'undone'; action: Action }
  | { is: 'undone all'; sweep: Sweep; counts: UndoneAll }
  /** The rep did it a while ago, and may mean something else: nothing was undone yet. */
  | { is: 'asks undo'; action: Action; tasks: number }
  /** `failed`: it is not in effect. `underway`: in a moment it can be undone, or never. */
  | { is: 'not undone'; why: 'nothing' }
  | { is: 'not undone'; why: 'too_late' | 'underway' | 'failed' | 'undoing'; action: Action }
  | { is: 'undone before' };

export interface AskedUndo {
  /** The trigger or the message with which it came. */
  command: string;
  /** The action that the rep was asked about. Without one it is the last one. */
  actionId?: string;
}

/** What is older is asked about. */
const RECENT_MS = HOUR;
const MOST_LOOKED_AT = 200;

export async function undoLast(deps: SweepDeps, rep: RepKey, asked: AskedUndo): Promise<UndoneLast> {
  const since = deps.clock() - DAY;
  const history = await deps.store.ledger.history(rep, { since, limit: MOST_LOOKED_AT });
  const withdrawn: Action[] = [];
  const undone = await deps.store.transact(
    (tx) => undo(deps, rep, { ...asked, history, withdrawn }, tx),
    recordOf(rep),
  );
  for (const action of undone.is === 'undone' ? [undone.action] : withdrawn) noteSettled(deps, action);
  return undone;
}

async function undo(
  deps: SweepDeps,
  rep: RepKey,
  { command, actionId, history, withdrawn }: AskedUndo & { history: readonly Action[]; withdrawn: Action[] },
  tx: Tx,
): Promise<UndoneLast> {
  if (await knowsCommand(deps, rep, command, tx)) return { is: 'undone before' };
  const wanted = history.find(({ id, state }) => (actionId === undefined ? !isOver(state) : id === actionId));
  const action = wanted && (await deps.store.ledger.find(wanted.id, tx));
  if (!action || isOver(action.state)) return { is: 'not undone', why: 'nothing' };
  const found = action.sweepId === undefined ? undefined : await deps.store.sweeps.find(action.sweepId, tx);
  const sweep = found?.kind === 'sweep' ? found : undefined;
  const actions = sweep ? await deps.store.ledger.ofSweep(sweep.id, tx) : [action];
  if (actionId === undefined && deps.clock() - action.createdAt > RECENT_MS) {
    return { is: 'asks undo', action, tasks: actions.length };
  }
  const undone: UndoneLast = sweep
    ? { is: 'undone all', sweep, counts: await undoAll(deps, { sweep, actions, withdrawn }, tx) }
    : await undoOne(deps, action, tx);
  if (undone.is !== 'not undone') await noteCommand(deps, action, command, tx);
  return undone;
}

/** It is not in effect, because of the rep. */
function isOver(state: Action['state']): boolean {
  return state === 'undone' || state === 'dropped';
}

async function undoOne(deps: SweepDeps, action: Action, tx: Tx): Promise<UndoneLast> {
  if (action.state === 'undoing') return { is: 'not undone', why: 'undoing', action };
  if (action.state === 'failed' || action.state === 'stale') return { is: 'not undone', why: 'failed', action };
  const capabilities = deps.providers.get(action.provider)?.capabilities;
  const mayUndo = capabilities !== undefined && canUndo(action, capabilities);
  if (action.state === 'queued') {
    const withdrawn = await withdrawAction(deps, action, tx);
    if (!withdrawn) return { is: 'not undone', why: 'underway', action };
    await deps.queue.enqueue(showJob(withdrawn, 'withdrawn', deps.clock()), tx);
    return { is: 'undone', action: withdrawn };
  }
  const latest = await deps.store.ledger.latest(action, tx);
  if (!mayUndo || latest?.id !== action.id) return { is: 'not undone', why: 'too_late', action };
  const undoing = await undoAction(deps, action, {}, tx);
  return undoing ? { is: 'undone', action: undoing } : { is: 'not undone', why: 'too_late', action };
}
