/** Titles of Outreach tasks: Outreach gives them none. Its words for the kinds of task are from outreach.md 2. */
import type { TaskKind } from '../../core/model/task.ts';

/** The only types that `advance` takes (outreach.md 4.3), and what a step asks for. */
const STEPS: Readonly<Record<string, string>> = {
  sequence_step_call: 'Call',
  sequence_step_email: 'E-mail',
  sequence_step_linkedin_interact_with_post: 'LinkedIn: interact with a post',
  sequence_step_linkedin_other: 'LinkedIn task',
  sequence_step_linkedin_send_connection_request: 'LinkedIn connection request',
  sequence_step_linkedin_send_message: 'LinkedIn message',
  sequence_step_linkedin_view_profile: 'LinkedIn profile visit',
  sequence_step_sms: 'SMS',
  sequence_step_task: 'To-do',
};

/** Recognises a step's name that already says its kind. */
const TOLD: Readonly<Record<string, RegExp>> = {
  sequence_step_call: /\bcall/i,
  sequence_step_email: /mail/i,
  sequence_step_sms: /\b(?:sms|text)/i,
  sequence_step_task: /\b(?:task|to-?do)/i,
};
const LINKEDIN = /linked\s?in/i;

const ACTIONS: Readonly<Record<string, { alone: string; about: string }>> = {
  call: { alone: 'Call', about: 'Call ' },
  email: { alone: 'E-mail', about: 'E-mail ' },
  action_item: { alone: 'To-do', about: 'To-do for ' },
  in_person: { alone: 'Meeting in person', about: 'Meeting in person with ' },
};

const KINDS_OF_STEPS: Readonly<Record<string, TaskKind>> = {
  sequence_step_call: 'call',
  sequence_step_email: 'email',
  sequence_step_sms: 'sms',
  sequence_step_task: 'todo',
};
const KINDS_OF_ACTIONS: Readonly<Record<string, TaskKind>> = {
  call: 'call',
  email: 'email',
  action_item: 'todo',
  in_person: 'meeting',
};

/** A step's type says it; its action would call a LinkedIn message an item of a list. */
export function kindOf(taskType: string, action: string | undefined): TaskKind {
  if (isStep(taskType)) return KINDS_OF_STEPS[taskType] ?? 'linkedin';
  return (Object.hasOwn(KINDS_OF_ACTIONS, action ?? '') && KINDS_OF_ACTIONS[action ?? '']) || 'other';
}

export function isStep(taskType: string): boolean {
  return Object.hasOwn(STEPS, taskType);
}

/** `Step 4: Call`, or the name alone where it says so itself. */
export function stepTitle(
  taskType: string,
  step: { displayName?: string | undefined; order?: number | null | undefined } | undefined,
): string | undefined {
  const kind = STEPS[taskType];
  const name = step?.displayName ?? (typeof step?.order === 'number' ? `Step ${step.order}` : undefined);
  if (!kind || !name) return undefined;
  return (TOLD[taskType] ?? LINKEDIN).test(name) ? name : `${name}: ${kind}`;
}

/** When nothing else says what is to be done: `Call Dana Okonjo`. */
export function actionTitle(taskType: string, action: string | undefined, who: string | undefined): string {
  const step = STEPS[taskType];
  if (step) return who ? `${step}: ${who}` : step;
  const words = ACTIONS[action ?? ''] ?? { alone: 'Task', about: 'Task for ' };
  return who ? words.about + who : words.alone;
}
