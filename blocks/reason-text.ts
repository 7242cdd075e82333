/** Why a task stands where it stands, in a few words beside its due date. */
import { moneyOf } from '../src/core/model/currency.ts';
import { type Reason, reasonOf } from '../src/core/model/reason.ts';
import type { Deal, Task } from '../src/core/model/task.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { workingDaysSince } from '../src/core/model/work-days.ts';
import { amountText } from './money.ts';
import type { RowProvider } from './providers.ts';
import { anchor, clockTime, count, daysAhead, dealText, distance, exactTime, mrkdwn, weekday } from './text.ts';

/** A row says this of its task besides who, what and when, each thing once. `''` where there is nothing to say. */
export interface Worth {
  reason: string;
  priority: string;
  stake: string;
  /** What it costs to ignore it. */
  cost: string;
}

type Form = 'full' | 'compact';

/** A compact row has less room, and no link to the deal. */
export function worthOf(task: Task, provider: RowProvider, reader: RepTime, form: Form): Worth {
  const { deal = {} } = task;
  const reason = reasonOf(task, reader);
  const about = (text: string) => (form === 'full' ? anchor(deal.url, mrkdwn(text, 60)) : mrkdwn(text, 40));
  const isDeal = reason?.why === 'deal';
  return {
    reason: isDeal ? about(closesText(reason, form)) : reasonText(reason, provider.name, reader, form),
    priority: reason?.why === 'priority' ? '' : priorityText(task),
    stake: isDeal ? mrkdwn(restOf(deal), form === 'full' ? 60 : 40) : about(dealText(deal)),
    cost:
      reason?.why === 'skips'
        ? ''
        : form === 'full'
          ? costText(task, provider, reader)
          : shortCost(task, provider, reader),
  };
}

/** Lateness has no words of its own: the due date says it. */
export function reasonText(reason: Reason | undefined, provider: string, reader: RepTime, form: Form = 'full'): string {
  switch (reason?.why) {
    case 'skips': {
      const day = dayName(daysAhead(reason.at, reader.now, reader.zone), weekday(reason.at, reader.zone, LENGTH[form]));
      return `${provider} skips it ${day}, ${clockTime(reason.at, reader)}`;
    }
    case 'priority':
      return reason.isMost ? mrkdwn(reason.name, 30) : priorityText({ priority: reason.name });
    case 'deal':
      return mrkdwn(closesText(reason, form), 60);
    default:
      return '';
  }
}

const LENGTH = { full: 'long', compact: 'short' } as const;

/** `$48,000 closes Friday`, where there is a sum to name. */
function closesText({ deal, closesIn }: Extract<Reason, { why: 'deal' }>, form: Form): string {
  const day = weekday(Date.parse(`${deal.closesOn}T12:00:00Z`), 'UTC', LENGTH[form]);
  return `${sumOf(deal) ?? 'Deal'} closes ${dayName(closesIn, day)}`;
}

function dayName(ahead: number, weekdayName: string): string {
  return ahead === 0 ? 'today' : ahead === 1 ? 'tomorrow' : weekdayName;
}

function sumOf({ amount, currency }: Deal): string | undefined {
  return amount && moneyOf(amount, currency) ? amountText(amount, currency) : undefined;
}

/** What the reason leaves to be said of its deal. */
function restOf(deal: Deal): string {
  return sumOf(deal) === undefined ? dealText(deal) : (deal.stage ?? deal.name ?? '');
}

export function priorityText({ priority }: Pick<Task, 'priority'>): string {
  return priority ? `${mrkdwn(priority, 30)} priority` : '';
}

/** What it costs to ignore a task; empty where no document says it. */
export function costText(task: Task, { name, capabilities }: RowProvider, reader: RepTime): string {
  const { ignored } = capabilities.of(task);
  switch (ignored?.costs) {
    case 'skipped':
      return skips(ignored.at, name, reader);
    case 'dropped':
      return `${name} drops a contact whose flow to-do stays open for ${count(ignored.afterDays, 'day')}`;
    case 'waits':
      return 'The sequence goes on once this is done';
    case undefined:
      return '';
  }
}

export function skips(at: number, provider: string, reader: RepTime): string {
  return `${provider} skips it by itself on ${exactTime(at, reader)}`;
}

/** In a compact row only what has a time. */
function shortCost(task: Task, { capabilities }: RowProvider, reader: RepTime): string {
  const { ignored } = capabilities.of(task);
  return ignored?.costs === 'skipped' ? `skipped ${exactTime(ignored.at, reader)}` : '';
}

/** `6 working days`: where days are counted at all, and a day off makes a difference. */
export function lateBy(dueAt: number, reader: RepTime): string {
  const calendar = distance(dueAt, reader);
  if (!/ days?$/.test(calendar)) return calendar;
  const working = workingDaysSince(dueAt, reader);
  return working === 0 || count(working, 'day') === calendar ? calendar : count(working, 'working day');
}
