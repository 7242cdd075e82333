/**
 * What a click does before it is acknowledged: checks who may do what, then writes the action and its job in one
 * transaction. Nothing here talks to a provider, so an acknowledgement never waits for one.
 *
 * **Invariant 1**: acked means recorded; one action, at most one effect (invariant 2); a rep acts only through their
 * own link (invariant 3).
 */
import { newJob } from '../jobs/kinds.ts';
import { type Action, dueAtOf, type NewAction } from '../model/action.ts';
import { canUndo, isReversible, isSkippedBy } from '../model/action-rules.ts';
import { type Change, isSameChange, type TaskCapabilities } from '../model/capabilities.ts';
import type { Instant, ProviderId, RepKey, TaskKey } from '../model/keys.ts';
import { type MessageItem, taskOf } from '../model/message.ts';
import type { Link } from '../model/people.ts';
import type { Operation } from '../model/task.ts';
import * as transitions from '../model/transitions.ts';
import type { TaskProvider } from '../ports/provider.ts';
import type { Queue } from '../ports/queue.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';
import { showJob } from './settle.ts';

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

export interface Clicks {
  /** The clicker's own row, or the reason why it cannot be acted on. */
  row(clicker: RepKey, ref: Pick<RowRef, 'messageId' | 'position'>): Promise<{ row: Row } | { refusal: Refusal }>;
  /** `skippedFirst`: the rep knows that the provider skips the task before the time that they chose. */
  change(clicker: RepKey, ref: RowRef, change: Change, sure?: { skippedFirst?: boolean }): Promise<ClickResult>;
  /** Takes the last action on a row back; `ref.seq` is that action's number. */
  undo(clicker: RepKey, ref: RowRef): Promise<ClickResult>;
  /** Sends a failed action once more. */
  retry(clicker: RepKey, ref: RowRef): Promise<ClickResult>;
  /** Puts a failed action aside, so that the row offers all verbs again. */
  drop(clicker: RepKey, ref: RowRef): Promise<ClickResult>;
}

/** Each of them throws when it could not be recorded within two seconds; then nothing was. */
export function createClicks(deps: ClickDeps): Clicks {
  return {
    row: (clicker, ref) => findRow(deps, clicker, ref),
    change: (clicker, ref, change, sure = {}) =>
      withRow(deps, clicker, ref, (row) => recordChange(deps, row, { ref, change, ...sure })),
    undo: (clicker, ref) => withRow(deps, clicker, ref, (row) => recordUndo(deps, row, ref)),
    retry: (clicker, ref) =>
      withRow(deps, clicker, ref, (row) => fromFailed(deps, row, ref, (failed, tx) => performAgain(deps, failed, tx))),
    drop: (clicker, ref) =>
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

export interface Row {
  item: MessageItem;
  task: TaskKey;
  provider: TaskProvider;
  link: Link;
}

async function findRow(
  { store, providers }: ClickDeps,
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
}

async function recordChange(deps: ClickDeps, row: Row, { ref, change, skippedFirst }: Asked): Promise<ClickResult> {
  const { provider, link } = row;
  const task = taskOf(row.item);
  const now = deps.clock();
  const refusal = refusalOf(row, change, now, skippedFirst === true);
  if (refusal) return refused(refusal);
  const held = !isReversible(change.verb, task, provider.capabilities) && deps.undoWindowMs > 0;
  const fresh = {
    ...row.task,
    seq: ref.seq + 1,
    change,
    externalId: link.externalId,
    task,
    sentAt: undefined,
    attempts: 0,
    reference: undefined,
    createdAt: now,
    state: 'queued',
    ...(held && { heldUntil: now + deps.undoWindowMs }),
  } satisfies NewAction;
  return deps.store.transact(async (tx) => {
    const latest = await deps.store.ledger.latest(row.task, tx);
    if ((latest?.seq ?? 0) !== ref.seq || latest?.state === 'queued' || latest?.state === 'undoing') {
      return overtaken(latest, ref, change);
    }
    const action = await deps.store.ledger.record(fresh, tx);
    if (!action) return overtaken(await deps.store.ledger.latest(row.task, tx), ref, change);
    await enqueuePerform(deps.queue, action, held ? now + deps.undoWindowMs : now, tx);
    return { is: 'recorded', action };
  }, RECORDED_WITHIN);
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

/** The same change of the same version of the row is the same click; anything else the rep must hear about. */
function overtaken(latest: Action | undefined, ref: RowRef, change: Change): ClickResult {
  const isOver = latest?.state === 'undone' || latest?.state === 'dropped';
  if (latest?.seq === ref.seq + 1 && !isOver && isSameChange(latest.change, change)) {
    return { is: 'repeated', action: latest };
  }
  return refused({ why: 'overtaken', by: latest });
}

async function recordUndo(deps: ClickDeps, { task, provider }: Row, ref: RowRef): Promise<ClickResult> {
  return deps.store.transact(async (tx) => {
    const latest = await deps.store.ledger.latest(task, tx);
    if (latest?.seq !== ref.seq) return refused({ why: 'overtaken', by: latest });
    if (latest.state === 'undoing' || latest.state === 'undone') return { is: 'repeated', action: latest };
    if (latest.state === 'queued') return withdraw(deps, latest, provider, tx);
    if (latest.state !== 'succeeded') return refused({ why: 'overtaken', by: latest });
    if (!canUndo(latest, provider.capabilities)) return refused({ why: 'too_late', provider: provider.name });
    const now = deps.clock();
    const undoing = await deps.store.ledger.transition(latest.id, (action) => transitions.askUndo(action, now), tx);
    if (!undoing) return refused({ why: 'overtaken', by: latest });
    const payload = { kind: 'undo', actionId: undoing.id } as const;
    await deps.queue.enqueue(newJob(`undo:${undoing.id}:${undoing.attempts}`, payload, now), tx);
    return { is: 'recorded', action: undoing };
  }, RECORDED_WITHIN);
}

/** Nothing was sent yet. */
async function withdraw(deps: ClickDeps, latest: Action, provider: TaskProvider, tx: Tx): Promise<ClickResult> {
  const now = deps.clock();
  const undone = await deps.store.ledger.transition(latest.id, (action) => transitions.withdraw(action, now), tx);
  if (!undone) return refused(underway(latest, provider));
  await deps.queue.cancel(performKey(latest), tx);
  await deps.queue.enqueue(showJob(undone, 'withdrawn', now), tx);
  return { is: 'recorded', action: undone };
}

/** What is being sent just now can be taken back in a moment, or never. */
function underway(latest: Action, provider: TaskProvider): Refusal {
  if (isReversible(latest.change.verb, latest.task, provider.capabilities)) return { why: 'overtaken', by: latest };
  return { why: 'too_late', provider: provider.name };
}

/** undefined: it was not failed any more. */
export async function performAgain(
  deps: Pick<ClickDeps, 'store' | 'queue' | 'clock'>,
  failed: Action,
  tx: Tx,
): Promise<Action | undefined> {
  const queued = await deps.store.ledger.transition(failed.id, transitions.retry, tx);
  if (queued) await enqueuePerform(deps.queue, queued, deps.clock(), tx);
  return queued;
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
  }, RECORDED_WITHIN);
}

async function enqueuePerform(queue: Queue, action: Action, runAt: Instant, tx: Tx): Promise<void> {
  await queue.enqueue(newJob(performKey(action), { kind: 'perform', actionId: action.id }, runAt), tx);
}

/** Each Retry is a job of its own; `attempts` counts how often the action was settled, so the keys differ. */
function performKey({ id, attempts }: Action): string {
  return `perform:${id}:${attempts}`;
}
