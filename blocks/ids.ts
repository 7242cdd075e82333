/**
 * What buttons carry, and the names that listeners hang on. A value says which row of which stored message, and how many
 * actions the row knew of; never who clicks. Whatever comes back is parsed here and nowhere else.
 */
import { z } from 'zod';
import type { RowRef } from '../src/core/click.ts';
import type { SnoozePreset } from '../src/core/time.ts';

export const ACTION = {
  done: 'done',
  dismiss: 'dismiss',
  snooze: 'snooze',
  reschedule: 'reschedule',
  undo: 'undo',
  retry: 'retry',
  another: 'another',
  more: 'list_more',
  refresh: 'list_refresh',
  connect: 'link_look_up',
  settings: 'settings_open',
  /** Inputs of modals. */
  picker: 'when_picker',
  typed: 'when_typed',
  time: 'settings_time',
  days: 'settings_days',
} as const;

export const VIEW = { when: 'task_when', settings: 'rep_settings' } as const;
export const BLOCK = {
  picker: 'when_picker',
  typed: 'when_typed',
  time: 'settings_time',
  days: 'settings_days',
} as const;

export const SNOOZE_CHOICES = ['later', 'tomorrow', 'nextweek', 'pick'] as const satisfies readonly (
  | SnoozePreset
  | 'pick'
)[];
export type SnoozeChoice = (typeof SNOOZE_CHOICES)[number];

const MessageId = z.string().regex(/^[1-9]\d{0,14}$/);
const Count = z
  .string()
  .regex(/^(0|[1-9]\d{0,8})$/)
  .transform(Number);
const Row = z
  .tuple([MessageId, Count, Count])
  .transform(([messageId, position, seq]) => ({ messageId, position, seq }));
const Snooze = z
  .tuple([MessageId, Count, Count, z.enum(SNOOZE_CHOICES)])
  .transform(([messageId, position, seq, choice]) => ({ ref: { messageId, position, seq }, choice }));

export function encodeRow(ref: RowRef): string {
  return `${ref.messageId}.${ref.position}.${ref.seq}`;
}

export function decodeRow(value: unknown): RowRef | undefined {
  return typeof value === 'string' ? Row.safeParse(value.split('.')).data : undefined;
}

export function encodeSnooze(ref: RowRef, choice: SnoozeChoice): string {
  return `${encodeRow(ref)}.${choice}`;
}

export function decodeSnooze(value: unknown): { ref: RowRef; choice: SnoozeChoice } | undefined {
  return typeof value === 'string' ? Snooze.safeParse(value.split('.')).data : undefined;
}

export function decodeMessageId(value: unknown): string | undefined {
  return MessageId.safeParse(value).data;
}

/** What the modal that asks for a time brings back: the row, and the verb that opened it. */
const When = z.object({ row: z.string(), verb: z.enum(['snooze', 'reschedule']) });

export function encodeWhen(ref: RowRef, verb: 'snooze' | 'reschedule'): string {
  return JSON.stringify({ row: encodeRow(ref), verb } satisfies z.input<typeof When>);
}

export function decodeWhen(metadata: string): { ref: RowRef; verb: 'snooze' | 'reschedule' } | undefined {
  const parsed = When.safeParse(parseJson(metadata)).data;
  const ref = decodeRow(parsed?.row);
  return parsed && ref ? { ref, verb: parsed.verb } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
