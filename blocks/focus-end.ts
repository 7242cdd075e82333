/** The end of working through: what was done, what failed and why, what is still open, and one Undo for all of it. */
import type { ModalView } from '@slack/types';
import type { Action } from '../src/core/model/action.ts';
import { canUndo } from '../src/core/model/action-rules.ts';
import type { Sweep } from '../src/core/model/sweep.ts';
import type { Operation, Task } from '../src/core/model/task.ts';
import { actions, type Block, type Button, button, confirm, context, section } from './elements.ts';
import { foundElsewhere } from './elsewhere.ts';
import { isTrouble, several, who } from './focus-words.ts';
import { ACTION, VIEW } from './ids.ts';
import { modal } from './modal.ts';
import { type Providers, providerOf } from './providers.ts';
import { isRetryUseful } from './reasons.ts';
import { failure, undoFailure } from './row-errors.ts';
import { count, type Reader } from './text.ts';

export interface FocusResults {
  /** undefined: no step acted. */
  results: { sweep: Sweep; actions: readonly Action[] } | undefined;
  /** Tasks of the list that are open still. */
  left: readonly Task[];
  /** The outcome of the last step, or of Undo. */
  said: readonly string[];
}

export function focusEnd({ results, left, said }: FocusResults, providers: Providers, reader: Reader): ModalView {
  const taken = results?.actions ?? [];
  const view = modal({
    callback: VIEW.focusEnd,
    ...(results && { metadata: results.sweep.id }),
    title: 'Worked through',
    blocks: [
      ...(said.length > 0 ? [context(...said.slice(0, 10))] : []),
      section(summary(taken)),
      ...underwayBlocks(taken),
      ...troubleBlocks(taken, providers, reader),
      ...leftBlocks(left),
      ...(results ? buttons(results.sweep, taken, providers) : []),
    ],
  });
  return { ...view, close: { type: 'plain_text', text: 'Close' }, notify_on_close: true };
}

/** Nothing more will come of them by itself. */
export function isSettledStep({ state }: Action): boolean {
  return state !== 'queued' && state !== 'undoing';
}

const IN_WORDS: Record<Operation, string> = {
  done: 'done',
  dismiss: 'dismissed',
  snooze: 'snoozed',
  reschedule: 'rescheduled',
  note: 'with a changed note',
  reassign: 'reassigned',
  rule: 'with a changed rule',
};

/** `*14 done, 2 snoozed*, 1 failed, 3 taken back.` */
function summary(taken: readonly Action[]): string {
  if (taken.length === 0) return '*Nothing was changed.*';
  const inEffect = taken.filter(({ state }) => state === 'queued' || state === 'succeeded');
  const byVerb = new Map<Operation, number>();
  for (const { change } of inEffect) byVerb.set(change.verb, (byVerb.get(change.verb) ?? 0) + 1);
  const done = [...byVerb].map(([verb, number]) => `${number.toLocaleString('en-US')} ${IN_WORDS[verb]}`).join(', ');
  const rest = [
    [taken.filter(isTrouble).length, 'failed'] as const,
    [taken.filter(({ state }) => state === 'undone').length, 'taken back'] as const,
    [taken.filter(({ state }) => state === 'undoing').length, 'being taken back'] as const,
  ];
  const others = rest
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${number.toLocaleString('en-US')} ${what}`);
  return `${[done && `*${done}*`, ...others].filter(Boolean).join(', ')}.`;
}

function underwayBlocks(taken: readonly Action[]): Block[] {
  const number = taken.filter(({ state }) => state === 'queued').length;
  if (number === 0) return [];
  return [
    context(
      `${count(number, 'task')} ${number === 1 ? 'is' : 'are'} still on the way to the tools. You can close this window; the list shows what becomes of them.`,
    ),
  ];
}

const MOST_TROUBLE = 10;
const A_SECTION = 4;

/** Each with its reason. A few in a section, because Slack cuts a long one. */
function troubleBlocks(taken: readonly Action[], providers: Providers, reader: Reader): Block[] {
  const lines = taken.flatMap((action) => {
    const why = troubleOf(action, providerOf(providers, action).name, reader);
    return why ? [`•  ${who(action.task)}\n${why}`] : [];
  });
  const shown = lines.slice(0, MOST_TROUBLE);
  const sections: Block[] = [];
  for (let at = 0; at < shown.length; at += A_SECTION)
    sections.push(section(shown.slice(at, at + A_SECTION).join('\n')));
  const more = lines.length - shown.length;
  return more > 0
    ? [...sections, context(`… and ${more.toLocaleString('en-US')} more. The list shows each with its reason.`)]
    : sections;
}

function troubleOf(action: Action, provider: string, reader: Reader): string | undefined {
  if (action.state === 'failed') return failure(action, provider);
  if (action.state === 'stale') return foundElsewhere(action, provider, reader);
  const failed = action.state === 'succeeded' ? action.undoFailure : undefined;
  return failed && undoFailure(action, failed, provider);
}

const MOST_LEFT = 8;
const BULLET = '\n•  ';

function leftBlocks(left: readonly Task[]): Block[] {
  if (left.length === 0) return [context('No open task is left in this list.')];
  const names = several(left.map(who), MOST_LEFT, BULLET);
  return [section(`*${count(left.length, 'open task')} left in this list*${BULLET}${names}`)];
}

/** It comes where the last Enter was pressed, and a second one must not take everything back. */
const UNDO_ALL = confirm(
  'Undo all?',
  'Everything that you did in this window is taken back, where the tools can.',
  'Undo all',
);

function buttons({ id }: Sweep, taken: readonly Action[], providers: Providers): Block[] {
  const canTakeBack = taken.some((action) => {
    if (action.state !== 'queued' && action.state !== 'succeeded') return false;
    return canUndo(action, providerOf(providers, action).capabilities) || action.state === 'queued';
  });
  const canRetry = taken.some((action) => action.state === 'failed' && isRetryUseful(action.failure));
  const offered: Button[] = [
    ...(canTakeBack ? [button(ACTION.focusUndo, 'Undo all', id, { confirm: UNDO_ALL })] : []),
    ...(canRetry ? [button(ACTION.focusRetry, 'Retry what failed', id)] : []),
  ];
  return offered.length > 0 ? [actions(offered)] : [];
}

/** The steps that an Undo of everything could not take back. */
export function notTakenBack(counts: { tooLate: number; underway: number; overtaken: number }): string[] {
  const { tooLate, underway, overtaken } = counts;
  const were = (number: number) => (number === 1 ? 'was' : 'were');
  return [
    tooLate > 0 ? `${count(tooLate, 'task')} ${were(tooLate)} sent already, and the tool cannot take that back.` : '',
    underway > 0
      ? `${count(underway, 'task')} ${were(underway)} on the way just then: press *Undo all* again in a moment.`
      : '',
    overtaken > 0 ? `${count(overtaken, 'task')} you have changed since, so that stays.` : '',
  ].filter(Boolean);
}
