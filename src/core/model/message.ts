/** A Slack message that shows tasks, as it is stored. */

import type { Action, FailureReason } from './action.ts';
import type { Instant, ProviderId, RepKey } from './keys.ts';
import type { Task } from './task.ts';

/** What a list shows of one provider, kept beside its tasks. */
export type ProviderReport = { provider: ProviderId; name: string; noun: string } & (
  | { state: 'listed'; tasks: number; unreadable: number }
  | { state: 'failed'; reason: FailureReason; lastListedAt: Instant | undefined; reference: string | undefined }
);

export interface Tool {
  provider: ProviderId;
  name: string;
}

/** What a list was asked for: `/tasks today`, `/tasks acme`. */
export type Filter = { by: 'all' | 'overdue' | 'today' | 'week' } | { by: 'text'; text: string };

/** Everything that a message shows besides its rows; stored, so that the message can be rendered again at any time. */
export interface ListSummary {
  filter: Filter;
  /** How many tasks matched, in each group. */
  counts: { overdue: number; today: number; upcoming: number };
  /** The task after which this page begins; undefined on the first. */
  after?: Task | undefined;
  /** How many matching tasks come before the first row. */
  offset: number;
  /** How many matching tasks come after the last row. */
  remaining: number;
  reports: readonly ProviderReport[];
  /** When the providers were asked. */
  fetchedAt: Instant;
  /** The rep's calendar date at that time, `YYYY-MM-DD`. */
  localDate: string;
  /** Links that were made by themselves since the last digest: said once, so that a wrong one is noticed. */
  newLinks?: readonly { provider: ProviderId; name: string; email: string | undefined }[] | undefined;
  /** Tools where the rep has to sign in and has not, so that their tasks are missing. */
  unconnected?: readonly Tool[] | undefined;
}

export type MessageKind = 'digest' | 'list' | 'home';

/** A Slack message (or Home tab) that shows tasks. The message itself is a view of this. */
export interface Message extends RepKey {
  id: string;
  kind: MessageKind;
  /** undefined: not a message that `chat.update` can reach (ephemeral, Home). */
  posted: { channel: string; ts: string } | undefined;
  summary: ListSummary;
  createdAt: Instant;
}

/** A row of a message as it was made. */
export interface MessageItem {
  position: number;
  task: Task;
  /** The number of actions that this task had when the row was made. */
  seq: number;
  /** What became of the task elsewhere since the row was made. */
  seen?: SeenElsewhere | undefined;
}

/**
 * Seen at the provider at `at`, not done here: `done` when it says so (with when, where it says that too), `gone` when it
 * is no longer open for this rep, `changed` with the task as it is now. The row keeps its place all the same.
 */
export type SeenElsewhere =
  | { how: 'done'; at: Instant; doneAt?: Instant }
  | { how: 'gone'; at: Instant }
  | { how: 'changed'; at: Instant; task: Task };

/** The task of a row as it was last seen. */
export function taskOf(item: Pick<MessageItem, 'task' | 'seen'>): Task {
  return item.seen?.how === 'changed' ? item.seen.task : item.task;
}

/** A message with everything that is needed to render it: each row with the last action on its task, if any. */
export interface LoadedMessage extends Message {
  items: (MessageItem & { action: Action | undefined })[];
}
