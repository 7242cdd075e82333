/** A change of a task, and which changes a task allows. */
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

/** Whether two clicks ask for the same. */
export function isSameChange(one: Change, other: Change): boolean {
  return asText(one) === asText(other);
}

function asText(change: Change): string {
  const details = Object.entries(change).filter(([, value]) => value !== undefined);
  return JSON.stringify(details.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface VerbCapability {
  /** The provider itself can take the verb back. Otherwise it is held for the undo window before it is sent. */
  reversible: boolean;
  /** Sent twice it has the effect of once, so a lost answer may simply be asked for again. */
  repeatable: boolean;
  /** Asked in a confirm dialog first: one honest sentence about what follows, at most 300 characters. */
  consequence?: string;
}

/** Another way to be done, offered in the row's menu. At most four a task. */
export interface Ending {
  id: string;
  /** In the menu: `Finish sequence, replied`. At most 60 characters. */
  text: string;
  /** After `Marked done in Outreach`: `sequence finished as replied`. */
  outcome: string;
}

/** What one task allows. */
export interface TaskCapabilities {
  /** A verb or edit that is absent gets no control, and is refused if it comes all the same. */
  verbs: Partial<Record<Operation, VerbCapability>>;
  endings?: readonly Ending[];
  /** A completion note can go with `done`; with a sentence about who will read it. */
  completionNote?: string;
}

export interface Capabilities {
  /** What the list covers, said to reps: `call tasks`. */
  noun: string;
  /** Pure: a row is rendered from what was stored. */
  of(task: Task): TaskCapabilities;
}
