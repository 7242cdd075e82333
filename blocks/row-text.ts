/** The words of a row: who, what kind, what is to be done, when, why, what is at stake, and how to reach the person. */
import { keyOf } from '../src/core/model/backlog.ts';
import { isOverdue } from '../src/core/model/group.ts';
import type { News } from '../src/core/model/message.ts';
import type { Task } from '../src/core/model/task.ts';
import type { RepTime } from '../src/core/model/time.ts';
import type { RowProvider } from './providers.ts';
import { kindWord, openLink, reachTexts } from './reach.ts';
import { lateBy, worthOf } from './reason-text.ts';
import { anchor, distance, exactTime, momentOf, mrkdwn, sameDay, subjectOf, titleText, whoAndWhat } from './text.ts';

const DOT = '  ·  ';
const SHORT_DOT = ' · ';

/** Three or four short lines. */
export function openText(task: Task, provider: RowProvider, reader: WhenReader): string {
  const { reason, priority, stake, cost } = worthOf(task, provider, reader, 'full');
  const where = openLink(task, provider.name) || provider.name;
  const reach = reachTexts(task, reader);
  const lines = [
    [headline(task), role(task)].filter(Boolean).join('  '),
    [kindWord(task), subjectOf(task) ? titleText(task) : '', mrkdwn(task.flow ?? '', 60)].filter(Boolean).join(DOT),
    [newsOf(task, reader), when(task, reader), reason, priority, stake, reach.length === 0 ? where : '']
      .filter(Boolean)
      .join(DOT),
    reach.length > 0 ? [...reach, where].join(DOT) : '',
    cost,
  ];
  return lines.filter(Boolean).join('\n');
}

/** Two lines that say the same in the same order. */
export function compactText(task: Task, provider: RowProvider, reader: WhenReader & { oneTool?: boolean }): string {
  const { reason, priority, stake, cost } = worthOf(task, provider, reader, 'compact');
  const company = mrkdwn(companyOf(task) ?? '', 30);
  const who = [headline(task, 50), company].filter(Boolean).join(', ');
  const what = [kindWord(task), subjectOf(task) ? titleText(task, 70) : ''].filter(Boolean).join(SHORT_DOT);
  const where = openLink(task, provider.name) || (reader.oneTool ? '' : provider.name);
  const facts = [
    newsOf(task, reader),
    shortWhen(task, reader),
    reason,
    priority,
    stake,
    ...reachTexts(task, reader),
    where,
    cost,
  ];
  return [[who, what], facts].map((line) => line.filter(Boolean).join(SHORT_DOT)).join('\n');
}

/** One line: who, what, when, why, and where. */
export function lineText(task: Task, provider: RowProvider, reader: WhenReader & { oneTool?: boolean }): string {
  const { reason, priority } = worthOf(task, provider, reader, 'compact');
  const company = mrkdwn(companyOf(task) ?? '', 30);
  const who = [headline(task, 50), company].filter(Boolean).join(', ');
  const what = subjectOf(task) ? kindWord(task) || titleText(task, 40) : '';
  const where = reader.oneTool ? '' : provider.name;
  return [who, what, shortWhen(task, reader), reason || priority, where].filter(Boolean).join(SHORT_DOT);
}

/** The contact, else the title. */
export function headline(task: Task, max = 80): string {
  const subject = subjectOf(task);
  return subject ? `*${anchor(subject.url, mrkdwn(subject.name, max))}*` : `*${titleText(task)}*`;
}

/** Contact and title in one line, for a row that has something else to say. */
export function brief(task: Task): string {
  return subjectOf(task) ? `${headline(task)}  ${titleText(task)}` : headline(task);
}

export function struck(task: Pick<Task, 'title' | 'contact' | 'account'>, max?: number): string {
  return `~${whoAndWhat(task, ': ', max)}~`;
}

function companyOf({ contact, account }: Task): string | undefined {
  return contact?.company ?? (contact ? account?.name : undefined);
}

export function role(task: Task): string {
  const title = mrkdwn(task.contact?.title ?? '', 60);
  return [title, anchor(task.account?.url, mrkdwn(companyOf(task) ?? '', 60))].filter(Boolean).join(', ');
}

/** `snoozed`: a list of what the rep snoozed, which says until when. `news`: what is new of each task. */
type WhenReader = RepTime & { snoozed?: boolean; news?: ReadonlyMap<string, News> };

/** In front of what a row says. */
function newsOf(task: Task, reader: WhenReader): string {
  const news = reader.news?.get(keyOf(task));
  switch (news?.is) {
    case 'new':
      return 'New';
    case 'overdue':
      return 'Newly overdue';
    case 'back':
      return 'Back from a snooze';
    case 'moved':
      return news.from === undefined ? 'Now with a due date' : `Moved from ${exactTime(news.from, reader)}`;
    default:
      return '';
  }
}

/** Relative and exact, in the rep's zone. What is overdue is bold. */
export function when({ dueAt }: Pick<Task, 'dueAt'>, reader: WhenReader): string {
  if (dueAt === undefined) return 'No due date';
  const exact = exactTime(dueAt, reader);
  if (reader.snoozed && dueAt > reader.now) return `Snoozed until ${exact}`;
  if (isOverdue({ dueAt }, reader.now)) return `*Overdue by ${lateBy(dueAt, reader)}* (${exact})`;
  if (dueAt <= reader.now) return `*Due now* (${exact})`;
  return `Due in ${distance(dueAt, reader)} (${exact})`;
}

function shortWhen({ dueAt }: Pick<Task, 'dueAt'>, reader: WhenReader): string {
  if (dueAt === undefined) return 'No due date';
  if (isOverdue({ dueAt }, reader.now)) return `*${lateBy(dueAt, reader)} overdue*`;
  if (dueAt <= reader.now) return '*Due now*';
  const at = sameDay(dueAt, reader.now, reader.zone) ? momentOf(dueAt, reader) : exactTime(dueAt, reader);
  return `${reader.snoozed ? 'Snoozed until' : 'Due'} ${at}`;
}
