/**
 * The window that works through a list: one task with its facts, one choice, and Enter for the next one. What came of
 * earlier steps stands at the top.
 */
import type { ModalView, Option } from '@slack/types';
import type { Count, FocusChoice } from '../src/core/clicks/focus.ts';
import type { Refusal } from '../src/core/clicks/record.ts';
import type { TaskCapabilities, VerbCapability } from '../src/core/model/capabilities.ts';
import type { Instant } from '../src/core/model/keys.ts';
import { taskOf } from '../src/core/model/message.ts';
import { type Row, rowState } from '../src/core/model/row-state.ts';
import type { Task } from '../src/core/model/task.ts';
import { type Block, context, section } from './elements.ts';
import { encodeChoice, encodeFocus, type FocusState, focusBlock } from './focus-ids.ts';
import { VIEW } from './ids.ts';
import { LIMITS } from './limits.ts';
import { input, modal } from './modal.ts';
import type { Preset } from './presets.ts';
import type { RowProvider } from './providers.ts';
import { skippedFirst } from './refusals.ts';
import { failure } from './row-errors.ts';
import { consequences, footnotes, taskFacts } from './task-facts.ts';
import { newsOf, type RowReader } from './task-row.ts';
import { exactTime, plainText, whoAndWhat } from './text.ts';

/** A step: its row, and what the window keeps. */
export interface FocusStep {
  row: Row;
  state: FocusState;
  provider: RowProvider;
  /** The number of rows in the list. */
  rows: number;
}

/** A long script would push the choice off the screen. */
const NOTE_ROOM = 900;

/** `said`: what came of earlier steps, a line each. */
export function focusModal(step: FocusStep, said: readonly string[], reader: RowReader): ModalView {
  const { row, state, provider, rows } = step;
  const task = taskOf(row);
  const capabilities = provider.capabilities.of(task);
  const ways = waysOf(capabilities, reader.presets);
  const chosen = capabilities.verbs.done || ways.length === 1 ? ways[0] : undefined;
  const time = { type: 'datetimepicker' } as const;
  return stepWindow(state, [
    ...top(said),
    ...taskFacts(task, { number: state.index + 1, of: rows, noteRoom: NOTE_ROOM }, provider, reader),
    ...newsBlocks(row, provider, reader),
    choiceBlock(state, ways, { drawnAt: reader.now, chosen, hint: hintOf(task, provider) }),
    ...(capabilities.verbs.reschedule
      ? [input(focusBlock('time', state.ref, reader.now), 'New due time, for Reschedule', time, { optional: true })]
      : []),
    ...footnotes(task, provider, { consequences: false }),
  ]);
}

/** Asks about a time: the provider would skip the task first, or the picker and the choice do not fit. */
export function focusQuestion(
  { row, state }: FocusStep,
  question:
    | { about: 'skipped'; refused: Extract<Refusal, { why: 'skipped_first' }>; verb: 'snooze' | 'reschedule' }
    | { about: 'which'; dueAt: Instant; choice: FocusChoice },
  reader: RowReader,
): ModalView {
  const who = `*${whoAndWhat(taskOf(row), ': ')}*`;
  const back = wayOf('Choose something else', { does: 'back' });
  if (question.about === 'skipped') {
    const { refused, verb } = question;
    const at = exactTime(refused.dueAt, reader);
    const anyway =
      verb === 'snooze'
        ? wayOf(`Snooze until ${at} anyway`, { snooze: refused.dueAt })
        : wayOf(`Reschedule to ${at} anyway`, { reschedule: refused.dueAt });
    const text = `${who}\n${skippedFirst(refused, reader)} Is that what you want? Nothing was changed so far.`;
    return stepWindow({ ...state, sure: refused.dueAt }, [
      section(text),
      choiceBlock(state, [anyway, back], { drawnAt: reader.now + 1, chosen: anyway }),
    ]);
  }
  const at = exactTime(question.dueAt, reader);
  const ways = [
    wayOf(`Reschedule to ${at}`, { reschedule: question.dueAt }),
    wayOf('Forget the time, keep my choice', question.choice),
    back,
  ];
  const text = `${who}\nYou picked a time, ${at}, and chose something other than Reschedule. Nothing was changed so far.`;
  return stepWindow(state, [section(text), choiceBlock(state, ways, { drawnAt: reader.now + 1, chosen: ways[0] })]);
}

