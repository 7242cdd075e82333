/** Snooze, Reschedule and their Undo: a task of Reply is replaced as a whole (reply.md 4). */

import { describe, expect, it } from 'vitest';
import type { ReplyOptions, ReplyTask } from '../../../sandbox/reply/types.ts';
import type { ProviderErrorKind } from '../../../src/core/model/errors.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { answer, click, fails, LATER } from '../../contract/provider-harness.ts';
import { BOSS, OWNER, owner, pathsOf, readOpen, replyTask, replyUser, STRANGER, start } from './harness.ts';

const DUE = Date.UTC(2026, 10, 27, 10, 30);
const READ = 'GET /v3/tasks/1';
const CONNECT = { taskType: 'linkedIn', linkedInTaskType: 'connect' } as const;
const task: Task = { provider: 'reply', id: '1', title: 'Call', dueAt: DUE };

/** Reply with one task, which may be read as something else. */
async function open(held: Partial<ReplyTask> = {}, simulator: Partial<ReplyOptions> = {}) {
  const users = [replyUser({ id: BOSS }), replyUser({ id: OWNER, role: 'manager' }), replyUser({ id: STRANGER })];
  const started = await start({ users, tasks: [replyTask({ id: '1', ...held })], simulator });
  const { reply, provider } = started;
  return {
    ...started,
    snooze: (dueAt = LATER) => provider.perform(owner, task, { verb: 'snooze', dueAt }, click),
    asked: () => pathsOf(reply.requests),
    sent: () => reply.requests.flatMap(({ method, body }) => (method === 'PUT' ? [body] : [])),
    readAs: (more: object) => reply.fail({ on: READ, how: answer({ ...WIRE_TASK, ...more }) }),
  };
}

/** Task 1 as the oldest dialect sends it. */
const WIRE_TASK = {
  id: 1,
  contactId: 901,
  taskType: 2,
  status: 0,
  assignedUserId: Number(OWNER),
  startAt: '2026-11-27T09:30:00Z',
  dueTo: '2026-11-27T10:30:00Z',
  template: { body: 'Ask about the renewal', subject: null, attachmentIdList: null },
};

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
    const { reply, snooze, sent } = await open(email, { dialect });
    await snooze();
    const { body, subject } = email.template;
    const times = { startAt: '2026-12-01T14:00:00Z', dueTo: '2026-12-01T15:00:00Z' };
    expect(sent()).toEqual([{ taskType, ...times, contactId: 901, template: { body, subject } }]);
    const moved = { startAt: '2026-12-01T14:00:00.000Z', dueTo: '2026-12-01T15:00:00.000Z' };
    expect(reply.task('1')).toEqual({ ...replyTask({ id: '1', ...email }), ...moved });
  });

  // reply.md 4.2: read right before, the raw template, never the content
  it('is read right before, raw, and for nothing else', async () => {
    const { snooze, asked } = await open();
    await snooze();
    expect(asked()).toEqual([READ, 'PUT /v3/tasks/1']);
  });

  // reply.md 3.9: values that nobody assigned are tolerated; reply.md 4.6: no contact stays no contact
  it.for<[string, Partial<ReplyTask>, 'seed' | 'current', object]>([
    ['its LinkedIn action', CONNECT, 'seed', { taskType: 5, linkedInTaskType: 1 }],
    ['its LinkedIn action, in words', CONNECT, 'current', CONNECT],
    ['a type that nobody documents', { taskType: 3 }, 'seed', { taskType: 3 }],
    ['a type that nobody documents, in words', { taskType: 3 }, 'current', { taskType: 'unknown3' }],
    ['no contact', { taskType: 'toDo', contact: null }, 'seed', { contactId: null }],
    ['a contact whose id no number holds', { contact: { id: '1695493301223590792', fullName: 'Dana' } }, 'seed', {}],
  ])('keeps %s', async ([, held, dialect, body]) => {
    const { reply, snooze, sent } = await open(held, { dialect });
    await snooze();
    expect(sent()).toMatchObject([body]);
    expect(reply.task('1')).toMatchObject(held);
  });

  // reply.md 4.7: the LinkedIn action goes with LinkedIn tasks only
  it.for<[string, Partial<ReplyTask>, object]>([
    ['linkedInTaskType', {}, { linkedInTaskType: 1 }],
    ['contactId', { contact: null }, { contactId: undefined }],
  ])('says no %s that it has not', async ([field, held, read]) => {
    const { snooze, sent, readAs } = await open(held);
    readAs(read);
    await snooze();
    expect(sent()[0]).not.toHaveProperty(field);
  });

  // reply.md 4.4: start moves with due time
  it('keeps the time from its start to its end over a change of the clocks, and what is finer than a millisecond', async () => {
    const { snooze, sent } = await open({ startAt: '2026-03-27T09:30:00.500Z', dueTo: '2026-03-29T12:00:00.250Z' });
    await snooze(Date.UTC(2026, 9, 26, 9, 0, 0, 999));
    expect(sent()).toMatchObject([{ startAt: '2026-10-24T06:30:00.25Z', dueTo: '2026-10-26T09:00:00Z' }]);
  });

  it('is as before after Undo, to the millisecond', async () => {
    const before = { ...email, startAt: '2026-11-27T09:30:00.250Z', dueTo: '2026-11-27T10:30:00.750Z' };
    const { reply, provider, snooze } = await open(before);
    const seen = await readOpen(provider);
    await snooze();
    await provider.undo(owner, seen, 'snooze', click);
    expect(reply.task('1')).toEqual(replyTask({ id: '1', ...before }));
  });

  it('is not written again when it is there already', async () => {
    const { snooze, asked } = await open();
    await snooze(DUE);
    expect(asked()).toEqual([READ]);
  });
});

