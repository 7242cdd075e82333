/** Records as JSON:API resources (outreach.md 2). Ids are JSON numbers at Outreach: bigint here, written digit by digit. */
import type { Wire, WireObject } from '../json.ts';
import type { Book, HeldTask, Records } from './book.ts';
import type { OutreachWebhook } from './types.ts';

export type ResourceType = keyof Records | 'task' | 'webhook';

export interface Resource {
  type: ResourceType;
  id: string;
  attributes: WireObject;
  relationships: WireObject;
  meta?: WireObject;
}

export const PLURALS: Record<ResourceType, string> = {
  task: 'tasks',
  user: 'users',
  prospect: 'prospects',
  account: 'accounts',
  opportunity: 'opportunities',
  sequence: 'sequences',
  sequenceStep: 'sequenceSteps',
  taskPriority: 'taskPriorities',
  webhook: 'webhooks',
};

/** The attributes that `fields[type]` may name. */
export const FIELDS: Record<keyof Records, readonly string[]> = {
  user: ['email', 'firstName', 'lastName', 'name', 'locked'],
  prospect: [
    'firstName',
    'lastName',
    'name',
    'title',
    'company',
    'emails',
    'mobilePhones',
    'workPhones',
    'otherPhones',
    'homePhones',
    'linkedInUrl',
    'timeZone',
    'timeZoneIana',
    'optedOut',
    'callOptedOut',
    'emailOptedOut',
    'touchedAt',
  ],
  account: ['name'],
  opportunity: ['name', 'amount', 'currencyType', 'closeDate', 'probability'],
  sequence: ['name'],
  sequenceStep: ['displayName', 'order', 'stepType'],
  taskPriority: ['name', 'weight'],
};

export function onWire(
  resource: Resource,
  fields: ReadonlySet<string> | undefined,
  { base, asLinks }: { base: string; asLinks: boolean },
): WireObject {
  const { type, id, attributes, meta } = resource;
  const kept = Object.entries(attributes).filter(([name]) => fields === undefined || fields.has(name));
  return {
    type,
    id: BigInt(id),
    attributes: Object.fromEntries(kept),
    relationships: asLinks ? linked(resource, base) : resource.relationships,
    links: { self: `${base}/${PLURALS[type]}/${id}` },
    meta,
  };
}

/** A link to each relation, without its data. */
function linked({ type, id, relationships }: Resource, base: string): WireObject {
  const link = (name: string) => ({ links: { related: `${base}/${PLURALS[type]}/${id}/${name}` } });
  return Object.fromEntries(Object.keys(relationships).map((name) => [name, link(name)]));
}

/**
 * Beyond the documented fields a task has one that nobody documents, because an API may add fields at any time. `stepIds`: of its
 * sequence; the task page shows them as an array of relations (outreach.md 2.16).
 */
export function taskResource(task: HeldTask, stepIds: readonly string[] = []): Resource {
  return {
    type: 'task',
    id: task.id,
    attributes: taskAttributes(task),
    relationships: {
      account: toOne('account', task.accountId),
      call: toOne('call', undefined),
      calls: toMany('calls', task.id),
      completer: toOne('user', task.completerId),
      creator: task.sequenceStepId ? toOne('sequenceStep', task.sequenceStepId) : toOne('user', task.ownerId),
      mailing: toOne('mailing', undefined),
      mailings: toMany('mailings', task.id),
      opportunity: toOne('opportunity', task.opportunityId),
      owner: toOne('user', task.ownerId),
      prospect: toOne('prospect', task.prospectId),
      sequence: toOne('sequence', task.sequenceId),
      sequenceSequenceSteps: stepIds.map((id) => toOne('sequenceStep', id)),
      sequenceState: toOne('sequenceState', undefined),
      sequenceStep: toOne('sequenceStep', task.sequenceStepId),
      sequenceTemplate: toOne('sequenceTemplate', undefined),
      subject: subjectOf(task),
      taskPriority: toOne('taskPriority', task.priorityId),
      template: toOne('template', undefined),
    },
  };
}

function taskAttributes(task: HeldTask): WireObject {
  return {
    action: task.action,
    autoskipAt: time(task.autoskipAt),
    compiledSequenceTemplateHtml: task.state === 'complete' ? null : (task.compiledSequenceTemplateHtml ?? null),
    completed: task.state === 'complete',
    completedAt: time(task.completedAt),
    createdAt: time(task.createdAt),
    dueAt: time(task.dueAt),
    note: task.note ?? null,
    opportunityAssociation: task.opportunityAssociation ?? null,
    scheduledAt: null,
    state: task.state,
    taskType: task.taskType,
    updatedAt: time(task.updatedAt),
    sandboxUndocumented: { revision: 9007199254740993n },
  };
}

/** Account, opportunity or prospect (contracts, conflict 10). */
function subjectOf({ prospectId, accountId, opportunityId }: HeldTask): WireObject {
  if (prospectId !== undefined) return toOne('prospect', prospectId);
  return accountId !== undefined ? toOne('account', accountId) : toOne('opportunity', opportunityId);
}

export function recordResource<Type extends keyof Records>(type: Type, record: Records[Type]): Resource {
  const named = 'firstName' in record && { name: `${record.firstName} ${record.lastName}` };
  const all: WireObject = { locked: false, ...record, ...named };
  const attributes = Object.fromEntries(FIELDS[type].map((field) => [field, all[field] ?? null]));
  return { type, id: record.id, attributes, relationships: {} };
}

/** The secret stays in Outreach. */
export function webhookResource(webhook: OutreachWebhook): Resource {
  const { id, secret: _, creatorId, ...attributes } = webhook;
  return {
    type: 'webhook',
    id,
    attributes: { ...attributes, resource: 'task' },
    relationships: { creator: toOne('user', creatorId) },
  };
}

/** The relationships that `include` may name, with the record that each brings. */
const INCLUDES = {
  prospect: ({ prospectId }) => prospectId,
  account: ({ accountId }) => accountId,
  opportunity: ({ opportunityId }) => opportunityId,
  sequence: ({ sequenceId }) => sequenceId,
  sequenceStep: ({ sequenceStepId }) => sequenceStepId,
  taskPriority: ({ priorityId }) => priorityId,
} satisfies { [Type in keyof Records]?: (task: HeldTask) => string | undefined };

// Object.keys knows only that keys are strings.
export const INCLUDABLE = Object.keys(INCLUDES) as (keyof typeof INCLUDES)[];

/** Each record once, however many tasks share it. */
export function included(book: Book, tasks: readonly HeldTask[], include: readonly (keyof Records)[]): Resource[] {
  const found = new Map<string, Resource>();
  for (const task of tasks) {
    for (const type of INCLUDABLE.filter((each) => include.includes(each))) {
      const record = book.find(type, INCLUDES[type](task));
      if (record) found.set(`${type} ${record.id}`, recordResource(type, record));
    }
  }
  return [...found.values()];
}

function toOne(type: string, id: string | undefined): WireObject {
  return { data: id === undefined ? null : { type, id: BigInt(id) } };
}

/** Outreach sends a link and no ids (outreach.md 2). */
function toMany(plural: string, taskId: string): WireObject {
  return { links: { related: `/api/v2/${plural}?filter[task][id]=${taskId}` } };
}

function time(text: string | null | undefined): Wire {
  return text === null || text === undefined ? null : new Date(text).toISOString();
}
