/** Tasks: list, read, create, edit, delete (outreach.md 2, 3). What acts on one is in `actions.ts`. */
import { type Answer, Refusal, refuse } from './answer.ts';
import type { HeldTask } from './book.ts';
import { pageOf } from './pages.ts';
import { type Key, type ListRules, listQuery, type ReadQuery, readQuery } from './query.ts';
import { type Attributes, CreateTask, problem, UpdateTask } from './requests.ts';
import { INCLUDES, included, type Resource, taskResource } from './resources.ts';
import {
  bodyOf,
  invalid,
  many,
  needScopesOf,
  one,
  type Session,
  visibleTask,
  visibleTo,
  withoutBody,
  withoutQuery,
} from './session.ts';
import type { OutreachTask, OutreachTaskType } from './types.ts';

const TASK_TYPES: readonly OutreachTaskType[] = [
  'follow_up',
  'manual',
  'no_reply',
  'sequence_open',
  'sequence_click',
  'sequence_step_call',
  'sequence_step_email',
  'sequence_step_linkedin_interact_with_post',
  'sequence_step_linkedin_other',
  'sequence_step_linkedin_send_connection_request',
  'sequence_step_linkedin_send_message',
  'sequence_step_linkedin_view_profile',
  'sequence_step_sms',
  'sequence_step_task',
  'touch',
];

/** Filters by relationship: by id, and for the owner also by what the task page names. `filter[status]` is none of them. */
function rulesFor({ outreach }: Session): ListRules<HeldTask> {
  const ownerOf = (task: HeldTask) => outreach.book.find('user', task.ownerId);
  const byId = (of: (task: HeldTask) => string | undefined) =>
    ({ kind: 'in', ids: true, of: (task: HeldTask) => [of(task)] }) as const;
  return {
    filters: {
      'filter[id]': byId(({ id }) => id),
      'filter[owner][id]': byId(({ ownerId }) => ownerId),
      'filter[owner][email]': { kind: 'in', fold: true, of: (task) => [ownerOf(task)?.email] },
      'filter[owner][firstName]': { kind: 'in', of: (task) => [ownerOf(task)?.firstName] },
      'filter[prospect][id]': byId(({ prospectId }) => prospectId),
      'filter[account][id]': byId(({ accountId }) => accountId),
      'filter[opportunity][id]': byId(({ opportunityId }) => opportunityId),
      'filter[sequence][id]': byId(({ sequenceId }) => sequenceId),
      'filter[sequenceStep][id]': byId(({ sequenceStepId }) => sequenceStepId),
      'filter[taskPriority][id]': byId(({ priorityId }) => priorityId),
      'filter[state]': { kind: 'in', values: ['pending', 'incomplete', 'complete'], of: ({ state }) => [state] },
      'filter[taskType]': { kind: 'in', values: TASK_TYPES, of: ({ taskType }) => [taskType] },
      'filter[autoskipAt]': { kind: 'range', of: TIMES.autoskipAt },
      'filter[createdAt]': { kind: 'range', of: TIMES.createdAt },
      'filter[dueAt]': { kind: 'range', of: TIMES.dueAt },
      'filter[scheduledAt]': { kind: 'range', of: TIMES.scheduledAt },
      'filter[stateChangedAt]': { kind: 'range', of: TIMES.stateChangedAt },
      'filter[updatedAt]': { kind: 'range', of: TIMES.updatedAt },
    },
    sorts: { ...TIMES, state: ({ state }) => state, taskType: ({ taskType }) => taskType },
    includes: Object.keys(INCLUDES),
    authorizationMeta: true,
  };
}

const TIMES = {
  autoskipAt: ({ autoskipAt }) => sortable(autoskipAt),
  createdAt: ({ createdAt }) => sortable(createdAt),
  dueAt: ({ dueAt }) => sortable(dueAt),
  scheduledAt: ({ scheduledAt }) => sortable(scheduledAt),
  stateChangedAt: ({ stateChangedAt }) => sortable(stateChangedAt),
  updatedAt: ({ updatedAt }) => sortable(updatedAt),
} satisfies Record<string, (task: HeldTask) => Key>;

/** In one zone, so that the order of the text is the order in time. */
function sortable(time: string | null | undefined): Key {
  return time === null || time === undefined ? null : new Date(time).toISOString();
}

export function listTasks(session: Session): Answer {
  withoutBody(session);
  const { outreach, call, user } = session;
  const query = listQuery(call.url.searchParams, rulesFor(session), outreach.pageSize);
  needScopesOfIncluded(session, query);
  const visible = outreach.book.tasks().filter((task) => visibleTo(user, task));
  const { records, next, total } = pageOf(visible, query, `tasks of ${user.id}`, outreach.cursors);
  const resources = records.map((task) => withMeta(task, query));
  return many(session, { resources, others: included(outreach.book, records, query.include), next, total }, query);
}

