import { describe, expect, it } from 'vitest';
import { ADMIN, ask, errorId, ids, list, OTHER, OWNER, PROSPECT, start, step, task, tokenOf } from './outreach.ts';

const OPEN = { 'filter[owner][id]': OWNER, 'filter[state]': 'incomplete' };

describe('listing tasks (outreach.md 2)', () => {
  it('answers the open tasks of an owner, as JSON:API', async () => {
    const outreach = await start({
      tasks: [
        task('9007199254740993'),
        task('9007199254740994', { state: 'complete' }),
        task('9007199254740995', { state: 'pending' }),
        task('9007199254740996', { ownerId: OTHER }),
      ],
    });

    const reply = await list(outreach, OPEN);

    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toMatch(/^application\/vnd\.api\+json/);
    expect(ids(reply)).toEqual(['9007199254740993']);
    expect(reply.json.links).toEqual({ first: expect.any(String) });
    expect(reply.json.meta).toBeUndefined();
    expect(reply.json.included).toBeUndefined();
    expect(outreach.unexpected).toEqual([]);
    expect(outreach.requests).toMatchObject([{ userId: OWNER, status: 200 }]);
  });

  it('writes ids as bare integers, digit by digit', async () => {
    const outreach = await start({ tasks: [step('7304958120347716181'), task('7304958120347716182')] });

    const { text } = await list(outreach, OPEN);

    expect(text).toContain('"id":7304958120347716181,');
    expect(text).toContain('"id":7304958120347716182,');
    expect(text).toContain(`"owner":{"data":{"type":"user","id":${OWNER}}}`);
    expect(text).toContain(`"prospect":{"data":{"type":"prospect","id":${PROSPECT}}}`);
  });

  it('shows a rep only their own tasks, and an admin all', async () => {
    const outreach = await start({ tasks: [task('1'), task('2', { ownerId: OTHER })] });

    expect(ids(await list(outreach))).toEqual(['1']);
    expect(ids(await list(outreach, { 'filter[owner][id]': OTHER }))).toEqual([]);
    expect(ids(await list(outreach, {}, tokenOf(outreach, ADMIN)))).toEqual(['1', '2']);
  });

  it.each<[string, Record<string, string>, string[]]>([
    [
      'owner by e-mail, whatever its case',
      { 'filter[owner][email]': 'maya.lindqvist@northlight.example' },
      ['1', '2', '3', '4'],
    ],
    ['several states', { 'filter[state]': 'pending,complete' }, ['2', '3']],
    ['type', { 'filter[taskType]': 'sequence_step_call' }, ['4']],
    ['prospect', { 'filter[prospect][id]': PROSPECT }, ['4']],
    ['sequence and state', { 'filter[sequence][id]': '71', 'filter[state]': 'complete' }, []],
    ['due in a range', { 'filter[dueAt]': '2026-03-10T00:00:00Z..2026-03-11T00:00:00Z' }, ['2']],
    ['due until', { 'filter[dueAt]': 'neginf..2026-03-09T20:00:00Z' }, ['1', '4']],
    ['due from', { 'filter[dueAt]': '2026-03-09T20:00:01Z..inf' }, ['2']],
    ['without a due date', { 'filter[dueAt]': '__null__' }, ['3']],
    ['created', { 'filter[createdAt]': '2026-03-05T00:00:00Z..inf' }, ['3']],
  ])('filters by %s', async (_, query, expected) => {
    const outreach = await start({
      tasks: [
        task('1'),
        task('2', { state: 'pending', dueAt: '2026-03-10T09:00:00Z' }),
        task('3', { state: 'complete', dueAt: null, createdAt: '2026-03-06T00:00:00Z' }),
        step('4'),
      ],
    });

    expect(ids(await list(outreach, query))).toEqual(expected);
    expect(outreach.unexpected).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['filter[status] instead of filter[state]', { 'filter[status]': 'incomplete' }],
    ['a parameter that nobody knows', { limit: '5' }],
    ['the offset form of paging', { 'page[limit]': '50' }],
    ['a state that is none', { 'filter[state]': 'open' }],
    ['a type that is none', { 'filter[taskType]': 'call' }],
    ['an id that is none', { 'filter[owner][id]': 'maya' }],
    ['a date that is no range', { 'filter[dueAt]': '2026-03-10T00:00:00Z' }],
    ['a range of dates without a time', { 'filter[dueAt]': '2026-03-10..inf' }],
    ['sorting by an attribute that cannot', { sort: 'completedAt' }],
    ['sorting by a relationship', { sort: 'prospect.name' }],
    ['a page that is too large', { 'page[size]': '1001' }],
    ['an empty page', { 'page[size]': '0' }],
    ["a cursor of the client's own", { 'page[after]': 'MQ==' }],
    ['an include that is none', { include: 'prospect,contact' }],
    ['an include of an include', { include: 'prospect.account' }],
    ['a field that is none', { 'fields[task]': 'title' }],
    ['fields of a type in the plural', { 'fields[tasks]': 'note' }],
    ['a count that is neither', { count: '1' }],
  ])('refuses %s, and notes it', async (_, query) => {
    const outreach = await start({ tasks: [task('1')] });

    const reply = await list(outreach, query);

    expect([reply.status, errorId(reply)]).toEqual([400, 'badRequest']);
    expect(reply.json.errors[0]).toEqual({ id: 'badRequest', title: expect.any(String), detail: expect.any(String) });
    expect(outreach.unexpected).toHaveLength(1);
  });

  it('refuses a parameter that is given twice, and an offset whose + became a space', async () => {
    const outreach = await start();

    expect((await ask(outreach, 'GET', '/tasks?sort=dueAt&sort=createdAt')).status).toBe(400);
    expect((await ask(outreach, 'GET', '/tasks?filter[dueAt]=neginf..2026-03-10T00:00:00+01:00')).status).toBe(400);
    expect((await ask(outreach, 'GET', '/tasks?filter[dueAt]=neginf..2026-03-10T00:00:00%2B01:00')).status).toBe(200);
    expect(outreach.unexpected).toHaveLength(2);
  });
});

