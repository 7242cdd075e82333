/** Who works at Northlight, and which tasks the tools hold for them. */
import type { GongTask, GongUser } from '../../sandbox/gong/types.ts';
import type { OutreachOptions, OutreachTask } from '../../sandbox/outreach/types.ts';
import type { ReplyOptions, ReplyTask } from '../../sandbox/reply/types.ts';
import type { SandboxUser } from '../../sandbox/slack/types.ts';

/** A Monday, 09:00 in New York. */
export const MONDAY_NINE = Date.parse('2026-11-23T14:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** For faults that last. */
export const ALWAYS = Number.POSITIVE_INFINITY;

function person(name: string, realName: string, more: Partial<SandboxUser> = {}): SandboxUser {
  const email = `${name}@northlight.example`;
  return { id: `U0${name.toUpperCase()}`, name, realName, email, tz: 'America/New_York', ...more };
}

export const MAYA = person('maya', 'Maya Lindqvist');
export const THEO = person('theo', 'Theo Brandt', { tz: 'Europe/Berlin' });
export const ADMIN = person('ada', 'Ada Fenwick', { isAdmin: true });
/** Nobody of any tool. */
export const STRANGER = person('ida', 'Ida Norrgard', { tz: 'Europe/Stockholm' });

export const MAYA_GONG: GongUser = {
  id: '23459948484842312345',
  emailAddress: 'Maya@Northlight.example',
  active: true,
  firstName: 'Maya',
  lastName: 'Lindqvist',
};
export const THEO_GONG: GongUser = {
  id: '234599484848424',
  emailAddress: 'theo@northlight.example',
  active: true,
  firstName: 'Theo',
  lastName: 'Brandt',
};
export const MAYA_OUTREACH = '7001';
export const THEO_OUTREACH = '7002';
export const MAYA_REPLY = '501';
const THEO_REPLY = '502';

/** Ids beyond 2^53 that differ only in the last digit. */
export const TASK_A = '9007199254740993001';
export const TASK_B = '9007199254740993002';
export const STEP_TASK = '9107199254740993001';
export const MANUAL_TASK = '9107199254740993002';

const AT = '2026-11-01T10:00:00Z';

export function gongTask(task: Partial<GongTask> & { id: string }, now = MONDAY_NINE): GongTask {
  return {
    userId: MAYA_GONG.id,
    status: 'OPEN',
    type: 'MANUAL',
    created: AT,
    updated: AT,
    dueDate: new Date(now + 3 * HOUR).toISOString(),
    title: `Call about ${task.id.slice(-3)}`,
    contact: { data: { firstName: 'Dana', lastName: `Whitfield ${task.id.slice(-3)}`, title: 'VP Operations' } },
    account: { name: 'Harbour Freight Lines' },
    ...task,
  };
}

/** `Task number 1;` and so on, all of Maya's; their rows are found as `Whitfield 100` and on, too. */
export function manyTasks(count: number): GongTask[] {
  return Array.from({ length: count }, (_, index) =>
    gongTask({ id: `9007199254740993${100 + index}`, title: `Task number ${index + 1};` }),
  );
}

export function outreachTask(more: Partial<OutreachTask> & { id: string }): OutreachTask {
  return {
    ownerId: MAYA_OUTREACH,
    state: 'incomplete',
    taskType: 'manual',
    action: 'call',
    dueAt: new Date(MONDAY_NINE + HOUR).toISOString(),
    createdAt: AT,
    ...more,
  };
}

export function replyTask(more: Partial<ReplyTask> & { id: string }): ReplyTask {
  return {
    assignedUserId: MAYA_REPLY,
    taskType: 'call',
    status: 'new',
    contact: { id: '61', fullName: 'Priya Raman' },
    startAt: new Date(MONDAY_NINE).toISOString(),
    dueTo: new Date(MONDAY_NINE + 2 * HOUR).toISOString(),
    isScheduled: false,
    creationSource: 'sequence',
    sequenceId: '81',
    sequenceStepId: '82',
    sequenceStepDisplayName: 'Step 2 - Call',
    createdAt: AT,
    template: { body: 'Hi {{FirstName}}, a word about {{Company}}', subject: 'A word' },
    ...more,
  };
}

/** Of no sequence. */
export function ownReplyTask(more: Partial<ReplyTask> & { id: string }): ReplyTask {
  const { sequenceId: _1, sequenceStepId: _2, sequenceStepDisplayName: _3, ...own } = replyTask(more);
  return own;
}

export const OUTREACH = {
  users: [
    { id: MAYA_OUTREACH, email: 'Maya@Northlight.example', firstName: 'Maya', lastName: 'Lindqvist' },
    { id: THEO_OUTREACH, email: 'theo@northlight.example', firstName: 'Theo', lastName: 'Brandt' },
  ],
  accounts: [{ id: '31', name: 'Orrin Mills' }],
  prospects: [
    { id: '41', firstName: 'Ines', lastName: 'Calder', title: 'COO', emails: ['ines@orrin.example'], accountId: '31' },
    { id: '42', firstName: 'Bo', lastName: 'Tanaka', emails: ['bo@tanaka.example'] },
  ],
  sequences: [{ id: '51', name: 'Winter outbound' }],
  steps: [{ id: '52', sequenceId: '51', order: 4, displayName: 'Step 4: Call the COO', stepType: 'call' }],
  tasks: [
    outreachTask({
      id: STEP_TASK,
      taskType: 'sequence_step_call',
      prospectId: '41',
      accountId: '31',
      sequenceId: '51',
      sequenceStepId: '52',
    }),
    outreachTask({ id: MANUAL_TASK, prospectId: '42', note: 'Ask Bo about the <pilot> & terms' }),
  ],
} satisfies OutreachOptions;

const TEAM = { teamId: '1', teamName: 'Sales' };
export const REPLY = {
  users: [
    { id: MAYA_REPLY, email: 'maya@northlight.example', name: 'Maya Lindqvist', ...TEAM },
    { id: THEO_REPLY, email: 'theo@northlight.example', name: 'Theo Brandt', ...TEAM },
  ],
  tasks: [
    replyTask({ id: '9001' }),
    replyTask({ id: '9002', taskType: 'manualEmail', contact: { id: '62', fullName: 'Odd Lund' } }),
  ],
} satisfies ReplyOptions;
