/**
 * Records a click before it is acknowledged: checks permissions, then writes the action and its job in one transaction.
 * It calls no provider, so an acknowledgement never waits for one.
 *
 * **Invariants 1 to 3**: acked means recorded; one action has at most one effect; a rep acts only through their own
 * link.
 */
import { type Action, dueAtOf } from '../model/action.ts';
import { canUndo, isReversible, isSkippedBy } from '../model/action-rules.ts';
import { type Change, isSameChange, type TaskCapabilities } from '../model/capabilities.ts';
import type { Instant, RepKey, TaskKey } from '../model/keys.ts';
import { type MessageItem, taskOf } from '../model/message.ts';
import type { Link } from '../model/people.ts';
import type { Sweep } from '../model/sweep.ts';
import type { Operation } from '../model/task.ts';
import * as transitions from '../model/transitions.ts';
import type { Ports } from '../ports/ports.ts';
import type { TaskProvider } from '../ports/provider.ts';
import type { TransactOptions } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';
import { type ActionDeps, performAgain, undoAction, withdrawAction, writeAction } from './actions.ts';
import { knowsCommand, noteCommand } from './commands.ts';
import { noteSettled } from './noted.ts';
import { showJob } from './settle.ts';

/** A button's contents: a row, and its number of actions when it was drawn. Never an identity. */
export interface RowRef {
  messageId: string;
  position: number;
  seq: number;
}

type ClickDeps = ActionDeps & Pick<Ports, 'providers'>;

export type Clicks = ReturnType<typeof createClicks>;

/** Each throws if the click could not be recorded within two seconds; then nothing was. */
export function createClicks(deps: ClickDeps) {
  return {
    /** The clicker's own row, or the refusal. */
    row: (clicker: RepKey, ref: Pick<RowRef, 'messageId' | 'position'>) => findRow(deps, clicker, ref),
    /**
     * `skippedFirst`: the rep confirmed a time after the provider skips the task. `sweepId`: the action belongs to that
     * sweep, if it is the clicker's. `command`: what was typed for it, which is carried out once.
     */
    change: (
      clicker: RepKey,
      ref: RowRef,
      change: Change,
      more: Pick<Asked, 'skippedFirst' | 'sweepId' | 'command'> = {},
    ) => withRow(deps, clicker, ref, (row) => recordChange(deps, row, { ref, change, ...more })),
    /** `ref.seq` is the number of the action to undo. */
    undo: (clicker: RepKey, ref: RowRef) => withRow(deps, clicker, ref, (row) => recordUndo(deps, row, ref)),
    /** Sends a failed action again. */
    retry: (clicker: RepKey, ref: RowRef) =>
      withRow(deps, clicker, ref, (row) => fromFailed(deps, row, ref, (failed, tx) => performAgain(deps, failed, tx))),
    /** Drops a failed action, so that the row offers all verbs again. */
    drop: (clicker: RepKey, ref: RowRef) =>
      withRow(deps, clicker, ref, (row) =>
        fromFailed(deps, row, ref, async (failed, tx) => {
          const dropped = await deps.store.ledger.transition(failed.id, transitions.drop, tx);
          if (dropped) await deps.queue.enqueue(showJob(dropped, 'dropped', deps.clock()), tx);
          return dropped;
        }),
      ),
  };
}

export type Refusal =
  /** No such row: the message is too old, or the button was forged. */
  | { why: 'unknown_row' }
  | { why: 'not_yours' }
  | { why: 'not_linked'; provider: string }
  | { why: 'unsupported'; verb: Operation; provider: string }
  /** The task has a newer action than the button knew. */
  | { why: 'overtaken'; by: Action | undefined }
  /** The chosen time has passed: the menu is old. */
  | { why: 'passed'; dueAt: Instant }
  /** The provider would skip the task before that time, so the rep is asked first. */
  | { why: 'skipped_first'; provider: string; skipsAt: Instant; dueAt: Instant }
  /** It was sent, and the provider cannot reverse it. */
  | { why: 'too_late'; provider: string }
  /** Nothing can follow on this task. */
  | { why: 'no_follow_up'; provider: string };

