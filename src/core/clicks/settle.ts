/** The end of an action's job: the ledger is written, then the rows are shown. */
import { type Ended, type Handler, newJob, simpleHandler, type Trouble } from '../jobs/kinds.ts';
import { isOfMany } from '../jobs/lease.ts';
import { type Action, type Waiting, waitingOf } from '../model/action.ts';
import { ProviderError } from '../model/errors.ts';
import type { Instant } from '../model/keys.ts';
import * as transitions from '../model/transitions.ts';
import type { Ports } from '../ports/ports.ts';
import type { Job, NewJob } from '../ports/queue.ts';
import type { Screen } from '../ports/screen.ts';
import type { Tx } from '../ports/transaction.ts';
import { type NoteDeps, noteSettled } from './noted.ts';

type SettleDeps = NoteDeps & Pick<Ports, 'store' | 'queue' | 'screen'>;

/** Long after the normal path has shown the outcome. */
const SHOW_AGAIN_AFTER_MS = 10_000;

/** Shows an outcome even if the process dies first. `what`: different outcomes of the same attempt. */
export function showJob(action: Action, what: 'settled' | 'withdrawn' | 'dropped', now: Instant): NewJob {
  const { teamId, userId, provider, taskId } = action;
  const payload = { kind: 'show', teamId, userId, provider, taskId } as const;
  return newJob(`show:${action.id}:${action.attempts}:${what}`, payload, now + SHOW_AGAIN_AFTER_MS);
}

/** Shows the outcome of a click if the process died before that. */
export function showHandler(screen: Pick<Screen, 'showTask'>): Handler<'show'> {
  return simpleHandler(({ kind: _, ...task }) => screen.showTask(task));
}

export function settled(
  deps: SettleDeps,
  job: Job,
  action: Action,
  next: (action: Action) => Action | undefined,
): Ended {
  let now: Action | undefined;
  const write = async (tx: Tx) => {
    now = await deps.store.ledger.transition(action.id, next, tx);
  };
  const noted = (show: () => Promise<unknown>) => async () => {
    noteSettled(deps, now);
    await show();
  };
  // The sweep's own job shows the rows, even if the process dies before (`sweep-progress.ts`).
  if (isOfMany(job)) return { write, after: noted(() => deps.screen.showCalmly([action])) };
  if (isQuiet(job)) return { write, after: noted(async () => deps.screen.showInWindows(action)) };
  const show = showJob(action, 'settled', deps.clock());
  return {
    async write(tx) {
      await write(tx);
      await deps.queue.enqueue(show, tx);
    },
    after: noted(async () => {
      await deps.screen.showTask(action);
      if (now) deps.meter.outcomeShown(deps.clock() - waitedFrom(action));
      await deps.queue.cancel(show.key);
    }),
  };
}

/** The undo window is the rep's, not a delay. */
function waitedFrom(action: Action): Instant {
  if (action.state === 'undoing') return action.undoAskedAt;
  return action.state === 'queued' ? (action.heldUntil ?? action.createdAt) : action.createdAt;
}

function isQuiet({ payload }: Job): boolean {
  return payload.kind === 'perform' && payload.isQuiet === true;
}

export function referenceOf(error: unknown): string | undefined {
  return error instanceof ProviderError ? error.reference : undefined;
}

/** A shorter pause is not shown to the rep. */
const TELL_AFTER_MS = 5_000;

/** Ends an attempt that will be retried. Rows show it if the pause is long. */
export function delayed(
  deps: SettleDeps,
  job: Job,
  action: Action,
  { error, decision: { again, reason, until } }: Trouble,
): Ended {
  const before = waitingOf(action);
  const isShort = again.runAt - deps.clock() < TELL_AFTER_MS;
  const waiting = isShort || saysTheSame(before, reason) ? before : { reason, until };
  const isNews = waiting?.reason !== before?.reason || waiting?.until !== before?.until;
  const attempts = action.attempts + (again.free ? 0 : 1);
  // If nothing was sent, the action can be withdrawn again and is read again. Only for a first attempt: a later worker
  // does not know
  // what an earlier one sent.
  const wasNotDone = error instanceof ProviderError && (error.kind === 'rate_limited' || error.kind === 'away');
  const unsent = action.sentAt === undefined && job.attempt === 1 && wasNotDone;
  return {
    write: (tx) => {
      const next = (now: Action) =>
        now.state === action.state ? transitions.wait(now, { attempts, waiting, unsent }) : undefined;
      return deps.store.ledger.transition(action.id, next, tx);
    },
    ...(isNews && { after: () => showOutcome(deps, job, action) }),
  };
}

async function showOutcome({ screen }: SettleDeps, job: Job, action: Action): Promise<void> {
  if (isQuiet(job)) return screen.showInWindows(action);
  return isOfMany(job) ? screen.showCalmly([action]) : screen.showTask(action);
}

/** A retry while the provider is away is nothing new for the rep. */
function saysTheSame(waiting: Waiting | undefined, reason: Waiting['reason']): boolean {
  return waiting?.reason === 'away' && (reason === 'unavailable' || reason === 'unreadable');
}
