import { expect, it } from 'vitest';
import { replyPanel } from '../../../sandbox/reply/panel.ts';
import type { ReplyOptions, ReplyTask } from '../../../sandbox/reply/types.ts';
import { ask, filter, MAYA, PUT, put, start, THEO, task } from './reply.ts';

const STEP: Partial<ReplyTask> = { creationSource: 'sequence', sequenceId: '70', sequenceStepId: '71' };
const LIST = 'POST /v3/tasks/filter';
const OPEN = { status: 0, assignedUserId: Number(MAYA.id), to: '2100-01-01T00:00:00Z' };
const READ = 'GET /v3/tasks/1';
const UPDATE = 'PUT /v3/tasks/1';
const COMPLETE = 'POST /v3/tasks/1/complete';
const DELETE = 'DELETE /v3/tasks/1';
const { contactId: _, ...WITHOUT_CONTACT } = PUT;
const NOT_FOUND = { code: 'task.notFound' };

type Exchange = [request: string, body: object | undefined, status: number, json?: object];

/** Holds the conversation with Reply and its task 1. */
async function converse(held: Partial<ReplyTask>, exchanges: readonly Exchange[], options: Partial<ReplyOptions> = {}) {
  const reply = await start({ tasks: [task('1', held), task('2', { contact: { id: '901' } })], ...options });
  for (const [request, body, status, json = {}] of exchanges) {
    const got = await ask(reply, request, { body });
    expect({ request, status: got.status, json: got.json ?? {} }).toMatchObject({ request, status, json });
  }
  return reply;
}

it('lists and single reads give ids as bare integers, digit by digit', async () => {
  const reply = await start({ tasks: [task('9007199254740993', { contact: { id: '9007199254740995' } })] });

  const read = await ask(reply, 'GET /v3/tasks/9007199254740993');

  expect((await filter(reply)).text).toContain('"contact":{"id":9007199254740995}');
  expect(read.text).toContain('"id":9007199254740993,');
  expect(read.text).toContain('"contactId":9007199254740995,');
});

it.each<[string, Partial<ReplyTask>, object, Partial<ReplyOptions>?]>([
  ['no delivery target for a to-do', { taskType: 'toDo' }, { taskType: 0, deliveryInfo: null }],
  ['unknown values', { taskType: 3, status: 2 }, { taskType: 3, status: 2 }],
  ['them in strings', { taskType: 3 }, { taskType: 'unknown3', status: 'new' }, { dialect: 'current' }],
  ['dates without Z (contracts, unknown R9)', {}, { dueTo: '2026-03-09T15:00:00' }, { looseDates: true }],
])('a single read shows %s where it has to', async (_, held, json, options) => {
  await converse(held, [[READ, undefined, 200, json]], options);
});

/** What a PUT leaves out is gone. */
it('a replacement clears contact, subject and LinkedIn subtype; attachments stay (reply.md 4)', async () => {
  const template = { body: 'x', subject: 'y', attachmentIdList: ['8'] };
  const after = { contactId: null, template: { body: 'x', subject: null, attachmentIdList: [8] } };
  const reply = await converse({ taskType: 'linkedIn', linkedInTaskType: 'inMail', template }, [
    [UPDATE, { ...WITHOUT_CONTACT, taskType: 5, template: { body: 'x' } }, 200],
    [READ, undefined, 200, after],
  ]);

  expect(reply.task('1')).not.toHaveProperty('linkedInTaskType');
});

const CALL = { ...PUT, taskType: 'call' };
const ONLY_NEW = /canOnlyEditNewTasks/;
const CANNOT = { code: 'task.cannotComplete' };

type Refusal = [what: string, held: Partial<ReplyTask>, ...Exchange];

const REFUSED: [what: string, held: Partial<ReplyTask>, body: object, why: RegExp][] = [
  ['finished', { status: 'finished' }, {}, ONLY_NEW],
  ['detached', { status: 'sequenceDetached' }, {}, ONLY_NEW],
  ['unknown status', { status: 2 }, {}, ONLY_NEW],
  ['start before 2015', {}, { startAt: '2014-12-31T23:59:59Z' }, /invalidDates/],
  ['due at the start', {}, { startAt: PUT.dueTo }, /invalidDates/],
  ['broken template', {}, { template: { body: 'Hi {{FirstName' } }, /renderError/],
  ['type of a sequence task', STEP, { taskType: 'sms' }, /cannotChangeSequenceTaskType/],
  ['contact of a sequence task', STEP, { contactId: 901 }, /cannotChangeSequenceTaskContact/],
  ['no contact for a sequence task', STEP, { contactId: null }, /cannotChangeSequenceTaskContact/],
  ['contact that is not known', {}, { contactId: 999 }, /contactNotFound/],
];

