import { describe, expect, it } from 'vitest';
import type { OutreachOptions } from '../../../sandbox/outreach/types.ts';
import { createCircuit } from '../../../src/core/jobs/circuit.ts';
import type { Task } from '../../../src/core/model/task.ts';
import { PROVIDERS } from '../../../src/providers/index.ts';
import { SCOPES } from '../../../src/providers/outreach/oauth.ts';
import { click, failureOf, MARKER } from '../../contract/provider-harness.ts';
import { memoryGrants } from '../grants.ts';
import { askedOf, OWNER, outreachPerTest, outreachTask, readOpen, STRANGER, type Started } from './harness.ts';

const start = outreachPerTest();
const ID = '9007199254740993';

const BOOK = {
  prospects: [
    {
      id: '71',
      firstName: 'Dana',
      lastName: 'Okonjo',
      title: 'VP Ops',
      company: 'Larkspur',
      emails: ['dana@larkspur.example'],
      accountId: '81',
    },
  ],
  accounts: [{ id: '81', name: 'Larkspur Foods' }],
  opportunities: [{ id: '82', name: 'Larkspur renewal', amount: 48_000, currencyType: 'USD' }],
  sequences: [{ id: '91', name: 'Enterprise outbound' }],
  steps: [{ id: '92', sequenceId: '91', order: 4, displayName: 'Step 4', stepType: 'call' }],
} satisfies Partial<OutreachOptions>;

const STEP = {
  id: ID,
  taskType: 'sequence_step_call',
  prospectId: '71',
  accountId: '81',
  opportunityId: '82',
  sequenceId: '91',
  sequenceStepId: '92',
} as const;

function answerWith({ outreach }: Started, body: object, on = 'GET /api/v2/tasks', status = 200): void {
  outreach.fail({ on, how: { kind: 'answer', status, body: JSON.stringify(body) } });
}

function element(id: unknown, more: { state?: string | null; dueAt?: unknown; owner?: unknown } = {}) {
  const { state = 'incomplete', dueAt = null, owner = OWNER.externalId } = more;
  return {
    type: 'task',
    id,
    attributes: { state, dueAt, note: 'Call' },
    relationships: { owner: { data: owner === null ? null : { type: 'user', id: owner } } },
  };
}

async function titleOf(task: Partial<Parameters<typeof outreachTask>[0]>, more: Partial<OutreachOptions> = {}) {
  const started = await start({ simulator: { ...BOOK, ...more, tasks: [outreachTask({ ...STEP, ...task })] } });
  return (await readOpen(started, ID)).title;
}

describe('Outreach is asked', () => {
  // outreach.md 2.1, 10.1; contracts, unknown O5
  it('for the open tasks of one user, with what they are shown with', async () => {
    const { outreach, provider } = await start();
    await provider.listTasks(OWNER, click);
    expect(outreach.requests.map(askedOf)).toEqual([
      [
        'GET /api/v2/tasks',
        {
          'filter[owner][id]': OWNER.externalId,
          'filter[state]': 'incomplete',
          sort: 'dueAt',
          'page[size]': '100',
          count: 'false',
          include: 'prospect,account,opportunity,sequence,sequenceStep,taskPriority',
          'fields[prospect]': 'firstName,lastName,name,title,company,emails',
          'fields[account]': 'name',
          'fields[opportunity]': 'name,amount',
          'fields[sequence]': 'name',
          'fields[sequenceStep]': 'displayName,order',
          'fields[taskPriority]': 'name',
          provideAuthorizationMeta: 'true',
        },
      ],
    ]);
  });

  // outreach.md 1.12: scopes are not additive: what may not be read is not included
  it('only for what the rep lets us read', async () => {
    const started = await start({
      scopes: ['tasks.read', 'sequences.all'],
      simulator: { ...BOOK, tasks: [outreachTask(STEP)] },
    });
    const { tasks } = await started.provider.listTasks(OWNER, click);
    expect(tasks).toMatchObject([{ id: ID, flow: 'Enterprise outbound', title: 'Call' }]);
    expect(tasks[0]).not.toHaveProperty('contact');
  });

  it('for one task by its id, which is digits and nothing else', async () => {
    const { outreach, provider } = await start({ simulator: { tasks: [outreachTask({ id: ID })] } });
    for (const id of ['../users', '', '1/2', '1?x', '١٢', '123456789012345678901']) {
      expect(await provider.readTask(OWNER, id, click)).toBeUndefined();
    }
    expect(outreach.requests).toEqual([]);
    await provider.readTask(OWNER, ID, click);
    expect(askedOf(outreach.requests[0] ?? expect.fail())).toMatchObject([
      `GET /api/v2/tasks/${ID}`,
      { provideAuthorizationMeta: 'true' },
    ]);
  });
});

