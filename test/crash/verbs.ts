/** What is pressed in the crash matrix, and what it has to come to at its provider. */
import { type Provider, VERBS, type Verb } from '../faults/verbs.ts';
import { MANUAL_TASK, STEP_TASK, TASK_A } from '../flow/cast.ts';
import type { ClickPoint } from './points.ts';

export interface Pressed {
  /** A column of the matrix: `Outreach done`. */
  name: string;
  verb: Verb;
  taskId: string;
  /** The words that find the row. */
  row: string;
  /** What is left of the task once it is done. */
  becomes: Record<string, unknown> | undefined;
  /** What the row says then, in a word. */
  word: 'done' | 'dismissed' | 'snoozed' | 'rescheduled';
  /** The provider can take it back, so the row offers Undo. */
  reversible: boolean;
}

const TOMORROW_NINE = '2026-11-24T14:00:00.000Z';
/** The matrices type this date. */
const TYPED = '2026-12-01T20:00:00.000Z';

const GONG = { provider: 'gong', taskId: TASK_A, row: 'Whitfield 001' } as const;
const STEP = { provider: 'outreach', taskId: STEP_TASK, row: 'Ines Calder' } as const;
const MANUAL = { provider: 'outreach', taskId: MANUAL_TASK, row: 'Bo Tanaka' } as const;
const REPLY = { provider: 'reply', taskId: '9001', row: 'Priya Raman' } as const;

type Where = typeof GONG | typeof STEP | typeof MANUAL | typeof REPLY;

/** `verb`: what the fault matrix calls it. */
function pressed(
  name: string,
  { provider, ...where }: Where,
  verb: string,
  more: Pick<Pressed, 'word' | 'becomes'> & Partial<Pick<Pressed, 'reversible'>>,
): Pressed {
  const reversible = verbOf(provider, `Undo of ${verb}`) !== undefined;
  const found = verbOf(provider, verb);
  if (!found) throw new Error(`no verb ${verb} at ${provider}`);
  return { name, ...where, verb: found, reversible, ...more };
}

function verbOf(provider: Provider, name: string): Verb | undefined {
  return VERBS.find((verb) => verb.provider === provider && verb.name === name);
}

/** Held back while there is an undo window: markComplete lets the sequence go on. */
export const OUTREACH_DONE = pressed('Outreach done', STEP, 'done', { word: 'done', becomes: { state: 'complete' } });

export const PRESSED: readonly Pressed[] = [
  pressed('Gong done', GONG, 'done', { word: 'done', becomes: { status: 'DONE' } }),
  pressed('Gong snooze', GONG, 'snooze', { word: 'snoozed', becomes: { status: 'OPEN', dueDate: TOMORROW_NINE } }),
  OUTREACH_DONE,
  pressed('Outreach dismiss', MANUAL, 'dismiss', { word: 'dismissed', becomes: undefined }),
  pressed('Outreach snooze', MANUAL, 'snooze', {
    word: 'snoozed',
    becomes: { state: 'incomplete', dueAt: TOMORROW_NINE },
  }),
  pressed('Outreach skip', STEP, 'dismiss a step', { word: 'dismissed', becomes: { state: 'complete' } }),
  pressed('Reply done', REPLY, 'done', { word: 'done', becomes: { status: 'finished' } }),
  pressed('Reply dismiss', REPLY, 'dismiss', { word: 'dismissed', becomes: { status: 'cancelled' } }),
  pressed('Reply snooze', REPLY, 'snooze', { word: 'snoozed', becomes: { status: 'new', dueTo: TOMORROW_NINE } }),
];

/** What can be taken back at its provider. */
export const UNDONE: readonly Pressed[] = PRESSED.filter(({ reversible }) => reversible);

/** These send what others above send too, with other values. */
const LIKE_OTHERS: readonly Pressed[] = [
  pressed('Gong dismiss', GONG, 'dismiss', { word: 'dismissed', becomes: { status: 'DISMISSED' }, reversible: true }),
  ...(
    [
      ['Gong reschedule', GONG, { status: 'OPEN', dueDate: TYPED }],
      ['Outreach reschedule', MANUAL, { state: 'incomplete', dueAt: TYPED }],
      ['Reply reschedule', REPLY, { status: 'new', dueTo: TYPED }],
    ] as const
  ).map(([name, where, becomes]) =>
    pressed(name, where, 'reschedule', { word: 'rescheduled', becomes, reversible: true }),
  ),
];

/** Every verb of every provider. */
export const EVERY: readonly Pressed[] = (['gong', 'outreach', 'reply'] as const).flatMap((provider) =>
  [...PRESSED, ...LIKE_OTHERS].filter(({ verb }) => verb.provider === provider),
);

/** Every point with every verb; `row` and `column` are its place in the matrix. */
export function cellsOf(points: readonly ClickPoint[], verbs: readonly Pressed[]) {
  return points.flatMap((point) => verbs.map((each) => ({ row: point.name, column: each.name, point, pressed: each })));
}
