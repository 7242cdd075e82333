import { describe, expect, it } from 'vitest';
import type { OutreachSimulator, OutreachTask } from '../../../sandbox/outreach/types.ts';
import { breaches } from '../simulator.ts';
import { ADMIN, ask, ids, list, OTHER, OWNER, PROSPECT, refusal, start, step, task, tokenOf } from './outreach.ts';

type Query = Record<string, string>;

const OPEN = { 'filter[owner][id]': OWNER, 'filter[state]': 'incomplete' };
const FIVE = ['1', '2', '3', '4', '5'].map((id) => task(id));
const FILTERED = [
  task('1'),
  task('2', { state: 'pending' }),
  task('3', { state: 'complete' }),
  step('4'),
  task('5', { ownerId: OTHER }),
];
const SORTED = [
  task('1', { dueAt: '2026-03-09T10:00:00+02:00' }),
  task('2', { dueAt: null }),
  task('3', { dueAt: '2026-03-09T09:00:00Z' }),
  task('4', { dueAt: '2026-03-09T09:00:00Z' }),
];

interface Resource {
  type: string;
  attributes: object;
  meta: unknown;
}

describe('listing tasks (outreach.md 2)', () => {
  it('answers JSON:API, with ids as bare integers, digit by digit', async () => {
    const outreach = await start({ tasks: [step('7304958120347716181'), task('7304958120347716182')] });

    const { headers, json, text } = await list(outreach, OPEN);

    expect(headers.get('content-type')).toMatch(/^application\/vnd\.api\+json/);
    expect(json).toEqual({ data: expect.any(Array), links: { first: expect.any(String) } });
    expect(text).toContain('"id":7304958120347716181,');
    expect(text).toContain('"id":7304958120347716182,');
    expect(text).toContain(`"owner":{"data":{"type":"user","id":${OWNER}}}`);
    expect(text).toContain(`"prospect":{"data":{"type":"prospect","id":${PROSPECT}}}`);
    expect(outreach.requests).toMatchObject([{ userId: OWNER, status: 200 }]);
  });

  it.each<[string, OutreachTask[], Query, expected: string, as?: string]>([
    ['a rep only their own', FILTERED, {}, '1234'],
    ['a rep nobody else’s', FILTERED, { 'filter[owner][id]': OTHER }, ''],
    ['an admin all', FILTERED, {}, '12345', ADMIN],
    ['the open ones of an owner', FILTERED, OPEN, '14'],
    ['a prospect', FILTERED, { 'filter[prospect][id]': PROSPECT }, '4'],
    ['in order, what has no date last', SORTED, { sort: 'dueAt' }, '1342'],
  ])('shows %s', async (_, tasks, query, expected, as) => {
    const outreach = await start({ tasks });

    expect(ids(await list(outreach, query, tokenOf(outreach, as))).join('')).toBe(expected);
  });
});

describe('pages', () => {
  async function walk(outreach: OutreachSimulator, first: Query, between = () => {}) {
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
    expect(breaches(outreach)).toHaveLength(3);
    expect(ids(await list(outreach, asked))).toEqual(['2']);
  });
});

describe('what comes with a task', () => {
  const TASKS = [
    step('1', { priorityId: '3', opportunityId: '61' }),
    task('2', { canDelete: false }),
    task('3', { canWrite: false }),
  ];
  const fetched = async (query: Query) => (await list(await start({ tasks: TASKS }), query)).json;

  it('includes each related record once, with the fields that were asked for', async () => {
    const include = 'prospect,account,opportunity,sequence,sequenceStep,taskPriority';

    const { included } = await fetched({ include, 'fields[sequenceStep]': 'displayName,order' });

    expect(included.map(({ type }: Resource) => type)).toEqual(include.split(','));
    const attributes = { displayName: 'Step #4: Phone call', order: 4 };
    expect(included).toContainEqual(expect.objectContaining({ type: 'sequenceStep', attributes }));
  });

  it('is an empty list where an include finds nothing', async () => {
    const { json } = await list(await start({ tasks: [task('1')] }), { include: 'prospect' });

    expect(json.included).toEqual([]);
  });

  it('tells what may be done with it, only when asked', async () => {
    const asked = await fetched({ provideAuthorizationMeta: 'true' });
    const plain = await fetched({ count: 'false' });

    expect(asked.data.map(({ meta }: Resource) => meta)).toEqual([
      { canWrite: true, canDelete: true },
      { canWrite: true, canDelete: false },
      { canWrite: false, canDelete: true },
    ]);
    expect([plain.meta, plain.data[0].meta]).toEqual([undefined, undefined]);
  });
});

it.each([
  ['tasks.write', 'GET /tasks', 403],
  ['tasks.read', 'POST /tasks/1/actions/snooze', 403],
  ['tasks.write', 'DELETE /tasks/1', 403],
  ['tasks.all', 'GET /tasks', 200],
  ['tasks.all', 'DELETE /tasks/1', 204],
  ['tasks.all', 'GET /webhooks', 403],
  ['tasks.read prospects.read', 'GET /tasks?include=prospect', 200],
  ['tasks.read prospects.read', 'GET /tasks?include=prospect,sequence', 403],
])('scopes are not additive: with %s, %s is answered %i', async (scopes, request, status) => {
  const outreach = await start({ tasks: [step('1')] });

  const got = await ask(outreach, request, { token: outreach.grant(OWNER, scopes.split(' ')).accessToken });

  expect(got.status).toBe(status);
  if (status === 403) expect(refusal(got)[1]).toBe('unauthorizedOauthScope');
});

it.each<[string, string, object[]]>([
  [
    'address, whatever its case',
    '/users?filter[email]=MAYA.lindqvist@northlight.example&fields[user]=email,locked',
    [{ email: 'Maya.Lindqvist@northlight.example', locked: false }],
  ],
  ['address of someone locked', '/users?filter[email]=henrik@northlight.example', [{ locked: true }]],
  ['address whose plus sign was not encoded', '/users?filter[email]=a+b@northlight.example', []],
  ['address with a plus sign', '/users?filter[email]=a%2Bb@northlight.example', [{ email: 'a+b@northlight.example' }]],
  ['address of a prospect', '/prospects?filter[emails]=ADAEZE.whitlock@customers.example', [{ title: 'VP' }]],
  ['half an address', '/prospects?filter[emails]=whitlock@customers.example', []],
])('finds people by an %s (outreach.md 7)', async (_, path, expected) => {
  const outreach = await start();
  outreach.putUser({ id: '77', email: 'a+b@northlight.example', firstName: 'A', lastName: 'B' });

  const { json } = await ask(outreach, `GET ${path}`);

  expect(json.data.map(({ attributes }: Resource) => attributes)).toEqual(
    expected.map((each) => expect.objectContaining(each)),
  );
});
