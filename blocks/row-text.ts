/** The words of a row: who and what its task is about, when it is due, and what is at stake. */
import type { Task } from '../src/core/model/task.ts';
import type { RowProvider } from './providers.ts';
import {
  anchor,
  dealText,
  distance,
  exactTime,
  mrkdwn,
  type Reader,
  subjectOf,
  titleText,
  whoAndWhat,
} from './text.ts';

export function openText(task: Task, provider: RowProvider, reader: Reader): string {
  const who = [headline(task), role(task)].filter(Boolean).join('  ');
  const stake = task.deal ? dealLine(task.deal) : '';
  const urgency = task.priority ? `${mrkdwn(task.priority, 30)} priority` : '';
  const facts = [when(task, reader), urgency, stake, provider.name].filter(Boolean).join('  ·  ');
  return [who, what(task), facts, skips(task, provider.name, reader)].filter(Boolean).join('\n');
}

/** The contact, else the title. */
function headline(task: Task): string {
  const subject = subjectOf(task);
  return subject ? `*${anchor(subject.url, mrkdwn(subject.name, 80))}*` : `*${titleText(task)}*`;
}

/** Contact and title in one line, for a row that has something else to say. */
export function brief(task: Task): string {
  return subjectOf(task) ? `${headline(task)}  ${titleText(task)}` : headline(task);
}

export function struck(task: Task): string {
  return `~${whoAndWhat(task, ': ')}~`;
}

function role(task: Task): string {
  const company = task.contact?.company ?? (task.contact ? task.account?.name : undefined);
  const title = mrkdwn(task.contact?.title ?? '', 60);
  return [title, anchor(task.account?.url, mrkdwn(company ?? '', 60))].filter(Boolean).join(', ');
}

function what(task: Task): string {
  const flow = mrkdwn(task.flow ?? '', 60);
  return [subjectOf(task) ? titleText(task) : '', flow].filter(Boolean).join('  ·  ');
}

function dealLine(deal: NonNullable<Task['deal']>): string {
  const text = dealText(deal);
  return text ? anchor(deal.url, mrkdwn(text, 60)) : '';
}

/** Empty for a task that waits until it is done. */
export function skips({ skipsAt }: Pick<Task, 'skipsAt'>, provider: string, reader: Reader): string {
  return skipsAt === undefined ? '' : `${provider} skips it by itself on ${exactTime(skipsAt, reader)}`;
}

/** Relative and exact, in the rep's zone. */
export function when({ dueAt }: Pick<Task, 'dueAt'>, reader: Reader): string {
  if (dueAt === undefined) return 'No due date';
  const exact = exactTime(dueAt, reader);
  const away = distance(dueAt, reader);
  return dueAt < reader.now ? `Overdue by ${away} (${exact})` : `Due in ${away} (${exact})`;
}
