/** The steps so far in a rep's words, while they work through a list and at its end. */
import type { Action } from '../src/core/model/action.ts';
import type { Change, TaskCapabilities } from '../src/core/model/capabilities.ts';
import type { Task } from '../src/core/model/task.ts';
import { foundElsewhere } from './elsewhere.ts';
import { type Providers, providerOf } from './providers.ts';
import { happened } from './reasons.ts';
import { exactTime, mrkdwn, type Reader, whoAndWhat } from './text.ts';

/** Short: the line is read in passing. */
export function who(task: Task): string {
  return whoAndWhat(task, ': ', 70);
}

/** `Done: Dana Okonjo: Call` */
export function stepDone(
  task: Task,
  change: Change | undefined,
  { endings = [] }: TaskCapabilities,
  reader: Reader,
): string {
  return `${mrkdwn(whatOf(change, endings, reader), 80)}: ${who(task)}`;
}

function whatOf(change: Change | undefined, endings: NonNullable<TaskCapabilities['endings']>, reader: Reader): string {
  switch (change?.verb) {
    case undefined:
      return 'Left open';
    case 'done':
      return endings.find(({ id }) => id === change.ending)?.text ?? 'Done';
    case 'dismiss':
      return 'Dismissed';
    case 'snooze':
      return `Snoozed until ${exactTime(change.dueAt, reader)}`;
    case 'reschedule':
      return `Rescheduled to ${exactTime(change.dueAt, reader)}`;
    default:
      return 'Changed';
  }
}

/** The same step was sent twice: a double Enter, or Slack's own repetition. */
export function sentTwice(done: string): string {
  return `${done} (sent twice, recorded once)`;
}

export function notChanged(task: Task, why: string): string {
  return `Nothing changed for ${who(task)}. ${why}`;
}

export function passedOver(tasks: readonly Task[]): string[] {
  if (tasks.length === 0) return [];
  return [`Passed over, closed meanwhile: ${several(tasks.map(who), 2)}`];
}

/** `2 failed so far: Dana Okonjo: Call (Gong did not answer.); …` */
export function failedSoFar(actions: readonly Action[], providers: Providers, reader: Reader): string[] {
  const failed = actions.filter(isTrouble);
  if (failed.length === 0) return [];
  const texts = failed.map(
    (action) => `${who(action.task)} (${whyShort(action, providerOf(providers, action).name, reader)})`,
  );
  return [`*${failed.length.toLocaleString('en-US')} failed so far:* ${several(texts, 2)}`];
}

/** Nothing came of it: it failed, or the task had changed at the provider. */
export function isTrouble(action: Action): action is Extract<Action, { state: 'failed' | 'stale' }> {
  return action.state === 'failed' || action.state === 'stale';
}

function whyShort(action: Action, provider: string, reader: Reader): string {
  if (action.state === 'failed') return happened(action.failure, provider);
  return action.state === 'stale' ? foundElsewhere(action, provider, reader) : '';
}

/** The first ones, and how many more. */
export function several(texts: readonly string[], most: number, between = '; '): string {
  const shown = texts.slice(0, most).join(between);
  const more = texts.length - most;
  return more > 0 ? `${shown}${between}and ${more.toLocaleString('en-US')} more` : shown;
}
