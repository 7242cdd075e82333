/** A snooze to later on the same day announces itself at its time (`src/core/digests/returns.ts`). */
import { type Ended, newJob } from '../jobs/kinds.ts';
import { type Action, dueAtOf } from '../model/action.ts';
import type { Instant, RepKey } from '../model/keys.ts';
import { localDate } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { NewJob } from '../ports/queue.ts';

/**
 * The end of a successful snooze, with its return in the same transaction. One to another day needs none: it comes with
 * that day's digest.
 */
export async function comingBack(
  { store, queue, clock }: Pick<Ports, 'store' | 'queue' | 'clock'>,
  action: Action,
  ended: Ended,
): Promise<Ended> {
  const dueAt = dueAtOf(action);
  if (action.change.verb !== 'snooze' || dueAt === undefined) return ended;
  const { id: actionId, teamId, userId } = action;
  const rep = await store.reps.find(action);
  const now = clock();
  if (!rep || localDate(dueAt, rep.zone) !== localDate(now, rep.zone)) return ended;
  return {
    ...ended,
    async write(tx) {
      await ended.write?.(tx);
      await store.returns.add({ teamId, userId, actionId, dueAt }, tx);
      // The job of that time may have run already, so one that settled late has its own.
      const own = dueAt > now ? [] : [actionId];
      await queue.enqueue(returnJob({ teamId, userId }, dueAt, Math.max(dueAt, now), own), tx);
    },
  };
}

/** One for all tasks of a rep that come back at a time. `more`: makes another key for the same time. */
export function returnJob(
  { teamId, userId }: RepKey,
  dueAt: Instant,
  runAt: Instant,
  more: readonly (string | number)[] = [],
): NewJob {
  const key = ['return', teamId, userId, dueAt, ...more].join(':');
  return newJob(key, { kind: 'return', teamId, userId, dueAt }, runAt);
}
