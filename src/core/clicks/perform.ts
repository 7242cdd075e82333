/**
 * The worker's half of a click: reads the task, has the provider perform the verb, settles the ledger.
 *
 * **Invariant 7**: nothing regresses, and an action has at most one effect (invariant 2): what was not sent is read
 * first, and what may have been sent is recognised before it is sent again.
 */
import type { Ended, Handler } from '../jobs/kinds.ts';
import { holdWhileSending, sendingOptions, urgencyOf } from '../jobs/lease.ts';
import { type Action, type ActionIn, dueAtOf, type FailureReason, type StaleCause } from '../model/action.ts';
import { keepsOpen, movesDate } from '../model/action-rules.ts';
import type { ProviderId } from '../model/keys.ts';
import type { Task } from '../model/task.ts';
import * as transitions from '../model/transitions.ts';
import type { TaskProvider } from '../ports/provider.ts';
import type { Job } from '../ports/queue.ts';
import { delayed, referenceOf, type SettleDeps, settled } from './settle.ts';
import { closed, findTarget, isDueAt, isOpen, isSameAccount, type Target } from './target.ts';

export interface PerformDeps extends SettleDeps {
  providers: ReadonlyMap<ProviderId, TaskProvider>;
}

type Queued = ActionIn<'queued'>;

/** The result of a look at the provider: the action as it is to be sent, or why nothing is sent now. */
type Ready = { send: Action } | { found: StaleCause } | 'happened' | 'expired' | 'withdrawn';

export function performHandler(deps: PerformDeps): Handler<'perform'> {
  return async ({ actionId }, job) => {
    const action = await deps.store.ledger.find(actionId);
    if (action?.state !== 'queued') return undefined;
    return {
      run: () => perform(deps, job, action),
      again: (trouble) => delayed(deps, job, action, trouble),
      giveUp: ({ reason, error }) =>
        settled(deps, action, (now) => {
          const nothingSent = error !== undefined && isRefusedOutright(action, job, reason);
          return transitions.fail(now, reason, deps.clock(), { reference: referenceOf(error), nothingSent });
        }),
    };
  };
}

async function perform(deps: PerformDeps, job: Job, action: Queued): Promise<Ended> {
  const fail = (reason: FailureReason) => settled(deps, action, (now) => transitions.fail(now, reason, deps.clock()));
  const target = await findTarget(deps, action);
  // What may have been sent as one user is never gone on with as another; what was not is read first, as who they are now.
  const mayGoOn = target !== undefined && (action.sentAt === undefined || isSameAccount(action, target));
  if (!mayGoOn) return fail('not_linked');
  const ready = await (action.sentAt === undefined ? prepare : resume)(deps, job, target, action);
  if (ready === 'withdrawn') return {};
  if (ready === 'expired') return fail('expired');
  if (ready !== 'happened' && 'found' in ready) {
    return settled(deps, action, (now) => transitions.leaveAlone(now, ready.found, deps.clock()));
  }
  const { reference } = ready === 'happened' ? action : await send(deps, job, target, ready.send);
  return settled(deps, action, (now) => transitions.succeed(now, reference, deps.clock()));
}

/** What must not happen twice is sent only under a lease that outlives the sending. */
async function send(deps: PerformDeps, job: Job, target: Target, action: Action) {
  if (!isRepeatable(action, target)) await holdWhileSending(deps, job);
  return target.provider.perform(target.link, action.task, action.change, sendingOptions(deps, job));
}

/** The provider understood, and did not do it. */
const REFUSALS: readonly FailureReason[] = [
  'auth',
  'disconnected',
  'not_enabled',
  'forbidden',
  'not_found',
  'invalid',
  'immovable',
  'conflict',
];

/** The first sending was refused, so nothing can have happened; after any other, an earlier answer may have been lost. */
function isRefusedOutright(action: Queued, job: Job, reason: FailureReason): boolean {
  return action.sentAt === undefined && job.attempt === 1 && REFUSALS.includes(reason);
}

function isRepeatable(action: Action, { provider }: Target): boolean {
  return provider.capabilities.of(action.task).verbs[action.change.verb]?.repeatable === true;
}

/**
 * Reads the task as it is now, so that nothing regresses and Undo goes back to the truth, and marks the action as sent
 * before anything is. Once that mark stands, an effect is possible and the action can no longer be withdrawn.
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
  // Withdrawn by Undo, or marked by a worker that was only slow: that one can settle nothing any more, so we go on.
  const current = await deps.store.ledger.find(action.id);
  return current?.state === 'queued' ? resume(deps, job, target, current) : 'withdrawn';
}

/** The rep chose a time for a task that was due at another; to whoever moved it since, that would undo their work. */
function wasMoved(action: Queued, now: Task): boolean {
  if (!movesDate(action.change.verb) || isDueAt(now, dueAtOf(action))) return false;
  const before = action.task.dueAt;
  return before === undefined ? now.dueAt !== undefined : !isDueAt(now, before);
}

/** A time that this rep gave it, or that Undo brought back, is no one else's doing: another message may not know of it. */
async function wasMovedElsewhere(deps: PerformDeps, action: Queued, now: Task): Promise<boolean> {
  if (!wasMoved(action, now)) return false;
  const before = await deps.store.ledger.before(action);
  return before === undefined || !(isDueAt(now, dueAtOf(before)) || isDueAt(now, before.task.dueAt));
}

/** The rows first: once the action is settled they offer their verbs again, for the task as it is. */
async function noteMoved(deps: PerformDeps, action: Queued, task: Task): Promise<Ready> {
  await deps.store.messages.noteSeen(action, { how: 'changed', at: deps.clock(), task: asRead(action, task) }, 0);
  return { found: { how: 'moved', dueAt: task.dueAt } };
}

/** What waited for long must not set a task to a time that has passed. */
function isExpired(action: Queued, now: number): boolean {
  const dueAt = dueAtOf(action);
  return dueAt !== undefined && dueAt <= now;
}

/** What one reading of a provider leaves out (Reply.io: the contact's name) is known from the list. */
function asRead(action: Queued, read: Task): Task {
  return { ...action.task, ...read };
}

/** Too short for anyone to have changed the task at the provider on purpose. Once, so that one task is not five failures in a row. */
const REPEATED_WITHIN = 30_000;

/**
 * Something may have gone out already, and its answer was lost. Within seconds, what does the same twice as once is
 * simply sent again, and Undo goes back to what was before the first sending. Of anything else, and after a Retry, the
 * provider is asked first whether it has happened; if it has not, what was read now is what Undo goes back to.
 */
async function resume(deps: PerformDeps, job: Job, target: Target, action: Queued): Promise<Ready> {
  const { verb } = action.change;
  const justNow = job.attempt === 2 && deps.clock() - (action.sentAt ?? 0) < REPEATED_WITHIN;
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
