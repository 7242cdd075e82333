import { describe, expect, it } from 'vitest';
import type { OutreachSimulator } from '../../../sandbox/outreach/types.ts';
import { breaches } from '../simulator.ts';
import { ADMIN, ask, ids, list, OTHER, OWNER, PROSPECT, refusal, start, step, task, tokenOf } from './outreach.ts';

const OPEN = { 'filter[owner][id]': OWNER, 'filter[state]': 'incomplete' };
const FIVE = ['1', '2', '3', '4', '5'].map((id) => task(id));

interface Resource {
  type: string;
  attributes: object;
  meta: unknown;
}

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

    const got = await list(outreach, OPEN);

    expect(got.status).toBe(200);
    expect(got.headers.get('content-type')).toMatch(/^application\/vnd\.api\+json/);
    expect(ids(got)).toEqual(['9007199254740993']);
    expect(got.json).toEqual({ data: expect.any(Array), links: { first: expect.any(String) } });
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

  it.each<[string, Record<string, string>, string]>([
    ['owner by e-mail, whatever its case', { 'filter[owner][email]': 'maya.lindqvist@northlight.example' }, '1234'],
    ['several states', { 'filter[state]': 'pending,complete' }, '23'],
    ['type', { 'filter[taskType]': 'sequence_step_call' }, '4'],
    ['prospect', { 'filter[prospect][id]': PROSPECT }, '4'],
    ['sequence and state', { 'filter[sequence][id]': '71', 'filter[state]': 'complete' }, ''],
    ['due in a range', { 'filter[dueAt]': '2026-03-10T00:00:00Z..2026-03-11T00:00:00Z' }, '2'],
    ['due until', { 'filter[dueAt]': 'neginf..2026-03-09T20:00:00Z' }, '14'],
    ['due until, with an offset', { 'filter[dueAt]': 'neginf..2026-03-09T21:00:00+01:00' }, '14'],
    ['due from', { 'filter[dueAt]': '2026-03-09T20:00:01Z..inf' }, '2'],
    ['without a due date', { 'filter[dueAt]': '__null__' }, '3'],
    ['created', { 'filter[createdAt]': '2026-03-05T00:00:00Z..inf' }, '3'],
  ])('filters by %s', async (_, query, expected) => {
    const outreach = await start({
      tasks: [
        task('1'),
        task('2', { state: 'pending', dueAt: '2026-03-10T09:00:00Z' }),
        task('3', { state: 'complete', dueAt: null, createdAt: '2026-03-06T00:00:00Z' }),
        step('4'),
      ],
    });

    expect(ids(await list(outreach, query)).join('')).toBe(expected);
  });

  it.each([
    ['dueAt', '1342'],
    ['-dueAt', '2341'],
    ['-dueAt,taskType', '2341'],
    ['dueAt,-taskType', '1432'],
  ])('sorts by %s', async (sort, expected) => {
    const outreach = await start({
      tasks: [
        task('1', { dueAt: '2026-03-09T10:00:00+02:00', taskType: 'touch' }),
        task('2', { dueAt: null }),
        task('3', { dueAt: '2026-03-09T09:00:00Z', taskType: 'follow_up' }),
        task('4', { dueAt: '2026-03-09T09:00:00Z' }),
      ],
    });

    expect(ids(await list(outreach, { sort })).join('')).toBe(expected);
  });
});

describe('pages', () => {
  async function walk(outreach: OutreachSimulator, first: Record<string, string>, between = () => {}) {
    const pages: string[][] = [];
    let got = await list(outreach, first);
    for (;;) {
      pages.push(ids(got));
      const next: unknown = got.json.links.next;
      if (typeof next !== 'string') return pages;
      expect(new URL(next).origin).toBe(outreach.url);
      between();
      got = await ask(outreach, `GET ${next.slice(`${outreach.url}/api/v2`.length)}`);
    }
  }

  it.each([
    [undefined, [50, 50, 20]],
    ['1000', [120]],
    ['60', [60, 60]],
  ])('of %s hold 50 unless asked otherwise, and lead on by links.next', async (size, sizes) => {
    const tasks = Array.from({ length: 120 }, (_, index) => task(String(index + 1)));
    const outreach = await start({ tasks });

    const pages = await walk(outreach, { ...OPEN, ...(size && { 'page[size]': size }) });

    expect(pages.map((page) => page.length)).toEqual(sizes);
    expect(pages.flat()).toEqual(tasks.map(({ id }) => id));
  });

  it('pass nothing over when tasks close in between', async () => {
    const outreach = await start({ tasks: FIVE });

    const pages = await walk(outreach, { ...OPEN, 'page[size]': '2', sort: 'dueAt' }, () => {
      const [first] = outreach.tasks().filter(({ state }) => state === 'incomplete');
      if (first) outreach.complete(first.id);
    });

    expect(pages).toEqual([['1', '2'], ['3', '4'], ['5']]);
  });

  it('have cursors that break when they are not encoded, and that fit no other list', async () => {
    const outreach = await start({ tasks: FIVE });
    const next = new URL((await list(outreach, { 'page[size]': '1' })).json.links.next);
    const cursor = next.searchParams.get('page[after]') ?? '';
    const asked = { 'page[size]': '1', 'page[after]': cursor };

    const raw = await ask(outreach, `GET /tasks?page[size]=1&page[after]=${cursor}`);
    const elsewhere = await list(outreach, { ...asked, sort: 'dueAt' });
    const others = await list(outreach, asked, tokenOf(outreach, ADMIN));

    expect([raw.status, elsewhere.status, others.status]).toEqual([400, 400, 400]);
    expect(ids(await list(outreach, asked))).toEqual(['2']);
    expect(breaches(outreach)).toHaveLength(3);
  });

  it('count only when asked, and then everything', async () => {
    const outreach = await start({ tasks: FIVE });

    expect((await list(outreach, { count: 'true', 'page[size]': '2' })).json.meta.count).toBe(5);
    expect((await list(outreach, { count: 'false', 'page[size]': '2' })).json.meta).toBeUndefined();
  });
});

