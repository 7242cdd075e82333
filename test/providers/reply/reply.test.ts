import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { ReplyOptions, ReplyTask } from '../../../sandbox/reply/types.ts';
import type { Change } from '../../../src/core/model/capabilities.ts';
import type { Task } from '../../../src/core/model/task.ts';
import type { Priority, TaskProvider } from '../../../src/core/ports/provider.ts';
import { answer, click, fails, LATER } from '../../contract/provider-harness.ts';
import { BOSS, OWNER, owner, pathsOf, readOpen, replyTask, replyUser, STRANGER, start } from './harness.ts';

const DUE = Date.UTC(2026, 10, 27, 10, 30);
const COMPLETE = 'POST /v3/tasks/1/complete';
const DIALECTS = ['seed', 'current'] as const;
const CONNECT = { taskType: 'linkedIn', linkedInTaskType: 'connect' } as const;
const EMAIL: Partial<ReplyTask> = {
  taskType: 'manualEmail',
  template: { subject: 'Quick question', body: '<p>Hi</p>' },
  deliveryInfo: { email: 'dana@client.example', phoneNumber: '+1 555 0100' },
};

/** Reply with one task. */
const open = (task: Partial<ReplyTask> = {}, simulator: Partial<ReplyOptions> = {}) =>
  start({ tasks: [replyTask({ id: '1', ...task })], simulator });

async function describeAll(provider: TaskProvider, tasks: readonly Task[], signal?: AbortSignal): Promise<Task[]> {
  return (await provider.describe?.(owner, tasks, { priority: 'person', ...(signal && { signal }) })) ?? [];
}

/** The details of what is listed. */
async function detailsOf({ provider }: { provider: TaskProvider }) {
  const { tasks } = await provider.listTasks(owner, click);
  return describeAll(provider, tasks);
}

/** A task as a list alone shows it. */
const listed: Task = { provider: 'reply', id: '1', title: 'Call', dueAt: DUE, facts: { kind: 'call' } };

describe('a task of Reply is called', () => {
  // contracts, conflict 2: enums are read in both forms
  it.for<[string, Partial<ReplyTask>]>([
    ['Call Dana Whitfield', { taskType: 'call' }],
    ['To-do for Dana Whitfield', { taskType: 'toDo' }],
    ['Meeting with Dana Whitfield', { taskType: 'meeting' }],
    ['Email Dana Whitfield', { taskType: 'manualEmail' }],
    ['SMS to Dana Whitfield', { taskType: 'sms' }],
    ['WhatsApp message to Dana Whitfield', { taskType: 'whatsApp' }],
    ['LinkedIn task for Dana Whitfield', { taskType: 'linkedIn' }],
    ['LinkedIn message to Dana Whitfield', { taskType: 'linkedIn', linkedInTaskType: 'message' }],
    ['LinkedIn connection request to Dana Whitfield', CONNECT],
    ['LinkedIn InMail to Dana Whitfield', { taskType: 'linkedIn', linkedInTaskType: 'inMail' }],
    ['View the LinkedIn profile of Dana Whitfield', { taskType: 'linkedIn', linkedInTaskType: 'viewProfile' }],
    ['Task for Dana Whitfield', { taskType: 3 }],
    ['Call', { contact: null }],
    ['To-do', { taskType: 'toDo', contact: { id: '7' } }],
  ])('%s in a list', async ([title, more]) => {
    for (const dialect of DIALECTS) {
      const { provider } = await open(more, { dialect });
      expect((await provider.listTasks(owner, click)).tasks).toMatchObject([{ title }]);
    }
  });

  // contracts, rule 10: text from outside is shown as text
  it.for<[string, Partial<ReplyTask>]>([
    ['Call: Ask about the renewal', { deliveryInfo: { phoneNumber: '+1 555 0100' } }],
    ['Step 2 - Call', { sequenceId: '31', sequenceStepDisplayName: 'Step 2 - Call' }],
    ['Call: Ring back', { template: { body: 'A longer text', subject: ' Ring\n back ' } }],
    ['Email: Quick question', EMAIL],
    ['SMS: Hi Dana, <3 &lt;', { taskType: 'sms', template: { body: 'Hi {{FirstName}}, &lt;3 &amp;lt;' } }],
    ['LinkedIn connection request: Hello', { ...CONNECT, template: { body: 'Hello' } }],
    [`Call: ${'x'.repeat(149)}…`, { template: { body: 'x'.repeat(400) } }],
    ['Task', { taskType: 3, template: { body: ' ' } }],
  ])('%s when it was read', async ([title, more]) => {
    const { provider } = await open(more);
    expect((await readOpen(provider)).title).toBe(title);
  });

  it.each([400, 409, 500])(
    'its variables not filled in when it was read, where Reply says that it cannot: %i',
    async (status) => {
      const { reply, provider } = await open({ taskType: 'sms', template: { body: 'Hi {{FirstName}}' } });
      reply.fail({ on: 'GET /v3/tasks/1', how: answer({ code: 'task.renderError' }, status) });

      expect((await readOpen(provider)).title).toBe('SMS: Hi {{FirstName}}');
    },
  );
});