export function readTask(session: Session, id: string): Answer {
  withoutBody(session);
  const query = readQuery(session.call.url.searchParams, rulesFor(session));
  needScopesOfIncluded(session, query);
  const task = visibleTask(session, id);
  return one(session, withMeta(task, query), query, included(session.outreach.book, [task], query.include));
}

/** Scopes are not additive: what is included must be readable too (outreach.md 1). */
function needScopesOfIncluded(session: Session, { include }: ReadQuery): void {
  for (const name of include) needScopesOf(session, INCLUDES[name]?.types ?? []);
}

function withMeta(task: HeldTask, { authorizationMeta }: ReadQuery): Resource {
  const meta = { canWrite: task.canWrite ?? true, canDelete: task.canDelete ?? true };
  return { ...taskResource(task), ...(authorizationMeta && { meta }) };
}

/** Completing, reopening and changing the type are impossible this way: those attributes are read-only. */
export function editTask(session: Session, id: string): Answer {
  // Since 2023 `include` is not honoured on writes (outreach.md 2).
  withoutQuery(session);
  const asked = UpdateTask.safeParse(bodyOf(session));
  if (!asked.success) throw refusedBody(asked.error);
  const { attributes, id: named } = asked.data.data;
  if (named !== id) throw invalid('is not the id of the path', '/data/id');
  if (Object.keys(attributes).length === 0) throw invalid('holds nothing to change', '/data/attributes');
  const task = writableTask(session, id);
  return one(session, taskResource(session.outreach.book.put(edited(task, attributes))));
}

/** A task that this user may change, and that is not closed. */
export function writableTask(session: Session, id: string): HeldTask {
  const task = visibleTask(session, id);
  if (task.canWrite === false) throw forbidden(`You may not change the task ${id}`);
  if (task.state === 'complete') throw new Refusal(refuse('validationError', `Task ${id} is already complete`));
  return task;
}

export function deleteTask(session: Session, id: string): Answer {
  withoutQuery(session);
  withoutBody(session);
  const { outreach } = session;
  const task = visibleTask(session, id);
  if (task.canDelete === false) throw forbidden(`You may not delete the task ${id}`);
  outreach.book.remove(id);
  if (task.sequenceId !== undefined && task.state !== 'complete') {
    const { sequenceId, prospectId } = task;
    outreach.effects.push({ kind: 'stranded', at: outreach.clock(), taskId: id, sequenceId, prospectId });
  }
  return { status: 204 };
}

export function createTask(session: Session): Answer {
  withoutQuery(session);
  const asked = CreateTask.safeParse(bodyOf(session));
  if (!asked.success) throw refusedBody(asked.error);
  const { attributes, relationships } = asked.data.data;
  const { owner, subject, taskPriority } = relationships;
  const { book } = session.outreach;
  const user = book.find('user', owner.data.id);
  if (!user || user.locked) throw missing('owner');
  if (!book.find(subject.data.type, subject.data.id)) throw missing('subject');
  if (taskPriority && !book.find('taskPriority', taskPriority.data.id)) throw missing('taskPriority');
  const prospect = subject.data.type === 'prospect' ? book.find('prospect', subject.data.id) : undefined;
  const task: OutreachTask = {
    id: book.newTaskId(),
    ownerId: owner.data.id,
    state: 'incomplete',
    // Whatever it was meant to be (outreach.md 3).
    taskType: 'manual',
    action: attributes.action,
    dueAt: null,
    [`${subject.data.type}Id`]: subject.data.id,
    ...(prospect?.accountId !== undefined && { accountId: prospect.accountId }),
    ...(taskPriority && { priorityId: taskPriority.data.id }),
  };
  return { ...one(session, taskResource(book.put(edited(task, attributes)))), status: 201 };
}

function edited<Task extends OutreachTask>(task: Task, attributes: Attributes): Task {
  const { autoskipAt, note, opportunityAssociation, ...rest } = attributes;
  const changed = { ...task, ...rest };
  if (autoskipAt !== undefined) changed.autoskipAt = autoskipAt ?? undefined;
  if (note !== undefined) changed.note = note ?? undefined;
  if (opportunityAssociation !== undefined) changed.opportunityAssociation = opportunityAssociation ?? undefined;
  return changed;
}

function refusedBody(error: Parameters<typeof problem>[0]): Refusal {
  const { detail, pointer } = problem(error);
  return invalid(detail, pointer);
}

function forbidden(detail: string): Refusal {
  return new Refusal(refuse('unauthorizedRequest', detail));
}

function missing(relationship: string): Refusal {
  const pointer = `/data/relationships/${relationship}`;
  return new Refusal(refuse('validationError', 'does not exist, or may not be used', pointer));
}
