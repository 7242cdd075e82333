import { describe, expect, it } from 'vitest';
import type { OutreachTask } from '../../../sandbox/outreach/types.ts';
import { isOpen } from '../../../src/core/clicks/target.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { answer, click, fails, failureOf, LATER, MARKER } from '../../contract/provider-harness.ts';
import { askedOf, BOOK, OWNER, outreachTask, readOpen, STEP, STRANGER, type Started, start, USERS } from './harness.ts';

const ID = '9007199254740993';

const withTasks = (...tasks: Parameters<typeof outreachTask>[0][]) =>
  start({ simulator: { ...BOOK, tasks: tasks.map(outreachTask) } });

function list({ provider }: Started) {
  return provider.listTasks(OWNER, click);
}

/** What is listed when Outreach answers with these elements, and what they are shown with. */
async function listOf(data: unknown[], included: unknown[] = []) {
  const started = await start();
  started.outreach.fail({ on: 'GET /api/v2/tasks', how: answer({ data, included }) });
  return list(started);
}

function element(id: unknown, more: { state?: string | null; dueAt?: unknown; owner?: unknown } = {}, related = {}) {
  const { state = 'incomplete', dueAt = null, owner = OWNER.externalId } = more;
  return {
    type: 'task',
    id,
    attributes: { state, dueAt, note: 'Call', taskType: 'sequence_step_email' },
    relationships: { owner: { data: owner === null ? null : { type: 'user', id: owner } }, ...related },
  };
}

describe('Outreach is asked', () => {
  // outreach.md 2.1, 10.1; contracts, unknown O5
  it('for the open tasks of one user, with what they are shown with', async () => {
    const started = await start();
    await list(started);
    const query = {
      'filter[owner][id]': OWNER.externalId,
      'filter[state]': 'incomplete',
      sort: 'dueAt',
      'page[size]': '100',
      count: 'false',
      include: 'prospect,account,opportunity,sequence,sequenceStep,taskPriority',
      'fields[prospect]':
        'firstName,lastName,name,title,company,emails,mobilePhones,workPhones,otherPhones,homePhones,linkedInUrl,' +
        'timeZone,timeZoneIana,optedOut,callOptedOut,emailOptedOut,touchedAt',
      'fields[account]': 'name',
      'fields[opportunity]': 'name,amount,currencyType,closeDate,probability',
      'fields[sequence]': 'name',
      'fields[sequenceStep]': 'displayName,order',
      'fields[taskPriority]': 'name',
      provideAuthorizationMeta: 'true',
    };
    expect(started.outreach.requests.map(askedOf)).toEqual([['GET /api/v2/tasks', query]]);
  });

  // outreach.md 1.12: scopes are not additive: what may not be read is not included
  it('only for what the rep lets us read', async () => {
    const scopes = ['tasks.read', 'sequences.all'];
    const { tasks } = await list(
      await start({ scopes, simulator: { ...BOOK, tasks: [outreachTask({ id: ID, ...STEP })] } }),
    );
    expect(tasks).toMatchObject([{ id: ID, flow: 'Enterprise outbound', title: 'Call' }]);
    expect(tasks[0]).not.toHaveProperty('contact');
  });

  it('for one task by its id, which is digits and nothing else', async () => {
    const { outreach, provider } = await withTasks({ id: ID });
    for (const id of ['../users', '', '1/2', '1?x', '١٢', '123456789012345678901']) {
      expect(await provider.readTask(OWNER, id, click)).toBeUndefined();
    }
    expect(outreach.requests).toEqual([]);
    await provider.readTask(OWNER, ID, click);
    const asked = outreach.requests.map(askedOf);
    expect(asked).toMatchObject([[`GET /api/v2/tasks/${ID}`, { provideAuthorizationMeta: 'true' }]]);
  });
});

