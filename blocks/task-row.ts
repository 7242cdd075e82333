/**
 * One task as a row. The face that others rely on (DESIGN section 7): a section, and right after it an actions block
 * whose controls read Done, Snooze, Reschedule and Dismiss; a settled row offers Undo where it can, a failed one Retry.
 */

import type { RowRef } from '../src/core/click.ts';
import type { Capabilities, LoadedMessage } from '../src/core/ports.ts';
import { canUndo } from '../src/core/triage.ts';
import type { Action, Task } from '../src/core/types.ts';
import type { Block, Button, Element } from './elements.ts';
import { actions, button, confirm, section, select } from './elements.ts';
import { ACTION, encodeRow, encodeSnooze, SNOOZE_CHOICES, type SnoozeChoice } from './ids.ts';
import { dealText, distance, exactTime, link, mrkdwn, plainText, whoAndWhat } from './text.ts';
import { failure, outcome, type Reader, stale, underway, undoFailure } from './words.ts';

export interface RowProvider {
  name: string;
  capabilities: Capabilities;
}

export type Item = LoadedMessage['items'][number];

/** What the row has to show, decided by the last action on its task. */
export type RowState = 'open' | 'underway' | 'settled' | 'failed' | 'stale';

/** Only an action that the row did not know when it was made, or one that is still going on, speaks for it. */
export function rowState(item: Item): RowState {
  const { action } = item;
  if (!action) return 'open';
  const heldBack = action.heldUntil !== undefined && action.sentAt === undefined;
  if (action.state === 'queued') return heldBack ? 'settled' : 'underway';
  if (action.state === 'undoing') return 'underway';
  if (action.seq <= item.seq) return 'open';
  if (action.state === 'succeeded') return 'settled';
  if (action.state === 'failed') return 'failed';
  if (action.state === 'stale') return 'stale';
  return 'open';
}

export function isSettled(item: Item): boolean {
  const state = rowState(item);
  return state === 'settled' || state === 'stale';
}

export function taskRow(messageId: string, item: Item, provider: RowProvider, reader: Reader): Block[] {
  const { action } = item;
  const ref = { messageId, position: item.position, seq: action?.seq ?? item.seq };
  const state = rowState(item);
  if (state === 'open' || !action)
    return [section(openText(item.task, provider, reader)), ...openControls(ref, provider)];
  if (state === 'underway') return [section(`${brief(item.task)}\n_${underway(action, provider.name)}_`)];
  if (state === 'stale') return [section(`${struck(item.task)}\n${stale(provider.name)}`)];
  if (state === 'failed') {
    const retry = button(ACTION.retry, 'Retry', encodeRow(ref), { label: `Retry: ${label(item.task)}` });
    const another = button(ACTION.another, 'Choose another action', encodeRow(ref), {
      label: `Choose another action: ${label(item.task)}`,
    });
    return [section(`${brief(item.task)}\n${failure(action, provider.name)}`), actions([retry, another])];
  }
  return settledRow(item.task, action, ref, provider, reader);
}

function settledRow(task: Task, action: Action, ref: RowRef, provider: RowProvider, reader: Reader): Block[] {
  const happened = action.undoFailure
    ? `${outcome(action, provider.name, reader)}. ${undoFailure(action, provider.name)}`
    : outcome(action, provider.name, reader);
  const text = section(`${struck(task)}\n${happened}`);
  if (!canUndo(action, provider.capabilities)) return [text];
  return [text, actions([button(ACTION.undo, 'Undo', encodeRow(ref), { label: `Undo: ${label(task)}` })])];
}

function openControls(ref: RowRef, provider: RowProvider): Block[] {
  const { verbs } = provider.capabilities;
  const value = encodeRow(ref);
  const controls: Element[] = [];
  if (verbs.done) controls.push(verbButton(ACTION.done, 'Done', value, verbs.done.consequence));
  if (verbs.snooze) controls.push(select(ACTION.snooze, 'Snooze', snoozeOptions(ref)));
  if (verbs.reschedule) controls.push(button(ACTION.reschedule, 'Reschedule', value));
  if (verbs.dismiss) controls.push(verbButton(ACTION.dismiss, 'Dismiss', value, verbs.dismiss.consequence));
  // Slack takes no empty block.
  return controls.length > 0 ? [actions(controls)] : [];
}

function verbButton(action: string, text: string, value: string, consequence: string | undefined): Button {
  const dialog = consequence === undefined ? undefined : confirm(`${text}?`, consequence, text);
  return button(action, text, value, { confirm: dialog });
}

const SNOOZE_TEXT: Record<SnoozeChoice, string> = {
  later: 'Later today',
  tomorrow: 'Tomorrow morning',
  nextweek: 'Next week',
  pick: 'Pick a time…',
};

function snoozeOptions(ref: RowRef): { text: string; value: string }[] {
  return SNOOZE_CHOICES.map((choice) => ({ text: SNOOZE_TEXT[choice], value: encodeSnooze(ref, choice) }));
}

function openText(task: Task, provider: RowProvider, reader: Reader): string {
  const who = [headline(task), role(task)].filter(Boolean).join('  ');
  const stake = task.deal ? dealLine(task.deal) : '';
  const where = [when(task, reader), stake, provider.name].filter(Boolean).join('  ·  ');
  return [who, what(task), where].filter(Boolean).join('\n');
}

/** Who it is about, else what it is: the words that stay when the row is settled. */
function headline(task: Task): string {
  const { contact, account } = task;
  if (contact) return `*${link(contact.url, mrkdwn(contact.name, 80))}*`;
  if (account) return `*${link(account.url, mrkdwn(account.name, 80))}*`;
  return `*${mrkdwn(task.title, 140)}*`;
}

/** Who and what in one line, for a row that has something else to say. */
function brief(task: Task): string {
  const named = task.contact !== undefined || task.account !== undefined;
  return named ? `${headline(task)}  ${mrkdwn(task.title, 140)}` : headline(task);
}

function struck(task: Task): string {
  return `~${whoAndWhat(task, ': ')}~`;
}

function role(task: Task): string {
  const company = task.contact?.company ?? (task.contact ? task.account?.name : undefined);
  const title = task.contact?.title ? mrkdwn(task.contact.title, 60) : undefined;
  const linked = company ? link(task.account?.url, mrkdwn(company, 60)) : undefined;
  return [title, linked].filter((part) => part !== undefined).join(', ');
}

function what(task: Task): string {
  const flow = task.flow ? `  ·  ${mrkdwn(task.flow, 60)}` : '';
  const named = task.contact !== undefined || task.account !== undefined;
  return named ? `${mrkdwn(task.title, 140)}${flow}` : flow.replace('  ·  ', '');
}

function dealLine(deal: NonNullable<Task['deal']>): string {
  const text = dealText(deal);
  return text ? link(deal.url, mrkdwn(text, 60)) : '';
}

/** Relative and exact, in the rep's zone. */
export function when(task: Pick<Task, 'dueAt'>, reader: Reader): string {
  const { dueAt } = task;
  if (dueAt === undefined) return 'No due date';
  const exact = exactTime(dueAt, reader.now, reader.zone);
  const away = distance(dueAt, reader.now, reader.zone);
  return dueAt < reader.now ? `Overdue by ${away} (${exact})` : `Due in ${away} (${exact})`;
}

/** For screen readers: which task a button that reads `Undo` belongs to. */
function label(task: Task): string {
  return plainText(task.contact?.name ?? task.title, 40);
}