/** In the current dialect; the task stays as it was. */
it.each<Refusal>([
  ...REFUSED.map(([what, held, body, why]): Refusal => {
    // One code for all of them: only the text says why.
    const json = { code: 'task.unknown', detail: expect.stringMatching(why) };
    return [`replacement: ${what}`, held, UPDATE, { ...CALL, ...body }, 400, json];
  }),
  // contracts, unknown R4: a required text is not empty.
  ['empty text', {}, UPDATE, { ...CALL, template: { body: '' } }, 400, { errors: [{ pointer: '/template/body' }] }],
  ['integers', {}, UPDATE, PUT, 400, { errors: [{ pointer: '/taskType' }] }],
  ['replacement of another’s', { assignedUserId: THEO.id }, UPDATE, CALL, 404, NOT_FOUND],
  ['completing a second time', { status: 'finished' }, COMPLETE, {}, 409, CANNOT],
  ['completing a cancelled one', { status: 'cancelled' }, COMPLETE, {}, 409, CANNOT],
  ['completing a detached one', { status: 'sequenceDetached' }, COMPLETE, {}, 409, CANNOT],
  ['deleting a detached one', { status: 'sequenceDetached' }, DELETE, undefined, 400, { code: 'task.unknown' }],
  ['deleting another’s', { assignedUserId: THEO.id }, DELETE, undefined, 404, NOT_FOUND],
])('is refused, and no breach: %s (reply.md 4)', async (_, held, ...exchange) => {
  const reply = await converse(held, [exchange], { dialect: 'current' });
  expect(reply.task('1')).toEqual(task('1', held));
  expect(reply.effects.completions).toEqual([]);
});

it('a task that is deleted is not to be found any more (reply.md 4)', async () => {
  const exchanges: Exchange[] = [
    [DELETE, undefined, 204],
    [LIST, OPEN, 200, { items: [{ id: 2 }] }],
    [READ, undefined, 404],
    [DELETE, undefined, 404],
    [COMPLETE, {}, 404],
  ];

  expect((await converse({}, exchanges)).task('1')?.status).toBe('cancelled');
});

it('what someone does in Reply: put shows a deleted task again, remove takes it without a trace', async () => {
  const reply = await start({ tasks: [task('1')] });
  let heard = 0;
  reply.onChange(() => {
    heard += 1;
  });
  await ask(reply, DELETE);
  reply.put(task('1', { status: 'cancelled' }));

  expect((await ask(reply, READ)).json).toMatchObject({ status: 3 });
  reply.remove('1');
  expect((await ask(reply, READ)).status).toBe(404);
  expect([reply.task('1'), reply.tasks(), heard]).toEqual([undefined, [], 3]);
  expect(() => reply.put(task('2', { dueTo: '2026-03-09T15:00:00' }))).toThrow(/offset/);
});

it('the panel shows tasks as Reply holds them, and calls with the acting user', async () => {
  const sms = task('1', { taskType: 'sms', isScheduled: true, template: { body: '<p>Hi\n {{FirstName}}</p>' } });
  const template = { subject: 'Two ideas', body: '<p>Hi</p>' };
  const email = task('2', { taskType: 'manualEmail', template, contact: null, status: 'finished' });
  const reply = await start({ tasks: [sms, email, task('4', { taskType: 3, template: { body: '' } })] });
  await filter(reply);
  await put(reply, '1', { ...PUT, taskType: 8, template: { body: 'x' } });
  reply.put(sms);
  const panel = replyPanel(reply, () => MAYA.id);

  const open = { about: 'Dana Okonjo', status: 'new', isOpen: true, due: sms.dueTo };
  expect([panel.id, panel.name]).toEqual(['reply', 'Reply.io']);
  expect(panel.tasks('UMAYA')).toEqual([
    { id: '1', title: 'SMS: Hi {{FirstName}} (scheduled)', ...open },
    { id: '2', title: 'Email: Two ideas', ...open, about: '', status: 'finished', isOpen: false },
    { id: '4', title: 'Type 3', ...open },
  ]);
  const [changed, listed] = panel.calls(10).newest.map(({ fields }) => fields);
  expect(changed).toEqual(expect.arrayContaining([`acting as: ${MAYA.email}`, 'template.body: x']));
  expect(listed).toEqual([`acting as: ${MAYA.email}`, 'status: 0', `assignedUserId: ${MAYA.id}`, `to: ${OPEN.to}`]);
});
