import { describe, expect, it } from 'vitest';
import type { GongUser } from '../../../sandbox/gong/types.ts';
import { breaches, type Sent } from '../simulator.ts';
import { ask, FILTER, ids, list, OTHER, OWNER, patch, start, task } from './gong.ts';

const NOW = Date.UTC(2026, 2, 9, 14);
const LATER = '2026-03-12T09:30:00+01:00';

describe('listing tasks (gong.md 2)', () => {
  it.each([2, 3, 5, 250])(
    'is one page of %i, in the same order every time, never in that of due dates',
    async (size) => {
      const tasks = Array.from({ length: size }, (_, index) => {
        const dueDate = new Date(NOW + index * 60_000).toISOString();
        return task(`73049581203477160${String(index).padStart(3, '0')}`, { dueDate });
      });
      const gong = await start({ tasks });

      const listed = ids(await list(gong));

      expect(listed).not.toEqual(tasks.map(({ id }) => id));
      expect(listed.toSorted()).toEqual(tasks.map(({ id }) => id));
      expect(ids(await list(gong))).toEqual(listed);
    },
  );

  it('writes every int64 as a bare integer, digit by digit', async () => {
    const step = { id: '1695493301223590791', name: 'Call', stepNumber: 3 };
    const flow = { id: '1695493301223590792', name: 'Outbound', step };
    const gong = await start({ tasks: [task('7304958120347716181', { type: 'FLOW', flow })] });

    const { text } = await list(gong);

    expect(text).toContain(`{"id":7304958120347716181,"userId":${OWNER},`);
    expect(text).toContain(
      '"flow":{"id":1695493301223590792,"name":"Outbound","step":{"id":1695493301223590791,"name":',
    );
  });

  it('sends a requestId and fields that nobody documents, and no title of a flow step', async () => {
    const gong = await start({ tasks: [task('1'), task('2', { type: 'FLOW', title: 'Not sent' })] });

    const { text, headers, json } = await list(gong);

    expect(text).toContain('"sandboxUndocumented"');
    expect(text).not.toContain('Not sent');
    expect(json.requestId).toMatch(/^[0-9a-z]{19,}$/);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  });
});

it.each<[string, string, object, number]>([
  ['a closed task does not move', '2', { dueDate: LATER }, 400],
  ['someone who is not the owner', '1', { userId: OTHER, status: 'DONE' }, 403],
  ['an id that differs in the last digit', '7304958120347716182', { status: 'DONE' }, 404],
])('an update is refused as the world may have changed: %s (gong.md 3)', async (_, id, body, status) => {
  const tasks = [task('1'), task('2', { status: 'DONE' }), task('7304958120347716181')];
  const gong = await start({ tasks });

  expect(await patch(gong, id, body)).toMatchObject({ status, json: { errors: [expect.any(String)] } });
  expect(gong.tasks()).toEqual(tasks);
});

