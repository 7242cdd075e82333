/** Tasks: list, read, create, edit, delete (outreach.md 2, 3). What acts on one is in `actions.ts`. */
import { type Answer, Refusal, refuse } from './answer.ts';
import type { Book, HeldTask } from './book.ts';
import { pageOf } from './pages.ts';
import { ID, type ListRules, listQuery, type ReadQuery, readQuery } from './query.ts';
import { bodyAs, CreateTask, UpdateTask } from './requests.ts';
import { INCLUDABLE, included, type Resource, taskResource } from './resources.ts';
import {
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
import type { OutreachTask } from './types.ts';

/** `filter[status]` is none of them. */
const RULES: ListRules<HeldTask> = {
  filters: {
    'filter[owner][id]': { pattern: ID, of: ({ ownerId }) => [ownerId] },
    'filter[prospect][id]': { pattern: ID, of: ({ prospectId }) => [prospectId] },
    'filter[state]': { pattern: /^incomplete$/, of: ({ state }) => [state] },
  },
  // In one zone, so that the order of the text is the order in time.
  sort: { by: 'dueAt', of: ({ dueAt }) => dueAt && new Date(dueAt).toISOString() },
  shows: INCLUDABLE,
  isDecorated: true,
};

export function listTasks(session: Session): Answer {
  withoutBody(session);
  refuseLacking(session);
  const { outreach, call, user } = session;
  const query = listQuery(call.url.searchParams, RULES);
  needScopesOf(session, query.include);
  const visible = outreach.book.tasks().filter((task) => visibleTo(user, task));
  const { records, next } = pageOf(visible, query, `tasks of ${user.id}`, outreach.cursors);
  const resources = records.map((task) => withMeta(outreach.book, task, query));
  return many(session, { resources, others: included(outreach.book, records, query.include), next }, query);
}

export function readTask(session: Session, id: string): Answer {
  withoutBody(session);
  refuseLacking(session);
  const { book } = session.outreach;
  const query = readQuery(session.call.url.searchParams, RULES);
  needScopesOf(session, query.include);
  const task = visibleTask(session, id);
  return one(session, withMeta(book, task, query), query, included(book, [task], query.include));
}

function withMeta(book: Book, task: HeldTask, { authorizationMeta }: ReadQuery): Resource {
  const meta = { canWrite: task.canWrite ?? true, canDelete: task.canDelete ?? true };
  const steps = book.all('sequenceStep').filter(({ sequenceId }) => sequenceId === task.sequenceId);
  const stepIds = steps.map(({ id }) => id);
  return { ...taskResource(task, stepIds), ...(authorizationMeta && { meta }) };
}

/** Not every account has every attribute; a client cannot know. */
function refuseLacking({ outreach, call }: Session): void {
  for (const [name, value] of call.url.searchParams) {
    const lacking = name.startsWith('fields[') && value.split(',').find((field) => outreach.lacks.includes(field));
    if (lacking) throw new Refusal(refuse('badRequest', `${name}: this account has no ${lacking}`));
  }
}

/** Completing, reopening and changing the type are impossible this way: those attributes are read-only. */
export function editTask(session: Session, id: string): Answer {
  // Since 2023 `include` is not honoured on writes (outreach.md 2).
  withoutQuery(session);
  const { attributes, id: named } = bodyAs(session, UpdateTask).data;
  if (named !== id) throw invalid('is not the id of the path', '/data/id');
  const task = writableTask(session, id);
  return one(session, taskResource(session.outreach.book.put({ ...task, ...attributes })));
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
  const { attributes, relationships } = bodyAs(session, CreateTask).data;
  const { book } = session.outreach;
  const owner = book.find('user', relationships.owner.data.id);
  if (!owner || owner.locked) throw missing('owner');
  const prospect = book.find('prospect', relationships.subject.data.id);
  if (!prospect) throw missing('subject');
  const task: OutreachTask = {
    ...attributes,
    id: book.newTaskId(),
    ownerId: owner.id,
    state: 'incomplete',
    // Outreach makes every new task a manual one (outreach.md 3).
    taskType: 'manual',
    prospectId: prospect.id,
    ...(prospect.accountId !== undefined && { accountId: prospect.accountId }),
  };
  return { ...one(session, taskResource(book.put(task))), status: 201 };
}

function forbidden(detail: string): Refusal {
  return new Refusal(refuse('unauthorizedRequest', detail));
}

function missing(relationship: string): Refusal {
  const pointer = `/data/relationships/${relationship}`;
  return new Refusal(refuse('validationError', 'does not exist, or may not be used', pointer));
}
