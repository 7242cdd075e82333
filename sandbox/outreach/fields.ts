/** What `fields[type]` may name: what a record of that type is sent with. */
import { type Resource, type ResourceType, recordResource, taskResource, webhookResource } from './resources.ts';

/** Relationships are fields, too (outreach.md 2). */
export function fieldsOf(type: ResourceType): ReadonlySet<string> {
  const { attributes, relationships } = BLANKS[type]();
  return new Set([...Object.keys(attributes), ...Object.keys(relationships)]);
}

const BLANK = { id: '1', name: '', email: '', firstName: '', lastName: '' };

const BLANKS: Record<ResourceType, () => Resource> = {
  task: () =>
    taskResource({
      id: '1',
      ownerId: '1',
      state: 'incomplete',
      taskType: 'manual',
      action: 'call',
      dueAt: null,
      createdAt: new Date(0).toISOString(),
      updatedAt: new Date(0).toISOString(),
      stateChangedAt: new Date(0).toISOString(),
    }),
  user: () => recordResource('user', BLANK),
  prospect: () => recordResource('prospect', { ...BLANK, emails: [] }),
  account: () => recordResource('account', BLANK),
  opportunity: () => recordResource('opportunity', BLANK),
  sequence: () => recordResource('sequence', BLANK),
  sequenceStep: () =>
    recordResource('sequenceStep', { id: '1', sequenceId: '1', order: 1, displayName: '', stepType: 'call' }),
  taskPriority: () => recordResource('taskPriority', { ...BLANK, weight: 1 }),
  webhook: () =>
    webhookResource({
      id: '1',
      creatorId: '1',
      url: '',
      action: '*',
      secret: '',
      payloadVersion: 2,
      active: true,
      cleanupToken: '',
      disabledReason: null,
      disabledSince: null,
      disabledUntil: null,
    }),
};
