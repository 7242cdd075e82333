/** The first word to a rep for whom no tool is linked, at their digest time, once. Silence would look like a Docket that is down. */

import { enqueueNotice } from '../jobs/notices.ts';
import type { Schedule } from '../model/digest.ts';
import type { Instant, ProviderId } from '../model/keys.ts';
import { CATCH_UP_WINDOW, nextDigestAfterPause } from '../model/time.ts';
import type { TaskProvider } from '../ports/provider.ts';
import type { Queue } from '../ports/queue.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { openTools } from './listing.ts';
import { latestDue } from './send.ts';

interface WelcomeDeps {
  store: Store;
  queue: Queue;
  providers: ReadonlyMap<ProviderId, TaskProvider>;
  clock: Clock;
  log: Log;
}

/** The others come with the next tick. */
const BATCH = 200;

/** Where reps are linked by their address alone, there is nothing that one could ask them to do. */
export async function welcomeReps(deps: WelcomeDeps): Promise<number> {
  if (![...deps.providers.values()].some(({ consent }) => consent)) return 0;
  const now = deps.clock();
  let welcomed = 0;
  for (const schedule of await deps.store.schedules.toWelcome(now, [...deps.providers.keys()], BATCH)) {
    try {
      welcomed += (await welcome(deps, schedule, now)) ? 1 : 0;
    } catch (error) {
      deps.log.error({ err: error, rep: schedule.userId }, 'could not welcome a rep');
    }
  }
  return welcomed;
}

async function welcome(deps: WelcomeDeps, schedule: Schedule & { zone: string }, now: Instant): Promise<boolean> {
  const { teamId, userId, nextDueAt, zone } = schedule;
  const rep = { teamId, userId };
  if (now - latestDue(schedule, now) > CATCH_UP_WINDOW) {
    // Nobody is greeted in the middle of the night: at their next digest time.
    const next = { from: nextDueAt, to: nextDigestAfterPause(schedule, zone, now) };
    await deps.store.schedules.advance(rep, next);
    return false;
  }
  const tools = await openTools(deps, rep);
  return deps.store.transact(async (tx) => {
    if (!(await deps.store.reps.markWelcomed(rep, now, tx)) || tools.length === 0) return false;
    const welcome = { key: `welcome:${teamId}:${userId}`, to: rep, notice: { about: 'welcome', tools } } as const;
    await enqueueNotice(deps, welcome, tx);
    return true;
  });
}