describe('a task of Outreach', () => {
  // outreach.md 9.1: a prospect has a page; a task has none
  it('has what its relations say of it', async () => {
    const started = await start({ simulator: { ...BOOK, tasks: [outreachTask(STEP)] } });
    const expected: Task = {
      provider: 'outreach',
      id: ID,
      title: 'Step 4: Call',
      flow: 'Enterprise outbound',
      contact: {
        name: 'Dana Okonjo',
        title: 'VP Ops',
        company: 'Larkspur',
        url: 'https://web.outreach.io/prospects/71/overview',
      },
      account: { name: 'Larkspur Foods' },
      deal: { name: 'Larkspur renewal', amount: '48000' },
      dueAt: Date.UTC(2026, 10, 27, 10, 30),
      facts: { kind: 'sequence_step_call', step: 4 },
    };
    expect(await readOpen(started, ID)).toEqual(expected);
    expect((await started.provider.listTasks(OWNER, click)).tasks).toEqual([expected]);
  });

  it.for([
    ['4', 'Urgent'],
    ['1', 'Low'],
    ['2', undefined],
  ] as const)('says its priority only where it is not the usual one: %s', async ([priorityId, priority]) => {
    const started = await start({ simulator: { ...BOOK, tasks: [outreachTask({ ...STEP, priorityId })] } });
    expect((await readOpen(started, ID)).priority).toBe(priority);
    expect((await started.provider.listTasks(OWNER, click)).tasks[0]?.priority).toBe(priority);
  });

  // outreach.md 2.6: dueAt may be null
  it('may have no due date, and no relations', async () => {
    const started = await start({ simulator: { tasks: [outreachTask({ id: ID, dueAt: null })] } });
    expect(await readOpen(started, ID)).toEqual({
      provider: 'outreach',
      id: ID,
      title: 'Call',
      dueAt: undefined,
      facts: { kind: 'manual', canDelete: true },
    });
  });

  // contracts, conflict 10: a task may be about an account, an opportunity or a prospect
  it('that is about an account or a deal says so in its subject alone, and is read all the same', async () => {
    const started = await start();
    const included = [
      { type: 'account', id: '81', attributes: { name: 'Larkspur Foods' } },
      { type: 'opportunity', id: 82, attributes: { name: 'Renewal', amount: null } },
    ];
    const about = (type: string, id: number) => {
      const task = element(id);
      return { ...task, relationships: { ...task.relationships, subject: { data: { type, id } } } };
    };
    answerWith(started, { data: [about('account', 81), about('opportunity', 82)], included });
    const { tasks } = await started.provider.listTasks(OWNER, click);
    expect(tasks[0]).toMatchObject({ account: { name: 'Larkspur Foods' } });
    expect(tasks[1]).toMatchObject({ deal: { name: 'Renewal' } });
  });

  // outreach.md 2.7: there is no title: one is made
  it.for([
    ['sequence_step_call', 'Step 4', 'Step 4: Call'],
    ['sequence_step_call', 'Discovery call', 'Discovery call'],
    ['sequence_step_email', 'Step 4', 'Step 4: E-mail'],
    ['sequence_step_email', 'Manual email #2', 'Manual email #2'],
    ['sequence_step_sms', 'Step 4', 'Step 4: SMS'],
    ['sequence_step_task', 'Step 4', 'Step 4: To-do'],
    ['sequence_step_linkedin_send_message', 'Step 4', 'Step 4: LinkedIn message'],
    ['sequence_step_linkedin_view_profile', 'Look at LinkedIn', 'Look at LinkedIn'],
  ] as const)('of type %s in step "%s" is called "%s"', async ([taskType, displayName, title]) => {
    const steps = [{ id: '92', sequenceId: '91', order: 4, displayName, stepType: 'x' }];
    expect(await titleOf({ taskType, note: 'a note' }, { steps })).toBe(title);
  });

  it('of a step without a name is called by its number', async () => {
    const started = await start();
    const included = [{ type: 'sequenceStep', id: 92, attributes: { displayName: null, order: 4 } }];
    const task = element(1);
    const relationships = { ...task.relationships, sequenceStep: { data: { type: 'sequenceStep', id: '92' } } };
    const attributes = { ...task.attributes, taskType: 'sequence_step_email' };
    answerWith(started, { data: [{ ...task, attributes, relationships }], included });
    expect((await started.provider.listTasks(OWNER, click)).tasks[0]?.title).toBe('Step 4: E-mail');
  });

  // outreach.md 2.8; contracts, rule 10
  it.for([
    ['Ask about <b>price</b> &amp; terms<br>second line', 'Ask about price & terms'],
    ['<p> </p><p>Send the&nbsp;deck</p>', 'Send the deck'],
    ['price < 5k & > 3k', 'price < 5k & > 3k'],
    ['&lt;b&gt; stays &#39;text&#39; &#x1F600;', "<b> stays 'text' 😀"],
    ['\r\n\r\n  call\tback  \r\nnow', 'call back'],
    [`${'x'.repeat(119)}😀😀`, `${'x'.repeat(119)}…`],
    [`x${'😀'.repeat(119)}`, `x${'😀'.repeat(119)}`],
    ['😀'.repeat(120), 'Call Dana Okonjo'],
    ['<p></p>&nbsp;', 'Call Dana Okonjo'],
  ] as const)('with the note %j is called %j', async ([note, title]) => {
    expect(await titleOf({ taskType: 'manual', note })).toBe(title);
  });

  it.for([
    ['action_item', 'To-do for Dana Okonjo'],
    ['email', 'E-mail Dana Okonjo'],
    ['in_person', 'Meeting in person with Dana Okonjo'],
  ] as const)('with nothing but an action is called by it: %s', async ([action, title]) => {
    expect(await titleOf({ taskType: 'touch', action })).toBe(title);
  });

  it('loses only its decoration when that is not as documented', async () => {
    const started = await start();
    const task = element(1, { dueAt: '2026-11-27T11:30:00.5+01:00' });
    const relationships = { ...task.relationships, prospect: { data: { type: 'prospect', id: 71 } }, account: 'none' };
    const included = [
      null,
      { type: 'prospect', id: 71, attributes: { firstName: 7, lastName: null, emails: [null, 3] } },
    ];
    answerWith(started, { data: [{ ...task, relationships, meta: 'x' }], included });
    const { tasks, unreadable } = await started.provider.listTasks(OWNER, click);
    expect(unreadable).toBe(0);
    expect(tasks).toEqual([
      {
        provider: 'outreach',
        id: '1',
        title: 'Call',
        dueAt: Date.UTC(2026, 10, 27, 10, 30, 0, 500),
        facts: { kind: '' },
      },
    ]);
  });
});

