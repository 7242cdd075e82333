/** Digest schedules: pausing, resuming and choosing the time. */
import { RECORD_TIMEOUT } from '../clicks/record.ts';
import { FOREVER, type Schedule } from '../model/digest.ts';
import type { Instant } from '../model/keys.ts';
import type { Rep } from '../model/people.ts';
import { localDate, nextDigestAfterPause, nextDigestAt } from '../model/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { Tx } from '../ports/transaction.ts';

type ScheduleDeps = Pick<Ports, 'store' | 'clock'>;

export type Schedules = ReturnType<typeof createSchedules>;

export function createSchedules(deps: ScheduleDeps) {
  return {
    /** Without an instant, until the rep resumes. */
    pause: (rep: Rep, until: Instant = FOREVER) => change(deps, rep, { pausedUntil: until }),
    resume: (rep: Rep) => change(deps, rep, { pausedUntil: undefined }),
    /** Throws if it could not be recorded within two seconds; then nothing was. */
    choose: (rep: Rep, choice: Pick<Schedule, 'time' | 'days'>) => change(deps, rep, choice, RECORD_TIMEOUT),
    /** Keeps the time of day after the rep's zone changed. */
    followZone: (rep: Rep) => change(deps, rep, {}),
  };
}

async function change(
  deps: ScheduleDeps,
  rep: Rep,
  patch: Partial<Schedule>,
  options?: typeof RECORD_TIMEOUT,
): Promise<Schedule> {
  const write = async (tx: Tx) => {
    const current = await deps.store.schedules.find(rep, tx);
    if (!current) throw new TypeError(`no schedule for ${rep.teamId}/${rep.userId}`);
    const wish = { ...current, ...patch };
    let nextDueAt = nextDigestAfterPause(wish, rep.zone, deps.clock());
    // A date with a digest gets no second one.
    while (nextDueAt < FOREVER && (await deps.store.runs.find(rep, localDate(nextDueAt, rep.zone), tx))) {
      nextDueAt = nextDigestAt(wish, rep.zone, nextDueAt);
    }
    const schedule = { ...wish, nextDueAt };
    await deps.store.schedules.save(schedule, tx);
    return schedule;
  };
  return deps.store.transact(write, options);
}
