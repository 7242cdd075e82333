/**
 * One task as a row. The face that others rely on: a section, and right after it an actions block
 * whose controls read Done, Snooze, Reschedule and Dismiss; a settled row offers Undo where it can, a failed one Retry.
 */

import type { ConfirmationDialog, Overflow } from '@slack/types';
import type { RowRef } from '../src/core/clicks/record.ts';
import { type Action, type ActionIn, waitingOf } from '../src/core/model/action.ts';
import { canUndo, isHeldBack, keepsOpen, movesDate } from '../src/core/model/action-rules.ts';
import type { Capabilities, TaskCapabilities, VerbCapability } from '../src/core/model/capabilities.ts';
import type { LoadedMessage } from '../src/core/model/message.ts';
import { taskOf } from '../src/core/model/message.ts';
import { EDITS, type Edit, type Task } from '../src/core/model/task.ts';
import type { Block, Element } from './elements.ts';
import { actions, button, confirm, overflow, section, select } from './elements.ts';
import { failure, isRetryUseful, notDone, stale, undoFailure, waitingFor } from './errors.ts';
import { ACTION, encodeMenu, encodeRow, encodeSnooze } from './ids.ts';
import { LIMITS } from './limits.ts';
import type { Preset } from './presets.ts';
import { dealText, distance, exactTime, link, mrkdwn, plainText, subjectOf, titleText, whoAndWhat } from './text.ts';
import { outcome, type Reader, seen, underway } from './words.ts';

export interface RowProvider {
  name: string;
  capabilities: Capabilities;
}

export type Item = LoadedMessage['items'][number];

/** What the row has to show, decided by the last action on its task. */
type RowState = 'open' | 'underway' | 'settled' | 'failed' | 'stale' | 'closed';

/** Only an action that the row did not know when it was made, or one that is still going on, speaks for it. */
function rowState(item: Item): RowState {
  const state = stateByAction(item);
  const closed = item.seen !== undefined && item.seen.how !== 'changed';
  return closed && (state === 'open' || state === 'failed' || movedBefore(item)) ? 'closed' : state;
}

/** A task that was given another time here stays open, so it may well be closed elsewhere later. */
function movedBefore({ action, seen }: Item): boolean {
  if (!action || !seen || action.state !== 'succeeded' || !movesDate(action.change.verb)) return false;
  return action.settledAt < seen.at;
}

function stateByAction({ action, seq }: Item): RowState {
  if (!action) return 'open';
  if (action.state === 'queued') return isHeldBack(action) ? 'settled' : 'underway';
  if (action.state === 'undoing') return 'underway';
  if (action.seq <= seq) return 'open';
  if (action.state === 'succeeded') return keepsOpen(action.change.verb) ? 'open' : 'settled';
  if (action.state === 'failed') return 'failed';
  if (action.state === 'stale') return action.found.how === 'moved' ? 'open' : 'stale';
  return 'open';
}

export function isSettled(item: Item): boolean {
  const state = rowState(item);
  // An edit that is held back leaves as much to be done as before.
  if (item.action && keepsOpen(item.action.change.verb) && state === 'settled') return false;
  return state === 'settled' || state === 'stale' || state === 'closed';
}

/** Whether an open row tells that its task was edited here, or changed elsewhere, since the list was made. */
export type News = 'told' | 'left out';

/** The reader of rows, with the times that the Snooze menu offers them. */
export interface RowReader extends Reader {
  presets: readonly Preset[];
  /** Default: told. */
  news?: News;
}

export function taskRow(messageId: string, item: Item, provider: RowProvider, reader: RowReader): Block[] {
  const { action } = item;
  const task = taskOf(item);
  const shown = { task, ref: { messageId, position: item.position, seq: action?.seq ?? item.seq }, provider };
  const state = rowState(item);
  if (state === 'closed' && item.seen) return [section(`${struck(task)}\n${seen(item.seen, provider.name, reader)}`)];
  if (state === 'open' || !action) {
    return openRow(shown, reader.news === 'left out' ? [] : newsOf(item, provider, reader), reader);
  }
  if (state === 'underway') return underwayRow(shown, action, reader);
  if (action.state === 'stale') return [section(`${struck(task)}\n${stale(action, provider.name, reader)}`)];
  if (action.state === 'failed') return failedRow(shown, action);
  return settledRow(shown, action, reader);
}

/** A row's task as it was last seen, and what its controls carry. */
interface Shown {
  task: Task;
  ref: RowRef;
  provider: RowProvider;
}