describe('a task of Outreach', () => {
  // outreach.md 9.1: a prospect has a page; a task has none
  it('has what its relations say of it', async () => {
    const started = await withTasks({ id: ID, ...STEP, createdAt: '2026-11-20T09:00:00.000Z' });
    const url = 'https://web.outreach.io/prospects/71/overview';
    const expected: Task = {
      provider: 'outreach',
      id: ID,
      title: 'Step 4: Call',
      kind: 'call',
      url,
      flow: 'Enterprise outbound',
      step: { at: 4 },
      contact: { name: 'Dana Okonjo', title: 'VP Ops', company: 'Larkspur', url, emails: ['dana@larkspur.example'] },
      account: { name: 'Larkspur Foods' },
      deal: { name: 'Larkspur renewal', amount: '48000', currency: 'USD' },
      dueAt: Date.UTC(2026, 10, 27, 10, 30),
      createdAt: Date.UTC(2026, 10, 20, 9),
      facts: { kind: 'sequence_step_call', step: 4 },
    };
    expect(await readOpen(started, ID)).toEqual(expected);
    expect((await list(started)).tasks).toEqual([expected]);
  });

  it.for([
    ['4', 'Urgent'],
    ['1', 'Low'],
    ['2', undefined],
  ] as const)('says its priority only where it is not the usual one: %s', async ([priorityId, priority]) => {
    const started = await withTasks({ id: ID, ...STEP, priorityId });
    expect((await readOpen(started, ID)).priority).toBe(priority);
    expect((await list(started)).tasks[0]?.priority).toBe(priority);
  });

  // outreach.md 2.6: dueAt may be null
  it('may have no due date, and no relations', async () => {
    const bare = { provider: 'outreach', id: ID, title: 'Call', kind: 'call', dueAt: undefined };
    const read = await readOpen(await withTasks({ id: ID, dueAt: null }), ID);
    expect(read).toEqual({ ...bare, createdAt: expect.any(Number), facts: { kind: 'manual', canDelete: true } });
  });

  // contracts, conflict 10: a task may be about an account, an opportunity or a prospect
  it('that is about an account or a deal says so in its subject alone, and is read all the same', async () => {
    const included = [
      { type: 'account', id: 81, attributes: { name: 'Larkspur Foods' } },
      { type: 'opportunity', id: 82, attributes: { name: 'Renewal' } },
    ];
    const about = (type: string, id: number) => element(id, {}, { subject: { data: { type, id } } });
    const { tasks } = await listOf([about('account', 81), about('opportunity', 82)], included);
    expect(tasks).toMatchObject([{ account: { name: 'Larkspur Foods' } }, { deal: { name: 'Renewal' } }]);
  });

  const step = (kind: 'call' | 'email' | 'sms' | 'task' | 'linkedin_send_message' | 'linkedin_view_profile') => {
    return { ...STEP, taskType: `sequence_step_${kind}`, note: 'a note' } as const;
  };
  const noted = (note: string) => ({ ...STEP, taskType: 'manual', note }) as const;
  const touch = (action: 'action_item' | 'email' | 'in_person') => ({ ...STEP, taskType: 'touch', action }) as const;

  // outreach.md 2.7, 2.8: there is no title: one is made; contracts, rule 10
  it.for<[title: string, task: Partial<OutreachTask>, displayName?: string]>([
    ['Step 4: Call', step('call')],
    ['Discovery call', step('call'), 'Discovery call'],
    ['Step 4: E-mail', step('email')],
    ['Manual email #2', step('email'), 'Manual email #2'],
    ['Step 4: SMS', step('sms')],
    ['Step 4: To-do', step('task')],
    ['Step 4: LinkedIn message', step('linkedin_send_message')],
    ['Look at LinkedIn', step('linkedin_view_profile'), 'Look at LinkedIn'],
    ['Ask about price & terms', noted('Ask about <b>price</b> &amp; terms<br>second line')],
    ['call back', noted('\r\n\r\n  call\tback  \r\nnow')],
    [`${'x'.repeat(119)}…`, noted(`${'x'.repeat(119)}😀😀`)],
    [`x${'😀'.repeat(119)}`, noted(`x${'😀'.repeat(119)}`)],
    ['Call Dana Okonjo', noted('😀'.repeat(120))],
    ['Call Dana Okonjo', noted('<p></p>&nbsp;')],
    ['To-do for Dana Okonjo', touch('action_item')],
    ['E-mail Dana Okonjo', touch('email')],
    ['Meeting in person with Dana Okonjo', touch('in_person')],
  ])('is called "%s": %j', async ([title, task, displayName = 'Step 4']) => {
    const steps = [{ id: '92', sequenceId: '91', order: 4, displayName, stepType: 'x' }];
    const started = await start({ simulator: { ...BOOK, steps, tasks: [outreachTask({ id: ID, ...task })] } });
    expect((await readOpen(started, ID)).title).toBe(title);
  });

  it('of a step without a name is called by its number', async () => {
    const included = [{ type: 'sequenceStep', id: 92, attributes: { displayName: null, order: 4 } }];
    const task = element(1, {}, { sequenceStep: { data: { type: 'sequenceStep', id: '92' } } });
    expect((await listOf([task], included)).tasks[0]?.title).toBe('Step 4: E-mail');
  });

  it('loses only its decoration when that is not as documented', async () => {
    const task = element(1, { dueAt: '2026-11-27T11:30:00.5+01:00' });
    const relationships = { ...task.relationships, prospect: { data: { type: 'prospect', id: 71 } }, account: 'none' };
    const attributes = { ...task.attributes, taskType: undefined };
    const prospect = { type: 'prospect', id: 71, attributes: { firstName: 7, lastName: null, emails: [null, 3] } };
    const url = 'https://web.outreach.io/prospects/71/overview';
    const bare = { provider: 'outreach', id: '1', title: 'Call', kind: 'other', url, facts: { kind: '' } };
    expect(await listOf([{ ...task, attributes, relationships, meta: 'x' }], [null, prospect])).toEqual({
      tasks: [{ ...bare, dueAt: Date.UTC(2026, 10, 27, 10, 30, 0, 500) }],
      unreadable: 0,
    });
  });
});

