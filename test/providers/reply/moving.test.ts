/** Snooze, Reschedule and their Undo: a task of Reply is replaced as a whole (reply.md 4). */

import { describe, expect, it } from 'vitest';
import type { ReplySimulator, ReplyTask } from '../../../sandbox/reply/types.ts';
import { isOpen } from '../../../src/core/clicks/target.ts';
import type { Task } from '../../../src/core/model/task.ts';
import type { CallOptions, TaskProvider } from '../../../src/core/ports/provider.ts';
import { failureOf } from '../../contract/provider-harness.ts';
import { BOSS, OWNER, owner, pathsOf, replyPerTest, replyTask, replyUser, STRANGER } from './harness.ts';

const click = { priority: 'click' } satisfies CallOptions;
const start = replyPerTest();
const DUE = Date.UTC(2026, 10, 27, 10, 30);
const LATER = Date.UTC(2026, 11, 1, 15, 0);
const task: Task = { provider: 'reply', id: '1', title: 'Call', dueAt: DUE };

function snooze(provider: TaskProvider, dueAt = LATER) {
  return provider.perform(owner, task, { verb: 'snooze', dueAt }, click);
}

function bodiesOf({ requests }: ReplySimulator): unknown[] {
  return requests.filter(({ method }) => method === 'PUT').map(({ body }) => body);
}