/** Long trouble is explained; and what was not sent yet can still be withdrawn. */
function underwayRow({ task, ref, provider }: Shown, action: Action, reader: Reader): Block[] {
  const waiting = waitingOf(action);
  const why = waiting ? `\n${waitingFor(waiting, provider.name, reader)}` : '';
  const text = section(`${brief(task)}\n_${underway(action, provider.name)}_${why}`);
  return waiting && canUndo(action, provider.capabilities) ? [text, undoControl(task, ref)] : [text];
}

function failedRow({ task, ref, provider }: Shown, action: ActionIn<'failed'>): Block[] {
  const retry = button(ACTION.retry, 'Retry', encodeRow(ref), { label: spoken('Retry', task) });
  const another = button(ACTION.another, 'Choose another action', encodeRow(ref), {
    label: spoken('Choose another action', task),
  });
  const controls = isRetryUseful(action.failure) ? [retry, another] : [another];
  return [section(`${brief(task)}\n${failure(action, provider.name)}`), actions(controls)];
}

/** Of a digest that is too old to be acted on: what it was about, and what became of it. */
export function retiredRow(item: Item, provider: RowProvider, reader: Reader): string {
  const { action } = item;
  const task = taskOf(item);
  const state = rowState(item);
  if (state === 'closed' && item.seen) return `${struck(task)}\n${seen(item.seen, provider.name, reader)}`;
  if (state === 'open' || !action) return openText(task, provider, reader);
  if (state === 'underway') return `${brief(task)}\n_${underway(action, provider.name)}_`;
  if (action.state === 'stale') return `${struck(task)}\n${stale(action, provider.name, reader)}`;
  if (state === 'failed') return `${brief(task)}\n*${notDone(action)}.*`;
  return `${keepsOpen(action.change.verb) ? brief(task) : struck(task)}\n${said(action, provider, reader)}`;
}

function openRow({ task, ref, provider }: Shown, news: readonly string[], reader: RowReader): Block[] {
  const capabilities = provider.capabilities.of(task);
  const text = [openText(task, provider, reader), ...news].join('\n');
  return [section(text, editMenu(ref, capabilities)), ...openControls(task, ref, capabilities, reader.presets)];
}

function newsOf({ action, seq, seen: elsewhere }: Item, provider: RowProvider, reader: Reader): string[] {
  if (action && action.seq > seq && action.state === 'stale') return [`_${stale(action, provider.name, reader)}_`];
  const edited = action && action.seq > seq && action.state === 'succeeded' && keepsOpen(action.change.verb);
  const lines = [
    edited ? `_${outcome(action, provider.name, reader)}._` : undefined,
    elsewhere?.how === 'changed' ? `_${seen(elsewhere, provider.name, reader)}_` : undefined,
  ];
  return lines.filter((line) => line !== undefined);
}

function settledRow({ task, ref, provider }: Shown, action: Action, reader: Reader): Block[] {
  const came = said(action, provider, reader);
  const about = keepsOpen(action.change.verb) ? brief(task) : struck(task);
  const failed = action.state === 'succeeded' ? action.undoFailure : undefined;
  const text = section(`${about}\n${failed ? `${came}. ${undoFailure(action, failed, provider.name)}` : came}`);
  return canUndo(action, provider.capabilities) ? [text, undoControl(task, ref)] : [text];
}

function said(action: Action, provider: RowProvider, reader: Reader): string {
  const { change, task } = action;
  const chosen = change.verb === 'done' ? change.ending : undefined;
  const ending = provider.capabilities.of(task).endings?.find(({ id }) => id === chosen);
  return outcome(action, provider.name, reader, ending?.outcome);
}

function undoControl(task: Task, ref: RowRef): Block {
  return actions([button(ACTION.undo, 'Undo', encodeRow(ref), { label: spoken('Undo', task) })]);
}

function openControls(task: Task, ref: RowRef, capabilities: TaskCapabilities, presets: readonly Preset[]): Block[] {
  const { verbs } = capabilities;
  const value = encodeRow(ref);
  const controls: Element[] = [];
  const press = (action: string, verb: string, confirm?: ConfirmationDialog) =>
    button(action, verb, value, { label: spoken(verb, task), confirm });
  if (verbs.done) controls.push(press(ACTION.done, 'Done', ask('Done', task, verbs.done)));
  if (verbs.snooze)
    controls.push(select(ACTION.snooze, 'Snooze', snoozeOptions(ref, presets), ask('Snooze', task, verbs.snooze)));
  if (verbs.reschedule) controls.push(press(ACTION.reschedule, 'Reschedule'));
  if (verbs.dismiss) controls.push(press(ACTION.dismiss, 'Dismiss', ask('Dismiss', task, verbs.dismiss)));
  const ways = doneMenu(ref, capabilities);
  if (ways) controls.push(ways);
  // Slack takes no empty block.
  return controls.length > 0 ? [actions(controls)] : [];
}