describe('a list of Outreach', () => {
  // outreach.md 2.5: ids are numbers, or texts
  it('leaves out and counts what is not an open task of the rep', async () => {
    const { tasks, unreadable } = await listOf([
      element(1),
      element('2', { state: 'complete' }),
      element(3, { state: 'pending' }),
      element(4, { owner: STRANGER.externalId }),
      element(5, { dueAt: 'soon' }),
      element('six'),
      null,
      element('7', { state: null, owner: null }),
      element('1'),
    ]);
    expect([tasks.map(({ id }) => id), unreadable]).toEqual([['1', '7'], 6]);
  });

  // contracts, rule 8: a next page elsewhere gets no token
  it.for<[string, (url: string) => unknown]>([
    ['another host', () => 'https://outreach.example/api/v2/tasks?page%5Bafter%5D=x'],
    ['another port', (url) => `${url.replace(/\d+$/, '1')}/api/v2/tasks?page%5Bafter%5D=x`],
    ['another path', (url) => `${url}/oauth/token?page%5Bafter%5D=x`],
    ['another version', (url) => `${url}/api/v9/tasks?page%5Bafter%5D=x`],
    ['another collection', (url) => `${url}/api/v2/users?page%5Bafter%5D=x`],
    ['a way out', (url) => `${url}/api/v2/tasks/../../../x?page%5Bafter%5D=x`],
    ['nothing', () => '//'],
    ['no link', () => 7],
  ])('is unreadable when its next page is on %s', async ([, next]) => {
    const started = await start();
    started.outreach.fail({ how: answer({ data: [element(1)], links: { next: next(started.outreach.url) } }) });
    await fails(list(started), 'unreadable');
    expect(started.outreach.requests).toHaveLength(1);
  });

  // outreach.md 2.4: links that lead in circles end
  it('is unreadable when its pages go in circles', async () => {
    const started = await start();
    const next = `${started.outreach.url}/api/v2/tasks?page%5Bafter%5D=x`;
    for (const link of [next, { href: next }]) {
      started.outreach.fail({ how: answer({ data: [], links: { next: link } }) });
    }
    await fails(list(started), 'unreadable', { cause: { message: 'the pages do not end' } });
    expect(started.outreach.requests).toHaveLength(2);
  });
});

