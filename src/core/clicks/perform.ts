/**
 * The job of a click: reads the task, has the provider perform the verb, and settles the action.
 *
 * **Invariants 7 and 2**: nothing regresses, and an action has at most one effect. The task is read before the first
 * request, and a possible earlier effect is checked before a repeated one.
 */
import type { Ended, Handler } from '../jobs/kinds.ts';
import { holdWhileSending, sendingOptions, urgencyOf } from '../jobs/lease.ts';
import { passes } from '../jobs/retry.ts';
import { type Action, type ActionIn, dueAtOf, type FailureReason, type StaleCause } from '../model/action.ts';
import { keepsOpen, movesDate } from '../model/action-rules.ts';
import { ProviderError } from '../model/errors.ts';
import { isDueAt, type Task } from '../model/task.ts';
import * as transitions from '../model/transitions.ts';
import type { Ports } from '../ports/ports.ts';
import type { Job } from '../ports/queue.ts';
import { remindingOf } from './nudges.ts';
import { comingBack } from './returns.ts';
import { delayed, referenceOf, settled } from './settle.ts';
import { closed, findTarget, isOpen, isSameAccount, type Target } from './target.ts';

export type PerformDeps = Pick<Ports, 'store' | 'queue' | 'providers' | 'screen' | 'clock' | 'log' | 'meter'>;

type Queued = ActionIn<'queued'>;

/** The action to send, or why nothing is sent. */
type Ready = { send: Action } | { found: StaleCause } | 'happened' | 'expired' | 'withdrawn';

export function performHandler(deps: PerformDeps): Handler<'perform'> {
  return async ({ actionId }, job) => {
    const action = await deps.store.ledger.find(actionId);
    if (action?.state !== 'queued') return undefined;
    return {
      run: () => perform(deps, job, action),
      again: (trouble) => delayed(deps, job, action, trouble),
      giveUp: ({ reason, error }) =>
        settled(deps, job, action, (now) => {
          const nothingSent = isRefusedOutright(action, job, error);
          return transitions.fail(now, reason, deps.clock(), { reference: referenceOf(error), nothingSent });
        }),
    };
  };
}

async function perform(deps: PerformDeps, job: Job, action: Queued): Promise<Ended> {
  const fail = (reason: FailureReason) =>
    settled(deps, job, action, (now) => transitions.fail(now, reason, deps.clock()));
  const target = await findTarget(deps, action);
  // An action that may have been sent stays with its user; another is read first, as the rep's current user.
  const mayGoOn = target !== undefined && (action.sentAt === undefined || isSameAccount(action, target));
  if (!mayGoOn) return fail('not_linked');
  const ready = await (action.sentAt === undefined ? prepare : resume)(deps, job, target, action);
  if (ready === 'withdrawn') return {};
  if (ready === 'expired') return fail('expired');
  if (ready !== 'happened' && 'found' in ready) {
    return settled(deps, job, action, (now) => transitions.leaveAlone(now, ready.found, deps.clock()));
  }
  const { reference } = ready === 'happened' ? action : await send(deps, job, target, ready.send);
  const ended = settled(deps, job, action, (now) => transitions.succeed(now, reference, deps.clock()));
  return remindingOf(deps, action, await comingBack(deps, action, ended));
}

/** A request that must not happen twice needs a lease that outlives it. */
async function send(deps: PerformDeps, job: Job, target: Target, action: Action) {
  if (!isRepeatable(action, target)) await holdWhileSending(deps, job);
  return target.provider.perform(target.link, action.task, action.change, sendingOptions(deps, job));
}

/** The provider refused the first request, so there was no effect. Later, an earlier answer may have been lost. */
function isRefusedOutright(action: Queued, job: Job, error: unknown): boolean {
  return action.sentAt === undefined && job.attempt === 1 && error instanceof ProviderError && !passes(error);
}

function isRepeatable(action: Action, { provider }: Target): boolean {
  return provider.capabilities.of(action.task).verbs[action.change.verb]?.repeatable === true;
}

