/** The number of tasks that fit into a message, whatever state each of its rows may come to. */
import type { Action, ActionBase } from '../src/core/model/action.ts';
import type { Instant } from '../src/core/model/keys.ts';
import type { ListSummary, MessageKind } from '../src/core/model/message.ts';
import type { Task } from '../src/core/model/task.ts';
import { FULL_ROOM, type Room, weightOf } from './limits.ts';
import { unconnectedBlock } from './list-errors.ts';
import { LARGEST_PRESETS } from './presets.ts';
import { type Providers, providerOf, type RowProvider } from './providers.ts';
import { taskRow } from './task-row.ts';
import type { Reader } from './text.ts';
import { newLinks } from './words.ts';

const MOST_ROWS: Record<MessageKind, number> = { digest: 10, list: 10, home: 30 };
/** Title, counts, progress, three group titles and footer at their largest. The title of a list repeats the search text. */
const FRAME_WEIGHT: Record<MessageKind, number> = { digest: 1_150, list: 1_300, home: 0 };
/** The block of a provider in trouble. */
const REPORT_WEIGHT = 580;
/** Dates grow with time: a day of two digits, another year. The wordiest reason differs with the names. */
const LATER_CHARACTERS = 15;
/** A date in another year is written with it. */
const A_YEAR = 31_536_000_000;
/** Its dates and clocks are the longest, and a rep may choose it later. */
export const LONGEST_LOCALE = 'en-US';
/** `Overdue by less than a minute` is the longest text of a due date. */
const HALF_A_MINUTE = 29_000;

/** At least one. */
export function rowsThatFit(
  list: { kind: MessageKind; tasks: readonly Task[] } & Pick<ListSummary, 'reports' | 'newLinks' | 'unconnected'>,
  providers: Providers,
  reader: Reader,
  room: Room = FULL_ROOM,
): number {
  const most = Math.min(MOST_ROWS[list.kind], list.tasks.length);
  if (list.kind === 'home') return most;
  const troubled = list.reports.filter((report) => report.state === 'failed' || report.unreadable > 0).length;
  let left = room.weight - FRAME_WEIGHT[list.kind] - troubled * REPORT_WEIGHT;
  for (const line of newLinks(list.newLinks ?? [])) left -= weightOf([{ text: line }]);
  left -= weightOf((list.unconnected ?? []).map(unconnectedBlock));
  for (const [index, task] of list.tasks.slice(0, most).entries()) {
    left -= largestRow(task, providerOf(providers, task), reader);
    if (left < 0) return Math.max(index, 1);
  }
  return most;
}

/**
 * A row is largest when it is open with its controls and just overdue. Where controls are few, it is largest when it failed,
 * or was not undone, for the wordiest reason (a test holds that).
 */
function largestRow(task: Task, provider: RowProvider, reader: Reader): number {
  const rowWeight = (shown: Task, action: Action | undefined, now: Instant) => {
    const row = { position: 999, task: shown, seq: 998, action };
    const reading = {
      ...reader,
      now,
      days: [],
      locale: LONGEST_LOCALE,
      presets: LARGEST_PRESETS,
      news: 'left out',
    } as const;
    return weightOf(taskRow('99999999', row, provider, reading));
  };
  const dated = { ...task, dueAt: task.dueAt ?? reader.now };
  const sizes = [
    rowWeight(dated, undefined, dated.dueAt + HALF_A_MINUTE),
    ...wordiestActions(task, reader.now).map((action) => rowWeight(task, action, reader.now)),
  ];
  return Math.max(...sizes) + LATER_CHARACTERS;
}

function wordiestActions(task: Task, now: Instant): Action[] {
  const base = {
    ...{ teamId: '', userId: '', provider: task.provider, taskId: task.id, task },
    ...{ id: '99999999', seq: 999, attempts: 1, createdAt: now },
    ...{ externalId: undefined, sentAt: undefined, reference: '"'.repeat(60) },
  } satisfies Omit<ActionBase, 'change'>;
  const rule = { verb: 'rule', rule: '' } as const;
  const moved = { verb: 'reschedule', dueAt: now + A_YEAR } as const;
  return [
    { ...base, change: rule, state: 'failed', settledAt: now, failure: 'not_enabled' },
    { ...base, change: moved, state: 'succeeded', settledAt: now, undoFailure: { reason: 'not_enabled' } },
  ];
}