// reply.md 3.12, 8.2
it.for<[ReplyTask['taskType'], Task['kind']]>([
  ['toDo', 'todo'],
  ['call', 'call'],
  ['meeting', 'meeting'],
  ['linkedIn', 'linkedin'],
  ['manualEmail', 'email'],
  ['sms', 'sms'],
  ['whatsApp', 'other'],
  [3, 'other'],
])(
  'a task of the type %s is of the kind %s, in a list and alone, and opens in the web app',
  async ([taskType, kind]) => {
    for (const dialect of DIALECTS) {
      const { provider } = await open({ taskType }, { dialect });
      const expected = { kind, url: 'https://run.reply.io/Dashboard/Material' };
      expect((await provider.listTasks(owner, click)).tasks).toMatchObject([expected]);
      expect(await readOpen(provider)).toMatchObject(expected);
    }
  },
);

describe('a task that was read', () => {
  // reply.md 3.8: a single read names the contact by id only
  it('has the name of its contact from the last list, for it brings only an id', async () => {
    const { provider } = await open({ template: { body: '' } });
    expect(await readOpen(provider)).not.toHaveProperty('contact');
    await provider.listTasks(owner, click);
    const named = { title: 'Call Dana Whitfield', contact: { name: 'Dana Whitfield' } };
    expect(await readOpen(provider)).toMatchObject(named);
  });

  it.for(DIALECTS)('says what decides about its verbs: %s', async (dialect) => {
    const step = { sequenceId: '31', creationSource: 'sequence', isScheduled: true, taskType: 'sms' } as const;
    const tasks = [replyTask({ id: '1' }), replyTask({ id: '2', ...step }), replyTask({ id: '3', taskType: 6 })];
    const { provider } = await start({ tasks, simulator: { dialect } });
    const list = (await provider.listTasks(owner, click)).tasks;
    const facts = [{ kind: 'call' }, { kind: 'sms', scheduled: true, step: true }, { kind: 'other' }];
    for (const [index, wanted] of facts.entries()) {
      const id = String(index + 1);
      expect((await readOpen(provider, id)).facts).toEqual(wanted);
      expect(list.find((task) => task.id === id)?.facts).toEqual(wanted);
    }
  });

  // reply.md 5.404: 404 of a task is gone or not permitted
  it.for(DIALECTS)('is done when it is finished, with when where Reply says so, and else none: %s', async (dialect) => {
    const finishedAt = '2026-11-23T09:12:00Z';
    const done = { status: 'finished', finishedAt } as const;
    const tasks: [Partial<ReplyTask>, unknown][] = [
      [done, { doneAt: Date.parse(finishedAt) }],
      [{ status: 'finished' }, { doneAt: undefined }],
      [{ ...done, assignedUserId: STRANGER }, undefined],
      [{ status: 'archived' }, undefined],
      [{ status: 'cancelled' }, undefined],
    ];
    const held = tasks.map(([task], index) => replyTask({ id: String(index + 1), ...task }));
    const { provider } = await start({ tasks: held, simulator: { dialect } });
    for (const [index, [, expected]] of [...tasks, [{}, undefined]].entries()) {
      expect(await provider.readTask(owner, String(index + 1), click)).toEqual(expected);
    }
  });

  it('that says no status that we know is not said to be gone', async () => {
    const { provider } = await open({ status: 6 });
    await fails(provider.readTask(owner, '1', click), 'unreadable');
  });
});

