/** A call that is moved to later today has its reminder (`src/core/digests/nudges.ts`), if the rep wants them. */
import { type Ended, newJob } from '../jobs/kinds.ts';
import { type Action, dueAtOf } from '../model/action.ts';
import { callToCome, NUDGE_AHEAD_MS } from '../model/day.ts';
import type { Instant, ProviderId, RepKey } from '../model/keys.ts';
import type { Task } from '../model/task.ts';
import type { Ports } from '../ports/ports.ts';
import type { NewJob } from '../ports/queue.ts';

type NudgeDeps = Pick<Ports, 'store' | 'queue' | 'clock'>;

/** The end of a successful Reschedule, with the reminder in the same transaction. A snooze to later today comes back by itself. */
export async function remindingOf(deps: NudgeDeps, action: Action, ended: Ended): Promise<Ended> {
  if (action.change.verb !== 'reschedule') return ended;
  const job = await nudgeOf(deps, action, { ...action.task, dueAt: dueAtOf(action) });
  if (!job) return ended;
  return {
    ...ended,
    async write(tx) {
      await ended.write?.(tx);
      await deps.queue.enqueue(job, tx);
    },
  };
}

/** Of a task that was moved at its tool. */
export async function planNudge(deps: NudgeDeps, key: RepKey, task: Task): Promise<void> {
  const job = await nudgeOf(deps, key, task);
  if (job) await deps.queue.enqueue(job);
}

/** undefined: it is no call of later today, or the rep wants no reminder. */
async function nudgeOf({ store, clock }: NudgeDeps, key: RepKey, task: Task): Promise<NewJob | undefined> {
  if (task.kind !== 'call') return undefined;
  const { rep, schedule } = (await store.reps.recipient(key)) ?? {};
  const callAt = rep && callToCome(task, { now: clock(), zone: rep.zone });
  return callAt !== undefined && schedule?.choices.nudges ? nudgeJob(key, callAt, [task.provider]) : undefined;
}

/** One for all calls of a rep that are due in a minute. `tools`: those that hold them. `againAt`: another look at these. */
export function nudgeJob(
  { teamId, userId }: RepKey,
  callAt: Instant,
  tools: readonly ProviderId[],
  againAt?: Instant,
): NewJob {
  const isAgain = againAt !== undefined;
  const payload = { kind: 'nudge', teamId, userId, callAt, tools, ...(isAgain && ({ isAgain } as const)) } as const;
  const key = nudgeKey({ teamId, userId }, callAt);
  return newJob(isAgain ? `${key}:${againAt}` : key, payload, againAt ?? callAt - NUDGE_AHEAD_MS);
}

export function nudgeKey({ teamId, userId }: RepKey, callAt: Instant): string {
  return `nudge:${teamId}:${userId}:${callAt}`;
}
