/** Welcomes a rep without links at their first digest time, once: silence would look like a broken Docket. */
import { enqueueNotice } from '../jobs/notices.ts';
import type { Schedule } from '../model/digest.ts';
import type { Instant } from '../model/keys.ts';
import { CATCH_UP_WINDOW, nextDigestAfterPause } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import { openTools } from './listing.ts';
import { latestDue } from './send.ts';

type WelcomeDeps = Pick<Ports, 'store' | 'queue' | 'providers' | 'calendar' | 'clock' | 'log'>;

/** The others follow in the next tick. */
const BATCH = 200;

/** Only where reps can sign in: otherwise there is nothing that they could do. */
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
  const holidays = await deps.calendar.holidaysOf(schedule.country);
  if (now - latestDue(schedule, now, holidays) > CATCH_UP_WINDOW) {
    // Not in the middle of the night: at the next digest time.
    const next = { from: nextDueAt, to: nextDigestAfterPause(schedule, zone, now, holidays) };
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
