/** Stored messages: Slack messages that show tasks. */
import type { Action, FailureReason } from './action.ts';
import type { Instant, ProviderId, RepKey } from './keys.ts';
import type { Query } from './query.ts';
import type { DoneBy, Task } from './task.ts';

/** The result of one provider's list call, kept beside its tasks. */
export type ProviderReport = { provider: ProviderId; name: string; noun: string } & (
  | { state: 'listed'; tasks: number; unreadable: number }
  | { state: 'failed'; reason: FailureReason; lastListedAt: Instant | undefined; reference: string | undefined }
);

export interface Tool {
  provider: ProviderId;
  name: string;
}

/**
 * The filter of a list. `back`: these came back from a snooze. `soon`: these calls are due at `dueAt` and soon after. A
 * list that a rep asks for has a query; `overdue`, `today`, `week`, `snoozed` and `text` are in messages of older versions.
 */
export type Filter =
  | { by: 'query'; query: Query }
  | { by: 'all' | 'overdue' | 'today' | 'week' }
  | { by: 'snoozed' }
  | { by: 'text'; text: string }
  | { by: 'query'; query: Query }
  | { by: 'back'; tasks: readonly TaskRef[] }
  | { by: 'soon'; tasks: readonly TaskRef[]; dueAt: Instant };

/** Everything in a message except its rows. Stored, so that the message can be rendered again at any time. */
export interface ListSummary {
  filter: Filter;
  /** Matching tasks in each group. */
  counts: { overdue: number; today: number; upcoming: number };
  /** The first rows of the pages up to the one that is shown, as indexes into the message's rows. undefined: `[0]`. */
  starts?: readonly number[];
  /** Matching tasks without a row. Only in messages of versions that stored one page. */
  remaining?: number;
  reports: readonly ProviderReport[];
  /** When the providers were asked. */
  fetchedAt: Instant;
  /** Of a digest that was listed ahead of its time: that time, as of which its groups are told apart. */
  asOf?: Instant;
  /** Milliseconds from then to the asking of the list, where an answer of a moment before was good enough. */
  keptFor?: number;
  /** The rep's calendar date at that time, `YYYY-MM-DD`. */
  localDate: string;
  /** Automatic links since the last digest. Shown once, so that the rep notices a wrong one. */
  newLinks?: readonly { provider: ProviderId; name: string; email: string | undefined }[] | undefined;
  /** Tools without the rep's sign-in, so that their tasks are missing. */
  unconnected?: readonly Tool[] | undefined;
  /** Tools that the rep has signed in to since, so that the next list has their tasks. */
  connected?: readonly Tool[] | undefined;
  /** Only in digests. undefined: there is no earlier one to compare with. */
  since?: Since | undefined;
  /** The rep asked for all rows, those that say nothing new as well. */
  unfolded?: boolean;
  /** Of a digest: what came since. undefined: nothing. */
  later?: Later;
  /** Only of the message that closes a day. */
  day?: DayClose;
}

export interface TaskRef {
  provider: ProviderId;
  /** The provider's id. */
  id: string;
}

/**
 * What is new of a task that is open. `overdue`: it was not overdue then. `back`: the rep's snooze ends today, or has ended.
 * `moved`: somebody gave it another due date at the provider.
 */
export type News = { is: 'new' | 'overdue' | 'back' } | { is: 'moved'; from: Instant | undefined };

/**
 * A task that the rep did not close here and that is not open any more. `skipped`: its provider was to skip it by then.
 * `missing`: the provider's list leaves it out, and more is not known.
 */
export interface ClosedTask extends TaskRef, Pick<Task, 'title' | 'contact' | 'account'> {
  how: 'done' | 'gone' | 'skipped' | 'missing';
  /** Only of what was done, where the provider says it. */
  doneBy?: DoneBy;
}

/** What has changed since the rep's last digest of an earlier date. */
export interface Since {
  /** When that digest was made. */
  at: Instant;
  /** Its date, `YYYY-MM-DD`. */
  localDate: string;
  /** Mornings of the rep's week without a digest since then, because of a pause, an absence or holidays. undefined: fewer than two. */
  missed?: number | undefined;
  /** Of each open task that changed. */
  news: readonly (TaskRef & News)[];
  closed: readonly ClosedTask[];
}

/** Open tasks that are no row of a digest because they came after its list. `at`: when that was last seen to change. */
export interface Later {
  count: number;
  /** The first `MOST_LATER` of them. */
  tasks: readonly TaskRef[];
  at: Instant;
}

/** A summary is read with every render. */
export const MOST_LATER = 200;

/** The day's count, as it was closed. The message's rows are the tasks that were left. */
export interface DayClose {
  /** Tasks of the day's digest that were due by its end. */
  total: number;
  /** Those of them that had been moved to another day. */
  moved: number;
  /** Open tasks that came after the digest and are not among the total. undefined: none. */
  later?: number;
  /** Where *Move* moves what is left: the rep's next working day, at the time of their digest. */
  nextAt: Instant;
  /** What the rep chose. */
  answer?: DayAnswer;
}

export type DayAnswer = 'moved' | 'left';

/** What was moved stays so. undefined: that, or the message closes no day. */
export function answered({ summary }: LoadedMessage, answer: DayAnswer): ListSummary | undefined {
  const { day } = summary;
  return day && day.answer !== 'moved' ? { ...summary, day: { ...day, answer } } : undefined;
}

/** The index of the first row that is shown. */
export function startOf({ starts }: Pick<ListSummary, 'starts'>): number {
  return starts?.at(-1) ?? 0;
}

/** More do not fit into 50 blocks, with what stands above and below them (slack.md 3). */
export const MOST_ROWS_OF_A_PAGE = 36;

export type MessageKind = 'digest' | 'list' | 'home';

/** A Slack message or a Home tab. What Slack shows is only a view of this. */
export interface Message extends RepKey {
  id: string;
  kind: MessageKind;
  /** undefined: `chat.update` cannot edit it (an ephemeral message, Home). */
  posted: { channel: string; ts: string } | undefined;
  summary: ListSummary;
  createdAt: Instant;
}

/** A row of a message. */
export interface MessageItem {
  position: number;
  task: Task;
  /** Number of actions on this task when the row was made. */
  seq: number;
  /** A change at the provider since then. */
  seen?: SeenChange | undefined;
}

/**
 * A change at the provider that was read at `at`, and that no action of ours made: the task is `done` there (`doneAt`
 * and `doneBy`, if the provider says), `gone` (no longer open for this rep) or `changed`. The row keeps its place. (An action that
 * met such a change is `stale`.)
 */
export type SeenChange =
  | { how: 'done'; at: Instant; doneAt?: Instant; doneBy?: DoneBy }
  | { how: 'gone'; at: Instant }
  | { how: 'changed'; at: Instant; task: Task };

/** The row's task as it was last read. */
export function taskOf(item: Pick<MessageItem, 'task' | 'seen'>): Task {
  return item.seen?.how === 'changed' ? item.seen.task : item.task;
}

/** A message with its rows, each with the last action on its task. */
export interface LoadedMessage extends Message {
  items: (MessageItem & { action: Action | undefined })[];
}
