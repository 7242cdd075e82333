/** When a rep wants to hear from us: pausing, resuming, and the hour. */
import type { Clock, Schedules } from './ports.ts';
import { nextDigestAfterPause } from './time.ts';
import type { Instant, Rep, RepKey, Schedule } from './types.ts';
import { FOREVER } from './types.ts';

export interface ScheduleDeps {
  store: { schedules: Schedules };
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
  return change(deps, rep, choice);
}

/** For a rep whose zone changed: the same time of day, elsewhere. */
export async function reschedule(deps: ScheduleDeps, rep: Rep): Promise<Schedule> {
  return change(deps, rep, {});
}

async function change(deps: ScheduleDeps, rep: Rep, patch: Partial<Schedule>): Promise<Schedule> {
  const current = await deps.store.schedules.find(rep);
  if (!current) throw new TypeError(`no schedule for ${describe(rep)}`);
  const next = { ...current, ...patch };
  const schedule = { ...next, nextDueAt: nextDigestAfterPause(next, rep.zone, deps.clock()) };
  await deps.store.schedules.save(schedule);
  return schedule;
}

function describe(rep: RepKey): string {
  return `${rep.teamId}/${rep.userId}`;
}