export type ClickResult =
  | { is: 'recorded'; action: Action }
  /** A repeated click (double click, redelivery): nothing was written or need be said. */
  | { is: 'repeated'; action: Action }
  | { is: 'refused'; refusal: Refusal };

/** Slack waits three seconds, and the rep must learn by then that nothing was recorded. */
export const RECORD_TIMEOUT = { timeoutMs: 2_000 };

/** Options for the transaction that records a request of this rep. */
export function recordOf(rep: RepKey): TransactOptions {
  return { ...RECORD_TIMEOUT, of: rep };
}

export interface Row {
  item: MessageItem;
  task: TaskKey;
  provider: TaskProvider;
  link: Link;
}

export async function findRow(
  { store, providers }: Pick<ClickDeps, 'store' | 'providers'>,
  clicker: RepKey,
  { messageId, position }: Pick<RowRef, 'messageId' | 'position'>,
): Promise<{ row: Row } | { refusal: Refusal }> {
  const item = await store.messages.row(messageId, position);
  if (!item) return { refusal: { why: 'unknown_row' } };
  const { teamId, userId } = clicker;
  if (item.rep.teamId !== teamId || item.rep.userId !== userId) return { refusal: { why: 'not_yours' } };
  const { provider: id, id: taskId } = item.task;
  const provider = providers.get(id);
  const link = provider && (await store.links.find(clicker, id));
  if (!provider || !link) return { refusal: { why: 'not_linked', provider: provider?.name ?? id } };
  return { row: { item, task: { teamId, userId, provider: id, taskId }, provider, link } };
}

async function withRow(
  deps: ClickDeps,
  clicker: RepKey,
  ref: RowRef,
  record: (row: Row) => Promise<ClickResult>,
): Promise<ClickResult> {
  const found = await findRow(deps, clicker, ref);
  return 'refusal' in found ? refused(found.refusal) : record(found.row);
}

function refused(refusal: Refusal): ClickResult {
  return { is: 'refused', refusal };
}

interface Asked {
  ref: RowRef;
  change: Change;
  skippedFirst?: boolean;
  sweepId?: string;
  command?: string;
}

async function recordChange(deps: ClickDeps, row: Row, asking: Asked): Promise<ClickResult> {
  const { ref, change, skippedFirst, sweepId, command } = asking;
  const { provider, link } = row;
  const task = taskOf(row.item);
  const refusal = refusalOf(row, change, deps.clock(), skippedFirst === true);
  if (refusal) return refused(refusal);
  const mine = sweepId === undefined ? undefined : await ownSweep(deps, row.task, sweepId);
  const asked = {
    key: row.task,
    task,
    seq: ref.seq + 1,
    change,
    provider,
    link,
    sweepId: mine?.id,
    isQuiet: mine?.kind === 'focus',
  };
  return deps.store.transact(async (tx) => {
    const latest = await deps.store.ledger.latest(row.task, tx);
    if (command !== undefined && (await knowsCommand(deps, row.task, command, tx))) {
      return latest ? { is: 'repeated', action: latest } : refused({ why: 'overtaken', by: undefined });
    }
    if ((latest?.seq ?? 0) !== ref.seq || latest?.state === 'queued' || latest?.state === 'undoing') {
      return overtaken(latest, ref, change);
    }
    const action = await writeAction(deps, asked, tx);
    if (!action) return overtaken(await deps.store.ledger.latest(row.task, tx), ref, change);
    if (command !== undefined) await noteCommand(deps, action, command, tx);
    return { is: 'recorded', action };
  }, recordOf(row.task));
}

/** A window names the sweep, and is never trusted for whose it is. */
async function ownSweep({ store }: ClickDeps, { teamId, userId }: RepKey, id: string): Promise<Sweep | undefined> {
  const sweep = await store.sweeps.find(id);
  return sweep?.teamId === teamId && sweep.userId === userId ? sweep : undefined;
}