describe('what breaks the contract is refused and noted', () => {
  const filter = (more: object): Sent => ({ body: { filter: { ...FILTER, ...more } } });
  const lists: [string, Sent][] = [
    ['no filter', { body: {} }],
    ['no body', { headers: { 'content-type': 'application/json' } }],
    ['no object', { body: [] }],
    ['no user', filter({ userId: undefined })],
    ['user as a number', filter({ userId: 234599484848423 })],
    ['user that is no id', filter({ userId: 'maya' })],
    ['no types', filter({ types: undefined })],
    ['one type', filter({ types: ['FLOW'] })],
    ['no action', filter({ taskAction: undefined })],
    ['other action', filter({ taskAction: ['EMAIL'] })],
    ['no status', filter({ status: undefined })],
    ['status OPEN and DONE', filter({ status: ['OPEN', 'DONE'] })],
    ['unknown filter field', filter({ limit: 10 })],
    ['workspace', filter({ workspaceId: '623457276584334' })],
    ['deprecated user beside the filter', { body: { filter: FILTER, userId: OWNER } }],
    ['cursor', { body: { filter: FILTER, cursor: 'x' } }],
    ['no JSON', { body: '{"filter":' }],
    ['text', { ...filter({}), headers: { 'content-type': 'text/plain' } }],
    ['a patch', { ...filter({}), headers: { 'content-type': 'application/json-patch+json' } }],
  ];
  const updates: [string, object][] = [
    ['neither status nor date', {}],
    ['both', { status: 'OPEN', dueDate: LATER }],
    ['no user', { userId: undefined, status: 'DONE' }],
    ['user as a number', { userId: 234599484848423, status: 'DONE' }],
    ['unknown status', { status: 'CLOSED' }],
    ['lower-case status', { status: 'done' }],
    ['priority', { status: 'DONE', priority: 'MEDIUM' }],
    ['unknown field', { status: 'DONE', note: 'x' }],
    ['date without a time', { dueDate: '2026-03-12' }],
    ['date without an offset', { dueDate: '2026-03-12T09:30:00' }],
    ['date without seconds', { dueDate: '2026-03-12T09:30Z' }],
    ['date with a zone name', { dueDate: '2026-03-12T09:30:00+01:00[Europe/Berlin]' }],
    ['date that does not exist', { dueDate: '2026-02-30T09:30:00Z' }],
    ['date as a number', { dueDate: NOW }],
  ];
  const DONE: Sent = { body: { userId: OWNER, status: 'DONE' } };
  const directory =
    'cursor= cursor=nonsense cursor=1 includeAvatars=true limit=5 email=maya@north.example ' +
    'includeAvatars=false&includeAvatars=false';
  const nowhere =
    'GET /v2/tasks,GET /v2/tasks/1,DELETE /v2/tasks/1,PUT /v2/tasks/1,POST /v2/users,GET /v2/tasks/,GET /v1/users,GET //v2/users';
  type Row = [what: string, request: string, sent: Sent, status: number];

  it.each<Row>([
    ...lists.map(([name, sent]): Row => [name, 'POST /v2/tasks', sent, 400]),
    ['query of a list', 'POST /v2/tasks?limit=5', filter({}), 400],
    ...updates.map(([name, body]): Row => [name, 'PATCH /v2/tasks/1', { body: { userId: OWNER, ...body } }, 400]),
    ...['abc', '1.5', '7.304958120347716e18', '-1'].map(
      (id): Row => ['an id that is none', `PATCH /v2/tasks/${id}`, DONE, 400],
    ),
    ['update as text', 'PATCH /v2/tasks/1', { ...DONE, headers: { 'content-type': 'text/plain' } }, 400],
    ...directory.split(' ').map((query): Row => ['directory', `GET /v2/users?${query}`, {}, 400]),
    ...nowhere.split(',').map((request): Row => ['no such route', request, {}, 404]),
  ])('%s: %s %j', async (_, request, sent, status) => {
    const gong = await start({ tasks: [task('1')], pageSize: 1 });

    const got = await ask(gong, request, sent);

    expect(got.status).toBe(status);
    expect(got.json).toEqual({ requestId: expect.any(String), errors: expect.any(Array) });
    expect(got.json.errors[0]).toEqual(expect.any(String));
    expect(breaches(gong)).toEqual([expect.stringContaining(`${request.split('?')[0]}: `)]);
    expect(gong.tasks()).toEqual([task('1')]);
  });
});

describe('the door', () => {
  it.each(['', 'Basic bm9ib2R5OndybmdrZXk=', 'Bearer token'])('refuses the credentials "%s"', async (authorization) => {
    const got = await ask(await start(), 'GET /v2/users', { headers: { authorization } });

    expect(got).toMatchObject({ status: 401, json: { requestId: expect.any(String), errors: [expect.any(String)] } });
  });

  it('logs what came in, and never the credentials', async () => {
    const gong = await start({ clock: () => NOW });

    const { json } = await list(gong);
    await ask(gong, 'GET /v2/users?includeAvatars=false');
    await ask(gong, 'POST /v2/tasks', { body: 'not json' });
    gong.fail({ how: { kind: 'answer', status: 500 } });
    const failed = await list(gong);

    const listed = { at: NOW, method: 'POST', path: '/v2/tasks', body: { filter: FILTER }, status: 200, fault: false };
    expect(gong.requests).toMatchObject([
      { ...listed, requestId: json.requestId },
      { method: 'GET', path: '/v2/users?includeAvatars=false', body: undefined, status: 200 },
      { method: 'POST', path: '/v2/tasks', body: 'not json', status: 400 },
      { status: 500, fault: true, requestId: failed.json.requestId },
    ]);
    expect(JSON.stringify(gong.requests)).not.toContain(btoa(`${gong.accessKey}:${gong.accessKeySecret}`));
    expect(breaches(gong)).toHaveLength(1);
  });
});

/** Four, three on a page. */
function startFour() {
  const users = ['1', '2', '3', '4'].map((id): GongUser => {
    return { id, emailAddress: `rep${id}@northlight.example`, firstName: 'Rep', lastName: id };
  });
  return start({ users, pageSize: 3 });
}

describe('the directory (gong.md 7)', () => {
  it('tells what page it is, and leads on only while more remain', async () => {
    const gong = await startFour();

    const { json } = await ask(gong, 'GET /v2/users');
    const last = await ask(gong, `GET /v2/users?${new URLSearchParams({ cursor: json.records.cursor })}`);

    const page = { totalRecords: 4, currentPageSize: 3, currentPageNumber: 0 };
    expect(json.records).toEqual({ ...page, cursor: expect.any(String) });
    expect(last.json.records).toEqual({ totalRecords: 4, currentPageSize: 1, currentPageNumber: 1 });
    expect(last.json.users).toMatchObject([{ id: '4', emailAliases: [], trustedEmailAddress: null }]);
  });

  it('needs the cursor encoded', async () => {
    const gong = await startFour();
    const { cursor } = (await ask(gong, 'GET /v2/users')).json.records;

    expect((await ask(gong, `GET /v2/users?cursor=${cursor}`)).status).toBe(400);
    expect(breaches(gong)).toHaveLength(1);
  });
});
