import { describe, expect, it } from 'vitest';
import { breaches, type Sent } from '../simulator.ts';
import { ask, FILTER, ids, list, OTHER, OWNER, patch, start, task } from './gong.ts';

const NOW = Date.UTC(2026, 2, 9, 14);
const LATER = '2026-03-12T09:30:00+01:00';

describe('listing tasks (gong.md 2)', () => {
  it.each<[string, object, string[]]>([
    ['the open ones of that user, beyond 2^53 and to the last digit', {}, ['9007199254740993', '9007199254740994']],
    ['none of a user it does not know', { userId: '404404' }, []],
  ])('answers %s', async (_, filter, expected) => {
    const gong = await start({
      tasks: [
        task('9007199254740993'),
        task('9007199254740994', { type: 'FLOW' }),
        task('3', { status: 'DONE' }),
        task('4', { status: 'DISMISSED' }),
        task('5', { userId: OTHER }),
      ],
    });

    const got = await ask(gong, 'POST /v2/tasks', {
      body: { filter: { ...FILTER, ...filter } },
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });

    expect(got).toMatchObject({ status: 200, json: { requestId: expect.stringMatching(/^[0-9a-z]{19,}$/) } });
    expect(got.headers.get('content-type')).toMatch(/^application\/json/);
    expect(ids(got).sort()).toEqual(expected);
  });

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

  it('sends fields that nobody documents, and no title of a flow step', async () => {
    const gong = await start({ tasks: [task('1'), task('2', { type: 'FLOW', title: 'Not sent' })] });

    const { text } = await list(gong);

    expect(text).toContain('"sandboxUndocumented"');
    expect(text).not.toContain('Not sent');
  });
});

describe('updating a task (gong.md 3)', () => {
  it.each<[string, string, object, number]>([
    ['a closed task does not move', '2', { dueDate: LATER }, 400],
    ['someone who is not the owner', '1', { userId: OTHER, status: 'DONE' }, 403],
    ['an id that differs in the last digit', '7304958120347716182', { status: 'DONE' }, 404],
  ])('is refused as the world may have changed: %s', async (_, id, body, status) => {
    const tasks = [task('1'), task('2', { status: 'DONE' }), task('7304958120347716181')];
    const gong = await start({ tasks });

    expect(await patch(gong, id, body)).toMatchObject({ status, json: { errors: [expect.any(String)] } });
    expect(gong.tasks()).toEqual(tasks);
  });
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
  const directory = [
    'cursor=',
    'cursor=nonsense',
    'cursor=1',
    'includeAvatars=true',
    'limit=5',
    'email=maya@north.example',
  ];
  const nowhere =
    'GET /v2/tasks,GET /v2/tasks/1,DELETE /v2/tasks/1,PUT /v2/tasks/1,POST /v2/users,GET /v2/tasks/,GET /v1/users,GET //v2/users';

  it.each<[string, string, Sent, number]>([
    ...lists.map(([name, sent]): [string, string, Sent, number] => [name, 'POST /v2/tasks', sent, 400]),
    ['query of a list', 'POST /v2/tasks?limit=5', filter({}), 400],
    ...updates.map(([name, body]): [string, string, Sent, number] => [
      name,
      'PATCH /v2/tasks/1',
      { body: { userId: OWNER, ...body } },
      400,
    ]),
    ...['abc', '1.5', '7.304958120347716e18', '-1'].map((id): [string, string, Sent, number] => [
      'an id that is none',
      `PATCH /v2/tasks/${id}`,
      DONE,
      400,
    ]),
    ['update as text', 'PATCH /v2/tasks/1', { ...DONE, headers: { 'content-type': 'text/plain' } }, 400],
    ...[...directory, 'includeAvatars=false&includeAvatars=false'].map((query): [string, string, Sent, number] => [
      'directory',
      `GET /v2/users?${query}`,
      {},
      400,
    ]),
    ...nowhere.split(',').map((request): [string, string, Sent, number] => ['no such route', request, {}, 404]),
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
    const gong = await start();

    const got = await ask(gong, 'POST /v2/tasks', { body: { filter: FILTER }, headers: { authorization } });

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