describe('a task that is moved', () => {
  const email = {
    taskType: 'manualEmail',
    sequenceId: '31',
    sequenceStepId: '32',
    sequenceStepDisplayName: 'Step 2 - Email',
    creationSource: 'sequence',
    template: {
      body: '<p>Hi {{FirstName}},\r\n  “quotes” \\ & &amp; 1695493301223590792 \u2028 🙂</p>\n ',
      subject: ' {{Company}} × us ',
      attachmentIdList: ['77', '78'],
    },
    deliveryInfo: { email: 'dana@client.example' },
  } satisfies Partial<ReplyTask>;

  // contracts, conflict 2; reply.md 4.1; contracts, unknown R3
  it.for([
    ['seed', 7],
    ['current', 'manualEmail'],
    ['mixed', 'manualEmail'],
  ] as const)('goes back with exactly what may be sent, as it came: %s', async ([dialect, taskType]) => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1', ...email })], simulator: { dialect } });
    await snooze(provider);
    expect(bodiesOf(reply)).toEqual([
      {
        taskType,
        startAt: '2026-12-01T14:00:00Z',
        dueTo: '2026-12-01T15:00:00Z',
        contactId: 901,
        template: { body: email.template.body, subject: email.template.subject },
      },
    ]);
    expect(reply.task('1')).toEqual({
      ...replyTask({ id: '1', ...email }),
      startAt: '2026-12-01T14:00:00.000Z',
      dueTo: '2026-12-01T15:00:00.000Z',
    });
  });

  // reply.md 4.2: read right before, the raw template, never the content
  it('is read right before, raw, and for nothing else', async () => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1' })] });
    await snooze(provider);
    expect(pathsOf(reply.requests)).toEqual(['GET /v3/tasks/1', 'PUT /v3/tasks/1']);
  });

  it.for([
    ['seed', 5, 1],
    ['current', 'linkedIn', 'connect'],
  ] as const)('keeps its LinkedIn action: %s', async ([dialect, taskType, linkedInTaskType]) => {
    const tasks = [replyTask({ id: '1', taskType: 'linkedIn', linkedInTaskType: 'connect' })];
    const { reply, provider } = await start({ tasks, simulator: { dialect } });
    await snooze(provider);
    expect(bodiesOf(reply)).toMatchObject([{ taskType, linkedInTaskType }]);
    expect(reply.task('1')?.linkedInTaskType).toBe('connect');
  });

  // reply.md 4.7: the LinkedIn action goes with LinkedIn tasks only
  it('sends a LinkedIn action for LinkedIn tasks only', async () => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1' })] });
    const body = JSON.stringify({ ...wireTask(), linkedInTaskType: 1 });
    reply.fail({ on: 'GET /v3/tasks/1', how: { kind: 'answer', status: 200, body } });
    await snooze(provider);
    expect(bodiesOf(reply)[0]).not.toHaveProperty('linkedInTaskType');
  });

  // reply.md 3.9: values that nobody assigned are tolerated
  it.for([
    ['seed', 3],
    ['current', 'unknown3'],
  ] as const)('of a type that nobody documents goes back with that type: %s', async ([dialect, taskType]) => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1', taskType: 3 })], simulator: { dialect } });
    await snooze(provider);
    expect(bodiesOf(reply)).toMatchObject([{ taskType }]);
    expect(reply.task('1')?.taskType).toBe(3);
  });

  // reply.md 4.6: no contact stays no contact
  it('stays without a contact', async () => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1', taskType: 'toDo', contact: null })] });
    await snooze(provider);
    expect(bodiesOf(reply)).toMatchObject([{ contactId: null }]);
  });

  it('says nothing of a contact that the reading does not speak of', async () => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1', contact: null })] });
    const { contactId: _, ...withoutContact } = wireTask();
    reply.fail({ on: 'GET /v3/tasks/1', how: { kind: 'answer', status: 200, body: JSON.stringify(withoutContact) } });
    await snooze(provider);
    expect(bodiesOf(reply)[0]).not.toHaveProperty('contactId');
  });

  it('keeps a contact whose id no number holds', async () => {
    const contact = { id: '1695493301223590792', fullName: 'Dana' };
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1', contact })] });
    await snooze(provider);
    expect(reply.task('1')?.contact).toEqual(contact);
  });

  // reply.md 4.4: start moves with due time
  it('keeps the time from its start to its end over a change of the clocks, and what is finer than a millisecond', async () => {
    const { reply, provider } = await start({
      tasks: [replyTask({ id: '1', startAt: '2026-03-27T09:30:00.500Z', dueTo: '2026-03-29T12:00:00.250Z' })],
    });
    await snooze(provider, Date.UTC(2026, 9, 26, 9, 0, 0, 999));
    expect(bodiesOf(reply)).toMatchObject([{ startAt: '2026-10-24T06:30:00.25Z', dueTo: '2026-10-26T09:00:00Z' }]);
  });

  it('is as before after Undo, to the millisecond', async () => {
    const before = replyTask({
      id: '1',
      ...email,
      startAt: '2026-11-27T09:30:00.250Z',
      dueTo: '2026-11-27T10:30:00.750Z',
    });
    const { reply, provider } = await start({ tasks: [before] });
    const seen = await provider.readTask(owner, '1', click);
    if (!isOpen(seen)) throw new Error('not read');
    await snooze(provider);
    await provider.undo(owner, seen, 'snooze', click);
    expect(reply.task('1')).toEqual(before);
  });

  it('is not written again when it is there already', async () => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1' })] });
    await snooze(provider, DUE);
    expect(pathsOf(reply.requests)).toEqual(['GET /v3/tasks/1']);
  });

  it('starts no later for being sent twice', async () => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1' })] });
    reply.fail({ on: 'PUT', how: { kind: 'lose' } });
    expect(await failureOf(snooze(provider))).toMatchObject({ kind: 'unavailable' });
    await snooze(provider);
    expect(reply.task('1')).toMatchObject({ startAt: '2026-12-01T14:00:00.000Z', dueTo: '2026-12-01T15:00:00.000Z' });
  });
});