/**
 * Reads the task, so that nothing regresses and Undo restores the true state. Then marks the action as sent: from here
 * on an effect is possible, and the action cannot be withdrawn.
 */
async function prepare(deps: PerformDeps, job: Job, target: Target, action: Queued): Promise<Ready> {
  const read = await target.provider.readTask(target.link, action.taskId, urgencyOf(deps, job));
  if (!isOpen(read)) return { found: closed(read) };
  if (await wasMovedElsewhere(deps, action, read)) return noteMoved(deps, action, read);
  if (isExpired(action, deps.clock())) return 'expired';
  const now = { task: asRead(action, read), externalId: target.link.externalId };
  const marked = await deps.store.ledger.transition(action.id, (current) =>
    transitions.send(current, now, deps.clock()),
  );
  if (marked) return { send: marked };
  // Withdrawn by Undo, or marked by a slow worker: that one can settle nothing any more, so we go on.
  const current = await deps.store.ledger.find(action.id);
  return current?.state === 'queued' ? resume(deps, job, target, current) : 'withdrawn';
}

/** The due date changed since the rep chose a time; sending would undo somebody's work. */
function wasMoved(action: Queued, now: Task): boolean {
  if (!movesDate(action.change.verb) || isDueAt(now, dueAtOf(action))) return false;
  const before = action.task.dueAt;
  return before === undefined ? now.dueAt !== undefined : !isDueAt(now, before);
}

/** A date that this rep set, or that Undo restored, does not count as somebody else's. */
async function wasMovedElsewhere(deps: PerformDeps, action: Queued, now: Task): Promise<boolean> {
  if (!wasMoved(action, now)) return false;
  const before = await deps.store.ledger.before(action);
  return before === undefined || !(isDueAt(now, dueAtOf(before)) || isDueAt(now, before.task.dueAt));
}

/** Rows first: once the action is settled, they offer their verbs again, for the task as it is now. */
async function noteMoved(deps: PerformDeps, action: Queued, task: Task): Promise<Ready> {
  await deps.store.messages.noteSeen(action, { how: 'changed', at: deps.clock(), task: asRead(action, task) }, 0);
  return { found: { how: 'moved', dueAt: task.dueAt } };
}

/** The chosen time is in the past now. */
function isExpired(action: Queued, now: number): boolean {
  const dueAt = dueAtOf(action);
  return dueAt !== undefined && dueAt <= now;
}

/** Fields that this read leaves out (Reply.io: the contact's name) are kept from the list. */
function asRead(action: Queued, read: Task): Task {
  return { ...action.task, ...read };
}

/** Too short for anyone to change the task on purpose. Once only, so that one task does not open the circuit breaker. */
const RESEND_WINDOW_MS = 30_000;

/**
 * An earlier request may have had an effect. A repeatable one is sent again within seconds. Otherwise, and after a
 * Retry, the task is read first: it may have happened. If not, Undo restores the state that was read now.
 */
async function resume(deps: PerformDeps, job: Job, target: Target, action: Queued): Promise<Ready> {
  const { verb } = action.change;
  const justNow = job.attempt === 2 && deps.clock() - (action.sentAt ?? 0) < RESEND_WINDOW_MS;
  if (justNow && isRepeatable(action, target)) return { send: action };
  const read = await target.provider.readTask(target.link, action.taskId, urgencyOf(deps, job));
  if (!isOpen(read)) return keepsOpen(verb) || movesDate(verb) ? { found: closed(read) } : 'happened';
  if (movesDate(verb) && isDueAt(read, dueAtOf(action))) return 'happened';
  if (await wasMovedElsewhere(deps, action, read)) return noteMoved(deps, action, read);
  if (isExpired(action, deps.clock())) return 'expired';
  const task = asRead(action, read);
  const marked = await deps.store.ledger.transition(action.id, (current) => transitions.reread(current, task));
  return marked ? { send: marked } : 'withdrawn';
}
