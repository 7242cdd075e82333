/** Writes actions and their jobs, in the caller's transaction. */
import { newJob, SWEEP_PRIORITY } from '../jobs/kinds.ts';
import type { Action, NewAction } from '../model/action.ts';
import { isReversible } from '../model/action-rules.ts';
import type { Change } from '../model/capabilities.ts';
import type { Instant, TaskKey } from '../model/keys.ts';
import type { Link } from '../model/people.ts';
import type { Task } from '../model/task.ts';
import * as transitions from '../model/transitions.ts';
import type { Ports } from '../ports/ports.ts';
import type { TaskProvider } from '../ports/provider.ts';
import type { Queue } from '../ports/queue.ts';
import type { Tx } from '../ports/transaction.ts';

export interface ActionDeps extends Pick<Ports, 'store' | 'queue' | 'clock' | 'log' | 'meter'> {
  /** Delay before a verb is sent that the provider cannot reverse. */
  undoWindowMs: number;
}

export interface NewChange {
  key: TaskKey;
  /** As the row shows it. */
  task: Task;
  seq: number;
  change: Change;
  provider: TaskProvider;
  link: Link;
  sweepId?: string | undefined;
  /** One of many: clicks come first. */
  isOfMany?: boolean;
  /** Its message is shown later, with others. */
  isQuiet?: boolean;
}

/** undefined: the task has an action with this number already. */
export async function writeAction(deps: ActionDeps, asked: NewChange, tx: Tx): Promise<Action | undefined> {
  const { key, task, seq, change, provider, link, sweepId } = asked;
  const now = deps.clock();
  const held = !isReversible(change.verb, task, provider.capabilities) && deps.undoWindowMs > 0;
  const fresh = {
    ...key,
    seq,
    change,
    externalId: link.externalId,
    task,
    sentAt: undefined,
    attempts: 0,
    reference: undefined,
    createdAt: now,
    ...(sweepId !== undefined && { sweepId }),
    state: 'queued',
    ...(held && { heldUntil: now + deps.undoWindowMs }),
  } satisfies NewAction;
  const action = await deps.store.ledger.record(fresh, tx);
  const runAt = held ? now + deps.undoWindowMs : now;
  const how = { runAt, isOfMany: asked.isOfMany === true, isQuiet: asked.isQuiet === true };
  if (action) await enqueuePerform(deps.queue, action, how, tx);
  return action;
}

/** Takes back what was not sent. undefined: it was sent meanwhile. */
export async function withdrawAction(
  { store, queue, clock }: Pick<Ports, 'store' | 'queue' | 'clock'>,
  { id }: Action,
  tx: Tx,
): Promise<Action | undefined> {
  const now = clock();
  const undone = await store.ledger.transition(id, (action) => transitions.withdraw(action, now), tx);
  if (undone) await queue.cancel(performKey(undone), tx);
  return undone;
}

/** undefined: its state does not allow it any more. */
export async function undoAction(
  { store, queue, clock }: Pick<Ports, 'store' | 'queue' | 'clock'>,
  { id }: Action,
  { isOfMany = false }: { isOfMany?: boolean },
  tx: Tx,
): Promise<Action | undefined> {
  const now = clock();
  const undoing = await store.ledger.transition(id, (action) => transitions.askUndo(action, now), tx);
  if (!undoing) return undefined;
  const payload = { kind: 'undo', teamId: undoing.teamId, actionId: undoing.id } as const;
  await queue.enqueue(newJob(`undo:${id}:${undoing.attempts}`, payload, now, priorityOf(isOfMany)), tx);
  return undoing;
}

/** undefined: the action is not failed any more. */
export async function performAgain(
  deps: Pick<Ports, 'store' | 'queue' | 'clock'>,
  failed: Action,
  tx: Tx,
  { isOfMany = false }: { isOfMany?: boolean } = {},
): Promise<Action | undefined> {
  const queued = await deps.store.ledger.transition(failed.id, transitions.retry, tx);
  if (queued) await enqueuePerform(deps.queue, queued, { runAt: deps.clock(), isOfMany }, tx);
  return queued;
}

async function enqueuePerform(
  queue: Queue,
  action: Action,
  { runAt, isOfMany, isQuiet = false }: { runAt: Instant; isOfMany: boolean; isQuiet?: boolean },
  tx: Tx,
): Promise<void> {
  const { teamId, id: actionId } = action;
  const payload = { kind: 'perform', teamId, actionId, ...(isQuiet && ({ isQuiet } as const)) } as const;
  await queue.enqueue(newJob(performKey(action), payload, runAt, priorityOf(isOfMany)), tx);
}

function priorityOf(isOfMany: boolean): number | undefined {
  return isOfMany ? SWEEP_PRIORITY : undefined;
}

/** Every Retry needs a new key: `attempts` has changed by then. */
function performKey({ id, attempts }: Action): string {
  return `perform:${id}:${attempts}`;
}
