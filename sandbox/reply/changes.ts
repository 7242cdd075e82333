/** The calls that change a task (reply.md 4). No call reopens, restores, skips or snoozes one. */
import { type Answer, invalid, refuse, refuseChange, textOf } from './answer.ts';
import { enumOnWire, TASK_TYPES } from './enums.ts';
import { notFound, permitted } from './reads.ts';
import { type CompleteTask, type Read, readUpdate, type UpdateTask } from './requests.ts';
import type { Asked, Reply } from './state.ts';
import type { ReplyTask } from './types.ts';
import { taskOnWire } from './wire.ts';

export const EARLIEST = Date.UTC(2015, 0, 1);

/** A full replacement: what the body leaves out is gone. */
export function updateTask(reply: Reply, asked: Asked, id: string, body: unknown): Answer {
  const { caller, style } = asked;
  const task = permitted(reply, caller, id);
  const known = typeof task?.taskType === 'number' ? enumOnWire(style.form, TASK_TYPES, task.taskType) : undefined;
  const read = readUpdate(style.form, body, known);
  if (!('data' in read)) return refused(read);
  if (!task) return notFound();
  if (task.status !== 'new') return refuseChange('canOnlyEditNewTasks: Only tasks with status New can be edited.');

  const problem = problemOf(task, read.data);
  if (problem) return problem;
  const contact = contactOf(reply, task, read.data);
  if (contact === 'unknown') return refuseChange('contactNotFound: The contact was not found.');
  const changed = replaced(task, read.data, contact);
  reply.book.put(changed);
  return { status: 200, body: taskOnWire(changed, style) };
}

/** Sends nothing; a sequence moves its contact on. */
export function completeTask(reply: Reply, { caller, style }: Asked, id: string, body: CompleteTask): Answer {
  const task = permitted(reply, caller, id);
  if (!task) return notFound();
  if (task.status !== 'new') return refuse(409, 'task.cannotComplete', 'The task cannot be completed as it is.');
  const { callResolution } = body;
  const at = reply.clock();
  reply.effects.completions.push({
    taskId: id,
    actingUserId: caller.id,
    at,
    ...(callResolution && { callResolution }),
  });
  const finished = finishedAt(task, at);
  reply.book.put(finished);
  return { status: 200, body: taskOnWire(finished, style) };
}

/** Gone from lists and reads either way; nothing brings it back (contracts, conflict 13). */
export function deleteTask(reply: Reply, { caller }: Asked, id: string): Answer {
  const task = permitted(reply, caller, id);
  if (!task) return notFound();
  if (task.status !== 'new' && task.status !== 'finished') return refuseChange('The task cannot be deleted.');
  reply.book.hide({ ...task, status: task.status === 'new' ? 'cancelled' : 'archived' });
  return { status: 204 };
}

export function refused({ errors, inOtherForm }: Exclude<Read<unknown>, { data: unknown }>): Answer {
  const answer = invalid(errors);
  return inOtherForm ? { status: answer.status, problem: { detail: textOf(errors), errors } } : answer;
}

function problemOf(task: ReplyTask, body: UpdateTask): Answer | undefined {
  const { taskType, startAt, dueTo, contactId, linkedInTaskType, template } = body;
  const type = taskType === 'unchanged' ? task.taskType : taskType;
  if (linkedInTaskType !== undefined && type !== 'linkedIn') {
    return invalid([{ pointer: '/linkedInTaskType', detail: 'is for LinkedIn tasks only' }]);
  }
  // A required text must not be empty, so a task without one cannot be changed (contracts, unknown R4): no fault of a client's.
  if (template.body === '') {
    return {
      status: 400,
      problem: { detail: 'The request is not valid.', errors: [{ pointer: '/template/body', detail: 'is required' }] },
    };
  }
  if (startAt < EARLIEST) return refuseChange('invalidDates: startAt must be on or after 2015-01-01.');
  if (dueTo <= startAt) return refuseChange('invalidDates: dueTo must be after startAt.');
  if ([template.body, template.subject ?? ''].some(isBroken)) {
    return refuseChange('renderError: The template could not be rendered.');
  }
  if (task.creationSource !== 'sequence') return undefined;
  if (type !== task.taskType)
    return refuseChange('cannotChangeSequenceTaskType: The type of a sequence task is fixed.');
  if (contactId !== undefined && (contactId ?? undefined) !== task.contact?.id) {
    return refuseChange('cannotChangeSequenceTaskContact: The contact of a sequence task is fixed.');
  }
  return undefined;
}

function contactOf(reply: Reply, task: ReplyTask, { contactId }: UpdateTask): ReplyTask['contact'] | 'unknown' {
  if (task.creationSource === 'sequence') return task.contact;
  if (contactId === undefined || contactId === null) return null;
  return reply.book.contact(contactId) ?? 'unknown';
}

function replaced(task: ReplyTask, body: UpdateTask, contact: ReplyTask['contact']): ReplyTask {
  const { subject, body: text } = body.template;
  const { linkedInTaskType: _, ...kept } = task;
  return {
    ...kept,
    taskType: body.taskType === 'unchanged' ? task.taskType : body.taskType,
    ...(body.linkedInTaskType && { linkedInTaskType: body.linkedInTaskType }),
    contact: contact ?? null,
    startAt: isoText(body.startAt),
    dueTo: isoText(body.dueTo),
    template: {
      body: text,
      ...(typeof subject === 'string' && { subject }),
      ...(task.template.attachmentIdList && { attachmentIdList: task.template.attachmentIdList }),
    },
  };
}

function finishedAt(task: ReplyTask, at: number): ReplyTask {
  return { ...task, status: 'finished', finishedAt: isoText(at) };
}

/** A variable that is opened and never closed. */
export function isBroken(text: string): boolean {
  return /\{\{/.test(text.replaceAll(/\{\{[^{}]*\}\}/g, ''));
}

export function isoText(at: number): string {
  return new Date(at).toISOString();
}