describe('sorting', () => {
  const tasks = [
    task('1', { dueAt: '2026-03-09T10:00:00+02:00', taskType: 'touch' }),
    task('2', { dueAt: null }),
    task('3', { dueAt: '2026-03-09T09:00:00Z', taskType: 'follow_up' }),
    task('4', { dueAt: '2026-03-09T09:00:00Z' }),
  ];

  it.each([
    ['dueAt', ['1', '3', '4', '2']],
    ['-dueAt', ['2', '3', '4', '1']],
    ['-dueAt,taskType', ['2', '3', '4', '1']],
    ['dueAt,-taskType', ['1', '4', '3', '2']],
  ])('by %s', async (sort, expected) => {
    const outreach = await start({ tasks });

    expect(ids(await list(outreach, { sort }))).toEqual(expected);
  });
});

describe('pages', () => {
  async function walk(outreach: Awaited<ReturnType<typeof start>>, first: Record<string, string>, between = () => {}) {
    const pages: string[][] = [];
    let reply = await list(outreach, first);
    for (;;) {
      pages.push(ids(reply));
      const next: unknown = reply.json.links.next;
      if (typeof next !== 'string') return pages;
      expect(new URL(next).origin).toBe(outreach.url);
      between();
      reply = await ask(outreach, 'GET', next.slice(`${outreach.url}/api/v2`.length));
    }
  }

  it('holds 50 unless asked otherwise, and leads on by links.next', async () => {
    const tasks = Array.from({ length: 120 }, (_, index) => task(String(index + 1)));
    const outreach = await start({ tasks });

    expect((await walk(outreach, OPEN)).map((page) => page.length)).toEqual([50, 50, 20]);
    expect((await walk(outreach, { ...OPEN, 'page[size]': '1000' })).map((page) => page.length)).toEqual([120]);
    expect((await walk(outreach, { ...OPEN, 'page[size]': '60' })).flat()).toEqual(tasks.map(({ id }) => id));
    expect(outreach.unexpected).toEqual([]);
  });

  it('passes nothing over when tasks close between two pages', async () => {
    const outreach = await start({ tasks: ['1', '2', '3', '4', '5'].map((id) => task(id)) });

    const pages = await walk(outreach, { ...OPEN, 'page[size]': '2', sort: 'dueAt' }, () => {
      const [first] = outreach.tasks().filter(({ state }) => state === 'incomplete');
      if (first) outreach.complete(first.id);
    });

    expect(pages).toEqual([['1', '2'], ['3', '4'], ['5']]);
  });

  it('has cursors that break when they are not encoded, and that fit no other list', async () => {
    const outreach = await start({ tasks: ['1', '2', '3'].map((id) => task(id)) });
    const next = new URL((await list(outreach, { 'page[size]': '1' })).json.links.next);
    const cursor = next.searchParams.get('page[after]') ?? '';

    const raw = await ask(outreach, 'GET', `/tasks?page[size]=1&page[after]=${cursor}`);
    const elsewhere = await list(outreach, { 'page[size]': '1', sort: 'dueAt', 'page[after]': cursor });
    const other = await list(outreach, { 'page[size]': '1', 'page[after]': cursor }, tokenOf(outreach, ADMIN));
    const right = await list(outreach, { 'page[size]': '1', 'page[after]': cursor });

    expect([raw.status, elsewhere.status, other.status]).toEqual([400, 400, 400]);
    expect(ids(right)).toEqual(['2']);
  });

  it('counts only when asked, and then everything', async () => {
    const outreach = await start({ tasks: ['1', '2', '3'].map((id) => task(id)) });

    expect((await list(outreach, { count: 'true', 'page[size]': '2' })).json.meta.count).toBe(3);
    expect((await list(outreach, { count: 'false', 'page[size]': '2' })).json.meta).toBeUndefined();
  });
});

