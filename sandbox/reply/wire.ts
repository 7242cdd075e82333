/** Reply's JSON: ids as bare integers, digit by digit, and enums in the form of the dialect (reply.md 3). */
import type { Wire, WireObject } from '../json.ts';
import { type EnumForm, enumOnWire, LINKED_IN_TYPES, SOURCES, STATUSES, TASK_TYPES } from './enums.ts';
import type { ReplyTask, ReplyTaskType, ReplyUser } from './types.ts';

export interface WireStyle {
  form: EnumForm;
  /** Some dates without `Z` (contracts, unknown R9). */
  looseDates: boolean;
}

/** As lists send it: nothing of the content, no company, no address (reply.md 3). */
export function itemOnWire(task: ReplyTask, style: WireStyle): WireObject {
  return {
    ...common(task, style),
    contact: task.contact ? { id: BigInt(task.contact.id), fullName: task.contact.fullName } : null,
    finishedAt: task.finishedAt === undefined ? undefined : loose(task.finishedAt, style),
    sequenceId: numberOf(task.sequenceId),
    sequenceStepId: numberOf(task.sequenceStepId),
  };
}

/** As single reads and changes send it: every field of reply.md 3. */
export function taskOnWire(task: ReplyTask, style: WireStyle, includeContent = false): WireObject {
  const { body, subject, attachmentIdList } = task.template;
  return {
    ...common(task, style),
    contactId: numberOf(task.contact?.id) ?? null,
    sequenceId: numberOf(task.sequenceId) ?? null,
    sequenceStepId: numberOf(task.sequenceStepId) ?? null,
    sequenceStepDisplayName: task.sequenceStepDisplayName ?? null,
    creationSource: enumOnWire(style.form, SOURCES, task.creationSource),
    createdAt: loose(task.createdAt, style),
    finishedAt: task.finishedAt === undefined ? null : loose(task.finishedAt, style),
    isFailed: false,
    template:
      task.without === 'template'
        ? null
        : {
            body: task.without === 'body' ? null : body,
            subject: subject ?? null,
            attachmentIdList: attachmentIdList?.map((id) => BigInt(id)) ?? null,
          },
    content: includeContent ? contentOf(task) : null,
    deliveryInfo: deliveryOf(task),
  };
}

/** As GET /v3/whoami/team-users sends one membership (reply.md 7). */
export function memberOnWire({ id, email, name, teamId, teamName }: ReplyUser): WireObject {
  return { teamId: BigInt(teamId), teamName, userId: BigInt(id), userName: name, userEmail: email };
}

function common(task: ReplyTask, style: WireStyle): WireObject {
  const { taskType, linkedInTaskType } = task;
  return {
    id: BigInt(task.id),
    taskType: enumOnWire(style.form, TASK_TYPES, taskType),
    status: enumOnWire(style.form, STATUSES, task.status),
    // Only present for LinkedIn tasks (reply.md 3).
    linkedInTaskType:
      taskType === 'linkedIn' && linkedInTaskType
        ? enumOnWire(style.form, LINKED_IN_TYPES, linkedInTaskType)
        : undefined,
    assignedUserId: BigInt(task.assignedUserId),
    startAt: utc(task.startAt),
    dueTo: loose(task.dueTo, style),
    isScheduled: task.isScheduled,
  };
}

const WITH_DELIVERY: readonly ReplyTask['taskType'][] = [
  'manualEmail',
  'call',
  'sms',
  'linkedIn',
] satisfies ReplyTaskType[];

function deliveryOf({ taskType, deliveryInfo = {} }: ReplyTask): Wire {
  if (!WITH_DELIVERY.includes(taskType)) return null;
  const { email = null, phoneNumber = null, linkedInUrl = null } = deliveryInfo;
  return { email, phoneNumber, linkedInUrl };
}

/** The template with its variables resolved; what is not known of the contact resolves to nothing. */
function contentOf({ template, contact }: ReplyTask): WireObject {
  const fullName = contact?.fullName ?? '';
  const [firstName = '', ...rest] = fullName.split(' ');
  const values: Record<string, string> = { FirstName: firstName, LastName: rest.join(' '), FullName: fullName };
  const render = (text: string) => text.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => values[name] ?? '');
  return { body: render(template.body), subject: template.subject === undefined ? null : render(template.subject) };
}

function numberOf(id: string | undefined): bigint | undefined {
  return id === undefined ? undefined : BigInt(id);
}

function loose(iso: string, { looseDates }: WireStyle): string {
  return looseDates ? utc(iso).slice(0, -1) : utc(iso);
}

/** The docs show Z and whole seconds (contracts, unknown R9). */
function utc(iso: string): string {
  return new Date(iso).toISOString().replace('.000Z', 'Z');
}
