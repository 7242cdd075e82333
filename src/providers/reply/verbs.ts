/** The calls that change a task (reply.md 4). Never `execute`: it sends e-mails and messages. */
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { ProviderError, type ProviderErrorKind } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/keys.ts';
import type { Receipt, TaskProvider } from '../../core/ports/provider.ts';
import { isKept, toSecond } from '../wire.ts';
import { allowsEnding, CALL_ENDINGS } from './capabilities.ts';
import type { Asker, ReplyClient } from './client.ts';
import { findTask, refusal, taskRequest } from './tasks.ts';
import { EditableTask, HeldTask, integer, isOf, kindOf, stateOf } from './wire.ts';

/** Reply gives its exchanges no id. */
export const RECEIPT: Receipt = { reference: undefined };

/** Integers in every document there is, also in those whose other enums are strings (reply.md 4). */
const RESULTS = { positive: 0, to_call: 1, negative: 2 } as const satisfies Record<
  (typeof CALL_ENDINGS)[number]['id'],
  number
>;

export function createVerbs(client: ReplyClient): Pick<TaskProvider, 'perform' | 'undo'> {
  return {
    async perform(account, task, change, options) {
      const wish = { asker: client.as(account.email, options), externalId: account.externalId, taskId: task.id };
      switch (change.verb) {
        case 'done':
          if (change.note !== undefined) throw refusal('done', 'Reply keeps no completion note');
          if (!allowsEnding(task, change.ending)) throw refusal('done', 'this task has no such ending');
          return complete(wish, change.ending);
        case 'dismiss':
          return remove(wish);
        case 'snooze':
        case 'reschedule':
          return move(wish, toSecond(change.dueAt));
        default:
          throw refusal(change.verb, `Reply has no ${change.verb}`);
      }
    },
    async undo({ email, externalId }, before, verb, options) {
      if (verb !== 'snooze' && verb !== 'reschedule') throw refusal(verb, `Reply takes back no ${verb}`);
      if (before.dueAt === undefined) throw refusal(verb, 'no earlier due date to go back to');
      return move({ asker: client.as(email, options), externalId, taskId: before.id }, before.dueAt);
    },
  };
}

/** The task that is changed, and the user who changes it. */
interface Wish {
  asker: Asker;
  externalId: string;
  taskId: string;
}

/** Sends nothing to anyone; a sequence moves its contact on. */
async function complete({ asker, taskId }: Wish, ending: string | undefined): Promise<Receipt> {
  const request = { ...taskRequest('POST', taskId, '/complete'), schema: HeldTask } as const;
  const result = CALL_ENDINGS.find(({ id }) => id === ending);
  if (ending !== undefined && !result) throw refusal(operationOf(request), 'no such ending');
  try {
    const task = await asker.call({ ...request, body: result ? { callResolution: RESULTS[result.id] } : {} });
    if (task.id === taskId && stateOf(task) !== 'new') return RECEIPT;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'conflict') throw error;
    // It cannot be completed, perhaps because it has been.
    const task = await findTask(asker, taskId);
    if (task && stateOf(task) !== 'new') return RECEIPT;
    throw error;
  }
  throw failure('unreadable', operationOf(request), 'the answer does not show the change');
}

/**
 * Reply cannot dismiss; an open task that is deleted becomes a cancelled one. One that is gone already is as gone; a 404 for
 * a task that can still be read is about something else.
 */
async function remove({ asker, taskId }: Wish): Promise<Receipt> {
  const request = { ...taskRequest('DELETE', taskId), schema: z.null() } as const;
  try {
    await asker.call(request);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'not_found') throw error;
    const task = await findTask(asker, taskId);
    if (task && stateOf(task) === 'new') throw error;
  }
  return RECEIPT;
}

/**
 * A task is replaced as a whole, so it is read first, and everything that may be sent goes back as it came. `template` is
 * the raw one: `content` has the contact's name in place of `{{FirstName}}`, and the task would keep it. There is nothing
 * to recognise a change of someone else's by, so the last writer wins; the time between reading and writing is short.
 */