describe('details', () => {
  // reply.md 3.7: the list has no content: details are read for what is shown
  it('are read for each task, and leave the rest of it', async () => {
    const linkedInUrl = 'https://www.linkedin.com/in/dana';
    const { reply, provider } = await start({
      tasks: [
        replyTask({ id: '1', deliveryInfo: { phoneNumber: '+1 555 0100' } }),
        replyTask({ id: '2', taskType: 'linkedIn', linkedInTaskType: 'message', deliveryInfo: { linkedInUrl } }),
        replyTask({ id: '3', taskType: 'linkedIn', deliveryInfo: { linkedInUrl: 'javascript:alert(1)' } }),
      ],
    });
    const { tasks } = await provider.listTasks(owner, click);
    tasks.sort((a, b) => a.id.localeCompare(b.id));
    const contact = { name: 'Dana Whitfield' };
    const phones = [{ number: '+1 555 0100' }];
    expect(await describeAll(provider, tasks)).toEqual([
      { ...tasks[0], title: 'Call: Ask about the renewal', contact: { ...contact, phones } },
      {
        ...tasks[1],
        title: 'LinkedIn message: Ask about the renewal',
        contact: { ...contact, linkedIn: linkedInUrl },
      },
      { ...tasks[2], title: 'LinkedIn task: Ask about the renewal' },
    ]);
    expect(reply.requests.slice(1).map(({ actingUser }) => actingUser)).toEqual(Array(3).fill(owner.email));
  });

  // reply.md 3.10
  it.for([
    ['Step 2 - Email', { at: 2 }],
    ['step 12', { at: 12 }],
    ['Step 0 - Email', undefined],
    ['Follow-up, step 2', undefined],
    ['Step 2nd', undefined],
    ['Step 99999', undefined],
  ] as const)('have the step that the name "%s" says', async ([sequenceStepDisplayName, step]) => {
    const [task] = await detailsOf(await open({ sequenceId: '31', sequenceStepDisplayName }));
    expect(task?.step).toEqual(step);
  });

  // reply.md 3.11; contracts, rule 10
  it('have the whole text, its variables filled in, without what the title says already', async () => {
    const body = '<p>Hi {{FirstName}},</p><p>here are <b>two</b> ideas &amp; a question.</p>';
    const template = { subject: 'Two ideas for {{FirstName}}', body };
    const text = 'Hi Dana,\n\nhere are two ideas & a question.';
    const deliveryInfo = { email: 'dana@client.example' };
    const email = { taskType: 'manualEmail', template, deliveryInfo } as const;
    const contact = { name: 'Dana Whitfield', emails: ['dana@client.example'] };
    expect(await detailsOf(await open(email))).toMatchObject([{ note: text, contact }]);
    const step = { sequenceId: '31', sequenceStepDisplayName: 'Step 2 - Email' };
    const [inStep] = await detailsOf(await open({ ...email, ...step }));
    expect(inStep?.note).toBe(`Two ideas for Dana\n\n${text}`);
    const [short] = await detailsOf(await open({ template: { body: 'Ring back' } }));
    expect(short).toMatchObject({ title: 'Call: Ring back' });
    expect(short).not.toHaveProperty('note');
  });

  it('have the variables of a template filled in, where Reply can do that', async () => {
    const sms = { taskType: 'sms', template: { body: 'Hi {{FirstName}}, a word' } } as const;
    const able = await open(sms);
    expect(await detailsOf(able)).toMatchObject([{ title: 'SMS: Hi Dana, a word' }]);
    expect(able.reply.requests.at(-1)?.path).toBe('/v3/tasks/1?includeContent=true');
    const unable = await open(sms);
    unable.reply.fail({ on: 'GET /v3/tasks/1', how: answer({ code: 'task.renderError' }, 400) });
    expect(await detailsOf(unable)).toMatchObject([{ title: 'SMS: Hi {{FirstName}}, a word' }]);
  });

  it('are not asked for again within the hour', async () => {
    const time = { now: 0 };
    const { reply, provider } = await start({ tasks: [replyTask({ id: '1' })], clock: () => time.now });
    const { tasks } = await provider.listTasks(owner, click);
    const reads = () => reply.requests.filter(({ method }) => method === 'GET').length;
    const [first] = await describeAll(provider, tasks);
    const moved = tasks.map((task) => ({ ...task, dueAt: 7_000 }));
    expect(await describeAll(provider, moved)).toEqual([{ ...first, dueAt: 7_000 }]);
    expect(reads()).toBe(1);
    time.now += 60 * 60_000;
    await describeAll(provider, tasks);
    expect(reads()).toBe(2);
  });

  it('that cannot be read, or not in time, leave a task as it was', async () => {
    const tasks = [replyTask({ id: '1' }), replyTask({ id: '3', status: 'finished' }), replyTask({ id: '4' })];
    const { reply, provider } = await start({ tasks });
    reply.fail({ on: 'GET /v3/tasks/1', how: { kind: 'answer', status: 500 } });
    reply.fail({ on: 'GET /v3/tasks/4', how: { kind: 'hang' } });
    const asked = ['1', '2', '3', '../x', '4'].map((id) => ({ ...listed, id }));
    const begin = performance.now();
    expect(await describeAll(provider, asked)).toEqual(asked);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });

  it('are not waited for by a caller who has gone', async () => {
    const { reply, provider } = await open();
    expect(await describeAll(provider, [listed], AbortSignal.abort())).toEqual([listed]);
    expect(reply.requests).toEqual([]);
  });
});

