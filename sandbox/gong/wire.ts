/** Gong's JSON. Its int64 ids are bare integers (gong.md 4). */
import type { WireObject } from '../json.ts';
import type { GongTask, GongUser } from './types.ts';

/** Like Gong's example `4al018gzaztcr8nbukw`: nothing can be read from it. */
export function newRequestId(): string {
  const digits = BigInt(`0x${crypto.randomUUID().replaceAll('-', '')}`);
  return digits.toString(36).slice(0, 19).padStart(19, '0');
}

/**
 * A task as list and update send it (gong.md 2). Beyond the documented fields it carries those that Gong's own OpenAPI
 * adds (`priority`, `crmType`; contracts, conflict 5) and one that nobody documents, because Gong adds fields without warning.
 */
export function taskOnWire(task: GongTask): WireObject {
  return {
    id: BigInt(task.id),
    userId: BigInt(task.userId),
    created: task.created,
    updated: task.updated,
    status: task.status,
    type: task.type,
    actions: ['CALL'],
    // Only a MANUAL task has a title (gong.md 2).
    title: task.type === 'MANUAL' ? task.title : undefined,
    account: task.account && { ...task.account, crmEntityType: 'ACCOUNT', fields: [] },
    opportunity: task.opportunity && { ...task.opportunity, crmEntityType: 'OPPORTUNITY', fields: [] },
    dueDate: task.dueDate,
    flow: task.flow && flowOnWire(task.flow),
    contact: task.contact && contactOnWire(task.contact),
    additionalContacts: [],
    crmType: 'GENERIC',
    priority: { id: 1695493301223590913n, name: 'MEDIUM', weight: 50 },
    sandboxUndocumented: { source: 'engage', revision: 9007199254740993n },
  };
}

function flowOnWire(flow: NonNullable<GongTask['flow']>): WireObject {
  const { id, name, stepNumber } = flow.step;
  return { id: BigInt(flow.id), name: flow.name, step: { id: BigInt(id), name, stepNumber } };
}

function contactOnWire({ data, ...contact }: NonNullable<GongTask['contact']>): WireObject {
  if (!data) return { ...contact };
  const phoneNumbers = data.phoneNumbers?.map((phone) => ({ ...phone }));
  return { ...contact, data: { affiliation: 'Them', ...data, phoneNumbers } };
}

/** A user as the directory sends it (gong.md 7): here the id is a string. */
export function userOnWire(user: GongUser): WireObject {
  return {
    id: user.id,
    emailAddress: user.emailAddress,
    created: '2024-02-17T10:30:00Z',
    active: user.active,
    emailAliases: user.emailAliases ?? [],
    trustedEmailAddress: user.trustedEmailAddress ?? null,
    firstName: user.firstName,
    lastName: user.lastName,
    title: null,
    phoneNumber: null,
    extension: null,
    personalMeetingUrls: [],
    settings: { webConferencesRecorded: true, emailsImported: true, telephonyCallsImported: true },
    managerId: null,
    spokenLanguages: [],
  };
}
