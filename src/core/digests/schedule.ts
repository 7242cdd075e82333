/** When a rep wants to hear from us: pausing, resuming, and the hour. */
import { RECORDED_WITHIN } from '../clicks/record.ts';
import { FOREVER, type Schedule } from '../model/digest.ts';
import type { Instant, RepKey } from '../model/keys.ts';
import type { Rep } from '../model/people.ts';
import { localDate, nextDigestAfterPause, nextDigestAt } from '../model/time.ts';
import type { Clock } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import type { Tx } from '../ports/transaction.ts';

export interface ScheduleDeps {
  store: Pick<Store, 'transact' | 'schedules' | 'runs'>;
  clock: Clock;
}

export async function pause(deps: ScheduleDeps, rep: Rep, until: Instant = FOREVER): Promise<Schedule> {
  return change(deps, rep, { pausedUntil: until });
}

export async function resume(deps: ScheduleDeps, rep: Rep): Promise<Schedule> {
  return change(deps, rep, { pausedUntil: undefined });
}

export async function setDigestTime(
  deps: ScheduleDeps,
  rep: Rep,
  choice: Pick<Schedule, 'time' | 'days'>,
): Promise<Schedule> {
  return change(deps, rep, choice, RECORDED_WITHIN);
}

/** For a rep whose zone changed: the same time of day, elsewhere. */
export async function followZone(deps: ScheduleDeps, rep: Rep): Promise<Schedule> {
  return change(deps, rep, {});
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
