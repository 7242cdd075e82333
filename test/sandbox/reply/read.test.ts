import { describe, expect, it } from 'vitest';
import { ask, filter, MAYA, start, THEO, task } from './reply.ts';

describe('what a list item holds (reply.md 3)', () => {
  it('is not enough to show or to change a task', async () => {
    const linkedIn = task('2', { taskType: 'linkedIn', linkedInTaskType: 'connect', contact: null });
    const step = { sequenceId: '70', sequenceStepId: '71', sequenceStepDisplayName: 'Step 1 - Call' };
    const reply = await start({ tasks: [task('1', { ...step, creationSource: 'sequence' }), linkedIn] });

    const items = (await filter(reply)).json.items ?? [];

    expect(items.find(({ id }) => id === 1)).toEqual({
      id: 1,
      taskType: 2,
      status: 0,
      assignedUserId: 12,
      contact: { id: 900, fullName: 'Dana Okonjo' },
      startAt: '2026-03-09T14:00:00Z',
      dueTo: '2026-03-09T15:00:00Z',
      isScheduled: false,
      sequenceId: 70,
      sequenceStepId: 71,
    });
    expect(items.find(({ id }) => id === 2)).toMatchObject({ contact: null, linkedInTaskType: 1 });
  });

  it('writes ids as bare integers, digit by digit', async () => {
    const reply = await start({ tasks: [task('9007199254740993', { contact: { id: '9007199254740995' } })] });

    const { text } = await filter(reply, '{"contactId":9007199254740995}');

    expect(text).toContain('"id":9007199254740993,');
    expect(text).toContain('"contact":{"id":9007199254740995}');
  });
});

describe('a single read (reply.md 3)', () => {
  it('gives every field of the task page', async () => {
    const reply = await start({
      tasks: [task('1', { template: { body: 'Hi {{FirstName}}', attachmentIdList: ['5'] } })],
    });

    const got = await ask(reply, 'GET', '/v3/tasks/1');

    expect(got.json).toEqual({
      id: 1,
      contactId: 900,
      taskType: 2,
      status: 0,
      sequenceId: null,
      sequenceStepId: null,
      sequenceStepDisplayName: null,
      assignedUserId: Number(MAYA.id),
      creationSource: 0,
      createdAt: '2026-03-01T08:00:00Z',
      startAt: '2026-03-09T14:00:00Z',
      dueTo: '2026-03-09T15:00:00Z',
      finishedAt: null,
      isFailed: false,
      isScheduled: false,
      template: { body: 'Hi {{FirstName}}', subject: null, attachmentIdList: [5] },
      content: null,
      deliveryInfo: { email: null, phoneNumber: '+1 555 0101', linkedInUrl: null },
    });
  });

  it('resolves the variables on request, beside the raw template', async () => {
    const reply = await start({ tasks: [task('1')] });

    const got = await ask(reply, 'GET', '/v3/tasks/1?includeContent=true');

    expect(got.json.content).toEqual({ body: 'Call Dana', subject: 'Hi Dana Okonjo' });
    expect(got.json.template).toMatchObject({ body: 'Call {{FirstName}}' });
    expect((await ask(reply, 'GET', '/v3/tasks/1?includeContent=false')).json.content).toBeNull();
    expect((await ask(reply, 'GET', '/v3/tasks/1?includeContent=1')).status).toBe(400);
    expect((await ask(reply, 'GET', '/v3/tasks/1?full=true')).status).toBe(400);
    expect(reply.unexpected).toHaveLength(2);
  });

  it.each(['toDo', 'meeting', 'whatsApp'] as const)('has no delivery target for %s', async (taskType) => {
    const reply = await start({ tasks: [task('1', { taskType })] });

    expect((await ask(reply, 'GET', '/v3/tasks/1')).json.deliveryInfo).toBeNull();
  });

  it('speaks strings in the current dialect', async () => {
    const reply = await start({
      dialect: 'current',
      tasks: [task('1', { taskType: 'linkedIn', linkedInTaskType: 'viewProfile', creationSource: 'meeting' })],
    });

    expect((await ask(reply, 'GET', '/v3/tasks/1')).json).toMatchObject({
      taskType: 'linkedIn',
      status: 'new',
      linkedInTaskType: 'viewProfile',
      creationSource: 'meeting',
    });
  });

  it('has a LinkedIn subtype for LinkedIn tasks only', async () => {
    const reply = await start({ tasks: [task('1', { taskType: 'call', linkedInTaskType: 'inMail' })] });

    expect((await ask(reply, 'GET', '/v3/tasks/1')).json).not.toHaveProperty('linkedInTaskType');
  });

  it('passes on values that nobody documents', async () => {
    const reply = await start();
    reply.put(task('1', { taskType: 3, status: 2 }));

    expect((await ask(reply, 'GET', '/v3/tasks/1')).json).toMatchObject({ taskType: 3, status: 2 });
    reply.setDialect('current');
    expect((await ask(reply, 'GET', '/v3/tasks/1')).json).toMatchObject({ taskType: 'unknown3', status: 'unknown2' });
  });

  it('some dates may come without Z (contracts, unknown R9)', async () => {
    const reply = await start({ looseDates: true, tasks: [task('1', { dueTo: '2026-03-09T16:00:00+01:00' })] });

    const got = await ask(reply, 'GET', '/v3/tasks/1');

    expect(got.json).toMatchObject({ startAt: '2026-03-09T14:00:00Z', dueTo: '2026-03-09T15:00:00' });
    expect((await filter(reply)).json.items).toMatchObject([{ dueTo: '2026-03-09T15:00:00' }]);
  });

  it('of a missing task and of another’s looks the same', async () => {
    const reply = await start({ dialect: 'current', tasks: [task('1', { assignedUserId: THEO.id })] });

    const missing = await ask(reply, 'GET', '/v3/tasks/2');
    const others = await ask(reply, 'GET', '/v3/tasks/1');

    expect(missing).toMatchObject({ status: 404, json: { code: 'task.notFound', status: 404, title: 'Not Found' } });
    expect(others.text).toBe(missing.text);
    expect(reply.unexpected).toEqual([]);
  });
});
