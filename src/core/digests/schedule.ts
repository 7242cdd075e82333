/** When a rep wants to hear from us: pausing, resuming, and the hour. */
import { RECORDED_WITHIN } from '../clicks/record.ts';
import { FOREVER, type Schedule } from '../model/digest.ts';
import type { Instant, RepKey } from '../model/keys.ts';
import type { Rep } from '../model/people.ts';
import { localDate, nextDigestAfterPause, nextDigestAt } from '../model/time.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';

interface ScheduleDeps {
  store: Pick<Store, 'transact' | 'schedules' | 'runs'>;
  clock: Clock;
}

export interface Schedules {
  /** Until the rep resumes, or until an instant. */
  pause(rep: Rep, until?: Instant): Promise<Schedule>;
  resume(rep: Rep): Promise<Schedule>;
  /** Throws when it could not be recorded within two seconds; then nothing was. */
  choose(rep: Rep, choice: Pick<Schedule, 'time' | 'days'>): Promise<Schedule>;
  /** For a rep whose zone changed: the same time of day, elsewhere. */
  followZone(rep: Rep): Promise<Schedule>;
}

export function createSchedules(deps: ScheduleDeps): Schedules {
  return {
    pause: (rep, until = FOREVER) => change(deps, rep, { pausedUntil: until }),
    resume: (rep) => change(deps, rep, { pausedUntil: undefined }),
    choose: (rep, choice) => change(deps, rep, choice, RECORDED_WITHIN),
    followZone: (rep) => change(deps, rep, {}),
  };
}

async function change(
  deps: ScheduleDeps,
  rep: Rep,
  patch: Partial<Schedule>,
  options?: typeof RECORDED_WITHIN,
): Promise<Schedule> {
  const write = async (tx: Tx) => {
    const current = await deps.store.schedules.find(rep, tx);
    if (!current) throw new TypeError(`no schedule for ${describe(rep)}`);
    const wish = { ...current, ...patch };
    let nextDueAt = nextDigestAfterPause(wish, rep.zone, deps.clock());
    // A date that had its digest gets no second one, whatever hour is chosen now.
    while (nextDueAt < FOREVER && (await deps.store.runs.find(rep, localDate(nextDueAt, rep.zone), tx))) {
      nextDueAt = nextDigestAt(wish, rep.zone, nextDueAt);
    }
    const schedule = { ...wish, nextDueAt };
    await deps.store.schedules.save(schedule, tx);
    return schedule;
  };
  return deps.store.transact(write, options);
}

function describe(rep: RepKey): string {
  return `${rep.teamId}/${rep.userId}`;
}
