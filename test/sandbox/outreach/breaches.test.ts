/** What a correct client never sends: it is refused, noted and has no effect. */
import { expect, it } from 'vitest';
import { breaches, type Got } from '../simulator.ts';
import { type Ask, ask, LOCKED, OTHER, OWNER, PROSPECT, refusal, start, step, task } from './outreach.ts';

const ID = '7304958120347716181';
const PLAIN = { headers: { 'content-type': 'application/json' } };
const owner = { data: { type: 'user', id: OWNER } };
const subject = { data: { type: 'prospect', id: PROSPECT } };

const BAD = [400, 'badRequest'] as const;
const INVALID = [422, 'validationError'] as const;
const NO_ROUTE = [404, 'resourceNotFound'] as const;
const WRONG_TYPE = [415, 'unsupportedMediaType'] as const;

type Row = [what: string, request: string, sent: Ask, answer: readonly [number, string]];

const LISTS: [what: string, query: string][] = [
  ['filter[status] instead of filter[state]', 'filter[status]=incomplete'],
  ['a parameter that nobody knows', 'limit=5'],
  ['the offset form of paging', 'page[limit]=50'],
  ['a state that is none', 'filter[state]=open'],
  ['a type that is none', 'filter[taskType]=call'],
  ['an id that is none', 'filter[owner][id]=maya'],
  ['a date that is no range', 'filter[dueAt]=2026-03-10T00:00:00Z'],
  ['a range of dates without a time', 'filter[dueAt]=2026-03-10..inf'],
  ['an offset whose + became a space', 'filter[dueAt]=neginf..2026-03-10T00:00:00+01:00'],
  ['sorting by an attribute that cannot', 'sort=completedAt'],
  ['sorting by a relationship', 'sort=prospect.name'],
  ['a page that is too large', 'page[size]=1001'],
  ['an empty page', 'page[size]=0'],
  ["a cursor of the client's own", 'page[after]=MQ=='],
  ['an include that is none', 'include=prospect,contact'],
  ['an include of an include', 'include=prospect.account'],
  ['a field that is none', 'fields[task]=title'],
  ['fields of a type in the plural', 'fields[tasks]=note'],
  ['a count that is neither', 'count=1'],
  ['a parameter that is given twice', 'sort=dueAt&sort=createdAt'],
];

const ACTIONS: [what: string, action: string][] = [
  ['a parameter of another action', 'markComplete?actionParams[dueAt]=2026-03-10T09:00:00Z'],
  ['a parameter of another action', 'advance?actionParams[completionNote]=x'],
  ['a parameter that is none', 'snooze?actionParams[snoozeUntil]=2026-03-10T09:00:00Z'],
  ['no time', 'snooze?actionParams[dueAt]=tomorrow'],
  ['a time without its +', 'snooze?actionParams[dueAt]=2026-03-10T09:00:00%2001:00'],
  ['no boolean', 'snooze?actionParams[markAsUrgent]=yes'],
  ['no time at all', 'reschedule'],
  ['a date alone', 'reschedule?actionParams[dueAt]=2026-03-10'],
  ['no owner', 'reassignOwner'],
  ['an owner that is no id', 'reassignOwner?actionParams[ownerId]=theo'],
  ['no note', 'updateNote'],
  ['a rule that is none', 'updateOpportunityAssociation?actionParams[opportunityAssociation]=newest'],
  ['an include', 'markComplete?include=prospect'],
  ['a parameter outside actionParams', 'reschedule?dueAt=2026-03-10T09:00:00Z'],
];

/** As text: this id does not survive as a number. */
const edit = (attributes: object, id = ID): Ask => ({
  body: `{"data":{"type":"task","id":${id},"attributes":${JSON.stringify(attributes)}}}`,
});
const EDITS: [attributes: object, pointer: string][] = [
  [{ state: 'complete' }, '/state'],
  [{ completed: true }, '/completed'],
  [{ completedAt: null }, '/completedAt'],
  [{ taskType: 'manual' }, '/taskType'],
  [{ title: 'x' }, '/title'],
  [{ dueAt: 'tomorrow' }, '/dueAt'],
  [{ action: 'linkedin' }, '/action'],
  [{ note: 'x'.repeat(65_536) }, '/note'],
  [{ opportunityAssociation: 'newest' }, '/opportunityAssociation'],
  [{}, ''],
];