describe('a task is not moved', () => {
  // reply.md 4.3: only a new task is written
  it.for<[string, Partial<ReplyTask>, 'conflict' | 'not_found']>([
    ...(['finished', 'cancelled', 'archived', 'sequenceDetached', 2] as const).map(
      (status) => [String(status), { status }, 'conflict'] as [string, Partial<ReplyTask>, 'conflict'],
    ),
    ["a teammate's", { assignedUserId: STRANGER }, 'not_found'],
    ['gone', { id: '2' }, 'not_found'],
  ])('when it is %s', async ([, held, kind]) => {
    const { snooze, asked } = await open(held);
    await fails(snooze(), kind);
    expect(asked()).toEqual([READ]);
  });

  // reply.md 5.1; contracts, unknown R4
  it.for([
    ['an empty text', { template: { body: '' } }],
    ['a text that cannot be rendered', { template: { body: '{{FirstName' } }],
  ] as const)('when Reply refuses it: %s', async ([, held]) => {
    const { reply, snooze, asked } = await open(held);
    await fails(snooze(), 'invalid', { status: 400 });
    expect(reply.task('1')).toEqual(replyTask({ id: '1', ...held }));
    expect(asked()).toHaveLength(2);
  });

  it.for<[string, object, ProviderErrorKind?]>([
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
    ['there is no type', { taskType: undefined }, 'unreadable'],
  ])('when Reply would refuse it, and nothing is sent: %s', async ([, read, kind = 'immovable']) => {
    const { snooze, asked, readAs } = await open();
    readAs(read);
    await fails(snooze(), kind);
    expect(asked()).toEqual([READ]);
  });

  it('by Undo without a time to go back to', async () => {
    const { provider, asked } = await open();
    await fails(provider.undo(owner, { ...task, dueAt: undefined }, 'snooze', click), 'invalid');
    expect(asked()).toEqual([]);
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
    const { reply, snooze } = await open();
    reply.fail({ on: 'PUT', how: answer({ ...WIRE_TASK, ...moved, ...more }) });
    await fails(snooze(), 'unreadable', { operation: 'PUT /v3/tasks/{id}' });
  });

  it('the same moment in another zone is one', async () => {
    const { reply, snooze } = await open();
    reply.fail({ on: 'PUT', how: answer({ ...WIRE_TASK, ...moved, dueTo: '2026-12-01T17:00:00.5+02:00' }) });
    expect(await snooze()).toEqual({ reference: undefined });
  });
});
