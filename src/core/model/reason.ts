/** Why a task stands where it stands, in one reason, and what the reasons are made of. Pure. */
import type { Instant } from './keys.ts';
import type { Deal, Task } from './task.ts';
import { DAY, type RepTime } from './time.ts';
import { begunSince, workDays } from './work-days.ts';

/**
 * `skips`: the provider skips it by itself before the rep's next working day is over. `deal`: its deal closes in so many
 * calendar days. `late`: so many of the rep's working days have begun since it was due.
 */
export type Reason =
  | { why: 'skips'; at: Instant }
  | { why: 'priority'; name: string; isMost: boolean }
  | { why: 'deal'; deal: Deal; closesIn: number }
  | { why: 'late'; workingDays: number };

/** So near that its weekday names the day. */
const NEAR_DAYS = 6;

/**
 * The one that a rep would give first: what is lost by waiting, then what somebody decided, then what is at stake. Where
 * there is none, the due date says all.
 */
export function reasonOf({ skipsAt, priority, deal, dueAt }: Task, time: RepTime): Reason | undefined {
  const { today, starts, nextEnds } = workDays(time);
  if (skipsAt !== undefined && skipsAt > time.now && skipsAt < nextEnds) return { why: 'skips', at: skipsAt };
  const urgency = urgencyOf(priority);
  if (priority !== undefined && urgency > 0) return { why: 'priority', name: priority, isMost: urgency === 1 };
  const closesIn = daysToClose(deal, today);
  if (deal && closesIn !== undefined && closesIn <= NEAR_DAYS) return { why: 'deal', deal, closesIn };
  const workingDays = dueAt === undefined ? 0 : begunSince(dueAt, starts);
  return workingDays > 0 ? { why: 'late', workingDays } : undefined;
}

/** Names that mean something without their tool's scale. Any other says nothing about the order. */
const URGENCIES: ReadonlyMap<string, number> = new Map([
  ['urgent', 1],
  ['critical', 1],
  ['highest', 1],
  ['high', 2 / 3],
  ['low', -1 / 2],
  ['lowest', -1 / 2],
]);

/** From -0.5, what can wait, to 1. Usual is 0. */
export function urgencyOf(priority: string | undefined): number {
  return URGENCIES.get(priority?.trim().toLowerCase() ?? '') ?? 0;
}

/** Calendar days from today; undefined for no date, and for one that has passed: those are forgotten in a CRM. */
export function daysToClose(deal: Deal | undefined, today: number): number | undefined {
  const closes = deal?.closesOn === undefined ? undefined : dayNumber(deal.closesOn);
  return closes === undefined || closes < today ? undefined : closes - today;
}

/** Days since 1970 of `YYYY-MM-DD`; undefined: not a day of the calendar. */
function dayNumber(date: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return undefined;
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8))];
  const at = new Date(Date.UTC(year, month - 1, day));
  // 30 February would be a day in March.
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day ? at.getTime() / DAY : undefined;
}
