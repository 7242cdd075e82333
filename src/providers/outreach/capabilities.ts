/** The verbs that a rep may use on an Outreach task (outreach.md 4). */
import type { Capabilities, Ending, Ignored, TaskCapabilities, VerbCapability } from '../../core/model/capabilities.ts';
import type { Task } from '../../core/model/task.ts';
import type { Choice } from '../../core/ports/provider.ts';
import { shortened } from '../text.ts';
import { isStep } from './titles.ts';

/** Nothing that is closed opens again: state is read-only, and no action reopens. */
const FINAL: VerbCapability = { reversible: false, repeatable: false };
/** An absolute time, sent twice, is still that time; and the old one can be set again. */
const MOVES: VerbCapability = { reversible: true, repeatable: true };
const EDIT: VerbCapability = { reversible: false, repeatable: true };

/** Of `markComplete`'s `completionAction`; anything else, or none, lets the sequence go on. */
const ENDINGS: readonly Ending[] = [
  { id: 'finish_no_reply', text: 'Finish sequence, no reply', outcome: 'sequence finished, no reply' },
  { id: 'finish_replied', text: 'Finish sequence, replied', outcome: 'sequence finished as replied' },
];

/** The opportunity that a task counts for (outreach.md 2). */
export const RULES: readonly Choice[] = [
  { value: 'recent_created', text: 'Most recently created opportunity' },
  { value: 'recent_updated', text: 'Most recently updated opportunity' },
  { value: 'noop', text: 'No opportunity' },
];

const EMAIL_STEP = 'sequence_step_email';
/** Whether Outreach would send the mail of a step that is completed is not stated (contracts, unknown O3); we never ask it to. */
const NO_MAIL =
  'Docket sends no e-mail: Outreach marks the step as done, and the sequence moves on. It cannot be opened again.';
const DELETES = 'Deletes the task in Outreach. Nobody can bring it back.';

export const CAPABILITIES: Capabilities = { noun: 'tasks', of: capabilitiesOf };

function capabilitiesOf(task: Task): TaskCapabilities {
  const { kind, readOnly, canDelete } = task.facts ?? {};
  const step = isStep(String(kind));
  const ignored = ignoredOf(task, step);
  if (readOnly === true) return { verbs: {}, ...ignored };
  return {
    verbs: {
      done: kind === EMAIL_STEP ? { ...FINAL, consequence: NO_MAIL } : FINAL,
      ...(step && { dismiss: { ...FINAL, consequence: skips(task) } }),
      ...(canDelete === true && { dismiss: { ...FINAL, consequence: DELETES } }),
      snooze: MOVES,
      reschedule: MOVES,
      note: EDIT,
      // Absolute too, but asked again it may be refused, for the task is someone else's by then: so it is read first.
      reassign: FINAL,
      rule: EDIT,
    },
    ...(step ? { endings: ENDINGS } : followUpOf(task)),
    // outreach.md 4: the note goes to the prospect. Without one it would go nowhere that we know of.
    ...ignored,
    ...((step || task.contact) && { completionNote: "Goes to the prospect's record in Outreach." }),
  };
}

/** A step is skipped at its `autoskipAt`, or never (outreach.md 2); `markComplete` and `advance` move its sequence on (outreach.md 4). */
function ignoredOf({ skipsAt }: Task, step: boolean): { ignored?: Ignored } {
  if (skipsAt !== undefined) return { ignored: { costs: 'skipped', at: skipsAt } };
  return step ? { ignored: { costs: 'waits' } } : {};
}

/** The kind of a new task (`creating.ts`). */
function followUpOf({ kind }: Task): Pick<TaskCapabilities, 'followUp'> {
  return kind === 'call' || kind === 'email' ? { followUp: kind } : {};
}

/** Within 300 characters even where every letter of the names counts as two. */
function skips({ flow, facts, contact }: Task): string {
  const step = typeof facts?.step === 'number' ? `step ${facts.step}` : 'this step';
  const ofFlow = flow ? ` of ${shortened(flow, 70)}` : '';
  const who = contact ? shortened(contact.name, 40) : 'the prospect';
  return `Skips ${step}${ofFlow}; the sequence moves ${who} on. Nobody can bring the step back.`;
}