describe('what a task allows', () => {
  const of = async (facts: Task['facts'], contact?: Task['contact']) => {
    const { provider } = await start();
    return provider.capabilities.of({ ...listed, facts, ...(contact && { contact }) });
  };

  // reply.md 4.12: nothing reopens: Done and Dismiss are held back
  it('can be undone for times only, and repeated for times only', async () => {
    const final = { reversible: false, repeatable: false };
    const moves = { reversible: true, repeatable: true };
    const consequence = 'Deletes the task in Reply.io. It cannot be brought back.';
    const { verbs } = await of({ kind: 'toDo' });
    expect(verbs).toEqual({ done: final, dismiss: { ...final, consequence }, snooze: moves, reschedule: moves });
  });

  // contracts, unknown R2: what becomes of a sequence is not known, and that is said
  it('says what is not known of a sequence', async () => {
    const said = /^Deletes the task in Reply.io. It cannot be brought back. The sequence of .+ may stop here/;
    for (const contact of [undefined, { name: 'Dana '.repeat(100).trim() }]) {
      const { verbs } = await of({ kind: 'call', step: true }, contact);
      expect(verbs.dismiss?.consequence).toMatch(said);
      expect(verbs.dismiss?.consequence?.length).toBeLessThanOrEqual(300);
    }
  });

  // reply.md 4.5: moving a scheduled task moves its sending, and says so
  it('says that a task which runs by itself moves with its start', async () => {
    const consequence = 'Reply.io runs this task by itself at its start time: moving it moves that too.';
    const { verbs } = await of({ kind: 'sms', scheduled: true });
    expect(verbs).toMatchObject({ snooze: { consequence }, reschedule: { consequence } });
  });

  // reply.md 4: complete closes the step, and the contact moves on
  it.for([
    [{ kind: 'call', step: true }, { costs: 'waits' }],
    [{ kind: 'sms', step: true, scheduled: true }, undefined],
    [{ kind: 'call' }, undefined],
  ] as const)('says what ignoring it costs: %j', async ([facts, ignored]) => {
    expect((await of(facts)).ignored).toEqual(ignored);
  });

  it('has results for calls only', async () => {
    expect((await of({ kind: 'call' })).endings?.map(({ id }) => id)).toEqual(['positive', 'to_call', 'negative']);
    expect((await of({ kind: 'sms' })).endings).toBeUndefined();
  });

  it.for(['template', 'body'] as const)('is no other time without a %s', async (without) => {
    const { reply, provider } = await open({ without });
    const verbsOf = (task: Task = expect.fail()) => Object.keys(provider.capabilities.of(task).verbs);
    expect(verbsOf(await readOpen(provider))).toEqual(['done', 'dismiss']);
    const [plain = expect.fail()] = (await provider.listTasks(owner, click)).tasks;
    // A list does not say, so it is tried, and nothing is sent.
    await fails(provider.perform(owner, plain, { verb: 'snooze', dueAt: LATER }, click), 'immovable');
    expect(reply.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
    expect(verbsOf((await describeAll(provider, [plain]))[0])).toEqual(['done', 'dismiss']);
  });

  it('is no other time where the list says that it starts when it is due, or later', async () => {
    const dueTo = '2026-11-27T10:30:00Z';
    for (const [startAt, movable] of [
      ['2026-11-27T10:29:59Z', true],
      [dueTo, false],
      ['2026-11-28T10:30:00Z', false],
    ] as const) {
      const { provider } = await open({ startAt, dueTo });
      const [task = expect.fail()] = (await provider.listTasks(owner, click)).tasks;
      expect('snooze' in provider.capabilities.of(task).verbs).toBe(movable);
    }
  });
});

describe('done', () => {
  // reply.md 4.8, 4.9
  it('completes the task and sends nothing to anyone', async () => {
    const { reply, provider } = await open({ taskType: 'manualEmail' });
    await provider.perform(owner, await readOpen(provider), { verb: 'done' }, click);
    expect(reply.requests.at(-1)).toMatchObject({ path: '/v3/tasks/1/complete', body: {}, actingUser: owner.email });
    expect(reply.task('1')?.status).toBe('finished');
  });

  // reply.md 5.5, 5.409
  it('has happened when the task is no longer new', async () => {
    const { reply, provider } = await open({ status: 'finished' });
    expect(await provider.perform(owner, listed, { verb: 'done' }, click)).toEqual({ reference: undefined });
    expect(pathsOf(reply.requests)).toEqual([COMPLETE, 'GET /v3/tasks/1']);
  });

  // reply.md 5.5: 409 of a task that is still new is a failure
  it('has not happened when the task cannot be completed and is still new, or is gone', async () => {
    const { reply, provider } = await open();
    for (let round = 0; round < 2; round += 1) {
      reply.fail({ on: COMPLETE, how: { kind: 'answer', status: 409 } });
      await fails(provider.perform(owner, listed, { verb: 'done' }, click), 'conflict', { status: 409 });
      reply.remove('1');
    }
  });

  // contracts, rule 3: the answer must show the change
  it.for<[string, object]>([
    ['an open task', { status: 0 }],
    ['another task', { id: 2 }],
  ])('is not believed from an answer that shows %s', async ([, more]) => {
    const { reply, provider } = await open();
    reply.fail({ on: COMPLETE, how: answer({ id: 1, status: 1, assignedUserId: Number(OWNER), ...more }) });
    await fails(provider.perform(owner, listed, { verb: 'done' }, click), 'unreadable');
  });
});

describe('dismiss', () => {
  const dismiss = (provider: TaskProvider) => provider.perform(owner, listed, { verb: 'dismiss' }, click);

  // reply.md 5.4: 404 after a deletion is success
  it.for(DIALECTS)('of a task that is gone has happened: %s', async (dialect) => {
    const { provider } = await start({ simulator: { dialect } });
    expect(await dismiss(provider)).toEqual({ reference: undefined });
  });

  it('that is said to be gone and can still be read has not happened', async () => {
    const { reply, provider } = await open();
    reply.fail({ on: 'DELETE', how: answer({ title: 'Not found', status: 404, code: 'task.notFound' }, 404) });
    await fails(dismiss(provider), 'not_found', { status: 404 });
  });

  it('that Reply refuses is refused', async () => {
    const { provider } = await open({ status: 'archived' });
    await fails(dismiss(provider), 'invalid', { status: 400, operation: 'DELETE /v3/tasks/{id}' });
  });
});

describe('nothing is sent', () => {
  it.for<[string, Change, Partial<Task>]>([
    ['for an id that is none', { verb: 'done' }, { id: '1/execute' }],
    ['for an id that is none, to delete', { verb: 'dismiss' }, { id: '../whoami' }],
    ['for an id that is none, to move', { verb: 'snooze', dueAt: DUE }, { id: '' }],
    ['for a note that Reply would not keep', { verb: 'done', note: 'Left a message' }, {}],
    ['for a result that is none', { verb: 'done', ending: 'maybe' }, {}],
    ['for the result of what is no call', { verb: 'done', ending: 'positive' }, { facts: { kind: 'sms' } }],
    ['to change a note', { verb: 'note', note: 'x' }, {}],
    ['to hand a task over', { verb: 'reassign', to: { externalId: STRANGER, name: 'Sam' } }, {}],
    ['to change a rule', { verb: 'rule', rule: 'x' }, {}],
  ])('%s', async ([, change, more]) => {
    const { reply, provider } = await open();
    await fails(provider.perform(owner, { ...listed, ...more }, change, click), 'invalid', { provider: 'reply' });
    expect(reply.requests).toEqual([]);
  });

  // contracts, conflict 13: a deletion is never taken back
  it('to take back what cannot be', async () => {
    const { reply, provider } = await open();
    for (const verb of ['done', 'dismiss', 'note'] as const) {
      await fails(provider.undo(owner, listed, verb, click), 'invalid');
    }
    expect(reply.requests).toEqual([]);
  });
});

describe('Reply sees', () => {
  // reply.md 6.1; contracts, unknown R6
  it('no more calls in a minute than it allows, with room for clicks however many others wait', async () => {
    const others = Array.from({ length: 9 }, (_, index) => replyUser({ id: String(5000 + index) }));
    const { reply, provider } = await start({ users: [replyUser({ id: BOSS }), ...others] });
    const stop = new AbortController();
    const list = (index: number, priority: Priority) => {
      const { id, email } = priority === 'click' ? replyUser({ id: BOSS }) : (others[index % 9] ?? expect.fail());
      return provider.listTasks({ ...owner, externalId: id, email }, { priority, signal: stop.signal }).catch(() => {});
    };
    const asked = Array.from({ length: 80 }, (_, index) => list(index, 'digest'));
    await expect.poll(() => reply.requests.length, { timeout: 10_000 }).toBe(70);
    await sleep(300);
    asked.push(...Array.from({ length: 30 }, (_, index) => list(index, 'click')));
    await expect.poll(() => reply.requests.length, { timeout: 10_000 }).toBe(90);
    await sleep(500);
    expect(reply.requests.filter(({ actingUser }) => actingUser?.startsWith(`${BOSS}@`))).toHaveLength(20);
    stop.abort();
    await Promise.all(asked);
    expect(reply.requests).toHaveLength(90);
  });

  // reply.md 6.2: 3,000 calls an hour
  it('no more calls in an hour than it allows, however evenly they come', async () => {
    const { reply, provider } = await start({ simulator: { rateLimits: false } });
    // Only the clock is set: minutes pass between the bursts, and an idle pace has no timer to be late.
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const stop = new AbortController();
      const options = { ...click, signal: stop.signal };
      let burst: Promise<unknown>[] = [];
      for (let minute = 0; minute < 34; minute += 1) {
        await Promise.all(burst);
        vi.setSystemTime(minute * 61_000);
        burst = Array.from({ length: 90 }, () => provider.listTasks(owner, options).catch(() => {}));
      }
      await expect.poll(() => reply.requests.length, { timeout: 10_000 }).toBe(3_000);
      await sleep(300);
      expect(reply.requests).toHaveLength(3_000);
      stop.abort();
      await Promise.all(burst);
    } finally {
      vi.useRealTimers();
    }
  }, 90_000);

  // reply.md 6.4: 429 may not say how long
  it('nobody for seconds when a refusal does not say how long', async () => {
    const { reply, provider } = await start();
    reply.fail({ how: { kind: 'answer', status: 429 } });
    await fails(provider.listTasks(owner, click), 'rate_limited', { retryAfterMs: undefined });
    const signal = AbortSignal.timeout(500);
    await fails(provider.listTasks(owner, { ...click, signal }), 'unavailable');
    expect(reply.requests).toHaveLength(1);
  });

  // reply.md 6.3, 5.429
  it('nobody until Retry-After has passed', async () => {
    const { reply, provider } = await start();
    reply.fail({ how: { kind: 'answer', status: 429, headers: { 'Retry-After': '2' } } });
    await fails(provider.listTasks(owner, { priority: 'digest' }), 'rate_limited', { retryAfterMs: 2_000 });
    const refusedAt = Date.now();
    await Promise.all([provider.listTasks(owner, click), provider.readTask(owner, '1', click)]);
    for (const { at } of reply.requests.slice(1)) expect(at).toBeGreaterThanOrEqual(refusedAt + 1_900);
  });

  // reply.md 6.5: details cost calls: they are rationed
  it('no more than forty details in a minute: lists go ahead of decoration', async () => {
    const tasks = Array.from({ length: 45 }, (_, index) => replyTask({ id: String(index + 1) }));
    const started = await start({ tasks });
    const described = await detailsOf(started);
    expect(started.reply.requests.filter(({ method }) => method === 'GET')).toHaveLength(40);
    expect(described.filter(({ title }) => title === 'Call Dana Whitfield')).toHaveLength(5);
  });
});
