import { describe, expect, it } from 'vitest';
import { ask, FILTER, ids, list, OTHER, OWNER, start, task } from './gong.ts';

describe('listing tasks (gong.md 2)', () => {
  it('answers only the open tasks of that user', async () => {
    const gong = await start({
      tasks: [
        task('9007199254740993'),
        task('9007199254740994', { status: 'DONE' }),
        task('9007199254740995', { status: 'DISMISSED' }),
        task('9007199254740996', { userId: OTHER }),
      ],
    });

    const reply = await list(gong);

    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toMatch(/^application\/json/);
    expect(reply.requestId).toMatch(/^[0-9a-z]{19,}$/);
    expect(ids(reply)).toEqual(['9007199254740993']);
    expect(gong.unexpected).toEqual([]);
  });

  it('answers only the types that were asked for', async () => {
    const gong = await start({ tasks: [task('1'), task('2', { type: 'FLOW' })] });

    expect(ids(await list(gong, { types: ['FLOW'] }))).toEqual(['2']);
    expect(ids(await list(gong, { types: ['MANUAL'] }))).toEqual(['1']);
  });

  it('has no tasks of a user it does not know', async () => {
    const gong = await start({ tasks: [task('1')] });

    expect(ids(await list(gong, { userId: '404404' }))).toEqual([]);
  });

  it('accepts a workspace, and a content type with a charset', async () => {
    const gong = await start({ tasks: [task('1')] });

    const reply = await ask(gong, 'POST', '/v2/tasks', {
      body: { filter: { ...FILTER, workspaceId: '623457276584334' } },
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });

    expect(reply.status).toBe(200);
  });

  it('is one page, in the same order every time, and never in the order of the due dates', async () => {
    for (const size of [2, 3, 5, 250]) {
      const tasks = Array.from({ length: size }, (_, index) =>
        task(`73049581203477160${String(index).padStart(3, '0')}`, {
          dueDate: new Date(Date.UTC(2026, 2, 9, 8) + index * 60_000).toISOString(),
        }),
      );
      const gong = await start({ tasks });

      const listed = ids(await list(gong));

      expect(listed).toHaveLength(size);
      expect(listed).not.toEqual(tasks.map(({ id }) => id));
      expect([...listed].sort()).toEqual(tasks.map(({ id }) => id));
      expect(ids(await list(gong))).toEqual(listed);
    }
  });

  it('writes every int64 as a bare integer, digit by digit', async () => {
    const flow = {
      id: '1695493301223590792',
      name: 'Outbound',
      step: { id: '1695493301223590791', name: 'Call', stepNumber: 3 },
    };
    const gong = await start({
      tasks: [task('7304958120347716181', { type: 'FLOW', flow }), task('7304958120347716182')],
    });

    const { text } = await list(gong);

    expect(text).toContain(`{"id":7304958120347716181,"userId":${OWNER},`);
    expect(text).toContain(`{"id":7304958120347716182,"userId":${OWNER},`);
    expect(text).toContain(
      '"flow":{"id":1695493301223590792,"name":"Outbound","step":{"id":1695493301223590791,"name":"Call","stepNumber":3}}',
    );
  });

  it('gives a title to MANUAL tasks only', async () => {
    const gong = await start({ tasks: [task('1', { type: 'FLOW', title: 'Not sent' }), task('2', { title: 'Sent' })] });

    const { text } = await list(gong);

    expect(text).not.toContain('Not sent');
    expect(text).toContain('"title":"Sent"');
  });

  it('sends fields that nobody asked for, and leaves out those that a task does not have', async () => {
    const contact = { crmId: 'c1', type: 'LEAD', data: { firstName: 'Zoë "Z"', lastName: '<O\u2028& 🚀' } };
    const gong = await start({ tasks: [task('1', { contact })] });

    const answer = JSON.parse((await list(gong)).text);

    expect(answer.crmType).toBe('GENERIC');
    expect(answer.tasks[0]).toMatchObject({
      actions: ['CALL'],
      additionalContacts: [],
      priority: { name: 'MEDIUM' },
      sandboxUndocumented: { source: 'engage' },
      contact: { ...contact, data: { ...contact.data, affiliation: 'Them' } },
    });
    expect(Object.keys(answer.tasks[0])).not.toContain('flow');
    expect(Object.keys(answer.tasks[0])).not.toContain('opportunity');
  });
});

