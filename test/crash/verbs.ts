/** What is pressed in the crash matrix, what it has to come to at its provider, and how its effects are counted. */
import { MANUAL_TASK, STEP_TASK, TASK_A } from '../flow/cast.ts';
import type { World as Three } from '../flow/world.ts';
import type { ClickPoint } from './points.ts';

export interface Pressed {
  /** A column of the matrix: `Outreach done`. */
  name: string;
  provider: 'gong' | 'outreach' | 'reply';
  taskId: string;
  /** The words that find the row. */
  row: string;
  control: 'Done' | 'Snooze' | 'Dismiss';
  choice?: string;
  /** How the request that changes the task begins. */
  request: string;
  /** What is left of the task once it is done. */
  becomes: Record<string, unknown> | undefined;
  /** What the row says then, and in a word. */
  says: string;
  word: 'done' | 'dismissed' | 'snoozed';
  /** The change says in absolute words how the task is to be, so that sending it twice is one effect (gong.md 5). */
  repeatable: boolean;
  /** The provider can take it back, so the row offers Undo. */
  reversible: boolean;
}

const NEXT_MONDAY = '2026-11-30T14:00:00.000Z';
const NEXT_WEEK = { control: 'Snooze', choice: 'Next week', says: 'Snoozed until', word: 'snoozed' } as const;
const MOVES = { ...NEXT_WEEK, repeatable: true, reversible: true } as const;
const FINAL = { repeatable: false, reversible: false } as const;

const GONG = { provider: 'gong', taskId: TASK_A, row: 'Whitfield 001', request: 'PATCH /v2/tasks' } as const;
const STEP = { provider: 'outreach', taskId: STEP_TASK, row: 'Ines Calder' } as const;
const MANUAL = { provider: 'outreach', taskId: MANUAL_TASK, row: 'Bo Tanaka' } as const;
const REPLY = { provider: 'reply', taskId: '9001', row: 'Priya Raman' } as const;

const GONG_DONE = {
  ...GONG,
  name: 'Gong done',
  control: 'Done',
  says: 'Marked done in Gong',
  word: 'done',
  becomes: { status: 'DONE' },
  repeatable: true,
  reversible: true,
} as const satisfies Pressed;
const GONG_SNOOZE = {
  ...GONG,
  ...MOVES,
  name: 'Gong snooze',
  becomes: { status: 'OPEN', dueDate: NEXT_MONDAY },
} as const satisfies Pressed;
const OUTREACH_SNOOZE = {
  ...MANUAL,
  ...MOVES,
  name: 'Outreach snooze',
  request: 'POST /api/v2/tasks',
  becomes: { state: 'incomplete', dueAt: NEXT_MONDAY },
} as const satisfies Pressed;
const REPLY_SNOOZE = {
  ...REPLY,
  ...MOVES,
  name: 'Reply snooze',
  request: 'PUT /v3/tasks',
  becomes: { status: 'new', dueTo: NEXT_MONDAY },
} as const satisfies Pressed;

/** Held back while there is an undo window: markComplete lets the sequence go on. */
export const OUTREACH_DONE = {
  ...STEP,
  ...FINAL,
  name: 'Outreach done',
  request: 'POST /api/v2/tasks',
  control: 'Done',
  says: 'Marked done in Outreach',
  word: 'done',
  becomes: { state: 'complete' },
} as const satisfies Pressed;

export const PRESSED: readonly Pressed[] = [
  GONG_DONE,
  GONG_SNOOZE,
  OUTREACH_DONE,
  {
    ...MANUAL,
    ...FINAL,
    name: 'Outreach dismiss',
    request: 'DELETE /api/v2/tasks',
    control: 'Dismiss',
    says: 'Dismissed in Outreach',
    word: 'dismissed',
    becomes: undefined,
  },
  OUTREACH_SNOOZE,
  {
    ...STEP,
    ...FINAL,
    name: 'Outreach skip',
    request: 'POST /api/v2/tasks',
    control: 'Dismiss',
    says: 'Dismissed in Outreach',
    word: 'dismissed',
    becomes: { state: 'complete' },
  },
  {
    ...REPLY,
    ...FINAL,
    name: 'Reply done',
    request: 'POST /v3/tasks/9001/complete',
    control: 'Done',
    says: 'Marked done in Reply.io',
    word: 'done',
    becomes: { status: 'finished' },
  },
  {
    ...REPLY,
    ...FINAL,
    name: 'Reply dismiss',
    request: 'DELETE /v3/tasks',
    control: 'Dismiss',
    says: 'Dismissed in Reply.io',
    word: 'dismissed',
    becomes: { status: 'cancelled' },
  },
  REPLY_SNOOZE,
];

/** What can be taken back at its provider. */
export const UNDONE: readonly Pressed[] = PRESSED.filter(({ reversible }) => reversible);

/** What tells one state of a task from another; dates as instants, for every provider writes them differently. */
export function taskNow(world: Three, { provider, taskId }: Pressed): Record<string, unknown> | undefined {
  if (provider === 'gong') {
    const task = world.gong.task(taskId);
    return task && { status: task.status, dueDate: instant(task.dueDate) };
  }
  if (provider === 'outreach') {
    const task = world.outreach.task(taskId);
    return task && { state: task.state, dueAt: instant(task.dueAt) };
  }
  const task = world.reply.task(taskId);
  return task && { status: task.status, dueTo: instant(task.dueTo) };
}

function instant(date: string | null | undefined): string | undefined {
  return date ? new Date(date).toISOString() : undefined;
}

export interface Effects {
  /** How often the task became another at its provider. */
  changes(): number;
  /** When it did, by the clock of the machine. */
  times(): readonly number[];
  /** How many requests to change it came, those included that were refused, or left everything as it was. */
  requests(): number;
}

/** Counts from now on. */
export function countEffects(world: Three, pressed: Pressed): Effects {
  const state = () => JSON.stringify(taskNow(world, pressed));
  let last = state();
  const times: number[] = [];
  world[pressed.provider].onChange(() => {
    const now = state();
    if (now !== last) times.push(Date.now());
    last = now;
  });
  const before = sent(world, pressed).length;
  return { changes: () => times.length, times: () => times, requests: () => sent(world, pressed).length - before };
}

const CHANGE = /^(?:PATCH|PUT|DELETE) |^POST \S+\/(?:actions\/\w+|complete)\b/;

function sent(world: Three, { provider, taskId }: Pressed) {
  return world[provider].requests.filter(
    ({ method, path }) => path.includes(`/tasks/${taskId}`) && CHANGE.test(`${method} ${path}`),
  );
}

/** Every point with every verb; `row` and `column` are its place in the matrix. */
export function cellsOf(points: readonly ClickPoint[], verbs: readonly Pressed[]) {
  return points.flatMap((point) => verbs.map((pressed) => ({ row: point.name, column: pressed.name, point, pressed })));
}
