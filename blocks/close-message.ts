/** The message that closes a day: what is done, what is left, and a button that moves it. It follows what happens to its tasks. */

import { endOfDate, type Part, partOf, taskNow } from '../src/core/model/day-count.ts';
import { FOREVER } from '../src/core/model/digest.ts';
import type { DayClose, LoadedMessage, ProviderReport } from '../src/core/model/message.ts';
import { type Row, rowState } from '../src/core/model/row-state.ts';
import type { Task } from '../src/core/model/task.ts';
import type { RepTime } from '../src/core/model/time.ts';
import { actions, type Block, button, context, type Rendered, section } from './elements.ts';
import { ACTION } from './ids.ts';
import { clockTime, count, exactTime, mrkdwn, type Reader, shortDate, subjectOf, whoAndWhat } from './text.ts';

/** `day`: of the message's summary, where it closes a day. */
export function closeMessage(message: LoadedMessage, day: DayClose, reader: RepTime): Rendered {
  const counts = countsOf(message, day, reader);
  const left = message.items.filter((row) => partNow(row, message, reader) === 'left').map(taskNow);
  const title = titleOf(counts);
  const blocks: Block[] = [
    section([`*${title}${left.length > 0 ? ':' : ''}*`, ...names(left, reader)].join('\n')),
    ...notes(message, day, left.length, reader).map((note) => context(note)),
    ...buttons(message.id, day, left.length, reader),
  ];
  return { text: left.length > 0 ? `${title}: ${inOneLine(left)}.` : `${title}.`, blocks };
}

function countsOf(message: LoadedMessage, { total, moved }: DayClose, reader: Reader): Record<Part | 'total', number> {
  const now = { done: total - moved - message.items.length, moved, left: 0, total };
  for (const row of message.items) now[partNow(row, message, reader)] += 1;
  return now;
}

/** All of its rows were of the day when it was closed. */
function partNow(row: Row, { summary }: LoadedMessage, { zone }: Reader): Part {
  return partOf(row, endOfDate(summary.localDate, zone)) ?? 'moved';
}

/** `9 of 12 done, 3 left`; `All 12 done` */
function titleOf({ total, done, moved, left }: Record<Part | 'total', number>): string {
  if (done === total) return total === 1 ? 'The one task of today is done' : `All ${numberOf(total)} done`;
  const parts = [moved > 0 && `${numberOf(moved)} moved`, left > 0 ? `${numberOf(left)} left` : 'none left'];
  return [`${numberOf(done)} of ${numberOf(total)} done`, ...parts].filter(Boolean).join(', ');
}

function numberOf(tasks: number): string {
  return tasks.toLocaleString('en-US');
}

/** Longer lists are in the digest. */
const MOST_NAMED = 10;

function names(left: readonly Task[], reader: Reader): string[] {
  const lines = left.slice(0, MOST_NAMED).map((task) => `• ${whoAndWhat(task, ': ', 80)}${dueLater(task, reader)}`);
  const more = left.length - lines.length;
  return more > 0 ? [...lines, `… and ${numberOf(more)} more, in today's digest`] : lines;
}

/** Moving it may not be what is wanted. */
function dueLater({ dueAt }: Task, reader: Reader): string {
  return dueAt !== undefined && dueAt > reader.now ? `  ·  due ${clockTime(dueAt, reader)}` : '';
}

const MOST_IN_A_LINE = 3;

function inOneLine(left: readonly Task[]): string {
  const who = left.slice(0, MOST_IN_A_LINE).map((task) => mrkdwn(subjectOf(task)?.name ?? task.title, 80));
  const more = left.length - who.length;
  return `${who.join(', ')}${more > 0 ? ` and ${numberOf(more)} more` : ''}`;
}

function notes(message: LoadedMessage, day: DayClose, left: number, reader: Reader): string[] {
  const { summary, items } = message;
  const { answer, nextAt } = day;
  const away = summary.reports.flatMap((report) => (report.state === 'failed' ? [unknown(report, reader)] : []));
  if (answer === 'moved') {
    const isUnderway = items.some((row) => rowState(row) === 'underway');
    if (isUnderway) return [...away, `What was left is being moved to ${exactTime(nextAt, reader)} …`];
    const rest = left > 0 ? ` Still open here: ${numberOf(left)}.` : '';
    return [
      ...away,
      `You moved what was left to ${exactTime(nextAt, reader)}. The message about that has *Undo all*.${rest}`,
    ];
  }
  if (left === 0) return [...away, ...uncounted(day)];
  if (answer === 'left') return [...away, 'You left them as they are. What is open then is in your next digest.'];
  const counted = "This counts what today's digest had due by the end of today, not what is due later or has no date.";
  return [...away, [counted, ...uncounted(day)].join(' ')];
}

function uncounted({ later = 0 }: DayClose): string[] {
  if (later === 0) return [];
  return [
    `${count(later, 'task')} came since the digest and ${later === 1 ? 'is' : 'are'} not counted: \`/tasks\` lists what is open.`,
  ];
}

function unknown(report: Extract<ProviderReport, { state: 'failed' }>, reader: Reader): string {
  const { name, lastListedAt } = report;
  const last = lastListedAt === undefined ? 'in the digest' : `at ${clockTime(lastListedAt, reader)}`;
  return `*${name} could not be reached*, so what is counted of it is as it was known ${last}.`;
}

/** None that would do nothing: the time of Move may have passed, and the next digest has the tasks. */
function buttons(id: string, { answer, nextAt }: DayClose, left: number, reader: Reader): Block[] {
  if (left === 0 || answer !== undefined || nextAt <= reader.now) return [];
  const leave = button(ACTION.dayLeave, left === 1 ? 'Leave it' : 'Leave them', id);
  if (nextAt >= FOREVER) return [actions([leave])];
  const label = `Move ${count(left, 'task')} to ${exactTime(nextAt, reader)}`;
  const text = `Move ${numberOf(left)} to ${shortDate(nextAt, reader)}`;
  return [actions([button(ACTION.dayMove, text, id, { style: 'primary', label }), leave])];
}
