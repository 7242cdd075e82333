/** What a correct client never sends: it is refused, noted and has no effect. */
import { expect, it } from 'vitest';
import { breaches, type Got } from '../simulator.ts';
import { type Ask, ask, LOCKED, OTHER, OWNER, PROSPECT, refusal, start, step, task } from './outreach.ts';

const ID = '7304958120347716181';
const PLAIN = { headers: { 'content-type': 'application/json' } };
const owner = { data: { type: 'user', id: OWNER } };
const subject = { data: { type: 'prospect', id: PROSPECT } };
const nobody = { data: { type: 'prospect', id: 12345 } };

const BAD = [400, 'badRequest'] as const;
const INVALID = [422, 'validationError'] as const;
const NO_ROUTE = [404, 'resourceNotFound'] as const;
const WRONG_TYPE = [415, 'unsupportedMediaType'] as const;

type Row = [what: string, request: string, sent: Ask, answer: readonly [number, string]];

/** What Outreach does not know, and what Docket has no use for. */
const LISTS: [what: string, query: string][] = [
  ['filter[status] instead of filter[state]', 'filter[status]=incomplete'],
  ['a filter that is not used', 'filter[owner][email]=maya@northlight.example'],
  ['a parameter that nobody knows', 'limit=5'],
  ['the offset form of paging', 'page[limit]=50'],
  ['another state', 'filter[state]=pending'],
  ['several states', 'filter[state]=incomplete,pending'],
  ['an id that is none', 'filter[owner][id]=maya'],
  ['another order', 'sort=-dueAt'],
  ['a page that is too large', 'page[size]=1001'],
  ['an empty page', 'page[size]=0'],
  ["a cursor of the client's own", 'page[after]=MQ=='],
  ['an include that is none', 'include=prospect,contact'],
  ['an include of an include', 'include=prospect.account'],
  // It would drop the relationships (contracts, unknown O5).
  ['fields of a task', 'fields[task]=note'],
  ['a field that is none', 'fields[prospect]=phone'],
  ['a count', 'count=true'],
  ['a parameter that is given twice', 'sort=dueAt&sort=dueAt'],
];

const ACTIONS: [what: string, action: string][] = [
  ['a parameter of another action', 'markComplete?actionParams[dueAt]=2026-03-10T09:00:00Z'],
  // It would add a day each time it is sent.
  ['no time', 'snooze'],
  ['a time that is none', 'snooze?actionParams[dueAt]=tomorrow'],
  ['a time without its +', 'snooze?actionParams[dueAt]=2026-03-10T09:00:00%2001:00'],
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
const EDITS: [pointer: string, attributes: object][] = [
  ['/state', { note: 'x', state: 'complete' }],
  ['/taskType', { note: 'x', taskType: 'manual' }],
  ['/dueAt', { note: 'x', dueAt: '2026-03-10T09:00:00Z' }],
  ['/note', { note: 'x'.repeat(65_536) }],
  ['/note', {}],
];

const DRAFT = { action: 'call', dueAt: '2026-03-11T09:00:00Z', note: 'Ring' };
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
  // outreach.md 4.9: deliver sends mail: every use of it fails a test
  ['an action that sends mail', `POST /tasks/${ID}/actions/deliver`, {}, NO_ROUTE],
  ["a name of the language's", `POST /tasks/${ID}/actions/constructor`, {}, NO_ROUTE],
  ['another id in the body', `PATCH /tasks/${ID}`, edit({ note: 'x' }, '7304958120347716182'), INVALID],
  ['no id in the body', `PATCH /tasks/${ID}`, { body: { data: { type: 'task', attributes: { note: '' } } } }, INVALID],
  ['no JSON', `PATCH /tasks/${ID}`, { body: '{' }, BAD],
  // Outreach has honoured none since 2023.
  ['an include', `PATCH /tasks/${ID}?include=prospect`, edit({ note: 'x' }), BAD],
  ['a filter', `GET /tasks/${ID}?filter[state]=complete`, {}, BAD],
  ['a read-only attribute', 'POST /tasks', create({ ...DRAFT, taskType: 'manual' }), INVALID],
  ['an action that is none', 'POST /tasks', create({ ...DRAFT, action: 'linkedin' }), INVALID],
  ['no time', 'POST /tasks', create({ ...DRAFT, dueAt: null }), INVALID],
  ['a prospect', 'POST /tasks', create(DRAFT, { owner, subject, prospect: subject }), INVALID],
  ['no subject', 'POST /tasks', create(DRAFT, { owner }), INVALID],
  ['plain http to elsewhere', 'POST /webhooks', hook({ url: 'http://docket.example/webhooks' }), INVALID],
  ['another resource', 'POST /webhooks', hook({ resource: 'prospect' }), INVALID],
  ['one action only', 'POST /webhooks', hook({ action: 'completed' }), INVALID],
  ['a version as text', 'POST /webhooks', hook({ payloadVersion: 'v2' }), INVALID],
  ['no secret', 'POST /webhooks', hook({ secret: '' }), INVALID],
  ['an attribute of its own', 'POST /webhooks', hook({ active: true }), INVALID],
  ['users by name', 'GET /users?filter[name]=Theo', {}, BAD],
  ['several addresses', 'GET /users?filter[email]=maya@northlight.example,theo@northlight.example', {}, BAD],
  ['another method', 'PUT /tasks/1', { body: {} }, NO_ROUTE],
  ['a task that is no id', 'GET /tasks/abc', {}, NO_ROUTE],
  ['a user by id', `GET /users/${OTHER}`, {}, NO_ROUTE],
  ['who one is', 'GET /me', {}, NO_ROUTE],
  ['new users', 'POST /users', { body: {} }, NO_ROUTE],
  ['the root with a slash', 'GET /', {}, NO_ROUTE],
  ['the root with fields', 'GET ?fields=x', {}, BAD],
  ['a post to the root', 'POST ', {}, NO_ROUTE],
  ...['GET ', `POST /tasks/${ID}/actions/markComplete`].flatMap((request): Row[] => [
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

it.each(EDITS)('an edit with a wrong %s', async (pointer, attributes) => {
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
  ['an action on a task that is complete', 'POST /tasks/4/actions/markComplete', {}, INVALID],
  ...NO_STEPS.map(
    (type, index): Row => [`an advance of ${type}`, `POST /tasks/1${index}/actions/advance`, {}, INVALID],
  ),
  ['a new owner that is nobody', 'POST /tasks/5/actions/reassignOwner?actionParams[ownerId]=12345', {}, INVALID],
  ['a locked new owner', `POST /tasks/5/actions/reassignOwner?actionParams[ownerId]=${LOCKED}`, {}, INVALID],
  ['a new task about nobody', 'POST /tasks', create(DRAFT, { owner, subject: nobody }), INVALID],
  ...['12345', LOCKED].map((id): Row => {
    const sent = create(DRAFT, { owner: { data: { type: 'user', id } }, subject });
    return ['a new task of nobody who works', 'POST /tasks', sent, INVALID];
  }),
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
