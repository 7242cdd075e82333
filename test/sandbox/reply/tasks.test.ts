import { describe, expect, it } from 'vitest';
import { replyPanel } from '../../../sandbox/reply/panel.ts';
import type { ReplyOptions, ReplyTask } from '../../../sandbox/reply/types.ts';
import { ask, filter, MAYA, NOW, PUT, put, start, THEO, task } from './reply.ts';

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

describe('what it sends (reply.md 3)', () => {
  const COMMON = {
    id: 1,
    taskType: 2,
    status: 0,
    assignedUserId: Number(MAYA.id),
    startAt: '2026-03-09T14:00:00Z',
    dueTo: '2026-03-09T15:00:00Z',
    isScheduled: false,
  };

  it('in a list: not enough to show or to change a task', async () => {
    const linkedIn = task('2', { taskType: 'linkedIn', linkedInTaskType: 'connect', contact: null });
    const reply = await start({ tasks: [task('1', { ...STEP, sequenceStepDisplayName: 'Step 1 - Call' }), linkedIn] });

    const { items } = (await filter(reply)).json;

    const contact = { id: 900, fullName: 'Dana Okonjo' };
    expect(items).toHaveLength(2);
    expect(items).toContainEqual({ ...COMMON, contact, sequenceId: 70, sequenceStepId: 71 });
    expect(items).toContainEqual(expect.objectContaining({ id: 2, contact: null, linkedInTaskType: 1 }));
  });

  it('ids as bare integers, digit by digit', async () => {
    const reply = await start({ tasks: [task('9007199254740993', { contact: { id: '9007199254740995' } })] });

    const { text } = await filter(reply);

    expect(text).toContain('"id":9007199254740993,');
    expect(text).toContain('"contact":{"id":9007199254740995}');
  });

  it('in a single read: every field, and a LinkedIn subtype for LinkedIn tasks only', async () => {
    const template = { body: 'Hi {{FirstName}}', attachmentIdList: ['5'] };
    const reply = await start({ tasks: [task('1', { linkedInTaskType: 'inMail', template })] });

    expect((await ask(reply, READ)).json).toEqual({
      ...COMMON,
      contactId: 900,
      sequenceId: null,
      sequenceStepId: null,
      sequenceStepDisplayName: null,
      creationSource: 0,
      createdAt: '2026-03-01T08:00:00Z',
      finishedAt: null,
      isFailed: false,
      template: { body: 'Hi {{FirstName}}', subject: null, attachmentIdList: [5] },
      content: null,
      deliveryInfo: { email: null, phoneNumber: '+1 555 0101', linkedInUrl: null },
    });
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
      'unknown values',
      { taskType: 3, status: 2 },
      { taskType: 3, status: 2 },
      { taskType: 'unknown3', status: 'unknown2' },
    ],
  ])('%s, in integers and in strings', async (_, held, integers, strings) => {
    await converse(held, [[READ, undefined, 200, integers]]);
    await converse(held, [[READ, undefined, 200, strings]], { dialect: 'current' });
  });

  it('some dates without Z where it is told to (contracts, unknown R9)', async () => {
    const dueTo = '2026-03-09T15:00:00';
    const exchanges: Exchange[] = [
      [READ, undefined, 200, { startAt: '2026-03-09T14:00:00Z', dueTo }],
      [LIST, OPEN, 200, { items: [{ dueTo }, {}] }],
    ];
    await converse({ dueTo: '2026-03-09T16:00:00+01:00' }, exchanges, { looseDates: true });
  });

  it('the same of a missing task and of another’s', async () => {
    const reply = await start({ dialect: 'current', tasks: [task('1', { assignedUserId: THEO.id })] });

    const missing = await ask(reply, 'GET /v3/tasks/3');

    expect(missing).toMatchObject({ status: 404, json: { ...NOT_FOUND, status: 404, title: 'Not Found' } });
    expect((await ask(reply, READ)).text).toBe(missing.text);
  });
});

const DATES = { startAt: '2026-03-10T14:00:00Z', dueTo: '2026-03-10T15:00:00Z' };
const KEPT = { linkedInTaskType: 2, contactId: null, template: { body: 'x', subject: null } };
const CONTENT = { body: 'Call Dana', subject: 'Hi Dana Okonjo' };

