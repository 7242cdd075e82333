/** The verbs that a rep may use on a Reply.io task (reply.md 4). */
import type { Capabilities, Ending, TaskCapabilities, VerbCapability } from '../../core/model/capabilities.ts';
import type { Task } from '../../core/model/task.ts';

/** The results of a call; a sequence may branch on them (reply.md 4). */
export const CALL_ENDINGS = [
  { id: 'positive', text: 'Done, positive', outcome: 'result: positive' },
  { id: 'to_call', text: 'Done, to call again', outcome: 'result: to call again' },
  { id: 'negative', text: 'Done, negative', outcome: 'result: negative' },
] as const satisfies readonly Ending[];

/** Statuses are read-only at Reply: what is finished or deleted stays so (reply.md 4). */
const DONE: VerbCapability = { reversible: false, repeatable: false };
/** Absolute values: sent twice they have the effect of once. */
const MOVED: VerbCapability = { reversible: true, repeatable: true };
const MOVED_WITH_ITS_START: VerbCapability = {
  ...MOVED,
  consequence: 'Reply.io runs this task by itself at its start time: moving it moves that too.',
};

export const CAPABILITIES: Capabilities = { noun: 'tasks', of: capabilitiesOf };

function capabilitiesOf(task: Task): TaskCapabilities {
  const moved = task.facts?.scheduled ? MOVED_WITH_ITS_START : MOVED;
  const dismiss = { ...DONE, consequence: deletionOf(task) };
  const closes = { done: DONE, dismiss };
  // Reply would refuse it (`verbs.ts`), and what can be known before need not be tried.
  const verbs = task.facts?.fixed ? closes : { ...closes, snooze: moved, reschedule: moved };
  const isCall = task.facts?.kind === 'call';
  // `complete` closes the step, and the contact moves on; what runs by itself waits for nobody (reply.md 4, 3).
  const waits = task.facts?.step === true && !task.facts.scheduled;
  const ignored = waits && ({ ignored: { costs: 'waits' } } as const);
  return { verbs, ...(isCall && { endings: CALL_ENDINGS }), ...ignored, ...followUpOf(task) };
}

/** The kind of a new task (`creating.ts`). A step has a sequence that goes on. */
function followUpOf({ facts }: Task): Pick<TaskCapabilities, 'followUp'> {
  const { kind, step } = facts ?? {};
  return !step && (kind === 'call' || kind === 'manualEmail') ? { followUp: kind } : {};
}

const MOST_NAME = 100;

/** No more than is known (contracts, unknown R2). */
function deletionOf({ contact, facts }: Task): string {
  if (!facts?.step) return 'Deletes the task in Reply.io. It cannot be brought back.';
  const name = contact ? [...contact.name].slice(0, MOST_NAME).join('') : 'the contact';
  return `Deletes the task in Reply.io. It cannot be brought back. The sequence of ${name} may stop here, or go on without this step: look at it in Reply.io afterwards.`;
}

export function allowsEnding(task: Task, ending: string | undefined): boolean {
  return ending === undefined || (capabilitiesOf(task).endings ?? []).some(({ id }) => id === ending);
}
