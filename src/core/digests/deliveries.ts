/** What became of every digest that was due on a date, and a watch over those that are late. */
import { type Delivery, type Outcome, withoutRun } from '../model/delivery.ts';
import type { Run } from '../model/digest.ts';
import { MINUTE } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';

/** Every rep whose digest was due on the date, `YYYY-MM-DD` in the rep's zone, by name. */
export async function deliveriesOf(
  { store, calendar, clock }: Pick<Ports, 'store' | 'calendar' | 'clock'>,
  date: string,
): Promise<Delivery[]> {
  const now = clock();
  const found: Delivery[] = [];
  for (const run of await store.runs.ofDate(date)) found.push({ ...run, outcome: outcomeOf(run) });
  for (const schedule of await store.schedules.withoutRun(date)) {
    const { teamId, userId, name, zone, linked } = schedule;
    const holidays = await calendar.holidaysOf(schedule.country);
    const known = withoutRun(schedule, { date, now, zone, holidays, linked });
    if (known) found.push({ teamId, userId, name, postedAt: undefined, ...known });
  }
  return found.sort((a, b) => a.name.localeCompare(b.name, 'en') || a.userId.localeCompare(b.userId));
}

function outcomeOf({ state, why }: Run): Outcome {
  if (state === 'posted') return 'sent';
  return state === 'claimed' ? 'waiting' : (why ?? 'unknown');
}

/** A digest that was not sent so long after its time is late. */
const LATE_MS = 10 * MINUTE;

export interface Late {
  reps: number;
  /** Ids of some of them, longest late first. */
  first: readonly string[];
}

type WatchDeps = Pick<Ports, 'store' | 'clock' | 'log'>;

/** Due, and not sent after ten minutes. What this very tick has claimed is about to be sent: a downtime is no alarm. */
export async function lateDigests({ store, clock }: Omit<WatchDeps, 'log'>): Promise<Late> {
  const now = clock();
  const unsent = await store.runs.unsent({ dueBy: now - LATE_MS, claimedBefore: now });
  const unclaimed = await store.schedules.due(now - LATE_MS, MOST_UNCLAIMED);
  return {
    reps: unsent.reps + unclaimed.length,
    first: [...unsent.first, ...unclaimed].slice(0, MOST_NAMED).map(({ userId }) => userId),
  };
}

const MOST_NAMED = 5;
/** Each of these has an error of its own in the log. */
const MOST_UNCLAIMED = 200;

/** Looked at once a tick. One error for all that are late, and another only when more are. */
export function createWatch(deps: WatchDeps) {
  let told = 0;
  return {
    async look(): Promise<void> {
      const { reps, first } = await lateDigests(deps);
      if (reps > told) deps.log.error({ reps, first }, 'digests are due and not sent after ten minutes');
      if (reps === 0 && told > 0) deps.log.info({}, 'no digest is late any more');
      told = reps;
    },
  };
}