describe('a list request that breaks the contract', () => {
  const wrong: [string, unknown][] = [
    ['no filter', {}],
    ['no body', undefined],
    ['no object', []],
    ['no user', { filter: { ...FILTER, userId: undefined } }],
    ['user as a number', { filter: { ...FILTER, userId: 234599484848423 } }],
    ['user that is no id', { filter: { ...FILTER, userId: 'maya' } }],
    ['no types', { filter: { ...FILTER, types: undefined } }],
    ['empty types', { filter: { ...FILTER, types: [] } }],
    ['unknown type', { filter: { ...FILTER, types: ['FLOW', 'EMAIL'] } }],
    ['types that are no array', { filter: { ...FILTER, types: 'FLOW' } }],
    ['no action', { filter: { ...FILTER, taskAction: undefined } }],
    ['other action', { filter: { ...FILTER, taskAction: ['EMAIL'] } }],
    ['no status', { filter: { ...FILTER, status: undefined } }],
    ['status DONE', { filter: { ...FILTER, status: ['DONE'] } }],
    ['status OPEN and DONE', { filter: { ...FILTER, status: ['OPEN', 'DONE'] } }],
    ['unknown filter field', { filter: { ...FILTER, limit: 10 } }],
    ['workspace as a number', { filter: { ...FILTER, workspaceId: 1 } }],
    ['deprecated user beside the filter', { filter: FILTER, userId: OWNER }],
    ['cursor', { filter: FILTER, cursor: 'x' }],
    ['no JSON', '{"filter":'],
  ];

  it.each(wrong)('%s', async (_, body) => {
    const gong = await start();

    const reply = await ask(gong, 'POST', '/v2/tasks', {
      ...(body === undefined ? {} : { body }),
      headers: { 'content-type': 'application/json' },
    });

    expect(reply.status).toBe(400);
    expect(reply.requestId).toEqual(expect.any(String));
    expect(reply.errors).toEqual(expect.arrayContaining([expect.any(String)]));
    expect(gong.unexpected).toHaveLength(1);
    expect(gong.unexpected[0]).toMatch(/^POST \/v2\/tasks: /);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json-patch+json'])('%s', async (type) => {
    const gong = await start();

    const reply = await ask(gong, 'POST', '/v2/tasks', { body: { filter: FILTER }, headers: { 'content-type': type } });

    expect(reply.status).toBe(400);
    expect(gong.unexpected).toHaveLength(1);
  });

  it('query parameters', async () => {
    const gong = await start();

    const reply = await ask(gong, 'POST', '/v2/tasks?limit=5', { body: { filter: FILTER } });

    expect(reply.status).toBe(400);
    expect(gong.unexpected).toHaveLength(1);
  });
});

describe('the door', () => {
  it.each(['', 'Basic bm9ib2R5OndybmdrZXk=', 'Bearer token'])('refuses the credentials "%s"', async (authorization) => {
    const gong = await start();

    const reply = await ask(gong, 'POST', '/v2/tasks', { body: { filter: FILTER }, headers: { authorization } });

    expect(reply.status).toBe(401);
    expect(reply.requestId).toEqual(expect.any(String));
    expect(reply.errors).toEqual([expect.any(String)]);
  });

  it('takes the key that it was given', async () => {
    const gong = await start({ accessKey: 'key', accessKeySecret: 'se:cret' });

    expect((await list(gong)).status).toBe(200);
    expect([gong.accessKey, gong.accessKeySecret]).toEqual(['key', 'se:cret']);
  });

  it.each([
    ['GET', '/v2/tasks'],
    ['GET', '/v2/tasks/1'],
    ['DELETE', '/v2/tasks/1'],
    ['PUT', '/v2/tasks/1'],
    ['POST', '/v2/users'],
    ['GET', '/v2/tasks/'],
    ['GET', '/v1/users'],
    ['GET', '//v2/users'],
  ])('knows no %s %s', async (method, path) => {
    const gong = await start({ tasks: [task('1')] });

    const reply = await ask(gong, method, path);

    expect(reply.status).toBe(404);
    expect(reply.errors).toEqual([expect.any(String)]);
    expect(gong.unexpected).toEqual([expect.stringContaining(`${method} ${path}: `)]);
  });

  it('logs what came in, and never the credentials', async () => {
    const gong = await start({ clock: () => 1_700_000_000_000 });

    const reply = await list(gong);
    await ask(gong, 'GET', '/v2/users?includeAvatars=false');
    await ask(gong, 'POST', '/v2/tasks', { body: 'not json' });

    expect(gong.requests).toMatchObject([
      { at: 1_700_000_000_000, method: 'POST', path: '/v2/tasks', body: { filter: FILTER }, status: 200, fault: false },
      { method: 'GET', path: '/v2/users?includeAvatars=false', body: undefined, status: 200 },
      { method: 'POST', path: '/v2/tasks', body: 'not json', status: 400 },
    ]);
    expect(gong.requests[0]?.requestId).toBe(reply.requestId);
    expect(JSON.stringify(gong.requests)).not.toContain(btoa(`${gong.accessKey}:${gong.accessKeySecret}`));
  });
});
