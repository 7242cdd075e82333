/** Sweeps: begun, what became of them, and their common Undo and Retry. */
import type { Action } from '../model/action.ts';
import { canUndo } from '../model/action-rules.ts';
import type { RepKey } from '../model/keys.ts';
import type { NewSweep, Sweep } from '../model/sweep.ts';
import type { Ports } from '../ports/ports.ts';
import type { Tx } from '../ports/transaction.ts';
import { type AskedSweep, actOnMany, draftSweep } from './act-on-many.ts';
import { type ActionDeps, performAgain, undoAction, withdrawAction } from './actions.ts';
import { noteSettled } from './noted.ts';
import type { Which } from './plan-sweep.ts';
import { recordOf } from './record.ts';
import { enqueueProgress } from './sweep-progress.ts';

export type SweepDeps = ActionDeps & Pick<Ports, 'providers'>;

export interface SweepResults {
  sweep: Sweep;
  /** Each with its task, in the order recorded. */
  actions: readonly Action[];
}

/** How many actions of a sweep an Undo found in which state. */
export interface UndoneAll {
  /** Not in effect any more, now or since an earlier Undo. */
  undone: number;
  /** The provider is asked to reverse it. */
  asked: number;
  /** Sent, and the provider cannot reverse it. */
  tooLate: number;
  /** On its way to the provider just now: another Undo in a moment may reverse it. */
  underway: number;
  /** Never in effect: it failed, or its task had changed. */
  notDone: number;
  /** The rep has done something else with the task since. */
  overtaken: number;
}

export type Sweeps = ReturnType<typeof createSweeps>;

export function createSweeps(deps: SweepDeps) {
  return {
    /**
     * For actions that come one by one (`Clicks.change` with `sweepId`). The same `key` gives the same sweep; the
     * caller has checked that the message is the clicker's.
     */
    async begin({ teamId, userId }: RepKey, begun: Omit<NewSweep, 'createdAt' | keyof RepKey>): Promise<Sweep> {
      const { sweep } = await deps.store.sweeps.create({ ...begun, teamId, userId, createdAt: deps.clock() });
      return sweep;
    },
    /** What the window offers; `offered`: the set of the button that was pressed. undefined: there is no such list of theirs. */
    draft: (clicker: RepKey, messageId: string, offered?: Which) => draftSweep(deps, clicker, messageId, offered),
    /** Throws if it could not be recorded within two seconds; then nothing was. */
    act: (clicker: RepKey, asked: AskedSweep) => actOnMany(deps, clicker, asked),
    /** undefined: there is no such sweep of theirs. */
    results: (clicker: RepKey, sweepId: string) => results(deps, clicker, sweepId),
    /** undefined: there is no such sweep of theirs. The same again counts the same. */
    async undoAll(clicker: RepKey, sweepId: string): Promise<UndoneAll | undefined> {
      const withdrawn: Action[] = [];
      const undone = await inOwn(deps, clicker, sweepId, (sweep, actions, tx) =>
        undoAll(deps, { sweep, actions, withdrawn }, tx),
      );
      for (const action of withdrawn) noteSettled(deps, action);
      return undone;
    },
    /** The number of actions that are sent again. undefined: there is no such sweep of theirs. */
    retryFailed: (clicker: RepKey, sweepId: string) =>
      inOwn(deps, clicker, sweepId, (sweep, actions, tx) => retryFailed(deps, sweep, actions, tx)),
  };
}

async function results(
  { store }: SweepDeps,
  { teamId, userId }: RepKey,
  sweepId: string,
  tx?: Tx,
): Promise<SweepResults | undefined> {
  const sweep = await store.sweeps.find(sweepId, tx);
  if (sweep?.teamId !== teamId || sweep.userId !== userId) return undefined;
  return { sweep, actions: await store.ledger.ofSweep(sweepId, tx) };
}

function inOwn<T>(
  deps: SweepDeps,
  clicker: RepKey,
  sweepId: string,
  work: (sweep: Sweep, actions: readonly Action[], tx: Tx) => Promise<T>,
): Promise<T | undefined> {
  return deps.store.transact(async (tx) => {
    const own = await results(deps, clicker, sweepId, tx);
    return own && work(own.sweep, own.actions, tx);
  }, recordOf(clicker));
}

interface Undoing {
  sweep: Sweep;
  actions: readonly Action[];
  /** Gets the actions that were taken back before they were sent. */
  withdrawn: Action[];
}

/** In the caller's transaction, which has read both. */
export async function undoAll(deps: SweepDeps, { sweep, actions, withdrawn }: Undoing, tx: Tx): Promise<UndoneAll> {
  const counts = { undone: 0, asked: 0, tooLate: 0, underway: 0, notDone: 0, overtaken: 0 } satisfies UndoneAll;
  let changed = 0;
  for (const action of actions) {
    const { is, isNew } = await undoOne(deps, action, withdrawn, tx);
    counts[is] += 1;
    if (isNew) changed += 1;
  }
  // A sweep of which nothing can be undone says so, once.
  if (changed > 0 || sweep.undoAskedAt === undefined) await enqueueProgress(deps, sweep, 'undo', tx);
  return counts;
}

async function undoOne(
  deps: SweepDeps,
  action: Action,
  withdrawn: Action[],
  tx: Tx,
): Promise<{ is: keyof UndoneAll; isNew?: boolean }> {
  if (action.state === 'undone') return { is: 'undone' };
  if (action.state === 'undoing') return { is: 'asked' };
  if (action.state !== 'queued' && action.state !== 'succeeded') return { is: 'notDone' };
  const latest = await deps.store.ledger.latest(action, tx);
  if (latest?.id !== action.id) return { is: 'overtaken' };
  if (action.state === 'queued') {
    const undone = await withdrawAction(deps, action, tx);
    if (undone) withdrawn.push(undone);
    return undone ? { is: 'undone', isNew: true } : { is: 'underway' };
  }
  const capabilities = deps.providers.get(action.provider)?.capabilities;
  if (!capabilities || !canUndo(action, capabilities)) return { is: 'tooLate' };
  return (await undoAction(deps, action, { isOfMany: true }, tx)) ? { is: 'asked', isNew: true } : { is: 'tooLate' };
}

async function retryFailed(deps: SweepDeps, sweep: Sweep, actions: readonly Action[], tx: Tx): Promise<number> {
  let retried = 0;
  for (const action of actions) {
    if (action.state !== 'failed') continue;
    const latest = await deps.store.ledger.latest(action, tx);
    if (latest?.id !== action.id) continue;
    if (await performAgain(deps, action, tx, { isOfMany: true })) retried += 1;
  }
  if (retried > 0) await enqueueProgress(deps, sweep, 'retry', tx);
  return retried;
}
