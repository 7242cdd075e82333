/** The words of a row: who, what kind, what is to be done, when, what is at stake, and how to reach the person. */
import type { Task } from '../src/core/model/task.ts';
import type { RowProvider } from './providers.ts';
import { kindWord, openLink, reachTexts } from './reach.ts';
import {
  anchor,
  dealText,
  distance,
  exactTime,
  momentOf,
  mrkdwn,
  type Reader,
  sameDay,
  subjectOf,
  titleText,
  whoAndWhat,
} from './text.ts';

const DOT = '  ·  ';
const SHORT_DOT = ' · ';

/** Three or four short lines. */
export function openText(task: Task, provider: RowProvider, reader: WhenReader): string {
  const stake = task.deal ? dealLine(task.deal) : '';
  const where = openLink(task, provider.name) || provider.name;
  const reach = reachTexts(task, reader);
  const lines = [
    [headline(task), role(task)].filter(Boolean).join('  '),
    [kindWord(task), subjectOf(task) ? titleText(task) : '', mrkdwn(task.flow ?? '', 60)].filter(Boolean).join(DOT),
    [when(task, reader), priority(task), stake, reach.length === 0 ? where : ''].filter(Boolean).join(DOT),
    reach.length > 0 ? [...reach, where].join(DOT) : '',
    skips(task, provider.name, reader),
  ];
  return lines.filter(Boolean).join('\n');
}

/** Two lines that say the same in the same order. */
export function compactText(task: Task, provider: RowProvider, reader: WhenReader & { oneTool?: boolean }): string {
  const company = mrkdwn(companyOf(task) ?? '', 30);
  const who = [headline(task, 50), company].filter(Boolean).join(', ');
  const what = [kindWord(task), subjectOf(task) ? titleText(task, 70) : ''].filter(Boolean).join(SHORT_DOT);
  const stake = task.deal ? mrkdwn(dealText(task.deal), 40) : '';
  const where = openLink(task, provider.name) || (reader.oneTool ? '' : provider.name);
  const facts = [shortWhen(task, reader), priority(task), stake, ...reachTexts(task, reader), where];
  const skipped = task.skipsAt === undefined ? '' : `skipped ${exactTime(task.skipsAt, reader)}`;
  return `${[who, what].filter(Boolean).join(SHORT_DOT)}\n${[...facts, skipped].filter(Boolean).join(SHORT_DOT)}`;
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

export function struck(task: Task, max?: number): string {
  return `~${whoAndWhat(task, ': ', max)}~`;
}

function companyOf({ contact, account }: Task): string | undefined {
  return contact?.company ?? (contact ? account?.name : undefined);
}

export function role(task: Task): string {
  const title = mrkdwn(task.contact?.title ?? '', 60);
  return [title, anchor(task.account?.url, mrkdwn(companyOf(task) ?? '', 60))].filter(Boolean).join(', ');
}

export function priority(task: Task): string {
  return task.priority ? `${mrkdwn(task.priority, 30)} priority` : '';
}

function dealLine(deal: NonNullable<Task['deal']>): string {
  const text = dealText(deal);
  return text ? anchor(deal.url, mrkdwn(text, 60)) : '';
}

/** Empty for a task that waits until it is done. */
export function skips({ skipsAt }: Pick<Task, 'skipsAt'>, provider: string, reader: Reader): string {
  return skipsAt === undefined ? '' : `${provider} skips it by itself on ${exactTime(skipsAt, reader)}`;
}

/** `snoozed`: a list of what the rep snoozed, which says until when. */
type WhenReader = Reader & { snoozed?: boolean };

/** Relative and exact, in the rep's zone. What is overdue is bold. */
export function when({ dueAt }: Pick<Task, 'dueAt'>, reader: WhenReader): string {
  if (dueAt === undefined) return 'No due date';
  const exact = exactTime(dueAt, reader);
  if (reader.snoozed && dueAt > reader.now) return `Snoozed until ${exact}`;
  const away = distance(dueAt, reader);
  return dueAt < reader.now ? `*Overdue by ${away}* (${exact})` : `Due in ${away} (${exact})`;
}

function shortWhen({ dueAt }: Pick<Task, 'dueAt'>, reader: WhenReader): string {
  if (dueAt === undefined) return 'No due date';
  if (dueAt < reader.now) return `*${distance(dueAt, reader)} overdue*`;
  const at = sameDay(dueAt, reader.now, reader.zone) ? momentOf(dueAt, reader) : exactTime(dueAt, reader);
  return `${reader.snoozed ? 'Snoozed until' : 'Due'} ${at}`;
}