describe('a list of Outreach', () => {
  // outreach.md 2.5: ids are numbers, or texts
  it('leaves out and counts what is not an open task of the rep', async () => {
    const started = await start();
    const data = [
      element(1),
      element('2', { state: 'complete' }),
      element(3, { state: 'pending' }),
      element(4, { owner: STRANGER.externalId }),
      element(5, { dueAt: 'soon' }),
      element('six'),
      null,
      element('7', { state: null, owner: null }),
      element('1'),
    ];
    answerWith(started, { data });
    const { tasks, unreadable } = await started.provider.listTasks(OWNER, click);
    expect(tasks.map(({ id }) => id)).toEqual(['1', '7']);
    expect(unreadable).toBe(6);
  });

  // outreach.md 2.3: pages by links.next alone
  it('has every page, once each', async () => {
    const tasks = Array.from({ length: 205 }, (_, index) => outreachTask({ id: String(index + 1) }));
    const { outreach, provider } = await start({ simulator: { tasks } });
    const list = await provider.listTasks(OWNER, click);
    expect(new Set(list.tasks.map(({ id }) => id)).size).toBe(205);
    expect(outreach.requests).toHaveLength(3);
  });

  // contracts, rule 8: a next page elsewhere gets no token
  it.for([
    ['another host', () => 'https://outreach.example/api/v2/tasks?page%5Bafter%5D=x'],
    ['another port', (url: string) => `${url.replace(/\d+$/, '1')}/api/v2/tasks?page%5Bafter%5D=x`],
    ['another path', (url: string) => `${url}/oauth/token?page%5Bafter%5D=x`],
    ['another version', (url: string) => `${url}/api/v9/tasks?page%5Bafter%5D=x`],
    ['another collection', (url: string) => `${url}/api/v2/users?page%5Bafter%5D=x`],
    ['a way out', (url: string) => `${url}/api/v2/tasks/../../../x?page%5Bafter%5D=x`],
    ['nothing', () => '//'],
  ] as const)('is unreadable when its next page is on %s', async ([, next]) => {
    const started = await start();
    answerWith(started, { data: [element(1)], links: { next: next(started.outreach.url) } });
    expect(await failureOf(started.provider.listTasks(OWNER, click))).toMatchObject({
      kind: 'unreadable',
      cause: { message: 'the next page is somewhere else' },
    });
    expect(started.outreach.requests).toHaveLength(1);
  });

  // outreach.md 2.4: links that lead in circles end
  it('is unreadable when its pages go in circles', async () => {
    const started = await start();
    const next = `${started.outreach.url}/api/v2/tasks?page%5Bafter%5D=x`;
    answerWith(started, { data: [], links: { next } });
    answerWith(started, { data: [], links: { next: { href: next } } });
    expect(await failureOf(started.provider.listTasks(OWNER, click))).toMatchObject({
      kind: 'unreadable',
      cause: { message: 'the pages do not end' },
    });
    expect(started.outreach.requests).toHaveLength(2);
  });

  it('is unreadable when the link to the next page is none', async () => {
    const started = await start();
    answerWith(started, { data: [], links: { next: 7 } });
    expect(await failureOf(started.provider.listTasks(OWNER, click))).toMatchObject({ kind: 'unreadable' });
  });

  it('ends', async () => {
    const started = await start();
    for (let page = 0; page <= 400; page += 1) {
      const next = `${started.outreach.url}/api/v2/tasks?page%5Bafter%5D=${page}`;
      answerWith(started, { data: [], links: { next } });
    }
    expect(await failureOf(started.provider.listTasks(OWNER, click))).toMatchObject({ kind: 'unreadable' });
    expect(started.outreach.requests).toHaveLength(400);
  });
});

