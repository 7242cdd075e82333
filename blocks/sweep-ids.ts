/** The values of the window that acts on many tasks. Those that come back are parsed here and nowhere else. */
import { z } from 'zod';
import type { Which } from '../src/core/clicks/plan-sweep.ts';
import { GROUPS } from '../src/core/model/group.ts';
import type { SweepChange } from '../src/core/model/sweep.ts';
import { KINDS_OF_TASK, VERBS } from '../src/core/model/task.ts';
import { Count, decodeMessageId, decodeProvider, Id, Minutes, minutesOf, parseJson } from './ids.ts';

/** `unchanged`, `unchanged.overdue`, `overdue.7`, `kind.call`, `tool.gong`, `account.12`: the account of the task at row 12. */
export function encodeWhich(which: Which): string {
  switch (which.by) {
    case 'all':
    case 'today':
      return which.by;
    case 'unchanged':
      return which.group === undefined ? 'unchanged' : `unchanged.${which.group}`;
    case 'overdue':
      return which.days === undefined ? 'overdue' : `overdue.${which.days}`;
    case 'kind':
      return `kind.${which.kind}`;
    case 'tool':
      return `tool.${which.provider}`;
    case 'account':
      return `account.${which.position}`;
    case 'rows':
      return `rows.${which.positions.map((position) => position.toString(36)).join('-')}`;
  }
}

const Plain = z.enum(['all', 'today', 'overdue', 'unchanged']);
const Kind = z.enum(KINDS_OF_TASK);
const Days = z
  .string()
  .regex(/^[1-9]\d{0,2}$/)
  .transform(Number);
/** Positions to the base of 36: a hundred of them fit into a window's metadata. */
const Positions = z
  .string()
  .regex(/^[0-9a-z]{1,6}(-[0-9a-z]{1,6}){0,199}$/)
  .transform((text) => text.split('-').map((position) => Number.parseInt(position, 36)));

export function decodeWhich(value: unknown): Which | undefined {
  if (typeof value !== 'string') return undefined;
  const [by = '', ...rest] = value.split('.');
  const argument = rest.length === 0 ? undefined : rest.join('.');
  const plain = Plain.safeParse(by).data;
  if (argument === undefined) return plain && { by: plain };
  const group = by === 'unchanged' ? z.enum(GROUPS).safeParse(argument).data : undefined;
  if (group) return { by: 'unchanged', group };
  const days = by === 'overdue' ? Days.safeParse(argument).data : undefined;
  if (days !== undefined) return { by: 'overdue', days };
  const kind = by === 'kind' ? Kind.safeParse(argument).data : undefined;
  if (kind) return { by: 'kind', kind };
  const provider = by === 'tool' ? decodeProvider(argument) : undefined;
  if (provider) return { by: 'tool', provider };
  const position = by === 'account' ? Count.safeParse(argument).data : undefined;
  if (position !== undefined) return { by: 'account', position };
  const positions = by === 'rows' ? Positions.safeParse(argument).data : undefined;
  return positions && { by: 'rows', positions };
}

/** A verb at once, a move to a named time, or a move to the time of the picker. */
export type WhatChoice = SweepChange | { verb: 'snooze' | 'reschedule'; dueAt: undefined };

export function encodeWhat(choice: WhatChoice): string {
  return 'dueAt' in choice && choice.dueAt !== undefined ? `${choice.verb}@${minutesOf(choice.dueAt)}` : choice.verb;
}

export function decodeWhat(value: unknown): WhatChoice | undefined {
  const [text, at, ...others] = typeof value === 'string' ? value.split('@') : [];
  const verb = z.enum(VERBS).safeParse(text).data;
  if (!verb || others.length > 0) return undefined;
  if (verb === 'done' || verb === 'dismiss') return at === undefined ? { verb } : undefined;
  if (at === undefined) return { verb, dueAt: undefined };
  const dueAt = Minutes.safeParse(at).data;
  return dueAt === undefined ? undefined : { verb, dueAt };
}

/** A button of the list: the message, and which of its tasks. */
export function encodeOffer(messageId: string, which: Which): string {
  return `${messageId}.${encodeWhich(which)}`;
}

export function decodeOffer(value: unknown): { messageId: string; which: Which } | undefined {
  const [id, ...rest] = typeof value === 'string' ? value.split('.') : [];
  const messageId = decodeMessageId(id);
  const which = decodeWhich(rest.join('.'));
  return messageId && which ? { messageId, which } : undefined;
}

const SweepSure = z.object({ message: Id, which: z.string(), what: z.string() });

/** What a rep is asked to confirm. */
export interface SweepTarget {
  messageId: string;
  which: Which;
  change: SweepChange;
}

export function encodeSweep({ messageId, which, change }: SweepTarget): string {
  return JSON.stringify({ message: messageId, which: encodeWhich(which), what: encodeWhat(change) } satisfies z.input<
    typeof SweepSure
  >);
}

export function decodeSweep(metadata: string): SweepTarget | undefined {
  const { message: messageId, which: whichText, what } = SweepSure.safeParse(parseJson(metadata)).data ?? {};
  const which = decodeWhich(whichText);
  const change = decodeWhat(what);
  if (!messageId || !which || !change) return undefined;
  return 'dueAt' in change && change.dueAt === undefined ? undefined : { messageId, which, change };
}
