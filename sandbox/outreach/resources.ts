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

/** JSON:API counts relationships as fields (outreach.md 2): what `fields[task]` does not name is left out. */
export function onWire(
  resource: Resource,
  fields: ReadonlySet<string> | undefined,
  { base, asLinks }: { base: string; asLinks: boolean },
): WireObject {
  const { type, id, attributes, meta } = resource;
  const relationships = asLinks ? linked(resource, base) : resource.relationships;
  return {
    type,
    id: BigInt(id),
    attributes: chosen(attributes, fields),
    relationships: chosen(relationships, fields),
    links: { self: `${base}/${PLURALS[type]}/${id}` },
    meta,
  };
}

/** Where each relation can be read, and not what it is. */
function linked({ type, id, relationships }: Resource, base: string): WireObject {
  const link = (name: string) => ({ links: { related: `${base}/${PLURALS[type]}/${id}/${name}` } });
  return Object.fromEntries(Object.keys(relationships).map((name) => [name, link(name)]));
}

function chosen(members: WireObject, fields: ReadonlySet<string> | undefined): WireObject | undefined {
  const kept = Object.entries(members).filter(([name]) => fields === undefined || fields.has(name));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** Beyond the documented fields a task has one that nobody documents, because an API may add fields at any time. */
export function taskResource(task: HeldTask): Resource {
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
    compiledSequenceTemplateHtml: null,
    completed: task.state === 'complete',
    completedAt: time(task.completedAt),
    createdAt: time(task.createdAt),
    dueAt: time(task.dueAt),
    note: task.note ?? null,
    opportunityAssociation: task.opportunityAssociation ?? null,
    scheduledAt: time(task.scheduledAt),
    state: task.state,
    stateChangedAt: time(task.stateChangedAt),
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

type Makers = { [Type in keyof Records]: (record: Records[Type]) => Omit<Resource, 'type' | 'id'> };

const MAKERS: Makers = {
  user: ({ email, firstName, lastName, locked }) => ({
    attributes: { email, firstName, lastName, name: `${firstName} ${lastName}`, locked: locked ?? false, title: null },
    relationships: {},
  }),
  prospect: ({ accountId, ...prospect }) => ({
    attributes: {
      firstName: prospect.firstName,
      lastName: prospect.lastName,
      name: `${prospect.firstName} ${prospect.lastName}`,
      title: prospect.title ?? null,
      company: prospect.company ?? null,
      emails: prospect.emails,
      timeZone: prospect.timeZone ?? null,
      linkedInUrl: prospect.linkedInUrl ?? null,
      workPhones: prospect.workPhones ?? [],
      mobilePhones: prospect.mobilePhones ?? [],
      homePhones: prospect.homePhones ?? [],
      optedOut: prospect.optedOut ?? false,
      callOptedOut: prospect.callOptedOut ?? false,
      emailOptedOut: prospect.emailOptedOut ?? false,
    },
    relationships: { account: toOne('account', accountId) },
  }),
  account: ({ name }) => ({ attributes: { name, domain: null, websiteUrl: null }, relationships: {} }),
  opportunity: ({ name, amount, currencyType, closeDate }) => ({
    attributes: {
      name,
      amount: amount ?? null,
      currencyType: currencyType ?? null,
      closeDate: time(closeDate),
      probability: null,
    },
    relationships: {},
  }),
  sequence: ({ name }) => ({ attributes: { name, enabled: true }, relationships: {} }),
  sequenceStep: ({ sequenceId, order, displayName, stepType }) => ({
    attributes: { displayName, order, stepType },
    relationships: { sequence: toOne('sequence', sequenceId) },
  }),
  taskPriority: ({ name, weight }) => ({ attributes: { name, weight }, relationships: {} }),
};

export function recordResource<Type extends keyof Records>(type: Type, record: Records[Type]): Resource {
  return { type, id: record.id, ...MAKERS[type](record) };
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

/** What `include=` may name, and the records that it brings. */
export const INCLUDES: Record<
  string,
  { types: (keyof Records)[]; of(task: HeldTask): Partial<Record<keyof Records, string>> }
> = {
  account: { types: ['account'], of: ({ accountId }) => ({ account: accountId }) },
  opportunity: { types: ['opportunity'], of: ({ opportunityId }) => ({ opportunity: opportunityId }) },
  owner: { types: ['user'], of: ({ ownerId }) => ({ user: ownerId }) },
  prospect: { types: ['prospect'], of: ({ prospectId }) => ({ prospect: prospectId }) },
  sequence: { types: ['sequence'], of: ({ sequenceId }) => ({ sequence: sequenceId }) },
  sequenceStep: { types: ['sequenceStep'], of: ({ sequenceStepId }) => ({ sequenceStep: sequenceStepId }) },
  subject: {
    types: ['prospect', 'account', 'opportunity'],
    of: ({ prospectId, accountId, opportunityId }) =>
      prospectId !== undefined
        ? { prospect: prospectId }
        : accountId !== undefined
          ? { account: accountId }
          : { opportunity: opportunityId },
  },
  taskPriority: { types: ['taskPriority'], of: ({ priorityId }) => ({ taskPriority: priorityId }) },
};

/** Each record once, however many tasks share it. */
export function included(book: Book, tasks: readonly HeldTask[], names: readonly string[]): Resource[] {
  const found = new Map<string, Resource>();
  for (const task of tasks) {
    for (const name of names) {
      for (const [type, id] of Object.entries(INCLUDES[name]?.of(task) ?? {}) as [
        keyof Records,
        string | undefined,
      ][]) {
        const record = book.find(type, id);
        if (record) found.set(`${type} ${id}`, recordResource(type, record));
      }
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