describe('include and fields', () => {
  it('includes each related record once, the owner as a user', async () => {
    const outreach = await start({ tasks: [step('1', { priorityId: '3', opportunityId: '61' }), step('2')] });

    const { json } = await list(outreach, {
      include: 'prospect,account,opportunity,sequence,sequenceStep,taskPriority,owner,subject',
    });

    expect(json.included.map(({ type }: { type: string }) => type).sort()).toEqual([
      'account',
      'opportunity',
      'prospect',
      'sequence',
      'sequenceStep',
      'taskPriority',
      'user',
    ]);
    expect(json.included).toContainEqual(
      expect.objectContaining({
        type: 'sequenceStep',
        attributes: { displayName: 'Step #4: Phone call', order: 4, stepType: 'call' },
      }),
    );
  });

  it('has an empty list where an include finds nothing', async () => {
    const outreach = await start({ tasks: [task('1')] });

    expect((await list(outreach, { include: 'prospect' })).json.included).toEqual([]);
  });

  it('needs the scope of what is included', async () => {
    const outreach = await start({ tasks: [step('1')] });
    const { accessToken } = outreach.grant(OWNER, ['tasks.read', 'prospects.read']);

    expect((await list(outreach, { include: 'prospect' }, accessToken)).status).toBe(200);
    const refused = await list(outreach, { include: 'prospect,sequence' }, accessToken);

    expect([refused.status, errorId(refused)]).toEqual([403, 'unauthorizedOauthScope']);
    expect(outreach.unexpected).toEqual([]);
  });

  it('drops relationships that fields[task] does not name', async () => {
    const outreach = await start({ tasks: [step('1')] });

    const bare = (await list(outreach, { 'fields[task]': 'note,dueAt', include: 'prospect' })).json.data[0];
    const named = (await list(outreach, { 'fields[task]': 'note,prospect', 'fields[prospect]': 'name' })).json.data[0];

    expect(Object.keys(bare.attributes).sort()).toEqual(['dueAt', 'note']);
    expect(bare.relationships).toBeUndefined();
    expect(Object.keys(named.relationships)).toEqual(['prospect']);
  });

  it('thins out included records by their own type', async () => {
    const outreach = await start({ tasks: [step('1')] });

    const { json } = await list(outreach, {
      include: 'prospect,owner',
      'fields[prospect]': 'name',
      'fields[user]': 'email',
    });

    expect(json.included).toMatchObject([
      { type: 'prospect', attributes: { name: 'Adaeze Whitlock' } },
      { type: 'user', attributes: { email: 'Maya.Lindqvist@northlight.example' } },
    ]);
    expect(json.included.map(({ attributes }: { attributes: object }) => Object.keys(attributes).length)).toEqual([
      1, 1,
    ]);
  });

  it('tells what may be done with a task when asked', async () => {
    const outreach = await start({
      tasks: [task('1'), task('2', { canDelete: false }), task('3', { canWrite: false })],
    });

    const asked = (await list(outreach, { provideAuthorizationMeta: 'true' })).json.data;

    expect(asked.map(({ meta }: { meta: unknown }) => meta)).toEqual([
      { canWrite: true, canDelete: true },
      { canWrite: true, canDelete: false },
      { canWrite: false, canDelete: true },
    ]);
    expect((await list(outreach)).json.data[0].meta).toBeUndefined();
  });
});

