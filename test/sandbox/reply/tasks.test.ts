import { describe, expect, it } from 'vitest';
import { replyPanel } from '../../../sandbox/reply/panel.ts';
import type { ReplyTask } from '../../../sandbox/reply/types.ts';
import { breaches } from '../simulator.ts';
import { ABROAD, ask, filter, ids, MAYA, NOW, PUT, put, start, THEO, task } from './reply.ts';

const STEP: Partial<ReplyTask> = { creationSource: 'sequence', sequenceId: '70', sequenceStepId: '71' };
const READ = 'GET /v3/tasks/1';
const COMPLETE = 'POST /v3/tasks/1/complete';

describe('what a list item holds (reply.md 3)', () => {
  it('is not enough to show or to change a task', async () => {
    const linkedIn = task('2', { taskType: 'linkedIn', linkedInTaskType: 'connect', contact: null });
    const reply = await start({ tasks: [task('1', { ...STEP, sequenceStepDisplayName: 'Step 1 - Call' }), linkedIn] });

    const { items } = (await filter(reply)).json;

    expect(items).toHaveLength(2);
    expect(items).toContainEqual({
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
    expect(items).toContainEqual(expect.objectContaining({ id: 2, contact: null, linkedInTaskType: 1 }));
  });

  it('writes ids as bare integers, digit by digit', async () => {
    const reply = await start({ tasks: [task('9007199254740993', { contact: { id: '9007199254740995' } })] });

    const { text } = await filter(reply, '{"contactId":9007199254740995}');

    expect(text).toContain('"id":9007199254740993,');
    expect(text).toContain('"contact":{"id":9007199254740995}');
  });
});

describe('a single read (reply.md 3)', () => {
  it('gives every field of the seed, and a LinkedIn subtype for LinkedIn tasks only', async () => {
    const reply = await start({
      tasks: [
        task('1', { linkedInTaskType: 'inMail', template: { body: 'Hi {{FirstName}}', attachmentIdList: ['5'] } }),
      ],
    });

    expect((await ask(reply, READ)).json).toEqual({
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

    const content = { body: 'Call Dana', subject: 'Hi Dana Okonjo' };
    const template = { body: 'Call {{FirstName}}' };
    expect((await ask(reply, `${READ}?includeContent=true`)).json).toMatchObject({ content, template });
    expect((await ask(reply, `${READ}?includeContent=false`)).json.content).toBeNull();
  });

  it.each<[string, Partial<ReplyTask>, object, object]>([
    ['no delivery target for a to-do', { taskType: 'toDo' }, { deliveryInfo: null }, { taskType: 'toDo' }],
    ['none for a meeting', { taskType: 'meeting' }, { deliveryInfo: null }, { taskType: 'meeting' }],
    ['none for WhatsApp', { taskType: 'whatsApp' }, { deliveryInfo: null }, { taskType: 'whatsApp' }],
    [
      'a LinkedIn subtype, a source and a status',
      { taskType: 'linkedIn', linkedInTaskType: 'viewProfile', creationSource: 'meeting' },
      { taskType: 5, linkedInTaskType: 3, creationSource: 2, status: 0 },
      { taskType: 'linkedIn', linkedInTaskType: 'viewProfile', creationSource: 'meeting', status: 'new' },
    ],
    [
      'values that nobody documents',
      { taskType: 3, status: 2 },
      { taskType: 3, status: 2 },
      { taskType: 'unknown3', status: 'unknown2' },
    ],
  ])('has %s, in integers and in strings', async (_, more, integers, strings) => {
    const reply = await start({ tasks: [task('1', more)] });

    expect((await ask(reply, READ)).json).toMatchObject(integers);
    reply.setDialect('current');
    expect((await ask(reply, READ)).json).toMatchObject(strings);
  });

  it('some dates may come without Z (contracts, unknown R9)', async () => {
    const reply = await start({ looseDates: true, tasks: [task('1', { dueTo: '2026-03-09T16:00:00+01:00' })] });

    const { json } = await ask(reply, READ);

    expect(json).toMatchObject({ startAt: '2026-03-09T14:00:00Z', dueTo: '2026-03-09T15:00:00' });
    expect((await filter(reply)).json.items).toMatchObject([{ dueTo: '2026-03-09T15:00:00' }]);
  });

  it('of a missing task and of another’s looks the same', async () => {
    const reply = await start({ dialect: 'current', tasks: [task('1', { assignedUserId: THEO.id })] });

    const missing = await ask(reply, 'GET /v3/tasks/2');

    expect(missing).toMatchObject({ status: 404, json: { code: 'task.notFound', status: 404, title: 'Not Found' } });
    expect((await ask(reply, READ)).text).toBe(missing.text);
  });
});

describe('a full replacement (reply.md 4)', () => {
  const { contactId: _, ...WITHOUT_CONTACT } = PUT;

  it('moves both dates, and answers the task', async () => {
    const reply = await start({ tasks: [task('1', { isScheduled: true })] });

    const got = await put(reply, '1', { ...PUT, startAt: '2026-03-10T15:00:00+01:00' });

    const dates = { startAt: '2026-03-10T14:00:00Z', dueTo: '2026-03-10T15:00:00Z' };
    expect(got).toMatchObject({ status: 200, json: { id: 1, contactId: 900, ...dates } });
    expect(reply.task('1')).toMatchObject({ isScheduled: true, contact: { fullName: 'Dana Okonjo' } });
  });

  it('clears what is left out: contact, subject, LinkedIn subtype; attachments stay', async () => {
    const template = { body: 'x', subject: 'y', attachmentIdList: ['8'] };
    const reply = await start({ tasks: [task('1', { taskType: 'linkedIn', linkedInTaskType: 'inMail', template })] });

    await put(reply, '1', { ...WITHOUT_CONTACT, taskType: 5, template: { body: 'x' } });

    expect(reply.task('1')).toMatchObject({ contact: null, template: { body: 'x', attachmentIdList: ['8'] } });
    expect(reply.task('1')?.template).not.toHaveProperty('subject');
    expect(reply.task('1')).not.toHaveProperty('linkedInTaskType');
  });

  it('keeps what is sent back: null subject and contact, LinkedIn subtype', async () => {
    const reply = await start({ tasks: [task('1', { taskType: 'linkedIn', contact: null })] });
    const kept = { linkedInTaskType: 2, contactId: null, template: { body: 'x', subject: null } };

    expect((await put(reply, '1', { ...PUT, taskType: 5, ...kept })).json).toMatchObject(kept);
  });

  it('takes strings in the current dialect', async () => {
    const reply = await start({ dialect: 'current', tasks: [task('1')] });

    expect((await put(reply, '1', { ...PUT, taskType: 'call' })).status).toBe(200);
    expect((await put(reply, '1', PUT)).json).toMatchObject({ errors: [{ pointer: '/taskType' }] });
  });

  it('takes a type that nobody documents if the task has it', async () => {
    const reply = await start({ tasks: [task('1', { taskType: 3 })] });

    expect((await put(reply, '1', { ...PUT, taskType: 3 })).json).toMatchObject({ taskType: 3 });
    reply.setDialect('current');
    expect((await put(reply, '1', { ...PUT, taskType: 'unknown3' })).status).toBe(200);
    expect(reply.task('1')?.taskType).toBe(3);
  });

  it('of a sequence task may leave the contact out, which keeps it', async () => {
    const reply = await start({ tasks: [task('1', STEP)] });

    expect((await put(reply, '1', WITHOUT_CONTACT)).json).toMatchObject({ contactId: 900, sequenceId: 70 });
    expect((await put(reply, '1', PUT)).status).toBe(200);
  });

  it.each<[string, Partial<ReplyTask>, object, RegExp]>([
    ['finished', { status: 'finished' }, {}, /canOnlyEditNewTasks/],
    ['detached', { status: 'sequenceDetached' }, {}, /canOnlyEditNewTasks/],
    ['unknown status', { status: 2 }, {}, /canOnlyEditNewTasks/],
    ['start before 2015', {}, { startAt: '2014-12-31T23:59:59Z' }, /invalidDates/],
    ['due at the start', {}, { startAt: PUT.dueTo }, /invalidDates/],
    ['broken template', {}, { template: { body: 'Hi {{FirstName' } }, /renderError/],
    ['type of a sequence task', STEP, { taskType: 'sms' }, /cannotChangeSequenceTaskType/],
    ['contact of a sequence task', STEP, { contactId: 901 }, /cannotChangeSequenceTaskContact/],
    ['no contact for a sequence task', STEP, { contactId: null }, /cannotChangeSequenceTaskContact/],
    ['contact that is not known', {}, { contactId: 999 }, /contactNotFound/],
  ])('is refused with 400 task.unknown, and only the text says why: %s', async (_, more, body, why) => {
    const held = [task('1', more), task('2', { contact: { id: '901' } })];
    const reply = await start({ dialect: 'current', tasks: held });

    const got = await put(reply, '1', { ...PUT, taskType: 'call', ...body });

    expect(got).toMatchObject({ status: 400, json: { code: 'task.unknown', detail: expect.stringMatching(why) } });
    expect(reply.task('1')).toEqual(task('1', more));
  });

  it('is refused with an empty body, which a required text is not (contracts, unknown R4), and for another’s task', async () => {
    const reply = await start({ dialect: 'current', tasks: [task('1'), task('2', { assignedUserId: THEO.id })] });
    const body = { ...PUT, taskType: 'call' };

    const empty = await put(reply, '1', { ...body, template: { body: '' } });

    expect(empty).toMatchObject({ status: 400, json: { errors: [{ pointer: '/template/body' }] } });
    expect((await put(reply, '2', body)).status).toBe(404);
    expect(reply.task('2')?.startAt).toBe(task('2').startAt);
  });
});

describe('complete (reply.md 4)', () => {
  it('finishes the task, sends nothing, and leaves the list of new ones', async () => {
    const reply = await start({ tasks: [task('1')] });

    const got = await ask(reply, COMPLETE, { body: {} });

    expect(got).toMatchObject({ status: 200, json: { id: 1, status: 1, finishedAt: '2026-03-09T12:00:00Z' } });
    expect(ids(await filter(reply, { status: 0 }))).toEqual([]);
    expect((await ask(reply, READ)).json).toMatchObject({ status: 1 });
    expect(reply.effects).toEqual({
      completions: [{ taskId: '1', actingUserId: MAYA.id, at: NOW, finishProspectInSequence: false }],
      executions: [],
    });
  });

  it.each([
    ['seed', 0, 'positive'],
    ['seed', 1, 'toCall'],
    ['seed', 2, 'negative'],
    ['current', 1, 'toCall'],
  ] as const)('%s: takes the call result %s', async (dialect, callResolution, expected) => {
    const reply = await start({ dialect, tasks: [task('1')] });

    expect((await ask(reply, COMPLETE, { body: { callResolution, finishProspectInSequence: true } })).status).toBe(200);
    expect(reply.effects.completions).toMatchObject([{ callResolution: expected, finishProspectInSequence: true }]);
  });

  it.each(['finished', 'cancelled', 'sequenceDetached'] as const)('a second time, or when %s: 409', async (status) => {
    const reply = await start({ dialect: 'current', tasks: [task('1', { status })] });

    const got = await ask(reply, COMPLETE, { body: {} });

    expect(got).toMatchObject({ status: 409, json: { code: 'task.cannotComplete' } });
    expect(reply.effects.completions).toEqual([]);
  });
});

it('execute sends to the contact, and is always a breach (reply.md 4)', async () => {
  const reply = await start({ tasks: [task('1', { taskType: 'sms' }), task('2')] });

  const statuses = [];
  for (const id of ['1', '2', '3'])
    statuses.push((await ask(reply, `POST /v3/tasks/${id}/execute`, { body: {} })).status);

  expect(statuses).toEqual([200, 409, 404]);
  expect(reply.effects.executions).toEqual([{ taskId: '1', actingUserId: MAYA.id, at: NOW }]);
  expect(reply.task('2')?.status).toBe('new');
  expect(breaches(reply)).toHaveLength(3);
});

describe('delete (reply.md 4)', () => {
  it.each([
    ['new', 'cancelled'],
    ['finished', 'archived'],
  ] as const)('a %s task becomes %s, and is not to be found any more', async (status, left) => {
    const reply = await start({ dialect: 'current', tasks: [task('1', { status })] });

    const got = await ask(reply, 'DELETE /v3/tasks/1');

    expect([got.status, got.text]).toEqual([204, '']);
    expect(reply.task('1')?.status).toBe(left);
    expect([...ids(await filter(reply)), ...ids(await ask(reply, 'GET /v3/tasks'))]).toEqual([]);
    expect((await ask(reply, READ)).json).toMatchObject({ code: 'task.notFound' });
    expect((await ask(reply, 'DELETE /v3/tasks/1')).status).toBe(404);
    expect((await ask(reply, COMPLETE, { body: {} })).status).toBe(404);
  });

  it('is refused for other states, and of another’s', async () => {
    const tasks = [task('1', { status: 'sequenceDetached' }), task('2', { assignedUserId: THEO.id })];
    const reply = await start({ dialect: 'current', tasks });

    expect(await ask(reply, 'DELETE /v3/tasks/1')).toMatchObject({ status: 400, json: { code: 'task.unknown' } });
    expect((await ask(reply, 'DELETE /v3/tasks/2')).status).toBe(404);
    expect(reply.task('2')?.status).toBe('new');
  });
});

describe('assign (reply.md 4)', () => {
  const to = (userId: number) => ({ body: { userId } });

  it('gives the task to a teammate, whose it then is', async () => {
    const reply = await start({ tasks: [task('1')] });

    const got = await ask(reply, 'PUT /v3/tasks/1/assigned-user', to(Number(THEO.id)));

    expect(got).toMatchObject({ status: 200, json: { assignedUserId: 13 } });
    expect((await ask(reply, READ)).status).toBe(404);
    expect((await ask(reply, READ, { as: THEO.email })).status).toBe(200);
  });

  it.each([Number(ABROAD.id), 404])('someone of another team, or nobody (%i): 403', async (userId) => {
    const reply = await start({ dialect: 'current', tasks: [task('1')] });

    const got = await ask(reply, 'PUT /v3/tasks/1/assigned-user', to(userId));

    expect(got).toMatchObject({ status: 403, json: { code: 'task.forbidden' } });
    expect(reply.task('1')?.assignedUserId).toBe(MAYA.id);
  });
});

it('what someone does in Reply: put shows a deleted task again, remove takes it without a trace', async () => {
  const reply = await start({ tasks: [task('1')] });
  let heard = 0;
  reply.onChange(() => {
    heard += 1;
  });
  await ask(reply, 'DELETE /v3/tasks/1');
  reply.put(task('1', { status: 'cancelled' }));

  expect((await ask(reply, READ)).json).toMatchObject({ status: 3 });
  reply.remove('1');
  expect((await ask(reply, READ)).status).toBe(404);
  expect([reply.task('1'), reply.tasks(), heard]).toEqual([undefined, [], 3]);
  expect(() => reply.put(task('2', { dueTo: '2026-03-09T15:00:00' }))).toThrow(/offset/);
});

it('the panel shows tasks as Reply holds them, and calls with the acting user', async () => {
  const email = { subject: 'Two ideas', body: '<p>Hi</p>' };
  const reply = await start({
    tasks: [
      task('1', { taskType: 'sms', isScheduled: true, template: { body: '<p>Hi\n {{FirstName}}</p>' } }),
      task('2', { taskType: 'manualEmail', template: email, contact: null, status: 'finished' }),
      task('4', { taskType: 3, template: { body: '' } }),
    ],
  });
  await filter(reply, { status: 0, sequenceIds: [1, 2] });
  await put(reply, '1', { ...PUT, taskType: 8, template: { body: 'x' } });
  reply.put(task('1', { taskType: 'sms', isScheduled: true, template: { body: '<p>Hi\n {{FirstName}}</p>' } }));
  const panel = replyPanel(reply, () => MAYA.id);

  const { dueTo: due } = task('1');
  const about = 'Dana Okonjo';
  expect([panel.id, panel.name]).toEqual(['reply', 'Reply.io']);
  expect(panel.tasks('UMAYA')).toEqual([
    { id: '1', title: 'SMS: Hi {{FirstName}} (scheduled)', about, status: 'new', isOpen: true, due },
    { id: '2', title: 'Email: Two ideas', about: '', status: 'finished', isOpen: false, due },
    { id: '4', title: 'Type 3', about, status: 'new', isOpen: true, due },
  ]);
  const [changed, listed] = panel.calls(10).newest.map(({ fields }) => fields);
  expect(changed).toEqual(expect.arrayContaining([`acting as: ${MAYA.email}`, 'template.body: x']));
  expect(listed).toEqual([`acting as: ${MAYA.email}`, 'status: 0', 'sequenceIds: 1, 2']);
});