describe('include and fields', () => {
  it('includes each related record once, the owner as a user', async () => {
    const outreach = await start({ tasks: [step('1', { priorityId: '3', opportunityId: '61' }), step('2')] });

    const include = 'prospect,account,opportunity,sequence,sequenceStep,taskPriority,owner,subject';
    const { included } = (await list(outreach, { include })).json;

    const types = ['account', 'opportunity', 'prospect', 'sequence', 'sequenceStep', 'taskPriority', 'user'];
    expect(included.map(({ type }: Resource) => type).sort()).toEqual(types);
    const attributes = { displayName: 'Step #4: Phone call', order: 4, stepType: 'call' };
    expect(included).toContainEqual(expect.objectContaining({ type: 'sequenceStep', attributes }));
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

    expect(refusal(refused)).toEqual([403, 'unauthorizedOauthScope']);
  });

  it('drops relationships that fields[task] does not name', async () => {
    const outreach = await start({ tasks: [step('1')] });
    const first = async (query: Record<string, string>) => (await list(outreach, query)).json.data[0];

    const bare = await first({ 'fields[task]': 'note,dueAt', include: 'prospect' });
    const named = await first({ 'fields[task]': 'note,prospect', 'fields[prospect]': 'name' });

    expect(Object.keys(bare.attributes).sort()).toEqual(['dueAt', 'note']);
    expect(bare.relationships).toBeUndefined();
    expect(Object.keys(named.relationships)).toEqual(['prospect']);
  });

  it('thins out included records by their own type', async () => {
    const outreach = await start({ tasks: [step('1')] });
    const fields = { 'fields[prospect]': 'name', 'fields[user]': 'email' };

    const { included } = (await list(outreach, { include: 'prospect,owner', ...fields })).json;

    expect(included.map(({ type, attributes }: Resource) => [type, attributes])).toEqual([
      ['prospect', { name: 'Adaeze Whitlock' }],
      ['user', { email: 'Maya.Lindqvist@northlight.example' }],
    ]);
  });

  it('tells what may be done with a task when asked', async () => {
    const outreach = await start({
      tasks: [task('1'), task('2', { canDelete: false }), task('3', { canWrite: false })],
    });

    const { data } = (await list(outreach, { provideAuthorizationMeta: 'true' })).json;

    expect(data.map(({ meta }: Resource) => meta)).toEqual([
      { canWrite: true, canDelete: true },
      { canWrite: true, canDelete: false },
      { canWrite: false, canDelete: true },
    ]);
    expect((await list(outreach)).json.data[0].meta).toBeUndefined();
  });
});

it.each([
  ['tasks.write', 'GET /tasks', 403],
  ['tasks.read', 'POST /tasks/1/actions/snooze', 403],
  ['tasks.write', 'DELETE /tasks/1', 403],
  ['tasks.all', 'GET /tasks', 200],
  ['tasks.all', 'DELETE /tasks/1', 204],
  ['tasks.all', 'GET /webhooks', 403],
])('scopes are not additive: with %s, %s is answered %i', async (scope, request, status) => {
  const outreach = await start({ tasks: [task('1')] });

  const got = await ask(outreach, request, { token: outreach.grant(OWNER, [scope]).accessToken });

  expect(got.status).toBe(status);
  if (status === 403) expect(refusal(got)[1]).toBe('unauthorizedOauthScope');
});

describe('users and prospects (outreach.md 7)', () => {
  it.each([
    [
      'maya.lindqvist%40northlight.example&fields[user]=email,locked',
      [{ email: 'Maya.Lindqvist@northlight.example', locked: false }],
    ],
    [
      'theo@northlight.example,henrik@northlight.example',
      [
        { email: 'henrik@northlight.example', locked: true },
        { email: 'theo@northlight.example', locked: false },
      ],
    ],
    // A plus sign that is not encoded is a space.
    ['a+b@northlight.example', []],
    ['a%2Bb@northlight.example', [{ email: 'a+b@northlight.example' }]],
  ])('finds users by e-mail, and says who is locked: %s', async (addresses, expected) => {
    const outreach = await start();
    outreach.putUser({ id: '77', email: 'a+b@northlight.example', firstName: 'A', lastName: 'B' });

    const { json } = await ask(outreach, `GET /users?filter[email]=${addresses}`);

    expect(json.data.map(({ attributes }: Resource) => attributes)).toMatchObject(expected);
  });

  it('reads a user by id, to the last digit, and pages users', async () => {
    const outreach = await start();

    const theo = await ask(outreach, `GET /users/${OTHER}`);
    expect(theo.text).toContain(`"id":${OTHER},`);
    expect(theo.json.data.attributes.name).toBe('Theo Brandvold');
    expect((await ask(outreach, 'GET /users?page[size]=3')).json.links.next).toEqual(expect.any(String));
  });

  it('finds a prospect by any address, whole and whatever its case, and its account', async () => {
    const outreach = await start();
    const by = (address: string) => ask(outreach, `GET /prospects?filter[emails]=${address}&include=account`);

    const { json } = await by('ADAEZE.whitlock@customers.example');

    expect(json.data).toHaveLength(1);
    expect(json.included).toMatchObject([{ type: 'account', attributes: { name: 'Marrowgate' } }]);
    expect((await by('whitlock@customers.example')).json.data).toEqual([]);
    expect((await ask(outreach, `GET /prospects/${PROSPECT}`)).json.data.attributes.title).toBe('VP');
  });
});
