import { describe, expect, it } from 'vitest';
import type { ReplyTask } from '../../../sandbox/reply/types.ts';
import { PUT, put, start, THEO, task } from './reply.ts';

const STEP: Partial<ReplyTask> = { creationSource: 'sequence', sequenceId: '70', sequenceStepId: '71' };

describe('a full replacement (reply.md 4)', () => {
  it('moves both dates, and answers the task', async () => {
    const reply = await start({ tasks: [task('1', { isScheduled: true })] });

    const got = await put(reply, '1', { ...PUT, startAt: '2026-03-10T15:00:00+01:00' });

    expect(got.status).toBe(200);
    expect(got.json).toMatchObject({
      id: 1,
      contactId: 900,
      startAt: '2026-03-10T14:00:00Z',
      dueTo: '2026-03-10T15:00:00Z',
    });
    expect(reply.task('1')).toMatchObject({ isScheduled: true, contact: { fullName: 'Dana Okonjo' } });
    expect(reply.unexpected).toEqual([]);
  });

  it('clears what is left out: contact, subject, LinkedIn subtype; attachments stay', async () => {
    const linkedIn = task('1', {
      taskType: 'linkedIn',
      linkedInTaskType: 'inMail',
      template: { body: 'x', subject: 'y', attachmentIdList: ['8'] },
    });
    const reply = await start({ tasks: [linkedIn] });
    const { contactId: _, ...withoutContact } = PUT;

    await put(reply, '1', { ...withoutContact, taskType: 5, template: { body: 'x' } });

    expect(reply.task('1')?.contact).toBeNull();
    expect(reply.task('1')?.template).toEqual({ body: 'x', attachmentIdList: ['8'] });
    expect(reply.task('1')).not.toHaveProperty('linkedInTaskType');
  });

  it('keeps what is sent back: null subject and contact, LinkedIn subtype', async () => {
    const reply = await start({ tasks: [task('1', { taskType: 'linkedIn', contact: null })] });

    const body = { ...PUT, taskType: 5, linkedInTaskType: 2, contactId: null, template: { body: 'x', subject: null } };
    const got = await put(reply, '1', body);

    expect(got.json).toMatchObject({ contactId: null, linkedInTaskType: 2, template: { body: 'x', subject: null } });
    expect(reply.unexpected).toEqual([]);
  });

  it('takes strings in the current dialect', async () => {
    const reply = await start({ dialect: 'current', tasks: [task('1')] });

    expect((await put(reply, '1', { ...PUT, taskType: 'call' })).status).toBe(200);
    expect((await put(reply, '1', PUT)).json).toMatchObject({ errors: [{ pointer: '/taskType' }] });
    expect(reply.unexpected).toEqual([]);
  });

  it('takes a type that nobody documents if the task has it', async () => {
    const reply = await start({ tasks: [task('1', { taskType: 3 }), task('2')] });

    expect((await put(reply, '1', { ...PUT, taskType: 3 })).json).toMatchObject({ taskType: 3 });
    expect((await put(reply, '2', { ...PUT, taskType: 3 })).status).toBe(400);
    reply.setDialect('current');
    expect((await put(reply, '1', { ...PUT, taskType: 'unknown3' })).status).toBe(200);
    expect(reply.task('1')?.taskType).toBe(3);
  });

  it('of a sequence task may leave the contact out, which keeps it', async () => {
    const reply = await start({ tasks: [task('1', STEP)] });
    const { contactId: _, ...withoutContact } = PUT;

    expect((await put(reply, '1', withoutContact)).json).toMatchObject({ contactId: 900, sequenceId: 70 });
    expect((await put(reply, '1', PUT)).status).toBe(200);
  });
});