function stepWindow(state: FocusState, blocks: Block[]): ModalView {
  const view = modal({
    callback: VIEW.focus,
    metadata: encodeFocus(state),
    title: focusTitle(state),
    submit: 'Next',
    blocks,
  });
  return { ...view, close: { type: 'plain_text', text: 'Stop here' }, notify_on_close: true };
}

function focusTitle({ number, of }: Count): string {
  return `${number.toLocaleString('en-US')} of ${of.toLocaleString('en-US')}`;
}

/** Slack takes ten texts in a block. */
function top(said: readonly string[]): Block[] {
  return said.length > 0 ? [context(...said.slice(0, LIMITS.contextElements))] : [];
}

/** A task of which an earlier action failed is still to be done. */
function newsBlocks(row: Row, provider: RowProvider, reader: RowReader): Block[] {
  const { action } = row;
  const failed =
    rowState(row) === 'failed' && action?.state === 'failed' ? [`_${failure(action, provider.name)}_`] : [];
  return [...failed, ...newsOf(row, provider, reader)].map((line) => context(line));
}

type Way = Option & { text: { type: 'plain_text'; text: string } };

/** At most ten. What has no room among the times, the picker can say. */
function waysOf({ verbs, endings = [] }: TaskCapabilities, presets: readonly Preset[]): Way[] {
  const { done, snooze, reschedule, dismiss } = verbs;
  const first = done
    ? [wayOf('Done', { does: 'done' }, done), ...endings.map(({ id, text }) => wayOf(text, { ending: id }))]
    : [];
  const last = [
    ...(reschedule ? [wayOf('Reschedule to the time below', { does: 'reschedule' }, reschedule)] : []),
    ...(dismiss ? [wayOf('Dismiss', { does: 'dismiss' }, dismiss)] : []),
    wayOf('Leave it open', { does: 'leave' }),
  ];
  const times = snooze ? presets.map(({ inside, at }) => wayOf(`Snooze to ${inside}`, { snooze: at }, snooze)) : [];
  const room = LIMITS.checkboxOptions - first.length - last.length;
  return [...first, ...times.slice(0, Math.max(0, room)), ...last];
}

function wayOf(text: string, choice: FocusChoice, verb?: VerbCapability): Way {
  const way = {
    text: { type: 'plain_text', text: plainText(text, LIMITS.optionText) },
    value: encodeChoice(choice),
  } as const;
  const description = descriptionOf(verb);
  return description ? { ...way, description: { type: 'plain_text', text: description } } : way;
}

/** In full, or where it is said in full. */
function descriptionOf(verb: VerbCapability | undefined): string {
  const text = plainText(verb?.consequence ?? '', LIMITS.confirmText);
  if (text.length <= LIMITS.optionText) return text;
  return verb?.reversible
    ? 'What that does besides stands below.'
    : 'It cannot be taken back. What it does stands below.';
}

/** `chosen` already, so that Enter is enough. */
function choiceBlock({ ref }: FocusState, ways: Way[], { drawnAt, chosen, hint }: Choosing): Block {
  const radios = { type: 'radio_buttons', options: ways, ...(chosen && { initial_option: chosen }) } as const;
  return input(focusBlock('choice', ref, drawnAt), 'What now?', radios, hint ? { hint } : {});
}

interface Choosing {
  drawnAt: Instant;
  chosen: Way | undefined;
  hint?: string;
}

/** A consequence that an option has no room for stands under the options, so nothing has to be asked twice. */
function hintOf(task: Task, provider: RowProvider): string {
  const long = consequences(task, provider, plainText).filter(({ text }) => text.length > LIMITS.optionText);
  return long.map(({ verbs, text }) => `${verbs}: ${text}`).join('\n');
}