async function move(wish: Wish, dueAt: Instant): Promise<Receipt> {
  const { asker, taskId } = wish;
  const task = await readForChange(wish);
  if (task.dueTo?.epochMilliseconds === dueAt) return RECEIPT;
  const put = taskRequest('PUT', taskId);
  const moved = movedTo(dueAt, task);
  if (!moved) throw failure('immovable', operationOf(put), 'Reply takes no change of a task like this');
  const request = { ...put, body: replacement(moved), schema: z.unknown() } as const;
  const answer = EditableTask.safeParse(await asker.call(request)).data;
  // Reply drops what it does not understand without a word (reply.md 10).
  const shows =
    answer?.id === taskId &&
    isKept(answer.dueTo?.epochMilliseconds, moved.dueTo.epochMilliseconds) &&
    isKept(answer.startAt?.epochMilliseconds, moved.startAt.epochMilliseconds) &&
    answer.template?.body === moved.template.body;
  if (shows) return RECEIPT;
  throw failure('unreadable', operationOf(request), 'the answer does not show the change');
}

/** As it is right now: only a new task of this rep's can be changed. */
async function readForChange({ asker, externalId, taskId }: Wish): Promise<EditableTask> {
  const request = { ...taskRequest('GET', taskId), schema: HeldTask } as const;
  const held = await asker.call(request);
  const operation = operationOf(request);
  if (!isOf(held, externalId)) throw failure('not_found', operation, 'the task is of another user');
  if (stateOf(held) !== 'new') throw failure('conflict', operation, 'the task is not new any more');
  const task = EditableTask.safeParse(held).data;
  if (task?.id === taskId) return task;
  throw failure('unreadable', operation, 'not a task that could be sent back');
}

/** What Reply takes as a replacement. */
interface Movable extends EditableTask {
  startAt: Temporal.Instant;
  dueTo: Temporal.Instant;
  template: { body: string; subject?: string | null | undefined };
}

/** Reply takes no start before this (reply.md 4). */
const FIRST_START = Temporal.Instant.from('2015-01-01T00:00:00Z');

/**
 * The task with its due time at `dueAt`, and its start moved by as much, so that the one stays before the other; what is
 * finer than a millisecond stays too. undefined where Reply would refuse it (reply.md 4): a template without a body, a
 * start that is missing, before 2015, or not before the due time. To send another start or a body of our own would change
 * what the rep did not ask us to change.
 */
function movedTo(dueAt: Instant, task: EditableTask): Movable | undefined {
  const { startAt, dueTo, template } = task;
  const body = template?.body;
  if (!startAt || !dueTo || typeof body !== 'string') return undefined;
  const by = { milliseconds: dueAt - dueTo.epochMilliseconds };
  const moved = { ...task, startAt: startAt.add(by), dueTo: dueTo.add(by), template: { ...template, body } };
  const isTaken =
    Temporal.Instant.compare(moved.startAt, FIRST_START) >= 0 &&
    Temporal.Instant.compare(moved.startAt, moved.dueTo) < 0;
  return isTaken ? moved : undefined;
}

/** Exactly what may be sent: what is read-only, attachments among it, stays away. */
function replacement(task: Movable): Record<string, unknown> {
  const { taskType, linkedInTaskType, contactId, template } = task;
  const isLinkedIn = kindOf(taskType) === 'linkedIn' && linkedInTaskType !== undefined && linkedInTaskType !== null;
  return {
    taskType,
    startAt: task.startAt.toString(),
    dueTo: task.dueTo.toString(),
    ...(contactId !== undefined && { contactId: contactId === null ? null : integer(contactId) }),
    ...(isLinkedIn && { linkedInTaskType }),
    template,
  };
}

function operationOf({ method, template }: { method: string; template: string }): string {
  return `${method} /v3${template}`;
}

function failure(kind: ProviderErrorKind, operation: string, reason: string): ProviderError {
  return new ProviderError({ provider: 'reply', kind, operation, cause: new Error(reason) });
}
