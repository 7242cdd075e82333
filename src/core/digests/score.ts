/** What a task is worth within its group, as one number (docs/ranking.md). Pure. */
import { moneyOf } from '../model/currency.ts';
import type { Instant } from '../model/keys.ts';
import { FACTORS, type Factor, type Weights } from '../model/ranking.ts';
import { daysToClose, urgencyOf } from '../model/reason.ts';
import type { Task, TaskKind } from '../model/task.ts';
import { HOUR, type RepTime } from '../model/time.ts';
import { begunSince, MOST_DAYS_LATE, workDays } from '../model/work-days.ts';

/** The score of each of these tasks, in their order. An amount counts beside the others, so all tasks are needed at once. */
export function scores(tasks: readonly Task[], time: RepTime, weights: Weights): number[] {
  const { today, starts } = workDays(time);
  const shares = sharesOf(tasks);
  return tasks.map((task, index) => {
    const values = {
      overdue: task.dueAt === undefined ? 0 : lateness(begunSince(task.dueAt, starts)),
      due: task.dueAt === undefined ? 0 : soonness(task.dueAt, time.now),
      priority: urgencyOf(task.priority),
      amount: shares[index] ?? 0,
      closing: nearness(daysToClose(task.deal, today), CLOSING_DAYS),
      kind: kindValue(task),
      skips: nearness(hoursToSkip(task, time.now), SKIP_HOURS),
    } satisfies Record<Factor, number>;
    return FACTORS.reduce((sum, factor) => sum + weights[factor] * values[factor], 0);
  });
}

/** Six weeks, two months, five days: beyond them a date is as far away as none. */
const DUE_HOURS = 42 * 24;
const CLOSING_DAYS = 60;
const SKIP_HOURS = 5 * 24;

function lateness(workingDays: number): number {
  return Math.log2(1 + workingDays) / Math.log2(1 + MOST_DAYS_LATE);
}

function soonness(dueAt: Instant, now: Instant): number {
  return dueAt <= now ? 1 : nearness((dueAt - now) / HOUR, DUE_HOURS);
}

/** A moment that has passed says nothing: the task is open still. */
function hoursToSkip({ skipsAt }: Task, now: Instant): number | undefined {
  return skipsAt === undefined || skipsAt <= now ? undefined : (skipsAt - now) / HOUR;
}

/** From 1, now, to 0. Each doubling of the time that is left takes the same: an hour counts today, not next month. */
function nearness(ahead: number | undefined, horizon: number): number {
  return ahead === undefined ? 0 : Math.max(0, 1 - Math.log2(1 + ahead) / Math.log2(1 + horizon));
}

/** A call is made when it is due, or not at all; a to-do can be done at any hour. */
const KINDS: Partial<Record<TaskKind, number>> = { call: 1, meeting: 1, email: 0.5, linkedin: 0.5, sms: 0.5 };

function kindValue({ kind = 'other', dueAt }: Task): number {
  const value = KINDS[kind] ?? 0;
  return dueAt === undefined ? Math.min(value, 0.5) : value;
}

/**
 * The share of the amounts in the same currency that are smaller: no exchange rate is needed, and none is guessed. Counted
 * with one more at the bottom, so that the only amount of a currency stands in the middle, and none below all.
 */
export function sharesOf(tasks: readonly Task[]): number[] {
  const sums = tasks.map(({ deal }) => moneyOf(deal?.amount, deal?.currency));
  const known = Map.groupBy(
    sums.filter((sum) => sum !== undefined),
    ({ currency }) => currency,
  );
  const smaller = new Map([...known].map(([currency, all]) => [currency, smallerThan(all.map(({ value }) => value))]));
  return sums.map((sum) => {
    if (!sum) return 0;
    const count = known.get(sum.currency)?.length ?? 0;
    return ((smaller.get(sum.currency)?.get(sum.value) ?? 0) + 1) / (count + 1);
  });
}

/** How many are smaller than each. */
function smallerThan(values: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const [index, value] of values.toSorted((a, b) => a - b).entries()) {
    if (!counts.has(value)) counts.set(value, index);
  }
  return counts;
}