/** In the `seed` dialect. */
it.each<[string, Partial<ReplyTask>, Exchange[]]>([
  [
    'a read resolves the variables on request, beside the raw template',
    {},
    [
      [`${READ}?includeContent=true`, undefined, 200, { content: CONTENT, template: { body: 'Call {{FirstName}}' } }],
      [`${READ}?includeContent=false`, undefined, 200, { content: null }],
    ],
  ],
  [
    'a replacement moves both dates, and answers the task',
    { isScheduled: true },
    [
      [UPDATE, { ...PUT, startAt: '2026-03-10T15:00:00+01:00' }, 200, { id: 1, contactId: 900, ...DATES }],
      [READ, undefined, 200, { ...DATES, isScheduled: true, contactId: 900 }],
    ],
  ],
  [
    'it clears what is left out: contact, subject, LinkedIn subtype; attachments stay',
    {
      taskType: 'linkedIn',
      linkedInTaskType: 'inMail',
      template: { body: 'x', subject: 'y', attachmentIdList: ['8'] },
    },
    [
      [UPDATE, { ...WITHOUT_CONTACT, taskType: 5, template: { body: 'x' } }, 200],
      [READ, undefined, 200, { contactId: null, template: { body: 'x', subject: null, attachmentIdList: [8] } }],
    ],
  ],
  [
    'it keeps what is sent back: null subject and contact, LinkedIn subtype',
    { taskType: 'linkedIn', contact: null },
    [[UPDATE, { ...PUT, taskType: 5, ...KEPT }, 200, KEPT]],
  ],
  [
    'it takes a type that nobody documents if the task has it',
    { taskType: 3 },
    [[UPDATE, { ...PUT, taskType: 3 }, 200, { taskType: 3 }]],
  ],
  [
    'of a sequence task it may leave the contact out, which keeps it',
    STEP,
    [
      [UPDATE, WITHOUT_CONTACT, 200, { contactId: 900, sequenceId: 70 }],
      [UPDATE, PUT, 200],
    ],
  ],
  [
    'complete finishes the task, and leaves the list of new ones',
    {},
    [
      [COMPLETE, {}, 200, { id: 1, status: 1, finishedAt: '2026-03-09T12:00:00Z' }],
      [LIST, OPEN, 200, { items: [{ id: 2 }] }],
      [READ, undefined, 200, { status: 1 }],
    ],
  ],
])('%s (reply.md 3, 4)', async (_, held, exchanges) => {
  const reply = await converse(held, exchanges);
  // A subtype that was cleared is gone.
  if (held.linkedInTaskType) expect(reply.task('1')).not.toHaveProperty('linkedInTaskType');
});

it('a type that nobody documents can be sent back in strings too', async () => {
  const unknown: Exchange = [UPDATE, { ...PUT, taskType: 'unknown3' }, 200, { taskType: 'unknown3' }];
  const reply = await converse({ taskType: 3 }, [unknown], { dialect: 'current' });
  expect(reply.task('1')?.taskType).toBe(3);
});

const CALL = { ...PUT, taskType: 'call' };
const ONLY_NEW = /canOnlyEditNewTasks/;
const CANNOT = { code: 'task.cannotComplete' };

/** In the current dialect; the task stays as it was. */
it.each<[string, Partial<ReplyTask>, ...Exchange]>([
  ...(
    [
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
    ] as const
  ).map(([what, held, body, why]): [string, Partial<ReplyTask>, ...Exchange] => {
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

it.each([
  ['seed', 0, 'positive'],
  ['seed', 1, 'toCall'],
  ['seed', 2, 'negative'],
  ['current', 1, 'toCall'],
  ['current', undefined, undefined],
] as const)(
  '%s: complete takes the call result %s, an integer in every generation',
  async (dialect, callResolution, name) => {
    const reply = await converse({}, [[COMPLETE, { callResolution }, 200]], { dialect });

    const done = { taskId: '1', actingUserId: MAYA.id, at: NOW };
    expect(reply.effects.completions).toEqual([{ ...done, ...(name && { callResolution: name }) }]);
  },
);

it.each([
  ['new', 'cancelled'],
  ['finished', 'archived'],
] as const)('delete: a %s task becomes %s, and is not to be found any more (reply.md 4)', async (status, left) => {
  const exchanges: Exchange[] = [
    [DELETE, undefined, 204],
    [LIST, { ...OPEN, status: 'new' }, 200, { items: [{ id: 2 }] }],
    [READ, undefined, 404, NOT_FOUND],
    [DELETE, undefined, 404],
    [COMPLETE, {}, 404],
  ];
  const reply = await converse({ status }, exchanges, { dialect: 'current' });

  expect(reply.task('1')?.status).toBe(left);
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
