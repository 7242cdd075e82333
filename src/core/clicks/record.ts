/**
 * What a click does before it is acknowledged: checks who may do what, then writes the action and its job in one
 * transaction. Nothing here talks to a provider, so an acknowledgement never waits for one.
 *
 * **Invariant 1**: acked means recorded; one action, at most one effect (invariant 2); a rep acts only through their
 * own link (invariant 3).
 */

import type { Action, ActionDetails } from '../model/action.ts';
import { canUndo, isReversible, isSkippedBy } from '../model/action-rules.ts';
import type { Change, TaskCapabilities } from '../model/capabilities.ts';
import type { Instant, ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import { type MessageItem, taskOf } from '../model/message.ts';
import type { Link } from '../model/people.ts';
import type { Operation } from '../model/task.ts';
import type { TaskProvider } from '../ports/provider.ts';
import type { Queue } from '../ports/queue.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';
import { CLICK_JOB_PRIORITY, showJob } from './show.ts';

/** What a button carries: which row of which message, and how many actions the row knew of. Identity is never in it. */
export interface RowRef {
  messageId: string;
  position: number;
  seq: number;
}

export interface ClickDeps {
  store: Store;
  queue: Queue;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  clock: Clock;
  /** How long a verb that cannot be taken back waits before it is sent. */
  undoWindowMs: number;
}

export type Refusal =
  /** We do not know this row: the message is too old, or the button was forged. */
  | { why: 'unknown_row' }
  | { why: 'not_yours' }
  | { why: 'not_linked'; provider: string }
  | { why: 'unsupported'; verb: Operation; provider: string }
  /** Something happened to the task since the button was drawn. */
  | { why: 'overtaken'; by: Action | undefined }
  /** The time that was chosen is over: it stood in a menu that was drawn before it. */
  | { why: 'passed'; dueAt: Instant }
  /** The provider would skip the task before that time: asked about first. */
  | { why: 'skipped_first'; provider: string; skipsAt: Instant; dueAt: Instant }
  /** The provider cannot take it back, and it has gone out. */
  | { why: 'too_late'; provider: string };

export type ClickResult =
  | { is: 'recorded'; action: Action }
  /** The same click once more (a double click, a redelivery): nothing was written, nothing need be said. */
  | { is: 'repeated'; action: Action }
  | { is: 'refused'; refusal: Refusal };

/** Slack waits three seconds, and by then whoever clicked must know that a click could not be recorded. */
export const RECORDED_WITHIN = { withinMs: 2_000 };

interface Row {
  item: MessageItem;
  task: TaskKey;
  provider: TaskProvider;
  link: Link;
}

/** Finds the clicker's own row, or says why it cannot be acted on. */
export async function findRow(
  deps: Pick<ClickDeps, 'store' | 'providers'>,
  clicker: RepKey,
  ref: Pick<RowRef, 'messageId' | 'position'>,
): Promise<{ row: Row } | { refusal: Refusal }> {
  const item = await deps.store.messages.row(ref.messageId, ref.position);
  if (!item) return { refusal: { why: 'unknown_row' } };
  if (item.rep.teamId !== clicker.teamId || item.rep.userId !== clicker.userId) {
    return { refusal: { why: 'not_yours' } };
  }
  const provider = deps.providers.get(item.task.provider);
  if (!provider) return { refusal: { why: 'not_linked', provider: item.task.provider } };
  const link = (await deps.store.links.of(clicker)).find((each) => each.provider === provider.id);
  if (!link) return { refusal: { why: 'not_linked', provider: provider.name } };
  const task = {
    teamId: clicker.teamId,
    userId: clicker.userId,
    provider: item.task.provider,
    taskId: item.task.id,
  };
  return { row: { item, task, provider, link } };
}

export async function recordVerb(deps: ClickDeps, clicker: RepKey, ref: RowRef, change: Change): Promise<ClickResult> {
  const found = await findRow(deps, clicker, ref);
  if ('refusal' in found) return { is: 'refused', refusal: found.refusal };
  const { item, task, provider, link } = found.row;
  if (!allows(provider.capabilities.of(taskOf(item)), change)) {
    return { is: 'refused', refusal: { why: 'unsupported', verb: change.verb, provider: provider.name } };
  }
  const now = deps.clock();
  if ('dueAt' in change && change.dueAt <= now) {
    return { is: 'refused', refusal: { why: 'passed', dueAt: change.dueAt } };
  }
  const { skipsAt } = taskOf(item);
  if ('dueAt' in change && skipsAt !== undefined && isSkippedBy(change.dueAt, { skipsAt }) && !change.skippedFirst) {
    const refusal = { why: 'skipped_first', provider: provider.name, skipsAt, dueAt: change.dueAt } as const;
    return { is: 'refused', refusal };
  }
  const held = !isReversible(change.verb, taskOf(item), provider.capabilities) && deps.undoWindowMs > 0;
  const fresh = {
    ...task,
    seq: ref.seq + 1,
    verb: change.verb,
    dueAt: 'dueAt' in change ? change.dueAt : undefined,
    details: detailsOf(change),
    externalId: link.externalId,
    task: taskOf(item),
    state: 'queued',
    heldUntil: held ? now + deps.undoWindowMs : undefined,
    sentAt: undefined,
    attempts: 0,
    waiting: undefined,
    found: undefined,
    undo: undefined,
    failure: undefined,
    undoFailure: undefined,
    reference: undefined,
    createdAt: now,
    settledAt: undefined,
  } satisfies Omit<Action, 'id'>;
  return deps.store.transact(async (tx) => {
    const latest = await deps.store.ledger.latest(task, tx);
    if ((latest?.seq ?? 0) !== ref.seq || latest?.state === 'queued' || latest?.state === 'undoing') {
      return overtaken(latest, ref, change);
    }
    const action = await deps.store.ledger.record(fresh, tx);
    if (!action) return overtaken(await deps.store.ledger.latest(task, tx), ref, change);
    await enqueuePerform(deps.queue, action, fresh.heldUntil ?? now, tx);
    return { is: 'recorded', action };
  }, RECORDED_WITHIN);
}

function allows({ verbs, endings = [], completionNote }: TaskCapabilities, change: Change): boolean {
  if (!verbs[change.verb]) return false;
  if (change.verb !== 'done') return true;
  if (change.note !== undefined && completionNote === undefined) return false;
  return change.ending === undefined || endings.some(({ id }) => id === change.ending);
}

/** What a change carries besides its verb and due time; undefined where there is nothing. */
function detailsOf(change: Change): ActionDetails | undefined {
  if ('dueAt' in change) return undefined;
  const { verb: _, ...details } = change;
  return Object.values(details).some((value) => value !== undefined) ? details : undefined;
}

/** The same change of the same version of the row is the same click; anything else the rep must hear about. */
function overtaken(latest: Action | undefined, ref: RowRef, change: Change): ClickResult {
  const sameChange =
    latest?.verb === change.verb &&
    latest.dueAt === ('dueAt' in change ? change.dueAt : undefined) &&
    JSON.stringify(latest.details) === JSON.stringify(detailsOf(change));
  const isOver = latest?.state === 'undone' || latest?.state === 'dropped';
  const sameClick = latest?.seq === ref.seq + 1 && sameChange && !isOver;
  if (latest && sameClick) return { is: 'repeated', action: latest };
  return { is: 'refused', refusal: { why: 'overtaken', by: latest } };
}

/** Takes the last action on a row back; `ref.seq` is that action's number. */
export async function recordUndo(deps: ClickDeps, clicker: RepKey, ref: RowRef): Promise<ClickResult> {
  const found = await findRow(deps, clicker, ref);
  if ('refusal' in found) return { is: 'refused', refusal: found.refusal };
  const { task, provider } = found.row;
  const now = deps.clock();
  return deps.store.transact(async (tx) => {
    const latest = await deps.store.ledger.latest(task, tx);
    if (latest?.seq !== ref.seq) return { is: 'refused', refusal: { why: 'overtaken', by: latest } };
    if (latest.state === 'undoing' || latest.state === 'undone') return { is: 'repeated', action: latest };
    if (latest.state === 'queued') {
      // Nothing was sent yet: withdrawing it is the whole undo.
      const undo = { how: 'withdrawn', askedAt: now, doneAt: now } as const;
      const patch = { state: 'undone', undo, waiting: undefined, settledAt: now } as const;
      const undone = await deps.store.ledger.transition(latest.id, { from: ['queued'], unsent: true }, patch, tx);
      if (!undone) return { is: 'refused', refusal: underway(latest, provider) };
      await deps.queue.cancel(performKey(latest), tx);
      await deps.queue.enqueue(showJob(undone, 'withdrawn', now), tx);
      return { is: 'recorded', action: undone };
    }
    if (latest.state !== 'succeeded') return { is: 'refused', refusal: { why: 'overtaken', by: latest } };
    if (!canUndo(latest, provider.capabilities)) {
      return { is: 'refused', refusal: { why: 'too_late', provider: provider.name } };
    }
    const undo = { how: 'reversed', askedAt: now } as const;
    const patch = { state: 'undoing', undo, undoFailure: undefined } as const;
    const undoing = await deps.store.ledger.transition(latest.id, { from: ['succeeded'] }, patch, tx);
    if (!undoing) return { is: 'refused', refusal: { why: 'overtaken', by: latest } };
    await deps.queue.enqueue(
      {
        key: `undo:${undoing.id}:${undoing.attempts}`,
        payload: { kind: 'undo', actionId: undoing.id },
        priority: CLICK_JOB_PRIORITY,
        runAt: now,
      },
      tx,
    );
    return { is: 'recorded', action: undoing };
  }, RECORDED_WITHIN);
}

/** What is being sent just now can be taken back in a moment, or never. */
function underway(latest: Action, provider: TaskProvider): Refusal {
  if (isReversible(latest.verb, latest.task, provider.capabilities)) return { why: 'overtaken', by: latest };
  return { why: 'too_late', provider: provider.name };
}

/**
 * Sends a failed action once more. Where something was sent before, the action keeps that mark whatever the last failure
 * was: an earlier answer may have been lost, and then its own effect must be recognised (`perform.ts`).
 */
export async function recordRetry(deps: ClickDeps, clicker: RepKey, ref: RowRef): Promise<ClickResult> {
  return fromFailed(deps, clicker, ref, async (failed, tx) => {
    return performAgain(deps, failed, tx);
  });
}

/** Held back no longer: someone wants it done. undefined: it was not failed any more. */
export async function performAgain(
  deps: Pick<ClickDeps, 'store' | 'queue' | 'clock'>,
  failed: Action,
  tx: Tx,
): Promise<Action | undefined> {
  const patch = { state: 'queued', failure: undefined, heldUntil: undefined, settledAt: undefined } as const;
  const queued = await deps.store.ledger.transition(failed.id, { from: ['failed'] }, patch, tx);
  if (queued) await enqueuePerform(deps.queue, queued, deps.clock(), tx);
  return queued;
}

/** Puts a failed action aside, so that the row offers all verbs again. */
export async function recordDrop(deps: ClickDeps, clicker: RepKey, ref: RowRef): Promise<ClickResult> {
  return fromFailed(deps, clicker, ref, async (failed, tx) => {
    const dropped = await deps.store.ledger.transition(failed.id, { from: ['failed'] }, { state: 'dropped' }, tx);
    if (dropped) await deps.queue.enqueue(showJob(dropped, 'dropped', deps.clock()), tx);
    return dropped;
  });
}

async function fromFailed(
  deps: ClickDeps,
  clicker: RepKey,
  ref: RowRef,
  change: (failed: Action, tx: Tx) => Promise<Action | undefined>,
): Promise<ClickResult> {
  const found = await findRow(deps, clicker, ref);
  if ('refusal' in found) return { is: 'refused', refusal: found.refusal };
  const { task } = found.row;
  return deps.store.transact(async (tx) => {
    const latest = await deps.store.ledger.latest(task, tx);
    if (latest?.seq !== ref.seq) return { is: 'refused', refusal: { why: 'overtaken', by: latest } };
    if (latest.state === 'dropped') return { is: 'refused', refusal: { why: 'overtaken', by: latest } };
    if (latest.state !== 'failed') return { is: 'repeated', action: latest };
    const changed = await change(latest, tx);
    if (!changed) return { is: 'refused', refusal: { why: 'overtaken', by: latest } };
    return { is: 'recorded', action: changed };
  }, RECORDED_WITHIN);
}

async function enqueuePerform(queue: Queue, action: Action, runAt: Instant, tx: Tx): Promise<void> {
  await queue.enqueue(
    {
      key: performKey(action),
      payload: { kind: 'perform', actionId: action.id },
      priority: CLICK_JOB_PRIORITY,
      runAt,
    },
    tx,
  );
}

/** Each Retry is a job of its own; `attempts` counts how often the action was settled, so the keys differ. */
function performKey(action: Pick<Action, 'id' | 'attempts'>): string {
  return `perform:${action.id}:${action.attempts}`;
}
