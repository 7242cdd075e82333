/** What is pressed in the fault matrix, and which requests it comes to. */

export type Provider = 'gong' | 'outreach' | 'reply';

/** As reps read it. */
export const NAMES = { gong: 'Gong', outreach: 'Outreach', reply: 'Reply.io' } as const satisfies Record<
  Provider,
  string
>;

export interface Verb {
  provider: Provider;
  name: string;
  /** `step`: of a sequence. */
  task: 'single' | 'step';
  press: {
    control: string;
    choice?: string;
    /** The window that opens: what it shows once it is ready, and what is filled in. */
    form?: { shows: string; fields: Record<string, Record<string, unknown>> };
  };
  /** Undo of it, which is pressed once it is done. */
  undo?: true;
  /** The requests by which it is read and changed; undefined: nothing is read before. */
  read: string | undefined;
  change: string;
  /** Absolute values: sent twice it has the effect of once (contracts, rule 4). Anything else is read before it is sent again. */
  repeatable: boolean;
  /** The row says so when it is done, and when it is not. */
  says: string;
  not: string;
}

const TOMORROW = { control: 'Snooze', choice: 'Tomorrow' } as const;
const TYPED_TIME = {
  control: 'Reschedule',
  form: {
    shows: 'when_typed',
    fields: { when_typed: { when_typed: { type: 'plain_text_input', value: '2026-12-01 15:00' } } },
  },
} as const;
const SNOOZED = { press: TOMORROW, repeatable: true, says: 'Snoozed until', not: 'Not snoozed' } as const;
const RESCHEDULED = { press: TYPED_TIME, repeatable: true, says: 'Rescheduled to', not: 'Not rescheduled' } as const;
const UNDONE = { undo: true, repeatable: true, says: '', not: 'Not undone' } as const;
const NOT_DONE = { not: 'Not marked done' } as const;
const NOT_DISMISSED = { press: { control: 'Dismiss' }, not: 'Not dismissed' } as const;

const GONG = {
  provider: 'gong',
  task: 'single',
  read: 'POST /v2/tasks',
  change: 'PATCH /v2/tasks/{id}',
  repeatable: true,
} as const;

const GONG_VERBS = [
  { ...GONG, ...NOT_DONE, name: 'done', press: { control: 'Done' }, says: 'Marked done in Gong' },
  { ...GONG, ...NOT_DISMISSED, name: 'dismiss', says: 'Dismissed in Gong' },
  { ...GONG, ...SNOOZED, name: 'snooze' },
  { ...GONG, ...RESCHEDULED, name: 'reschedule' },
  // Gong shows no closed task to anyone, so there is nothing to read before (gong.md 2).
  { ...GONG, ...UNDONE, name: 'Undo of done', press: { control: 'Done' }, read: undefined },
  { ...GONG, ...UNDONE, name: 'Undo of snooze', press: TOMORROW },
] as const satisfies readonly Verb[];

const OUTREACH = { provider: 'outreach', read: 'GET /api/v2/tasks/{id}' } as const;
const ACTION = 'POST /api/v2/tasks/{id}/actions';
const SINGLE = { ...OUTREACH, task: 'single' } as const;
const STEP = { ...OUTREACH, task: 'step' } as const;
const COMPLETED = {
  ...NOT_DONE,
  change: `${ACTION}/markComplete`,
  repeatable: false,
  says: 'Marked done in Outreach',
} as const;
const OUTREACH_DISMISSED = { ...NOT_DISMISSED, repeatable: false, says: 'Dismissed in Outreach' } as const;

const OUTREACH_VERBS = [
  { ...SINGLE, ...COMPLETED, name: 'done', press: { control: 'Done' } },
  { ...STEP, ...COMPLETED, name: 'done, replied', press: { control: 'menu', choice: 'Finish sequence, replied' } },
  {
    ...STEP,
    ...COMPLETED,
    name: 'done with a note',
    press: {
      control: 'menu',
      choice: 'Done with a note…',
      form: {
        shows: 'edit_ending',
        fields: { edit_note: { edit_note: { type: 'plain_text_input', value: 'Spoke for 20 min & agreed' } } },
      },
    },
  },
  { ...SINGLE, ...OUTREACH_DISMISSED, name: 'dismiss', change: 'DELETE /api/v2/tasks/{id}' },
  { ...STEP, ...OUTREACH_DISMISSED, name: 'dismiss a step', change: `${ACTION}/advance` },
  { ...SINGLE, ...SNOOZED, name: 'snooze', change: `${ACTION}/snooze` },
  { ...SINGLE, ...RESCHEDULED, name: 'reschedule', change: `${ACTION}/reschedule` },
  { ...SINGLE, ...UNDONE, name: 'Undo of snooze', press: TOMORROW, change: `${ACTION}/reschedule` },
  {
    ...SINGLE,
    name: 'note',
    press: {
      control: 'menu',
      choice: 'Edit note…',
      form: {
        shows: 'edit_note',
        fields: { edit_note: { edit_note: { type: 'plain_text_input', value: 'Ask for Ida' } } },
      },
    },
    change: `${ACTION}/updateNote`,
    repeatable: true,
    says: 'Note changed in Outreach',
    not: 'Note not changed',
  },
  {
    ...SINGLE,
    name: 'reassign',
    press: {
      control: 'menu',
      choice: 'Reassign…',
      form: {
        shows: 'edit_owner',
        fields: { edit_owner: { edit_owner: { type: 'users_select', selected_user: 'U0THEO' } } },
      },
    },
    change: `${ACTION}/reassignOwner`,
    repeatable: false,
    says: 'Given to Theo Brandt in Outreach',
    not: 'Not reassigned',
  },
  {
    ...SINGLE,
    name: 'rule',
    press: {
      control: 'menu',
      choice: 'Opportunity rule…',
      form: {
        shows: 'edit_rule',
        fields: {
          edit_rule: {
            edit_rule: {
              type: 'radio_buttons',
              selected_option: { text: { type: 'plain_text', text: 'No opportunity' }, value: 'noop' },
            },
          },
        },
      },
    },
    change: `${ACTION}/updateOpportunityAssociation`,
    repeatable: true,
    says: 'Opportunity rule changed in Outreach',
    not: 'Opportunity rule not changed',
  },
] as const satisfies readonly Verb[];

const REPLY = { provider: 'reply', task: 'step', read: 'GET /v3/tasks/{id}', change: 'PUT /v3/tasks/{id}' } as const;

const REPLY_VERBS = [
  {
    ...REPLY,
    ...NOT_DONE,
    name: 'done',
    press: { control: 'Done' },
    change: 'POST /v3/tasks/{id}/complete',
    repeatable: false,
    says: 'Marked done in Reply.io',
  },
  {
    ...REPLY,
    ...NOT_DISMISSED,
    name: 'dismiss',
    change: 'DELETE /v3/tasks/{id}',
    repeatable: false,
    says: 'Dismissed in Reply.io',
  },
  { ...REPLY, ...SNOOZED, name: 'snooze' },
  { ...REPLY, ...RESCHEDULED, name: 'reschedule' },
  { ...REPLY, ...UNDONE, name: 'Undo of snooze', press: TOMORROW },
] as const satisfies readonly Verb[];

export const VERBS: readonly Verb[] = [...GONG_VERBS, ...OUTREACH_VERBS, ...REPLY_VERBS];