describe('a task is not moved', () => {
  // reply.md 4.3: only a new task is written
  it.for(['finished', 'cancelled', 'archived', 'sequenceDetached', 2] as const)('when it is %s', async (status) => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1', status })] });
    expect(await failureOf(snooze(provider))).toMatchObject({ kind: 'conflict' });
    expect(pathsOf(reply.requests)).toEqual(['GET /v3/tasks/1']);
  });

  it("when it has become a teammate's", async () => {
    const users = [replyUser({ id: BOSS }), replyUser({ id: OWNER, role: 'manager' }), replyUser({ id: STRANGER })];
    const { reply, provider } = await start({ users, tasks: [replyTask({ id: '1', assignedUserId: STRANGER })] });
    expect(await failureOf(snooze(provider))).toMatchObject({ kind: 'not_found' });
    expect(pathsOf(reply.requests)).toEqual(['GET /v3/tasks/1']);
  });

  it('when it is gone', async () => {
    const { provider } = await start();
    expect(await failureOf(snooze(provider))).toMatchObject({ kind: 'not_found', status: 404 });
  });

  // reply.md 5.1; contracts, unknown R4
  it.for([
    ['an empty text', { template: { body: '' } }],
    ['a text that cannot be rendered', { template: { body: '{{FirstName' } }],
  ] as const)('when Reply refuses it: %s', async ([, more]) => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1', ...more })] });
    expect(await failureOf(snooze(provider))).toMatchObject({ kind: 'invalid', status: 400 });
    expect(reply.task('1')).toEqual(replyTask({ id: '1', ...more }));
    expect(pathsOf(reply.requests)).toHaveLength(2);
  });

  it.for<[string, object]>([
    ['the start would be before 2015', { startAt: '2009-11-27T09:30:00Z' }],
    ['the start is the due time', { startAt: '2026-11-27T10:30:00Z', dueTo: '2026-11-27T10:30:00Z' }],
    ['the start is after the due time', { startAt: '2026-11-28T10:30:00Z', dueTo: '2026-11-27T10:30:00Z' }],
    ['the start is the first that other software can write', { startAt: '0001-01-01T00:00:00Z' }],
    ['there is no start', { startAt: undefined }],
    ['there is no due time', { dueTo: null }],
    ['there is no template', { template: undefined }],
    ['the template is null', { template: null }],
    ['the template has no text', { template: { subject: 'Renewal' } }],
    ["the template's text is null", { template: { subject: 'Renewal', body: null } }],
  ])('when Reply would refuse it, and nothing is sent: %s', async ([, more]) => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1' })] });
    const body = JSON.stringify({ ...wireTask(), ...more });
    reply.fail({ on: 'GET /v3/tasks/1', how: { kind: 'answer', status: 200, body } });
    expect(await failureOf(snooze(provider))).toMatchObject({ kind: 'immovable' });
    expect(pathsOf(reply.requests)).toEqual(['GET /v3/tasks/1']);
  });

  it('when it was read without its type', async () => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1' })] });
    const body = JSON.stringify({ ...wireTask(), taskType: undefined });
    reply.fail({ on: 'GET /v3/tasks/1', how: { kind: 'answer', status: 200, body } });
    expect(await failureOf(snooze(provider))).toMatchObject({ kind: 'unreadable' });
    expect(bodiesOf(reply)).toEqual([]);
  });

  it('by Undo without a time to go back to', async () => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1' })] });
    const undated = { ...task, dueAt: undefined };
    expect(await failureOf(provider.undo(owner, undated, 'snooze', click))).toMatchObject({ kind: 'invalid' });
    expect(reply.requests).toEqual([]);
  });
});

describe('an answer that shows', () => {
  const moved = { startAt: '2026-12-01T14:00:00Z', dueTo: '2026-12-01T15:00:00Z' };

  // reply.md 10.1: unknown keys are dropped in silence: each PUT is compared
  it.for<[string, object]>([
    ['another due time', { dueTo: '2026-12-01T15:00:01Z' }],
    ['another start', { startAt: '2026-11-27T09:30:00Z' }],
    ['another text', { template: { body: 'Ask about the renewal, Dana', subject: null } }],
    ['another task', { id: 2 }],
    ['no text', { template: null }],
  ])('%s is no success', async ([, more]) => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1' })] });
    const body = JSON.stringify({ ...wireTask(), ...moved, ...more });
    reply.fail({ on: 'PUT', how: { kind: 'answer', status: 200, body } });
    expect(await failureOf(snooze(provider))).toMatchObject({ kind: 'unreadable', operation: 'PUT /v3/tasks/{id}' });
  });

  it('the same moment in another zone is one', async () => {
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1' })] });
    const body = JSON.stringify({ ...wireTask(), ...moved, dueTo: '2026-12-01T17:00:00.5+02:00' });
    reply.fail({ on: 'PUT', how: { kind: 'answer', status: 200, body } });
    expect(await snooze(provider)).toEqual({ reference: undefined });
  });
});

/** Task 1 as the oldest dialect sends it. */
function wireTask() {
  return {
    id: 1,
    contactId: 901 as number | null,
    taskType: 2,
    status: 0,
    assignedUserId: Number(OWNER),
    startAt: '2026-11-27T09:30:00Z',
    dueTo: '2026-11-27T10:30:00Z',
    template: { body: 'Ask about the renewal', subject: null, attachmentIdList: null },
  };
}