describe('one task is read', () => {
  // outreach.md 2.2: pending tasks are not due yet
  it.for([
    ['pending', { state: 'pending' }],
    ["someone else's", { ownerId: STRANGER.externalId }],
    ["someone else's and complete", { ownerId: STRANGER.externalId, state: 'complete' }],
  ] as const)('as none when it is %s, for an admin too, who sees everything', async ([, task]) => {
    const users = USERS.map((user) => ({ ...user, admin: true }));
    const { provider } = await start({ simulator: { users, tasks: [outreachTask({ id: ID, ...task })] } });
    expect(await provider.readTask(OWNER, ID, click)).toBeUndefined();
    expect(await provider.editing?.read(OWNER, ID, click)).toBeUndefined();
  });

  it('as done when it is complete, with when, and as nothing that could be edited', async () => {
    const completedAt = '2026-11-23T09:12:00Z';
    const { provider } = await withTasks({ id: ID, state: 'complete', completedAt });
    expect(await provider.readTask(OWNER, ID, click)).toEqual({ doneAt: Date.parse(completedAt), doneBy: 'rep' });
    expect(await provider.editing?.read(OWNER, ID, click)).toBeUndefined();
  });

  // outreach.md 2.19
  it.for([
    ['rep', { completer: { data: { type: 'user', id: 77 } } }],
    ['other', { completer: { data: { type: 'user', id: 78 } } }],
    [undefined, { completer: { data: null } }],
    [undefined, { completer: { links: { related: '/api/v2/tasks/1/completer' } } }],
    [undefined, { completer: { data: { type: 'sequence', id: 77 } } }],
    [undefined, { completer: 'Theo' }],
    [undefined, {}],
  ] as const)('as done by whom it says (%s): %j', async ([doneBy, related]) => {
    const { outreach, provider } = await start();
    const relationships = { owner: { data: { type: 'user', id: 77 } }, ...related };
    outreach.fail({ how: answer({ data: { type: 'task', id: 1, attributes: { state: 'complete' }, relationships } }) });
    const read = await provider.readTask({ ...OWNER, externalId: '77' }, '1', click);
    expect(read).toEqual({ doneAt: undefined, ...(doneBy && { doneBy }) });
  });

  it.for([
    [true, [{}, { state: null }, { state: ' Incomplete ' }, { state: ['incomplete'] }]],
    [false, [{ completed: true }, { completedAt: '2026-11-20T09:00:00Z' }, { state: 'pending' }, { state: 'new' }]],
  ] as const)('as open (%s) where nothing speaks against it: %j', async ([open, each]) => {
    const { outreach, provider } = await start();
    for (const attributes of each) {
      outreach.fail({ how: answer({ data: { type: 'task', id: 1, attributes } }) });
      expect(isOpen(await provider.readTask(OWNER, '1', click)), JSON.stringify(attributes)).toBe(open);
    }
  });
});

// outreach.md 2.11: an owner as links is not another user
describe('Outreach with relations as links only', () => {
  const linked = (...tasks: Parameters<typeof outreachTask>[0][]) =>
    start({ simulator: { relationsAsLinks: true, tasks: tasks.map(outreachTask) } });

  it("lists the rep's tasks, and each is open for them", async () => {
    const completedAt = '2026-11-20T09:00:00Z';
    const started = await linked({ id: '1' }, { id: '2', state: 'complete', completedAt });
    expect(await list(started)).toMatchObject({ tasks: [{ id: '1' }], unreadable: 0 });
    expect(isOpen(await started.provider.readTask(OWNER, '1', click))).toBe(true);
    expect(await started.provider.readTask(OWNER, '2', click)).toEqual({ doneAt: Date.parse(completedAt) });
    expect(await started.provider.editing?.read(OWNER, '1', click)).toMatchObject({ note: '' });
  });

  it.for([
    [{ verb: 'done' }, { state: 'complete' }],
    [{ verb: 'snooze', dueAt: LATER }, { dueAt: '2026-12-01T15:00:00.000Z' }],
    [{ verb: 'reassign', to: { externalId: STRANGER.externalId, name: 'Theo' } }, { ownerId: STRANGER.externalId }],
  ] as const)('does what is asked: %j', async ([change, outcome]) => {
    const started = await linked({ id: '1' });
    await started.provider.perform(OWNER, await readOpen(started, '1'), change, click);
    expect(started.outreach.task('1')).toMatchObject(outcome);
  });
});