describe('one task is read', () => {
  // outreach.md 2.2: pending tasks are not due yet
  it.for([
    ['pending', { state: 'pending' }],
    ["someone else's", { ownerId: STRANGER.externalId }],
    ["someone else's and complete", { ownerId: STRANGER.externalId, state: 'complete' }],
  ] as const)('as none when it is %s, for an admin too, who sees everything', async ([, task]) => {
    const users = [
      { id: OWNER.externalId, email: 'maya@northwind.example', firstName: 'Maya', lastName: 'Lind', admin: true },
    ];
    const { provider } = await start({
      simulator: { users: [...users, THEO], tasks: [outreachTask({ id: ID, ...task })] },
    });
    expect(await provider.readTask(OWNER, ID, click)).toBeUndefined();
    expect(await provider.editing?.read(OWNER, ID, click)).toBeUndefined();
  });

  it('as done when it is complete, with when, and as nothing that could be edited', async () => {
    const completedAt = '2026-11-23T09:12:00Z';
    const { provider } = await start({
      simulator: { tasks: [outreachTask({ id: ID, state: 'complete', completedAt })] },
    });
    expect(await provider.readTask(OWNER, ID, click)).toEqual({ doneAt: Date.parse(completedAt) });
    expect(await provider.editing?.read(OWNER, ID, click)).toBeUndefined();
  });
});

const THEO = { id: STRANGER.externalId, email: 'theo@northwind.example', firstName: 'Theo', lastName: 'Brandt' };

describe('a refusal of Outreach', () => {
  const error = (id: string) => ({ errors: [{ id, title: MARKER, details: MARKER, source: { pointer: MARKER } }] });

  // outreach.md 5.400, 5.403, 5.415, 5.2
  it.for([
    [400, 'badRequest', 'invalid'],
    [403, 'unauthorizedOauthScope', 'forbidden'],
    [403, 'unauthorizedRequest', 'forbidden'],
    [415, 'unsupportedMediaType', 'invalid'],
    [422, 'validationError', 'invalid'],
    [503, 'scheduledServerMaintenance', 'unavailable'],
  ] as const)('%i %s is %s, and is asked once', async ([status, id, kind]) => {
    const started = await start();
    answerWith(started, error(id), 'GET', status);
    const failure = await failureOf(started.provider.listTasks(OWNER, click));
    expect(failure).toMatchObject({ kind, status, operation: 'GET /api/v2/tasks' });
    expect(failure.message + JSON.stringify(failure)).not.toContain(MARKER);
    expect(started.outreach.requests).toHaveLength(1);
  });

  // outreach.md 5.503: 503 has an ISO time in Retry-After
  it('for maintenance names a time', async () => {
    const now = Date.UTC(2026, 10, 27, 9);
    const { outreach, provider } = await start({ clock: () => now });
    const headers = { 'Retry-After': '2026-11-27T09:01:30Z' };
    outreach.fail({ how: { kind: 'answer', status: 503, headers } });
    expect(await failureOf(provider.listTasks(OWNER, click))).toMatchObject({ retryAfterMs: 90_000 });
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
    const first = await failureOf(provider.listTasks(OWNER, click));
    expect(first).toMatchObject({ kind: 'rate_limited', status: 429 });

    now += waitMs - 1;
    const second = await failureOf(provider.readTask(OWNER, ID, click));
    expect(second).toMatchObject({ kind: 'rate_limited', retryAfterMs: 1 });
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
    const asked: Promise<unknown>[] = [];
    for (let round = 0; round < 100; round += 1) {
      const calls = Array.from({ length: 100 }, () => provider.readTask(OWNER, ID, click).catch(() => {}));
      await Promise.all(calls);
    }
    asked.push(provider.readTask(OWNER, ID, { ...click, signal: stop.signal }).catch(() => {}));
    await provider.listTasks(STRANGER, click);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(outreach.requests).toHaveLength(10_001);
    stop.abort();
    await Promise.all(asked);
  }, 90_000);
});