/** Names the task: the row may have moved under the pointer. */
function ask(verb: string, task: Task, { consequence, reversible }: VerbCapability): ConfirmationDialog | undefined {
  if (!consequence) return undefined;
  return confirm(`${verb} “${named(task)}”?`, consequence, verb, reversible ? undefined : 'danger');
}

/** Who and what, as plain text, both short enough for a dialog's title. */
function named(task: Task): string {
  const who = subjectOf(task);
  const what = plainText(task.title, 40) || 'Task without a title';
  return who ? `${plainText(who.name, 35)}: ${what}` : what;
}

/** Beside the verbs: other ways to be done. */
function doneMenu(ref: RowRef, { verbs, endings = [], completionNote }: TaskCapabilities): Overflow | undefined {
  if (!verbs.done) return undefined;
  const options = endings.map(({ id, text }) => ({ text, value: encodeMenu(ref, { ending: id }) }));
  if (completionNote) options.push({ text: 'Done with a note…', value: encodeMenu(ref, { form: 'done' }) });
  return options.length > 0 ? overflow(ACTION.menu, options) : undefined;
}

/** At the row's corner: what changes the task and leaves it open. */
function editMenu(ref: RowRef, { verbs }: TaskCapabilities): Overflow | undefined {
  const options = EDITS.flatMap((edit) =>
    verbs[edit] ? [{ text: EDIT_TEXT[edit], value: encodeMenu(ref, { form: edit }) }] : [],
  );
  return options.length > 0 ? overflow(ACTION.edit, options) : undefined;
}

const EDIT_TEXT: Record<Edit, string> = {
  note: 'Edit note…',
  reassign: 'Reassign…',
  rule: 'Opportunity rule…',
};

function snoozeOptions(ref: RowRef, presets: readonly Preset[]): { text: string; value: string }[] {
  return [
    ...presets.map(({ text, at }) => ({ text, value: encodeSnooze(ref, at) })),
    { text: 'Pick a time…', value: encodeSnooze(ref, 'pick') },
  ];
}

function openText(task: Task, provider: RowProvider, reader: Reader): string {
  const who = [headline(task), role(task)].filter(Boolean).join('  ');
  const stake = task.deal ? dealLine(task.deal) : '';
  const urgency = task.priority ? `${mrkdwn(task.priority, 30)} priority` : '';
  const where = [when(task, reader), urgency, stake, provider.name].filter(Boolean).join('  ·  ');
  return [who, what(task), where, skips(task, provider.name, reader)].filter(Boolean).join('\n');
}

/** Who it is about, else what it is: the words that stay when the row is settled. */
function headline(task: Task): string {
  const subject = subjectOf(task);
  return subject ? `*${link(subject.url, mrkdwn(subject.name, 80))}*` : `*${titleText(task)}*`;
}

/** Who and what in one line, for a row that has something else to say. */
function brief(task: Task): string {
  return subjectOf(task) ? `${headline(task)}  ${titleText(task)}` : headline(task);
}

function struck(task: Task): string {
  return `~${whoAndWhat(task, ': ')}~`;
}

function role(task: Task): string {
  const company = task.contact?.company ?? (task.contact ? task.account?.name : undefined);
  const title = mrkdwn(task.contact?.title ?? '', 60);
  const linked = link(task.account?.url, mrkdwn(company ?? '', 60));
  return [title, linked].filter(Boolean).join(', ');
}

function what(task: Task): string {
  const flow = mrkdwn(task.flow ?? '', 60);
  return [subjectOf(task) ? titleText(task) : '', flow].filter(Boolean).join('  ·  ');
}

function dealLine(deal: NonNullable<Task['deal']>): string {
  const text = dealText(deal);
  return text ? link(deal.url, mrkdwn(text, 60)) : '';
}

/** Empty for a task that waits until it is done. */
export function skips({ skipsAt }: Pick<Task, 'skipsAt'>, provider: string, reader: Reader): string {
  if (skipsAt === undefined) return '';
  return `${provider} skips it by itself on ${exactTime(skipsAt, reader.now, reader.zone)}`;
}

/** Relative and exact, in the rep's zone. */
export function when(task: Pick<Task, 'dueAt'>, reader: Reader): string {
  const { dueAt } = task;
  if (dueAt === undefined) return 'No due date';
  const exact = exactTime(dueAt, reader.now, reader.zone);
  const away = distance(dueAt, reader.now, reader.zone);
  return dueAt < reader.now ? `Overdue by ${away} (${exact})` : `Due in ${away} (${exact})`;
}

/** For screen readers: which task a control belongs to. Slack gives selects and menus no such label. */
function spoken(verb: string, task: Task): string {
  return plainText(`${verb}: ${named(task)}`, LIMITS.accessibilityLabel);
}
