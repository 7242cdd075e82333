/** What became of a rep's digest on one local date, also where no run says it. */
import { Temporal } from 'temporal-polyfill';
import type { Run, Schedule, SkipReason } from './digest.ts';
import type { Instant, RepKey } from './keys.ts';
import { atLocal, type Holidays, localDate } from './time.ts';

/**
 * `waiting`: due, and neither sent nor skipped yet. `planned`: not due yet. `unknown`: no run, and the schedule as it is now
 * would have had one: it was changed since, or a pause has ended.
 */
export type Outcome = 'sent' | 'waiting' | 'planned' | 'unknown' | SkipReason;

export interface Delivery extends RepKey, Pick<Run, 'rows' | 'unanswered' | 'refusal' | 'dueAt' | 'postedAt'> {
  name: string;
  outcome: Outcome;
}

interface Day {
  date: string;
  now: Instant;
  zone: string;
  holidays: Holidays;
  /** With any provider. */
  linked: boolean;
}

/**
 * A pause and a holiday write no run, so the schedule says why there is none. undefined: a day off, which is no digest's.
 */
export function withoutRun(
  schedule: Schedule,
  { date, now, zone, holidays, linked }: Day,
): { outcome: Outcome; dueAt: Instant } | undefined {
  const day = Temporal.PlainDate.from(date);
  const dueAt = schedule.days.includes(day.dayOfWeek) ? atLocal(day, schedule.time, zone) : undefined;
  if (dueAt === undefined) return undefined;
  const { pausedUntil, nextDueAt } = schedule;
  if (holidays(date) !== undefined) return { outcome: 'holiday', dueAt };
  if (pausedUntil !== undefined && pausedUntil > dueAt) return { outcome: 'paused', dueAt };
  if (!linked) return { outcome: 'no_link', dueAt };
  if (dueAt > now) return { outcome: 'planned', dueAt };
  return { outcome: nextDueAt <= now && localDate(nextDueAt, zone) === date ? 'waiting' : 'unknown', dueAt };
}

/** A morning without its digest. */
export interface LeftOut extends Pick<Run, 'refusal'> {
  localDate: string;
  why: SkipReason;
  /** The name of a public holiday. */
  holiday?: string | undefined;
}

/** So many days back. */
export const LEFT_OUT_DAYS = 14;

/**
 * The mornings of the last two weeks that were left out, oldest first, of today only what is over. `runs`: of these days.
 * `since`: the date of an earlier run; nothing is known of the days before the first one.
 */
export function leftOut(
  schedule: Schedule,
  { now, zone, holidays }: Omit<Day, 'date' | 'linked'>,
  { runs, since }: { runs: readonly Run[]; since: string | undefined },
): LeftOut[] {
  const first = since ?? runs[0]?.localDate;
  const today = Temporal.PlainDate.from(localDate(now, zone));
  const found: LeftOut[] = [];
  for (let back = LEFT_OUT_DAYS; first !== undefined && back >= 0; back -= 1) {
    const date = today.subtract({ days: back }).toString();
    const run = runs.find((each) => each.localDate === date);
    const why = run ? run.why : date < first ? undefined : whyWithoutRun(schedule, { date, now, zone, holidays });
    if (why) found.push({ localDate: date, why, refusal: run?.refusal, holiday: holidays(date) });
  }
  return found;
}

function whyWithoutRun(schedule: Schedule, day: Omit<Day, 'linked'>): SkipReason | undefined {
  const known = withoutRun(schedule, { ...day, linked: true });
  const isOver = known !== undefined && known.dueAt <= day.now;
  return isOver && (known.outcome === 'paused' || known.outcome === 'holiday') ? known.outcome : undefined;
}