describe('a refusal of Outreach', () => {
  // outreach.md 5.403, 5.415, 5.2; a 400 is asked once more with less: `about.test.ts`
  it.for([
    [403, 'unauthorizedOauthScope', 'forbidden'],
    [403, 'unauthorizedRequest', 'forbidden'],
    [415, 'unsupportedMediaType', 'invalid'],
    [422, 'validationError', 'invalid'],
    [503, 'scheduledServerMaintenance', 'unavailable'],
  ] as const)('%i %s is %s, and is asked once', async ([status, id, kind]) => {
    const started = await start();
    const error = { id, title: MARKER, details: MARKER, source: { pointer: MARKER } };
    started.outreach.fail({ how: answer({ errors: [error] }, status) });
    const failure = await failureOf(list(started));
    expect(failure).toMatchObject({ kind, status, operation: 'GET /api/v2/tasks' });
    expect(failure.message + JSON.stringify(failure)).not.toContain(MARKER);
    expect(started.outreach.requests).toHaveLength(1);
  });

  // outreach.md 5.503: 503 has an ISO time in Retry-After
  it('for maintenance names a time', async () => {
    const started = await start({ clock: () => Date.UTC(2026, 10, 27, 9) });
    const headers = { 'Retry-After': '2026-11-27T09:01:30Z' };
    started.outreach.fail({ how: { kind: 'answer', status: 503, headers } });
    await fails(list(started), 'unavailable', { retryAfterMs: 90_000 });
  });

  // outreach.md 5.429, 6.2
  it.for<[string, Record<string, string>, number]>([
    ['in epoch seconds', { 'Retry-After': String(Date.UTC(2026, 10, 27, 9, 0, 40) / 1000) }, 40_000],
    ['only as Reset', { 'X-RateLimit-Reset': String(Date.UTC(2026, 10, 27, 9, 0, 20) / 1000) }, 20_000],
    ['beside two numbers', { 'X-RateLimit-Remaining': '0, 19988', 'Retry-After': '7' }, 7_000],
    ['in no way', {}, 1_000],
  ])('for haste stops this rep, and only this one, until the time that is named %s', async ([, headers, waitMs]) => {
    let now = Date.UTC(2026, 10, 27, 9);
    const { outreach, provider } = await start({ clock: () => now });
    outreach.fail({ how: { kind: 'answer', status: 429, headers } });
    await fails(provider.listTasks(OWNER, click), 'rate_limited', { status: 429 });

    now += waitMs - 1;
    await fails(provider.readTask(OWNER, ID, click), 'rate_limited', { retryAfterMs: 1 });
    expect(outreach.requests).toHaveLength(1);
    await provider.listTasks(STRANGER, click);

    now += 1;
    await provider.listTasks(OWNER, click);
    expect(outreach.requests).toHaveLength(3);
  });

  // outreach.md 6.3: 10,000 calls an hour, for each user
  it('is not provoked: no rep sends more than 10,000 calls in an hour, and one who has leaves the others theirs', async () => {
    const { outreach, provider } = await start({ simulator: { rateLimits: false } });
    const stop = new AbortController();
    const read = (options = click) => provider.readTask(OWNER, ID, options).catch(() => {});
    for (let round = 0; round < 100; round += 1) await Promise.all(Array.from({ length: 100 }, () => read()));
    const waiting = provider.readTask(OWNER, ID, { ...click, signal: stop.signal }).catch(() => {});
    await provider.listTasks(STRANGER, click);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(outreach.requests).toHaveLength(10_001);
    stop.abort();
    await waiting;
  }, 90_000);
});

describe('people at Outreach', () => {
  // outreach.md 7.1: a plus is encoded, a comma would be "or"
  it('are asked for one by one, with a plus as a plus and no comma', async () => {
    const { outreach, provider } = await start();
    const email = 'dana+sales@northwind.example';
    outreach.putUser({ id: '71', email, firstName: 'Dana', lastName: 'Reyes' });
    const unaskable = ['a,b@northwind.example', 'a..b@northwind.example', ''];
    const found = await provider.findUsers(['Dana+Sales@northwind.example', ...unaskable, ` ${email}`], {
      ...click,
      as: OWNER,
    });
    expect(outreach.requests.map(({ path }) => path)).toEqual([
      expect.stringContaining('filter%5Bemail%5D=dana%2Bsales%40northwind.example&'),
    ]);
    const dana = { externalId: '71', emails: [email], name: 'Dana Reyes', state: 'active' };
    expect([...found]).toEqual([[email, [dana]], ...unaskable.map((none) => [none, []])]);
  });

  // outreach.md 7.2: locked users are not linked
  it('are compared, locked or not, for a filter may take more than it should', async () => {
    const { outreach, provider } = await start();
    const user = (id: number, email: unknown, locked: unknown) => ({ id, attributes: { email, locked, name: 'D' } });
    const data = [
      user(1, 'xdana@northwind.example', false),
      user(2, 'DANA@northwind.example', true),
      user(3, null, false),
      user(4, 'dana@northwind.example', 'no'),
    ];
    outreach.fail({ on: 'GET /api/v2/users', how: answer({ data }) });
    const found = await provider.findUsers(['dana@northwind.example'], { ...click, as: OWNER });
    const dana = { externalId: '2', emails: ['dana@northwind.example'], name: 'D', state: 'locked' };
    expect(found.get('dana@northwind.example')).toEqual([dana]);
  });

  it('are asked for by nobody in particular: that is no consent', async () => {
    const { outreach, provider } = await start();
    const told = { operation: 'GET /api/v2/users' };
    await fails(provider.findUsers(['dana@northwind.example'], click), 'disconnected', told);
    expect(outreach.requests).toEqual([]);
  });
});
