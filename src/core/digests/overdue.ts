/** How many of a digest's tasks were overdue as it was made, and how late the oldest was: a weekly roll-up counts by it. */
import { groupedAt } from '../model/backlog.ts';
import type { Run } from '../model/digest.ts';
import { isOverdue } from '../model/group.ts';
import type { LoadedMessage } from '../model/message.ts';
import type { Recipient } from '../model/people.ts';
import { workingDaysSince } from '../model/work-days.ts';
import type { Ports } from '../ports/ports.ts';
import { weekOf } from './known.ts';

export async function overdueOf(
  { calendar }: Pick<Ports, 'calendar'>,
  { items, summary }: LoadedMessage,
  to: Pick<Recipient, 'rep' | 'schedule'>,
): Promise<Run['overdue']> {
  const time = await weekOf({ calendar }, to, groupedAt(summary));
  const late = items.flatMap(({ task }) => (isOverdue(task, time.now) ? (task.dueAt ?? []) : []));
  // A reduction, because a list may have thousands.
  const days = late.reduce((most, dueAt) => Math.max(most, workingDaysSince(dueAt, time)), 0);
  return { tasks: late.length, days };
}
