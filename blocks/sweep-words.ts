/** Words about many tasks, in the window and in the message of a sweep. */
import type { Which } from '../src/core/clicks/plan-sweep.ts';
import type { Group } from '../src/core/model/group.ts';
import type { Instant } from '../src/core/model/keys.ts';
import type { LeftOut, SweepChange } from '../src/core/model/sweep.ts';
import type { TaskKind, Verb } from '../src/core/model/task.ts';
import { type Providers, providerOf } from './providers.ts';
import { clockTime, count, daysAhead, exactTime, plainText, type Reader, weekday } from './text.ts';

export const VERB_TEXT: Record<Verb, string> = {
  done: 'Mark done',
  dismiss: 'Dismiss',
  snooze: 'Snooze',
  reschedule: 'Reschedule',
};

/** `tomorrow, Tue 09:00`; after that day, and further ahead, the date alone. */
function timeOf(at: Instant, reader: Reader): string {
  const { now, zone } = reader;
  const days = daysAhead(at, now, zone);
  if (days === 0) return `today, ${clockTime(at, reader)}`;
  return days === 1 ? `tomorrow, ${weekday(at, zone, 'short')} ${clockTime(at, reader)}` : exactTime(at, reader);
}

/** `Moving 20 tasks to tomorrow, Tue 09:00` */
export function goingOn(change: SweepChange, tasks: number, reader: Reader): string {
  const noun = count(tasks, 'task');
  if ('dueAt' in change) return `Moving ${noun} to ${timeOf(change.dueAt, reader)}`;
  return change.verb === 'done' ? `Marking ${noun} done` : `Dismissing ${noun}`;
}

/** `Move 20 tasks to tomorrow, Tue 09:00?` */
export function question(change: SweepChange, tasks: number, reader: Reader): string {
  const noun = count(tasks, 'task');
  if ('dueAt' in change) return `Move ${noun} to ${timeOf(change.dueAt, reader)}?`;
  return change.verb === 'done' ? `Mark ${noun} done?` : `Dismiss ${noun}?`;
}

/** After `2 tasks in Gong`. */
const LEFT_OUT: Record<LeftOut['why'], (isOne: boolean) => string> = {
  unsupported: (isOne) => `, which does not allow this for ${isOne ? 'it' : 'them'}`,
  not_linked: () => ', which is not linked',
  closed: (isOne) => ` that ${isOne ? 'is' : 'are'} no longer open`,
  underway: (isOne) => `, because something is being done to ${isOne ? 'it' : 'them'} already`,
  beyond: () => ', because 100 go at once: act on the rest afterwards',
};

/** `Left out: 2 tasks in Gong that are no longer open; …`; empty if nothing is. */
export function leftOutText(leftOut: readonly LeftOut[], providers: Providers): string {
  const parts = leftOut.map(({ why, provider, tasks }) => {
    return `${count(tasks, 'task')} in ${providerOf(providers, { provider }).name}${LEFT_OUT[why](tasks === 1)}`;
  });
  return parts.length > 0 ? `Left out: ${parts.join('; ')}.` : '';
}

const KIND_TEXT: Record<TaskKind, string> = {
  call: 'Calls',
  email: 'E-mails',
  linkedin: 'LinkedIn steps',
  sms: 'Text messages',
  meeting: 'Meetings',
  todo: 'To-dos',
  other: 'Tasks of another kind',
};

/** `All overdue`, `Calls`, `In Gong`, `At Harbour Freight`: plain text. */
export function whichText(which: Which, providers: Providers, name = ''): string {
  switch (which.by) {
    case 'all':
      return 'All open tasks';
    case 'today':
      return 'All due today';
    case 'unchanged':
      return which.group === undefined ? 'All unchanged' : UNCHANGED[which.group];
    case 'overdue':
      return which.days === undefined ? 'All overdue' : overdueFor(which.days);
    case 'kind':
      return KIND_TEXT[which.kind];
    case 'tool':
      return `In ${providerOf(providers, which).name}`;
    case 'account':
      return `At ${plainText(name, 50) || 'the same account'}`;
    case 'rows':
      return 'The ticked tasks';
  }
}

const UNCHANGED = {
  overdue: 'Overdue and unchanged',
  today: 'Due today and unchanged',
  upcoming: 'Coming up and unchanged',
} as const satisfies Record<Group, string>;

function overdueFor(days: number): string {
  return `Overdue for more than ${days === 7 ? 'a week' : count(days, 'day')}`;
}
