/** Changes of a task, and the changes that a task allows. */
import type { Instant } from './keys.ts';
import type { Operation, Task } from './task.ts';

export type Change =
  /** `ending` is the id of one of the task's endings; without it the task is done in the plain way. */
  | { verb: 'done'; ending?: string; note?: string }
  | { verb: 'dismiss' }
  | { verb: 'snooze' | 'reschedule'; dueAt: Instant }
  | { verb: 'note'; note: string }
  | { verb: 'reassign'; to: { externalId: string; name: string } }
  | { verb: 'rule'; rule: string };

export function isSameChange(one: Change, other: Change): boolean {
  return asText(one) === asText(other);
}

function asText(change: Change): string {
  const details = Object.entries(change).filter(([, value]) => value !== undefined);
  return JSON.stringify(details.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface VerbCapability {
  /** The provider can reverse it. Otherwise it is held for the undo window before it is sent. */
  reversible: boolean;
  /** Sending it twice has the same effect as once, so it may be sent again after a lost answer. */
  repeatable: boolean;
  /** One sentence about the consequence, for a confirm dialog. At most 300 characters. */
  consequence?: string;
}

/** Another way to complete a task, in the row's menu. At most four a task. */
export interface Ending {
  id: string;
  /** In the menu: `Finish sequence, replied`. At most 60 characters. */
  text: string;
  /** After `Marked done in Outreach`: `sequence finished as replied`. */
  outcome: string;
}

/**
 * What a task costs that nobody does. `skipped`: the provider skips it by itself at that time. `dropped`: the provider
 * closes it, and takes the person out of the flow, after so many days; which day that is nobody can know. `waits`: the
 * person's sequence goes on once it is done. Each is said only where a document of the provider says it.
 */
export type Ignored = { costs: 'skipped'; at: Instant } | { costs: 'dropped'; afterDays: number } | { costs: 'waits' };

export interface TaskCapabilities {
  /** A verb or edit that is absent gets no button, and a click on it is refused. */
  verbs: Partial<Record<Operation, VerbCapability>>;
  endings?: readonly Ending[];
  /** Set when `done` takes a completion note: a sentence about who will read the note. */
  completionNote?: string;
  /** The kind (`Creating.kinds`) of a task that may follow on this one once it is done; absent: none may. */
  followUp?: string;
  /** Absent: no document says that anything follows. */
  ignored?: Ignored;
}

export interface Capabilities {
  /** What the list contains, in the rep's words: `call tasks`. */
  noun: string;
  /** Pure: rows are rendered from stored tasks. */
  of(task: Task): TaskCapabilities;
}
