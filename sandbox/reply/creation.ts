/** A new task of the caller's own (reply.md 4). */
import { type Answer, refuseChange } from './answer.ts';
import { EARLIEST, isBroken, isoText } from './changes.ts';
import type { CreateTask } from './requests.ts';
import type { Asked, Reply } from './state.ts';
import type { ReplyTask } from './types.ts';
import { taskOnWire } from './wire.ts';

export function createTask(reply: Reply, { caller, style }: Asked, body: CreateTask): Answer {
  const { startAt, dueTo, contactId, template, ...more } = body;
  if (startAt < EARLIEST) return refuseChange('invalidDates: startAt must be on or after 2015-01-01.');
  if (dueTo <= startAt) return refuseChange('invalidDates: dueTo must be after startAt.');
  if ([template.body, template.subject ?? ''].some(isBroken)) {
    return refuseChange('renderError: The template could not be rendered.');
  }
  const contact = contactId ? reply.book.contact(contactId) : null;
  if (contact === undefined) return refuseChange('contactNotFound: The contact was not found.');
  const task: ReplyTask = {
    id: reply.book.newId(),
    assignedUserId: caller.id,
    status: 'new',
    taskType: more.taskType,
    ...(more.linkedInTaskType && { linkedInTaskType: more.linkedInTaskType }),
    contact,
    startAt: isoText(startAt),
    dueTo: isoText(dueTo),
    isScheduled: false,
    creationSource: 'user',
    createdAt: isoText(reply.clock()),
    template: { body: template.body, ...(typeof template.subject === 'string' && { subject: template.subject }) },
  };
  reply.book.put(task);
  return { status: 201, body: taskOnWire(task, style) };
}
