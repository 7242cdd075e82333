/** The values of the window that works through a list. Those that come back are parsed here and nowhere else. */
import { z } from 'zod';
import type { FocusChoice } from '../src/core/clicks/focus.ts';
import type { RowRef } from '../src/core/clicks/record.ts';
import type { Instant } from '../src/core/model/keys.ts';
import { Id, Minutes, minutesOf, parseJson } from './ids.ts';
import { decodeRow, Ending, encodeRow } from './row-ids.ts';

const FocusState = z.object({
  row: z.string(),
  /** When the window was opened. */
  since: z.int().positive(),
  /** The row's place in the list, for a list that is made anew meanwhile. */
  index: z.int().nonnegative(),
  number: z.int().positive(),
  of: z.int().positive(),
  /** The sweep that the steps so far belong to; only for reading what came of them. */
  sweep: Id.optional(),
  /** The time that the window asks about, because the provider would skip the task before. */
  sure: z.int().positive().optional(),
});

/** Work through keeps this from step to step. The stored list says which tasks are left. */
export type FocusState = Omit<z.infer<typeof FocusState>, 'row'> & { ref: RowRef };

export function encodeFocus({ ref, ...state }: FocusState): string {
  return JSON.stringify({ row: encodeRow(ref), ...state } satisfies z.input<typeof FocusState>);
}

export function decodeFocus(metadata: string): FocusState | undefined {
  const parsed = FocusState.safeParse(parseJson(metadata)).data;
  if (!parsed) return undefined;
  const { row, ...state } = parsed;
  const ref = decodeRow(row);
  return ref && { ...state, ref };
}

const FOCUS_DOES = ['done', 'dismiss', 'reschedule', 'leave', 'back'] as const;

/** As in a row's menu, and `~abcde` a time to reschedule to. */
export function encodeChoice(choice: FocusChoice): string {
  if ('ending' in choice) return choice.ending;
  if ('snooze' in choice) return `@${minutesOf(choice.snooze)}`;
  return 'reschedule' in choice ? `~${minutesOf(choice.reschedule)}` : `!${choice.does}`;
}

export function decodeChoice(value: string | undefined): FocusChoice | undefined {
  const text = value ?? '';
  const does = FOCUS_DOES.find((each) => `!${each}` === text);
  if (does) return { does };
  const at = /^[@~]/.test(text) ? Minutes.safeParse(text.slice(1)).data : undefined;
  if (at !== undefined) return text.startsWith('@') ? { snooze: at } : { reschedule: at };
  const ending = Ending.safeParse(text).data;
  return ending === undefined ? undefined : { ending };
}

/** Whose it is, the store says. */
export function decodeSweepId(value: unknown): string | undefined {
  return Id.safeParse(value).data;
}

type FocusField = 'choice' | 'time';

/** Slack keeps what was entered in a block while its id stays, so each drawing of each row has its own. */
export function focusBlock(field: FocusField, ref: RowRef, drawnAt: Instant): string {
  return `focus_${field}.${encodeRow(ref)}.${drawnAt.toString(36)}`;
}

/** The block's id in a submission. */
export function findFocusBlock(field: FocusField, ids: readonly string[]): string | undefined {
  return ids.find((id) => id.startsWith(`focus_${field}.`));
}
