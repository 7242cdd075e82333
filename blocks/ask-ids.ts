/** The values of buttons under answers to typed lines. Those that come back are parsed here and nowhere else. */
import { z } from 'zod';
import type { Confirmed } from '../src/core/ask/act.ts';
import { Id, parseJson } from './ids.ts';
import { decodeRow, encodeRow } from './row-ids.ts';
import { decodeWhat, decodeWhich, encodeWhat, encodeWhich } from './sweep-ids.ts';

/** The trigger or the message with which a line came. */
const Command = z.string().regex(/^[\w.:-]{1,200}$/);

const One = z.object({ row: z.string(), what: z.string(), skip: z.literal(true).optional() });
const Some = z.object({ message: Id, rows: z.string(), what: z.string(), command: Command });
const Undo = z.object({ undo: Id });

/** The effect of a question's button. */
export type Answer = Confirmed | { undo: string };

export function encodeAnswer(answer: Answer): string {
  if ('undo' in answer) return JSON.stringify(answer);
  const what = encodeWhat(answer.change);
  if ('positions' in answer) {
    const { messageId: message, positions, command } = answer;
    const rows = encodeWhich({ by: 'rows', positions });
    return JSON.stringify({ message, rows, what, command } satisfies z.input<typeof Some>);
  }
  const skip = answer.skippedFirst ? { skip: true as const } : {};
  return JSON.stringify({ row: encodeRow(answer.ref), what, ...skip } satisfies z.input<typeof One>);
}

export function decodeAnswer(value: unknown): Answer | undefined {
  const json = typeof value === 'string' ? parseJson(value) : undefined;
  const undo = Undo.safeParse(json).data;
  if (undo) return undo;
  const one = One.safeParse(json).data;
  const some = Some.safeParse(json).data;
  const change = decodeWhat(one?.what ?? some?.what);
  if (!change || ('dueAt' in change && change.dueAt === undefined)) return undefined;
  const ref = decodeRow(one?.row);
  if (one && ref) return { ref, change, skippedFirst: one.skip === true };
  const which = decodeWhich(some?.rows);
  if (!some || which?.by !== 'rows') return undefined;
  return { messageId: some.message, positions: which.positions, change, command: some.command };
}

/** A line to run. Slack takes 2,000 characters; a line has 300. */
export function decodeLine(value: unknown): string | undefined {
  return z.string().min(1).max(400).safeParse(value).data;
}