function refusalOf({ item, provider }: Row, change: Change, now: Instant, sure: boolean): Refusal | undefined {
  const task = taskOf(item);
  if (!allows(provider.capabilities.of(task), change)) {
    return { why: 'unsupported', verb: change.verb, provider: provider.name };
  }
  const dueAt = dueAtOf({ change });
  if (dueAt === undefined) return undefined;
  if (dueAt <= now) return { why: 'passed', dueAt };
  const { skipsAt } = task;
  if (skipsAt === undefined || sure || !isSkippedBy(dueAt, { skipsAt })) return undefined;
  return { why: 'skipped_first', provider: provider.name, skipsAt, dueAt };
}

function allows({ verbs, endings = [], completionNote }: TaskCapabilities, change: Change): boolean {
  if (!verbs[change.verb]) return false;
  if (change.verb !== 'done') return true;
  if (change.note !== undefined && completionNote === undefined) return false;
  return change.ending === undefined || endings.some(({ id }) => id === change.ending);
}

/** The same change of the same row version is the same click. Anything else is reported to the rep. */
function overtaken(latest: Action | undefined, ref: RowRef, change: Change): ClickResult {
  const isOver = latest?.state === 'undone' || latest?.state === 'dropped';
  if (latest?.seq === ref.seq + 1 && !isOver && isSameChange(latest.change, change)) {
    return { is: 'repeated', action: latest };
  }
  return refused({ why: 'overtaken', by: latest });
}

async function recordUndo(deps: ClickDeps, row: Row, ref: RowRef): Promise<ClickResult> {
  const result = await undoLatest(deps, row, ref);
  if (result.is === 'recorded') noteSettled(deps, result.action);
  return result;
}

function undoLatest(deps: ClickDeps, { task, provider }: Row, ref: RowRef): Promise<ClickResult> {
  return deps.store.transact(async (tx) => {
    const latest = await deps.store.ledger.latest(task, tx);
    if (latest?.seq !== ref.seq) return refused({ why: 'overtaken', by: latest });
    if (latest.state === 'undoing' || latest.state === 'undone') return { is: 'repeated', action: latest };
    if (latest.state === 'queued') return withdraw(deps, latest, provider, tx);
    if (latest.state !== 'succeeded') return refused({ why: 'overtaken', by: latest });
    if (!canUndo(latest, provider.capabilities)) return refused({ why: 'too_late', provider: provider.name });
    const undoing = await undoAction(deps, latest, {}, tx);
    return undoing ? { is: 'recorded', action: undoing } : refused({ why: 'overtaken', by: latest });
  }, recordOf(task));
}

async function withdraw(deps: ClickDeps, latest: Action, provider: TaskProvider, tx: Tx): Promise<ClickResult> {
  const undone = await withdrawAction(deps, latest, tx);
  if (!undone) return refused(underway(latest, provider));
  await deps.queue.enqueue(showJob(undone, 'withdrawn', deps.clock()), tx);
  return { is: 'recorded', action: undone };
}

/** An action that is being sent can be undone in a moment, or never. */
function underway(latest: Action, provider: TaskProvider): Refusal {
  if (isReversible(latest.change.verb, latest.task, provider.capabilities)) return { why: 'overtaken', by: latest };
  return { why: 'too_late', provider: provider.name };
}

async function fromFailed(
  deps: ClickDeps,
  { task }: Row,
  ref: RowRef,
  change: (failed: Action, tx: Tx) => Promise<Action | undefined>,
): Promise<ClickResult> {
  return deps.store.transact(async (tx) => {
    const latest = await deps.store.ledger.latest(task, tx);
    if (latest?.seq !== ref.seq || latest.state === 'dropped') return refused({ why: 'overtaken', by: latest });
    if (latest.state !== 'failed') return { is: 'repeated', action: latest };
    const changed = await change(latest, tx);
    return changed ? { is: 'recorded', action: changed } : refused({ why: 'overtaken', by: latest });
  }, recordOf(task));
}