describe('a replacement that is refused (reply.md 4)', () => {
  const refused: [string, Partial<ReplyTask>, object, RegExp][] = [
    ['finished', { status: 'finished' }, {}, /canOnlyEditNewTasks/],
    ['detached', { status: 'sequenceDetached' }, {}, /canOnlyEditNewTasks/],
    ['unknown status', { status: 2 }, {}, /canOnlyEditNewTasks/],
    ['start before 2015', {}, { startAt: '2014-12-31T23:59:59Z' }, /invalidDates/],
    ['due at the start', {}, { startAt: PUT.dueTo }, /invalidDates/],
    ['broken template', {}, { template: { body: 'Hi {{FirstName' } }, /renderError/],
    ['type of a sequence task', STEP, { taskType: 8 }, /cannotChangeSequenceTaskType/],
    ['contact of a sequence task', STEP, { contactId: 901 }, /cannotChangeSequenceTaskContact/],
    ['no contact for a sequence task', STEP, { contactId: null }, /cannotChangeSequenceTaskContact/],
    ['contact that is not known', {}, { contactId: 999 }, /contactNotFound/],
  ];
  it.each(refused)('%s: 400 task.unknown, and only the text says why', async (_, more, body, why) => {
    const held = [task('1', more), task('2', { contact: { id: '901' } })];
    const reply = await start({ dialect: 'current', tasks: held });
    const strings = { ...PUT, ...body, taskType: 'taskType' in body ? 'sms' : 'call' };

    const got = await put(reply, '1', strings);

    expect(got).toMatchObject({ status: 400, json: { code: 'task.unknown', detail: expect.stringMatching(why) } });
    expect(reply.task('1')).toEqual(task('1', more));
    expect(reply.unexpected).toEqual([]);
  });

  it('an empty body: a required text is not empty (contracts, unknown R4)', async () => {
    const reply = await start({ dialect: 'current', tasks: [task('1')] });

    const got = await put(reply, '1', { ...PUT, taskType: 'call', template: { body: '' } });

    expect(got).toMatchObject({ status: 400, json: { errors: [{ pointer: '/template/body' }] } });
    expect(reply.unexpected).toEqual([]);
  });

  it('another’s task is not found', async () => {
    const reply = await start({ tasks: [task('1', { assignedUserId: THEO.id })] });

    expect((await put(reply, '1', PUT)).status).toBe(404);
    expect(reply.task('1')?.startAt).toBe(task('1').startAt);
  });

  const breaches: [string, object, string][] = [
    ['no type', { taskType: undefined }, '/taskType'],
    ['no start', { startAt: undefined }, '/startAt'],
    ['no due date', { dueTo: undefined }, '/dueTo'],
    ['no template', { template: undefined }, '/template'],
    ['no body in the template', { template: { subject: 'x' } }, '/template/body'],
    ['attachments', { template: { body: 'x', attachmentIdList: [] } }, '/template/attachmentIdList'],
    ['read-only status', { status: 0 }, '/status'],
    ['read-only id', { id: 1 }, '/id'],
    ['read-only assignee', { assignedUserId: 12 }, '/assignedUserId'],
    ['rendered content', { content: null }, '/content'],
    ['contact as the list gives it', { contact: { id: 900 } }, '/contact'],
    ['subtype of a call', { linkedInTaskType: 'connect' }, '/linkedInTaskType'],
    ['contact as text', { contactId: '900' }, '/contactId'],
    ['date without an offset', { dueTo: '2026-03-10T15:00:00' }, '/dueTo'],
    ['date that does not exist', { dueTo: '2026-02-30T15:00:00Z' }, '/dueTo'],
  ];
  it.each(breaches)('breach: %s', async (_, body, pointer) => {
    const reply = await start({ dialect: 'current', tasks: [task('1')] });

    const got = await put(reply, '1', { ...PUT, taskType: 'call', ...body });

    expect(got).toMatchObject({ status: 400, json: { errors: [{ pointer, detail: expect.any(String) }] } });
    expect(reply.unexpected).toEqual([expect.stringContaining(`PUT /v3/tasks/1: ${pointer} `)]);
    expect(reply.task('1')).toEqual(task('1'));
  });
});
