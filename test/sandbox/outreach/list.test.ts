import { describe, expect, it } from 'vitest';
import type { OutreachTask } from '../../../sandbox/outreach/types.ts';
import { breaches, type Got } from '../simulator.ts';
import { ADMIN, ask, ids, list, NOW, OTHER, OWNER, PROSPECT, refusal, start, step, task, tokenOf } from './outreach.ts';

type Query = Record<string, string>;

const OPEN = { 'filter[owner][id]': OWNER, 'filter[state]': 'incomplete' };
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

describe('what is around a task', () => {
  it('is served as asked for, absent values as null (outreach.md 2)', async () => {
    const person = {
      id: PROSPECT,
      firstName: 'Adaeze',
      lastName: 'Whitlock',
      emails: [],
      mobilePhones: ['+1 312 555 0118'],
      timeZone: 'America/Chicago',
      callOptedOut: true,
    };
    const outreach = await start({ tasks: [step('1')], prospects: [person] });
    const names = 'mobilePhones,workPhones,timeZone,timeZoneIana,callOptedOut,emailOptedOut,touchedAt,linkedInUrl';
    const { json } = await list(outreach, { ...OPEN, include: 'prospect', 'fields[prospect]': names });
    const { mobilePhones, timeZone, callOptedOut } = person;
    const rest = { workPhones: null, timeZoneIana: null, emailOptedOut: null, touchedAt: null, linkedInUrl: null };
    expect(json.included[0].attributes).toEqual({ mobilePhones, timeZone, callOptedOut, ...rest });
  });

  it('are the steps of its own sequence, and a text only while it is open', async () => {
    const steps = ['81', '82', '83'].map((id, index) => ({
      id,
      sequenceId: id === '83' ? '72' : '71',
      order: index + 1,
      displayName: 'x',
      stepType: 'call',
    }));
    const compiledSequenceTemplateHtml = '<p>Hi</p>';
    const text = { compiledSequenceTemplateHtml };
    const outreach = await start({ tasks: [step('1', text), step('2', { ...text, state: 'complete' })], steps });
    const [open, complete] = (await list(outreach)).json.data;
    expect(open.relationships.sequenceSequenceSteps).toEqual([
      { data: { type: 'sequenceStep', id: 81 } },
      { data: { type: 'sequenceStep', id: 82 } },
    ]);
    expect([open, complete].map(({ attributes }) => attributes.compiledSequenceTemplateHtml)).toEqual([
      compiledSequenceTemplateHtml,
      null,
    ]);
  });

  // outreach.md 2.13
  it('is refused where the account lacks a field, and that is no fault of the client', async () => {
    const outreach = await start({ tasks: [step('1')], lacks: ['timeZoneIana'] });
    const query = (names: string) => ({ ...OPEN, include: 'prospect', 'fields[prospect]': names });
    const refused = await list(outreach, query('firstName,timeZoneIana'));
    expect(refusal(refused)).toEqual([400, 'badRequest']);
    const alone = await ask(outreach, 'GET /tasks/1?include=prospect&fields[prospect]=timeZoneIana');
    expect(alone.status).toBe(400);
    expect((await list(outreach, query('firstName'))).status).toBe(200);
    expect(outreach.unexpected).toEqual([]);
  });
});

describe('pages', () => {
  const FIVE = ['1', '2', '3', '4', '5'].map((id) => task(id));
  const linkOf = ({ json }: Got) => new URL(json.links.next);

  it('pass nothing over when tasks close in between', async () => {
    const outreach = await start({ tasks: FIVE });
    const first = await list(outreach, { ...OPEN, 'page[size]': '2', sort: 'dueAt' });
    outreach.complete('1');

    const { origin, pathname, search } = linkOf(first);
    expect([origin, pathname]).toEqual([outreach.url, '/api/v2/tasks']);
    expect(ids(first)).toEqual(['1', '2']);
    expect(ids(await ask(outreach, `GET /tasks${search}`))).toEqual(['3', '4']);
  });

  it('have cursors that break when they are not encoded, and that fit no other list', async () => {
    const outreach = await start({ tasks: FIVE });
    const cursor = linkOf(await list(outreach, { 'page[size]': '1' })).searchParams.get('page[after]') ?? '';
    const asked = { 'page[size]': '1', 'page[after]': cursor };

    const raw = await ask(outreach, `GET /tasks?page[size]=1&page[after]=${cursor}`);
    const elsewhere = await list(outreach, { ...asked, sort: 'dueAt' });
    const others = await list(outreach, asked, tokenOf(outreach, ADMIN));

    expect([raw.status, elsewhere.status, others.status]).toEqual([400, 400, 400]);
    expect(breaches(outreach)).toHaveLength(3);
    expect(ids(await list(outreach, asked))).toEqual(['2']);
  });
});

// outreach.md 3, 4
it('a step that is deleted strands its prospect, and a task that is given away is invisible', async () => {
  const outreach = await start({ tasks: [step('1'), task('2')] });

  await ask(outreach, 'DELETE /tasks/1');
  await ask(outreach, `POST /tasks/2/actions/reassignOwner?actionParams[ownerId]=${OTHER}`);

  const stranded = { kind: 'stranded', at: NOW, taskId: '1', sequenceId: '71', prospectId: PROSPECT };
  expect(outreach.effects).toEqual([stranded]);
  expect((await ask(outreach, 'GET /tasks/2')).status).toBe(404);
});

it.each([
  ['tasks.write', 'GET /tasks', 403],
  ['tasks.read', 'POST /tasks/1/actions/snooze', 403],
  ['tasks.read tasks.write', 'DELETE /tasks/1', 403],
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
  ['address of a prospect', '/prospects?filter[emails]=ADAEZE.whitlock@customers.example', [{ title: 'VP' }]],
  ['half an address', '/prospects?filter[emails]=whitlock@customers.example', []],
])('finds people by an %s (outreach.md 7)', async (_, path, expected) => {
  const outreach = await start();
  outreach.putUser({ id: '77', email: 'a+b@northlight.example', firstName: 'A', lastName: 'B' });

  const { json } = await ask(outreach, `GET ${path}`);

  expect(json.data.map(({ attributes }: { attributes: object }) => attributes)).toEqual(
    expected.map((each) => expect.objectContaining(each)),
  );
});
