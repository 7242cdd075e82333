/** Why a task stands where it stands, in a few words beside its due date. */
import { moneyOf } from '../src/core/model/currency.ts';
import { type Reason, reasonOf } from '../src/core/model/reason.ts';
import type { Deal, Task } from '../src/core/model/task.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { workingDaysSince } from '../src/core/model/work-days.ts';
import { amountText } from './money.ts';
import { anchor, clockTime, count, daysAhead, dealText, distance, exactTime, mrkdwn, weekday } from './text.ts';

/** What a row says of its task besides who, what and when, each thing once. `''` where there is nothing to say. */
export interface Worth {
  reason: string;
  priority: string;
  stake: string;
  skips: string;
}

/** `linked`: the deal leads to its page. */
export function worthOf(task: Task, provider: string, reader: RepTime, form: { max: number; linked: boolean }): Worth {
  const { deal = {} } = task;
  const reason = reasonOf(task, reader);
  const about = (text: string) => {
    const words = mrkdwn(text, form.max);
    return form.linked ? anchor(deal.url, words) : words;
  };
  const isDeal = reason?.why === 'deal';
  return {
    reason: isDeal ? about(closesText(reason)) : reasonText(reason, provider, reader),
    priority: reason?.why === 'priority' ? '' : priorityText(task),
    stake: isDeal ? mrkdwn(restOf(deal), form.max) : about(dealText(deal)),
    skips: reason?.why === 'skips' ? '' : skips(task, provider, reader),
  };
}

/** Lateness has no words of its own: the due date says it. */
export function reasonText(reason: Reason | undefined, provider: string, reader: RepTime): string {
  switch (reason?.why) {
    case 'skips':
      return `${provider} skips it ${nearDay(reason.at, reader)}, ${clockTime(reason.at, reader)}`;
    case 'priority':
      return reason.isMost ? mrkdwn(reason.name, 30) : priorityText({ priority: reason.name });
    case 'deal':
      return mrkdwn(closesText(reason), 60);
    default:
      return '';
  }
}

/** `$48,000 closes Friday`, where there is a sum to name. */
function closesText({ deal, closesIn }: Extract<Reason, { why: 'deal' }>): string {
  const weekdayOf = weekday(Date.parse(`${deal.closesOn}T12:00:00Z`), 'UTC', 'long');
  return `${sumOf(deal) ?? 'Deal'} closes ${dayName(closesIn, weekdayOf)}`;
}

function sumOf({ amount, currency }: Deal): string | undefined {
  return amount && moneyOf(amount, currency) ? amountText(amount, currency) : undefined;
}

/** What the reason leaves to be said of its deal. */
function restOf(deal: Deal): string {
  return sumOf(deal) === undefined ? dealText(deal) : (deal.stage ?? deal.name ?? '');
}

function nearDay(at: number, { now, zone }: RepTime): string {
  return dayName(daysAhead(at, now, zone), weekday(at, zone, 'long'));
}

function dayName(ahead: number, name: string): string {
  return ahead === 0 ? 'today' : ahead === 1 ? 'tomorrow' : name;
}

export function priorityText({ priority }: Pick<Task, 'priority'>): string {
  return priority ? `${mrkdwn(priority, 30)} priority` : '';
}

/** Empty for a task that waits until it is done. */
export function skips({ skipsAt }: Pick<Task, 'skipsAt'>, provider: string, reader: RepTime): string {
  return skipsAt === undefined ? '' : `${provider} skips it by itself on ${exactTime(skipsAt, reader)}`;
}

/** `6 working days`: where days are counted at all, and a day off makes a difference. */
export function lateBy(dueAt: number, reader: RepTime): string {
  const calendar = distance(dueAt, reader);
  if (!/ days?$/.test(calendar)) return calendar;
  const working = workingDaysSince(dueAt, reader);
  return working === 0 || count(working, 'day') === calendar ? calendar : count(working, 'working day');
}