const create = (attributes: object, relationships: object = { owner, subject }): Ask => ({
  body: { data: { type: 'task', attributes, relationships } },
});
const hook = (more: object): Ask => {
  const url = 'https://docket.example/webhooks';
  const attributes = { url, resource: 'task', action: '*', secret: 'whisper', payloadVersion: 2, ...more };
  return { body: { data: { type: 'webhook', attributes } } };
};

const ROWS: Row[] = [
  ...LISTS.map(([what, query]): Row => [what, `GET /tasks?${query}`, {}, BAD]),
  ...ACTIONS.map(([what, action]): Row => [what, `POST /tasks/${ID}/actions/${action}`, {}, BAD]),
  ['a body', `POST /tasks/${ID}/actions/markComplete`, { body: { data: {} } }, BAD],
  ['an action that is none', `POST /tasks/${ID}/actions/dismiss`, {}, NO_ROUTE],
  ["a name of the language's", `POST /tasks/${ID}/actions/constructor`, {}, NO_ROUTE],
  ['another id in the body', `PATCH /tasks/${ID}`, edit({ note: 'x' }, '7304958120347716182'), INVALID],
  ['no id in the body', `PATCH /tasks/${ID}`, { body: { data: { type: 'task', attributes: {} } } }, INVALID],
  ['no JSON', `PATCH /tasks/${ID}`, { body: '{' }, BAD],
  // Outreach has honoured none since 2023.
  ['an include', `PATCH /tasks/${ID}?include=prospect`, edit({ note: 'x' }), BAD],
  ['a filter', `GET /tasks/${ID}?filter[state]=complete`, {}, BAD],
  ['a read-only attribute', 'POST /tasks', create({ action: 'call', taskType: 'manual' }), INVALID],
  ['no action', 'POST /tasks', create({}), INVALID],
  ['a prospect', 'POST /tasks', create({ action: 'call' }, { owner, subject, prospect: subject }), INVALID],
  ['no subject', 'POST /tasks', create({ action: 'call' }, { owner }), INVALID],
  ['plain http to elsewhere', 'POST /webhooks', hook({ url: 'http://docket.example/webhooks' }), INVALID],
  ['another resource', 'POST /webhooks', hook({ resource: 'prospect' }), INVALID],
  ['an action that tasks have not', 'POST /webhooks', hook({ action: 'deleted' }), INVALID],
  ['a version as text', 'POST /webhooks', hook({ payloadVersion: 'v2' }), INVALID],
  ['a version that is none', 'POST /webhooks', hook({ payloadVersion: 3 }), INVALID],
  ['no secret', 'POST /webhooks', hook({ secret: '' }), INVALID],
  ['an attribute of its own', 'POST /webhooks', hook({ active: true }), INVALID],
  ['users by name', 'GET /users?filter[name]=Theo', {}, BAD],
  ['another method', 'PUT /tasks/1', { body: {} }, NO_ROUTE],
  ['a task that is no id', 'GET /tasks/abc', {}, NO_ROUTE],
  ['who one is', 'GET /me', {}, NO_ROUTE],
  ['new users', 'POST /users', { body: {} }, NO_ROUTE],
  ['the root with a slash', 'GET /', {}, NO_ROUTE],
  ['the root with fields', 'GET ?fields=x', {}, BAD],
  ['a post to the root', 'POST ', {}, NO_ROUTE],
  ...[
    'GET ',
    'GET /tasks',
    `GET /tasks/${ID}`,
    `POST /tasks/${ID}/actions/markComplete`,
    `DELETE /tasks/${ID}`,
  ].flatMap((request): Row[] => [
    ['another content type', request, PLAIN, WRONG_TYPE],
    ['a charset', request, { headers: { 'content-type': 'application/vnd.api+json; charset=utf-8' } }, WRONG_TYPE],
  ]),
];