describe('people at Outreach', () => {
  // outreach.md 7.1: a plus is encoded, a comma would be "or"
  it('are asked for one by one, with a plus as a plus and no comma', async () => {
    const { outreach, provider } = await start();
    outreach.putUser({ id: '71', email: 'dana+sales@northwind.example', firstName: 'Dana', lastName: 'Reyes' });
    const asked = [
      'Dana+Sales@northwind.example',
      'a,b@northwind.example',
      'a..b@northwind.example',
      ' ',
      'dana+sales@northwind.example',
    ];
    const found = await provider.findUsers(asked, { ...click, as: OWNER });
    expect(outreach.requests.map(({ path }) => path)).toEqual([
      expect.stringContaining('filter%5Bemail%5D=dana%2Bsales%40northwind.example&'),
    ]);
    expect([...found]).toEqual([
      [
        'dana+sales@northwind.example',
        [{ externalId: '71', emails: ['dana+sales@northwind.example'], name: 'Dana Reyes', state: 'active' }],
      ],
      ['a,b@northwind.example', []],
      ['a..b@northwind.example', []],
      ['', []],
    ]);
  });

  // outreach.md 7.2: locked users are not linked
  it('are compared, locked or not, for a filter may take more than it should', async () => {
    const started = await start();
    const user = (id: number, email: unknown, locked: unknown) => ({
      type: 'user',
      id,
      attributes: { email, locked, name: 'D' },
    });
    const data = [
      user(1, 'xdana@northwind.example', false),
      user(2, 'DANA@northwind.example', true),
      user(3, null, false),
      user(4, 'dana@northwind.example', 'no'),
    ];
    answerWith(started, { data }, 'GET /api/v2/users');
    const found = await started.provider.findUsers(['dana@northwind.example'], { ...click, as: OWNER });
    expect(found.get('dana@northwind.example')).toEqual([
      { externalId: '2', emails: ['dana@northwind.example'], name: 'D', state: 'locked' },
    ]);
  });

  it('are asked for by nobody in particular: that is no consent', async () => {
    const { outreach, provider } = await start();
    expect(await failureOf(provider.findUsers(['dana@northwind.example'], click))).toMatchObject({
      kind: 'disconnected',
      operation: 'GET /api/v2/users',
    });
    expect(outreach.requests).toEqual([]);
  });
});

describe('the registry', () => {
  it('makes Outreach from its variables', () => {
    const env = { OUTREACH_CLIENT_ID: 'i', OUTREACH_CLIENT_SECRET: 's', ...PROVIDERS.outreach.optional };
    const provider = PROVIDERS.outreach.create(env, {
      clock: Date.now,
      circuit: createCircuit(Date.now),
      grants: memoryGrants(Date.now),
    });
    expect(provider).toMatchObject({ id: 'outreach', name: PROVIDERS.outreach.name });
    const url = provider.consent?.authorizeUrl({
      state: 's',
      redirectUri: 'https://docket.example/x',
      codeChallenge: 'c',
    });
    expect(url).toMatch(/^https:\/\/api\.outreach\.io\/oauth\/authorize\?/);
  });

  it('asks for every scope that reading and changing takes', () => {
    expect(SCOPES).toEqual(expect.arrayContaining(['tasks.read', 'tasks.write', 'tasks.delete', 'webhooks.all']));
    expect(new Set(SCOPES).size).toBe(SCOPES.length);
  });
});
