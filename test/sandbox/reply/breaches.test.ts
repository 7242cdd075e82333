/** What a correct client never sends: it is refused, noted and has no effect. */
import { expect, it } from 'vitest';
import { breaches } from '../simulator.ts';
import { type Ask, ask, PUT, start, task } from './reply.ts';

const FILTER = 'POST /v3/tasks/filter';
const UPDATE = 'PUT /v3/tasks/1';
const COMPLETE = 'POST /v3/tasks/1/complete';
const CREATE = 'POST /v3/tasks';
const SEARCH = 'POST /v3/contacts/filter';
const NEW = { ...PUT, taskType: 2, contactId: 900, template: { body: 'x' } };
const OPEN = { status: 0, assignedUserId: 12, to: '2100-01-01T00:00:00Z' };

/** With the pointer that the error has in the current dialect, `''` for the whole body; null: with no pointer. */
type Row = [what: string, request: string, body: unknown, pointer: string | null];
const SEED: Row[] = [
  ['unknown key', FILTER, { ...OPEN, state: 0 }, '/state'],
  ['a filter that is not used', FILTER, { ...OPEN, overdue: true }, '/overdue'],
  ['paging in the body', FILTER, { ...OPEN, top: 5 }, '/top'],
  ['several statuses', FILTER, { ...OPEN, status: [0] }, '/status'],
  ['another status', FILTER, { ...OPEN, status: 1 }, '/status'],
  ['nobody’s tasks', FILTER, { ...OPEN, assignedUserId: undefined }, '/assignedUserId'],
  ['user as text', FILTER, { ...OPEN, assignedUserId: '12' }, '/assignedUserId'],
  ['user 0', FILTER, { ...OPEN, assignedUserId: 0 }, '/assignedUserId'],
  ['no end', FILTER, { ...OPEN, to: undefined }, '/to'],
  ['date without an offset', FILTER, { ...OPEN, to: '2026-03-09T12:00:00' }, '/to'],
  ['an array', FILTER, [], ''],
  ['no JSON', FILTER, '{"status":', ''],
  ['no body', FILTER, undefined, ''],
  ['no body', COMPLETE, undefined, ''],
  ['unknown result', COMPLETE, { callResolution: 3 }, '/callResolution'],
  ['unknown word', COMPLETE, { callResolution: 'Positive' }, '/callResolution'],
  ['null', COMPLETE, { callResolution: null }, '/callResolution'],
  ['note', COMPLETE, { note: 'x' }, '/note'],
  ['content on request', 'GET /v3/tasks/1?includeContent=1', undefined, null],
  ['unknown parameter', 'GET /v3/tasks/1?full=true', undefined, null],
  ['search of users', 'GET /v3/whoami/team-users?email=x', undefined, null],
  ['unknown parameter', `${FILTER}?limit=5`, OPEN, null],
  ['parameter given twice', `${FILTER}?top=1&top=2`, OPEN, null],
  ['a new task without a contact', CREATE, { ...NEW, contactId: undefined }, '/contactId'],
  ['a new task without a text', CREATE, { ...NEW, template: { body: '' } }, '/template/body'],
  ['a new task without a type', CREATE, { ...NEW, taskType: undefined }, '/taskType'],
  ['a new task for someone', CREATE, { ...NEW, assignedUserId: 13 }, '/assignedUserId'],
  ['subtype of a new call', CREATE, { ...NEW, linkedInTaskType: 1 }, '/linkedInTaskType'],
  ['parameter of a new task', `${CREATE}?x=1`, NEW, null],
  ['search for nothing', SEARCH, { searchTerm: '' }, '/searchTerm'],
  ['search by rules', SEARCH, { searchTerm: 'x', rules: [] }, '/rules'],
  ['contacts by name', 'GET /v3/contacts?name=x', undefined, null],
  ['no page of contacts', 'GET /v3/contacts?top=0', undefined, null],
  ['type that another task has', UPDATE, { ...PUT, taskType: 3 }, '/taskType'],
];

const PAGES = ['?top=0', '?top=1001', '?top=-1', '?skip=-1', '?top=x'];
const UPDATES: [what: string, more: object, pointer: string][] = [
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
const CURRENT: typeof SEED = [
  ...PAGES.map((query): Row => ['no page', `${FILTER}${query}`, { ...OPEN, status: 'new' }, null]),
  ...UPDATES.map(([what, more, pointer]): Row => [what, UPDATE, { ...PUT, taskType: 'call', ...more }, pointer]),
];

/** One request that is refused: noted once, under its own name, without effect. */
async function refused(dialect: 'seed' | 'current', request: string, sent: Ask) {
  const reply = await start({ dialect, tasks: [task('1')] });
  const got = await ask(reply, request, sent);
  const [breach, ...more] = breaches(reply);
  expect(more).toEqual([]);
  expect(breach).toContain(`${request.split('?')[0]}: `);
  expect(reply.task('1')).toEqual(task('1'));
  return { ...got, breach };
}

it.each(SEED)('seed: %s, %s %j', async (_, request, body, pointer) => {
  const got = await refused('seed', request, { body });

  expect(got).toMatchObject({ status: 400, json: { error: expect.any(String) } });
  if (pointer !== null) expect(got.breach).toContain(`: ${pointer || 'body'} `);
});

it.each(CURRENT)('current: %s, %s %j', async (_, request, body, pointer) => {
  const got = await refused('current', request, { body });

  const page = { status: 400, code: 'task.invalidPagination' };
  expect(got.json).toMatchObject(pointer === null ? page : { errors: [{ pointer, detail: expect.any(String) }] });
  expect(got.status).toBe(400);
  if (pointer !== null) expect(got.breach).toContain(`: ${pointer} `);
});

it.each([
  ...['GET /v3/tasks/', 'GET /v3/tasks/abc', 'GET /v3/tasks', 'GET /v3/tasks/1/complete', 'GET /v3/tasks/filter'],
  ...['PATCH /v3/tasks/1', 'POST /v3/tasks/1/reopen', 'PUT /v3/tasks/1/assigned-user'],
  // It sends to the contact.
  'POST /v3/tasks/1/execute',
  ...['GET /v1/tasks', 'GET //v3/tasks', 'GET /v3/whoami/'],
])('there is no %s', async (request) => {
  const got = await refused('seed', request, {});

  expect(got).toMatchObject({ status: 404, json: { error: expect.any(String) } });
  expect(got.breach).toBe(`${request}: No such endpoint`);
});

it('a body in another content type', async () => {
  expect((await refused('seed', FILTER, { body: OPEN, headers: { 'content-type': 'text/plain' } })).status).toBe(415);
});