describe('what stands before every route', () => {
  it.each([
    ['a list', 'GET', '/tasks'],
    ['a single read', 'GET', '/tasks/1'],
    ['an action without a body', 'POST', '/tasks/1/actions/markComplete'],
    ['a deletion', 'DELETE', '/tasks/1'],
  ])('wants its content type on %s', async (_, method, path) => {
    const outreach = await start({ tasks: [task('1')] });

    const plain = await ask(outreach, method, path, { headers: { 'content-type': 'application/json' } });
    const charset = await ask(outreach, method, path, {
      headers: { 'content-type': 'application/vnd.api+json; charset=utf-8' },
    });

    expect([plain.status, errorId(plain)]).toEqual([415, 'unsupportedMediaType']);
    expect(charset.status).toBe(415);
    expect(outreach.unexpected).toHaveLength(2);
    expect(outreach.task('1')?.state).toBe('incomplete');
  });

  it('refuses unknown and absent tokens, without noting it', async () => {
    const outreach = await start();

    for (const authorization of ['Bearer wrong', 'Basic abc', '']) {
      const reply = await ask(outreach, 'GET', '/tasks', { headers: { authorization } });
      expect([reply.status, errorId(reply)]).toEqual([401, 'unauthorized']);
    }
    expect(outreach.unexpected).toEqual([]);
  });

  it('has scopes that are not additive', async () => {
    const outreach = await start({ tasks: [task('1')] });
    const writer = outreach.grant(OWNER, ['tasks.write']).accessToken;
    const reader = outreach.grant(OWNER, ['tasks.read']).accessToken;
    const all = outreach.grant(OWNER, ['tasks.all']).accessToken;

    expect((await list(outreach, {}, writer)).status).toBe(403);
    expect((await ask(outreach, 'POST', '/tasks/1/actions/snooze', { token: reader })).status).toBe(403);
    expect((await ask(outreach, 'DELETE', '/tasks/1', { token: writer })).status).toBe(403);
    expect((await list(outreach, {}, all)).status).toBe(200);
    expect((await ask(outreach, 'DELETE', '/tasks/1', { token: all })).status).toBe(204);
    expect(outreach.unexpected).toEqual([]);
  });

  it('notes what has no route', async () => {
    const outreach = await start({ tasks: [task('1')] });

    for (const [method, path] of [
      ['PUT', '/tasks/1'],
      ['GET', '/tasks/abc'],
      ['GET', '/me'],
      ['POST', '/users'],
    ] as const) {
      expect((await ask(outreach, method, path, method === 'GET' ? {} : { body: {} })).status).toBe(404);
    }
    expect(outreach.unexpected).toHaveLength(4);
  });
});

describe('users and prospects (outreach.md 7)', () => {
  it('finds a user by e-mail, and says who is locked', async () => {
    const outreach = await start();

    const maya = await ask(
      outreach,
      'GET',
      '/users?filter[email]=maya.lindqvist%40northlight.example&fields[user]=email,locked',
    );
    const two = await ask(outreach, 'GET', '/users?filter[email]=theo@northlight.example,henrik@northlight.example');

    expect(maya.text).toContain(`"id":${OWNER},`);
    expect(maya.json.data.map(({ attributes }: { attributes: unknown }) => attributes)).toEqual([
      { email: 'Maya.Lindqvist@northlight.example', locked: false },
    ]);
    expect(two.json.data).toMatchObject([
      { id: 40, attributes: { email: 'henrik@northlight.example', locked: true } },
      { attributes: { email: 'theo@northlight.example', locked: false } },
    ]);
  });

  it('reads a plus sign that was not encoded as a space', async () => {
    const outreach = await start();
    outreach.putUser({ id: '77', email: 'a+b@northlight.example', firstName: 'A', lastName: 'B' });

    expect((await ask(outreach, 'GET', '/users?filter[email]=a+b@northlight.example')).json.data).toEqual([]);
    expect((await ask(outreach, 'GET', '/users?filter[email]=a%2Bb@northlight.example')).json.data).toHaveLength(1);
  });

  it('reads a user by id, pages users, and knows no filter by name', async () => {
    const outreach = await start();

    expect((await ask(outreach, 'GET', `/users/${OTHER}`)).json.data.attributes.name).toBe('Theo Brandvold');
    expect((await ask(outreach, 'GET', '/users/12345')).status).toBe(404);
    expect((await ask(outreach, 'GET', '/users?page[size]=3')).json.links.next).toEqual(expect.any(String));
    expect(outreach.unexpected).toEqual([]);
    expect((await ask(outreach, 'GET', '/users?filter[name]=Theo')).status).toBe(400);
  });

  it('finds a prospect by any address, whole and whatever its case, and its account', async () => {
    const outreach = await start();

    const found = await ask(
      outreach,
      'GET',
      '/prospects?filter[emails]=ADAEZE.whitlock@customers.example&include=account',
    );
    const part = await ask(outreach, 'GET', '/prospects?filter[emails]=whitlock@customers.example');

    expect(found.json.data).toHaveLength(1);
    expect(found.json.included).toMatchObject([{ type: 'account', attributes: { name: 'Marrowgate' } }]);
    expect(part.json.data).toEqual([]);
    expect((await ask(outreach, 'GET', `/prospects/${PROSPECT}`)).json.data.attributes.title).toBe('VP');
  });
});