/** One request that is refused: noted once, without effect. */
async function refused(request: string, sent: Ask): Promise<Got> {
  const outreach = await start({ tasks: [step(ID)] });
  const before = outreach.tasks();
  const got = await ask(outreach, request, sent);
  expect(breaches(outreach)).toHaveLength(1);
  expect([outreach.tasks(), outreach.effects, outreach.webhooks()]).toEqual([before, [], []]);
  return got;
}

it.each(ROWS)('%s: %s', async (_, request, sent, answer) => {
  const got = await refused(request, sent);

  expect(refusal(got)).toEqual(answer);
  expect(got.json.errors[0]).toMatchObject({ title: expect.any(String), detail: expect.any(String) });
});

it.each(EDITS)('an edit of %.60j', async (attributes, pointer) => {
  const { status, json } = await refused(`PATCH /tasks/${ID}`, edit(attributes));

  expect(status).toBe(422);
  expect(json.errors).toMatchObject([{ id: 'validationError', source: { pointer: `/data/attributes${pointer}` } }]);
});

const NO_STEPS = ['manual', 'follow_up', 'no_reply', 'touch', 'sequence_open', 'sequence_click'] as const;

/** The world may have changed under a correct client: refused, but not noted. */
it.each<[what: string, request: string, sent: Ask, answer: readonly [number, string]]>([
  ['a task that is not there', 'GET /tasks/404', {}, NO_ROUTE],
  ['a task of someone else', 'GET /tasks/1', {}, NO_ROUTE],
  ['a change of someone else’s task', 'POST /tasks/1/actions/markComplete', {}, NO_ROUTE],
  ['a change of a fixed task', 'POST /tasks/2/actions/markComplete', {}, [403, 'unauthorizedRequest']],
  ['a deletion that the profile forbids', 'DELETE /tasks/3', {}, [403, 'unauthorizedRequest']],
  ['an edit of a task that is complete', 'PATCH /tasks/4', edit({ note: 'x' }, '4'), INVALID],
  ...[
    'markComplete',
    'advance',
    'snooze',
    'reschedule?actionParams[dueAt]=2026-03-10T09:00:00Z',
    'updateNote?actionParams[note]=x',
  ].map((action): Row => ['an action on a task that is complete', `POST /tasks/4/actions/${action}`, {}, INVALID]),
  ...NO_STEPS.map(
    (type, index): Row => [`an advance of ${type}`, `POST /tasks/1${index}/actions/advance`, {}, INVALID],
  ),
  ['a new owner that is nobody', 'POST /tasks/5/actions/reassignOwner?actionParams[ownerId]=12345', {}, INVALID],
  ['a locked new owner', `POST /tasks/5/actions/reassignOwner?actionParams[ownerId]=${LOCKED}`, {}, INVALID],
  [
    'a new task about nobody',
    'POST /tasks',
    create({ action: 'call' }, { owner, subject: { data: { type: 'prospect', id: 12345 } } }),
    INVALID,
  ],
  ...['12345', LOCKED].map((id): Row => {
    const sent = create({ action: 'call' }, { owner: { data: { type: 'user', id } }, subject });
    return ['a new task of nobody who works', 'POST /tasks', sent, INVALID];
  }),
  ['a user that is not there', 'GET /users/12345', {}, NO_ROUTE],
  ['an unknown token', 'GET /tasks', { token: 'wrong' }, [401, 'unauthorized']],
  ['another scheme', 'GET /tasks', { headers: { authorization: 'Basic abc' } }, [401, 'unauthorized']],
  ['no token', 'GET /tasks', { headers: { authorization: '' } }, [401, 'unauthorized']],
  ['the root without a token', 'GET ', { token: 'nobodys' }, [401, 'unauthorized']],
])('not noted: %s, %s', async (_, request, sent, answer) => {
  const outreach = await start({
    tasks: [
      task('1', { ownerId: OTHER }),
      task('2', { canWrite: false }),
      task('3', { canDelete: false }),
      step('4', { state: 'complete' }),
      task('5'),
      ...NO_STEPS.map((taskType, index) => task(`1${index}`, { taskType })),
    ],
  });
  const before = outreach.tasks();

  expect(refusal(await ask(outreach, request, sent))).toEqual(answer);
  expect([outreach.tasks(), outreach.effects]).toEqual([before, []]);
});
